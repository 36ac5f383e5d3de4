"""Who should the next place go to?"""

import streamlit as st

from components import export, filters, markup, page, places, words
from components.places import method
from components.places import sentences as say
from metrics.places import allocate

source = page.reader()


def next_place() -> list[allocate.Marginal]:
    """What the next place in each band would face and avert."""
    rows, found = places.bands(source), places.reduction(source)
    pounds, price_year, period = places.cost_of_a_place(source)
    share = (found.share, found.lower, found.upper) if found else None
    made = allocate.marginal(places.area_cells(source), share, pounds)
    page.heading("What would the next place face?", say.of_period(source.period(rows[0]["period"]).label))
    page.show(places.by_band(rows, made, pounds, price_year))
    page.show(markup.paragraphs([say.averts(found)]) + markup.note([*say.BAND_NOTES, *say.costs(price_year, period)]))
    return made


def explorer(cells: list[allocate.Cell]) -> tuple[allocate.Allocation, dict[str, str]]:
    """Places by district under a promise to each, the frontier, and what the promise costs."""
    now, labels = allocate.today(cells), dict(source.members("managing_district"))
    held = sum(now.places)
    page.heading(
        "Where should the places be?", "Between the most prolific and every district: choose how many are promised."
    )
    one, two, three = st.columns(3)
    with one:
        total = filters.amount("Places at liberty", "places", (1, 2 * held), held)
    with two:
        promised = filters.amount("Promised to districts", "promised", (0, 100), 0, step=5, suffix="%")
    with three:
        sharing = filters.choose("Shared", list(places.SHARINGS.items()), "sharing")
    weight = places.weights(cells, sharing)
    floors = allocate.floors(total, weight, promised / 100)
    chosen = allocate.allocate(cells, total, floors)
    points = allocate.frontier(cells, total, weight)
    point = next(p for p in points if round(100 * p.share) == promised)
    page.paragraphs([say.explored(chosen, now, total, point, sharing)])
    page.chart(places.frontier(points, point, now, total), places.alt_frontier(points, point), "frontier")
    page.show(places.by_district(now, chosen, floors, labels) + markup.note([say.CAUTION]))
    return chosen, {"Places": f"{total}", "Promised": f"{promised}%", "Shared": places.SHARINGS[sharing]}


def show() -> None:
    """The bands, then what only the partnership level tells: districts, places to pass on, tiers."""
    said = st.container()
    cells = places.cells(source)
    made = next_place()
    now = allocate.today(cells) if cells else None
    chosen: allocate.Allocation | None = None
    filtered: dict[str, str] = {}
    swaps: list[allocate.Swap] = []
    if now is None or not sum(now.places):
        page.heading("Where should the places be?", say.NO_DISTRICTS)
    else:
        chosen, filtered = explorer(cells)
        swaps = allocate.swaps(cells)
        page.heading(
            "What does a held place cost in others not served?",
            say.swapped(swaps, dict(source.members("managing_district"))),
        )
        if swaps:
            page.show(
                markup.details(
                    "Show these places as a table", places.by_swap(swaps, dict(source.members("managing_district")))
                )
            )
    best = allocate.allocate(cells, sum(now.places)) if now else None
    with said:
        page.opening(words.places_opening(made))
        page.answer(say.answer(made, now, best))
    if tiers := places.tiers(source):
        page.heading("Does the scale slide?", say.sliding(tiers))
        page.show(places.by_tier(tiers))
    page.show(markup.details("How is this worked out?", method.shown()))
    how = export.headed(method.PARTS)
    tables = places.frames(places.bands(source), now, chosen, tiers, swaps)
    page.download(source, "places", say.TITLE, filters=filtered, tables=tables, infos=[], method=how)


page.question(say.TITLE)
if places.bands(source):
    show()
else:
    page.nothing(say.NONE)
