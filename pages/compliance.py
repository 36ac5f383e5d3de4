"""Is the scheme doing what it promised?"""

import polars as pl
import streamlit as st

from components import compliance, data, filters, headlines, links, markup, page, variation, words
from components.compliance import sentences as say
from components.judge import Row

source = page.reader()
Frames = dict[str, pl.DataFrame | None]


def show(found: list[compliance.Measure]) -> None:
    """Every promise, then one of them over time and by group, then the days on which people leave prison."""
    said = st.container()
    one, two = st.columns(2)
    with one:
        district = filters.district(source, found[0].cohort)
    with two:
        available = compliance.kinds(source, found, district)
        kind = filters.kind(available, compliance.first_kind(source, found, available))
    groups, missing, hidden = compliance.groups(source, found, district, kind)
    lines = [line for group in groups for line in group.lines]
    with said:
        page.opening(say.opening(groups))
        page.answer(say.answer(groups) + words.how_much_hidden([line.now for line in lines]))
    name = filters.label_of(source, district)
    page.show(
        compliance.promises(
            groups,
            lambda line: links.to(source, "compliance", measure=line.now["title"], district=name),
            lambda line: links.definition(source, line.now["indicator"]),
        )
    )
    signs = words.key_to([line.now for line in lines])
    luck = words.by_luck(words.compared(line.change.kind for line in lines))
    page.show(markup.note([say.ABOUT, words.HOW_TO_READ, *luck, *signs, *say.not_shown(missing, hidden)]))

    both = [row for line in lines for row in (line.now, line.before) if row]
    tables: Frames = {"promises": page.frame_of(headlines.told(source, both))}
    chosen, more = one_promise(found, district, kind)
    tables |= more
    period, days = compliance.weekdays(source, kind)
    page.heading("On which day do people leave prison?", say.weekdays(days, period) if days else say.NO_WEEKDAYS)
    if days:
        page.chart(compliance.weekdays_chart(days), compliance.alt_weekdays(days, period), "weekdays")
        page.show(markup.note([say.FRIDAYS, *([say.EVERYWHERE] if district else [])]))
        shown = compliance.weekdays_table(days, "Prison releases by day of the week")
        page.show(markup.details("Show these figures as a table", shown))
        tables["weekdays"] = compliance.frame_of_weekdays(days)

    infos = [measure.info for measure in found]
    page.how(infos)
    named = filters.named(source, District=district, Periods=kind, **chosen)
    page.download(source, "compliance", say.TITLE, filters=named, tables=tables, infos=infos)


def one_promise(found: list[compliance.Measure], district: str, kind: str) -> tuple[dict[str, str], Frames]:
    """One measure over time, whether its latest quarter is more than chance, and for whom it is different."""
    page.heading("One promise over time", "Choose a measure; the district and the periods are those above.")
    left, right = st.columns(2)
    with left:
        asked = filters.choose("Measure", [(m.info.id, m.info.title) for m in found], "measure")
    info, cohort = next((m.info, m.cohort) for m in found if m.info.id == asked)
    where = {cohort.district_dimension: district} if district else {}
    trend = data.rows(source, info.id, cohort.id, kind=kind, where=where) if kind != "all" else None
    told = headlines.told(source, trend or [])
    if rows := headlines.trimmed(told):
        if page.trend(rows, {p.id: p for p in source.periods(kind)}, words.who(cohort.title), height=300):
            page.show(markup.note(words.key_to(rows)))
        page.table_of(rows, f"{info.title} over time")
    else:
        page.show(markup.note(words.no_table(source.nearest(info.id, cohort.id, list(where), kind))))
    if quarters := data.rows(source, info.id, cohort.id, where=where):
        name = dict(source.districts(cohort.id)).get(district, "All districts")
        aim = headlines.target_of(source, quarters[-1])
        read = variation.over_time(source, info.id, cohort.id, where, target=aim)
        page.paragraphs([variation.reading_answer(read.reading, name, quarters[-1])])

    by, broken = "", list[Row]()
    if dims := headlines.breakdowns(source, info.id, cohort, where):
        with right:
            by = filters.breakdown(source, dims, headlines.first_telling(source, info.id, cohort, dims, where))
        found_rows, overall = headlines.broken_down(source, info.id, cohort, by, where)
        broken = headlines.told(source, found_rows)
        head = f"{info.title} by {words.title_in_sentence(source.dimension(by).title)}"
        if shown := compliance.by_group(broken, overall, head):
            page.show(shown)
            page.table_of(broken, head, ("label",))
    frames = {"over_time": page.frame_of(told), "breakdown": page.frame_of(broken)}
    return {"Measure": info.id, "Breakdown": by}, frames


page.question(say.TITLE)
if promised := compliance.measures(source):
    show(promised)
else:
    page.answer(say.NONE)
