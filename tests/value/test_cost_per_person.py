"""Cost for each: the cases of docs/methods/cost-per-person.md, nobody, limits, case mix, and the rows of a small county."""

import random
from typing import Any

import numpy as np
import polars as pl
import pytest

from common.errors import ProblemError
from metrics.kinds.proportion import wilson
from metrics.value.cost_per_person import Adjusted, Each, Rounded, adjusted, averages, cost_for_each, limits
from metrics.value.cost_rows import cost_table
from metrics.value.published import Published

TIER_COSTS = {"A": {"1": 80_000.0, "2": 20_000.0}, "B": {"1": 30_000.0, "2": 50_000.0}}
YEARS = {"A": {"1": 16.0, "2": 10.0}, "B": {"1": 4.0, "2": 30.0}}
PEOPLE = {"A": 40, "B": 60}


class TestWorkedByHand:
    """docs/methods/cost-per-person.md has every step."""

    def test_plain(self) -> None:
        assert [cost_for_each(sum(TIER_COSTS[d].values()), PEOPLE[d]).value for d in "AB"] == [
            2500,
            pytest.approx(1333.33, abs=0.01),
        ]

    def test_adjusted(self) -> None:
        costs, years = ({t: sum(one[d][t] for d in "AB") for t in "12"} for one in (TIER_COSTS, YEARS))
        average = averages(costs, years)
        assert average == {"1": 5500, "2": 1750}
        a, b = (adjusted(sum(TIER_COSTS[d].values()), YEARS[d], average) for d in "AB")
        assert a == Adjusted(105_500, 100_000 / 105_500)
        assert b == Adjusted(74_500, 80_000 / 74_500)
        assert (round(a.ratio, 3), round(b.ratio, 3)) == (0.948, 1.074)
        assert (round(a.ratio * 1800), round(b.ratio * 1800)) == (1706, 1933)

    def test_a_completion(self) -> None:
        found = cost_for_each(24_000, 12, 30)
        assert found.value == 2000
        assert (round(found.lower or 0), round(found.upper or 0)) == (1387, 3253)


def test_nobody_is_never_divided_by() -> None:
    assert cost_for_each(1000, 0) == Each(None)
    assert cost_for_each(1000, 0, 0) == Each(None)
    found = cost_for_each(1000, 0, 20)
    assert (found.value, found.upper) == (None, None)
    assert found.lower is not None


def test_what_is_refused() -> None:
    for cost, count, people in ((-1.0, 3, None), (1.0, -1, None), (1.0, 5, 4), (float("nan"), 1, None)):
        with pytest.raises(ProblemError):
            cost_for_each(cost, count, people)


def test_limits_are_wilsons_turned_round() -> None:
    rng = random.Random(1)
    for _ in range(50):
        people = rng.randrange(1, 400)
        count = rng.randrange(1, people + 1)
        low, high = (float(side[0]) for side in wilson(np.array([count / people]), np.array([float(people)])))
        found = cost_for_each(7000, count, people)
        assert found.lower == pytest.approx(7000 / (people * high))
        assert found.upper == pytest.approx(7000 / (people * low))
        assert found.lower <= (found.value or 0) <= (found.upper or 0) + 1e-9


def test_limits_from_rounded_figures_hold_those_from_the_exact_ones() -> None:
    """People and counts to the nearest 5, pounds to two figures: whatever was rounded, the exact limits lie inside."""
    rng = random.Random(2)
    for _ in range(500):
        people, cost = rng.randrange(30, 300), rng.uniform(2000, 900_000)
        count = rng.randrange(10, people - 9)
        size = 10 ** (int(np.floor(np.log10(cost))) - 1)
        shown = [round(cost / size) * size, 5 * np.floor(count / 5 + 0.5), 5 * np.floor(people / 5 + 0.5)]
        exact = limits(*(np.array([float(x)]) for x in (cost, count, people)))
        coarse = limits(*(np.array([float(x)]) for x in shown), Rounded(2.5, 0.05))
        assert coarse[0][0] <= exact[0][0] + 1e-9
        assert coarse[1][0] >= exact[1][0] - 1e-9


class TestCaseMix:
    def test_expected_costs_add_up_to_the_whole_and_a_scale_of_costs_moves_no_ratio(self) -> None:
        rng = random.Random(3)
        for _ in range(50):
            names = [str(n) for n in range(rng.randrange(1, 6))]
            groups: list[dict[str, Any]] = [{n: rng.uniform(0, 40) for n in names} for _ in range(rng.randrange(2, 7))]
            spent = [{n: rng.uniform(0, 9e4) for n in names} for _ in groups]
            for by in (1.0, 7.3):
                average = averages(
                    {n: by * sum(one[n] for one in spent) for n in names}, {n: sum(g[n] for g in groups) for n in names}
                )
                found = [adjusted(by * sum(s.values()), g, average) for s, g in zip(spent, groups, strict=True)]
                total = sum(one.expected_cost for one in found if one)
                assert total == pytest.approx(by * sum(sum(one.values()) for one in spent))
                ratios = [one.ratio for one in found if one]
                if by == 1:
                    before = ratios
            assert ratios == pytest.approx(before)

    def test_a_stratum_without_an_average_says_nothing(self) -> None:
        assert adjusted(100, {"1": 3.0, "2": 1.0}, {"1": 20.0}) is None
        assert adjusted(100, {"1": 3.0, "2": 0.0}, {"1": 20.0}) == Adjusted(60, 100 / 60)
        assert adjusted(100, {}, {}) is None
        assert averages({"1": 5.0}, {"1": 0.0, "2": 2.0}) == {"2": 0.0}


