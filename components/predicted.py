"""Observed against expected on a page: by district beside the funnel, and how well a person's history predicts."""

import polars as pl
import streamlit as st

from components import behind, data, expected, markup, page
from components.expected import sentences as say
from release.read import CohortInfo, Reader


def among_districts(source: Reader, about: CohortInfo) -> None:
    """Each district in the latest complete year against what was expected of its people, by three standards."""
    found = expected.by_place(source, about)
    if not found:
        return
    page.heading("Is it what their people\u2019s history predicts?", say.places_answer(found))
    page.show(expected.standings_table(found, "Districts, observed against expected", "District"))
    held = expected.districts_held(found)
    few = [say.TOO_FEW] if any(one.few for one in found) else []
    page.show(markup.note([say.STANDARDS, *few, *([] if held else [say.OPEN_BY_PLACE])]))


def of_scheme(source: Reader, scheme: str) -> None:
    """One scheme's complete years by every standard, behind a switch."""
    if found := expected.by_year(source, scheme):
        drawn = expected.standings_table(found, "Each year, observed against expected", "Year")
        page.show(markup.details("Show each year by every standard", drawn + markup.note([say.STANDARDS])))


def how_well(source: Reader, about: CohortInfo) -> None:
    """How well OGRS3 predicts for these people: pairs told apart, nearness of the chances, and each band."""
    found = expected.wholes(source, about.id)
    if not found:
        return
    bands, latest = expected.bands(source, about.id), found[0]
    page.heading("How well does people\u2019s history predict here?", say.ABOUT)
    left, right = st.columns(2)
    with left:
        lines = [say.apart(latest), say.close(latest), *say.in_all(latest), say.bands_answer(bands) if bands else ""]
        page.show(markup.paragraphs([line for line in lines if line]))
    with right:
        if bands:
            page.chart(expected.reliability(bands), expected.alt_reliability(bands), "reliability")
            page.show(markup.note([say.KEY]))
        else:
            why = say.OPEN_BANDS if source.level == "open" else say.NO_BANDS
            page.show(behind.state("Bands of the score are not shown", [why]))
    every = expected.wholes_table(found) + (expected.bands_table(bands) if bands else "")
    page.show(
        markup.details("Show these figures as a table", every) + markup.details("How is this worked out?", say.HOW)
    )


def frames(source: Reader, cohort: str) -> dict[str, pl.DataFrame | None]:
    """The rows behind these sections as tables for the download."""
    tables = {"observed_against_expected": "calibration", "standardised": "standardised"}
    rows = {
        name: [row for row in data.listed(source, part) if row["cohort"] == cohort] for name, part in tables.items()
    }
    return {name: expected.frame_of(found) for name, found in rows.items()}
