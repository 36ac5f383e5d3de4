"""Every table of provision that a release may hold, worked out together: each is at the cut-off."""

import datetime as dt

import duckdb
import polars as pl

from metrics.derive import working_tables
from metrics.dimensions import dimensions
from metrics.provision import ahead, gaps
from metrics.provision.adults import turning_18
from metrics.provision.directory import directory
from metrics.provision.use import use

Tables = dict[str, pl.DataFrame]


def tables(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> Tables:
    """The directory, its gaps, its use, and the 13 weeks ahead: by the names of the release's tables. Without a directory, none."""
    listed = directory(con, cutoff)
    if not listed.height:
        return {}
    pathways, districts = [*dimensions()["pathway"].values], gaps.places_of(con)
    made = {
        "directory": listed,
        "provision_gap": gaps.gaps(listed, pathways, districts),
        "provision_unmet": gaps.unmet(con, gaps.reviewed(cutoff)),
        "turning_18": turning_18(con, cutoff),
    }
    with working_tables(con):
        ahead.begin(con, cutoff)
        made["provision_use"] = use(con, cutoff)
        ahead.prepare(con)
        made["release_due"] = ahead.releases(con, cutoff)
        made["release_expected"] = ahead.forecast(con, cutoff, made["release_due"])
        made["need_expected"] = ahead.needs(
            con, cutoff, listed, made["provision_use"], pathways=pathways, districts=districts
        )
    return made
