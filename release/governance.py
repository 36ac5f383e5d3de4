"""What a release says of the partners: what they have signed and sent, their action plan, and who has the programmes and the money.

Nobody is in these tables: a row is an organisation, a line of a plan without its text, or a sector. Both levels have the same, but
for money: at the open level it is worked out from the spending that the open level shows, so that nothing can be told from it that
cannot be told from there.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl

from release.partners import DIRECTORY, PARTNERS, PLAN
from release.tables import Tables

SECTORS = ("voluntary", "private", "statutory", "not_known")
LEAST = 0.5
"""Of the directory's programmes, the share whose money a level must show for sectors to be compared."""
SHARE_COLUMNS: dict[str, Any] = {
    "measure": pl.String, "period": pl.String, "sector": pl.String, "amount": pl.Float64, "total": pl.Float64,
    "share": pl.Float64, "price_year": pl.String,
}  # fmt: skip
COLUMNS: dict[str, dict[str, Any]] = {
    "partner": {
        "agency": pl.String, "organisation": pl.String, "agreement_signed": pl.Date, "cleared": pl.Boolean,
        "colocated_posts": pl.Float64, "link_worker": pl.Boolean, "extracts_due": pl.Int64, "extracts_received": pl.Int64,
    },
    "action_plan": {
        "number": pl.Int32, "district": pl.String, "indicator": pl.String, "owner_agency": pl.String, "opened_on": pl.Date,
        "due_on": pl.Date, "closed_on": pl.Date, "status": pl.String,
    },
    "sector_share": SHARE_COLUMNS,
}  # fmt: skip


class Governance(Tables):
    """The tables of governance of one level, as they were published. Releases made before they were kept have them empty."""

    def partners(self) -> pl.DataFrame:
        """Each organisation: agreement, clearance, posts, link worker, extracts due and received; null is not known."""
        return self._of("partner", "agency, organisation")

    def action_plan(self) -> pl.DataFrame:
        """The lines of the plan that was loaded: district ('' is the area), indicator, owner, days and status; no text."""
        return self._of("action_plan", "number")

    def sector_share(self) -> pl.DataFrame:
        """Programmes and providers now, and real pounds by year, by sector: amount, of which total, and share in %."""
        return self._of("sector_share", "measure, period, sector")

    def _of(self, table: str, order: str) -> pl.DataFrame:
        held = self._query("SELECT 1 FROM duckdb_tables() WHERE table_name = $name", {"name": table})
        return (
            self._query(f"SELECT * FROM {table} ORDER BY {order}")
            if held.height
            else pl.DataFrame(schema=COLUMNS[table])
        )


def governance_tables(
    con: duckdb.DuckDBPyConnection, cutoff: dt.date, shown: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """The tables for a level, whose other tables are `shown`."""
    directory = con.sql(DIRECTORY).pl()
    return {
        "partner": con.sql(PARTNERS).pl(),
        "action_plan": con.sql(PLAN, params={"cutoff": cutoff}).pl(),
        "sector_share": pl.concat([_counts(directory), sector_money(shown.get("spend", pl.DataFrame()), directory)]),
    }


def sector_money(spend: pl.DataFrame, directory: pl.DataFrame) -> pl.DataFrame:
    """Real pounds of programmes by sector in each whole year of `spend`, as a level shows it; set-up left out. A year of which
    the level shows the money of fewer than half of the directory's programmes is left out: shares would be of the few shown.

    A programme has the sector that the directory gives it; one that is not there has that of the agency that bears it, where
    that is voluntary or private.
    """
    if not spend.height or not directory.height:
        return pl.DataFrame(schema=SHARE_COLUMNS)
    own = pl.when(pl.col("agency").is_in(SECTORS[:2])).then(pl.col("agency")).otherwise(pl.lit("not_known"))
    # a programme that the directory has under two sectors is taken to be of the first: its money is counted once
    known = directory.group_by("programme").agg(pl.col("sector").min())
    lines = (
        spend.filter(
            (pl.col("subject_kind") == "programme")
            & pl.col("period").str.contains("/")
            & (pl.col("kind") != "set_up")
            & pl.col("real_pounds").is_not_null()
        )
        .join(known, left_on="subject", right_on="programme", how="left")
        .with_columns(sector=pl.coalesce("sector", own))
    )
    enough = pl.col("subject").n_unique().over("period") >= LEAST * known.height
    sums = lines.filter(enough).group_by("period", "sector", "real_price_year").agg(amount=pl.col("real_pounds").sum())
    return _shared(sums.rename({"real_price_year": "price_year"}).with_columns(measure=pl.lit("pounds")))


def _counts(directory: pl.DataFrame) -> pl.DataFrame:
    """Programmes and providers in the directory by sector, as it stands now."""
    if not directory.height:
        return pl.DataFrame(schema=SHARE_COLUMNS)
    found = [
        directory.group_by("sector")
        .agg(amount=pl.col(column).n_unique().cast(pl.Float64))
        .with_columns(measure=pl.lit(name))
        for name, column in (("programmes", "programme"), ("providers", "provider"))
    ]
    return _shared(pl.concat(found).with_columns(period=pl.lit("now"), price_year=pl.lit("")))


def _shared(sums: pl.DataFrame) -> pl.DataFrame:
    whole = pl.col("amount").sum().over("measure", "period")
    return (
        sums.with_columns(total=whole)
        .with_columns(share=pl.when(pl.col("total") > 0).then(100 * pl.col("amount") / pl.col("total")))
        .select(*SHARE_COLUMNS)
        .sort("measure", "period", "sector")
    )
