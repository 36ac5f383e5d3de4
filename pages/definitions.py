"""What does each measure mean?"""

from components import filters, markup, page, words

source = page.reader()
page.question("What does each measure mean?")
infos = source.indicators()
page.answer(words.definitions_answer(infos, source.cohorts()))

measure = filters.choose("Measure", [("", "All measures"), *((i.id, i.title) for i in infos)], "measure")
shown = [i for i in infos if measure in ("", i.id)]
for info in shown:
    page.show(markup.definition(info))

page.heading("Whom the figures are about")
page.show(markup.cohorts_table(source.cohorts()))
page.heading("Signs")
page.show(
    markup.table(("Sign", "Meaning"), words.SYMBOL_WORDS.items(), "Signs that stand for a missing or unsettled figure")
)
page.heading("What may be said of a change")
page.paragraphs(words.CHANGE_RULES)
chosen = filters.named(source, Measure=measure)
tables = {"measures": page.catalogue(shown)}
page.download(source, "definitions", "What does each measure mean?", filters=chosen, tables=tables, infos=shown)
