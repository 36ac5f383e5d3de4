"""The cube and the kinds against a slow twin: plain loops over the rows."""

import importlib.util
import math
import random
from collections import defaultdict
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from metrics.catalogue import Definition, catalogue
from metrics.compute import figures
from metrics.cube import cells, histogram
from metrics.periods import year_of

spec = importlib.util.spec_from_file_location("statistics_store", Path(__file__).with_name("store.py"))
small = importlib.util.module_from_spec(spec)
spec.loader.exec_module(small)

DEFINITIONS = [d for d in catalogue().values() if d.fact == "index_event"]
TABLES = [(), ("sex",), ("need",), ("home_district", "sex"), ("home_district", "need")]
KINDS = ("quarter", "year", "all")
AGAINST = ("expected_reoffending_rate", "observed_minus_expected", "observed_over_expected")


def measured(indicator: str, row: dict) -> tuple[float, float] | None:  # noqa: PLR0911
    """X and D of one row, None where either is unknown."""
    if indicator == "reoffending_rate":
        return float(row["reoffended"]), 1.0
    if indicator == "reoffences_per_100":
        return float(row["reoffences"]), 1.0
    if indicator == "reoffences_per_reoffender":
        return float(row["reoffences"]), float(row["reoffended"])
    if indicator == "days_to_first_reoffence":
        return float(row["days_to_first"] or row["days_observed"]), 1.0
    if indicator == "scorable_share":
        return float(row["ogrs3"] is not None), 1.0
    if indicator in ("serious_acquisitive_rate", "serious_acquisitive_per_100"):
        thefts = row["acquisitive_reoffences"]
        return None if thefts is None else (float(thefts > 0) if indicator.endswith("rate") else float(thefts), 1.0)
    if indicator == "severity_of_reoffending":
        return None if row["severity"] is None else (row["severity"], 1.0)
    if indicator in AGAINST:
        return None if row["ogrs3"] is None else (row["reoffended"] - row["ogrs3"], 1.0)
    if row["days_at_liberty"] is None:
        return None
    return float(row["liberty_offences"]), float(row["days_at_liberty"])


def period_of(row: dict, kind: str) -> str | None:
    if kind == "quarter":
        return row["period"]
    if kind == "year":
        return year_of(row["period"])
    return None if row["period"] == "2024Q2" else "all"


