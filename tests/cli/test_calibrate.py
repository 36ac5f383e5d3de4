"""`iom calibrate`: the experiments answer what they claim, the command refuses what fails, and a long run goes on."""

import json
from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from app.calibrate import command, county, harness
from app.calibrate.county_store import CUTOFF_DATE, county_store
from app.calibrate.county_truth import COLUMNS, truths
from app.calibrate.harness import FIGURES, RANGES, Experiment, carried_out, judged
from app.calibrate.places import band
from app.calibrate.threshold import SETTINGS
from app.cli import main
from common.errors import ProblemError
from etl.synthetic import truth
from metrics.compare.frame import evaluation_frames

EXPERIMENTS = command.experiments()


def coin(share: float, seed: int) -> dict[str, bool]:
    return {"heads": (seed * 7919 % 1000) < 1000 * share}


def noted(folder, seed: int) -> dict[str, bool]:
    (folder / f"asked_{seed}").touch()
    return {"heads": True}


def ran(*words: str):
    return CliRunner().invoke(main, ["calibrate", *words])


def test_every_experiment_has_its_own_name_and_known_kinds() -> None:
    assert len({e.id for e in EXPERIMENTS}) == len(EXPERIMENTS)
    assert {kind for e in EXPERIMENTS for kind in e.claims.values()} <= {*RANGES, *FIGURES}
    families = {e.id.split("_")[0] for e in EXPERIMENTS}
    assert {e.id.split("_")[0] for e in EXPERIMENTS if e.quick} == families - {"region"}  # too dear


@pytest.mark.parametrize("experiment", [e for e in EXPERIMENTS if e.quick and e.id != "county"], ids=lambda e: e.id)
def test_an_experiment_answers_its_claims_and_nothing_else_by_true_false_or_a_number(experiment: Experiment) -> None:
    answers = experiment.run(1)
    assert set(answers) >= set(experiment.claims)
    assert all(answer is None or isinstance(answer, bool | float) for answer in answers.values())
    assert experiment.run(1) == answers


def test_what_is_known_to_fall_short_names_claims_that_exist_and_says_when() -> None:
    claims = {e.id: e.claims for e in EXPERIMENTS}
    for experiment, notes in harness.known().items():
        for claim, note in notes.items():
            assert claim in claims[experiment]
            assert note["low"] <= note["high"] and len(note["when"]) > 10


def test_the_truth_of_a_setting_survives_another_process() -> None:
    """Worker processes have copies: what is compared by identity there is not itself."""
    import pickle

    for setting in SETTINGS:
        assert pickle.loads(pickle.dumps(setting)).effect(True) == setting.effect(True)
    assert (SETTINGS[0].effect(True), SETTINGS[1].effect(True)) == (-15.0, -80.0)


@pytest.mark.parametrize(
    ("kind", "right", "of", "accepted"),
    [
        ("coverage", 33, 40, True),  # 82.5%: unlikely, but not once in 10,000
        ("coverage", 28, 40, False),
        ("coverage", 40, 40, True),
        ("type_one", 0, 40, True),
        ("type_one", 12, 40, False),
        ("at_most_5", 2, 2, True),
        ("fact", 0, 40, True),
    ],
)
def test_the_small_run_refuses_gross_faults_only(kind: str, right: int, of: int, accepted: bool) -> None:
    from scipy.stats import binom

    answers = [True] * right + [False] * (of - right)
    assert judged("x", "y", kind, answers, quick=True).accepted is accepted
    low, high = RANGES[kind]
    likely = min(binom.cdf(right, of, low) if low else 1, binom.sf(right - 1, of, high) if high < 1 else 1)
    assert bool(likely >= 5e-5) is accepted


def test_the_small_run_makes_do_with_one_answer_but_not_with_none() -> None:
    assert judged("x", "y", "coverage", [True, None], quick=True).accepted
    assert not judged("x", "y", "coverage", [None, None], quick=True).accepted
    assert not judged("x", "y", "coverage", [True, None]).accepted


def test_the_small_run_holds_a_mean_error_by_students_t() -> None:
    assert judged("x", "y", "unbiased", [1.0, 1.2], quick=True).accepted
    assert not judged("x", "y", "unbiased", [1.0, 1.1] * 20, quick=True).accepted


