"""Do ethnic groups differ? Each group's reoffending rate against White people's and against everybody else's.

Figures of the release alone: the ratios and their intervals are worked out from published rates (metrics/disparity.py).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import polars as pl

from components import data, markup, words
from components.evidence.strips import strip
from components.headlines import latest
from components.judge import Row, few
from metrics.disparity import Counts, Ratio, Side, everybody_else, ratio
from release.read import CohortInfo, Reader

MEASURE, ALLOWED, BY, REFERENCE = "reoffending_rate", "observed_over_expected", "ethnicity", "white"
KINDS = ("three_years", "all", "year")
"""Periods to look in, in order."""
ENOUGH = 2
"""Groups that can be compared with White people: the first period with so many is shown, else that with most."""
NOT_KNOWN = "not_known"
FAR = 2.0
"""The strips run from a quarter to four times."""
TITLE = "Do ethnic groups differ?"
UNDER = "Reoffending rate of each group, against White people and against everybody else whose group is known"
WHY = (
    "A difference is not a finding about the people in a group. It may come from who is stopped, charged and chosen as much as "
    "from who offends, and the record that the last column allows for was made by the same system."
)
HOW = (
    "Each ratio is one rate divided by another; its bar runs on a scale from a quarter to four times, and the line in the middle "
    "is the same rate. Its interval is made from the two rates' own intervals, on a log scale. Allowing "
    "for age, sex and record: how many times the expected number of people reoffended, against the same for White people."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One group: its rate, and how many times others' it is (None: cannot be compared, for the reason in `why`)."""

    label: str
    rate: Row
    to_white: Ratio | None
    to_rest: Ratio | None
    allowed: Ratio | None
    why: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Every group in one period."""

    period: str
    lines: tuple[Line, ...]


def compared(source: Reader, cohort: CohortInfo, where: Mapping[str, str]) -> Compared | None:
    """The groups in the first period in which enough can be compared, else in that with most; None without a table."""
    if BY not in {dimension.id for dimension in source.dimensions()}:
        return None
    found = [each for kind in KINDS if (each := _in_period(source, cohort, where, kind)) is not None]
    return max(found, key=lambda each: min(sum(line.to_white is not None for line in each.lines), ENOUGH), default=None)


def _in_period(source: Reader, cohort: CohortInfo, where: Mapping[str, str], kind: str) -> Compared | None:
    period = latest(source, cohort, kind)
    if period is None:
        return None
    rates = _by_group(data.rows(source, MEASURE, cohort.id, [period], by=BY, where=where))
    if not rates:
        return None
    ratios = _by_group(data.rows(source, ALLOWED, cohort.id, [period], by=BY, where=where))
    lines = tuple(_line(group, rates, ratios) for group in rates if group != NOT_KNOWN)
    return Compared(next(iter(rates.values()))["period_label"], lines)


def _by_group(rows: Sequence[Row] | None) -> dict[str, Row]:
    return {row["val1" if row["dim1"] == BY else "val2"]: row for row in rows or ()}


def _line(group: str, rates: Mapping[str, Row], ratios: Mapping[str, Row]) -> Line:
    row = rates[group]
    label = row["label1" if row["dim1"] == BY else "label2"]
    if not usable(row):
        return Line(label, row, None, None, None, words.reason(row) or str(row["reason"]) or "too few people")
    rest = [counts(other) for name, other in rates.items() if name not in (group, NOT_KNOWN) and counted(other)]
    pooled = everybody_else([each for each in rest if each is not None])
    to_rest = ratio(side(row), _percent(pooled)) if pooled else None
    if group == REFERENCE:
        return Line(label, row, None, to_rest, None, "the group that others are set against")
    white = rates.get(REFERENCE)
    if white is None or not usable(white):
        return Line(label, row, None, to_rest, None, "there is no figure for White people to set it against")
    observed, reference = ratios.get(group), ratios.get(REFERENCE)
    allowed = ratio(side(observed), side(reference)) if usable(observed) and usable(reference) else None
    return Line(
        label, row, ratio(side(row), side(white)), to_rest, allowed, "nobody in one of the two groups reoffended"
    )


def usable(row: Row | None) -> bool:
    """Whether a figure is final, has an interval and rests on people enough."""
    return (
        row is not None
        and row["status"] == "final"
        and row["value"] is not None
        and words.has_interval(row)
        and not few(row)
    )


def counted(row: Row) -> bool:
    """Whether a group's counts are shown, however few they are: all of them together are everybody else."""
    return (
        row["status"] == "final"
        and bool(row["denominator"])
        and row["numerator"] is not None
        and words.has_interval(row)
    )


def side(row: Row | None) -> Side:
    """A published rate as a side of a comparison."""
    assert row is not None
    return Side(row["value"], row["lower"], row["upper"])


def counts(row: Row) -> Counts:
    """A published share with the counts behind it."""
    return Counts(row["numerator"], row["denominator"], row["lower"] / 100, row["upper"] / 100)


def _percent(share: Side) -> Side:
    return Side(100 * share.value, 100 * share.lower, 100 * share.upper)


