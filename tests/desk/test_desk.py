"""The desk has the dashboard's pages and its own, is started on the loopback, and refuses every other address."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from click.testing import CliRunner
from starlette.formparsers import MultiPartParser
from streamlit.testing.v1 import AppTest

from app import desk_command
from app.cli import main
from common.errors import ProblemError
from components import guard
from tests.desk.conftest import DESK, PAGE, ROOT

Desk = Callable[[], AppTest]


def test_the_desk_has_the_dashboards_pages(desk: Desk) -> None:
    app = desk()
    app.switch_page(str(ROOT / "pages" / "districts.py")).run()
    assert not app.exception
    assert [t.value for t in app.title] == ["Where is it changing?"]


def test_the_dashboard_has_no_page_that_opens_the_store(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOM_DATA_DIR", str(data_dir))
    app = AppTest.from_file(str(ROOT / "app" / "shell.py"), default_timeout=60)
    app.switch_page(str(PAGE)).run()
    assert [t.value for t in app.title] != ["Did this programme make a difference?"]


@pytest.mark.parametrize("address", ["0.0.0.0", "", None, "10.1.2.3"])
def test_any_other_address_is_refused_though_the_release_is_synthetic(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    monkeypatch.setenv("IOM_DATA_DIR", str(data_dir))
    real = st.config.get_option
    monkeypatch.setattr(st.config, "get_option", lambda name: address if name == "server.address" else real(name))
    app = AppTest.from_file(str(DESK), default_timeout=60)
    app.switch_page(str(PAGE)).run()
    assert [t.value for t in app.title] == ["The desk is not shown here"]
    assert "`iom desk`" in app.text[0].value
    assert not app.file_uploader


def test_a_browser_elsewhere_or_behind_a_proxy_is_refused() -> None:
    with pytest.raises(ProblemError, match="opens the store"):
        guard.refuse_unless_loopback("127.0.0.1", "10.1.2.3", None, guard.DESK)
    with pytest.raises(ProblemError, match="proxy"):
        guard.refuse_unless_loopback("127.0.0.1", None, {"Via": "x"}, guard.DESK)


def test_the_command_starts_the_desk_on_the_loopback_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, list[str], dict[str, str]]] = []
    monkeypatch.setattr(desk_command.os, "execve", lambda *told: started.append(told))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IOM_DATA_DIR", raising=False)
    monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", "0.0.0.0")
    done = CliRunner().invoke(main, ["desk", "--data-dir", "mine", "--port", "8600"])
    assert done.exit_code == 0, done.output
    [(program, words, variables)] = started
    assert program == sys.executable
    assert words[words.index("--server.address") + 1] == "127.0.0.1"
    assert words[words.index("--server.port") + 1] == "8600"
    assert words[words.index("run") + 1] == str(DESK)
    assert variables["IOM_DATA_DIR"] == str(tmp_path / "mine")


def test_an_upload_of_any_allowed_size_stays_in_memory(desk: Desk) -> None:
    desk()
    most = desk_command.MOST_MEGABYTES * 1024**2
    assert most < MultiPartParser.spool_max_size
    words = desk_command.arguments(8502)
    assert words[words.index("--server.maxUploadSize") + 1] == str(desk_command.MOST_MEGABYTES)


def test_the_command_offers_no_address() -> None:
    assert not [option for p in main.commands["desk"].params for option in p.opts if "address" in option]
