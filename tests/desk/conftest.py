"""A data directory with the hand-written release and a store of 220 people, and the desk upon it."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from common import paths, versions
from etl import identity
from tests.release import literal
from tests.release.made_comparison import CUTOFF, county

ROOT = Path(__file__).resolve().parents[2]
DESK = ROOT / "app" / "desk.py"
PAGE = ROOT / "app" / "desk_pages" / "programme_check.py"
Rows = Sequence[Sequence[str]]


def pnc(number: int) -> str:
    return f"20/{number:07d}Q"


SEVENTY = [(pnc(n), "", "2018-05-01") for n in range(70)]


def as_csv(rows: Rows, header: Sequence[str] = ("PNC ID", "CRN", "Start Date")) -> bytes:
    held = io.StringIO()
    csv.writer(held).writerows([header, *rows])
    return held.getvalue().encode()


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("desk")
    literal.write(root)
    key = identity.load_key(root)
    with versions.building(paths.stores(root)) as aside:
        con = county()
        con.execute("CREATE TABLE store (id VARCHAR, cutoff DATE, synthetic BOOLEAN, area VARCHAR)")
        con.execute("INSERT INTO store VALUES (?, ?, true, 'Made county')", [aside.id, CUTOFF])
        people = [k for (k,) in con.execute("SELECT person_key FROM person ORDER BY person_key").fetchall()]
        for number, person in enumerate(people):
            for kind, text in (("pnc", pnc(number)), ("crn", f"X{number:06d}")):
                con.execute(
                    "INSERT INTO identity_link (id_kind, id_key, person_key, action) VALUES (?, ?, ?, 'same')",
                    [kind, identity.keyed(key, kind, text), person],
                )
        con.execute(f"ATTACH '{aside.path / paths.STORE_FILE}' AS out")
        con.execute("COPY FROM DATABASE memory TO out")
        con.close()
    versions.point(paths.stores(root), aside.id)
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