def times(found: Ratio) -> str:
    """'1.3 times (1.1 to 1.6)'; an end that would round to 1 keeps the side of 1 that it is on."""
    return f"{found.value:.2f} times ({_end(found.lower, found)} to {_end(found.upper, found)})"


def _end(value: float, found: Ratio) -> str:
    for places in (2, 3, 4):
        text = f"{value:.{places}f}"
        if found.finding == "cannot tell" or float(text) != 1:
            return text
    return text


def says(found: Ratio | None) -> str:
    """What may be said of a ratio, in two words."""
    return "" if found is None else {"higher": "Higher", "lower": "Lower", "cannot tell": "Cannot tell"}[found.finding]


def sentences(found: Compared) -> list[str]:
    """What the groups tell, in plain English: the difference that can be told from chance, and what cannot."""
    against = [line for line in found.lines if line.to_white is not None]
    when = words.over(found.period)
    if not against:
        return [f"{when} no group can be set against White people: there are too few people, or figures are not shown."]
    told = [line for line in against if line.to_white and line.to_white.finding != "cannot tell"]
    said = [
        f"{when} the rate for {_people(line.label)} was {times(line.to_white)} that of White people."
        for line in told
        if line.to_white
    ]
    rest = [line.label for line in against if line not in told]
    if rest:
        who = words.listed([_people(label) for label in rest])
        begin = f"For {who}" if told else f"{when}, for {who},"
        said.append(
            f"{begin} we cannot tell a difference from White people apart from chance. That does not mean there is none."
        )
    return said


def _people(label: str) -> str:
    return f"people of {label.lower()} ethnic groups" if label in ("Mixed", "Other") else f"{label} people"


def table(found: Compared) -> str:
    """Every group: its rate, and how many times that of White people and of everybody else it is."""
    heads = (
        "Ethnic group",
        "Reoffending rate",
        "Against White people",
        "Against everybody else",
        "Allowing for age, sex and record",
    )
    header = "".join(f'<th scope="col" role="columnheader">{escape(head)}</th>' for head in heads)
    body = "".join(_table_row(line, heads) for line in found.lines)
    return (
        f'<table class="figures matrix stack" role="table"><caption class="vh">{escape(TITLE)} {escape(found.period)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _table_row(line: Line, heads: Sequence[str]) -> str:
    cells = (
        markup.value_cell(line.rate),
        _ratio_cell(line.to_white, line.why),
        _ratio_cell(line.to_rest, "", drawn=False),
        _ratio_cell(line.allowed, "", drawn=False),
    )
    inside = "".join(
        f'<td role="cell" data-label="{escape(head)}">{cell}</td>' for head, cell in zip(heads[1:], cells, strict=True)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{escape(line.label)}</th>{inside}</tr>'


def _ratio_cell(found: Ratio | None, why: str, *, drawn: bool = True) -> str:
    if found is None:
        below = f'<span class="sub">{escape(why)}</span>' if why else ""
        return f'<span class="missing">\u2013</span>{below}'
    value, _, interval = times(found).partition(" (")
    said = f'<b>{escape(value)}</b><span class="sub">{escape(interval.rstrip(")"))}</span><span class="sub">{says(found)}</span>'
    if not drawn:
        return said
    ends = {"estimate": found.value, "lower": found.lower, "upper": found.upper}
    on_a_log_scale = {end: math.log2(value) for end, value in ends.items()} | {"scale": "difference"}
    drawn_as = strip(on_a_log_scale, FAR, f"{times(found)}, on a scale from a quarter to four times")
    return f'{said}<span style="display:block;padding:.5rem 0">{drawn_as}</span>'  # room for the line in the middle


def notes(found: Compared) -> list[str]:
    """Under the table: what a difference is not, how many comparisons there are, how it is worked out."""
    made = sum(ratio is not None for line in found.lines for ratio in (line.to_white, line.to_rest, line.allowed))
    return [WHY, *words.by_luck(made), HOW]


def frame(found: Compared | None) -> pl.DataFrame:
    """The ratios for the download."""
    names = (
        ("to_white", "White people"),
        ("to_rest", "everybody else"),
        ("allowed", "White people, allowing for age, sex and record"),
    )
    lines = [(found.period, line) for line in found.lines] if found else []
    rows = [
        {
            "period": period,
            "group": line.label,
            "against": against,
            "ratio": value and value.value,
            "lower": value and value.lower,
            "upper": value and value.upper,
            "finding": value.finding if value else "not compared",
        }
        for period, line in lines
        for name, against in names
        for value in (getattr(line, name),)
    ]
    schema = {"period": pl.String, "group": pl.String, "against": pl.String, "ratio": pl.Float64, "lower": pl.Float64,
              "upper": pl.Float64, "finding": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def show(source: Reader, cohort: CohortInfo, where: Mapping[str, str]) -> Compared | None:
    """The section of a page, where the release can tell."""
    groups = compared(source, cohort, where)
    if groups is not None:
        from components import page  # the pack reads this module too, and knows nothing of Streamlit

        page.heading(TITLE, UNDER)
        page.paragraphs(sentences(groups))
        page.show(table(groups) + markup.note(notes(groups)))
    return groups
