"""The frame of the dashboard and of the desk: which release and level, and the way between pages."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from app.waiting import no_release
from common.errors import ProblemError
from components import data, filters, markup, page, words

PAGES = Path(__file__).resolve().parents[1] / "pages"
SECTIONS = {
    "Outcomes": {
        "reoffending": "Reoffending",
        "districts": "Districts",
        "areas": "Areas",
        "behind": "Behind it",
        "parallel_running": "Old measures and new",
    },
    "Cohort": {"cohort": "Cohort", "compliance": "Compliance", "places": "Places"},
    "Services": {"pathways": "Pathways", "provision": "Provision", "schemes": "Schemes"},
    "Money": {"value_for_money": "Value for money", "payment_by_results": "Payment by results"},
    "Partners": {"governance": "Governance"},
    "About": {"data_quality": "Data quality", "definitions": "Definitions"},
}
"""The pages by section: file name and what the menu calls it. A page is added here and nowhere else."""
DESK = "Desk"
WITHOUT_COHORTS = ("data_quality", "definitions")
"""Pages that have something to say of a release that holds nobody: context alone, or an empty start."""


def begin(title: str = "IOM performance") -> None:
    """Before anything is shown: the window, its style and its mark."""
    st.set_page_config(page_title=title, layout="wide", initial_sidebar_state="collapsed")
    page.style()
    st.logo(Path(__file__).with_name("wordmark.svg"), size="large")


def sections(own: Sequence[StreamlitPage] = ()) -> dict[str, list[StreamlitPage]]:
    """The pages that there are, by section; the summary stands alone before them and the desk's own after."""
    summary = {"": [st.Page(PAGES / "quarter.py", title="Quarter", default=True)]}
    found = {
        section: [st.Page(PAGES / f"{name}.py", title=title) for name, title in those.items()]
        for section, those in SECTIONS.items()
    }
    return summary | found | ({DESK: [*own]} if own else {})


def show(own: Sequence[StreamlitPage] = ()) -> None:
    """Every page within the frame; `own` are the desk's, which read the store and know no level."""
    chosen = st.navigation(sections(own), position="top")

    try:
        release = data.current_release()
    except ProblemError as problem:
        page.refused(problem, "No release can be shown")
    if release is None:
        no_release()
        st.stop()

    # A synthetic release shows either level to anybody, so that readers can see what protection costs. One from real
    # extracts is served on the loopback address only (components/guard.py) and shows the partnership level.
    level = "partnership"
    source = page.serve(release, level)
    filters.arrive(chosen.url_path)
    with st.container(key="frame", horizontal=True, vertical_alignment="center"):
        above = st.container()
        if source.synthetic and chosen not in own:
            filters.from_address("Level", "level", words.LEVELS)
            level = (
                st.segmented_control(
                    "Level",
                    list(words.LEVELS),
                    default="partnership",
                    format_func=words.LEVELS.__getitem__,
                    required=True,
                    key="level",
                    bind="query-params",
                    label_visibility="collapsed",
                )
                or "partnership"
            )
    source = page.serve(release, level)
    with above:
        page.frame(source)
    if source.cohorts() or chosen.url_path in WITHOUT_COHORTS or chosen in own:
        chosen.run()
    else:
        page.no_cohorts(chosen.title)
    with above:
        protected = [words.OPEN_IN_SHORT] if level == "open" and source.cohorts() else []
        page.show(markup.note([*protected, *filters.unknown()]) + markup.on_paper(filters.chosen()))
    if chosen not in own:
        page.levels(source)
    page.foot(source)
