"""Nothing is committed that should not be: data, credentials, addresses of registries, paths of a machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout, so what is committed cannot be listed")
    return [ROOT / name for name in listing.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_release_extract_or_store_is_committed(tracked: list[Path]) -> None:
    binary = {".duckdb", ".parquet", ".xlsx", ".ods", ".xls", ".gz", ".zip", ".key", ".pem"}
    assert not [path.name for path in tracked if path.suffix in binary]
    assert not [path for path in tracked if "data/local" in path.as_posix()]


def test_no_machine_path_and_no_registry_address(tracked: list[Path]) -> None:
    words = [
        r"/work/(main|shared|notes|\.library)",
        "/" + "root/",
        "pypi" + r"\.org",
        "pythonhosted" + r"\.org",
        "deb" + r"\.debian\.org",
        "npmjs" + r"\.(org|com)",
    ]
    pattern = re.compile("|".join(words))
    guilty = [path.relative_to(ROOT) for path in tracked if pattern.search(path.read_text("utf-8", errors="ignore"))]
    assert guilty in ([], [Path("tests/test_hygiene.py")])


def test_committed_files_are_small(tracked: list[Path]) -> None:
    """A large file is data that has strayed in."""
    assert not [path.name for path in tracked if path.stat().st_size > 300_000]


def test_pages_stay_short(tracked: list[Path]) -> None:
    long = {
        path.name: len(path.read_text("utf-8").splitlines())
        for path in tracked
        if path.parent.name == "pages" and path.suffix == ".py" and path.parent.parent == ROOT
    }
    assert all(lines <= 110 for lines in long.values()), long
