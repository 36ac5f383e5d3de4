"""A page for each heading of the framework: its question, what may be said of it, every measure, and how it went."""

from collections.abc import Callable, Mapping, Sequence

from components import headlines, words
from components.headlines import Headline
from metrics.catalogue import catalogue
from metrics.framework import Heading, framework
from pack import caseload, districts, governance, measures, outcomes, promises, provision
from pack.sheet import Sheet, quarter
from release.read import IndicatorInfo, Reader

OWN_PAGES = ("pathways",)
"""Headings whose pages are made elsewhere: a page for each pathway."""
DRAWN, BESIDE = 6, 4
"""How many of a heading's measures are drawn over time, and how many stand side by side by district."""
MORE: Mapping[str, Sequence[Callable[[Sheet], None]]] = {
    "outcomes": (outcomes.more,), "cohort": (caseload.more,), "compliance": (promises.more,), "provision": (provision.more,),
    "governance": (governance.more,),
}  # fmt: skip
"""What else a heading's page holds."""
OPENINGS: Mapping[str, Callable[[Reader], tuple[str, str]]] = {
    "outcomes": outcomes.answer, "cohort": caseload.answer, "compliance": promises.answer, "provision": provision.answer,
    "governance": governance.answer,
}  # fmt: skip
"""What the heading's own page opens with: in plain words (which may be left out), and exactly."""


def pages(sheet: Sheet) -> None:
    """A page for each heading that the release has any measure of."""
    for heading in framework().headings:
        if heading.id not in OWN_PAGES:
            page(sheet, heading, of_heading(sheet.source, heading.id))


def page(sheet: Sheet, heading: Heading, lines: Sequence[Headline]) -> None:
    """One heading: what may be said, its measures, their course, what else it holds, and the districts."""
    source, leading = sheet.source, lead(lines, heading)
    known = [x for x in lines if x.now["status"] != "not available"]
    sheet.part(heading.question)
    opening, exactly = OPENINGS[heading.id](source)
    sheet.each("lede", [opening])
    sheet.each("para" if opening else "lede", [exactly])
    if heading.id != "compliance":  # its own answer says it
        sheet.each("para", [how_they_stand(known)] if known else [])
    measures.tables(sheet, known)
    if known:
        sheet.add("note", " ".join(measures.key(known)))
    standing(sheet, heading)
    if gone := list(dict.fromkeys(words.title_in_sentence(x.now["title"]) for x in lines if x not in known)):
        sheet.add("note", f"Not available in this release: {'; '.join(gone)}.")
    districts.drawn(sheet, districts.courses(source, [x for x in leading if x.now["value"] is not None])[:DRAWN])
    districts.table(sheet, [(source.indicator(x.now["indicator"]), x.cohort, {}) for x in leading][:BESIDE])
    for more in MORE.get(heading.id, ()):
        more(sheet)


def standing(sheet: Sheet, heading: Heading) -> None:
    """The figures of the heading that are of nobody: entries of the directory, agencies, actions. Full counts."""
    found = [
        x for part in headlines.summary(sheet.source) if part.heading == heading for x in part.lines if x.line.standing
    ]
    body = [
        (x.title, words.shown(x.now), words.counts(x.now) or words.reason(x.now), words.shown(x.before) if x.before else "\u2013",
         "None set" if x.target is None else words.number(x.target, x.now), f"{x.status.shape} {x.status.words}".strip())
        for x in found
    ]  # fmt: skip
    heads = ("Measure", "Latest", "Counted", "A year before", "Target", "Status")
    sheet.table(
        heads,
        body,
        (1, 2, 3, 4),
        caption=f"As at the end of {quarter(sheet.source)}" if body else "",
        widths=[8, 2, 3, 3, 2, 4],
    )


def of_heading(source: Reader, heading: str) -> list[Headline]:
    """The measures of a heading, as the pages have them for everybody."""
    lines, _ = headlines.headlines(source)
    return [x for x in lines if heading_of(source.indicator(x.now["indicator"])) == heading]


def heading_of(info: IndicatorInfo) -> str:
    """The heading of a measure; that of today's catalogue for a release made before definitions had one."""
    if own := info.definition.get("heading"):
        return str(own)
    known = catalogue().get(info.id)
    return known.heading if known else ""


def lead(lines: Sequence[Headline], heading: Heading) -> list[Headline]:
    """Those that stand on the one-page summary first, then the others in their order."""
    order = [(line.indicator, line.cohort) for line in framework().under(heading.id)]
    first = [x for one in order for x in lines if (x.now["indicator"], x.cohort.id) == one]
    kept = list({id(x): x for x in first}.values())
    return [*kept, *(x for x in lines if not any(x is one for one in kept))]


def how_they_stand(known: Sequence[Headline]) -> str:
    """How many are better or worse by more than chance, and which miss their target."""
    found = {
        "Better than before, by more than chance": [x for x in known if x.change.kind == "improved"],
        "Worse than before, by more than chance": [x for x in known if x.change.kind == "worsened"],
        "Misses its target": [x for x in known if x.status.kind == "misses"],
    }
    said = [f"{head}: {words.listed(names(lines))}." for head, lines in found.items() if lines]
    many = f"Of the {len(known)} measures here none is told apart from before" if len(known) > 1 else ""
    return " ".join(said) or (f"{many}, and none misses a target." if many else "")


def names(lines: Sequence[Headline]) -> list[str]:
    """Measures within a sentence, with whom they are about where two share a title."""
    titles = [x.now["title"] for x in lines]
    return [
        words.title_in_sentence(x.now["title"])
        + (f" ({words.who(x.cohort.title)})" if titles.count(x.now["title"]) > 1 else "")
        for x in lines
    ]
