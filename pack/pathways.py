"""A page a pathway: how far people get along it, district by district, and over time."""

from components import headlines, words
from components.headlines import Headline
from pack import districts, headings, leakage, measures
from pack.sheet import Sheet
from release.read import Reader

OUTCOMES = ("reoffending_rate", "reoffences_per_100")
STEPS = ("need_identified", "referred_of_need", "started_of_referred", "completed_of_started", "waiting_days")


def pages(sheet: Sheet) -> None:
    """A page for every pathway that the release knows, in its order."""
    source = sheet.source
    steps = headlines.steps(source)
    if not steps:
        sheet.part("Pathways")
        sheet.add("lede", words.NO_PATHWAYS if source.level == "open" else words.NO_CASELOAD)
        return
    leakage.page(sheet)
    for pathway, name in source.members(steps[0].dim):
        if pathway in ("none", "not_known"):
            continue
        kept = about(source, pathway)
        sheet.part(name)
        sheet.body.append("#one-page[")
        sheet.add("lede", answer(kept, name))
        measures.together(sheet, kept)
        sheet.add("note", " ".join([words.PATHWAYS_OVERLAP, *measures.key(kept)]))
        leakage.of_pathway(sheet, pathway)
        districts.table(
            sheet, [(step.info, step.cohort, {step.dim: pathway}) for step in steps if step.info.id in STEPS]
        )
        drawn = [x for x in kept if x.now["indicator"] in STEPS and x.now["value"] is not None]
        found = [(label.partition(":")[0], rows) for label, rows in districts.courses(source, drawn[:4])]
        districts.drawn(sheet, found, across=4)
        sheet.body.append("]")


def about(source: Reader, pathway: str) -> list[Headline]:
    """The measures of the pathways for one of them, and the leading outcomes of people with the need; no step is told twice."""
    lines, _ = headlines.headlines(source, "", pathway)
    kept = [x for x in lines if x.now["status"] != "not available"]
    first = headlines.quarter_cohorts(source)[:1]
    return [
        x for x in kept
        if (x.cohort in first and x.now["indicator"] in OUTCOMES)
        or (headings.heading_of(source.indicator(x.now["indicator"])) == "pathways" and not x.now["indicator"].startswith("need_to_"))
    ]  # fmt: skip


def answer(lines: list[Headline], name: str) -> str:
    """How far people get along the pathway, in the words of the Pathways page."""
    known = [x.now for x in lines if x.now["indicator"] in STEPS and x.now["value"] is not None]
    if not known:
        return f"No step along {name} can be shown at this level."
    return words.steps_said(known)
