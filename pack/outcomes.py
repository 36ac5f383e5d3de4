"""Outcomes on paper: who reoffends by group, and whether ethnic groups differ by more than chance."""

from components import deter, disparity, headlines, words
from components.disparity import Line
from metrics.disparity import Ratio
from pack import districts
from pack.sheet import Sheet
from release.read import CohortInfo, Reader

GROUPS = ("sex", "age_group", "young_adult", "statutory", "sentence_length", "tier")
MEASURES = ("reoffending_rate", "reoffences_per_100")
HEADS = (
    "Ethnic group",
    "Reoffending rate",
    "Against White people",
    "Against everybody else",
    "Allowing for age, sex and record",
)


def answer(source: Reader) -> tuple[str, str]:
    """The opening and the answer of the page of reoffending, of the first cohort."""
    cohort = headlines.quarter_cohorts(source)[:1]
    lines = [x for x in headlines.headlines(source)[0] if x.now["indicator"] == MEASURES[0] and x.cohort in cohort]
    if not lines:
        return words.NOTHING_HERE, ""
    told = words.headline_answer(lines[0], lines[0].now["title"], words.who(cohort[0].title))
    return words.reoffending_opening(lines[0], cohort[0]), told


def more(sheet: Sheet) -> None:
    """What stands on the page of outcomes beside its measures."""
    cohort = headlines.quarter_cohorts(sheet.source)[:1]
    if cohort:
        by_group(sheet, cohort[0])
        ethnic_groups(sheet)
        young_people(sheet)


def by_group(sheet: Sheet, cohort: CohortInfo) -> None:
    """The two leading measures by sex, age, supervision, sentence and tier, each group with how many it is of."""
    source, body, signs = sheet.source, [], []
    for by in GROUPS:
        found = [
            headlines.broken_down(source, name, cohort, by, {})[0]
            for name in MEASURES
            if (by,) in source.tables(name, cohort.id)
        ]
        if len(found) < len(MEASURES) or not all(found):
            continue
        for rate, frequency in zip(*found, strict=True):
            if rate["status"] != "not available":
                body.append((source.dimension(by).title, rate["label"], districts.cell(rate), districts.cell(frequency),
                             words.count(rate["denominator"]), rate["period_label"]))  # fmt: skip
                signs += [rate, frequency]
    if body:
        sheet.heading("For whom?")
        periods = list(dict.fromkeys(row[-1] for row in body))
        heads = ("Breakdown", "Group", "Reoffending rate", "Reoffences per 100 people", "Of", "Period")
        kept = slice(None, None if len(periods) > 1 else -1)
        sheet.table(heads[kept], [row[kept] for row in body], (2, 3, 4), caption="" if len(periods) > 1 else periods[0],
                    widths=[4, 4, 5, 5, 2, 4][kept])  # fmt: skip
        sheet.add("note", " ".join([OF, *words.key_to(signs)]))


OF = "Of: releases, convictions and cautions that entered the cohort, which may be of the same person in another quarter."


def ethnic_groups(sheet: Sheet) -> None:
    """Each ethnic group's rate against White people's and everybody else's, of all adults, with intervals."""
    source = sheet.source
    about = next((one for one in source.cohorts(disparity.MEASURE) if one.id == "adults"), None)
    found = disparity.compared(source, about, {}) if about is not None else None
    if found is None or about is None:
        return
    sheet.heading(disparity.TITLE)
    sheet.add("before_table", f"{words.who(about.title).capitalize()}. {' '.join(disparity.sentences(found))}")
    sheet.table(HEADS, [_row(line) for line in found.lines], widths=[3, 4, 5, 5, 5])
    sheet.add("note", " ".join(disparity.notes(found)))


def young_people(sheet: Sheet) -> None:
    """Young people on Deter: do they reoffend, and how quickly are they brought to court?"""
    found = deter.lines(sheet.source)
    if found:
        sheet.heading(deter.TITLE)
        sheet.add("before_table", " ".join(deter.sentences(found)))
        body = [
            (one.name, one.who, districts.cell(one.young), districts.cell(one.beside), one.young["period_label"])
            for one in found
        ]
        sheet.table(("Measure", "Who", "Young people", "Beside them", "Period"), body, (2, 3), widths=[5, 4, 5, 5, 5])
        sheet.add("note", deter.THE_LIST)


def _row(line: Line) -> tuple[str, ...]:
    return (
        line.label,
        districts.cell(line.rate),
        _times(line.to_white, line.why),
        _times(line.to_rest),
        _times(line.allowed),
    )


def _times(found: Ratio | None, why: str = "") -> str:
    return f"\u2013 {why}".strip() if found is None else f"{disparity.times(found)}: {disparity.says(found).lower()}"
