"""How did we do this quarter?"""

import streamlit as st

from components import filters, headlines, links, markup, page, words


def pack() -> bytes:
    """The quarter's pack at the level being read; what makes it is loaded only when somebody asks."""
    from pack import files

    return files.archive(source)


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

kept = {"district": filters.label_of(source, district), "pathway": filters.label_of(source, pathway)}
page.show(markup.measures(lines, lambda line: links.about(source, line, kept)))
if lines:
    signs = words.key_to([x.now for x in lines] + [x.before for x in lines if x.before])
    luck = words.by_luck(words.compared(x.change.kind for x in lines))
    page.show(markup.note([words.HOW_TO_READ, *luck, *signs]))

page.heading("In plain words")
page.paragraphs(words.quarter_paragraphs(lines, missing))

rows = headlines.told(source, [row for x in lines for row in (x.now, x.before) if row])
page.table_of(rows, "The measures of the quarter, latest and before", ("title", "people", "label1", "label2"))
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
page.made_to_order(source, "pack", "Download the quarterly pack (ZIP: PDF and tables)", pack)
