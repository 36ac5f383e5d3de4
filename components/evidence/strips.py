"""An interval on a scale whose middle is no difference."""

from collections.abc import Iterable
from html import escape

from components import verdicts
from components.verdicts import Row


def reach(rows: Iterable[Row]) -> float:
    """How far the scale runs on either side: to the furthest end of any interval, a little beyond."""
    ends = [
        abs(row[end] - verdicts.no_difference(row["scale"]))
        for row in rows
        for end in ("lower", "upper", "estimate")
        if row[end] is not None
    ]
    return max(ends, default=1.0) * 1.08 or 1.0


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
    places = verdicts.decimals(far / 2)
    spots = ((0, -far), (25, -far / 2), (50, 0.0), (75, far / 2), (100, far))
    return "".join(f'<span style="left:{at}%">{verdicts.signed(value, places)}{suffix}</span>' for at, value in spots)
