"""A page a district: the summary's lines for it, its trend, what was found by comparison, and what it costs."""

from collections.abc import Iterable, Mapping, Sequence

from components import data, drawings, evidence, headlines, value, verdicts, words
from components.headlines import Headline, Summed
from components.judge import Row, few
from components.value import sentences
from components.words.figures import counted_anew
from pack import summary
from pack.sheet import Faint, Sheet
from release.read import CohortInfo, IndicatorInfo, Reader

LEAD = ("reoffending_rate", "reoffences_per_100", "people_on_scheme")
"""The measures whose course is drawn, where the level has them by district."""
TOO_FEW = "Grey, too few: of fewer people than the measure asks for, so nothing is to be judged by it."
ONLY = "Districts select at different thresholds: a difference between two may reflect who is selected. This is not a ranking."


def pages(sheet: Sheet) -> None:
    """A page for every district of the area, in alphabetical order."""
    source = sheet.source
    for district, name in inside(source):
        parts = headlines.summary(source, district)
        lines = headlines.lines_of(parts)
        sheet.part(name)
        sheet.body.append("#one-page[")
        sheet.add("lede", words.summary_opening(parts))
        summary.table(sheet, parts)
        gone = dict.fromkeys(words.title_in_sentence(title) for part in parts for title in part.missing)
        missing = [f"Not available for {name}: {'; '.join(gone)}."] if gone else []
        signs = words.key_to([x.now for x in lines] + [x.before for x in lines if x.before])
        sheet.add("note", " ".join([ONLY, *missing, *summary.cautions(lines), *signs]))
        drawn(sheet, trends(source, [x for x in lines if x.cohort is not None]), across=4)
        sheet.each("note", found(source, district))
        sheet.body.append("]")


def inside(source: Reader) -> list[tuple[str, str]]:
    """The districts of the area: those that the map places, or where it places none, all that are no catch-all."""
    lead = headlines.quarter_cohorts(source)
    if not lead:
        return []
    places, listed = data.tiles(), source.districts(lead[0].id)
    found = [one for one in listed if one[0] in places]
    others = ("none", "not_known", "out_of_area", "no_fixed_address")
    return sorted(found or [one for one in listed if one[0] not in others], key=lambda one: one[1])


def trends(source: Reader, lines: Sequence[Summed]) -> list[tuple[str, list[Row]]]:
    """The course of the leading measures, each of the first cohort that has it."""
    first = [next((x for x in lines if x.now["indicator"] == name), None) for name in LEAD]
    return courses(source, [x for x in first if x is not None])


def courses(source: Reader, lines: Sequence[Headline | Summed]) -> list[tuple[str, list[Row]]]:
    """How each measure went, for the same people and over periods of the same length as its headline."""
    found: list[tuple[str, list[Row]]] = []
    for line in lines:
        now = line.now
        if line.cohort is None:
            continue
        where = {now[f"dim{i}"]: now[f"val{i}"] for i in (1, 2) if now[f"dim{i}"]}
        kind = source.period(now["period"]).kind
        rows = headlines.trimmed(data.rows(source, now["indicator"], line.cohort.id, kind=kind, where=where) or [])
        if kind != "all" and sum(row["value"] is not None for row in rows) > 1:
            groups = [now[f"label{i}"] for i in (1, 2) if now[f"dim{i}"] not in ("", line.cohort.district_dimension)]
            found.append((", ".join([words.measure_of(now["title"], line.cohort.title), *groups]), rows))
    return found


