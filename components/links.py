"""Links between pages that keep the filters: the address holds the same labels that the filters write there."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from components.headlines import PATHWAY_FACTS, Headline, Part, Summed
from components.words import LEVELS
from release.read import CohortInfo, IndicatorInfo, Reader

STEPS = PATHWAY_FACTS
"""The facts whose measures the Pathways page sets out."""


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses from a headline; `missed` holds (words, address) pairs."""

    definition: str
    more: str
    missed: tuple[tuple[str, str], ...] = ()


def to(source: Reader, page: str, **labels: str) -> str:
    """The address of a page with these filters, at the level being read."""
    level = {"level": LEVELS[source.level]} if source.level == "open" else {}
    chosen = {name: label for name, label in labels.items() if label} | level
    return f"{page or './'}?{urlencode(chosen)}" if chosen else page or "./"


def definition(source: Reader, indicator: str) -> str:
    """To the definition of a measure."""
    return to(source, "definitions", measure=source.indicator(indicator).title)


def more(source: Reader, line: Headline, chosen: Mapping[str, str]) -> str:
    """To the page that shows a headline in full: over time, by district or by pathway, for the same choice."""
    info = source.indicator(line.now["indicator"])
    asked = {"people": line.cohort.title, "measure": info.title}
    if line.cohort.clock == "reoffending":
        return to(source, "reoffending", **asked, district=chosen.get("district", ""))
    if info.fact in STEPS:
        return to(source, "pathways", step=info.title, **chosen)
    return by_district(source, line.cohort, info)


def by_district(source: Reader, cohort: CohortInfo, info: IndicatorInfo) -> str:
    """To the measure by district."""
    return to(source, "districts", people=cohort.title, measure=info.title)


def about(source: Reader, line: Headline, chosen: Mapping[str, str]) -> Links:
    """Where a headline leads: its definition, the page that shows more and, from a missed target, where it is missed."""
    full = more(source, line, chosen)
    where = []
    info = source.indicator(line.now["indicator"])
    if line.status.kind == "misses":
        where += [("by pathway", full)] if info.fact in STEPS else []
        own = line.cohort.district_dimension
        where += (
            [("by district", by_district(source, line.cohort, info))]
            if source.period_kinds(info.id, line.cohort.id, [own])
            else []
        )
    return Links(definition(source, info.id), full, tuple(where))


def from_a_measure(source: Reader, cohort: CohortInfo, info: IndicatorInfo) -> list[tuple[str, str]]:
    """From a measure's chart: to its definition, and to it by district, as (words, address)."""
    return [("Definition", definition(source, info.id)), ("By district", by_district(source, cohort, info))]


def heading(source: Reader, part: Part, chosen: Mapping[str, str]) -> str:
    """From a heading of the summary to the page that answers its question, for the same district."""
    return to(source, part.heading.page, district=chosen.get("district", ""))


def summed(source: Reader, line: Summed, chosen: Mapping[str, str]) -> tuple[str, str]:
    """From a line of the summary: the page that shows the measure in full, and its definition (none for a standing figure)."""
    district = chosen.get("district", "")
    if line.cohort is None:
        return to(source, line.line.page, district=district), ""
    info = source.indicator(line.line.indicator)
    asked = {"people": line.cohort.title, "measure": info.title} if line.line.page == "reoffending" else {}
    asked |= {"step": info.title, "pathway": chosen.get("pathway", "")} if info.fact in STEPS else {}
    asked |= {"measure": info.title} if line.line.page == "compliance" else {}
    return to(source, line.line.page, **asked, district=district), definition(source, info.id)
