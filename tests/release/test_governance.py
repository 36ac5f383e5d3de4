"""The tables of governance, from a few literal rows of the store."""

import datetime as dt
from pathlib import Path

import duckdb
import polars as pl
import pytest

from release.governance import COLUMNS, governance_tables, sector_money
from release.partners import standing_of_partners
from release.read import Reader
from release.standing import COLUMNS as STANDING
from release.standing import standing
from tests.facts.stores import store
from tests.release import literal

CUTOFF = dt.date(2026, 9, 30)


def partner(organisation: str, signed: str | None, **more: object) -> dict[str, object]:
    return {"agency": "council", "organisation": organisation, "agreement_signed": signed} | more


def action(
    key: str, opened: str, due: str, status: str, closed: str | None = None, **more: object
) -> dict[str, object]:
    dates = {"action_key": key, "opened_on": opened, "due_on": due, "closed_on": closed, "status": status}
    return {"owner_agency": "police", "indicator": "waiting_days"} | dates | more


def programme(code: str, sector: str, provider: str = "one", district: str = "fenland") -> dict[str, object]:
    return {
        "programme": code, "title": code, "provider": provider, "sector": sector, "pathway": "finance", "district": district,
        "sex_served": "all", "drop_in": False,
    }  # fmt: skip


def cost(
    code: str | None, quarter: str, pence: int, agency: str = "council", kind: str = "running"
) -> dict[str, object]:
    return {
        "scheme": None if code else "iom", "programme": code, "district": "fenland", "agency": agency, "quarter": quarter,
        "kind": kind, "additional": True, "pence": pence, "price_year": "2026/27",
    }  # fmt: skip


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return store(
        partner=[
            partner("a", "2026-01-15", link_worker=True, extracts_due=4, extracts_received=3, colocated_posts=0.5),
            partner("b", "2026-06-30", link_worker=False, extracts_due=1, extracts_received=2),
            partner("c", None, extracts_due=2),  # nobody says what came, or whether it has a link worker
        ],
        action=[
            action("1", "2026-01-10", "2026-09-29", "on_track"),
            action("2", "2026-01-10", "2026-09-30", "open", district="fenland"),  # due on the day itself: not late
            action("3", "2026-02-01", "2026-03-01", "done", "2026-02-20"),
            action("4", "2026-02-01", "2026-03-01", "dropped"),
            action("5", "2026-10-05", "2026-12-01", "open"),  # opened after the cut-off: not known
        ],
        programme=[
            programme("x", "voluntary"),
            programme("x", "voluntary", district="cambridge"),
            programme("y", "statutory", "two"),
            programme("z", "private", "three"),
        ],
        cost=[
            cost("x", "2026Q2", 3_000),
            cost("y", "2026Q2", 5_000),
            cost("unlisted", "2026Q2", 1_000, agency="voluntary"),
            cost("y", "2026Q2", 90_000, kind="set_up"),
            cost(None, "2026Q2", 70_000, agency="voluntary"),
            cost("x", "2026Q4", 9_000),  # a quarter that has not ended
        ],
    )


def test_a_partner_is_a_row_and_what_is_not_known_is_null(con: duckdb.DuckDBPyConnection) -> None:
    rows = governance_tables(con, CUTOFF, {})["partner"].rows()
    assert rows == [
        ("council", "a", dt.date(2026, 1, 15), None, 0.5, True, 4, 3),
        ("council", "b", dt.date(2026, 6, 30), None, None, False, 1, 2),
        ("council", "c", None, None, None, None, 2, None),
    ]


def test_the_plan_has_its_lines_without_their_keys(con: duckdb.DuckDBPyConnection) -> None:
    plan = governance_tables(con, CUTOFF, {})["action_plan"]
    assert plan.columns == list(COLUMNS["action_plan"])
    assert plan["number"].to_list() == [1, 2, 3, 4]
    assert plan["status"].to_list() == ["on_track", "open", "done", "dropped"]
    assert plan["district"].to_list() == ["", "fenland", "", ""]


def test_programmes_and_providers_by_sector_are_counted_once(con: duckdb.DuckDBPyConnection) -> None:
    found = governance_tables(con, CUTOFF, {})["sector_share"].select("measure", "sector", "amount", "total").rows()
    assert found == [
        (measure, sector, 1.0, 3.0)
        for measure in ("programmes", "providers")
        for sector in ("private", "statutory", "voluntary")
    ]


