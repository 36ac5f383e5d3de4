"""What moves it most, and from what was paid to what is saved: rows of bars that fold on a phone."""

from collections.abc import Sequence
from html import escape

from components.value.pictures import end_words, name_of
from components.value.sentences import Row, pounds

TOO_SMALL = 0.5
"""Pounds by which an assumption must move the answer to have a bar."""


def tornado(rows: Sequence[Row], value: float) -> str:
    """Net present value with each assumption at its low (hatched) and its high end (filled), the widest first, on one scale."""
    moving = [row for row in rows if abs(row["at_high"] - row["at_low"]) >= TOO_SMALL]
    ends = [0.0, value, *(row[end] for row in moving for end in ("at_low", "at_high"))]
    low, high = min(ends), max(ends)
    lines = "".join(_moves(row, value, low, high) for row in moving)
    still = [name_of(row).lower() for row in rows if row not in moving]
    rest = f'<p class="note">Without any bearing as things stand: {escape(", ".join(still))}.</p>' if still else ""
    key = '<p class="note"><span class="step-key low" aria-hidden="true"></span> low end <span class="step-key" aria-hidden="true"></span> high end; the line is £0: to its right it pays.</p>'
    return f'<div class="steps" role="list" aria-label="What moves the net present value most">{lines}</div>{key}{rest}'


def _moves(row: Row, value: float, low: float, high: float) -> str:
    bars = "".join(_bar(value, row[f"at_{end}"], low, high, "low" if end == "low" else "") for end in ("low", "high"))
    said = [
        f"{end}, {end_words(row, end)}: {pounds(row[f'at_{end}'])}"
        for end in ("low", "high")
        if abs(row[f"at_{end}"] - value) >= TOO_SMALL
    ]
    return _line(name_of(row), bars + _zero(low, high), "".join(f"<span>{escape(text)}</span>" for text in said))


def waterfall(
    paid: Sequence[tuple[str, float]],
    added: Sequence[tuple[str, float]],
    saved: Sequence[tuple[str, float]],
    net: float,
) -> str:
    """From nought down by what each paid, up by what each public body is spared, to what is left."""
    steps: list[tuple[str, float, float, str]] = []
    at = 0.0
    for css, moves in (("paid", [(who, -pounds_) for who, pounds_ in (*paid, *added)]), ("", saved)):
        for who, move in moves:
            steps.append((who, at, at + move, css or ("low" if move < 0 else "")))
            at += move
    ends = [0.0, net, *(end for _, start, stop, _ in steps for end in (start, stop))]
    low, high = min(ends), max(ends)
    lines = "".join(
        _line(who, _bar(start, stop, low, high, css) + _zero(low, high), f"<b>{_signed(stop - start)}</b>")
        for who, start, stop, css in steps
    )
    total = _line(
        "Left over for public budgets",
        _bar(0, net, low, high, "net") + _zero(low, high),
        f"<b>{_signed(net)}</b>",
        "total",
    )
    return f'<div class="steps falls" role="list" aria-label="From what was paid to what public budgets are spared">{lines}{total}</div>'


def _line(name: str, bars: str, said: str, css: str = "") -> str:
    return (
        f'<div class="step {css}" role="listitem"><span class="step-name">{escape(name)}</span>'
        f'<span class="step-track" aria-hidden="true">{bars}</span><span class="step-said">{said}</span></div>'
    )


def _bar(start: float, stop: float, low: float, high: float, css: str) -> str:
    width = high - low or 1.0
    left, right = sorted((start, stop))
    return f'<span class="step-bar {css}" style="left:{100 * (left - low) / width:.2f}%;width:{100 * (right - left) / width:.2f}%"></span>'


def _zero(low: float, high: float) -> str:
    return f'<span class="step-zero" style="left:{100 * -low / (high - low or 1.0):.2f}%"></span>'


def _signed(value: float) -> str:
    return pounds(value) if value < 0 else f"+{pounds(value)}"
