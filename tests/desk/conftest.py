"""The desk upon a data directory with a release and a store."""

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.desk import made

ROOT = Path(__file__).resolve().parents[2]
DESK = ROOT / "app" / "desk.py"
PAGE = ROOT / "app" / "desk_pages" / "programme_check.py"


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("desk")
    made.write(root)
    return root


@pytest.fixture
def desk(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AppTest]:
    """The desk as `iom desk` starts it, opened at Programme check."""
    monkeypatch.setenv("IOM_DATA_DIR", str(data_dir))
    real = st.config.get_option
    monkeypatch.setattr(st.config, "get_option", lambda name: "127.0.0.1" if name == "server.address" else real(name))
    monkeypatch.setattr(type(st.context), "ip_address", None)  # a test has no browser

    def go() -> AppTest:
        app = AppTest.from_file(str(DESK), default_timeout=120)
        app.switch_page(str(PAGE))
        app.run()
        assert not app.exception, [e.message for e in app.exception]
        return app

    return go
