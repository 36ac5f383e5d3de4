"""The workbook's tables of figures: each with its title, what it is about, one row of headings and its rows.

Numbers are rounded as the pages show them: the open level's never carry more than they say. A missing figure is a sign.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from components import data, evidence, export, headlines, value, verdicts, words
from components.headlines import Headline, Summed
from components.judge import Row
from components.value import sentences
from metrics.framework import framework
from pack import changed, districts, headings, listed, measures, money
from pack.listed import Table
from pack.sheet import quarter
from release.read import Reader
from release.revisions import previous, revisions

HEADS = ("Group", "Measure", "People", "Period", "Value", "Lower limit", "Upper limit", "Unit", "Top of the fraction", "Bottom of the fraction",
         "Before", "Before: period", "Change", "Target", "Status", "Note")  # fmt: skip
MOST = 5_000
"""So many revised figures are listed."""


SUMMARY_HEADS = ("Heading", "Measure", "People", "Period", "Value", "Lower limit", "Upper limit", "Unit", "Top of the fraction", "Bottom of the fraction",
                 "On last quarter", "Before", "Before: period", "On a year before", "Target", "Against expected", "Chance or change", "Status", "Note")  # fmt: skip
GROUPS = (
    "sex",
    "ethnicity",
    "age_group",
    "young_adult",
    "age_band",
    "statutory",
    "category",
    "tier",
    "strand",
    "scheme",
)
"""The breakdowns, other than by place and pathway, that the workbook sets out."""


def the_quarter(source: Reader) -> Table:
    """The one-page summary."""
    rows = [summed(part.heading.title, x) for part in headlines.summary(source) for x in part.lines]
    return Table(
        "Quarter", f"The quarter: {quarter(source)}", "Every line of the one-page summary.", SUMMARY_HEADS, rows
    )


def of_heading(source: Reader, heading: str) -> Table:
    """Every measure of one heading."""
    about = framework().heading(heading)
    rows = [line("Everybody", x) for x in headings.of_heading(source, heading)]
    return Table(
        about.title, f"{about.title}: {about.question}", "Every measure of the heading, for everybody.", HEADS, rows
    )


def by_group(source: Reader) -> Table:
    """The summary's measures by sex, ethnic group, age, supervision, tier and scheme, each where such a table exists."""
    rows = []
    for one in dict.fromkeys((x.indicator, x.cohort) for x in framework().lines if x.indicator):
        for by in GROUPS:
            rows += _broken_down(source, *one, by)
    about = "The measures of the one-page summary by group, over the latest period that shows most. Small groups have wide intervals."
    return Table("Groups", "By group", about, ("Breakdown", *HEADS[:10], "Note"), rows)


def _broken_down(source: Reader, indicator: str, cohort: str, by: str) -> list[tuple[Any, ...]]:
    known = {info.id for info in source.indicators(cohort)} if cohort in {c.id for c in source.cohorts()} else set()
    if indicator not in known or (by,) not in source.tables(indicator, cohort):
        return []
    rows, _ = headlines.broken_down(source, indicator, source.cohort(cohort), by, {})
    return [
        (source.dimension(by).title, row["label"], row["title"], row["people"], row["period_label"],
         *(shown(row, part) for part in ("value", "lower", "upper")), row["unit"], _count(row["numerator"]), _count(row["denominator"]),
         words.reason(row) if row["reason"] else "")
        for row in rows if row["status"] != "not available"
    ]  # fmt: skip


def by_district(source: Reader) -> Table:
    """The Quarter page of every district."""
    rows = [line(name, x) for d, name in districts.inside(source) for x in headlines.headlines(source, d)[0]]
    return Table(
        "Each district",
        "Each district",
        "The measures of the Quarter page for each district, in alphabetical order.",
        HEADS,
        rows,
    )


def by_pathway(source: Reader) -> Table:
    """The Quarter page of every pathway."""
    steps = headlines.steps(source)
    known = [one for one in source.members(steps[0].dim) if one[0] not in ("none", "not_known")] if steps else []
    rows = [line(name, x) for p, name in known for x in headlines.headlines(source, "", p)[0]]
    about = "The measures of the Quarter page for each pathway. One person may be on several: the rows never add up to a whole."
    return Table("Each pathway", "Each pathway", about, HEADS, rows)


def comparisons(source: Reader) -> Table:
    """Every comparison's verdict."""
    names = (
        dict(source.members("managing_district"))
        if any(d.id == "managing_district" for d in source.dimensions())
        else {}
    )
    rows = []
    for case in evidence.every(source):
        about, effect = case.about, case.headline
        known = effect is not None and effect["estimate"] is not None
        cells = (
            [effect[name] for name in ("treated", "expected", "estimate", "lower", "upper")]
            if known and effect is not None
            else ["[x]"] * 5
        )
        place = names.get(about["district"], about["district"]) or "Everywhere"
        rows.append((about["title"], place, about["from_period"], about["to_period"], about["analysed"] if about["analysed"] is not None else "[x]",
                     *(round(c, 1) if isinstance(c, float) else c for c in cells), verdicts.SHORT[about["verdict"]], about["reason"] or ""))  # fmt: skip
    heads = ("Comparison", "District", "From", "To", "People analysed", "Of 100, took part", "Of 100 similar people", "Difference", "Lower limit",
             "Upper limit", "Verdict", "Note")  # fmt: skip
    return Table(
        "Comparisons", "Compared with similar people", "Verdicts of matched comparisons, with 95% limits.", heads, rows
    )


