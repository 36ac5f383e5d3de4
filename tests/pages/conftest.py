"""The hand-written release of `tests/release/literal.py`, and pages run upon it through the shell."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest

from release.files import open_level
from release.read import Reader
from tests.pages.reading import LEVELS, ROOT, SHELL
from tests.release import literal as hand_written


@pytest.fixture(scope="session")
def literal() -> ModuleType:
    """The module that writes the hand-written release."""
    return hand_written


@pytest.fixture(scope="session")
def data_dir(literal: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose current release is the hand-written one."""
    place = tmp_path_factory.mktemp("data")
    literal.write(place)
    return place


@pytest.fixture(params=["partnership", "open"])
def level(request: pytest.FixtureRequest) -> str:
    """Each level in turn."""
    return str(request.param)


@pytest.fixture
def source(data_dir: Path, level: str) -> Reader:
    """The release at that level, as the reader gives it."""
    return open_level(data_dir, level)


@pytest.fixture
def run(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Run a page through the shell: `run("reoffending", level="open", district="Fenland")`."""
    monkeypatch.setenv("IOM_DATA_DIR", str(data_dir))

    def go(page: str, level: str = "partnership", **filters: str) -> AppTest:
        app = AppTest.from_file(str(SHELL), default_timeout=30)
        app.query_params["level"] = LEVELS[level]
        for name, value in filters.items():
            app.query_params[name] = value
        app.switch_page(str(ROOT / "pages" / f"{page}.py"))
        app.run()
        assert not app.exception, [e.message for e in app.exception]
        return app

    return go
