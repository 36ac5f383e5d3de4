"""The planted truth drives the simulated offending, and selection at a peak deceives a naive before and after."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from etl.synthetic import truth
from etl.synthetic.calendar import CUTOFF, START
from etl.synthetic.directory import PROGRAMMES
from etl.synthetic.places import THRESHOLD
from etl.synthetic.simulation import simulate
from etl.synthetic.truth import SCHEMES

PEOPLE = 4000


def _only(iom: float = 1.0, men: float = 1.0, women: float = 1.0) -> truth.Truth:
    return replace(
        truth.draw(5),
        scheme={name: iom if name == "iom" else 1.0 for name in SCHEMES},
        programme_men={programme.code: men for programme in PROGRAMMES},
        programme_women={programme.code: women for programme in PROGRAMMES},
    )


def _first_starts(frame: pl.DataFrame, day: str) -> pl.DataFrame:
    found = frame.group_by("person").agg(pl.col(day).min().alias("began"))
    return found.filter((pl.col("began") >= START + 365) & (pl.col("began") < CUTOFF - 365))


def _offences(block, began: pl.DataFrame, first: int, last: int) -> int:
    """Offences of these people on days first to last after they began."""
    joined = block.incidents.join(began, on="person")
    since = pl.col("day") - pl.col("began")
    return int(joined.filter((since > first) & (since <= last))["offences"].sum())


def _ratio(block, other, starts) -> float:
    """Offences in the half year after the first start, against the same people's in the other county.

    Both counties share every random number, so until something has an effect they are the same county. Later the
    ratio drifts towards one: those who would have offended most would have been in custody.
    """
    both = starts(block).join(starts(other), on=["person", "began"])
    assert both.height >= 40
    return _offences(block, both, 0, 180) / _offences(other, both, 0, 180)


def _iom(block):
    return _first_starts(block.episodes.filter(pl.col("scheme") == 0), "start")


def test_before_selection_effects_change_nothing(nothing_works):
    strong = simulate(PEOPLE, 5, _only(iom=0.3))
    both = _iom(strong).join(_iom(nothing_works), on=["person", "began"])
    ratio = _offences(strong, both, -365, 0) / _offences(nothing_works, both, -365, 0)
    assert ratio == pytest.approx(1.0, abs=0.03)


def test_the_scheme_does_what_was_planted(nothing_works):
    planted = _only(iom=0.3)

    def where_it_works(block):
        iom = (pl.col("scheme") == 0) & (pl.col("district") != planted.no_effect_index)
        return _first_starts(block.episodes.filter(iom), "start")

    assert 0.2 <= _ratio(simulate(PEOPLE, 5, planted), nothing_works, where_it_works) <= 0.5


def test_nothing_works_in_the_district_without_effect(nothing_works):
    planted = _only(iom=0.3)
    strong = simulate(PEOPLE, 5, planted)

    def there(block):
        iom = block.episodes.filter((pl.col("scheme") == 0) & (pl.col("district") == planted.no_effect_index))
        other = block.episodes.filter((pl.col("scheme") == 0) & (pl.col("district") != planted.no_effect_index))
        return _first_starts(iom, "start").join(other.select("person"), on="person", how="anti")

    assert _ratio(strong, nothing_works, there) == pytest.approx(1.0, abs=0.05)


def test_programmes_act_by_sex(nothing_works):
    block = simulate(PEOPLE, 5, _only(men=0.3, women=1.0))
    female = block.people.female

    def started(which):
        def starts(one):
            chosen = one.referrals.filter(pl.Series(female[one.referrals["person"].to_numpy()] == which))
            return _first_starts(chosen.filter(pl.col("started") < CUTOFF), "started")

        return starts

    assert 0.2 <= _ratio(block, nothing_works, started(False)) <= 0.55
    assert _ratio(block, nothing_works, started(True)) == pytest.approx(1.0, abs=0.05)


def test_harm_is_planted_too(nothing_works):
    def starts(block):
        return _first_starts(block.referrals.filter(pl.col("started") < CUTOFF), "started")

    assert _ratio(simulate(PEOPLE, 5, _only(men=1.6, women=1.6)), nothing_works, starts) >= 1.2


def test_a_naive_before_and_after_falls_though_nothing_works(nothing_works):
    began = _iom(nothing_works)
    before, after = _offences(nothing_works, began, -365, 0), _offences(nothing_works, began, 0, 365)
    assert after < 0.75 * before


def test_the_programme_that_takes_easy_cases_looks_good(nothing_works):
    codes = [programme.code for programme in PROGRAMMES]
    easy = codes.index(truth.draw(5).easy_cases_programme)
    begun = nothing_works.referrals.filter((pl.col("started") < CUTOFF - 365) & (pl.col("started") > START))

    def a_head(frame):
        began = frame.select("person", pl.col("started").alias("began"))
        return _offences(nothing_works, began, 0, 365) / began.height

    assert a_head(begun.filter(pl.col("programme") == easy)) < 0.6 * a_head(begun.filter(pl.col("programme") != easy))


def test_every_seed_plants_each_kind_of_truth():
    districts = set()
    for seed in range(40):
        drawn = truth.draw(seed)
        special = {drawn.harmful_programme, drawn.women_only_programme, drawn.easy_cases_programme}
        assert len(special) == 3
        assert drawn.programme_men[drawn.harmful_programme] > 1.3 < drawn.programme_women[drawn.harmful_programme]
        assert drawn.programme_men[drawn.women_only_programme] == 1.0
        assert drawn.programme_women[drawn.women_only_programme] <= 0.6
        assert (
            drawn.programme_men[drawn.easy_cases_programme] == drawn.programme_women[drawn.easy_cases_programme] == 1.0
        )
        assert all(0.5 <= effect <= 1.0 for effect in drawn.scheme.values())
        districts.add(drawn.no_effect_district)
    assert len(districts) > 1


def test_districts_select_at_different_scores(usual):
    joined = usual.decisions.filter(pl.col("decision") == 0)
    by_place = joined.group_by("district").agg(pl.col("score").mean()).sort("district")["score"].to_numpy()
    assert len(by_place) == 6
    assert len(set(THRESHOLD)) >= 3
    assert np.ptp(by_place) > 0.5