def break_even(source: Reader) -> Table:
    """What was needed and what was seen, by year."""
    labels = {(one.kind, one.id): one.name for one in value.subjects(source)}
    rows = [
        (labels.get((r["subject_kind"], r["subject"]), r["subject"]), r["district"] or "Everywhere", r["period"], sentences.BASES[r["basis"]],
         _whole(r["cost"]), _whole(r["unit_cost"]), r["price_year"] or "", _whole(r["offences_to_avert"]), _whole(r["expected"]), _tenth(r["needed"]),
         _tenth(r["lower"]), _tenth(r["upper"]), sentences.SHORT[r["verdict"]], r["reason"])
        for r in (money.said(source, one) for one in data.listed(source, "break_even"))
        if r["subject"]
    ]  # fmt: skip
    heads = ("Scheme or programme", "District", "Year", "Counting", "Cost (pounds)", "Cost of an offence (pounds)", "Price year", "Offences to avert",
             "Offences expected", "Needed (%)", "Seen: lower limit (%)", "Seen: upper limit (%)", "Verdict", "Note")  # fmt: skip
    return Table(
        "Break-even", "Does it pay?", "Offences to avert, beside those that the comparison saw averted.", heads, rows
    )


def revised(source: Reader) -> Table:
    """Final figures that differ from the release before."""
    before = previous(source)
    none = [("None", *[""] * (len(changed.HEADS) - 1))]
    if before is None:
        return Table("Revisions", "Revisions", changed.FIRST, changed.HEADS, none)
    found = revisions(source, before)
    rows = changed.rows(source, found, MOST) or none
    return Table("Revisions", "Revisions since last time", changed.answer(found, before), changed.HEADS, rows)


def definitions(source: Reader) -> Table:
    """How each measure is worked out."""
    rows = [
        (info.title, info.unit, head, " ".join(said))
        for info in source.indicators()
        for head, said in export.parts_of(info, source.cohorts(info.id))
    ]
    return Table(
        "Measures",
        "How each measure is worked out",
        "One row for each part of a definition.",
        ("Measure", "Unit", "Part", "What it says"),
        rows,
    )


def line(group: str, one: Headline) -> tuple[Any, ...]:
    """A headline as a row: numbers as they are shown, and a sign with its reason where there is none."""
    now, before = one.now, one.before
    return (
        group, now["title"], now["people"], now["period_label"], shown(now, "value"), shown(now, "lower"), shown(now, "upper"), now["unit"],
        _count(now["numerator"]), _count(now["denominator"]), shown(before, "value") if before else "[x]", before["period_label"] if before else "",
        measures.changed(one.change, now), "" if one.target is None else one.target, one.status.words, words.reason(now) if now["reason"] else "",
    )  # fmt: skip


def summed(heading: str, one: Summed) -> tuple[Any, ...]:
    """A line of the summary as a row."""
    now, before = one.now, one.before
    gap = words.signed(one.gap["value"], one.gap) if one.gap is not None else ""
    return (
        heading, one.title, one.cohort.title if one.cohort else "Nobody: it counts entries, agencies or actions", now["period_label"],
        shown(now, "value"), shown(now, "lower"), shown(now, "upper"), now["unit"], _count(now["numerator"]), _count(now["denominator"]),
        words.on_last_quarter(one), shown(before, "value") if before else "[x]", before["period_label"] if before else "",
        " ".join(filter(None, words.on_a_year_before(one))), "" if one.target is None else one.target, gap, words.chance(one)[0],
        one.status.words, words.reason(now) if now["reason"] else "",
    )  # fmt: skip


def shown(row: Row, part: str) -> Any:
    """A value or a limit as the pages show it, as a number; the sign where the value is missing, nothing where there is no limit."""
    if row["value"] is None:
        return words.shown(row)
    if row[part] is None or (part != "value" and not words.has_interval(row)):
        return ""
    return float(words.number(row[part], row).rstrip("%").replace(",", ""))


def _count(many: float | None) -> Any:
    return "" if many is None else round(many)


def _whole(many: float | None) -> Any:
    return "[x]" if many is None else round(many)


def _tenth(many: float | None) -> Any:
    return "[x]" if many is None else round(many, 1)


TABLES: tuple[Callable[[Reader], Table], ...] = (
    the_quarter, *(partial(of_heading, heading=heading.id) for heading in framework().headings), by_group, by_district, by_pathway,
    listed.directory, listed.gaps, listed.ahead, listed.due, listed.partners, listed.actions, listed.assessed, listed.shares,
    comparisons, break_even, revised, definitions,
)  # fmt: skip
