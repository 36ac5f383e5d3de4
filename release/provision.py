"""What a release says of provision: the directory, its gaps, how it is used, and the 13 weeks ahead.

The directory and the groups that it leaves out are about services, not people, and are the same at both levels but for prices, which
are between a provider and its funder. Everything else counts people in small groups that the lattice does not protect:
it is for the partnership alone, and pages say so at the open level.
"""

from collections.abc import Mapping

import polars as pl

from release.tables import Tables

SHOWN_TO_ALL = ("directory", "provision_gap")
FOR_THE_PARTNERSHIP = (
    "provision_unmet",
    "provision_use",
    "release_due",
    "release_expected",
    "need_expected",
    "turning_18",
)


def at_level(tables: Mapping[str, pl.DataFrame], level: str) -> dict[str, pl.DataFrame]:
    """The tables of provision as a level may show them."""
    if level == "partnership":
        return dict(tables)
    shown = {name: tables[name] for name in SHOWN_TO_ALL if name in tables}
    if "directory" in shown:
        shown["directory"] = shown["directory"].with_columns(unit_cost=pl.lit(None, pl.Float64), price_year=pl.lit(""))
    return shown


class Provision(Tables):
    """The tables of provision of one level. Releases made before they were have them empty; the open level has two."""

    def directory(self) -> pl.DataFrame:
        """The directory of interventions: an entry for each programme and district (metrics.provision.directory)."""
        return self._provision("directory", "pathway, title, programme, district")

    def provision_gaps(self) -> pl.DataFrame:
        """The groups that no programme of a pathway takes: pathway, district ('' is nowhere), sex, age_from, age_to, nothing."""
        return self._provision("provision_gap", "pathway, district, age_from, sex")

    def provision_unmet(self) -> pl.DataFrame:
        """People with a need, and those for whom nothing is listed, by pathway, district, sex and age."""
        return self._provision("provision_unmet", "pathway, district, sex, age")

    def provision_use(self) -> pl.DataFrame:
        """People on each programme, waiting for it, referred and started, by district."""
        return self._provision("provision_use", "programme, district")

    def releases_due(self) -> pl.DataFrame:
        """People due out of prison, by district, state, week and weekday."""
        return self._provision("release_due", "district, state, week, weekday, on_scheme")

    def releases_expected(self) -> pl.DataFrame:
        """Prison releases to expect in the next 13 weeks, by district ('' is everywhere)."""
        return self._provision("release_expected", "district")

    def needs_expected(self) -> pl.DataFrame:
        """Need to expect in the next 13 weeks against the room, by pathway and district ('' is everywhere)."""
        return self._provision("need_expected", "pathway, district")

    def turning_18(self) -> pl.DataFrame:
        """Young people who turn 18 soon, and what those who did were on three months later, by district ('' is everywhere)."""
        return self._provision("turning_18", "district")

    def _provision(self, table: str, order: str) -> pl.DataFrame:
        held = self._query("SELECT 1 FROM duckdb_tables() WHERE table_name = $name", {"name": table})
        return self._query(f"SELECT * FROM {table} ORDER BY {order}") if held.height else pl.DataFrame()
