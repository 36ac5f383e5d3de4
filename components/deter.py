"""Deter: do the young people on it reoffend, and how quickly are they brought to court? Rows, sentences and a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from components import data, markup, words
from components.headlines import latest
from components.judge import Row, few
from release.read import Reader

TITLE = "And young people on Deter?"
UNDER = "Deter was set up for the most prolific 10 to 17 year olds: to bring them to court quickly, and to stop them reoffending"
ON_DETER, CHILDREN = {"scheme": "deter"}, {"age_group": "child"}
KINDS = ("three_years", "all")
"""Few young people are on Deter at a time, so years are taken together."""
MEASURES = (
    ("reoffending_rate", "scheme", "Reoffending within 12 months"),
    ("days_offence_to_sentence", "sentencings", "Days from offence to sentence, half within"),
    ("days_arrest_to_sentence", "sentencings", "Days from arrest to sentence, half within"),
)
BESIDE = {
    "scheme": ("children", "All children sentenced or cautioned"),
    "sentencings": ("sentencings", "Everybody on a scheme"),
}
"""Who stands beside them: for reoffending the area's children, for days everybody on a scheme."""
NOT_SHOWN = "How many of those on Deter reoffended is not shown at this level, or they are too few."
THE_LIST = "Those on Deter were chosen because they offended most: they are not set against other children as a test of the scheme."


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: of young people on Deter (or, where no table is by scheme, of children on any), and of those beside them."""

    name: str
    who: str
    young: Row
    beside: Row | None
    beside_who: str


def lines(source: Reader) -> list[Line]:
    """The measures that the release holds, each in the first period with a figure."""
    cohorts = {about.id for about in source.cohorts()}
    found = []
    for indicator, cohort, name in MEASURES:
        if cohort in cohorts and (mine := _young(source, indicator, cohort)):
            who, row = mine
            other, beside_who = BESIDE[cohort]
            beside = _row(source, indicator, other, row["period"], {}) if other in cohorts else None
            found.append(Line(name, who, row, beside, beside_who))
    return found


def _young(source: Reader, indicator: str, cohort: str) -> tuple[str, Row] | None:
    """The figure of young people in the first period that has one, and whom it is of."""
    if indicator not in {info.id for info in source.indicators(cohort)}:
        return None
    about = source.cohort(cohort)
    for where, who in ((ON_DETER, "Young people on Deter"), (CHILDREN, "Children on a scheme")):
        if not _known(source, where):
            continue
        for kind in KINDS:
            period = latest(source, about, kind)
            row = _row(source, indicator, cohort, period, where) if period else None
            if row is not None and row["value"] is not None:
                return who, row
    return None


def _known(source: Reader, where: Mapping[str, str]) -> bool:
    """Whether the release has this group at all."""
    dims = {one.id for one in source.dimensions()}
    return all(dim in dims and value in dict(source.members(dim)) for dim, value in where.items())


def _row(source: Reader, indicator: str, cohort: str, period: str, where: Mapping[str, str]) -> Row | None:
    found = data.rows(source, indicator, cohort, [period], where=where)
    return found[0] if found else None


def sentences(found: list[Line]) -> list[str]:
    """What the figures say, in plain English."""
    said = []
    for line in found:
        when = words.over(line.young["period_label"])
        who = words.title_in_sentence(line.who)
        interval = words.interval(line.young).removesuffix(" days")
        if few(line.young):
            said.append(f"{when} {who} were too few to judge: {words.title_in_sentence(line.name)}.")
        elif line.young["unit"] == "%":
            said.append(
                f"{when}, {words.number(line.young['value'], line.young)} of {who} reoffended within 12 months ({interval})."
            )
        else:
            since = line.name.split()[2]
            said.append(
                f"{when}, half of {who} were sentenced within {words.number(line.young['value'], line.young)} days of the {since}"
                f"{f' ({interval})' if interval else ''}."
            )
    return said


def table(found: list[Line]) -> str:
    """Each measure of young people on Deter, with whom it stands beside."""
    heads = ("Measure", "Young people", "Beside them", "Period")
    header = "".join(f'<th scope="col" role="columnheader">{escape(head)}</th>' for head in heads)
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{escape(line.name)}</th>'
        f'<td role="cell" data-label="{escape(line.who)}">{markup.value_cell(line.young)}<span class="sub">{escape(line.who)}</span></td>'
        f'<td role="cell" data-label="Beside them">{markup.value_cell(line.beside)}<span class="sub">{escape(line.beside_who)}</span></td>'
        f'<td role="cell" data-label="Period">{escape(line.young["period_label"])}</td></tr>'
        for line in found
    )
    return (
        f'<table class="figures matrix stack" role="table"><caption class="vh">{escape(TITLE)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def show(source: Reader, district: str) -> None:
    """The section of a page, where the release can tell; for the whole area only, since so few are on Deter."""
    if not district and (found := lines(source)):
        from components import page  # the pack reads this module too, and knows nothing of Streamlit

        page.heading(TITLE, UNDER)
        page.paragraphs(sentences(found))
        hidden = [] if any(line.young["unit"] == "%" for line in found) else [NOT_SHOWN]
        page.show(table(found) + markup.note([*hidden, THE_LIST]))
