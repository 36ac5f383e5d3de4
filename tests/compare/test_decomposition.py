"""Why a rate moved: by hand, adding up exactly, a slow twin over every order, planted causes told apart, intervals."""

import datetime as dt
import itertools

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from metrics.compare.decomposition import CERTAIN, PARTS, Change, Cohort, Doubt, decompose, season_factors, shapley
from metrics.compare.why_it_moved import COLUMNS, NO_PRISON, NOT_A_SHARE, SAME_QUARTERS, compute
from metrics.periods import periods, quarter_after, quarters, year_of


def cohort(rows: list[tuple[int, int, float, float, float]], season: float = 1.0, first: int = 0) -> Cohort:
    """(people, stratum, events each, events at liberty each, days each), everybody another person."""
    people = [row[1:] for row in rows for _ in range(row[0])]
    stratum, events, liberty, days = (np.array(column) for column in zip(*people, strict=True))
    return Cohort(
        np.arange(first, first + len(people)), stratum.astype(np.int64), events.astype(float), liberty.astype(float),
        days.astype(float), np.full(len(people), season),
    )  # fmt: skip


def values(of: Change) -> dict[str, float]:
    return {name: found[0] for name, found in of.parts.items() if found is not None}


def test_a_change_of_mix_alone_by_hand() -> None:
    """50 of low risk (1 each) and 50 of high (3 each), then 25 and 75: from 2.0 to 2.5, all of it mix."""
    low, high = (0, 1.0, 1.0, 100.0), (1, 3.0, 3.0, 100.0)
    found = decompose(cohort([(50, *low), (50, *high)]), cohort([(25, *low), (75, *high)], first=100), 2)
    assert (found.before[0], found.after[0]) == (2.0, 2.5)
    assert values(found) == pytest.approx({"mix": 0.5, "custody": 0.0, "remainder": 0.0})
    assert found.parts["season"] is None


def test_kitagawas_two_parts_by_hand() -> None:
    """Mix and rates both change. Kitagawa 1955: mix = Σ (w' - w)(r + r') / 2, rate = Σ (w + w')(r' - r) / 2.

    w 0.5, 0.5 -> 0.25, 0.75; r 1, 3 -> 2, 4: mix = -0.25 x 1.5 + 0.25 x 3.5 = 0.5; rates = 0.375 + 0.625 = 1.
    """
    first = cohort([(50, 0, 1.0, 1.0, 100.0), (50, 1, 3.0, 3.0, 100.0)])
    second = cohort([(25, 0, 2.0, 2.0, 100.0), (75, 1, 4.0, 4.0, 100.0)], first=100)
    found = values(decompose(first, second, 2))
    assert (found["mix"], found["remainder"], found["custody"]) == pytest.approx((0.5, 1.0, 0.0))


def test_a_fall_that_is_incapacitation_is_custody() -> None:
    """The same offending for each day at liberty, on half the days: everything is custody."""
    first, second = cohort([(40, 0, 4.0, 4.0, 360.0)]), cohort([(40, 0, 2.0, 2.0, 180.0)], first=100)
    found = decompose(first, second, 1)
    assert found.change[0] == -2
    assert values(found) == pytest.approx({"mix": 0, "custody": -2, "remainder": 0})


def test_offences_in_custody_are_custodys() -> None:
    first, second = cohort([(40, 0, 2.0, 2.0, 300.0)]), cohort([(40, 0, 3.0, 2.0, 300.0)], first=100)
    assert values(decompose(first, second, 1))["custody"] == pytest.approx(1.0)


def test_season_takes_what_the_quarter_brings() -> None:
    first, second = cohort([(40, 0, 2.0, 2.0, 300.0)], 0.8), cohort([(40, 0, 3.0, 3.0, 300.0)], 1.2, first=100)
    assert values(decompose(first, second, 1)) == pytest.approx({"mix": 0, "custody": 0, "season": 1.0, "remainder": 0})


def test_without_prisons_custody_is_in_the_remainder() -> None:
    nan = float("nan")
    first, second = cohort([(40, 0, 4.0, nan, nan)]), cohort([(40, 0, 2.0, nan, nan)], first=100)
    found = decompose(first, second, 1)
    assert found.parts["custody"] is None
    assert values(found)["remainder"] == -2


