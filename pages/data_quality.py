"""Can we trust these figures?"""

from components import data, headlines, markup, page, words

source = page.reader()
page.question("Can we trust these figures?")
files, quarantine = data.part(source, "sources"), data.part(source, "quarantine")
completeness = data.part(source, "completeness")
page.opening(words.quality_opening(files.to_dicts()))
page.answer(words.quality_answer(files.to_dicts(), source.synthetic))

page.heading("Does every row add up?", "For each file: rows read = loaded + quarantined + exact duplicates.")
page.show(markup.files_table(files.to_dicts()))

page.heading(
    "What was set aside, and why?",
    "Rows that break a rule are kept out of the figures. The row itself stays with the analyst.",
)
page.show(markup.quarantine_table(headlines.by_reason(quarantine), files.to_dicts()))

conflicts = data.part(source, "identity_conflicts")
page.heading("Do the identifiers agree?", words.CONFLICTS_UNDER)
page.paragraphs(words.conflicts_answer(conflicts.to_dicts(), source.level))

page.heading(
    "Which periods are final?",
    "A reoffending cohort is final when every offence in follow-up has had time to be proven.",
)
page.show(markup.clocks_table(headlines.clocks(source)))

page.heading(
    "How full is what was loaded?", "The share of rows that hold a value, column by column; the emptiest first."
)
page.show(markup.completeness_table(completeness.to_dicts()))

tables = {"files": files, "quarantine": quarantine, "completeness": completeness, "identity_conflicts": conflicts}
page.download(
    source,
    "data-quality",
    "Can we trust these figures?",
    filters={"Level": words.LEVELS[source.level]},
    tables=tables,
    infos=source.indicators(),
)
