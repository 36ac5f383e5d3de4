"""A definition whose SQL cannot be worked out is refused when the catalogue is loaded, by file, field and remedy."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from common.errors import ProblemError
from metrics import catalogue as catalogues

FILE = "reoffences_per_100.toml"
CHANGES = {
    "a column that is not there": ('numerator = "reoffences"', 'numerator = "reofences"', "numerator", "reofences"),
    "bad SQL": ('denominator = "true"', 'denominator = "true AND"', "denominator", "syntax error"),
    "a sum over rows": ('numerator = "reoffences"', 'numerator = "sum(reoffences)"', "numerator", "aggregates"),
    "a text": ('numerator = "reoffences"', 'numerator = "sex"', "numerator", "it gives varchar"),
    "several values": ('numerator = "reoffences"', 'numerator = "scheme"', "numerator", "it gives varchar[]"),
    "a fact that is not there": ('fact = "index_event"', 'fact = "index_events"', "fact", "no fact index_events"),
    "a breakdown that is not there": ('"sex", ', '"gender", ', "dimensions", "no column gender"),
}


def changed(folder: Path, old: str, new: str) -> Path:
    text = (catalogues.FOLDER / FILE).read_text("utf-8")
    assert old in text
    (folder / FILE).write_text(text.replace(old, new), "utf-8")
    return folder


@pytest.mark.parametrize("name", CHANGES)
def test_a_definition_that_cannot_be_worked_out_is_refused(tmp_path: Path, name: str) -> None:
    old, new, field, reason = CHANGES[name]
    with pytest.raises(ProblemError) as caught:
        catalogues.catalogue(changed(tmp_path, old, new))
    told = str(caught.value)
    assert f"{FILE}, {field}" in told
    assert reason in told
    assert "To do:" in told
    assert ("reoffences" if field != "fact" else "caseload") in told.split("Allowed:")[1], "what is allowed is named"


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    folder = changed(tmp_path, 'numerator = "reoffences"', 'numerator = "a"')
    file = folder / FILE
    file.write_text(file.read_text("utf-8").replace('denominator = "true"', 'denominator = "b"'), "utf-8")
    with pytest.raises(ProblemError) as caught:
        catalogues.catalogue(folder)
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("command", [["indicators"], ["figure", "reoffences_per_100", "--from-store"]])
def test_the_commands_say_so_without_a_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    folder = changed(tmp_path, 'numerator = "reoffences"', 'numerator = "reofences"')
    of = catalogues.catalogue
    monkeypatch.setattr(catalogues, "catalogue", lambda: of(folder))
    said = CliRunner().invoke(main, [*command, "--data-dir", str(tmp_path)])
    assert said.exit_code == 1
    assert said.stderr.startswith("The SQL of numerator does not work")
    assert "Traceback" not in said.output


def test_the_definitions_shipped_bind() -> None:
    assert catalogues.catalogue()