def slow_shapley(worth: dict[frozenset[str], float], names: list[str]) -> dict[str, float]:
    """Each part's effect, averaged over every order in which the parts can be changed."""
    totals = dict.fromkeys(names, 0.0)
    orders = list(itertools.permutations(names))
    for order in orders:
        for i, name in enumerate(order):
            totals[name] += worth[frozenset(order[: i + 1])] - worth[frozenset(order[:i])]
    return {name: total / len(orders) for name, total in totals.items()}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-50, 50), min_size=16, max_size=16))
def test_shapley_equals_every_order_and_adds_up(numbers: list[float]) -> None:
    sets = [frozenset(c) for n in range(5) for c in itertools.combinations(PARTS, n)]
    worth = dict(zip(sets, numbers, strict=True))
    found = {name: float(v[0]) for name, v in shapley(list(PARTS), lambda s: np.array([worth[s]])).items()}
    assert found == pytest.approx(slow_shapley(worth, list(PARTS)), abs=1e-9)
    assert sum(found.values()) == pytest.approx(worth[sets[-1]] - worth[sets[0]], abs=1e-9)


@settings(max_examples=60, deadline=None)
@example(322, True, True)  # the second cohort has no day at liberty
@given(st.integers(0, 10_000), st.booleans(), st.booleans())
def test_the_parts_add_up_exactly_even_where_strata_are_empty(seed: int, prison: bool, seasonal: bool) -> None:
    rng = np.random.default_rng(seed)

    def some(first: int) -> Cohort:
        n = int(rng.integers(1, 40))
        days = rng.choice([0.0, 100.0, 365.0], n)
        liberty = rng.poisson(2, n) * (days > 0)
        unknown = np.full(n, np.nan)
        season = np.full(n, rng.choice([0.8, 1.0, 1.3])) if seasonal else np.ones(n)
        return Cohort(
            np.arange(first, first + n), rng.integers(0, 4, n), (liberty + rng.poisson(0.3, n)).astype(float),
            liberty.astype(float) if prison else unknown, days if prison else unknown, season,
        )  # fmt: skip

    first, second = some(0), some(int(rng.integers(0, 40)))
    found = decompose(first, second, 4, replicates=5)
    assert found.before[0] == pytest.approx(first.events.mean())
    assert found.after[0] == pytest.approx(second.events.mean())
    assert sum(values(found).values()) == pytest.approx(second.events.mean() - first.events.mean(), abs=1e-9)
    back = decompose(second, first, 4, replicates=5)
    assert values(back) == pytest.approx({name: -value for name, value in values(found).items()}, abs=1e-9)


BEFORE, AFTER = (0.3, 1.0, 1.0), (0.5, 0.6, 0.8)


def simulated(rng: np.random.Generator, n: int, world: tuple[float, float, float], first: int) -> Cohort:
    """The world: the share at high risk, the days free of those held, the rate of offending."""
    high, liberty, rate = world
    stratum = (rng.random(n) < high).astype(np.int64)
    days = np.where(rng.random(n) < 0.5, 365.0 * liberty, 365.0)
    mean = np.where(stratum == 1, 3.0, 1.0) * rate * days / 365 * rng.gamma(1.0, 1.0, n)
    events = rng.poisson(mean).astype(float)
    return Cohort(np.arange(first, first + n), stratum, events, events, days, np.ones(n))


def test_planted_causes_are_recovered_with_their_intervals() -> None:
    """Mix 30% to 50% of high risk, half the people free for 60% of the year, offending down by a fifth: 400 people."""
    rng = np.random.default_rng(41)
    n = 200_000
    truth = values(decompose(simulated(rng, n, BEFORE, 0), simulated(rng, n, AFTER, n), 2, replicates=0))
    assert truth["mix"] > 0.2
    assert truth["custody"] < -0.2
    assert truth["remainder"] < -0.2
    inside = dict.fromkeys(truth, 0)
    mean = dict.fromkeys(truth, 0.0)
    for seed in range(120):
        one, two = simulated(rng, 400, BEFORE, 0), simulated(rng, 400, AFTER, 400)
        found = decompose(one, two, 2, seed=seed, replicates=150)
        for name, true in truth.items():
            value, low, high = found.parts[name]  # type: ignore[misc]
            inside[name] += low <= true <= high
            mean[name] += value / 120
    assert mean == pytest.approx(truth, abs=0.06), "without bias"
    assert {name: n / 120 for name, n in inside.items()} == pytest.approx(dict.fromkeys(truth, 0.95), abs=0.07)


