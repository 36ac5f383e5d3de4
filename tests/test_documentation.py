"""The README and the guides say what the code does: every command, key, file and link that they name exists."""

import re
from fnmatch import fnmatch
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


CALIBRATION = (ROOT / "docs/methods/calibration.md").read_text("utf-8")


def part(head: str, until: str) -> str:
    """What the page on calibration says from one heading to the next mark."""
    return CALIBRATION.split(head, 1)[1].split(until, 1)[0]


def named(cell: str) -> list[str]:
    """The experiments that a cell names: by id, by the first word of their ids, or with * for any words."""
    from app.calibrate.command import experiments

    marks = re.findall(r"`([\w*]+)`", cell)
    return [e.id for e in experiments() if any(fnmatch(e.id, m) or fnmatch(e.id, f"{m}_*") for m in marks)]


def test_the_page_on_calibration_names_every_experiment() -> None:
    from app.calibrate.command import experiments

    every = {e.id for e in experiments()}
    assert set(named(part("**What is tried**", "**The county.**"))) == every
    assert set(named(part("## What has been run", "One standard error"))) == every


def test_the_page_on_calibration_counts_the_claims_of_the_harness() -> None:
    from app.calibrate.command import experiments
    from app.calibrate.harness import PROMISE_NOTHING, known

    there = {e.id: e for e in experiments()}
    told: list[str] = []
    for row in re.findall(r"^\| (`.*) \|$", part("## What has been run", "One standard error"), flags=re.MULTILINE):
        experiment, data_sets, claims, short, _ = row.split(" | ")
        ids = named(experiment)
        promised = [kind for one in ids for kind in there[one].claims.values() if kind not in PROMISE_NOTHING]
        assert int(claims) == len(promised), row
        assert int(short) == sum(len(known().get(one, {})) for one in ids), row
        assert int(data_sets.strip("*").replace(",", "")) <= min(there[one].full for one in ids), row
        told += ids
    assert sorted(told) == sorted(there)  # each in one row


def test_what_is_known_to_fall_short_is_on_the_page() -> None:
    from app.calibrate.harness import known

    assert set(known()) <= set(named(part("**Falls short, and is known to:**", "**The county, 32 seeds**")))