def spent(
    subject: str, period: str, pounds: float | None, agency: str = "council", kind: str = "running"
) -> dict[str, object]:
    return {
        "subject_kind": "programme", "subject": subject, "period": period, "kind": kind, "agency": agency,
        "real_pounds": pounds, "real_price_year": "2026/27",
    }  # fmt: skip


def test_money_by_sector_is_of_whole_years_as_the_level_shows_them(con: duckdb.DuckDBPyConnection) -> None:
    directory = con.sql("SELECT DISTINCT programme, provider, sector FROM programme").pl()
    lines = [
        spent("x", "2024/25", 30.0), spent("y", "2024/25", 50.0), spent("unlisted", "2024/25", 10.0, "private"),
        spent("lost", "2024/25", 10.0), spent("y", "2024/25", 900.0, kind="set_up"), spent("x", "2024Q2", 5.0),
        spent("x", "2024/25", None),
        spent("x", "2023/24", 7.0),  # one of three programmes: its share would be all of it
    ]  # fmt: skip
    found = (
        sector_money(pl.DataFrame(lines), directory).select("period", "sector", "amount", "share", "price_year").rows()
    )
    assert found == [
        ("2024/25", "not_known", 10.0, 10.0, "2026/27"),
        ("2024/25", "private", 10.0, 10.0, "2026/27"),
        ("2024/25", "statutory", 50.0, 50.0, "2026/27"),
        ("2024/25", "voluntary", 30.0, 30.0, "2026/27"),
    ]
    assert sector_money(pl.DataFrame(), directory).is_empty()  # the open level of a small partnership shows no spending


def test_how_the_partners_stand(con: duckdb.DuckDBPyConnection) -> None:
    found = standing_of_partners(con, CUTOFF)
    assert set(found.columns) == set(STANDING)
    rows = {(r["measure"], r["period"]): (r["value"], r["numerator"], r["denominator"]) for r in found.to_dicts()}
    third = 100 / 3
    assert rows == {
        ("agreements_signed", "2026Q1"): (third, 1, 3),
        ("agreements_signed", "2026Q2"): (2 * third, 2, 3),
        ("agreements_signed", "2026Q3"): (2 * third, 2, 3),
        ("extracts_received", "2026Q3"): (80.0, 4, 5),  # 3 of 4, and no more than the 1 that was due
        ("link_workers", "2026Q3"): (50.0, 1, 2),
        ("actions_overdue", "2026Q3"): (50.0, 1, 2),
        ("voluntary_programmes", "2026Q3"): (third, 1, 3),
        ("voluntary_money", "2026Q2"): (44.0, None, None),  # (3,000 + 1,000) of 9,000 pence, to a whole percent
    }


def test_what_was_not_loaded_is_not_available_and_never_nought() -> None:
    rows = standing_of_partners(store(), CUTOFF).to_dicts()
    assert {r["status"] for r in rows} == {"not_available"}
    assert all(r["value"] is None and r["reason"] for r in rows)
    done = store(action=[action("1", "2026-01-10", "2026-02-01", "done", "2026-01-20")])
    [row] = [r for r in standing_of_partners(done, CUTOFF).to_dicts() if r["measure"] == "actions_overdue"]
    assert (row["value"], row["reason"]) == (None, "no action is open")
    assert row["title"].startswith("Loaded plan: ")  # the desk has actions of its own


def test_the_reader_gives_the_tables_and_has_them_empty_for_earlier_releases(tmp_path: Path) -> None:
    file = tmp_path / "partnership.duckdb"
    literal.write_level(file, "partnership")
    with duckdb.connect(str(file)) as out:
        out.execute("DELETE FROM partner")
        out.execute("INSERT INTO partner VALUES ('police', 'Force', NULL, NULL, NULL, NULL, 2, 1)")
        out.execute("DROP TABLE action_plan")
    source = Reader(file)
    assert source.partners()["organisation"].to_list() == ["Force"]
    assert source.action_plan().is_empty()
    assert source.action_plan().schema == pl.DataFrame(schema=COLUMNS["action_plan"]).schema


def test_the_standing_figures_of_a_release_have_ours(con: duckdb.DuckDBPyConnection) -> None:
    found = standing(con, CUTOFF)
    assert found.columns == list(STANDING)
    assert {"agreements_signed", "voluntary_money"} <= set(found["measure"])
