"""What a release says of money: spending, who was managed, break-even, cost for each, value for money, and the parameters.

Every method takes the same filters: `subject_kind` (scheme or programme) and `subject`, `district` ('' is everywhere) and
`period` (a year such as 2024/25, or a quarter where the table has them). A filter left out is not applied. Amounts are
pounds of the price year beside them. Releases made before a table was have it empty.
"""

from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from release.tables import Tables

SUBJECT = ("subject_kind", "subject", "district", "period")
SCHEMA = Path(__file__).with_name("schema.sql")


class Money(Tables):
    """The tables of value for money of one level, as they were published."""

    def value_subjects(self) -> pl.DataFrame:
        """What money was spent on or people were managed by: subject_kind, subject, label, `spent` and `compared` (true or
        false: whether the release has its spending, and a difference with an interval), schemes first."""
        wanted = {"spend", "managed", "break_even", "member"}
        if not wanted <= self._held():
            return pl.DataFrame(schema={"subject_kind": pl.String, "subject": pl.String, "label": pl.String,
                                        "spent": pl.Boolean, "compared": pl.Boolean})  # fmt: skip
        return self._query(
            "WITH found AS (SELECT DISTINCT subject_kind, subject FROM spend WHERE subject <> ''"
            " UNION SELECT DISTINCT subject_kind, subject FROM managed WHERE subject <> '')"
            " SELECT f.subject_kind, f.subject, coalesce(m.label, f.subject) AS label,"
            " EXISTS (SELECT 1 FROM spend AS s WHERE s.subject_kind = f.subject_kind AND s.subject = f.subject) AS spent,"
            " EXISTS (SELECT 1 FROM break_even AS b WHERE b.subject_kind = f.subject_kind AND b.subject = f.subject"
            " AND b.observed IS NOT NULL) AS compared"
            " FROM found AS f LEFT JOIN member AS m ON m.dimension = f.subject_kind AND m.value = f.subject"
            " ORDER BY f.subject_kind DESC, m.sort, f.subject"
        )

    def spend(
        self, subject_kind: str | None = None, subject: str | None = None,
        *, district: str | None = None, period: str | None = None,
    ) -> pl.DataFrame:  # fmt: skip
        """Cost lines, which add up: tier, district, period, kind, additional, agency, funder, pounds, real_pounds."""
        return self._money("spend", "kind, tier, agency, funder", subject_kind, subject, district, period)

    def managed(
        self, subject_kind: str | None = None, subject: str | None = None,
        *, district: str | None = None, period: str | None = None,
    ) -> pl.DataFrame:  # fmt: skip
        """People managed in each whole year, time, starts, completions and positive outcomes, by tier and district."""
        return self._money("managed", "tier", subject_kind, subject, district, period)

    def offence_mix(
        self, subject_kind: str | None = None, subject: str | None = None, *, district: str | None = None
    ) -> pl.DataFrame:
        """Proven reoffences by the types that unit costs are known by, most first; offence_type '' has none."""
        return self._money("offence_mix", "offences DESC, offence_type", subject_kind, subject, district, None)

    def break_even(
        self, subject_kind: str | None = None, subject: str | None = None,
        *, district: str | None = None, period: str | None = None,
    ) -> pl.DataFrame:  # fmt: skip
        """Break-even by year on both bases (cash first), with its verdict; metrics.value.break_even says how."""
        return self._money("break_even", "basis", subject_kind, subject, district, period)

    def cost_per_person(
        self, subject_kind: str | None = None, subject: str | None = None,
        *, district: str | None = None, period: str | None = None,
    ) -> pl.DataFrame:  # fmt: skip
        """Cost for each person, month at liberty, completion and positive outcome, plain and adjusted for case mix."""
        return self._money("cost_per_person", "tier, basis, measure", subject_kind, subject, district, period)

    def value_for_money(
        self, subject_kind: str | None = None, subject: str | None = None,
        *, district: str | None = None, period: str | None = None,
    ) -> pl.DataFrame:  # fmt: skip
        """Costs and benefits, by measure, head and who gains, with the simulation's limits."""
        return self._money("value_for_money", "basis, measure, head, gainer", subject_kind, subject, district, period)

    def value_quantiles(
        self, subject_kind: str | None = None, subject: str | None = None,
        *, district: str | None = None, period: str | None = None,
    ) -> pl.DataFrame:  # fmt: skip
        """The simulation's quantiles of each measure: probability, value."""
        return self._money(
            "value_quantile", "basis, measure, head, probability", subject_kind, subject, district, period
        )

    def tornado(
        self, subject_kind: str | None = None, subject: str | None = None,
        *, district: str | None = None, period: str | None = None,
    ) -> pl.DataFrame:  # fmt: skip
        """What moves the net present value most, the greatest first."""
        return self._money("tornado", "basis, sort", subject_kind, subject, district, period)

    def switching_values(
        self, subject_kind: str | None = None, subject: str | None = None,
        *, district: str | None = None, period: str | None = None,
    ) -> pl.DataFrame:  # fmt: skip
        """What would have to be true: each assumption alone where benefits to society just meet the costs."""
        return self._money("switching_value", "basis, assumption", subject_kind, subject, district, period)

    def value_parameters(self) -> pl.DataFrame:
        """Every parameter: name, title, value, low, high, unit, price_year, source, edition, retrieved, checked, local, read, note."""
        if "value_parameter" not in self._held():
            return _empty("value_parameter")
        return self._query("SELECT * FROM value_parameter ORDER BY name")

    def _held(self) -> set[str]:
        return {row["table_name"] for row in self._rows("SELECT table_name FROM duckdb_tables()")}

    def _money(self, table: str, order: str, *given: str | None) -> pl.DataFrame:
        if table not in self._held():
            return _empty(table)
        wanted: dict[str, Any] = dict(zip(SUBJECT, given, strict=True))
        where = " AND ".join(f"(${name} IS NULL OR {name} = ${name})" for name in SUBJECT)
        return self._query(
            f"SELECT * FROM {table} WHERE {where} ORDER BY subject_kind DESC, subject, district, period, {order}",
            wanted,
        )


def _empty(table: str) -> pl.DataFrame:
    """No rows, in the columns of the schema."""
    con = duckdb.connect()
    try:
        con.execute(SCHEMA.read_text(encoding="utf-8"))
        return con.sql(f"FROM {table}").pl()
    finally:
        con.close()
