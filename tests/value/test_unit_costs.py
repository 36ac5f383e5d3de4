"""Unit costs of a mix: the docs' case, a plain twin, invariants, and which offence has which type."""

import csv

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import paths
from common.errors import ProblemError
from metrics.value.parameters import parameters
from metrics.value.prices import real
from metrics.value.unit_costs import NONE, crime_unit_costs, mix_cost, offence_type, with_types

TYPES = sorted(crime_unit_costs())
MIXES = st.dictionaries(st.sampled_from([*TYPES, NONE]), st.integers(0, 500), min_size=1).filter(
    lambda mix: sum(mix.values())
)


def test_the_case_in_the_docs() -> None:
    """10 robberies, 20 thefts from a shop and 10 without a unit cost, in 2015/16 prices."""
    found = mix_cost({"robbery": 10, "shop_theft": 20, NONE: 10}, "2015/16")
    shop = 100 * 75.47905 / 54.8102
    assert found.pounds == pytest.approx(0.25 * 11_320 + 0.5 * shop, rel=1e-9)
    assert found.pounds == pytest.approx(2898.85, abs=0.006)
    assert found.low == pytest.approx(0.25 * 9056 + 0.5 * shop / 2, rel=1e-9)
    assert (found.share_without, found.share_unchecked, found.share_from_memory) == (0.25, 0.75, 0.0)
    assert [one.type for one in found.by_type] == ["robbery", "shop_theft"]


def plain_twin(mix: dict[str, int], year: str) -> tuple[float, float, float]:
    """Each offence by itself, its pounds put in the year's prices, then the mean over all of them."""
    with paths.reference("crime_unit_costs.csv").open(encoding="utf-8", newline="") as file:
        costs = {row["type"]: row for row in csv.DictReader(file)}
    offences = [type_ for type_, count in mix.items() for _ in range(count)]
    sums = [0.0, 0.0, 0.0]
    for type_ in offences:
        if type_ in costs:
            for position, column in enumerate(("value", "low", "high")):
                sums[position] += real(float(costs[type_][column]), costs[type_]["price_year"], year, KNOWN)
    return sums[0] / len(offences), sums[1] / len(offences), sums[2] / len(offences)


KNOWN = parameters()


@given(
    st.dictionaries(st.sampled_from([*TYPES, NONE]), st.integers(0, 4), min_size=1).filter(
        lambda mix: sum(mix.values())
    )
)
def test_a_mix_agrees_with_its_plain_twin(mix: dict[str, int]) -> None:
    found = mix_cost(mix, "2023/24", KNOWN)
    assert (found.pounds, found.low, found.high) == pytest.approx(plain_twin(mix, "2023/24"), rel=1e-9)


@given(MIXES, st.integers(2, 9))
def test_shares_alone_count_and_ranges_hold_the_value(mix: dict[str, int], by: int) -> None:
    found = mix_cost(mix, "2023/24", KNOWN)
    scaled = mix_cost({type_: count * by for type_, count in mix.items()}, "2023/24", KNOWN)
    assert scaled.pounds == pytest.approx(found.pounds, rel=1e-12)
    assert found.low <= found.pounds <= found.high
    assert 0 <= found.share_from_memory <= found.share_unchecked <= 1 - found.share_without + 1e-12
    assert sum(one.share for one in found.by_type) + found.share_without == pytest.approx(1)


@given(MIXES)
def test_offences_without_a_unit_cost_only_dilute(mix: dict[str, int]) -> None:
    found = mix_cost(mix, "2023/24", KNOWN)
    more = mix_cost({**mix, NONE: mix.get(NONE, 0) + 10}, "2023/24", KNOWN)
    total = sum(mix.values())
    assert more.pounds * (total + 10) == pytest.approx(found.pounds * total, rel=1e-9)


@pytest.mark.parametrize(
    ("mix", "said"),
    [
        ({"spying": 3}, "1 type.s. of offence have no unit cost"),
        ({"robbery": -1}, "negative"),
        ({NONE: 0}, "no offence"),
        ({}, "no offence"),
    ],
)
def test_a_mix_that_cannot_be_used_is_told(mix: dict[str, float], said: str) -> None:
    with pytest.raises(ProblemError, match=said):
        mix_cost(mix, "2023/24")


@pytest.mark.parametrize(
    ("code", "group", "type_"),
    [
        ("001/01", "violence", "homicide"),
        ("008/06", "violence", "violence_with_injury"),
        ("8N", "violence", "violence_with_injury"),
        ("105/01", "violence", "violence_without_injury"),
        ("105A", "violence", "violence_without_injury"),
        (None, "violence", "violence_without_injury"),
        ("008/26", "weapons", NONE),
        ("019/08", "sexual", "rape"),
        ("020/03", "sexual", "other_sexual"),
        ("034/01", "robbery", "robbery"),
        ("34B", "robbery", "robbery"),
        ("028/01", "burglary", "domestic_burglary"),
        ("02801", "burglary", "domestic_burglary"),
        ("30/1", "burglary", "commercial_burglary"),
        ("not a code", "burglary", "domestic_burglary"),
        ("048/01", "vehicle", "theft_of_vehicle"),
        ("45", "vehicle", "theft_from_vehicle"),
        ("126/00", "vehicle", NONE),
        ("046/00", "theft", "shop_theft"),
        ("049/10", "theft", "other_theft"),
        ("39", "theft", "theft_from_person"),
        ("", "theft", "shop_theft"),
        ("056/01", "criminal_damage", "arson"),
        ("149/00", "criminal_damage", "criminal_damage"),
        ("053/01", "fraud", "fraud"),
        ("092/52", "drugs", NONE),
        ("802/01", "motoring", NONE),
        ("083/01", "breach", NONE),
        ("999", "a new group", NONE),
    ],
)
def test_which_offence_has_which_unit_cost(code: str | None, group: str, type_: str) -> None:
    assert offence_type(code, group) == type_


def test_every_group_of_the_store_is_mapped_to_a_type_that_has_a_cost_or_none() -> None:
    from etl.contracts.terms import OFFENCE_GROUPS

    with paths.reference("offence_unit_costs.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert {row["offence_group"] for row in listed} == set(OFFENCE_GROUPS)
    assert {row["type"] for row in listed} <= {*TYPES, "none"}
    for group in OFFENCE_GROUPS:  # a class that nobody has heard of, and none at all
        assert offence_type("777/01", group) in {*TYPES, NONE} and offence_type(None, group) in {*TYPES, NONE}


def test_without_a_class_the_cheapest_of_the_group_is_taken() -> None:
    """So that nothing is overstated; rape and homicide are never guessed."""
    costs = {type_: real(one.value, one.price_year, "2023/24") for type_, one in crime_unit_costs().items()}
    with paths.reference("offence_unit_costs.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    for group in {row["offence_group"] for row in listed if row["classes"] == "unknown"}:
        types = {row["type"] for row in listed if row["offence_group"] == group} - {"none"}
        assert offence_type(None, group) == min(types, key=costs.__getitem__), group


def test_a_frame_keeps_its_rows_and_order() -> None:
    frame = pl.DataFrame(
        {
            "offence_code": ["046/00", None, "046/00", "092/52"],
            "offence_group": ["theft", "theft", "theft", "drugs"],
            "n": [1, 2, 3, 4],
        }
    )
    found = with_types(frame)
    assert found["n"].to_list() == [1, 2, 3, 4]
    assert found["offence_type"].to_list() == ["shop_theft", "shop_theft", "shop_theft", NONE]
    assert with_types(frame.clear()).columns[-1] == "offence_type"
