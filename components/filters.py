"""Filters: one row of single choices, each kept in the address so that a link reopens the same view."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from components import words
from components.headlines import Step, quarter_cohorts
from release.read import CohortInfo, IndicatorInfo, Reader

if TYPE_CHECKING:
    from components.evidence import Case, Choice

KINDS = {"quarter": "Quarters", "year": "Years to March", "three_years": "Three years", "all": "All complete"}


CARRIED = ("district", "pathway", "people")
"""Filters that go along from page to page. (Streamlit drops a page's own widgets, and their part of the address.)"""


ARRIVED, PAGE, READ, UNKNOWN, AGAIN, CHOSEN = "_arrived", "_page", "_read", "_unknown", "_again", "_chosen"


def arrive(page: str) -> None:
    """Called by the shell before each run: whether the reader has just come from another page."""
    if st.session_state.pop(AGAIN, False):
        return
    st.session_state[ARRIVED] = st.session_state.get(PAGE, page) != page
    st.session_state[PAGE] = page
    st.session_state[UNKNOWN] = []
    st.session_state[CHOSEN] = {}


def unknown() -> list[str]:
    """What the address asked for and the page does not have: one line each, for the reader."""
    return list(st.session_state.get(UNKNOWN, []))


def chosen() -> dict[str, str]:
    """The filters of the page in words, for paper: each one's label and the choice made."""
    return dict(st.session_state.get(CHOSEN, {}))


def from_address(label: str, key: str, labels: Mapping[str, str]) -> None:
    """Let the address name a choice by its id or its label, in any case; note a value that is neither.

    What has been read once is not read again: Streamlit keeps the first address of a visit while the reader chooses.
    """
    asked = st.query_params.get(key)
    read = st.session_state.setdefault(READ, {})
    place = (st.session_state.get(PAGE, ""), key)
    if asked is None or read.get(place) == asked:
        return
    read[place] = asked
    if asked in labels.values():
        return
    plain = asked.strip().casefold()
    found = next((v for v, name in labels.items() if plain in (v.casefold(), name.casefold())), None)
    if found is None:
        left_out(label, asked)
        return
    if key not in st.session_state:
        # the address is put in the widget's own words before there is a widget, and the page is run again upon it
        read[place] = labels[found]
        st.query_params[key] = labels[found]
        st.session_state[AGAIN] = True
        st.rerun()


def _carry(key: str, value: str, label: str, usual: str) -> None:
    """Bring a choice along from the page before, into the address too so that a reload keeps it."""
    if value != usual:
        st.query_params[key] = label
        st.session_state[key] = value


def choose(label: str, options: Sequence[tuple[str, str]], key: str, default: str | None = None) -> str:
    """One choice from (value, label) pairs. The address holds the label: `?district=Fenland`."""
    labels = dict(options)
    values = list(labels)
    index = values.index(default) if default in labels else 0
    carried = st.session_state.setdefault("_carried", {})
    from_address(label, key, labels)
    if key in CARRIED and st.session_state.get(ARRIVED) and key not in st.query_params and carried.get(key) in labels:
        _carry(key, carried[key], labels[carried[key]], values[index])
    chosen = st.selectbox(
        label, values, index=index, format_func=lambda v: labels.get(v, v), key=key, bind="query-params"
    )
    chosen = chosen if chosen in labels else values[index]
    carried[key] = chosen
    st.session_state.setdefault(CHOSEN, {})[label] = labels[chosen]
    return chosen


def left_out(label: str, asked: str) -> None:
    """Note what the address asks for and the page does not have, for the reader."""
    st.session_state.setdefault(UNKNOWN, []).append(
        f"The address asks for {label.lower()} \u201c{asked[:60]}\u201d, which is not a choice here: it was left out."
    )


def amount(
    label: str, key: str, between: tuple[int, int], default: int, *, step: int = 1, suffix: str = "", anew: str = ""
) -> int:
    """A number on a slider, kept in the address: `?places=120`. A number beyond its ends is left out, and said to be.

    `anew`: what the default belongs to; when that changes, the slider begins at its default again.
    """
    belongs = st.session_state.setdefault("_belongs", {})
    if belongs.get(key, anew) != anew:
        st.session_state[key] = default  # the address follows the slider
    belongs[key] = anew
    asked = st.query_params.get(key)
    low, high = between
    whole = asked is not None and asked.removeprefix("-").isdecimal()
    if asked is not None and key not in st.session_state and not (whole and low <= int(asked) <= high):
        st.session_state.setdefault(UNKNOWN, []).append(
            f"The address asks for {label.lower()} \u201c{asked[:60]}\u201d; it can be {low:,} to {high:,}: it was left out."
        )
        del st.query_params[key]
    chosen = st.slider(
        label, low, high, default, step, key=key, bind="query-params", format=f"%d{suffix.replace('%', '%%')}"
    )
    st.session_state.setdefault(CHOSEN, {})[label] = f"{chosen:,}{suffix}"
    return chosen


def search(label: str, key: str, hint: str = "") -> str:
    """Words to look for, kept in the address: `?find=women`. For lists that hold nobody; figures about people have no search."""
    asked = st.text_input(label, key=key, bind="query-params", placeholder=hint, max_chars=60) or ""
    if asked.strip():
        st.session_state.setdefault(CHOSEN, {})[label] = asked.strip()
    return asked.strip()


def district(source: Reader, cohort: CohortInfo) -> str:
    """The district, or '' for all."""
    places = [d for d in source.districts(cohort.id) if d[0] != "none"]
    return choose("District", [("", "All districts"), *places], "district")


def pathway(source: Reader, everybody: bool = True) -> str:
    """The pathway, or '' for all where that may be chosen."""
    known = {d.id for d in source.dimensions()}
    members = next((source.members(d) for d in ("pathway", "need") if d in known), [])
    every = [("", "All pathways")] if everybody else []
    return choose("Pathway", [*every, *(m for m in members if m[0] not in ("none", "not_known"))], "pathway")


def cohort(source: Reader, clock: str | None = "reoffending") -> CohortInfo:
    """Whom the figures are about; the scheme first."""
    first = [c for c in quarter_cohorts(source) if clock in (None, c.clock)]
    rest = [c for c in source.cohorts() if c not in first and clock in (None, c.clock)]
    return source.cohort(choose("People", [(c.id, c.title) for c in [*first, *rest]], "people"))


def measure(source: Reader, about: CohortInfo) -> IndicatorInfo:
    """Which measure, of those that the cohort has."""
    return source.indicator(choose("Measure", [(i.id, i.title) for i in source.indicators(about.id)], "measure"))


def kind(available: Iterable[str], default: str | None = None) -> str:
    """Over which kind of period, of those that exist at this level; the shortest first."""
    return choose("Periods", [(k, KINDS[k]) for k in available] or [("all", KINDS["all"])], "periods", default)


def breakdown(source: Reader, dims: Iterable[str], default: str) -> str:
    """What to break down by, of the tables that exist."""
    return choose("Break down by", [(d, source.dimension(d).title) for d in dims], "by", default)


def area_kind(kinds: Sequence[tuple[str, str]]) -> str:
    """Which kind of area: district, or what districts lie in."""
    return choose("Areas", kinds, "areas")


def step(found: Sequence[Step], default: str) -> Step:
    """Which step along the pathway; to begin with, one with something to show."""
    chosen = choose("Step", [(s.info.id, s.info.title) for s in found], "step", default)
    return next(s for s in found if s.info.id == chosen)


def label_of(source: Reader, value: str) -> str:
    """The label of a group, as the address of another page holds it; '' for all."""
    return next((label for d in source.dimensions() for v, label in source.members(d.id) if value and v == value), "")


def named(source: Reader, **chosen: str) -> dict[str, str]:
    """The filters in words, for downloads: each value by its own kind of label (`scheme` is a cohort and a breakdown)."""
    places = (c.district_dimension for c in source.cohorts())
    indicators = {i.id: i.title for i in source.indicators()}
    labels = {
        "People": {c.id: c.title for c in source.cohorts()},
        "Measure": indicators,
        "Step": indicators,
        "Periods": KINDS,
        "Breakdown": {d.id: d.title for d in source.dimensions()},
        "District": {v: name for place in places for v, name in source.members(place)},
        "Pathway": {
            v: name for d in source.dimensions() if d.id in ("pathway", "need") for v, name in source.members(d.id)
        },
    }
    said = {name: labels.get(name, {}).get(value, value) or "All" for name, value in chosen.items()}
    return said | {"Level": words.LEVELS[source.level]}


def subject(found: Sequence["Choice"]) -> "Choice":
    """Which scheme, programme or list is compared."""
    asked = choose("Scheme or programme", [(c.subject, c.title) for c in found], "subject")
    return next(c for c in found if c.subject == asked)


def compared_in(source: Reader, choice: "Choice") -> str:
    """Where, of the places it is compared in; the whole area first."""
    names = {"": "All districts", **dict(source.members("managing_district"))}
    places = sorted(choice.places, key=lambda p: (p != "", names.get(p, p)))
    return choose("District", [(p, names.get(p, p)) for p in places], "district")


def compared_over(source: Reader, cases: Sequence["Case"]) -> "Case | None":
    """Over which periods, the latest first."""
    periods = {p.id: p for p in source.periods("quarter")}
    said: dict[str, str] = {}
    for c in cases:
        first, last = (periods.get(c.about[end]) for end in ("from_period", "to_period"))
        said[c.about["id"]] = f"{first.start:%B %Y} to {last.end:%B %Y}" if first and last else "No quarters"
    asked = choose("Period", list(said.items()), "over")
    return next((c for c in cases if c.about["id"] == asked), None)
