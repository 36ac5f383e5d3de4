"""Many invented data sets, one question of each claim: how often was it right, and is that what it promises?

An experiment draws a data set from a seed, analyses it as the product would, and answers for each of its claims with
true or false (or with a number, where the claim is about bias). A claim is accepted where its share lies in the allowed
range, give or take three Monte Carlo standard errors: sqrt(p (1 - p) / data sets). What is known to fall short is listed
in known.toml with the range that it reaches and when; there it is held to that range, so that it can get no worse unseen.

The small run asks hundreds of claims of a few data sets each, where three standard errors would refuse one claim or
another by luck. There a claim fails only where its share could come about once in 10,000 by chance at the nearer end of
its range (5 in 100,000 on either side; binomial, or Student's t for a mean error). It sees gross faults only.
"""

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from typing import TypedDict

KNOWN = Path(__file__).with_name("known.toml")
ERRORS = 3.0
"""How many Monte Carlo standard errors a share may lie outside its range."""
QUICK_TAIL = 5e-5
"""The chance, on either side, at which the small run refuses a claim: 99.99% are accepted of those that just hold."""
RANGES = {
    "coverage": (0.94, 0.96),
    "type_one": (0.04, 0.06),
    "at_most_5": (0.0, 0.05),
    "most": (0.5, 1.0),
    "within_998": (0.997, 0.999),
    "fact": (0.0, 1.0),
}
FIGURES = ("unbiased", "mean")
"""Kinds of claim whose answers are figures and not shares."""
"""What each kind of claim promises: intervals hold the truth in 94 to 96%, tests reject no effect in 4 to 6%; at most
one null scheme in twenty praised; found more often than not; 99.8% limits, a tenth of a point either way. `unbiased` is a mean error within its Monte Carlo error.
A `fact`, a share, and a `mean`, a figure, promise nothing: they are shown beside the claims because they say what those are
worth."""
PROMISE_NOTHING = ("fact", "mean")
Answers = Mapping[str, bool | float | None]
"""What one data set says of each claim; None where it could not be asked (counted, never taken for right or wrong)."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """One way of making data sets and what is claimed of them: `claims` maps each to its kind (RANGES, or `unbiased`)."""

    id: str
    title: str
    claims: Mapping[str, str]
    run: Callable[[int], Answers]
    full: int = 10_000
    quick: int = 60
    """How many data sets by command, and how many in the small run of CI (0: too dear for it)."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one claim. `share` is the share right (or the mean error), `error` its Monte Carlo standard error."""

    experiment: str
    claim: str
    kind: str
    data_sets: int
    unanswered: int
    share: float | None
    error: float
    low: float
    high: float
    accepted: bool
    known: str = ""


def judged(
    experiment: str, claim: str, kind: str, answers: Sequence[bool | float | None], *, quick: bool = False
) -> Found:
    """A claim's share against what its kind promises, or against what is known of it."""
    asked = [float(answer) for answer in answers if answer is not None]
    n, blank = len(asked), len(answers) - len(asked)
    low, high = RANGES.get(kind, (0.0, 0.0))
    note = known().get(experiment, {}).get(claim)
    why = ""
    if note:
        low, high, why = note["low"], note["high"], note["when"]
    if n < (1 if quick and kind not in FIGURES else 2):
        return Found(experiment, claim, kind, n, blank, None, 0.0, low, high, kind in PROMISE_NOTHING, why)
    share = sum(asked) / n
    if kind in FIGURES:
        spread = sum((value - share) ** 2 for value in asked) / (n - 1)
        error = sqrt(spread / n)
    else:  # at the nearer promised end, so that 0 of 20 or 20 of 20 has an error too
        edge = min(max(share, low), high)
        edge = min(max(edge, 0.5 / n), 1 - 0.5 / n)
        error = sqrt(edge * (1 - edge) / n)
    if quick:
        inside = _not_by_chance_alone(kind, share, error, n, (low, high))
    else:
        inside = low - ERRORS * error - 1e-12 <= share <= high + ERRORS * error + 1e-12
    return Found(experiment, claim, kind, n, blank, share, error, low, high, inside or kind in PROMISE_NOTHING, why)


def _not_by_chance_alone(kind: str, share: float, error: float, n: int, ends: tuple[float, float]) -> bool:
    """Whether so few data sets leave the claim standing: see the top of this file."""
    from scipy.special import bdtr, bdtrc, stdtrit

    low, high = ends
    if kind in FIGURES:
        reach = float(stdtrit(n - 1, 1 - QUICK_TAIL)) * error
        return low - reach - 1e-12 <= share <= high + reach + 1e-12
    right = round(share * n)
    too_few = bdtr(right, n, low) < QUICK_TAIL if low > 0 else False
    too_many = bdtrc(right - 1, n, high) < QUICK_TAIL if right > 0 and high < 1 else False
    return not (too_few or too_many)


class Known(TypedDict):
    """A range that is reached, and when."""

    low: float
    high: float
    when: str


@cache
def known() -> dict[str, dict[str, Known]]:
    """What is known to fall short, by experiment and claim."""
    return tomllib.loads(KNOWN.read_text(encoding="utf-8"))


def carried_out(
    experiments: Iterable[Experiment],
    *,
    data_sets: int | None = None,
    quick: bool = False,
    workers: int = 2,
    first_seed: int = 1,
    keep: Path | None = None,
) -> Iterator[list[Found]]:
    """Each experiment's findings as they come, its data sets dealt out to worker processes.

    With `keep`, a folder, every answer is written there as it comes, and what is there already is not asked again: a
    long run that was broken off goes on where it stopped. Empty the folder when a method has changed.
    """
    from common import processes  # here: every command starts by reading this file

    with processes.workers(workers) as pool:
        for experiment in experiments:
            n = experiment.quick if quick else min(data_sets or experiment.full, experiment.full)
            seeds = range(first_seed, first_seed + n)
            told = _kept(keep, experiment.id)
            missing = [seed for seed in seeds if seed not in told]
            share = max(1, min(50, len(missing) // (workers * 16)))
            batches = [missing[i : i + share] for i in range(0, len(missing), share)]
            for batch, part in zip(batches, pool.map(_batch, [experiment.run] * len(batches), batches), strict=True):
                told.update(zip(batch, part, strict=True))
                _keep(keep, experiment.id, batch, part)
            yield [
                judged(experiment.id, claim, kind, [told[seed].get(claim) for seed in seeds], quick=quick)
                for claim, kind in experiment.claims.items()
            ]


def _batch(run: Callable[[int], Answers], seeds: Sequence[int]) -> list[Answers]:
    return [run(seed) for seed in seeds]


def _kept(folder: Path | None, experiment: str) -> dict[int, Answers]:
    """The answers of an earlier run, by seed."""
    file = None if folder is None else folder / f"{experiment}.jsonl"
    if file is None or not file.exists():
        return {}
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {line.pop("seed"): line for line in lines}


def _keep(folder: Path | None, experiment: str, seeds: Sequence[int], answers: Sequence[Answers]) -> None:
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{experiment}.jsonl").open("a", encoding="utf-8") as file:
        for seed, answer in zip(seeds, answers, strict=True):
            file.write(json.dumps({"seed": seed, **answer}) + "\n")
