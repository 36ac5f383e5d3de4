"""A contract reckoned step by step: what was observed, what was expected, the fall, what pays, and what is due.

Each step is a row of the release's `payment` table, so that a page, a download and the command line tell the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from metrics.payment.measured import Measured
from metrics.payment.pay import Due, Part, due
from metrics.payment.rule import Rule

STEPS = ("observed", "expected", "fall", "percent", "needed", "units", "due")
"""The steps of one element in one period, in order: `fall` and `needed` in the measure's unit, `percent` of what was expected,
`units` what is paid for, `due` the pounds, with the reason where a fall pays nothing."""
WHOLE = ("summed", "limited", "paid")
"""The steps of the whole contract: the sum, what floor, cap or deductions change, and what is paid."""
TOO_CLOSE = "its figures are rounded at this level"
"""How the reason begins where rounding could turn a decision; the band that rounding leaves, and what pays, follow."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `element` '' is the contract; `period` '' is all periods. `payment` pounds, None where nothing is due yet."""

    element: str
    step: str
    period: str
    measure: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    payment: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A contract's steps and what is paid: `payment` with what it would be at either end of the intervals; None has a reason."""

    steps: tuple[Step, ...]
    payment: float | None
    lower: float | None = None
    upper: float | None = None
    reason: str = ""

    def rows(self) -> list[dict[str, Any]]:
        """The steps as rows, numbered in order."""
        return [asdict(step) | {"sort": place} for place, step in enumerate(self.steps, start=1)]


def reckoned(rule: Rule, measured: Measured) -> Reckoned:
    """What a rule pays for what was measured."""
    if measured.reason or not measured.periods:
        why = measured.reason or "nothing was measured"
        return Reckoned((Step("", "paid", "", "pounds", None, reason=why),), None, reason=why)
    found = due(rule, measured.figures())
    ends = [float(due(rule, measured.figures(end)).total[0]) for end in (1, -1)]
    steps = [step for part in found.parts for step in _part(part, measured)]
    if np.isnan(found.total[0]):
        why = "a figure that the rule needs is not known"
        return Reckoned((*steps, Step("", "paid", "", "pounds", None, reason=why)), None, reason=why)
    corners = [due(rule, measured.figures(half=side)) for side in (1, -1)]
    if _differ(found, *corners):
        told = [step for step in steps if step.step not in ("due", "units")]
        why = _too_close(found, *corners)
        return Reckoned((*told, Step("", "paid", "", "pounds", None, reason=why)), None, reason=why)
    held = [float(found.total[0]), *ends, *(float(corner.total[0]) for corner in corners)]
    total, low, high = held[0], min(held), max(held)
    summed = float(found.summed[0])
    changed = total - summed
    steps += [
        Step("", "summed", "", "pounds", None, payment=summed),
        *([Step("", "limited", "", "pounds", None, payment=changed, reason=_limit(rule, summed))] if changed else []),
        Step("", "paid", "", "pounds", total, low, high, total),
    ]
    return Reckoned(tuple(steps), total, low, high)


def _limit(rule: Rule, summed: float) -> str:
    """Which limit changed the sum."""
    if summed > rule.cap:
        return "cap"
    return "floor" if rule.floor > 0 else "most_deducted"


def _differ(found: Due, *corners: Due) -> bool:
    """Whether rounding could turn any element's decision: paid, deducted or neither."""
    return any(
        bool(np.any(np.sign(part.pounds) != np.sign(other.pounds)))
        for corner in corners
        for part, other in zip(found.parts, corner.parts, strict=True)
    )


def _too_close(found: Due, *corners: Due) -> str:
    """The band that rounding leaves to the first fall whose payment it could turn, beside what the rule asks for."""
    for place, part in enumerate(found.parts):
        others = [corner.parts[place] for corner in corners]
        turned = np.any([np.sign(part.pounds) != np.sign(other.pounds) for other in others], axis=0)[0]
        if turned.any():
            return _band(part, others, int(np.argmax(turned)))
    return TOO_CLOSE


def _band(part: Part, others: Sequence[Part], at: int) -> str:
    """'… the fall may be anything from 6.6% to 12.7%, and 10.0% pays'; a rise has a minus sign."""
    if part.element.trigger_unit == "percent":
        falls, needed, unit = [other.percent[0, at] for other in others], part.element.trigger, "%"
    else:
        falls, needed = [other.fall[0, at] for other in others], float(part.needed[0, at])
        unit = " points" if part.element.measure == "rate" else ""
    low, high = (f"{value:.1f}{unit}".replace("-", "\u2212") for value in (min(falls), max(falls)))
    pays = f"{needed:.1f}{unit} pays" if needed else "any fall pays"
    return f"{TOO_CLOSE}, so the fall may be anything from {low} to {high}, and {pays}"


def _part(part: Part, measured: Measured) -> Iterator[Step]:
    """The steps of one element, period by period."""
    element = part.element
    each = element.over == "each"
    spans: Sequence[str] = [period.name for period in measured.periods] if each else [""]
    held = measured.periods if each else ((measured.whole,) if measured.whole is not None else ())
    for place, span in enumerate(spans):
        period = held[place] if place < len(held) else None
        limits: tuple[float | None, float | None] = (None, None)
        if period is not None and element.measure in period.lower:
            limits = (-period.upper[element.measure], -period.lower[element.measure])
        values = {
            "observed": part.observed, "expected": part.expected, "fall": part.fall, "percent": part.percent,
            "needed": part.needed, "units": part.units,
        }  # fmt: skip
        for name, array in values.items():
            ends = limits if name == "fall" else (None, None)
            yield Step(element.id, name, span, element.measure, _known(array[0, place]), *ends)
        pounds = _known(part.pounds[0, place])
        yield Step(element.id, "due", span, element.measure, None, payment=pounds, reason=_why(part, place))


def _why(part: Part, place: int) -> str:
    """Why nothing, or less, is due: short of the trigger, a rise, barred by an earlier element, or paid already."""
    fall, pounds = part.fall[0, place], part.pounds[0, place]
    found = {
        "not_known": np.isnan(fall),
        "waiting": part.waiting,
        "barred": part.barred[0, place],
        "paid_already": part.before[0, place] > pounds,
        "deducted": pounds < 0,
        "": pounds > 0,
        "short": 0 < fall < part.needed[0, place],
        "rise": fall < 0,
    }
    return next((code for code, true in found.items() if true), "none")


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
