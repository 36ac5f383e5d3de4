"""How provision stands at the end of the reporting quarter, in figures that are of nobody: entries and gaps of the directory.

A directory overwrites itself, so only the latest quarter is known. Every figure is a full count and has no interval. For the area
(district '') and for each district:

    directory_verified         entries verified in the six months to the cut-off / entries x 100
    pathways_without_provision pathways and districts in which no entry is listed, of 9 for each district
    open_within_four_weeks     entries that somebody ready today could start within 28 days / entries for which that is known x 100
    funding_ending             entries whose funding ends by the end of the second quarter after the one reviewed / entries x 100;
                               an entry with no end recorded is taken to go on
"""

import datetime as dt
from typing import Any

import duckdb
import polars as pl

from metrics.dimensions import dimensions
from metrics.provision import gaps
from metrics.provision.directory import directory

FOUR_WEEKS = 28
NO_DIRECTORY = "no directory of interventions was loaded"
TITLES = {
    "directory_verified": "Directory entries verified in the last six months",
    "pathways_without_provision": "Pathways and districts with nothing on offer",
    "open_within_four_weeks": "Directory entries with a start within four weeks",
    "funding_ending": "Directory entries whose funding ends within two quarters",
}
UNDATED = "no entry says when people may start"


def standing_of_provision(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """The rows of the release's table `standing` that are about provision."""
    listed, quarter = directory(con, cutoff), gaps.reviewed(cutoff)
    if not listed.height:
        return pl.DataFrame([_row(measure, quarter, "", None, None, reason=NO_DIRECTORY) for measure in TITLES])
    pathways, districts = [*dimensions()["pathway"].values], gaps.places_of(con)
    covered = set(listed.select("pathway", "district").rows())
    rows = []
    for place in ["", *districts]:
        here = listed if not place else listed.filter(pl.col("district") == place)
        within = [place] if place else districts
        bare = sum((pathway, district) not in covered for pathway in pathways for district in within)
        known = here.filter(pl.col("drop_in") | pl.col("dated"))
        soon = known.filter(pl.col("drop_in") | (pl.col("next_start") <= cutoff + dt.timedelta(days=FOUR_WEEKS)))
        ending = here.filter(pl.col("funding").is_in(["soon", "passed"]))
        rows += [
            _row(
                "directory_verified", quarter, place, here.filter(pl.col("verified") == "recently").height, here.height
            ),
            _row("pathways_without_provision", quarter, place, bare, len(pathways) * len(within)),
            _row("open_within_four_weeks", quarter, place, soon.height, known.height),
            _row("funding_ending", quarter, place, ending.height, here.height),
        ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _row(
    measure: str, period: str, district: str, top: int | None, bottom: int | None, *, reason: str = ""
) -> dict[str, Any]:
    share = measure != "pathways_without_provision"
    value = None if top is None or not bottom else 100 * top / bottom if share else float(top)
    why = reason or (UNDATED if measure == "open_within_four_weeks" else "no entry is listed here")
    return {
        "measure": measure, "heading": "provision", "title": TITLES[measure], "period": period, "district": district,
        "value": value, "numerator": None if value is None else float(top or 0), "denominator": None if value is None else float(bottom or 0),
        "unit": "%" if share else "gaps",
        "polarity": "higher_is_better" if measure in ("directory_verified", "open_within_four_weeks") else "lower_is_better",
        "decimals": 0, "status": "final" if value is not None else "not_available", "reason": "" if value is not None else why,
    }  # fmt: skip
