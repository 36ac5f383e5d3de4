"""A value on its interval, drawn from zero, and the cells that say it, its change and its status."""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from components import words
from components.judge import Change, Row, Status, few

if TYPE_CHECKING:
    from components.headlines import Headline

CHANGE_SHAPES = {"improved": "✓", "worsened": "!", "higher": "↑", "lower": "↓", "cannot tell": "≈", "difference": ""}


def scale_of(rows: Iterable[Row | None]) -> float:
    """The top of a scale that starts at zero and holds every interval: 100 for percentages, else a round number."""
    known = [row for row in rows if row is not None and row["value"] is not None]
    if any(row["unit"] == "%" for row in known):
        return 100.0
    top = max((row["upper"] if row["upper"] is not None else row["value"] for row in known), default=1.0)
    step = 10.0 ** (len(str(int(max(top, 1)))) - 1)
    if top < 1:
        return 1.0
    return next(step * k for k in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * k >= top)


def _percent(value: float, top: float) -> str:
    return f"{min(max(100 * value / top, 0), 100):.2f}%"


def _mark(row: Row, top: float, css: str) -> str:
    """A dot on its interval."""
    if row["value"] is None:
        return ""
    low, high = (row["lower"], row["upper"]) if words.has_interval(row) else (row["value"], row["value"])
    left, right = min(low, top), min(high, top)
    width = _percent(right - left, top)
    return (
        f'<span class="iv-range {css}" style="left:{_percent(left, top)};width:{width}"></span>'
        f'<span class="iv-dot {css}" style="left:{_percent(row["value"], top)}"></span>'
    )


def strip(
    now: Row,
    before: Row | None = None,
    target: float | None = None,
    top: float | None = None,
    overall: Row | None = None,
) -> str:
    """A value on its interval, from zero; the one before in outline above it; a line at the target."""
    top = scale_of([now, before]) if top is None else top
    said = f"{words.shown(now)}, interval {words.interval(now) or 'none'}"
    if before is not None:
        said += f"; before, {words.shown(before)}, interval {words.interval(before) or 'none'}"
    line = "" if target is None else f'<span class="iv-target" style="left:{_percent(target, top)}"></span>'
    if overall is not None and overall["value"] is not None:
        line += f'<span class="iv-overall" style="left:{_percent(overall["value"], top)}"></span>'
    css = "provisional" if now["status"] == "provisional" else "few" if few(now) else ""
    earlier = "" if before is None else f'<span class="iv-row before">{_mark(before, top, "before")}</span>'
    row_class = "iv-row" if before is not None else "iv-row alone"
    return (
        f'<span class="iv" role="img" aria-label="{escape(said)}">{earlier}'
        f'<span class="{row_class}">{_mark(now, top, css)}</span>{line}</span>'
    )


def value_cell(row: Row | None) -> str:
    """A value with its interval and the counts behind it below, grey where they are too few; or its symbol with the reason."""
    if row is None:
        return '<span class="missing">\u2013</span>'
    if row["value"] is None:
        return f'<abbr class="missing" title="{escape(words.reason(row))}">{escape(words.shown(row))}</abbr>'
    mark = words.symbol(row)
    flag = f' <abbr title="{escape(words.SYMBOL_WORDS[mark])}">{mark}</abbr>' if mark else ""
    said = f"<b>{escape(words.shown(row))}</b>{flag}"
    lines = [escape(words.interval(row)), _behind(row)]
    if few(row):
        mark = f'<abbr title="{escape(str(row["reason"]))}">too few</abbr>'
        lines[1] = f"{lines[1]}, {mark}" if lines[1] else mark
    said += "".join(f'<span class="sub">{line}</span>' for line in lines if line)
    return f'<span class="few">{said}</span>' if few(row) else said


def _behind(row: Row) -> str:
    """The counts behind a value, with the denominator's whole name for those who ask for it."""
    said, whole = escape(words.behind(row)), words.denominator(row)
    return f'<abbr title="{escape(f"out of {whole}")}">{said}</abbr>' if said and whole else said


def change_cell(how: Change, now: Row) -> str:
    """The change in words and a shape."""
    amount = ""
    if how.kind == "difference" and how.difference:
        return f'<span class="change difference">{words.number(abs(how.difference), now)} {how.words.lower()}</span>'
    if how.difference is not None and how.lower is not None and how.upper is not None:
        amount = f'<span class="sub">{words.difference(how, now)}</span>'
    shape = CHANGE_SHAPES.get(how.kind, "")
    tick = f'<i aria-hidden="true">{shape}</i> ' if shape else ""
    return f'<span class="change {how.kind.replace(" ", "-")}">{tick}{escape(how.words)}</span>{amount}'


def status_cell(line: "Headline") -> str:
    """The status of a headline as a shape and a word, with the target beside it."""
    return target_cell(line.now, line.status, line.target)


def target_cell(now: Row, how: Status, target: float | None) -> str:
    """How a figure stands to its target as a shape and a word, with the target beside it."""
    shape = f'<i aria-hidden="true">{how.shape}</i> ' if how.shape else ""
    aim = "" if target is None or how.kind == "none" else f'<span class="sub">target {words.number(target, now)}</span>'
    return f'<span class="status {how.kind.replace(" ", "-")}">{shape}{escape(how.words)}</span>{aim}'
