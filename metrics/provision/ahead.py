"""The next 13 weeks: who is due out of prison, where and on which weekday, and the need that is expected against the room there is.

Releases that are known are those of people inside after a sentence or a recall, on the day last notified by the cut-off. More will come:
short sentences begin and end within the 13 weeks. So beside them stands what to expect from the number in each 13 weeks
before (metrics.provision.expected), and how many of those had been notified by the first day.

Needs found anew are assessments that find a need where none had been found in the 365 days before. What to expect of them stands
against the room of the directory's entries (metrics.provision.room), once those who wait now have been let in:

    short        even the low end of what is expected, with those who wait, is more than the room
    enough       the room holds even the high end
    cannot_tell  anything between, or an entry whose room is not known
    nothing      no entry is listed

Somebody counts once for each pathway and 13 weeks, on a scheme or not. Nobody is chosen, and no row is about one person.
"""

import datetime as dt

import duckdb
import polars as pl

from metrics.provision.expected import expected
from metrics.provision.room import room
from metrics.provision.starts import WINDOW
from metrics.provision.use import FOLDER, stay

WINDOWS = 12
"""Windows of 13 weeks that are looked back upon."""
RELEASES = {
    "district": pl.String, "state": pl.String, "week": pl.Int64, "weekday": pl.Int64, "on_scheme": pl.Boolean, "people": pl.Int64,
}  # fmt: skip
"""The release table of people due out. state: dated (week 1 to 13 from the day after the cut-off, weekday 0 for Monday), overdue (the
day notified has passed), undated (no day was notified), later (after the 13 weeks)."""
FORECAST = {
    "district": pl.String, "known": pl.Int64, "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "windows": pl.Int64,
    "foretold": pl.Float64, "held": pl.Int64, "tried": pl.Int64,
}  # fmt: skip
"""The release table of releases to expect; `foretold` is the share, in %, of earlier ones notified by their window's first day."""
NEED = {
    "pathway": pl.String, "district": pl.String, "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "windows": pl.Int64,
    "held": pl.Int64, "tried": pl.Int64, "leaving": pl.Int64, "waiting": pl.Int64, "on_it": pl.Int64, "places": pl.Int64,
    "room": pl.Float64, "entries": pl.Int64, "room_unknown": pl.Int64, "verdict": pl.String,
}  # fmt: skip
"""The release table of need: what to expect, people due out with it (`leaving`), waiting and on a programme now, and the room."""
NEED_DAYS = 365
"""Days of assessments before the first window in which a need can be told to be new."""


