"""The old measures and the new side by side, the steps between them, and both by year, as tables."""

from collections.abc import Sequence
from html import escape

from components import markup, verdicts
from components.judge import Row
from components.parallel.rows import OLD, Case, over_time
from components.parallel.sentences import TITLE, steps_said
from release.read import Reader


def step_rows(found: Case) -> list[Row]:
    """The share with a proven offence at each step, as figures."""
    names = [name for name, _ in steps_said(found)]
    return [found.figure(row, "rate", name) for name, row in zip(names, found.steps.values(), strict=True)]


def steps_list(found: Case) -> str:
    """What each step changes, in words, with how far it moves the share."""
    items, before = [], None
    for (name, what), row in zip(steps_said(found), found.steps.values(), strict=True):
        moved = "" if before is None else f" <b>{verdicts.signed(row['rate'] - before, 1)} points.</b>"
        items.append(f"<li><b>{escape(name)}</b>: {escape(what)}{moved}</li>")
        before = row["rate"]
    return f'<ol class="plainly">{"".join(items)}</ol>'


HEADS = (
    "Measure",
    "People",
    "With a proven offence",
    "Offences for every 100",
    "Change on the year before",
    "Days in prison",
)


def side_by_side(found: Case) -> str:
    """The old measure, the single cohort's of the same scheme, and the single cohort's: whom, how many, how often, how changed."""
    scheme = found.scheme.upper()
    lines = [_line(OLD[found.rule, found.scheme], found.old, found)]
    if "scheme" in found.steps:
        lines.append(_line(f"Single cohort, people on {scheme}", found.steps["scheme"], found))
    if "all" in found.steps:
        lines.append(_line("Single cohort, everybody", found.steps["all"], found))
    elif found.new is not None:
        lines.append(_published_line(found))
    header = "".join(f'<th scope="col" role="columnheader">{escape(head)}</th>' for head in HEADS)
    return (
        f'<table class="figures matrix stack" role="table"><caption class="vh">{escape(TITLE)} {escape(found.label)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{"".join(lines)}</tbody></table>'
    )


def _line(name: str, row: Row, found: Case) -> str:
    custody = "not available" if row["in_custody"] is None else f"{row['in_custody']:.0f}%"
    change = "not measured"
    if row.get("change") is not None:
        change = f"{verdicts.percent(row['change'])}"
        if row["change_lower"] is not None:
            change += f" ({verdicts.percent(row['change_lower'])} to {verdicts.percent(row['change_upper'])})"
    cells = (
        f"<b>{row['people']:,}</b>",
        *(markup.value_cell(found.figure(row, each)) for each in ("rate", "per_100")),
        escape(change),
        custody,
    )
    return _table_row(name, cells)


def _published_line(found: Case) -> str:
    """The single cohort's published figures, where the release shows no more of it."""
    assert found.new is not None
    people = f"about {found.new['denominator']:,.0f} entries" if found.new["denominator"] else "not shown"
    cells = (
        people,
        markup.value_cell(found.new),
        markup.value_cell(found.often),
        "not measured",
        "not shown at this level",
    )
    return _table_row("Single cohort, everybody", cells)


def _table_row(name: str, cells: Sequence[str]) -> str:
    inside = "".join(
        f'<td role="cell" data-label="{escape(head)}">{cell}</td>' for head, cell in zip(HEADS[1:], cells, strict=True)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{escape(name)}</th>{inside}</tr>'


def years_table(source: Reader, measure: str) -> str:
    """Both measures by year, as a table."""
    old, new = over_time(source, measure)
    by_year = {row["period"]: row for row in new}
    labels = {period.id: period.label for period in source.periods("year")}
    rows = [
        (
            labels.get(row["year"], row["year"]),
            f"{row['people']:,}",
            _span(row["rate"], row["rate_lower"], row["rate_upper"]),
            _span(*(by_year[row["year"]][name] for name in ("value", "lower", "upper")))
            if row["year"] in by_year
            else "not shown",
            "none" if row["change"] is None else verdicts.percent(row["change"]),
        )
        for row in old
    ]
    heads = (
        "Year",
        "People, old measure",
        "Old measure (95% interval)",
        "Single cohort (95% interval)",
        "Old measure's change",
    )
    return markup.table(heads, rows, "Both measures by year", numeric=(1, 2, 3, 4))


def _span(value: float, lower: float | None, upper: float | None) -> str:
    ends = "" if lower is None or upper is None else f" ({lower:.1f}% to {upper:.1f}%)"
    return f"{value:.1f}%{ends}"
