"""The love plot: how unlike the two groups were before matching, and after."""

import json
from collections.abc import Sequence
from html import escape

from components.evidence.case import Case
from components.evidence.names import NO, YES, covariate
from components.verdicts import Row, off_nought
from metrics.compare.balance import ACCEPTABLE, GOOD

FEW_ENOUGH = 14
"""How many lines stand on the page; the rest are in the table behind the switch."""


def love_plot(case: Case) -> str:
    """The most unlike covariates, after matching first: hollow before, filled after, on the bands of good and acceptable."""
    rows = most_unlike(case.balance)
    if not rows:
        return ""
    worst = rows[:FEW_ENOUGH]
    top = max(max(abs(row["before"]), abs(row["after"] or 0)) for row in worst)
    step = 0.05 if top <= 0.25 else 0.25 if top <= 1.25 else 0.5
    top = max(1, -(-round(top, 9) // step)) * step
    lines = "".join(_line(row, top) for row in worst)
    marks = range(round(top / step) + 1)
    ticks = "".join(f'<span style="left:{100 * k * step / top:.1f}%">{k * step:.2f}</span>' for k in marks)
    left = sum(abs(row["after"] or 0) > ACCEPTABLE for row in rows)
    rest = len(rows) - len(worst)
    others = f" {rest} more are in the table below." if rest else ""
    return (
        '<div class="dots love" role="list" aria-label="Difference between the groups before and after matching">'
        f'{lines}<div class="dots-row axis" aria-hidden="true"><span></span><span class="dots-ticks">{ticks}</span>'
        '<span></span></div></div><p class="note"><span class="love-key before"></span> before matching '
        '<span class="love-key"></span> after. Standardised mean difference, sign left out: up to '
        f"{GOOD:.2f} (shaded dark) is good, up to {ACCEPTABLE:.2f} (shaded light) acceptable"
        + (f'; <span class="love-key over"></span> above it ({left} of {len(rows)}).' if left else ".")
        + f"{others}</p>"
    )


def most_unlike(rows: Sequence[Row]) -> list[Row]:
    """The covariates that differ most after matching, then before; of a covariate with two levels, one of them."""
    levels: dict[str, set[str]] = {}
    for row in rows:
        levels.setdefault(row["covariate"], set()).add(row["level"])

    def doubled(row: Row) -> bool:
        mine = levels[row["covariate"]]
        if mine & set(YES):
            return row["level"] in NO
        return len(mine) == 2 and "" not in mine and row["level"] not in NO and row["level"] == max(mine)

    kept = [row for row in rows if row["before"] is not None and not doubled(row)]
    over = [row for row in kept if abs(row["after"] or 0) > ACCEPTABLE]
    rest = [row for row in kept if row not in over]
    over.sort(key=lambda row: -abs(row["after"]))
    rest.sort(key=lambda row: -abs(row["before"]))
    return [*over, *rest]


def _line(row: Row, top: float) -> str:
    name = covariate(row)
    before = min(abs(row["before"]) / top, 1) * 100
    after = None if row["after"] is None else min(abs(row["after"]) / top, 1) * 100
    said = f"{name}: {abs(row['before']):.2f} before matching"
    said += "" if row["after"] is None else f", {_size(row['after'])} after"
    over = " over" if abs(row["after"] or 0) > ACCEPTABLE else ""
    mark = "" if after is None else f'<span class="iv-dot{over}" style="left:{after:.2f}%"></span>'
    join = "" if after is None else _between(before, after)
    value = "[x]" if row["after"] is None else f"<b>{_size(row['after'])}</b>"
    return (
        f'<div class="dots-row" role="listitem"><span class="dots-label">{escape(name)}</span><span class="dots-track">'
        f'<span class="iv love-band" role="img" aria-label="{escape(said)}" '
        f'style="--to-good:{100 * GOOD / top:.2f}%;--to-fair:{100 * ACCEPTABLE / top:.2f}%"><span class="iv-row alone">{join}'
        f'<span class="iv-dot before" style="left:{before:.2f}%"></span>{mark}</span></span></span>'
        f'<span class="dots-value">{value}<span class="sub">was {abs(row["before"]):.2f}</span></span></div>'
    )


def _size(after: float) -> str:
    """A difference after matching, in as many decimals as tell it from the limit that it is above or below."""
    return (
        f"{abs(after):.{off_nought(abs(after), 2, none=ACCEPTABLE)}f}"
        if abs(after) > ACCEPTABLE
        else f"{abs(after):.2f}"
    )


def _between(one: float, other: float) -> str:
    left, right = sorted((one, other))
    return f'<span class="iv-range before" style="left:{left:.2f}%;width:{right - left:.2f}%"></span>'


def worst_after(rows: Sequence[Row]) -> float | None:
    """The largest difference that is left after matching."""
    left = [abs(row["after"]) for row in rows if row["after"] is not None]
    return max(left, default=None)


def corrected(about: Row) -> float | None:
    """The largest difference once what matching left is corrected for; None in a release that does not say."""
    told = about.get("evidence") or {}
    return (json.loads(told) if isinstance(told, str) else told).get("corrected_imbalance")
