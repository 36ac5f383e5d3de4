"""`iom pack` and the archive behind the button: which files, from which level, and what it says where it cannot."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from app.cli import main
from common.errors import ProblemError
from pack import files as packs
from release.read import Reader


def test_it_writes_the_open_pack_with_the_public_summary(data_dir: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        main, ["pack", "--quarter", "2026Q3", "--level", "open", "--out", str(tmp_path), "--data-dir", str(data_dir)]
    )
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "pack-2026Q3-open-public-summary.pdf", "pack-2026Q3-open-scrutiny.pdf", "pack-2026Q3-open-tables.xlsx", "pack-2026Q3-open.pdf",
    ]  # fmt: skip
    assert (
        "Made the pack of July to September 2026 from release 20261001T090000-abc123 (synthetic): 4 files"
        in done.output
    )


def test_one_agencys_page_alone(data_dir: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        main, ["pack", "--agency", "prisons", "--out", str(tmp_path), "--data-dir", str(data_dir)]
    )
    assert done.exit_code == 0, done.output
    [made] = tmp_path.iterdir()
    assert made.name == "pack-2026Q3-partnership-prisons.pdf"
    assert "Prisons: what the quarter shows" in PdfReader(made).pages[0].extract_text()


@pytest.mark.parametrize(
    ("asked", "named"),
    [(["--quarter", "1999Q1"], "Allowed: 2026Q3"), (["--agency", "post office"], "prisons, probation")],
)
def test_what_is_not_there_is_refused_with_what_is(
    data_dir: Path, tmp_path: Path, asked: list[str], named: str
) -> None:
    done = CliRunner().invoke(main, ["pack", *asked, "--out", str(tmp_path), "--data-dir", str(data_dir)])
    assert done.exit_code == 2
    assert named in done.output
    assert not list(tmp_path.iterdir())


def test_the_partnerships_archive_holds_its_level_alone(
    levels: dict[str, Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        packs.quarter, "document", packs.scrutiny.document
    )  # the names are looked at here, not the long document
    with zipfile.ZipFile(io.BytesIO(packs.archive(levels["partnership"]))) as held:
        names = held.namelist()
    assert all("partnership" in name for name in names)
    assert len(names) == 3


def test_a_release_of_a_quarter_is_looked_for(data_dir: Path) -> None:
    assert packs.release_of(data_dir, None) is None
    assert packs.release_of(data_dir, "2026Q3") == "20261001T090000-abc123"
    with pytest.raises(ProblemError, match="No release here reviews"):
        packs.release_of(data_dir, "2020Q1")


def test_the_pack_knows_nothing_of_streamlit() -> None:
    asked = "import sys; import pack.files, pack.typeset; pack.typeset.fonts(); print('streamlit' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == "False"
