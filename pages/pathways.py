"""Which pathways are people getting through?"""

from typing import Any

import streamlit as st

from components import along, data, filters, headlines, leakage, links, markup, page, words
from components.headlines import Step
from components.leakage import sentences as say

source = page.reader()
Tables = dict[str, Any]


def show(found: list[Step]) -> None:
    """The steps of all pathways side by side, where people are lost, waits, what follows prison, and one over time."""
    plainly, said = st.container(), st.container()
    cohort = found[0].cohort
    one, two = st.columns(2)
    with one:
        district = filters.district(source, cohort)
    with two:
        kind = filters.kind(*headlines.step_kinds(source, found, district))
    where = {cohort.district_dimension: district} if district else {}
    columns = [headlines.by_pathway(source, step, kind, where) for step in found]
    with said:
        page.answer(
            words.steps_answer(columns)
            + words.how_much_hidden([row for c in headlines.with_figures(columns)[0] for row in c.rows])
        )
    tables: Tables = {"pathways": along.side_by_side(source, columns, "The nine pathways")}
    if not any(column.rows for column in columns):
        page.show(markup.note(words.no_table(headlines.nearest(source, found[0], where, kind))))
    page.show(markup.note_links([(f"Definition: {s.info.title}", links.definition(source, s.info.id)) for s in found]))

    everything, each = leakage.leaks(source, where, kind)
    with plainly:
        page.opening(say.opening(everything) if everything else words.TOO_FEW_PEOPLE)
    if everything:
        tables["from_need_to_goal"] = along.lost(source, everything, each)
    if len(waits := headlines.measured(source, headlines.OF_WAITS, "pathway")) > 1:
        page.heading(words.WAITS_ASKED, words.WAITS_UNDER)
        made = [headlines.by_pathway(source, step, kind, where) for step in waits]
        tables["waits"] = along.side_by_side(source, made, words.WAITS_ASKED)
    if len(those := headlines.measured(source, headlines.OF_PROVIDERS, "provider")) > 1 or source.level == "open":
        tables["providers"] = along.providers(source, those, kind, where)
    groups = headlines.after(source, district, along.a_year_at_least(kind))
    if groups or headlines.hidden_after(source, groups):
        tables["after"] = along.after(source, groups)

    every = headlines.every_step(source)
    kept = headlines.first_shown(found, headlines.with_figures(columns)[0])
    step, pathway, trend = over_time(every, kept, where, kind)
    infos = list({s.info.id: s.info for s in every}.values())
    page.how(infos)
    chosen = filters.named(source, District=district, Periods=kind, Pathway=pathway, Step=step)
    tables["over_time"] = page.frame_of(headlines.told(source, trend))
    method = [say.ABOUT, *([say.cost_basis(everything)] if everything else [])]
    title = "Which pathways are people getting through?"
    page.download(source, "pathways", title, filters=chosen, tables=tables, infos=infos, method=method)


def over_time(every: list[Step], first: str, where: dict[str, str], kind: str) -> tuple[str, str, list[Any]]:
    """One measure of one pathway over time."""
    page.heading("One pathway over time")
    left, right = st.columns(2)
    with left:
        pathway = filters.pathway(source, everybody=False)
    with right:
        step = filters.step(every, first)
    narrowed = {**where, step.dim: pathway}
    trend = data.rows(source, step.info.id, step.cohort.id, kind=kind, where=narrowed)
    if kind == "all":
        page.show(markup.note([words.NO_TIME_IN_ALL]))
    elif trend is not None:
        line, periods = headlines.trimmed(headlines.told(source, trend)), {p.id: p for p in source.periods(kind)}
        if page.trend(line, periods, words.who(step.cohort.title), height=280):
            page.show(markup.note(words.key_to(line)))
        page.table_of(line, step.info.title)
    else:
        page.show(markup.note(words.no_table(headlines.nearest(source, step, narrowed, kind))))
    return step.info.id, pathway, trend or []


page.question("Which pathways are people getting through?")
if steps := headlines.steps(source):
    show(steps)
else:
    managed = any(cohort.clock == "process" for cohort in source.cohorts())
    page.nothing(words.NO_PATHWAYS if managed else words.NO_CASELOAD)