def test_people_in_both_cohorts_are_drawn_together() -> None:
    """The same people twice, each as before: no change, and no doubt about it."""
    rng = np.random.default_rng(42)
    one = simulated(rng, 100, BEFORE, 0)
    same = decompose(one, one, 2)
    assert same.change == pytest.approx((0, 0, 0))
    apart = decompose(one, Cohort(one.person + 1000, *(getattr(one, n) for n in ("stratum", "events", "liberty_events", "days", "season"))), 2)  # fmt: skip
    assert apart.change[0] == pytest.approx(0)
    assert apart.change[2] - apart.change[1] > 0.5
    assert (same.people, apart.people) == (100, 200)


def test_seasons_by_hand_and_from_three_whole_years() -> None:
    names = quarters("2018Q2", "2021Q1")
    factor = {"1": 0.8, "2": 1.0, "3": 1.25, "4": 1.0}
    events = np.array([100 * factor[q[-1]] for q in names])
    found = season_factors(names, events, np.full(12, 1000.0))
    assert found is not None and found.factors == pytest.approx({f"Q{n}": f for n, f in factor.items()})
    assert found.doubt("2020Q4", "2021Q1").error == pytest.approx(0) and found.doubt("2020Q4", "2021Q1").freedom == 2
    assert season_factors(names[:11], events[:11], np.full(11, 1000.0)) is None


def test_how_unsure_a_season_is_by_hand() -> None:
    """Three years in which the summer quarter was 1.0, 1.1 and 1.3 times the spring one: the scatter of three logs."""
    names = quarters("2018Q2", "2021Q1")
    events = np.full(12, 100.0)
    events[[1, 5, 9]] = 100.0, 110.0, 130.0
    found = season_factors(names, events, np.full(12, 1000.0))
    logs = np.log([1.0, 1.1, 1.3])
    doubt = found.doubt("2021Q2", "2021Q3") if found else None
    assert doubt is not None and doubt.error == pytest.approx(logs.std(ddof=1) / np.sqrt(3)) and doubt.freedom == 2


def test_an_unsure_season_widens_what_it_moves_and_nothing_else() -> None:
    first = cohort([(40, 0, 2.0, 2.0, 300.0), (40, 1, 1.0, 1.0, 300.0)], 0.8)
    second = cohort([(50, 0, 3.0, 3.0, 300.0), (30, 1, 1.0, 1.0, 300.0)], 1.2, first=100)
    sure, unsure = (decompose(first, second, 2, season_doubt=doubt) for doubt in (CERTAIN, Doubt(0.2, 2.0)))
    assert values(sure) == pytest.approx(values(unsure)) and sure.change == unsure.change

    def width(of: Change, part: str) -> float:
        _, low, high = of.parts[part]  # type: ignore[misc]
        return high - low

    assert width(unsure, "season") > 3 * width(sure, "season")
    assert width(unsure, "remainder") > 1.5 * width(sure, "remainder")
    assert width(unsure, "mix") < 1.3 * width(sure, "mix")


def test_the_intervals_of_season_hold_it() -> None:
    """Three years of history, 100 people a quarter: 100 histories. Taken as known, its factors held it in a third."""
    rng = np.random.default_rng(45)
    names, factor = quarters("2018Q2", "2021Q1"), {1: 0.8, 2: 1.0, 3: 1.25, 4: 1.0}
    truth, held = 0.25, 0  # 1 to 1.25 a person
    for seed in range(100):
        counts = [rng.poisson(rng.gamma(0.8, factor[int(q[-1])] / 0.8, 100)).sum() for q in names]
        found = season_factors(names, np.array(counts, float), np.full(12, 100.0))
        assert found is not None
        sides = []
        for number in (2, 3):
            events = rng.poisson(rng.gamma(0.8, factor[number] / 0.8, 100)).astype(float)
            season = np.full(100, found.factors[f"Q{number}"])
            people = np.arange(100) + 1000 * number
            sides.append(Cohort(people, np.zeros(100, np.int64), events, events, np.ones(100), season))
        doubt = found.doubt("2021Q2", "2021Q3")
        change = decompose(sides[0], sides[1], 1, seed=seed, replicates=60, season_doubt=doubt)
        _, low, high = change.parts["season"]  # type: ignore[misc]
        held += low <= truth <= high
    assert 0.86 <= held / 100 <= 1.0


# --- the release table ------------------------------------------------------------------------------------------------


