"""Offending before and after, honestly: the change, the fall to be expected, and the change beside other people's.

Two designs. `fixed_date` is the official one for Prolific and other Priority Offenders (Home Office, 2009): everybody on
the scheme on 1 February; baseline October to September before it; follow-up from April; the gap between holds the
months in which people were being chosen. But a long stayer's baseline is already treated, and who stays is chosen too.
`first_selection` follows everybody first selected in the year to that date, whether or not they stayed: the year before
that day and the year after. docs/methods/before-and-after.md.

A list of people fixed on one day (a named cohort without groups, all of one index date) has the first design too, with
its windows around its own day; its rows carry the list's name in place of a scheme's. Nobody on it is comparable with it.

Falls short where a scheme works: in counties where it halves offending both parts see less than half (first selection
-31 and -27%, fixed date -18 and -8%), so that their intervals do not hold the true -50% as often as they should, and
`fewer` is said in 3% of single years and 10% of three together. Where nothing works it was said in none of 640 rows.
"""

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.compare import propensity
from metrics.compare.contrast import NOTHING, Contrast, Group, contrast
from metrics.compare.difference_in_differences import Changes, control_weights, difference_in_differences
from metrics.compare.regression_to_mean import Model, Record, Remainder, against_expected, fit
from metrics.derive import EPOCH, choose, read_sql, run_step, working_tables
from metrics.person_years import spells_of_records

Numbers = NDArray[np.float64]