def begin(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> None:
    """The cut-off for the working tables; within `metrics.derive.working_tables`, for they hold people's rows."""
    con.execute("CREATE OR REPLACE TEMP TABLE setting (cutoff DATE, windows INTEGER)")
    con.execute("INSERT INTO setting VALUES (?, ?)", [cutoff, WINDOWS])


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """The working tables of what was and what is to come. Needs `begin`."""
    for step in ("ahead", "placed"):
        con.execute((FOLDER / f"{step}.sql").read_text(encoding="utf-8"))


def releases(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """People due out, by district, week and weekday. Needs `prepare`."""
    found = con.sql(
        "SELECT p.district, p.on_scheme, count(*) AS people,"
        " CASE WHEN d.due IS NULL THEN 'undated' WHEN d.due <= $cutoff THEN 'overdue' WHEN d.due <= $cutoff + $days THEN 'dated' ELSE 'later' END AS state,"
        " CASE WHEN d.due > $cutoff AND d.due <= $cutoff + $days THEN (date_diff('day', $cutoff, d.due) + 6) // 7 END AS week,"
        " CASE WHEN d.due > $cutoff AND d.due <= $cutoff + $days THEN isodow(d.due) - 1 END AS weekday"
        " FROM due_out AS d JOIN placed AS p ON p.person_key = d.person_key AND p.on_day = $cutoff GROUP BY ALL ORDER BY ALL",
        params={"cutoff": cutoff, "days": WINDOW},
    ).pl()
    return found.select(pl.col(name).cast(kind) for name, kind in RELEASES.items())


def forecast(con: duckdb.DuckDBPyConnection, cutoff: dt.date, due: pl.DataFrame) -> pl.DataFrame:
    """Releases to expect by district ('' for everywhere), beside those known (`due` as `releases` gives it). Needs `prepare`."""
    seen = con.sql(
        "SELECT p.district, r.span, count(*) AS people, CAST(sum(CASE WHEN r.foretold THEN 1 ELSE 0 END) AS BIGINT) AS foretold"
        " FROM was_released AS r JOIN placed AS p ON p.person_key = r.person_key AND p.on_day = r.on_day GROUP BY ALL"
    ).pl()
    begun = con.sql("SELECT min(start_date) FROM custody_spell").fetchall()[0][0]
    spans = _spans(begun, cutoff, 0)
    known = due.filter(pl.col("state") == "dated").group_by("district").agg(pl.col("people").sum().alias("known"))
    keys = pl.concat([seen.select("district"), known.select("district")]).unique().sort("district")
    made = _counted(seen.filter(pl.col("span") < spans), keys, spans)
    told = (
        seen.filter(pl.col("span") < spans).group_by("district").agg(pl.col("people").sum(), pl.col("foretold").sum())
    )
    told = pl.concat(
        [told, told.select(pl.lit("").alias("district"), pl.col("people").sum(), pl.col("foretold").sum())]
    )
    known = pl.concat([known, known.select(pl.lit("").alias("district"), pl.col("known").sum())])
    joined = made.join(known, on="district", how="left").join(told, on="district", how="left").with_columns(
        pl.col("known").fill_null(0), foretold=pl.when(pl.col("people") > 0).then(100 * pl.col("foretold") / pl.col("people")),
    ).sort("district")  # fmt: skip
    return joined.select(pl.col(name).cast(kind) for name, kind in FORECAST.items())


def needs(
    con: duckdb.DuckDBPyConnection,
    cutoff: dt.date,
    directory: pl.DataFrame,
    used: pl.DataFrame,
    *,
    pathways: list[str],
    districts: list[str],
) -> pl.DataFrame:
    """Need to expect in each pathway and district of the area ('' for everywhere, people of no district too) against the room.

    `directory` and `used` are those tables of the release. Needs `prepare`.
    """
    seen = con.sql(
        "SELECT n.pathway, p.district, n.span, count(DISTINCT n.person_key) AS people"
        " FROM new_need AS n JOIN placed AS p ON p.person_key = n.person_key AND p.on_day = n.on_day GROUP BY ALL"
    ).pl()
    begun = con.sql("SELECT min(assessed_on) FROM need").fetchall()[0][0]
    spans = _spans(begun, cutoff, NEED_DAYS)
    seen, keys = (
        seen.filter(pl.col("span") < spans),
        pl.DataFrame({"district": districts}, schema={"district": pl.String}),
    )
    told = pl.concat(
        _counted(seen.filter(pl.col("pathway") == pathway), keys, spans).with_columns(pathway=pl.lit(pathway))
        for pathway in pathways
    )
    for beside in (_leaving(con, cutoff), _supply(con, cutoff, directory, used)):
        told = told.join(beside, on=["pathway", "district"], how="left")
    counts = ("leaving", "waiting", "on_it", "places", "entries", "room_unknown")
    told = told.with_columns(pl.col(name).fill_null(0) for name in counts)
    low, high = pl.col("lower") + pl.col("waiting"), pl.col("upper") + pl.col("waiting")
    verdict = (
        pl.when(pl.col("entries") == 0).then(pl.lit("nothing"))
        .when((pl.col("room") < low) & (pl.col("room_unknown") == 0)).then(pl.lit("short"))
        .when(pl.col("room") >= high).then(pl.lit("enough")).otherwise(pl.lit("cannot_tell"))
    )  # fmt: skip
    told = told.with_columns(verdict=verdict).sort("pathway", "district")
    return told.select(pl.col(name).cast(kind) for name, kind in NEED.items())


def _spans(begun: dt.date | None, cutoff: dt.date, lead: int) -> int:
    """How many whole windows lie after the records' first day and the days that must lead them."""
    return 0 if begun is None else max(0, min(WINDOWS, ((cutoff - begun).days - lead) // WINDOW))


def _counted(seen: pl.DataFrame, keys: pl.DataFrame, spans: int) -> pl.DataFrame:
    """What to expect in each district, and everywhere ('') from the sum, of counts by district and window."""
    places = ["", *(place for place in keys["district"] if place)]
    grid = {place: [0] * spans for place in places}
    for row in seen.group_by("district", "span").agg(pl.col("people").sum()).iter_rows(named=True):
        for place in {"", row["district"]} & set(places):
            grid[place][spans - 1 - row["span"]] += row["people"]
    told = expected([grid[place] for place in places])  # type: ignore[arg-type]
    return pl.DataFrame(
        {
            "district": places, "value": told.value, "lower": told.lower, "upper": told.upper,
            "windows": [told.windows] * len(places), "held": told.held, "tried": [told.tried] * len(places),
        }
    ).with_columns(pl.col("value", "lower", "upper").fill_nan(None))  # fmt: skip


def _leaving(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """People due out within the 13 weeks whose latest assessment of the last 365 days found the need."""
    found = con.sql(
        "WITH latest AS (SELECT n.person_key, n.pathway, n.level, row_number() OVER (PARTITION BY n.person_key, n.pathway"
        " ORDER BY n.assessed_on DESC, CASE n.level WHEN 'none' THEN 1 ELSE 0 END) AS place FROM need AS n"
        " JOIN due_out AS d ON d.person_key = n.person_key AND d.due > $cutoff AND d.due <= $cutoff + $days"
        " WHERE n.assessed_on <= $cutoff AND n.assessed_on > $cutoff - 365)"
        " SELECT l.pathway, p.district, count(*) AS leaving FROM latest AS l JOIN placed AS p ON p.person_key = l.person_key AND p.on_day = $cutoff"
        " WHERE l.place = 1 AND l.level <> 'none' GROUP BY ALL",
        params={"cutoff": cutoff, "days": WINDOW},
    ).pl()
    return _everywhere(found, [pl.col("leaving").sum()])


def _supply(
    con: duckdb.DuckDBPyConnection, cutoff: dt.date, directory: pl.DataFrame, used: pl.DataFrame
) -> pl.DataFrame:
    """By pathway and district: entries, their places, people on them and waiting, and their room."""
    days = dict(stay(con, cutoff).iter_rows())
    pathway = dict(directory.select("programme", "pathway").unique().sort("programme", "pathway").iter_rows())
    held = {(row["programme"], row["district"]): row["on_it"] for row in used.iter_rows(named=True)}
    rooms = [
        room(
            row["places"], held.get((row["programme"], row["district"]), 0), days.get(row["programme"]),
            row["starts"], row["start_places"], dated=row["dated"],
        )
        for row in directory.iter_rows(named=True)
    ]  # fmt: skip
    listed = directory.select(
        "pathway", "district", "places", room=pl.Series(rooms, dtype=pl.Float64), entries=1
    ).with_columns(room_unknown=pl.col("room").is_null().cast(pl.Int64))
    people = used.with_columns(
        pathway=pl.col("programme").replace_strict(pathway, default=None, return_dtype=pl.String)
    )
    sums = [pl.col(name).sum() for name in ("entries", "places", "room", "room_unknown")]
    supplied = _everywhere(listed, sums)
    asked = _everywhere(people.drop_nulls("pathway"), [pl.col("on_it").sum(), pl.col("waiting").sum()])
    return supplied.join(asked, on=["pathway", "district"], how="full", coalesce=True)


def _everywhere(frame: pl.DataFrame, sums: list[pl.Expr]) -> pl.DataFrame:
    """Sums by pathway and district, and by pathway everywhere ('')."""
    by = frame.group_by("pathway", "district").agg(sums)
    return pl.concat(
        [by, frame.group_by("pathway").agg(sums).select("pathway", pl.lit("").alias("district"), *by.columns[2:])]
    )
