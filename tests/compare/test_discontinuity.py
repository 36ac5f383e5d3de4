"""Near misses: rdrobust's own answers, by brute force, by hand from a store, refusals, and planted effects."""

import datetime as dt
import re

import numpy as np
import polars as pl
import pytest

from app.calibrate.harness import judged
from app.calibrate.threshold import BUNCHING, CLAIMS, SETTINGS, SHARE, Setting, bunching, draw, drawn
from common.errors import ProblemError
from metrics.compare.density import density_check
from metrics.compare.discontinuity import Jump, _ratio, _selection_unknown, bandwidths, discontinuity, jump, refusal
from metrics.compare.result import RATE, TIME, Outcome
from metrics.compare.selection import COVARIATES, decisions, selection_frame, subject_of
from tests.facts.stores import empty_store, fill

POINTS = Outcome("points", "mean", "y", "points")


def made_up() -> dict[str, np.ndarray]:
    """600 people by arithmetic alone, so that any program can be given the same: an effect of -1.5 at the threshold."""
    i = np.arange(1, 601)
    u, v, w = ((i * step) % 1 for step in (0.6180339887498949, 0.7548776662466927, 0.5698402909980532))
    x = np.round(20 * (u + v - 0.8), 6)
    noise = 3 * (w - 0.5) + np.cos(7 * i)
    some = np.where(x >= 0, (i % 10) < 7, (i % 10) < 1).astype(float)
    whole = np.floor(x)

    def outcome(at: np.ndarray, treated: np.ndarray) -> np.ndarray:
        return 2 + 0.1 * at + 0.004 * at**2 - 1.5 * treated + noise

    return {
        "x": x, "y": outcome(x, (x >= 0).astype(float)), "whole": whole, "y whole": outcome(whole, (whole >= 0).astype(float)),
        "some": some, "y some": outcome(x, some),
    }  # fmt: skip


# rdrobust 2.1.1 for Python, vce = "hc3": h, b, conventional estimate, bias-corrected estimate, robust standard error.
@pytest.mark.parametrize(
    ("x", "y", "h", "b", "plain", "corrected", "error"),
    [
        ("x", "y", 4.33159133, 6.97151757, -1.76312442, -1.81162748, 0.34957470),
        ("whole", "y whole", 5.44169103, 9.19694907, -1.69368385, -1.75876081, 0.38065976),
    ],
)
def test_equals_rdrobust(  # noqa: PLR0917  what rdrobust prints
    x: str, y: str, h: float, b: float, plain: float, corrected: float, error: float
) -> None:
    data = made_up()
    widths = bandwidths(data[x], data[y])
    assert widths == pytest.approx((h, b), rel=1e-6)
    found = jump(data[x], data[y][:, None], *widths)
    assert (found.plain[0], found.corrected[0]) == pytest.approx((plain, corrected), rel=1e-6)
    assert np.sqrt(found.covariance[0, 0]) == pytest.approx(error, rel=1e-6)


def test_equals_rdrobust_when_fuzzy() -> None:
    """rdrobust 2.1.1 (fuzzy, sharpbw): bandwidths 5.58957889 and 9.06747521, conventional -1.81080162, interval -2.760 to
    -0.995 by the delta method; ours is Fieller's and close to it where selection changes much."""
    data = made_up()
    frame = pl.DataFrame(
        {"cluster": range(600), "distance": data["x"], "treated": data["some"] > 0, "y": data["y some"]}
    )
    found = discontinuity(frame, POINTS)
    assert (found.bandwidth, found.bias_bandwidth) == pytest.approx((5.58957889, 9.06747521), rel=1e-6)
    assert found.conventional == pytest.approx(-1.81080162, rel=1e-6)
    assert (found.effect.lower, found.effect.upper) == pytest.approx((-2.760, -0.995), abs=0.1)
    assert found.design == "fuzzy"


def test_the_jump_in_selection_equals_rdrobust() -> None:
    """rdrobust 2.1.1 with h = 8 and b = 12: 0.68757062, corrected 0.71862991, robust error 0.10123380."""
    data = made_up()
    found = jump(data["x"], data["some"][:, None], 8, 12)
    assert (found.plain[0], found.corrected[0]) == pytest.approx((0.68757062, 0.71862991), rel=1e-6)
    assert np.sqrt(found.covariance[0, 0]) == pytest.approx(0.10123380, rel=1e-6)


def test_local_lines_equal_weighted_regression() -> None:
    """statsmodels' WLS with triangular weights on each side; with h = b the corrected jump is that of local quadratics."""
    import statsmodels.api as sm

    data = made_up()
    found = jump(data["x"], data["y"][:, None], 6, 6)
    for degree, mine in ((1, found.plain[0]), (2, found.corrected[0])):
        ends = []
        for side in (data["x"] < 0, data["x"] >= 0):
            near = side & (np.abs(data["x"]) < 6)
            design = data["x"][near, None] ** np.arange(degree + 1)
            ends.append(sm.WLS(data["y"][near], design, weights=1 - np.abs(data["x"][near]) / 6).fit().params[0])
        assert mine == pytest.approx(ends[1] - ends[0])


