"""The sections of the page on pathways: measures side by side, where people are lost, what follows prison and arrest."""

from collections.abc import Sequence

import polars as pl

from components import compliance, filters, headlines, leakage, links, markup, page, words
from components.leakage import sentences as say
from release.read import Reader

Frame = pl.DataFrame | None
"""What a section shows, for the download."""
FIRST = 9
"""As many rows of a matrix as stand on the page at once: every pathway; more providers are on request."""


def side_by_side(source: Reader, columns: Sequence[headlines.Column], caption: str, head: str = "Pathway") -> Frame:
    """Some measures of every pathway, or provider, in one matrix; for the download, the same."""
    kept, hidden = headlines.with_figures(list(columns))
    names, matrix = headlines.side_by_side(kept)
    rows = headlines.told(source, [row for column in columns for row in column.rows])
    seen = headlines.told(source, [row for column in kept for row in column.rows])
    if names:
        heads = [words.column_head(column) for column in kept]
        rest = markup.others(len(matrix) - FIRST, markup.matrix(matrix[FIRST:], heads, caption, head, among=matrix))
        page.show(markup.matrix(matrix[:FIRST], heads, caption, head, among=matrix) + rest)
        overlap = [words.PATHWAYS_OVERLAP] if head == "Pathway" else []
        luck = words.by_luck(words.pathways_compared(kept))
        page.show(markup.note([*overlap, *luck, *words.hidden_steps(hidden), *words.key_to(seen)]))
        page.table_of(seen, caption, ("title", "label"))
    return page.frame_of(rows)


def a_year_at_least(kind: str) -> str:
    """The kind of period for what a quarter holds too few of: the year, where quarters were chosen."""
    return "year" if kind == "quarter" else kind


def providers(source: Reader, those: Sequence[headlines.Step], kind: str, where: dict[str, str]) -> Frame:
    """What commissioners ask of each provider: over a year at least, since a quarter holds too few of most."""
    if source.level == "open" and len(those) <= 1:
        page.heading(words.PROVIDERS_ASKED)
        page.show(markup.note([words.NO_PROVIDERS]))
        return None
    made = [headlines.by_pathway(source, step, a_year_at_least(kind), where) for step in those]
    periods = {row["period_label"] for column in made for row in column.rows}
    page.heading(words.PROVIDERS_ASKED, words.providers_under(sorted(periods)))
    return side_by_side(source, made, words.PROVIDERS_ASKED, "Provider")


def lost(source: Reader, everything: leakage.Leak, each: Sequence[leakage.Leak]) -> Frame:
    """Where people are lost between need and goal, for one pathway or all, and where each pathway loses most."""
    page.heading(say.TITLE, say.UNDER)
    named = [("", "All pathways"), *((one.pathway, one.label) for one in each)]
    asked = filters.choose("Steps of", named, "lost") if each else ""
    hidden = [words.NO_PATHWAYS_LOST] if source.level == "open" and not each else []
    shown = next((one for one in each if one.pathway == asked), everything)
    page.paragraphs([say.answer(shown)])
    page.show(leakage.steps_table(shown))
    page.show(markup.note([*say.how_pooled(shown), leakage.KEY, say.cost_basis(shown), say.ABOUT, *hidden]))
    if each:
        page.show(markup.details("Where each pathway loses most", leakage.worst_table(each)))
    return leakage.frame([everything, *each])


def after(source: Reader, groups: Sequence[tuple[str, str, list[headlines.Headline]]]) -> Frame:
    """What follows prison and arrest, each beside the same period a year before."""
    page.heading(words.AFTER_ASKED, words.AFTER_UNDER)
    hidden = words.hidden_after(headlines.hidden_after(source, groups))
    if not groups:
        page.show(markup.note(hidden))
        return None
    rows = [row for _, _, lines in groups for line in lines for row in (line.now, line.before) if row]
    page.show(
        compliance.promises(
            [compliance.Group(head, question, tuple(lines)) for head, question, lines in groups],
            lambda line: links.by_district(source, line.cohort, source.indicator(line.now["indicator"])),
            lambda line: links.definition(source, line.now["indicator"]),
            words.AFTER_ASKED,
        )
    )
    page.show(markup.note([*hidden, *words.key_to(rows)]))
    return page.frame_of(headlines.told(source, rows))
