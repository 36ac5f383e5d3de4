"""Links between pages that keep the filters: the address holds the same labels that the filters write there."""

from collections.abc import Mapping
from urllib.parse import urlencode

from components.headlines import PATHWAY_FACTS, Part, Summed
from components.words import LEVELS
from release.read import CohortInfo, IndicatorInfo, Reader

STEPS = PATHWAY_FACTS
"""The facts whose measures the Pathways page sets out."""


def to(source: Reader, page: str, **labels: str) -> str:
    """The address of a page with these filters, at the level being read."""
    level = {"level": LEVELS[source.level]} if source.level == "open" else {}
    chosen = {name: label for name, label in labels.items() if label} | level
    return f"{page or './'}?{urlencode(chosen)}" if chosen else page or "./"


def definition(source: Reader, indicator: str) -> str:
    """To the definition of a measure."""
    return to(source, "definitions", measure=source.indicator(indicator).title)


def by_district(source: Reader, cohort: CohortInfo, info: IndicatorInfo) -> str:
    """To the measure by district."""
    return to(source, "districts", people=cohort.title, measure=info.title)


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


def red_where(source: Reader, line: Summed) -> list[tuple[str, str]]:
    """From a red: to the measure by district, where there is such a table, to see in which it is missed."""
    if not line.status.red or line.cohort is None:
        return []
    known = source.period_kinds(line.line.indicator, line.cohort.id, [line.cohort.district_dimension])
    return [("By district", by_district(source, line.cohort, source.indicator(line.line.indicator)))] if known else []