def test_fiellers_interval_by_brute_force() -> None:
    """All ratios that the test of dy - r dt = 0 does not turn down."""
    found = Jump(
        np.zeros(2), np.array([-0.3, 0.5]), np.array([[0.01, -0.002], [-0.002, 0.006]]), np.zeros(2), np.zeros(2)
    )
    estimate, lower, upper, _ = _ratio(found, sharp=False)
    r = np.linspace(-5, 5, 200_001)
    kept = r[(-0.3 - 0.5 * r) ** 2 <= 1.959964**2 * (0.01 + 2 * 0.002 * r + 0.006 * r**2)]
    assert (estimate, lower, upper) == pytest.approx((-0.6, kept.min(), kept.max()), abs=1e-4)
    weak = Jump(np.zeros(2), np.array([-0.3, 0.1]), np.array([[0.01, 0.0], [0.0, 0.006]]), np.zeros(2), np.zeros(2))
    assert _ratio(weak, sharp=False)[1:3] == (None, None)


def test_a_straight_line_has_no_jump_and_a_step_is_found_exactly() -> None:
    x = np.arange(-40, 40) / 2
    assert jump(x, (3 + 0.2 * x)[:, None], 8, 9).corrected == pytest.approx([0], abs=1e-9)
    assert jump(x, (3 + 0.2 * x + 0.1 * x**2 - 2 * (x >= 0))[:, None], 8, 9).corrected == pytest.approx([-2])


@pytest.mark.parametrize(
    ("x", "says"),
    [
        (np.r_[-np.arange(1, 20), np.arange(200)], "19 people below the threshold and 200 at or above it"),
        (
            np.r_[np.repeat([-1, -2, -3], 50), np.repeat(np.arange(10), 20)],
            "too coarse: 3 different scores below the threshold and 10",
        ),
        (np.r_[np.repeat([-1, -2, -3, -4, -5], 20), np.repeat(np.arange(5), 20)], ""),
    ],
)
def test_it_refuses_and_says_why(x: np.ndarray, says: str) -> None:
    assert says in refusal(x.astype(float))
    assert (refusal(x.astype(float)) == "") == (says == "")


def test_a_refusal_is_an_answer_with_a_reason_and_no_figure() -> None:
    x = np.repeat([-2.0, -1, 0, 1, 2, 3], 40)
    frame = pl.DataFrame({"cluster": range(240), "distance": x, "treated": x >= 0, "reoffended": [True, False] * 120})
    found = discontinuity(frame, RATE)
    assert (found.effect.estimate, found.effect.lower, found.effect.p_value) == (None, None, None)
    assert "too coarse" in found.effect.reason
    assert (found.effect.people, found.effect.controls) == (160, 80)


def test_selection_that_hardly_changes_is_refused() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(0, 5, 800)
    frame = pl.DataFrame(
        {"cluster": range(800), "distance": x, "treated": rng.random(800) < 0.4, "reoffended": rng.random(800) < 0.4}
    )
    said = discontinuity(frame, RATE).effect.reason
    assert "at the threshold" in said and "selection" in said and "hardly" not in said
    assert all(int(found) <= 100 for found in re.findall(r"\d+", said)) and "-" not in said


@pytest.mark.parametrize(
    ("selected", "said"),
    [
        ((0.35, -2.93, 3.64), "cannot be told (95% interval \u2212100 to +100 percentage points)"),
        ((0.05, 0.01, 0.09), "rises too little at the threshold (by 5 percentage points)"),
        ((-0.2, -0.3, -0.1), "falls at the threshold (by 20 percentage points)"),
    ],
)
def test_a_jump_in_a_share_is_never_more_than_all_of_it(selected: tuple[float, float, float], said: str) -> None:
    assert said in _selection_unknown(*selected)


def test_what_was_settled_before_must_not_jump() -> None:
    rng = np.random.default_rng(5)
    frame = drawn(rng, 1500, SETTINGS[0], works=True).with_columns(
        shifted=pl.when(pl.col("distance") >= 0).then(2.0).otherwise(0.0) + rng.normal(size=1500)
    )
    found = discontinuity(frame, RATE, ["before", "shifted"])
    jumps = dict(found.continuity.select("covariate", "p_value").iter_rows())
    assert jumps["before"] > 0.05 > jumps["shifted"]
    assert found.problems == ("people on the two sides differed already in shifted",)


def test_people_moved_over_the_threshold_are_noticed() -> None:
    answers = [bunching(2000, seed) for seed in range(60)]
    shares = {claim: np.mean([answer[claim] or False for answer in answers]) for claim in BUNCHING}
    assert shares["continuous.moved_found"] >= 0.9 and shares["whole_points.moved_found"] >= 0.9
    assert shares["continuous.type_one"] <= 0.15
    rng = np.random.default_rng(6)
    x = rng.gamma(4, 3, 2000) - 12
    found = density_check(np.where((x < 0) & (x > -2), x + 2, x))
    assert (found.ratio, found.p_value < 1e-6) == (None, True)  # nobody is left just below


