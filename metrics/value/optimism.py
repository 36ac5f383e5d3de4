"""Optimism bias: the weaker the evidence, the more is taken off a benefit and put on a cost.

    benefit, corrected = benefit x (1 - correction(grade))        cost, corrected = cost x (1 + correction(grade))

Grades 1 (randomised trial) to 6 (before and after alone, or judgement) and their corrections are those of the Greater
Manchester cost benefit model, typed from memory (`read` says so); which level of the Maryland scale has which grade is our
own mapping, in data/reference/optimism_bias.csv. A loss is never made smaller: what a harmful scheme costs its victims is
left as it is.
"""

from typing import Literal

from common.errors import ProblemError
from metrics.value.parameters import Parameters, parameters
from metrics.value.reference import rows

Of = Literal["benefits", "costs"]
WEAKEST = 6


def grade_for(maryland_level: int | None) -> int:
    """The confidence grade (1 best, 6 weakest) of a comparison's level on the Maryland scale; the weakest without one."""
    for row in rows("optimism_bias.csv"):
        if maryland_level is not None and row["maryland_level"] == str(maryland_level):
            return int(row["grade"])
    return WEAKEST


def correction(grade: int, of: Of = "benefits", known: Parameters | None = None) -> float:
    """What is taken off benefits, or put on costs, at a confidence grade: 0.1 is a tenth."""
    known = known or parameters()
    name = f"optimism.{grade}.{of}"
    if name not in known:
        raise ProblemError(f"Grade {grade} of evidence is not known", "optimism bias", f"1 to {WEAKEST}", "")
    return known.value(name)


def adjusted(pounds: float, grade: int, of: Of = "benefits", known: Parameters | None = None) -> float:
    """A benefit less, or a cost more, its optimism bias. A negative benefit (harm) stays as it is."""
    by = correction(grade, of, known)
    if of == "costs":
        return pounds * (1 + by)
    return pounds * (1 - by) if pounds > 0 else pounds
