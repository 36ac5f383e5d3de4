"""Are the partners keeping their side?"""

from components import data, filters, governance, headlines, markup, page, review, words
from components.governance import sentences as say
from components.governance import tables

source = page.reader()
kept = review.shown(source)
found = governance.partners(source)
planned = governance.actions(source, kept)
came = governance.placed(source, governance.ATTENDANCE, governance.CONFERENCES)
named = governance.placed(source, governance.LEAD, governance.LED)
programmes, pounds = governance.sectors(source)
assessed = governance.said_of(source, kept)

page.question(say.TITLE)
page.opening(say.opening(found, planned, came.now if came else None))
page.answer(say.answer(found, planned, came.now if came else None, named.now if named else None))

if found:
    page.heading("What has each partner signed and sent?", say.PARTNERS_UNDER)
    page.paragraphs([say.partners_answer(found)])
    page.show(tables.partners(found))

infos = []
for title, under, measure in (
    ("Do they come to case conferences?", say.CONFERENCES_UNDER, came),
    ("Does everybody have a lead professional?", say.LEAD_UNDER, named),
):
    if measure is None:
        continue
    whole = measure.whole
    infos.append(source.indicator(whole["indicator"]))
    page.heading(title, f"{whole['period_label']}. {under}")
    if measure.districts:
        page.show(markup.dots(measure.districts, "label1", whole, f"{whole['title']}, by district"))
        page.show(markup.note(words.key_to(measure.districts)))
    else:
        page.paragraphs([f"{whole['title']}: {words.in_sentence(whole)}."])
    line = headlines.trimmed(
        data.rows(source, whole["indicator"], whole["cohort"], kind=source.period(whole["period"]).kind) or []
    )
    page.table_of(headlines.told(source, [*measure.districts, *line]), whole["title"])

page.heading("Is the action plan kept?", say.ACTIONS_UNDER)
page.paragraphs(say.actions_answer(planned, kept))
if planned:
    page.show(tables.owners(planned))
    open_, ended = [one for one in planned if one.open], [one for one in planned if not one.open]
    page.show(tables.actions(open_) + markup.note([say.NO_TEXT]))
    if ended:
        page.show(markup.details("Show the actions that are done or dropped", tables.actions(ended)))
    told = governance.judged(planned)
    page.heading("Did the actions move what they were meant to?", say.MOVED_UNDER)
    page.paragraphs([say.moved_answer(told)])
    for shown, summary in ([one for one in told if one.told], ""), ([one for one in told if not one.told], say.NOT_YET):
        if shown:
            page.show(markup.details(summary, tables.moved(shown)) if summary else tables.moved(shown))
    page.show(markup.note([say.AFTER_RED, say.USUAL, say.NOT_PROOF]))

if programmes or pounds:
    page.heading("How much is with the voluntary sector?", say.SECTORS_UNDER)
    page.paragraphs([say.sectors_answer(programmes, pounds)])
    page.show(tables.sectors(programmes, pounds) + markup.note(say.sectors_notes(pounds, source.level)))
    if len({row["period"] for row in pounds}) > 1:
        page.show(markup.details("Show every year", tables.years(pounds)))

page.heading("How do we see ourselves?", say.ASSESSED_UNDER)
page.paragraphs([say.assessed_answer(assessed, kept)])
page.show(tables.parts(assessed))
page.show(
    markup.details("Show every statement, who answered what, and what the figures say", tables.assessed(assessed))
)
if said := tables.evidence(assessed):
    page.show(markup.details("What was said in support", said))

page.how(infos)
page.download(
    source,
    "governance",
    say.TITLE,
    filters=filters.named(source),
    tables=governance.frames(source, planned, kept),
    infos=infos,
    method=[say.AFTER_RED, say.USUAL, say.NOT_PROOF],
)