def made(by: list[dict[str, Any]], reason: str = "") -> pl.DataFrame:
    zero: dict[str, Any] = {"cash": 0.0, "mainstream": 0.0, "in_kind": 0.0, "set_up": 0.0}
    common: dict[str, Any] = {"subject_kind": "scheme", "subject": "iom", "period": "2023/24", "reason": reason}
    return pl.DataFrame([common | zero | row for row in by])


def county() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    costs: list[dict[str, Any]] = [{"district": d, "cash": float(sum(TIER_COSTS[d].values()))} for d in "AB"] + [
        {"district": "", "cash": 180_000.0}
    ]
    tiers = [{"district": d, "tier": t, "cash": cost} for d in "AB" for t, cost in TIER_COSTS[d].items()]
    nobody: dict[str, Any] = {
        "months_at_liberty": None,
        "starts": 1,
        "completions": None,
        "accommodation_kept": 12,
        "work_kept": 0,
    }
    groups: list[dict[str, Any]] = [
        *({"district": d, "tier": "", "people": PEOPLE[d], "person_years": sum(YEARS[d].values())} for d in "AB"),
        *({"district": d, "tier": t, "people": 20, "person_years": YEARS[d][t]} for d in "AB" for t in "12"),
        {"district": "", "tier": "", "people": 100, "person_years": 60.0},
    ]
    common: dict[str, Any] = {"subject_kind": "scheme", "subject": "iom", "period": "2023/24"}
    managed = pl.DataFrame([common | nobody | row for row in groups], infer_schema_length=None)
    return made(costs), made(tiers), managed


class TestRows:
    def test_a_district_is_read_against_the_whole_scheme_by_tier(self) -> None:
        costs, tiers, managed = county()
        rows = cost_table(costs, tiers, managed, {}, "2023/24")
        mine = rows.filter((pl.col("basis") == "cash") & (pl.col("measure") == "person") & (pl.col("tier") == ""))
        a = mine.filter(pl.col("district") == "A").to_dicts()[0]
        assert (a["value"], a["expected_cost"], a["standard"], a["strata"]) == (2500, 105_500, 1800, "tier")
        assert round(a["adjusted"]) == 1706
        assert (a["lower"], a["price_year"], a["reason"]) == (None, "2023/24", "")

    def test_a_tier_costs_what_its_lines_say(self) -> None:
        rows = cost_table(*county(), {}, "2023/24")
        one = rows.filter((pl.col("tier") == "1") & (pl.col("district") == "A") & (pl.col("measure") == "person_year"))
        assert one["value"].unique().to_list() == [5000]

    def test_reasons(self) -> None:
        rows = cost_table(*county(), {}, "2023/24")
        why = {row["measure"]: row["reason"] for row in rows.filter(pl.col("district") == "").iter_rows(named=True)}
        assert why == {
            "person": "", "person_year": "", "accommodation_kept": "",
            "month_at_liberty": "no custody is recorded, so that nobody can tell who was at liberty",
            "completion": "a scheme is not completed", "work_kept": "nobody kept work or training",
        }  # fmt: skip

    def test_programmes_are_read_against_one_another_by_what_is_expected_of_their_people(self) -> None:
        """Four times the offences expected a person, four times the cost a person: a ratio of 1 for both."""
        common: dict[str, Any] = {"period": "2023/24", "subject_kind": "programme", "district": "", "tier": ""}
        counts = {
            "person_years": 5.0,
            "months_at_liberty": 50.0,
            "completions": 6,
            "accommodation_kept": 1,
            "work_kept": 1,
        }
        managed = pl.DataFrame([
            common | counts | {"subject": "hard", "people": 10, "starts": 10},
            common | counts | {"subject": "light", "people": 40, "starts": 40},
        ])  # fmt: skip
        costs = made(
            [
                {"subject_kind": "programme", "district": "", "subject": name, "cash": 8000.0}
                for name in ("hard", "light")
            ]
        )
        said = {
            ("programme", "hard", ""): Published(400, "comparison"),
            ("programme", "light", ""): Published(100, "comparison"),
        }
        rows = cost_table(costs, pl.DataFrame(schema={**costs.schema, "tier": pl.String}), managed, said, "2023/24")
        person = rows.filter((pl.col("measure") == "person") & (pl.col("basis") == "cash")).sort("subject").to_dicts()
        assert [row["value"] for row in person] == [800, 200]
        assert [row["ratio"] for row in person] == [1, 1]
        assert {row["adjusted"] for row in person} == {16_000 / 50}
        assert {row["strata"] for row in person} == {"expected_offences"}

    def test_a_year_that_cannot_be_used_has_no_cost_for_each(self) -> None:
        costs, tiers, managed = county()
        late = costs.with_columns(reason=pl.lit("its costs begin part way through the year"))
        assert cost_table(late, tiers, managed, {}, "2023/24").is_empty()
