"""How does each area stand?"""

import streamlit as st

from components import filters, headlines, links, markup, page, words

source = page.reader()
top, right = st.columns([3, 1], vertical_alignment="bottom")
with top:
    page.question("How does each area stand?")
    said = st.container()
with right:
    kind = filters.area_kind(headlines.area_kinds(source))

areas = headlines.areas_of(source, kind)
parts = headlines.by_area(source, kind)
lines = [line for _, found in parts for line in found]

with said:
    page.opening(words.areas_opening(areas, parts))
    page.answer(words.areas_answer(areas, parts))
page.paragraphs(words.own_measures(areas, parts))
page.show(
    markup.areas_table(
        areas, parts, lambda line: links.by_district(source, line.cohort, source.indicator(line.line.indicator))
    )
)
rows = [row for line in lines for row in (*line.rows, line.everybody) if row]
page.show(
    markup.note([words.NOT_RANKED, *words.key_to(rows), *([words.OPEN_HAS_NO_AREAS] if source.level == "open" else [])])
)

page.table_of(rows, "Measures by area", ("title", "people", "label1", "label2"))
infos = [source.indicator(name) for name in dict.fromkeys(row["indicator"] for row in rows)]
page.how(infos)
page.download(
    source,
    "areas",
    "How does each area stand?",
    filters=filters.named(source, Areas=dict(headlines.area_kinds(source))[kind]),
    tables={"areas": page.frame_of(rows)},
    infos=infos,
    method=[words.NOT_RANKED],
)
