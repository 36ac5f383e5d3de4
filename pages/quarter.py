"""How did we do this quarter?"""

import streamlit as st

from components import filters, headlines, markup, page, words

source = page.reader()
lead = headlines.quarter_cohorts(source)[0]

top, left, right = st.columns([3, 1, 1], vertical_alignment="bottom")
with top:
    page.question("How did we do this quarter?")
    said = st.container()
with left:
    district = filters.district(source, lead)
with right:
    pathway = filters.pathway(source)

lines, missing = headlines.headlines(source, district, pathway)
with said:
    page.answer(words.quarter_answer(lines))

page.show(markup.measures(lines))
if lines:
    signs = words.key_to([x.now for x in lines] + [x.before for x in lines if x.before])
    page.show(markup.note([words.HOW_TO_READ, *signs]))

page.heading("In plain words")
page.paragraphs(words.quarter_paragraphs(lines, missing))

rows = [row for x in lines for row in (x.now, x.before) if row]
page.table_of(rows, "The measures of the quarter, latest and before", ("title", "label1", "label2"))
infos = [source.indicator(i) for i in dict.fromkeys(x.now["indicator"] for x in lines)]
page.how(infos)
chosen = filters.named(source, District=district, Pathway=pathway)
page.download(
    source,
    "quarter",
    "How did we do this quarter?",
    filters=chosen,
    tables={"figures": page.frame_of(rows)},
    infos=infos,
)