def test_people_twice_and_other_outcomes_are_refused() -> None:
    frame = pl.DataFrame(
        {"cluster": [1, 1], "distance": [1.0, -1], "treated": [True, False], "reoffended": [True, False]}
    )
    with pytest.raises(ProblemError, match="twice"):
        discontinuity(frame, RATE)
    with pytest.raises(ProblemError, match="share or a mean"):
        discontinuity(frame, TIME)


def test_planted_effects_are_recovered_without_bias() -> None:
    """The mean of the estimates lies within three Monte Carlo standard errors of the truth, 15 percentage points fewer."""
    for setting in (SETTINGS[0], SETTINGS[3]):
        rng = np.random.default_rng(11)
        found = [discontinuity(drawn(rng, 2000, setting, works=True), RATE).effect.estimate for _ in range(40)]
        told = np.array([value for value in found if value is not None])
        assert len(told) >= 35
        assert told.mean() == pytest.approx(100 * SHARE, abs=3 * told.std() / np.sqrt(len(told)))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_coverage_in_a_short_run(setting: Setting) -> None:
    """Gross faults only: the full run is `iom calibrate --only threshold`."""
    answers = [draw(setting, 500, seed) for seed in range(30)]
    for claim, kind in CLAIMS.items():
        found = judged("threshold", claim, kind, [answer[claim] for answer in answers], quick=True)
        assert found.accepted, found


def decision(person: str, on: str, score: float, made: str, **more: object) -> dict[str, object]:
    return {
        "person": person,
        "decided_on": on,
        "score": score,
        "threshold": 5.0,
        "decision": made,
        "district": "fenland",
    } | more


def test_the_frame_by_hand() -> None:
    """Ann is selected and joins; Bob is not, and reoffends on day 10; Cay is in custody; Dee is on it; Eve's year is not over."""
    con = fill(
        empty_store(),
        person=[{"person": name, "sex": "female" if name in "ae" else "male", "sanctions_before": 1} for name in "abcde"],
        selection_decision=[
            decision("a", "2018-03-01", 7, "selected"), decision("a", "2018-09-01", 2, "not_selected"),
            decision("b", "2018-03-01", 4, "not_selected"), decision("c", "2018-03-01", 9, "selected"),
            decision("d", "2018-03-01", 9, "selected"), decision("e", "2019-12-01", 9, "selected"),
            decision("b", "2018-02-01", 8, "retained"),
        ],
        scheme_episode=[{"person": "a", "start_date": "2018-03-20"}, {"person": "d", "start_date": "2018-01-01"}],
        custody_spell=[{"person": "c", "start_date": "2018-02-01", "end_date": "2018-06-01"}],
        offence=[
            {"person": "b", "offence_date": "2017-01-01", "proven_date": "2017-02-01"},
            {"person": "b", "offence_date": "2018-03-11", "proven_date": "2018-05-01"},
            {"person": "a", "offence_date": "2019-03-02", "proven_date": "2019-04-01"},  # day 366
        ],
    )  # fmt: skip
    made = selection_frame(decisions(con, dt.date(2020, 6, 30)), "", "scheme:iom")
    assert made.select("distance", "treated", "reoffended", "reoffences", "event", "days_observed").rows() == [
        (-1.0, False, True, 1, True, 10),
        (2.0, True, False, 0, False, 365),
    ]
    assert made.select("previous_sanctions", "female").rows() == [(2, 0), (1, 1)]
    assert set(COVARIATES) <= set(made.columns)
    assert "person_key" not in made.columns
    assert decisions(con, dt.date(2019, 6, 30)).height == 0  # day 548 is 31 August 2019


def test_one_score_version_and_one_scheme() -> None:
    con = fill(
        empty_store(),
        person=[{"person": "a"}],
        selection_decision=[
            decision("a", "2018-01-01", 3, "not_selected", score_version="old"), decision("a", "2018-06-01", 7, "selected", score_version="new"),
        ],
        scheme_episode=[{"person": "a", "start_date": "2018-06-10", "scheme": "deter"}],
    )  # fmt: skip
    made = decisions(con, dt.date(2020, 12, 31))
    assert made.select("version", "distance").sort("version").rows() == [("new", 2.0), ("old", -2.0)]
    assert selection_frame(made, "new", "scheme:deter").select("distance", "treated").rows() == [(2.0, True)]
    assert selection_frame(made, "new", "scheme:iom")["treated"].to_list() == [False]
    assert selection_frame(made, "old", "scheme:deter")["treated"].to_list() == [False]  # 160 days later


def test_what_a_score_decides_is_what_is_joined_above_it() -> None:
    made = pl.DataFrame({
        "version": ["v"] * 4, "distance": [-1.0, -2.0, 0.0, 3.0],
        "joined": [["scheme:dip"], [], ["scheme:iom", "scheme:dip"], ["scheme:iom"]],
    })  # fmt: skip
    assert subject_of(made, "v") == "scheme:iom"
    assert subject_of(made.filter(pl.col("distance") >= 0), "v") is None
