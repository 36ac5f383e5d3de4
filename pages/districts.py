"""Where is it changing?"""

import streamlit as st

from components import charts, data, drawings, filters, headlines, links, markup, page, predicted, variation, words

source = page.reader()
page.question("Where is it changing?")
said = st.container()

one, two, three = st.columns(3)
with one:
    cohort = filters.cohort(source, clock=None)
with two:
    info = filters.measure(source, cohort)
with three:
    kinds, first = headlines.district_kinds(source, info.id, cohort)
    kind = filters.kind(kinds, first)

places = data.tiles()
pairs = headlines.by_district(source, info.id, cohort, kind)
inside, elsewhere = headlines.inside_area(pairs, places)
table = headlines.told(source, [row for pair in pairs for row in pair if row])
with said:
    page.opening(words.districts_opening(inside))
    page.answer(words.districts_answer(inside) + words.how_much_hidden([now for now, _ in inside]))

if headlines.known_of(inside):
    now, before = inside[0]
    page.heading(
        words.measure_of(info.title, cohort.title), f"{words.when(now, before)}, {words.by_which_district(cohort)}"
    )
    page.show(markup.note_links([("Definition", links.definition(source, info.id))]))
    latest = [now for now, _ in inside]
    aims = headlines.targets_of(source, latest)
    outline = drawings.outline_of(source)
    mapped = drawings.boundary_map(headlines.judged(inside), outline, words.districts_answer(inside))
    page.show(markup.beside(mapped, markup.tile_map(inside, places, f"{info.title} by district, drawn by hand", aims)))
    luck = words.by_luck(words.compared(kind for _, kind in headlines.judged(inside)))
    page.show(markup.note([words.WHO_IS_SELECTED, *luck, *words.key_to(latest)]))
    page.table_of(table, f"{info.title} by district")
elif not inside:
    page.show(markup.note(words.no_table(source.nearest(info.id, cohort.id, [cohort.district_dimension]))))

unlike = variation.between(source, info, cohort.id, [now for now, _ in inside])
if unlike:
    page.heading("Do districts differ by more than chance?", variation.funnel_answer(unlike))
    page.chart(variation.funnel_chart(unlike), variation.alt_funnel(unlike), "funnel")
    page.show(markup.note(variation.funnel_notes(unlike)))
    page.show(markup.details("Show limits and pooled estimates as a table", variation.places_table(unlike)))

predicted.among_districts(source, cohort)

over_time = None
if kinds and kind != "all":
    over_time = data.rows(source, info.id, cohort.id, kind=kind, by=cohort.district_dimension)
if over_time and headlines.known_of(inside):
    page.heading("Each district over time", f"{filters.KINDS[kind]}; all on one scale, in alphabetical order.")
    periods = {p.id: p for p in source.periods(kind)}
    found = headlines.panels(over_time, [now["val1"] for now, _ in inside])
    page.show(drawings.small_multiples(found, periods))
    page.show(markup.note(words.key_to(row for _, rows in found for row in rows)))
    page.table_of([row for _, rows in found for row in rows], f"{info.title} by district over time")

if data.rows(source, info.id, cohort.id):
    page.heading("Is a change over time more than chance?", "Quarters whose figures are final, one place at a time.")
    with st.columns(3)[0]:
        place = filters.district(source, cohort)
    where = {cohort.district_dimension: place} if place else {}
    if mine := data.rows(source, info.id, cohort.id, where=where):
        name = dict(source.districts(cohort.id)).get(place, "All districts")
        read = variation.over_time(source, info.id, cohort.id, where, target=headlines.target_of(source, mine[-1]))
        page.show(markup.paragraphs([variation.reading_answer(read.reading, name, mine[-1])]))
        if read.reading:
            quarters = {p.id: p for p in source.periods("quarter")}
            drawn = variation.control(read.chart, quarters, info.unit, read.target)
            page.chart(drawn, variation.alt_control(read.chart, name, info.title), "control")
            page.show(markup.note(variation.meaning(read.chart)))
            page.show(markup.details("Show these figures as a table", variation.points_table(read.chart, quarters)))
    else:
        page.show(markup.note(words.no_table(source.nearest(info.id, cohort.id, [cohort.district_dimension]))))

crime = data.part(source, "recorded_crime")
if not crime.is_empty():
    page.heading(words.recorded_crime_in(source.area), words.CRIME_IS_CONTEXT)
    page.chart(charts.incidents(crime), words.alt_crime(crime, source.area), "crime")
    page.show(markup.details("Show these figures as a table", markup.crime_table(crime)))

page.how([info])
chosen = filters.named(source, People=cohort.id, Measure=info.id, Periods=kind)
tables = {
    "districts": page.frame_of(table),
    "over_time": page.frame_of(headlines.told(source, over_time or [])),
    "recorded_crime": crime,
    **predicted.frames(source, cohort.id),
}
page.download(source, "districts", "Where is it changing?", filters=chosen, tables=tables, infos=[info])
