"""Packs of the hand-written release with value for money and a directory in it, each typeset once for the whole session."""

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from pack import agencies, public, quarter, scrutiny, workbook
from pack.sheet import Sheet
from release.files import open_level
from release.read import Reader
from tests.pages import value_release
from tests.release import literal, literal_provision


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose current release is the hand-written one, with value for money and a directory."""
    place = tmp_path_factory.mktemp("pack")
    value_release.write(place, draws=400)
    literal.add(place, literal_provision.put)
    return place


@pytest.fixture(scope="session")
def levels(data_dir: Path) -> dict[str, Reader]:
    """Both levels of the release."""
    return {level: open_level(data_dir, level) for level in ("partnership", "open")}


@pytest.fixture(params=["partnership", "open"], scope="session")
def source(request: pytest.FixtureRequest, levels: dict[str, Reader]) -> Reader:
    """Each level in turn."""
    return levels[request.param]


@pytest.fixture(scope="session")
def sheets(levels: dict[str, Reader]) -> Callable[[str, str], Sheet]:
    """A document by its name and level, written once."""
    made = {
        "quarter": quarter.document,
        "scrutiny": scrutiny.document,
        "public": public.document,
        "prisons": lambda source: agencies.document(source, agencies.agency("prisons")),
    }
    return functools.cache(lambda name, level: made[name](levels[level]))


@pytest.fixture(scope="session")
def typeset(sheets: Callable[[str, str], Sheet]) -> Callable[[str, str], bytes]:
    """A document as a PDF, typeset once."""
    return functools.cache(lambda name, level: sheets(name, level).pdf())


@pytest.fixture(scope="session")
def workbooks(levels: dict[str, Reader]) -> Callable[[str], bytes]:
    """The workbook of a level, written once."""
    return functools.cache(lambda level: workbook.workbook(levels[level]))
