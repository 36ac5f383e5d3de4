"""Are people reoffending less?"""

import streamlit as st

from components import charts, data, deter, disparity, filters, headlines, links, markup, page, survived, words
from components.judge import Row

source = page.reader()


def show() -> None:
    """A measure over time, by breakdown, and how long until the first reoffence."""
    said = st.container()

    one, two, three, four = st.columns(4)
    with one:
        cohort = filters.cohort(source)
    with two:
        info = filters.measure(source, cohort)
    with three:
        district = filters.district(source, cohort)
    where = {cohort.district_dimension: district} if district else {}
    with four:
        kind = filters.kind(*headlines.trend_kinds(source, info.id, cohort, where))

    line = headlines.headline(source, info.id, cohort, where, district, kinds=(kind,))
    with said:
        page.opening(words.reoffending_opening(line, cohort))
        page.answer(words.headline_answer(line, info.title, words.who(cohort.title)))

    trend = data.rows(source, info.id, cohort.id, kind=kind, where=where)
    told = headlines.told(source, trend or [])
    page.heading(words.measure_of(info.title, cohort.title), words.unit_and_interval(info.unit))
    page.show(markup.note_links(links.from_a_measure(source, cohort, info)))
    if trend is not None:
        rows = headlines.trimmed(told)
        periods = {p.id: p for p in source.periods(kind)}
        events = charts.events_within(data.listed(source, "events"), rows, periods, district)
        if page.trend(rows, periods, words.who(cohort.title), events=events):
            page.show(markup.event_key(events) + markup.note(words.key_to(rows)))
        page.table_of(rows, f"{info.title}, {cohort.title}, over time")
    else:
        page.show(markup.note(words.no_table(source.nearest(info.id, cohort.id, where))))

    dims = headlines.breakdowns(source, info.id, cohort, where)
    broken: list[Row] = []
    by = ""
    if dims:
        page.heading("Who is it different for?", words.BREAKDOWN_POOLS)
        with st.columns(3)[0]:
            by = filters.breakdown(source, dims, headlines.first_telling(source, info.id, cohort, dims, where))
        found, overall = headlines.broken_down(source, info.id, cohort, by, where)
        broken = headlines.told(source, found)
        if broken:
            drawn, empty = headlines.drawn(broken)
            page.show(
                markup.subheading(broken[0]["period_label"])
                + markup.dots(drawn, "label", overall, f"{info.title} by {by}")
                + markup.note(
                    words.multi_note(source.dimension(by))
                    + words.nobody_in(empty)
                    + words.key_to(row for row in drawn if row["value"] is not None)
                )
            )
            page.table_of(broken, f"{info.title} by {source.dimension(by).title}", ("label",))

    groups = disparity.show(source, cohort, where)
    deter.show(source, district)
    timed, curve = survived.until_first(source, cohort, where)
    infos = [info, *([source.indicator(timed)] if timed and timed != info.id else [])]
    page.how(infos)
    chosen = filters.named(source, People=cohort.id, Measure=info.id, District=district, Periods=kind, Breakdown=by)
    tables = {
        "trend": page.frame_of(told),
        "breakdown": page.frame_of(broken),
        "ethnic_groups": disparity.frame(groups),
        "curve": curve,
    }
    page.download(source, "reoffending", "Are people reoffending less?", filters=chosen, tables=tables, infos=infos)


page.question("Are people reoffending less?")
if any(cohort.clock == "reoffending" for cohort in source.cohorts()):
    show()
else:
    page.nothing(words.NO_REOFFENDING)
