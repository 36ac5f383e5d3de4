"""How the partners stand at the end of a quarter: what they have signed and sent, and whether the plan is kept."""

import datetime as dt
from typing import Any

import duckdb
import polars as pl

from metrics.periods import quarter_end, quarter_of, quarter_start

PARTNERS = """
SELECT agency, organisation, agreement_signed, cleared, colocated_posts, link_worker,
    CAST(extracts_due AS BIGINT) AS extracts_due, CAST(extracts_received AS BIGINT) AS extracts_received
FROM partner ORDER BY agency, organisation
"""
PLAN = """
SELECT CAST(row_number() OVER (ORDER BY opened_on, due_on, owner_agency, indicator, district, action_key) AS INTEGER) AS number,
    coalesce(district, '') AS district, coalesce(indicator, '') AS indicator, owner_agency, opened_on, due_on,
    CASE WHEN closed_on <= $cutoff THEN closed_on END AS closed_on,
    CASE WHEN closed_on > $cutoff THEN 'open' ELSE status END AS status
FROM action WHERE opened_on <= $cutoff ORDER BY number
"""
DIRECTORY = "SELECT DISTINCT programme, provider, sector FROM programme"
ENDED = ("done", "dropped")
"""A line of the plan with one of these statuses is no longer open."""
NO_LIST, NO_PLAN, NO_DIRECTORY, NO_COSTS = (
    "no list of partners was loaded", "no action plan was loaded", "no directory of programmes was loaded", "no programme's costs were loaded",
)  # fmt: skip


def standing_of_partners(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """How the partners stand: agreements at each quarter's end, and at the latest extracts, the plan and the voluntary share.

    What overwrites itself (an extract that came, a due day that was moved, an entry of the directory) is known of the
    latest quarter alone. Money is by quarter, as a share to a whole percent and without its pounds, which are the partnership's.
    """
    quarter = quarter_of(cutoff)
    latest = quarter if quarter_end(quarter) <= cutoff else quarter_of(quarter_start(quarter) - dt.timedelta(days=1))
    partners, plan = con.sql(PARTNERS).pl(), con.sql(PLAN, params={"cutoff": cutoff}).pl()
    directory = con.sql(DIRECTORY).pl()
    rows = [
        *_agreements(partners, latest),
        _row("extracts_received", "Extracts that partners sent, of those due", latest, _extracts(partners),
             polarity="higher_is_better", without=NO_LIST),
        _row("link_workers", "Partners with a link worker", latest, _yes(partners["link_worker"]),
             polarity="higher_is_better", without=NO_LIST),
        *_overdue(plan, latest),
        _row("voluntary_programmes", "Programmes run by the voluntary sector", latest, _voluntary(directory),
             polarity="no_judgement", without=NO_DIRECTORY),
        *_voluntary_money(con, latest),
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _row(
    measure: str, title: str, period: str, counts: tuple[float, float], *, polarity: str, without: str
) -> dict[str, Any]:
    top, bottom = counts
    known = bottom > 0
    return {
        "measure": measure, "heading": "governance", "title": title, "period": period, "district": "",
        "value": 100 * top / bottom if known else None, "numerator": float(top) if known else None,
        "denominator": float(bottom) if known else None, "unit": "%", "polarity": polarity, "decimals": 0,
        "status": "final" if known else "not_available", "reason": "" if known else without,
    }  # fmt: skip


def _agreements(partners: pl.DataFrame, latest: str) -> list[dict[str, Any]]:
    title = "Partners that have signed the sharing agreement"
    signed = partners["agreement_signed"].drop_nulls().to_list()
    if not signed:
        return [
            _row("agreements_signed", title, latest, (0, partners.height), polarity="higher_is_better", without=NO_LIST)
        ]
    rows, quarter = [], quarter_of(min(signed))
    while quarter <= latest:
        done = sum(day <= quarter_end(quarter) for day in signed)
        rows.append(
            _row(
                "agreements_signed",
                title,
                quarter,
                (done, partners.height),
                polarity="higher_is_better",
                without=NO_LIST,
            )
        )
        quarter = quarter_of(quarter_end(quarter) + dt.timedelta(days=1))
    return rows


def _overdue(plan: pl.DataFrame, latest: str) -> list[dict[str, Any]]:
    """Open lines of the plan past their day at the quarter's end. A plan with nothing open has nothing overdue."""
    title, end = "Loaded plan: open actions past their due day", quarter_end(latest)
    was_open = plan.filter((pl.col("opened_on") <= end) & ~pl.col("status").is_in(ENDED))
    late = was_open.filter(pl.col("due_on") < end).height
    row = _row("actions_overdue", title, latest, (late, was_open.height), polarity="lower_is_better", without=NO_PLAN)
    if plan.height and not was_open.height:
        row["reason"] = "no action is open"
    return [row]


def _voluntary_money(con: duckdb.DuckDBPyConnection, latest: str) -> list[dict[str, Any]]:
    title = "Money for programmes that goes to the voluntary sector"
    found = con.sql(
        "WITH known AS (SELECT programme, min(sector) AS sector FROM programme GROUP BY programme)"
        " SELECT c.quarter, CAST(sum(c.pence) AS DOUBLE) AS pence,"
        " CAST(sum(CASE WHEN coalesce(k.sector, c.agency) = 'voluntary' THEN c.pence ELSE 0 END) AS DOUBLE) AS voluntary"
        " FROM cost AS c LEFT JOIN known AS k ON k.programme = c.programme"
        " WHERE c.programme IS NOT NULL AND c.kind <> 'set_up' AND c.quarter <= $latest GROUP BY c.quarter ORDER BY c.quarter",
        params={"latest": latest},
    ).fetchall()
    if not found:
        return [_row("voluntary_money", title, latest, (0, 0), polarity="no_judgement", without=NO_COSTS)]
    rows = [
        _row("voluntary_money", title, quarter, (part, whole), polarity="no_judgement", without=NO_COSTS)
        for quarter, whole, part in found
    ]
    return [
        row
        | {
            "value": None if row["value"] is None else float(round(row["value"])),
            "numerator": None,
            "denominator": None,
        }
        for row in rows
    ]


def _extracts(partners: pl.DataFrame) -> tuple[float, float]:
    """Extracts received and due, of organisations for which both are known. More than was due is no more than due."""
    both = partners.filter(pl.col("extracts_due").is_not_null() & pl.col("extracts_received").is_not_null())
    received = both.select(pl.min_horizontal("extracts_received", "extracts_due").sum()).item()
    return float(received), float(both["extracts_due"].sum())


def _yes(column: pl.Series) -> tuple[float, float]:
    """Yes, and yes or no: what is not known is neither."""
    return float(column.fill_null(False).sum()), float(column.is_not_null().sum())


def _voluntary(directory: pl.DataFrame) -> tuple[float, float]:
    """Programmes of the voluntary sector, and all."""
    own = directory.filter(pl.col("sector") == "voluntary")
    return float(own["programme"].n_unique()), float(directory["programme"].n_unique())
