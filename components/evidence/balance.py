"""The love plot: how unlike the two groups were before matching, and after."""

from collections.abc import Sequence
from html import escape

from components.evidence.case import Case
from components.evidence.names import covariate
from components.verdicts import Row
from metrics.compare.balance import ACCEPTABLE, GOOD

FEW_ENOUGH = 14
"""How many lines stand on the page; the rest are in the table behind the switch."""


def love_plot(case: Case) -> str:
    """The most unlike covariates: hollow before, filled after, on the shaded bands of good and acceptable."""
    rows = [row for row in case.balance if row["before"] is not None]
    if not rows:
        return ""
    worst = sorted(rows, key=lambda row: -max(abs(row["before"]), abs(row["after"] or 0)))[:FEW_ENOUGH]
    top = max(max(abs(row["before"]), abs(row["after"] or 0)) for row in worst)
    top = max(0.25, -(-top // 0.25) * 0.25)
    lines = "".join(_line(row, top) for row in worst)
    ticks = "".join(f'<span style="left:{100 * k / 4:.0f}%">{top * k / 4:.2f}</span>' for k in range(5))
    return (
        '<div class="dots love" role="list" aria-label="Difference between the groups before and after matching">'
        f'{lines}<div class="dots-row axis" aria-hidden="true"><span></span><span class="dots-ticks">{ticks}</span>'
        '<span></span></div></div><p class="note"><span class="love-key before"></span> before matching '
        '<span class="love-key"></span> after. Standardised mean difference, sign left out: up to '
        f"{GOOD:.2f} (shaded dark) is good, up to {ACCEPTABLE:.2f} (shaded light) acceptable.</p>"
    )


def _line(row: Row, top: float) -> str:
    name = covariate(row)
    before = min(abs(row["before"]) / top, 1) * 100
    after = None if row["after"] is None else min(abs(row["after"]) / top, 1) * 100
    said = f"{name}: {abs(row['before']):.2f} before matching"
    said += "" if row["after"] is None else f", {abs(row['after']):.2f} after"
    mark = "" if after is None else f'<span class="iv-dot" style="left:{after:.2f}%"></span>'
    join = "" if after is None else _between(before, after)
    value = "[x]" if row["after"] is None else f"<b>{abs(row['after']):.2f}</b>"
    return (
        f'<div class="dots-row" role="listitem"><span class="dots-label">{escape(name)}</span><span class="dots-track">'
        f'<span class="iv love-band" role="img" aria-label="{escape(said)}" '
        f'style="--to-good:{100 * GOOD / top:.2f}%;--to-fair:{100 * ACCEPTABLE / top:.2f}%"><span class="iv-row alone">{join}'
        f'<span class="iv-dot before" style="left:{before:.2f}%"></span>{mark}</span></span></span>'
        f'<span class="dots-value">{value}<span class="sub">was {abs(row["before"]):.2f}</span></span></div>'
    )


def _between(one: float, other: float) -> str:
    left, right = sorted((one, other))
    return f'<span class="iv-range before" style="left:{left:.2f}%;width:{right - left:.2f}%"></span>'


def worst_after(rows: Sequence[Row]) -> float | None:
    """The largest difference that is left after matching."""
    left = [abs(row["after"]) for row in rows if row["after"] is not None]
    return max(left, default=None)