def groups(row: dict, table: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The groups that a row is in: one, or one for each need."""
    found: list[tuple[str, ...]] = [()]
    for name in table:
        value = row[name]
        options = ["not_known"] if value is None else value if isinstance(value, list) else [value]
        found = [(*group, option) for group in found for option in options]
    return found


def twin(rows: list[dict], kind: str, table: tuple[str, ...]) -> dict[tuple, list[dict]]:
    by_cell = defaultdict(list)
    for row in rows:
        period = period_of(row, kind)
        for group in groups(row, table):
            if period is not None:
                by_cell[row["cohort"], period, *group].append(row)
    return by_cell


def kaplan_meier(rows: list[dict], horizon: int) -> float:
    """Area under the curve, day by day."""
    free, area = 1.0, 0.0
    for day in range(horizon + 1):
        at_risk = sum(1 for r in rows if (r["days_to_first"] or r["days_observed"]) >= day)
        events = sum(1 for r in rows if r["days_to_first"] == day)
        if at_risk:
            free *= 1 - events / at_risk
        if day < horizon:
            area += free
    return area


def key(row: dict) -> tuple:
    return tuple(row[name] for name in ("cohort", "period", "val1", "val2") if row[name] != "")


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("table", TABLES)
def test_cells_and_figures_equal_loops_over_the_rows(seed: int, table: tuple[str, ...]) -> None:
    rows = small.random_rows(seed)
    con = small.store(rows)
    found = cells(con, "index_event", DEFINITIONS, [table], KINDS)
    values = figures(con, DEFINITIONS, [table], KINDS)
    for kind in KINDS:
        expected = twin(rows, kind, table)
        for definition in (d for d in DEFINITIONS if d.takes(table)):
            mine = found.filter((pl.col("indicator") == definition.id) & (pl.col("period_kind") == kind))
            assert {key(row) for row in mine.to_dicts()} == set(expected)
            for row in mine.to_dicts():
                check_sums(definition.id, definition.kind, row, expected[key(row)])
                if kind not in definition.periods:
                    continue
                shown = values.filter(
                    (pl.col("indicator") == definition.id)
                    & (pl.col("cohort") == row["cohort"])
                    & (pl.col("period") == row["period"])
                    & (pl.col("val1") == row["val1"])
                    & (pl.col("val2") == row["val2"])
                ).to_dicts()
                assert len(shown) == 1
                check_value(definition, shown[0], expected[key(row)])


def check_sums(indicator: str, kind: str, row: dict, members: list[dict]) -> None:
    person: dict[str, list[float]] = {}
    for member in members:
        known = measured(indicator, member)
        if known is not None:
            sums = person.setdefault(member["person_key"], [0.0, 0.0])
            sums[0] += known[0]
            sums[1] += known[1]
    pairs = list(person.values())
    assert row["people"] == len({m["person_key"] for m in members})
    assert row["entries"] == len(members)
    assert row["known"] == len(pairs)
    assert row["n"] == sum(1 for _, d in pairs if d)
    assert row["positive"] == sum(1 for x, _ in pairs if x > 0)
    for name, power in {"sx": (1, 0), "sd": (0, 1), "sxx": (2, 0), "sxd": (1, 1), "sdd": (0, 2)}.items():
        assert row[name] == pytest.approx(math.fsum(x ** power[0] * d ** power[1] for x, d in pairs))
    if kind == "ratio":
        for name, power in {"sxxx": (3, 0), "sxxd": (2, 1), "sxdd": (1, 2), "sddd": (0, 3)}.items():
            assert row[name] == pytest.approx(math.fsum(x ** power[0] * d ** power[1] for x, d in pairs))
        largest = sorted((x for x, _ in pairs), reverse=True)
        assert row["top1"] == (largest[0] if largest else 0)
        if row["people"] > 1:
            assert row["top2"] == (largest[1] if len(largest) > 1 else 0)


def check_value(definition, shown: dict, members: list[dict]) -> None:
    if shown["status"] == "immature":
        assert shown["value"] is None
        assert shown["numerator"] is None
        return
    known = [pair for pair in (measured(definition.id, m) for m in members) if pair is not None]
    bottom = sum(d for _, d in known)
    if not bottom:
        assert (shown["status"], shown["value"]) == ("not available", None)
        assert shown["reason"]
    elif definition.id in AGAINST:
        check_against(definition, shown, [m for m in members if m["ogrs3"] is not None])
    elif definition.kind == "survival":
        assert shown["value"] == pytest.approx(kaplan_meier(members, 365))
        assert shown["numerator"] == sum(m["reoffended"] for m in members)
    else:
        assert shown["value"] == pytest.approx(definition.scale * sum(x for x, _ in known) / bottom)
        assert shown["lower"] <= shown["value"] + 1e-9
        assert shown["upper"] >= shown["value"] - 1e-9


def check_against(definition: Definition, shown: dict, members: list[dict]) -> None:
    """By hand: O people reoffended, E were expected to, of D entries."""
    o, e, d = sum(m["reoffended"] for m in members), sum(m["ogrs3"] for m in members), len(members)
    wanted = {
        "expected_reoffending_rate": (100 * e / d, e, d),
        "observed_minus_expected": (100 * (o - e) / d, o - e, d),
        "observed_over_expected": (o / e, o, e),
    }[definition.id]
    assert (shown["value"], shown["numerator"], shown["denominator"]) == pytest.approx(wanted)
    if definition.id == "expected_reoffending_rate":
        assert shown["lower"] is shown["upper"] is None
    else:
        assert shown["lower"] <= shown["value"] + 1e-9 <= shown["upper"] + 2e-9


def test_the_order_of_rows_changes_nothing() -> None:
    rows = small.random_rows(7)
    mixed = rows[:]
    random.Random(1).shuffle(mixed)
    first, second = (figures(small.store(these), DEFINITIONS, TABLES) for these in (rows, mixed))
    assert_frame_equal(first, second, check_row_order=False)


def test_partition_groups_add_up_and_overlapping_ones_do_not() -> None:
    con = small.store(small.random_rows(5))
    found = cells(con, "index_event", DEFINITIONS, [(), ("sex",), ("need",)], ["quarter"])
    total = found.filter(pl.col("dim1") == "").group_by("indicator").agg(pl.col("sx", "sd", "entries").sum())
    parts = found.filter(pl.col("dim1") == "sex").group_by("indicator").agg(pl.col("sx", "sd", "entries").sum())
    assert_frame_equal(total, parts, check_row_order=False)
    needs = found.filter(pl.col("dim1") == "need").group_by("indicator").agg(pl.col("entries").sum())
    assert needs["entries"].to_list() != total["entries"].to_list()


def test_a_filter_gives_the_group_of_the_table() -> None:
    con = small.store(small.random_rows(6))
    by_sex = figures(con, DEFINITIONS, [("sex",)]).filter(pl.col("val1") == "male").drop("dim1", "val1")
    filtered = figures(con, DEFINITIONS, [()], where={"sex": "male"}).drop("dim1", "val1")
    assert_frame_equal(by_sex, filtered, check_row_order=False)
    these = [d for d in DEFINITIONS if d.takes(("need",))]
    by_need = figures(con, these, [("need",)]).filter(pl.col("val1") == "health").drop("dim1", "val1")
    filtered = figures(con, these, [()], where={"need": "health"}).drop("dim1", "val1")
    assert_frame_equal(by_need, filtered, check_row_order=False)


def test_three_dimensions_cross_freely() -> None:
    rows = small.random_rows(8)
    found = figures(small.store(rows), DEFINITIONS, [("home_district", "sex", "need")], ["all"])
    cell = found.filter(
        (pl.col("indicator") == "reoffending_rate")
        & (pl.col("cohort") == "adults")
        & (pl.col("val1") == "fenland")
        & (pl.col("val2") == "male")
        & (pl.col("val3") == "health")
    ).to_dicts()
    members = twin(rows, "all", ("home_district", "sex", "need")).get(
        ("adults", "all", "fenland", "male", "health"), []
    )
    assert [c["denominator"] for c in cell] == ([len(members)] if members else [])


def test_every_wait_is_in_the_histogram_once() -> None:
    rows = small.random_rows(9)
    waits = histogram(small.store(rows), "index_event", DEFINITIONS, [(), ("sex",)], ["quarter"])
    named = waits.days.join(waits.cells, on="cell").filter(pl.col("dim1") == "sex")
    assert named["events"].sum() == sum(row["reoffended"] for row in rows)
    assert named["events"].sum() + named["censored"].sum() == len(rows)


def test_an_empty_fact_gives_no_figures() -> None:
    assert figures(small.store([]), DEFINITIONS, TABLES).is_empty()
