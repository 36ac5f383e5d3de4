"""The README and the guides say what the code does: every command, key, file and link that they name exists."""

import re
from pathlib import Path

import pytest

from app.cli import main
from common import paths
from etl.mapping import Column, Mapping, Read

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_project_file_named_in_code_marks_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    named = re.findall(r"`((?:etl|metrics|release|components|pages|app|common|docs|benchmarks|tests)/[\w./-]+)`", text)
    assert [name for name in named if "YOURS" not in name and not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_option_named_exists(page: Path) -> None:
    for line in re.findall(r"(?:^\s*|`)iom ([a-z][^`\n#]*)", page.read_text("utf-8"), flags=re.MULTILINE):
        name, *words = line.split()
        name = name.rstrip(",.;:")
        assert name in main.commands, f"iom {name} in {page.name}"
        known = {text for parameter in main.commands[name].params for text in parameter.opts}
        assert {word.split("=")[0].rstrip(",.;:") for word in words if word.startswith("--")} <= known, line


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in main.commands if f"iom {name}" not in readme] == []


def test_the_guide_to_a_new_source_names_every_key() -> None:
    guide = (ROOT / "docs/guides/new-source.md").read_text("utf-8")
    keys = {*Mapping.__dataclass_fields__} - {"path", "sha256", "tables", "cohorts", "read", "identity"}
    keys |= {*Read.__dataclass_fields__} | ({*Column.__dataclass_fields__} - {"name"})
    assert [key for key in sorted(keys) if f"`{key}`" not in guide] == []


def test_the_readme_names_the_variable_of_the_data_directory() -> None:
    assert paths.VARIABLE in (ROOT / "README.md").read_text("utf-8")


def test_no_page_is_left_with_a_placeholder() -> None:
    marks = ("TO" + "DO", "BENCH" + "MARKS\n", "lorem ipsum")
    assert [page.name for page in PAGES if any(mark in page.read_text("utf-8") for mark in marks)] == []


def test_every_agency_mapping_and_definition_loads() -> None:
    from etl.mapping import read_mapping
    from metrics.catalogue import catalogue

    mappings = [read_mapping(path) for path in sorted((ROOT / "etl" / "mappings").glob("*.toml"))]
    assert len(mappings) >= 20
    assert {mapping.agency for mapping in mappings} >= {"police", "probation", "prison", "council", "health"}
    assert len(catalogue()) >= 15
