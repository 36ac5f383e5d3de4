"""What lies behind it?"""

import streamlit as st

from components import behind, filters, markup, page, predicted, words
from components.behind import sentences as say
from components.judge import Row
from release.read import CohortInfo, IndicatorInfo

source, TITLE = page.reader(), "What lies behind it?"


def early_sight(info: IndicatorInfo, about: CohortInfo, place: str, kind: str, rows: list[Row]) -> None:
    """The unfinished cohorts beside the final ones."""
    final = behind.finals(source, info, about, kind, place)
    page.heading("What are the latest cohorts likely to come to?", say.PROVISIONAL)
    if known := behind.last_known(rows):
        page.paragraphs([say.early(known, words.who(about.title))])
        page.chart(behind.sight(final, rows, source.periods(kind)), behind.alt_sight(final, rows, info.title), "sight")
        notes = markup.note(say.sight_notes(final, rows))
        page.show(notes + behind.behind_switches("Early sight", behind.sight_table(final, rows)))
    else:
        page.show(behind.state("No early sight for this choice", say.no_sight(rows, source.level, place)))


def why_it_moved(info: IndicatorInfo, about: CohortInfo, place: str, found: behind.Changes) -> list[Row]:
    """A change between two cohorts and its parts."""
    page.heading("Why did it move?", say.change_of(info.title, words.who(about.title)))
    if not found:
        page.show(behind.state("No change is taken apart for this choice", say.no_change(source.level, place)))
        return []
    with st.columns(2)[0]:
        parts = found[filters.choose("Change", behind.change_names(found), "change")]
    page.paragraphs([say.moved(parts), say.accounts(parts)])
    page.chart(behind.waterfall(parts), behind.alt_waterfall(parts, info.title), "waterfall")
    notes = markup.note(say.waterfall_notes(parts, source.level))
    page.show(notes + behind.behind_switches("Why it moved", behind.moved_table(parts)))
    return list(parts.values())


def how_few() -> list[Row]:
    """How much of proven offending is by how few."""
    found = behind.lists(source)
    page.heading("By how few?", say.WHO_IS_COUNTED)
    if not found:
        page.show(behind.state("Not held by this release", [say.NO_CONCENTRATION]))
        return []
    with st.columns(3)[0]:
        held = found[filters.choose("Proven in", behind.list_names(found), "proven")]
    left, right = st.columns(2)
    with left:
        page.show(markup.paragraphs([say.concentrated(held.get("top_10"), behind.label_of(held))]) + behind.tops(held))
        page.show(markup.note(say.tops_notes(held)))
    with right:
        if behind.curve_points(held):
            page.chart(behind.lorenz(held), behind.alt_lorenz(held), "lorenz")
    page.show(behind.behind_switches("How few", behind.concentration_table(held)))
    return list(held.values())


def elsewhere(info: IndicatorInfo, about: CohortInfo) -> behind.Elsewhere:
    """Other areas and published figures."""
    found = behind.elsewhere(source, info, about, source.latest_complete(about.id, "year"))
    page.heading("And elsewhere?", say.beside(len(found.areas), found.left_out, found.ours is not None))
    page.show(behind.areas_table(found) + markup.note(behind.areas_notes(found)))
    page.heading("What has been published?", say.NATIONAL if found.published else say.NO_NATIONAL)
    page.show(behind.published_table(found) + behind.worked_out("Elsewhere"))
    return found


def show() -> None:
    """The filters, the answer, and the four sections."""
    said, (one, two, three, four) = st.container(), st.columns(4)
    with one:
        about = filters.cohort(source)
    with two:
        info = behind.measure(source, about, filters.choose("Measure", behind.measures(source, about), "measure"))
    with three:
        place = filters.district(source, about)
    with four:
        known = behind.sights(source, info, about.id, place)
        kind = filters.kind(*behind.kinds_of(known))
    sights, moved = [row for row in known if row["kind"] == kind], behind.changes(source, info, about.id, place)
    early_sight(info, about, place, kind, sights)
    parts, few = why_it_moved(info, about, place, moved), how_few()
    predicted.how_well(source, about)
    frames = behind.frames(sights, parts, few, elsewhere(info, about)) | predicted.frames(source, about.id)
    with said:
        page.opening(words.behind_opening(list(moved.values()), behind.last_known(sights)))
        page.answer(say.answer(moved, behind.last_known(sights), info.title, words.who(about.title)))
    chosen = filters.named(source, People=about.id, Measure=info.id, District=place, Periods=kind)
    page.download(source, "behind", TITLE, filters=chosen, tables=frames, infos=[info])


page.question(TITLE)
if behind.has_any(source):
    show()
else:
    page.nothing(words.NO_REOFFENDING)
