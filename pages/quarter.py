"""How did we do this quarter?"""

import streamlit as st

from components import filters, headlines, links, markup, page, review, words


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

parts = headlines.summary(source, district, pathway)
lines = headlines.lines_of(parts)
kept = review.shown(source)
with said:
    page.opening(words.summary_opening(parts))
    page.answer(words.summary_answer(parts))

chosen = {"district": filters.label_of(source, district), "pathway": filters.label_of(source, pathway)}
page.show(
    markup.summary(
        parts,
        lambda part: links.heading(source, part, chosen),
        lambda line: links.summed(source, line, chosen),
        lambda line: (headlines.action_note(kept, line, source.cutoff), links.red_where(source, line)),
    )
)
page.show(markup.note(words.summary_notes(lines)))

of_plan = headlines.open_of_plan(source)
page.heading("What to act on", words.actions_answer(kept, of_plan))
page.show(markup.actions_table(headlines.open_actions(source, kept), "Actions open at the desk"))
if of_plan:
    page.show(markup.note_links([("Every open action, of the plan and of the desk", links.to(source, "governance"))]))
page.paragraphs(words.summary_paragraphs(parts))
if comment := kept.said():
    page.heading("What the partnership says of it")
    page.paragraphs([comment])

rows = headlines.told(source, [row for x in lines if x.cohort for row in (x.now, x.before) if row])
page.table_of(rows, "The measures of the quarter, latest and before", ("title", "people", "label1", "label2"))
infos = [source.indicator(i) for i in dict.fromkeys(x.now["indicator"] for x in lines if x.cohort)]
page.how(infos)
page.download(
    source,
    "quarter",
    "How did we do this quarter?",
    filters=filters.named(source, District=district, Pathway=pathway),
    tables={"summary": headlines.summary_frame(lines), "figures": page.frame_of(rows)},
    infos=infos,
    method=words.rules_told(x.rule for x in lines),
)
page.made_to_order(source, "pack", "Download the quarterly pack (ZIP: PDF and tables)", pack)
