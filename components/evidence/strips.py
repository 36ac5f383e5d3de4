"""An interval on a scale whose middle is no difference."""

import math
from collections.abc import Iterable
from html import escape

from components import verdicts
from components.verdicts import Row

ROUND = (1.0, 1.2, 1.6, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
"""Where a scale may end, in tens, units, tenths ...: its half is a short number too, so that every tick is exact."""


def reach(rows: Iterable[Row]) -> float:
    """How far the scale runs on either side: to a round number beyond the furthest end of any interval."""
    ends = [
        abs(row[end] - verdicts.no_difference(row["scale"]))
        for row in rows
        for end in ("lower", "upper", "estimate")
        if row[end] is not None
    ]
    return rounded_up(max(ends, default=1.0) * 1.02 or 1.0)


def rounded_up(far: float) -> float:
    """The nearest round number that is no nearer."""
    size = 10.0 ** math.floor(math.log10(far))
    return next(round(size * k, 9) for k in ROUND if size * k >= far * (1 - 1e-9))


def strip(row: Row, far: float, said: str) -> str:
    """A difference on its interval; the line in the middle is no difference."""
    if row["estimate"] is None or row["lower"] is None or row["upper"] is None:
        return f"<em>{escape(said)}</em>"
    none = verdicts.no_difference(row["scale"])

    def place(value: float) -> float:
        return min(max(50 + 50 * (value - none) / far, 0), 100)

    left, right = place(row["lower"]), place(row["upper"])
    css = " beyond" if row["lower"] > none or row["upper"] < none else ""
    return (
        f'<span class="iv centred" role="img" aria-label="{escape(said)}"><span class="iv-row alone">'
        f'<span class="iv-range{css}" style="left:{left:.2f}%;width:{right - left:.2f}%"></span>'
        f'<span class="iv-dot{css}" style="left:{place(row["estimate"]):.2f}%"></span></span>'
        f'<span class="iv-none"></span></span>'
    )


def ticks(far: float, suffix: str = "") -> str:
    """The scale's ends and middle."""
    places = next(k for k in range(10) if round(far / 2, k) == round(far / 2, 9))
    spots = ((0, -far), (25, -far / 2), (50, 0.0), (75, far / 2), (100, far))
    return "".join(f'<span style="left:{at}%">{verdicts.signed(value, places)}{suffix}</span>' for at, value in spots)


def axis(far: float, under: str, css: str = "") -> str:
    """The scale below rows of strips, with what it counts and which side is fewer."""
    return (
        f'<div class="dots-row axis{css}" aria-hidden="true"><span></span><span class="dots-ticks">{ticks(far)}</span><span></span></div>'
        f'<div class="dots-row axis{css}"><span></span><span class="dots-unit"><i>\u2190 fewer</i> {escape(under)} <i>more \u2192</i></span>'
        "<span></span></div>"
    )
