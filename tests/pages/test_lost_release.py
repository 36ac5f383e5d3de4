"""A CURRENT that names nothing is told calmly, with what to do: never as a crash, never as an empty start."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.reading import SHELL


def test_a_lost_current_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "CURRENT").write_text("20260101T000000-abcdef\n", "utf-8")
    monkeypatch.setenv("IOM_DATA_DIR", str(tmp_path))
    app = AppTest.from_file(str(SHELL), default_timeout=30).run()
    assert not app.exception
    assert app.title[0].value == "No release can be shown"
    assert "iom use" in app.text[0].value