def test_a_run_broken_off_goes_on_where_it_stopped(tmp_path) -> None:
    asked = tmp_path / "asked"
    asked.mkdir()
    experiment = Experiment("coin", "A coin", {"heads": "most"}, partial(noted, asked))
    [[few]] = carried_out([experiment], data_sets=20, keep=tmp_path / "kept")
    assert few.data_sets == 20 and len(list(asked.iterdir())) == 20
    for file in asked.iterdir():
        file.unlink()
    [[more]] = carried_out([experiment], data_sets=30, keep=tmp_path / "kept")
    assert more.data_sets == 30
    assert {file.name for file in asked.iterdir()} == {f"asked_{seed}" for seed in range(21, 31)}


def test_the_command_says_which_claims_hold(monkeypatch) -> None:
    monkeypatch.setattr(
        command, "experiments",
        lambda: [Experiment("coin", "A coin", {"heads": "coverage"}, partial(coin, 0.95), full=1000)],
    )  # fmt: skip
    told = ran()
    assert told.exit_code == 0, told.output
    assert "holds coin: heads:   95.0% ± 0.7, of 1,000; promised 94 to 96%" in told.output
    assert "All 1 claims hold, over 1,000 data sets at most." in told.output
    [row] = json.loads(ran("--json", "--data-sets", "100").output)
    assert (row["experiment"], row["data_sets"], row["accepted"]) == ("coin", 100, True)


def test_the_command_refuses_a_claim_that_fails(monkeypatch) -> None:
    monkeypatch.setattr(
        command, "experiments",
        lambda: [Experiment("coin", "A coin", {"heads": "coverage"}, partial(coin, 0.8), full=1000)],
    )  # fmt: skip
    told = ran()
    assert told.exit_code == 1
    assert "FAILS coin: heads" in told.output and "1 of 1 claims do not hold: coin: heads" in told.output


def test_a_fact_never_fails(monkeypatch) -> None:
    facts = {"heads": "fact", "edge": "fact"}
    monkeypatch.setattr(
        command, "experiments", lambda: [Experiment("coin", "A coin", facts, partial(coin, 0.1), full=50)]
    )
    told = ran()
    assert told.exit_code == 0 and "All 0 claims hold" in told.output


def test_only_and_list() -> None:
    told = ran("--list", "--only", "places", "--quick")
    assert told.exit_code == 0
    assert [line.split()[0] for line in told.output.splitlines()] == ["places_funnel", "places_pooled", "places_charts"]
    wrong = ran("--only", "nonsense")
    assert wrong.exit_code == 1 and "No experiment begins with nonsense" in wrong.output


def test_a_small_run_of_the_cheap_families() -> None:
    told = ran("--quick", "--only", "expected", "--only", "shares", "--only", "places_charts")
    assert told.exit_code == 0, told.output


def test_a_place_far_off_and_one_on_target() -> None:
    size = pl.Series([300.0] * 12).to_numpy()
    assert band("proportion", size * 0 + 120, size, "none", 0.4) == "inside"
    assert band("proportion", size * 0 + 240, size, "none", 0.4) == "above_998"


def test_what_would_have_been_is_asked_of_the_same_people_from_the_same_day() -> None:
    """In the county itself everybody did what they did; with the scheme on paper alone its people do more, others much the same."""
    planted = truth.draw(5)
    strong = replace(planted, scheme={**planted.scheme, "iom": 0.3})
    with county_store(2000, 5, strong) as con, evaluation_frames(con, [county.SCHEME], CUTOFF_DATE) as made:
        frame, moments = made.frame(county.SCHEME), made.moments(county.SCHEME)
    assert "home_district" not in frame.covariates  # it decides who is selected: docs/methods/evaluation-dates.md
    same = np.ones(frame.people.height)
    with county_store(2000, 5, strong) as con:
        itself = truths(con, county.SCHEME, moments, frame.people, same)
    with county_store(2000, 5, strong, on_paper=True) as con:
        paper = truths(con, county.SCHEME, moments, frame.people, same)
    for outcome in COLUMNS:
        assert (itself[outcome].effect, itself[outcome].dilution) == (0.0, 0.0)
        assert paper[outcome].effect < 3 * paper[outcome].dilution < 0
        assert paper[outcome].asked == pytest.approx(paper[outcome].effect - paper[outcome].dilution)


def test_a_plain_before_and_after_praises_what_does_nothing() -> None:
    """People are selected at a peak: in a county where nothing works their offences fall all the same."""
    with county_store(4000, 3, truth.without_effects(truth.draw(3))) as con:
        assert county.naive(con) is True


def test_problems_of_a_claim_are_told_as_every_problem_is() -> None:
    with pytest.raises(ProblemError, match="No experiment"):
        command.calibrate.callback(None, False, ("nonsense",), False, 1, 1, None, False)  # type: ignore[misc]
