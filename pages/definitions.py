"""What does each measure mean?"""

from components import filters, links, markup, page, words

source = page.reader()
page.question("What does each measure mean?")
infos = source.indicators()
page.opening(words.definitions_opening(len(infos)))
page.answer(words.definitions_answer(infos, source.cohorts()))

measure = filters.choose("Measure", [("", "All measures"), *((i.id, i.title) for i in infos)], "measure")
shown = [i for i in infos if measure in ("", i.id)]
if measure:
    page.show(markup.note_links([("All measures", links.to(source, "definitions"))]))
else:
    page.show(markup.contents(infos))
page.show("".join(markup.definition(info, whole=bool(measure)) for info in shown))

page.show(markup.place("cohorts") + markup.cohorts_table(source.cohorts()))
page.show(markup.place("words") + markup.glossary(words.GLOSSARY))
signs = markup.table(
    ("Sign", "Meaning"), words.SYMBOL_WORDS.items(), "Signs that stand for a missing or unsettled figure"
)
page.show(markup.place("signs") + signs)
page.show(markup.place("rules") + markup.paragraphs([*words.CHANGE_RULES, words.LUCK_RULE]))
chosen = filters.named(source, Measure=measure)
tables = {"measures": page.catalogue(shown), "words": page.glossary()}
page.download(source, "definitions", "What does each measure mean?", filters=chosen, tables=tables, infos=shown)
