"""The guide to a new source: its example gives what it says, run as it is written; its tables are the contracts'."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from etl.contracts import TABLES
from etl.contracts.page import page

GUIDES = Path(__file__).parents[2] / "docs" / "guides"


def blocks(kind: str) -> list[str]:
    """The fenced blocks of one kind in the guide."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", (GUIDES / "new-source.md").read_text("utf-8"), flags=re.M | re.S)


def test_the_worked_example_gives_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [listing], [mapping], [commands] = blocks("csv"), blocks("toml"), blocks("console")
    monkeypatch.chdir(tmp_path)
    Path("starters_2024-09-30.csv").write_text(listing, "utf-8")
    Path("womens_centre.toml").write_text(mapping, "utf-8")
    said = []
    for line in commands.splitlines():
        program, *arguments = shlex.split(line)
        assert program == "iom"
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, done.output
        said.append(done.stdout)
    loaded, rate, held = blocks("text")
    assert said[0].startswith(loaded)
    assert said[2].startswith(rate)
    assert said[3].startswith(held)
    assert len(said) == 4


def test_the_page_of_the_canonical_tables_is_that_of_the_contracts() -> None:
    """When this fails: python -m etl.contracts.page > docs/guides/canonical-tables.md"""
    assert (GUIDES / "canonical-tables.md").read_text("utf-8") == page()


def test_every_table_column_and_rule_is_on_the_page() -> None:
    told = page()
    for name, schema in TABLES.items():
        part = told.split(f"## `{name}`\n")[1].split("\n## ")[0]
        assert [column for column in schema.columns() if f"| `{column}` |" not in part] == []
        assert (schema.__doc__ or "").split()[0] in part
    assert "proof is dated" in told
    assert "one of: custody, suspended, community" in told