def table(sheet: Sheet, asked: Sequence[tuple[IndicatorInfo, CohortInfo, Mapping[str, str]]]) -> None:
    """Measures side by side, district by district, each a value with its interval: those that have such a table."""
    source, kept = sheet.source, []
    for info, cohort, where in asked:
        by = cohort.district_dimension
        kinds = headlines.kinds_for(source, cohort)
        if source.level == "open":  # the kind that shows most; at the partnership's level the first that shows anything
            best = headlines.kind_shown(source, info.id, cohort, by=by, where=dict(where), kinds=kinds)
            kinds = (best,) if best else ()
        rows: list[Row] | None = None
        for period in filter(None, (headlines.latest(source, cohort, kind) for kind in kinds)):
            rows = data.rows(source, info.id, cohort.id, [period], by=by, where=where)
            if rows and any(row["value"] is not None for row in rows):
                break
        if rows and any(row["value"] is not None for row in rows):
            place = {str(row["val1"] if row["dim1"] == by else row["val2"]): row for row in rows}
            kept.append((f"{info.title}, {rows[0]['period_label']}", place))
    if not kept:
        return
    body = [[name, *(cell(rows.get(place)) for _, rows in kept)] for place, name in inside(source)]
    sheet.table(["District", *(head for head, _ in kept)], body, range(1, len(kept) + 1), caption="District by district",
                widths=[5, *[5] * len(kept)])  # fmt: skip
    shown = [rows[place] for place, _ in inside(source) for _, rows in kept if place in rows]
    if signs := [*too_few(shown), *words.key_to(shown)]:
        sheet.add("note", " ".join(signs))


def cell(row: Row | None) -> str:
    """A value with its interval, or the sign that stands in its place; one of too few people is faint, with how many they are."""
    if row is None or row["value"] is None:
        return words.shown(row) if row else "[x]"
    bounds = words.interval(row)
    said = f"{words.shown(row)} ({bounds})" if bounds else words.shown(row)
    if not few(row):
        return said
    many = None if counted_anew(row) else row["denominator"]  # quarters pooled count the same need again
    return Faint(f"{said}, too few" if many is None else f"{said}, too few (n={words.count(many)})")


def too_few(rows: Iterable[Row]) -> list[str]:
    """What 'too few' means, where a figure is marked so."""
    return [TOO_FEW] if any(row["value"] is not None and few(row) for row in rows) else []


def drawn(sheet: Sheet, found: list[tuple[str, list[Row]]], across: int = 3) -> None:
    """Trends side by side, each on its own scale from zero, with its words for those who cannot see it."""
    pictures = []
    for label, rows in found:
        periods = {p.id: p for p in sheet.source.periods()}
        [(_, svg, alt)] = drawings.panel_drawings([(rows[0]["people"], rows)], periods)
        pictures.append({"label": label, "svg": for_print(svg, across), "alt": alt})
    if pictures:
        sheet.add("panels", pictures, across=across)


def for_print(svg: str, across: int = 3) -> str:
    """A drawing of the pages in the pack's own font, its letters larger where four stand in a row."""
    from pack.typeset import fonts

    roomier = (
        f'viewBox="0 -8 {drawings.WIDE + 20} {drawings.HIGH + 8}"'  # the last year and a value of 100% lie at the edge
    )
    if across > 3:
        svg = svg.replace("font:12px", "font:15px", 1).replace("font-size:14px", "font-size:18px", 1)
    return svg.replace(f'viewBox="0 0 {drawings.WIDE} {drawings.HIGH}"', roomier, 1).replace(
        "system-ui", f"'{fonts()[0]}'", 1
    )


def found(source: Reader, district: str) -> list[str]:
    """What the comparison of IOM found there, and whether it paid, in the words of their pages."""
    said = []
    cases = evidence.picked(source, "scheme:iom", district)
    if cases:
        case = cases[0]
        said.append(f"Compared with similar people: {verdicts.verdict(case.about, case.headline)}")
        if case.headline is not None and case.about["verdict"] != "no_verdict":
            said[-1] += f" {verdicts.span(case.headline)}"
    subject = next((one for one in value.subjects(source) if one.key == "scheme:iom"), None)
    if subject is not None and district in dict(value.places(source, subject)):
        _, year = value.periods(source, subject, district)
        of = value.valued(source, subject, district, year)
        said.append(f"Does it pay? {sentences.answer(of.even, of.name)}" if of.even else "")
    return said
