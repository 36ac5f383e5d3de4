"""How sure it is, as tables: two accounts side by side, the bands of value, and what would have to be true."""

from collections.abc import Callable, Sequence
from html import escape

from components.markup.plain import sub, table
from components.value.choices import Valued
from components.value.pictures import end_words, name_of
from components.value.sentences import Row, chance, pounds, years
from metrics.value.bands import BANDS

VIEWS = {"society": "Everybody", "fiscal": "Public budgets alone"}
"""Two complete accounts, the second within the first: they stand side by side and are never added."""
NUMBER = ' class="num"'


def sure_table(of: Valued, basis: str, bar: float) -> str:
    """Both accounts side by side: worth, what comes back, payback, and how likely each is."""
    lines: list[tuple[str, str, str, Callable[[Row], str]]] = [
        ("Benefits", "less what is taken off for weak evidence", "benefits", _money),
        ("Costs", "set-up and what is added for weak evidence with them", "costs", _money),
        ("Net present value", "benefits less costs", "net_present_value", _money),
        ("Back for each £1 spent", "", "ratio", _money),
        ("Payback", "", "payback_years", lambda r: years(r["value"])),
        ("Chance of breaking even", "on running costs, set-up left out", "breaking_even", _probability),
        ("Chance of more than £1 back for £1", "set-up counted", "ratio_above_1", _probability),
        (f"Chance of more than £{bar:g} back for £1", "set-up counted", "ratio_above_bar", _probability),
    ]
    header = '<th scope="col"></th>' + "".join(
        f'<th scope="col"{NUMBER}>{escape(name)}</th>' for name in VIEWS.values()
    )
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{escape(title)}{sub(under)}</th>{_cells(of, basis, name, cell)}</tr>'
        for title, under, name, cell in lines
    )
    return (
        '<table class="figures sure stack" role="table"><caption class="vh">Costs and benefits</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _cells(of: Valued, basis: str, measure: str, cell: Callable[[Row], str]) -> str:
    found = {head: of.measure(measure, basis, head=head) for head in VIEWS}
    return "".join(
        f'<td role="cell" class="num" data-label="{escape(name)}">{lines("[x]" if (row := found[head]) is None else cell(row))}</td>'
        for head, name in VIEWS.items()
    )


def _money(row: Row) -> str:
    if row["value"] is None:
        return f"[x]\n{row['reason']}"
    ends = (
        ""
        if row["lower"] is None or row["lower"] == row["upper"]
        else f"\n{pounds(row['lower'])} to {pounds(row['upper'])}"
    )
    return f"{pounds(row['value'])}{ends}"


def _probability(row: Row) -> str:
    return f"[x]\n{row['reason']}" if row["value"] is None else chance(row["value"])


def lines(text: str) -> str:
    """The first line of a cell in bold, the rest small beneath it."""
    first, *rest = text.split("\n")
    return f"<b>{escape(first)}</b>" + "".join(sub(line) for line in rest)


def bands(of: Valued, basis: str, head: str = "society") -> list[tuple[str, float]]:
    """The share of draws in each band of value, lowest first."""
    held = [
        row for row in of.money if row["basis"] == basis and row["head"] == head and row["measure"].startswith("band:")
    ]
    order = [one.name for one in BANDS]
    found = [(row["measure"].removeprefix("band:"), row["value"]) for row in held]
    return sorted(found, key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))


def bands_bar(found: Sequence[tuple[str, float]]) -> str:
    """The bands as one bar from very poor to very high, and beneath it each one's name and share."""
    parts = "".join(
        f'<span class="band-part b{place}" style="flex-grow:{value:.4f}"></span>'
        for place, (_, value) in enumerate(found)
        if value
    )
    key = "".join(
        f'<li><span class="band-key b{place}" aria-hidden="true"></span>{escape(name.capitalize())} <b>{chance(value)}</b></li>'
        for place, (name, value) in enumerate(found)
    )
    return (
        f'<div class="bands"><div class="bands-bar" aria-hidden="true">{parts}</div><ul>{key}</ul></div>'
        if found
        else ""
    )


def needed_table(rows: Sequence[Row]) -> str:
    """What would have to be true: each input alone, at the value where benefits just meet all the costs."""
    body = [
        (name_of(r), end_words(r, "value"), "no value would do" if r["needed"] is None else end_words(r, "needed"),
         "none" if r["low"] == r["high"] else span(r),
         "" if r["needed"] is None else "within it" if r["within_range"] else "outside it")
        for r in rows
    ]  # fmt: skip
    already = bool(rows) and rows[0]["pays_already"]
    heads = (
        "Alone",
        "As it stands",
        "Could worsen to" if already else "Would have to be",
        "Its range",
        "Within its range?",
    )
    header = "".join(
        f'<th scope="col"{NUMBER if place in range(1, 4) else ""}>{escape(head)}</th>'
        for place, head in enumerate(heads)
    )
    cells = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{escape(first)}</th>'
        + "".join(
            f'<td role="cell"{NUMBER if place < len(rest) - 1 else ""} data-label="{escape(heads[1 + place])}">{escape(cell)}</td>'
            for place, cell in enumerate(rest)
        )
        + "</tr>"
        for first, *rest in body
    )
    return (
        '<table class="figures needed stack" role="table"><caption class="vh">What would have to be true</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{cells}</tbody></table>'
    )


def span(row: Row) -> str:
    """The range of an assumption, with its unit once where it is the same at both ends."""
    low, high = end_words(row, "low"), end_words(row, "high")
    head, _, tail = low.partition(" ")
    return f"{head} to {high}" if tail and high.endswith(f" {tail}") else f"{low} to {high}"


def in_order(rows: Sequence[Row], by: Sequence[Row]) -> list[Row]:
    """Assumptions in the order of how much they move the answer."""
    order = [row["assumption"] for row in by]
    return sorted(rows, key=lambda row: order.index(row["assumption"]) if row["assumption"] in order else len(order))


def tornado_table(rows: Sequence[Row]) -> str:
    """Each assumption at its two ends, and the net present value there."""
    body = [
        (name_of(r), end_words(r, "low"), pounds(r["at_low"]), end_words(r, "high"), pounds(r["at_high"])) for r in rows
    ]
    heads = ("Assumption", "Low end", "Net present value there", "High end", "Net present value there")
    return table(heads, body, "What moves it most", numeric=(1, 2, 3, 4))
