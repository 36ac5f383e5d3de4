"""The parts of the page Provision, one function each: read what the release has, say it, show it."""

from collections.abc import Sequence

import streamlit as st

from components import data, filters, markup, page
from components import provision as given
from components.judge import Row
from components.provision import Labels
from components.provision import providers as sent
from components.provision import sentences as say
from metrics.provision.directory import two_quarters_on
from release.read import Reader


def gaps(source: Reader, names: Labels, district: str, pathway: str) -> None:
    """What is offered by pathway and district, services that some districts go without, and groups that nothing takes."""
    every, needing = given.directory(source), given.needing(source)
    page.heading("Where is something, and where nothing?", say.cover(bool(needing)))
    shown = Labels(
        {d: name for d, name in names.districts.items() if district in ("", d)},
        {p: name for p, name in names.pathways.items() if pathway in ("", p)},
    )
    page.show(given.cover(every, shown, needing))
    missing = given.elsewhere(given.within(every, "", pathway), names, needing, district)
    page.heading(
        "What do other districts have?" if district else "What do only some districts have?",
        say.elsewhere(missing, names.districts.get(district, "")),
    )
    page.show(given.by_absence(missing, names, district))
    groups = given.left_out(source, names, district, pathway)
    page.heading("Who is eligible for nothing?", say.groups(groups))
    grown = next((row for row in data.listed(source, "turning_18") if row["district"] == district), None)
    page.show(given.by_group(groups, names) + markup.note(say.coming_of_age(grown)))


def ahead(source: Reader, names: Labels, district: str, pathway: str) -> None:
    """The next 13 weeks: need against room, and who is due out of prison. For the partnership alone."""
    rows = given.needs(source, district, pathway)
    if not rows:
        return
    place = f" in {names.place(district)}" if district else ""
    page.heading("Will there be room in the next 13 weeks?", say.ahead(rows, names, place))
    page.show(given.by_need(rows, names) + markup.note([*say.ROOM_NOTES, *filter(None, [say.held(rows)])]))
    if not district:
        by = [row for d in names.districts for row in given.needs(source, d, pathway)]
        kept = {row["pathway"] for row in rows}
        shown = Labels(names.districts, {p: name for p, name in names.pathways.items() if p in kept})
        page.show(markup.details("Show it by district", given.by_verdict(by, shown)))
    _releases(source, names, district)


def _releases(source: Reader, names: Labels, district: str) -> None:
    expected, found = given.forecast(source), given.due(source, district)
    row = expected.get(district)
    place = f" to {names.place(district)}" if district else ""
    page.heading("Who is due out of prison?", say.releases(found, row, place))
    usual = row["value"] / 13 if row is not None and row["value"] is not None else None
    starts = [given.week_of(source, number) for number in range(1, 14)]
    page.chart(given.weeks(found, starts, usual), given.alt_weeks(found, usual), "releases-due")
    places = {district: names.place(district)} if district else {**names.districts, "": "Everywhere"}
    by = {d: given.due(source, d) for d in places}
    page.show(given.by_weekday(by, expected, places) + markup.note(say.undated(found, row, bool(district))))


def starts_and_money(source: Reader, names: Labels, here: Sequence[Row]) -> None:
    """Groups that begin on set days, and funding that ends within two quarters."""
    rows = given.waits(here)
    page.heading("How long until the next start?", say.waits(rows))
    if rows:
        page.show(markup.details("Show every start as a table", given.by_start(rows, names)))
    soon, bare = given.ending(here), given.bare_after(here, names)
    page.heading("What is at risk when money ends?", say.funding(soon, bare, names, two_quarters_on(source.cutoff)))
    page.show(given.by_funding(soon, names, given.using(source)))


def providers(source: Reader, names: Labels, here: Sequence[Row]) -> list[Row]:
    """Providers side by side, with what the release measures of them; gives the figures shown."""
    if not here:
        return []
    found = given.measured(source)
    page.heading("Who provides it?", say.providers(len({e["provider"] for e in here})))
    page.show(given.by_provider(here, found, names))
    page.show(markup.note(say.provider_notes(found)))
    return sent.rows_of(found, here)


def directory(names: Labels, here: Sequence[Row]) -> None:
    """The directory, searched by words; entries that nobody has checked lately stand out."""
    said = st.container()
    one, two = st.columns([2, 1])
    with one:
        words = filters.search("Search the directory", "find", "a programme, a provider, women, drop-in")
    with two:
        state = filters.choose("Entries", list(given.STATES.items()), "entries")
    kept = given.found(here, names, words, state)
    with said:
        page.heading("The directory", say.directory(len(kept), len(here)))
    page.show(given.by_programme(given.lines(kept), names))