def store(prison: bool = True) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("CREATE TABLE cohort (id VARCHAR, entry VARCHAR, clock VARCHAR, district_dimension VARCHAR, follow_up_days INTEGER, publish BOOLEAN, sort INTEGER)")  # fmt: skip
    con.execute("INSERT INTO cohort VALUES ('scheme', 'scheme', 'reoffending', 'managing_district', 365, true, 0), ('two', 'scheme', 'reoffending', 'managing_district', 730, true, 1)")  # fmt: skip
    con.execute("CREATE TABLE period (period VARCHAR, parent VARCHAR)")
    con.execute("CREATE TABLE follow_up (cohort VARCHAR, period VARCHAR, state VARCHAR)")
    for span in periods("2018Q2", "2021Q2"):
        con.execute("INSERT INTO period VALUES (?, ?)", [span.period, span.parent])
        state = "complete" if span.end <= dt.date(2021, 6, 30) else "immature"
        con.execute("INSERT INTO follow_up VALUES ('scheme', ?, ?)", [span.period, state])
    con.execute(
        "CREATE TABLE index_event (cohort VARCHAR, period VARCHAR, person_key BIGINT, managing_district VARCHAR,"
        " young_adult VARCHAR, prior_band VARCHAR, index_kind VARCHAR, reoffended BOOLEAN, reoffences BIGINT,"
        " days_at_liberty INTEGER, liberty_offences BIGINT)"
    )
    rng = np.random.default_rng(43)
    rows, quarter = [], "2018Q2"
    while quarter != "2021Q3":
        for i in range(40):
            count = int(rng.poisson(1.5))
            free = 300 if prison else None
            rows.append(("scheme", quarter, i, "fenland" if i % 2 else "cambridge", "yes" if i % 3 else "no", "0", "release",
                         count > 0, count, free, count if prison else None))  # fmt: skip
        quarter = quarter_after(quarter)
    con.executemany("INSERT INTO index_event VALUES (?,?,?,?,?,?,?,?,?,?,?)", [list(row) for row in rows])
    return con


def test_the_release_table_sets_years_and_the_latest_quarter_side_by_side() -> None:
    found = compute(store(), dt.date(2023, 1, 1))
    assert found.columns == list(COLUMNS)
    county = found.filter((pl.col("district") == "") & (pl.col("indicator") == "reoffences_per_100"))
    assert county.select("from_period", "to_period").unique().sort("to_period", "from_period").rows() == [
        ("2018/19", "2019/20"), ("2019/20", "2020/21"), ("2020Q2", "2021Q2"), ("2021Q1", "2021Q2"),
    ]  # fmt: skip
    assert set(found["district"]) == {"", "fenland", "cambridge"}
    keys = ["cohort", "district", "indicator", "from_period", "to_period"]
    parts = found.filter(pl.col("part").is_in(PARTS)).group_by(keys).agg(pl.col("value").sum().alias("sum"))
    both = parts.join(found.filter(pl.col("part") == "change"), on=keys)
    assert both["sum"].to_list() == pytest.approx(both["value"].to_list(), abs=1e-9)
    ends = found.pivot("part", index=keys, values="value")
    assert (ends["after"] - ends["before"]).to_list() == pytest.approx(ends["change"].to_list(), abs=1e-9)
    season = county.filter(pl.col("part") == "season").select("from_period", "reason", "value").rows()
    assert [row[1] for row in season if row[0] == "2020Q2"] == [SAME_QUARTERS]
    assert [row[2] is not None for row in season if row[0] == "2021Q1"] == [True]
    year = found.filter((pl.col("part") == "before") & (pl.col("to_period") == "2019/20") & (pl.col("district") == ""))
    assert set(year["people"]) == {160}
    assert year_of("2018Q2") == "2018/19"


def test_what_cannot_be_told_apart_says_why() -> None:
    custody = compute(store(prison=False), dt.date(2023, 1, 1)).filter(pl.col("part") == "custody")
    assert set(custody.select("indicator", "reason").rows()) == {
        ("reoffences_per_100", NO_PRISON), ("reoffending_rate", NOT_A_SHARE),
    }  # fmt: skip
    assert custody["value"].null_count() == custody.height


def test_fewer_than_thirty_people_are_not_taken_apart() -> None:
    con = store()
    con.execute("DELETE FROM index_event WHERE person_key >= 29")
    found = compute(con, dt.date(2023, 1, 1))
    assert not found.filter(pl.col("to_period") == "2021Q2").height
    assert found.filter(pl.col("to_period") == "2019/20").height
    con.execute("DELETE FROM index_event")
    assert compute(con, dt.date(2023, 1, 1)).height == 0
