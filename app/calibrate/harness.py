"""Many invented data sets, one question of each claim: how often was it right, and is that what it promises?

An experiment draws a data set from a seed, analyses it as the product would, and answers for each of its claims with
true or false (or with a number, where the claim is about bias). A claim is accepted where its share lies in the allowed
range, give or take three Monte Carlo standard errors: sqrt(p (1 - p) / data sets). What is known to fall short is listed
in known.toml with the range that it reaches and when; there it is held to that range, so that it can get no worse unseen.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from typing import TypedDict

KNOWN = Path(__file__).with_name("known.toml")
ERRORS = 3.0
"""How many Monte Carlo standard errors a share may lie outside its range."""
RANGES = {"coverage": (0.94, 0.96), "type_one": (0.04, 0.06), "at_most_5": (0.0, 0.05), "most": (0.5, 1.0)}
"""What each kind of claim promises: intervals hold the truth in 94 to 96%, tests reject no effect in 4 to 6%; at most
one null scheme in twenty praised; found more often than not. `unbiased` is a mean error within its Monte Carlo error."""
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


def judged(experiment: str, claim: str, kind: str, answers: Sequence[bool | float | None]) -> Found:
    """A claim's share against what its kind promises, or against what is known of it."""
    asked = [float(answer) for answer in answers if answer is not None]
    n, blank = len(asked), len(answers) - len(asked)
    low, high = RANGES.get(kind, (0.0, 0.0))
    note = known().get(experiment, {}).get(claim)
    why = ""
    if note:
        low, high, why = note["low"], note["high"], note["when"]
    if n < 2:
        return Found(experiment, claim, kind, n, blank, None, 0.0, low, high, False, why)
    share = sum(asked) / n
    if kind == "unbiased":
        spread = sum((value - share) ** 2 for value in asked) / (n - 1)
        error = sqrt(spread / n)
    else:  # at the nearer promised end, so that 0 of 20 or 20 of 20 has an error too
        edge = min(max(share, low), high)
        edge = min(max(edge, 0.5 / n), 1 - 0.5 / n)
        error = sqrt(edge * (1 - edge) / n)
    inside = low - ERRORS * error - 1e-12 <= share <= high + ERRORS * error + 1e-12
    return Found(experiment, claim, kind, n, blank, share, error, low, high, inside, why)


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
) -> Iterator[list[Found]]:
    """Each experiment's findings as they come, its data sets dealt out to worker processes."""
    with ProcessPoolExecutor(max_workers=workers) as pool:
        for experiment in experiments:
            n = experiment.quick if quick else min(data_sets or experiment.full, experiment.full)
            seeds = range(first_seed, first_seed + n)
            share = max(1, min(200, n // (workers * 4)))
            batches = [seeds[i : i + share] for i in range(0, n, share)]
            answers = [row for part in pool.map(_batch, [experiment.run] * len(batches), batches) for row in part]
            yield [
                judged(experiment.id, claim, kind, [row.get(claim) for row in answers])
                for claim, kind in experiment.claims.items()
            ]


def _batch(run: Callable[[int], Answers], seeds: Sequence[int]) -> list[Answers]:
    return [run(seed) for seed in seeds]
