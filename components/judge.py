"""What may be said of a figure: whether it changed, and how it stands to its target. Published rules, no Streamlit.

Change: the interval for the difference of two figures is made from their own two intervals (the method of
variance estimates recovery: Zou and Donner, Statistics in Medicine 27, 2008). With values v1, v2 and
intervals (l1, u1), (l2, u2) the difference d = v1 - v2 lies between

    d - sqrt((v1 - l1)^2 + (u2 - v2)^2)   and   d + sqrt((u1 - v1)^2 + (v2 - l2)^2)

A direction is named only when that interval leaves out zero. People counted in both periods make it
cautious, never bold. Provisional figures, and those of too few people, carry neither change nor status.

Status: red only when the whole interval lies beyond the target, green only when the whole interval is
on its good side; otherwise we cannot tell.

Judged: the status on the summary, where a published rule (metrics/status_rules.toml) may turn on the target, on what
was expected of these people, and on the control chart of the quarters. A chart whose limits may be too tight (neighbouring
quarters are alike, or few events are expected) marks up to 13 quarters in 100 by chance, so it turns nothing red.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot
from typing import Any, Literal

from metrics.compare.control_chart import Reading
from metrics.figure import TOO_FEW
from metrics.framework import Rule

Row = Mapping[str, Any]
ChangeKind = Literal["improved", "worsened", "higher", "lower", "cannot tell", "difference", "none"]
StatusKind = Literal["meets", "misses", "cannot tell", "too few", "no target", "none"]

FINAL = ("final", "held")
COUNTED = ("people", "referrals", "releases")
"""Units of full counts: what happened, not a sample of it. A difference between two is stated, never judged."""


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure differs from the one before, and whether the difference can be told from chance."""

    kind: ChangeKind
    words: str
    difference: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """How a figure stands to its target: a word, and the shape that goes with it."""

    kind: StatusKind
    words: str
    shape: str


def few(row: Row) -> bool:
    """Whether a figure rests on fewer people than its definition asks: shown, but neither compared nor judged."""
    return str(row.get("reason") or "").endswith(TOO_FEW)


def change(now: Row, before: Row | None) -> Change:  # noqa: PLR0911  one return a published rule
    """Whether a figure has changed since the one before, and which way."""
    if before is None or now["value"] is None or before["value"] is None:
        return Change("none", "No comparison")
    if now["status"] not in FINAL or before["status"] not in FINAL:
        return Change("none", "Provisional: no comparison")
    gap = now["value"] - before["value"]
    if now["unit"] in COUNTED:
        return Change("difference", "No difference" if gap == 0 else "More" if gap > 0 else "Fewer", gap)
    if few(now) or few(before):
        return Change("none", "Too few people to compare")
    if any(row["lower"] is None or row["upper"] is None for row in (now, before)):
        return Change("cannot tell", "Cannot tell: no interval")
    low = gap - hypot(now["value"] - now["lower"], before["upper"] - before["value"])
    high = gap + hypot(now["upper"] - now["value"], before["value"] - before["lower"])
    if low <= 0 <= high:
        return Change("cannot tell", "Cannot tell", gap, low, high)
    side = "Higher" if gap > 0 else "Lower"
    if now["polarity"] == "no_judgement":
        return Change("higher" if gap > 0 else "lower", side, gap, low, high)
    good = (gap < 0) == (now["polarity"] == "lower_is_better")
    return Change("improved" if good else "worsened", f"{side}: {'better' if good else 'worse'}", gap, low, high)


def status(now: Row, target: float | None, minimum_n: int) -> Status:  # noqa: PLR0911  one return a published rule
    """How a figure stands to its target. Too few people is grey; a missing target is not a failure."""
    if now["value"] is None:
        return Status("none", "Not shown", "")
    if now["status"] not in FINAL:
        return Status("none", "Provisional", "")
    if now["polarity"] == "no_judgement":
        return Status("none", "No judgement", "")
    if target is None:
        return Status("no target", "No target", "")
    if few(now) or (now["denominator"] is not None and now["denominator"] < minimum_n):
        return Status("too few", "Too few people", "○")
    low = now["value"] if now["lower"] is None else now["lower"]
    high = now["value"] if now["upper"] is None else now["upper"]
    lower_is_better = now["polarity"] == "lower_is_better"
    if (high <= target) if lower_is_better else (low >= target):
        return Status("meets", "Meets target", "●")
    if (low > target) if lower_is_better else (high < target):
        return Status("misses", "Misses target", "▲")
    return Status("cannot tell", "Cannot tell", "◆")


JudgedKind = Literal["red", "green", "cannot tell", "too few", "no target", "none"]
REASONS = {
    ("target", False): "Misses target",
    ("expected", False): "Worse than expected",
    ("special_cause", False): "Worse by more than chance",
    ("target", True): "Meets target",
    ("expected", True): "Better than expected",
}
"""Why a measure is red or green, by the test that made it so and whether it was on the good side."""
UNSURE = ("neighbours_alike", "few_expected", "too_tight")
"""What a chart notes where its limits may be too tight to turn a measure red."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The status of a measure on the summary: its kind, word and shape, and the tests that decided it."""

    kind: JudgedKind
    words: str
    shape: str
    reasons: tuple[str, ...] = ()

    @property
    def red(self) -> bool:
        """Whether it needs an action."""
        return self.kind == "red"


def by_rule(
    now: Row, rule: Rule, target: float | None = None, gap: Row | None = None, read: Reading | None = None
) -> Judged:
    """The status of a figure by a published rule.

    `gap` is how far it is from what was expected of the same people, with its interval, and `read` the latest quarter of
    its control chart. Each is None where there is none; a test that cannot be made decides nothing.
    """
    asked = (*rule.red, *rule.green)
    first = status(now, target if "target" in asked else None, now["minimum_n"])
    if first.kind in ("none", "too few") or few(now):
        return Judged("none" if first.kind == "none" else "too few", first.words, first.shape)
    if not asked:
        return Judged("none", "No judgement", "")
    found = {"target": {"misses": False, "meets": True}.get(first.kind), "expected": _expected(gap)}
    found["special_cause"] = False if _concern(read) else None
    if red := [name for name in rule.red if found[name] is False]:
        return Judged("red", REASONS[red[0], False], "\u25b2", tuple(red))
    if green := [name for name in rule.green if found[name]]:
        return Judged("green", REASONS[green[0], True], "\u25cf", tuple(green))
    made = first.kind == "cannot tell" or ("expected" in asked and gap is not None and gap["value"] is not None)
    return Judged("cannot tell", "Cannot tell", "\u25c6") if made else Judged("no target", "No target", "")


def _expected(gap: Row | None) -> bool | None:
    """Whether the whole interval of observed less expected is on the good side of nought (True) or the bad; else None."""
    if gap is None or gap["value"] is None or gap["status"] not in FINAL or few(gap):
        return None
    if gap["lower"] is None or gap["upper"] is None or gap["lower"] <= 0 <= gap["upper"]:
        return None
    return bool((gap["upper"] < 0) == (gap["polarity"] == "lower_is_better"))


def _concern(read: Reading | None) -> bool:
    """Whether the latest quarter is a special cause for the worse, by limits that can be trusted."""
    return read is not None and read.cause == "concern" and not set(read.notes) & set(UNSURE)