FIXED, FIRST = "fixed_date", "first_selection"
POOLED = {FIXED: "fixed_date_pooled", FIRST: "first_selection_pooled"}
"""The designs of rows that take all published dates together; their `fixed_date` is the latest of them."""
WAITING_DAYS = 183
DATES = 3
"""Fixed dates that are published: the latest that are complete."""
LEAST_PEOPLE = 30
YEAR = 365.25
SPELLS = ((1, 61), (62, 183), (184, 365), (366, 730), (731, 1826))
"""The spells of a record, in days before the moment: two months, the rest of half a year, of a year, two, five."""
LOOKED_UP = {FIXED: (0, 183), FIRST: (91, 274)}
"""Days before the fixed date on which comparable people are looked up: twice a year, for first selections in the middle
of each half."""
LIBERTY, CRUDE = "offences_per_year_at_liberty", "offences_per_year"
MEASURES = {LIBERTY: ("liberty_offences", "days_at_liberty"), CRUDE: ("offences", "days_observed")}
COVARIATES = ["age", "female", "sanctions", "days_inside", "days_held", *(f"h{n}_alleged" for n in range(len(SPELLS)))]
BASELINE = ["baseline_offences", "baseline_days"]
"""What the controls of the fixed date are matched on besides: its baseline year ends months before the day, across the
spells of the record, and sides that agree on the spells may differ in it. That of first selection is three of the spells."""
EXACT = ["child", "inside"]
MOST_LOGIT, LEAST_ODDS = 1.0, 0.05
"""Nobody comparable counts for more than e times the odds of one; those who count for next to nothing are left out."""
TOO_FEW = f"fewer than {LEAST_PEOPLE} people"
NO_CUSTODY = "the extract that this needs has not been loaded"
SCHEMA = {
    "scheme": pl.String, "district": pl.String, "design": pl.String, "fixed_date": pl.Date, "measure": pl.String,
    "people": pl.Int64, "days_before": pl.Int64, "days_after": pl.Int64, "offences_before": pl.Int64,
    "offences_after": pl.Int64, "baseline": pl.Float64, "first_baseline": pl.Float64, "follow_up": pl.Float64,
    "expected_follow_up": pl.Float64, "change": pl.Float64, "change_lower": pl.Float64, "change_upper": pl.Float64,
    "expected_change": pl.Float64, "remainder": pl.Float64, "remainder_lower": pl.Float64,
    "remainder_upper": pl.Float64, "comparable": pl.Int64, "controls": pl.Int64, "matched": pl.Int64, "did": pl.Float64,
    "did_lower": pl.Float64, "did_upper": pl.Float64, "trend": pl.Float64, "trend_lower": pl.Float64,
    "trend_upper": pl.Float64, "finding": pl.String, "status": pl.String, "reason": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Windows:
    """The official windows around a fixed date (1 February), first and last days included."""

    fixed: dt.date
    baseline: tuple[dt.date, dt.date]
    follow_up: tuple[dt.date, dt.date]

    @property
    def complete_on(self) -> dt.date:
        """The cut-off from which every offence of the follow-up year has had its time to be proven."""
        return self.follow_up[1] + dt.timedelta(days=WAITING_DAYS)


def windows(year: int) -> Windows:
    """1 February of `year`: baseline October to September, ending four months before; follow-up the next April to March.

    For 2009 they are the published ones: October 2007 to September 2008, April 2009 to March 2010.
    """
    return windows_around(dt.date(year, 2, 1))


def windows_around(fixed: dt.date) -> Windows:
    """The same windows around any day: a year that ends four months before it, and one that begins two months after."""

    def moved(months: int) -> dt.date:
        year, month = divmod(fixed.year * 12 + fixed.month - 1 + months, 12)
        return dt.date(year, month + 1, min(fixed.day, monthrange(year, month + 1)[1]))

    day = dt.timedelta(days=1)
    return Windows(fixed, (moved(-16), moved(-4) - day), (moved(2), moved(14) - day))


def compute(con: duckdb.DuckDBPyConnection, cutoff: dt.date) -> pl.DataFrame:
    """Every scheme's rows, for all districts ('') and managing districts of 30 people, at the latest complete dates, and
    with those dates taken together (POOLED): sums over dates, people clustered, as one may stand at several.

    Columns as in the release's table: rates are offences per year (at liberty, or of any days), changes are in %.
    """
    begun = con.sql("SELECT min(proven_date) FROM offence WHERE outcome IN ('convicted', 'cautioned')").fetchall()[0][0]
    years = [
        year
        for year in range(cutoff.year, cutoff.year - 40, -1)
        if begun and windows(year).complete_on <= cutoff and windows(year).baseline[0] >= begun
    ][:DATES]
    lists = fixed_lists(con, begun, cutoff) if begun else {}
    if not years and not lists:
        return pl.DataFrame(schema=SCHEMA)
    people = people_of(con, [windows(year) for year in years], begun, cutoff, lists)
    rows: list[dict[str, object]] = []
    for design in (FIXED, FIRST):
        every = people.filter(pl.col("design") == design)
        for scheme in every.filter(pl.col("treated"))["scheme"].unique().sort():
            mine = without_its_own(every, scheme) if scheme in lists else every
            model, comparable = expectation(mine, scheme)
            dates = mine.filter(pl.col("scheme") == scheme)["fixed_date"].unique().sort()
            beside = [_matched(mine, scheme, fixed, design) for fixed in dates]
            asked = [(design, fixed, chosen) for fixed, chosen in zip(dates, beside, strict=True)]
            if len(beside) > 1:
                asked.append((POOLED[design], dates[-1], pl.concat(beside)))
            for name, fixed, chosen in asked:
                held = chosen.filter(pl.col("treated")).group_by("district").agg(pl.col("person").n_unique())
                for district in ["", *sorted(held.filter(pl.col("person") >= LEAST_PEOPLE)["district"])]:
                    there = chosen.filter(~pl.col("treated") | (pl.col("district") == district) | (district == ""))
                    for row in _rows(there, model, comparable):
                        rows.append(row | {"scheme": scheme, "district": district, "design": name, "fixed_date": fixed})
    return pl.DataFrame(rows, schema=SCHEMA).sort("scheme", "design", "fixed_date", "district", "measure")


def fixed_lists(con: duckdb.DuckDBPyConnection, begun: dt.date, cutoff: dt.date) -> dict[str, Windows]:
    """The lists fixed on one day that can be followed in full: their names, and the windows around their day."""
    found = con.sql(
        "SELECT cohort, min(index_date) FROM cohort_member GROUP BY cohort"
        " HAVING min(index_date) = max(index_date) AND bool_and(group_name = 'none')"
        f" AND count(DISTINCT person_key) >= {LEAST_PEOPLE} ORDER BY cohort"
    ).fetchall()
    around = {cohort: windows_around(day) for cohort, day in found}
    return {c: w for c, w in around.items() if w.complete_on <= cutoff and w.baseline[0] >= begun}


def without_its_own(people: pl.DataFrame, name: str) -> pl.DataFrame:
    """People without those looked up as comparable who are on the list of that name themselves."""
    own = people.filter(pl.col("scheme") == name)["person"].unique()
    return people.filter(pl.col("treated") | ~pl.col("person").is_in(own.implode()))


def _matched(people: pl.DataFrame, scheme: str, fixed: dt.date, design: str) -> pl.DataFrame:
    """A scheme's people at one date beside those looked up with them; `weight` is that of the difference-in-differences.

    Whoever neither offended in the last year nor is in custody is not matched: nobody comparable is like them.
    """
    chosen = people.filter(
        (pl.col("fixed_date") == fixed) & ((~pl.col("treated") & pl.col("in_step")) | (pl.col("scheme") == scheme))
    )
    alike = chosen["recent"].to_numpy() | ~chosen["treated"].to_numpy()
    weight = np.zeros(len(chosen))
    covariates = [*COVARIATES, *BASELINE] if design == FIXED else COVARIATES
    weight[alike] = control_weights(chosen.filter(pl.Series(alike)), covariates, EXACT)
    return chosen.with_columns(weight=pl.Series(weight))


def people_of(
    con: duckdb.DuckDBPyConnection,
    asked: Sequence[Windows],
    begun: dt.date,
    cutoff: dt.date,
    lists: Mapping[str, Windows] = MappingProxyType({}),
) -> pl.DataFrame:
    """One row a person, design and date: `treated` people of the schemes and of the fixed lists, and those comparable.

    `person` (a number of no meaning), traits, `in_step` (looked up when the scheme's people were), `recent` (a proven offence
    in the last year, or in custody, as everybody comparable), the record before the moment (`h0_` to `h4_`), and for each of before,
    after, early, earliest and first (the year before first selection) offences and days, whether at liberty or not.
    """
    fixed = {one.fixed for one in asked}
    only_lists = {one.fixed: one for one in lists.values() if one.fixed not in fixed}
    with working_tables(con):
        choose(con, [], [], cutoff)
        run_step(con, "records")
        moments = pl.DataFrame(
            [
                {"design": design, "fixed_day": _day(one.fixed), "day": _day(one.fixed) - back, "treated": treated}
                for one in (*asked, *only_lists.values())
                for design, treated, backs in (
                    (FIXED, True, (0,)), (FIXED, False, LOOKED_UP[FIXED]), (FIRST, True, (0,)), (FIRST, False, LOOKED_UP[FIRST])
                )
                if one.fixed in fixed or (design, treated) == (FIXED, False)
                for back in backs
            ]
        )  # fmt: skip
        con.register("_asked_moment", moments.to_arrow())
        con.execute("CREATE OR REPLACE TEMP TABLE asked_moment AS SELECT * FROM _asked_moment")
        con.unregister("_asked_moment")
        con.execute("CREATE OR REPLACE TEMP TABLE asked_list (name VARCHAR, fixed_day INTEGER)")
        for name, one in lists.items():
            con.execute("INSERT INTO asked_list VALUES (?, ?)", [name, _day(one.fixed)])
        found = con.sql(read_sql("scheme_moment")).pl().with_row_index("row")
        spells = _spells(found, [*asked, *only_lists.values()], _day(begun))
        counted = spells_of_records(
            con,
            spells.select("person_key", "on_date", "side", "first_day", "last_day").unique(),
            waiting_days=WAITING_DAYS,
        )
    counted = counted.with_columns(
        # Without a prison extract nobody is presumed at liberty: these stay null.
        pl.col("liberty_offences", "days_at_liberty", "days_in_custody").cast(pl.Float64),
    )
    counts = ["liberty_offences", "days_at_liberty", "offences", "days_observed", "alleged"]
    wide = (
        spells.select("row", "person_key", "on_date", "side", "name")
        .join(counted, on=["person_key", "on_date", "side"])
        .pivot("name", index="row", values=counts)
    )
    wide = wide.rename({name: _turned(name) for name in wide.columns if name != "row"})
    # A spell that nobody has (records begin too late) is not known for anybody.
    absent = [f"{name}_{count}" for name in NAMES for count in counts if f"{name}_{count}" not in wide.columns]
    wide = wide.with_columns(pl.lit(None, pl.Float64).alias(name) for name in absent)
    joined = found.join(wide, on="row", how="left").sort("row")
    inside = (pl.col("now_days_observed") > 0) & (pl.col("now_days_at_liberty") == 0)
    return joined.select(
        pl.col("person_key").rank("dense").cast(pl.Int64).alias("person"), "design", "scheme", "district",
        (pl.col("fixed_day").cast(pl.Date)).alias("fixed_date"), (pl.col("scheme") != "").alias("treated"), "female",
        ((pl.col("design") == FIRST) | (pl.col("day") == pl.col("fixed_day"))).alias("in_step"),
        pl.col("age").fill_null(pl.col("age").median()), "sanctions", (pl.col("age") < 18).fill_null(False).alias("child"),
        inside.fill_null(False).alias("inside"), (pl.col("recent") | inside.fill_null(False)).alias("recent"),
        pl.col("before_offences").fill_null(0).alias("baseline_offences"),
        pl.coalesce("before_days_at_liberty", "before_days_observed").fill_null(0).alias("baseline_days"),
        (pl.col("h0_days_observed") - pl.col("h0_days_at_liberty")).fill_null(0).alias("days_inside"),
        pl.sum_horizontal(pl.col(f"h{n}_days_observed") - pl.col(f"h{n}_days_at_liberty") for n in range(3)).alias("days_held"),
        pl.col(sorted(c for c in joined.columns if c.split("_")[0] in NAMES)),
    )  # fmt: skip


NAMES = {"before", "after", "early", "earliest", "first", "now", *(f"h{n}" for n in range(len(SPELLS)))}


def _turned(name: str) -> str:
    """days_at_liberty_before becomes before_days_at_liberty."""
    what, _, side = name.rpartition("_")
    return f"{side}_{what}"


def _day(date: dt.date) -> int:
    return (date - EPOCH).days


def _spells(found: pl.DataFrame, asked: Sequence[Windows], begun: int) -> pl.DataFrame:
    """Every spell of days to be counted for each row: `name` is its own, `side` tells it from others of the person.

    A spell of the record that begins before records do is cut there; a year that does is left out.
    """
    named = pl.DataFrame(
        [
            {"fixed_day": _day(one.fixed), "baseline_from": _day(one.baseline[0]), "baseline_to": _day(one.baseline[1]),
             "after_from": _day(one.follow_up[0]), "after_to": _day(one.follow_up[1])}
            for one in asked
        ]
    )  # fmt: skip
    rows = found.with_columns(pl.col("fixed_day", "day", "first_day").cast(pl.Int32)).join(
        named.cast(pl.Int32), on="fixed_day"
    )
    # Whoever is looked up sooner has every window sooner by as many days.
    sooner = pl.col("fixed_day") - pl.col("day")
    rows = rows.with_columns(
        pl.col("baseline_from", "baseline_to", "after_from", "after_to") - sooner, fixed=pl.col("design") == FIXED
    )
    day = pl.col("day")
    begins = pl.when("fixed").then("baseline_from").otherwise(day - 365)
    spells = {
        "now": (day, day),
        "before": (begins, pl.when("fixed").then("baseline_to").otherwise(day - 1)),
        "after": (
            pl.when("fixed").then("after_from").otherwise(day + 1), pl.when("fixed").then("after_to").otherwise(day + 365)
        ),
        "early": (begins - 365, begins - 1),
        "earliest": (begins - 730, begins - 366),
        "first": (pl.col("first_day") - 365, pl.col("first_day") - 1),
    } | {f"h{n}": (day - far, day - near) for n, (near, far) in enumerate(SPELLS)}  # fmt: skip
    made = [
        rows.select(
            "row", "person_key", on_date=day.cast(pl.Date), name=pl.lit(name), first_day=first.cast(pl.Int32),
            last_day=last.cast(pl.Int32),
        )
        for name, (first, last) in spells.items()
    ]  # fmt: skip
    record = pl.col("name").str.starts_with("h")
    return (
        pl.concat(made)
        .with_columns(
            pl.when(record)
            .then(pl.max_horizontal("first_day", pl.lit(begun)))
            .otherwise("first_day")
            .alias("first_day")
        )
        .filter((pl.col("first_day") >= begun) & (pl.col("last_day") >= pl.col("first_day")))
        .with_columns(side=pl.format("{} {} {}", "name", "first_day", "last_day"))
    )


def expectation(people: pl.DataFrame, scheme: str) -> tuple[Model | None, int]:
    """The expectation fitted on people comparable with the scheme's, of one design, and how many they are.

    Comparable: on no scheme, and with a proven offence in the last year or in custody on the day; each counts by the
    odds of the propensity score, that is by how like the scheme's people they are. The large pool of people with low
    rates hardly counts: it would foretell that everybody stops.
    """
    alike = people.filter(
        ((pl.col("scheme") == scheme) | ~pl.col("treated")) & pl.col("after_days_at_liberty").is_not_null()
    )
    treated = alike["treated"].to_numpy()
    if treated.sum() < LEAST_PEOPLE or treated.all():
        return None, 0
    score = propensity.fit(propensity.design(propensity.read(alike, [*COVARIATES, *EXACT])), treated)
    odds = np.exp(np.minimum(score.logit[~treated], MOST_LOGIT))
    odds = np.where(odds < LEAST_ODDS * odds.mean(), 0.0, odds)
    others = alike.filter(~pl.col("treated"))
    model = fit(
        record_of(others),
        _column(others, "after_liberty_offences"),
        _column(others, "after_days_at_liberty") / YEAR,
        odds,
    )
    return model, others.filter(pl.Series(odds > 0))["person"].n_unique()


def record_of(people: pl.DataFrame) -> Record:
    """People's records as the expectation reads them: what was alleged of them, whatever came of it in court."""
    age = (_column(people, "age") - 30) / 10
    child, female, inside = (_column(people, name) for name in ("child", "female", "inside"))
    counts = np.column_stack([_column(people, f"h{n}_alleged") for n in range(len(SPELLS))])
    held = _column(people, "days_held") / YEAR
    latest = np.log1p(counts[:, :3].sum(axis=1))
    return Record(
        counts,
        np.column_stack([_column(people, f"h{n}_days_at_liberty") for n in range(len(SPELLS))]) / YEAR,
        traits=np.column_stack([age, child, female, np.log1p(_column(people, "sanctions"))]),
        state=np.column_stack(
            [
                inside,
                _column(people, "days_inside") / 61,
                age,
                held,
                inside * held,
                np.log1p(counts[:, 3:].sum(axis=1)),
                latest,
            ]
        ),
        person=people["person"].to_numpy(),
    )


def _column(people: pl.DataFrame, name: str) -> Numbers:
    return people[name].cast(pl.Float64).fill_null(0).to_numpy()


def _rows(people: pl.DataFrame, model: Model | None, comparable: int) -> list[dict[str, object]]:
    """One row a measure, for the treated in `people` beside their controls; `people` may hold several dates."""
    treated, weight = people.filter(pl.col("treated")), people["weight"].to_numpy()
    size = treated["person"].n_unique()
    rows = []
    for measure, (offences, days) in MEASURES.items():
        row: dict[str, object] = {"measure": measure, "people": size, "comparable": comparable}
        if treated[f"before_{days}"].null_count() == len(treated):
            rows.append(row | {"finding": "no_verdict", "status": "not available", "reason": NO_CUSTODY})
            continue
        before, after = (_group(treated, name, offences, days, sign) for name, sign in (("before", -1), ("after", 1)))
        change = contrast([before, after])
        left = Remainder(float("nan"), float("nan"), NOTHING)
        if model is not None and measure == LIBERTY:
            left = against_expected(model, record_of(treated), after.offences, after.exposure)
        changes = difference_in_differences(_sides(people, offences, days), weight)
        first = treated.filter(pl.col(f"first_{days}").is_not_null())
        expected_change = 100 * (left.expected / before.rate - 1) if before.rate > 0 else float("nan")
        finding, reason = conclude(size, left.remainder, changes)
        rows.append(
            row | {
                "days_before": int(before.exposure.sum() * YEAR + 0.5), "days_after": int(after.exposure.sum() * YEAR + 0.5),
                "offences_before": int(before.offences.sum()), "offences_after": int(after.offences.sum()),
                "baseline": _known(before.rate), "follow_up": _known(after.rate),
                "first_baseline": _known(_group(first, "first", offences, days).rate) if first["person"].n_unique() >= LEAST_PEOPLE else None,
                "expected_follow_up": _known(left.expected), "expected_change": _known(expected_change),
                **_limits("change", change), **_limits("remainder", left.remainder), **_limits("did", changes.effect),
                **_limits("trend", changes.trend), "controls": changes.controls, "matched": changes.matched,
                "finding": finding, "status": "final", "reason": reason,
            }
        )  # fmt: skip
    return rows


SIDES = ("before", "after", "early", "earliest")


def _sides(people: pl.DataFrame, offences: str, days: str) -> pl.DataFrame:
    """The columns of difference_in_differences; a year outside the records counts as no days."""
    return people.select(
        "person",
        "treated",
        *(pl.col(f"{name}_{offences}").fill_null(0).alias(f"{name}_offences") for name in SIDES),
        *(pl.col(f"{name}_{days}").fill_null(0).alias(f"{name}_days") for name in SIDES),
    )


def _group(people: pl.DataFrame, name: str, offences: str, days: str, sign: int = 1) -> Group:
    return Group(
        sign,
        _column(people, f"{name}_{offences}"),
        _column(people, f"{name}_{days}") / YEAR,
        people["person"].to_numpy(),
    )


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _limits(name: str, found: Contrast) -> dict[str, float | None]:
    return {name: found.estimate, f"{name}_lower": found.lower, f"{name}_upper": found.upper}


def conclude(people: int, remainder: Contrast, changes: Changes) -> tuple[str, str]:
    """A code, never words: fewer, more, cannot_tell or no_verdict, and the reason where there is one.

    Fewer (more) only where both the remainder beyond the expected fall and the difference-in-differences lie wholly
    below (above) nothing, and the two sides moved in step before. A raw change never decides.
    """
    if people < LEAST_PEOPLE:
        return "no_verdict", TOO_FEW
    if remainder.upper is None or remainder.lower is None:
        return "no_verdict", "the expected fall is not available"
    effect, trend = changes.effect, changes.trend
    if effect.upper is None or effect.lower is None:
        return "no_verdict", "nobody comparable to set beside them"
    if trend.lower is not None and trend.upper is not None and (trend.lower > 0 or trend.upper < 0):
        return "cannot_tell", "the comparison group did not move in step in earlier years"
    fewer, more = max(remainder.upper, effect.upper) < 0, min(remainder.lower, effect.lower) > 0
    return ("fewer" if fewer else "more" if more else "cannot_tell"), ""
