"""What the dashboard shows while there is no release: the demonstration being built, or what to do."""

import time

import streamlit as st

from app.demo import PEOPLE, Progress, ensure_demo, people_of_the_first_start
from common import paths
from common.errors import ProblemError

STAGES = (
    (0.0, "Invent the people, and write the extracts that each agency would send"),
    (0.15, "Load the extracts: check every row, replace every identifier"),
    (0.5, "Link people across agencies, and follow each one up"),
    (0.72, "Work out every figure, exact and protected, and publish"),
)
"""The build's stages, with the fraction at which each begins (`app.demo.make_demo`, `app.publish.publish`)."""


def no_release() -> None:
    """Where nobody chose a data directory the demonstration is built and its steps named; else say what to run."""
    if paths.was_configured():
        st.title("No release has been published yet", anchor=False)
        st.markdown(
            f"The data directory `{paths.data_dir()}` holds no release. To make one:\n\n"
            "1. `iom load MAPPING.toml FILE...` for each agency's extract\n"
            "2. `iom publish`\n\n"
            "then reload this page. `iom releases` lists what there is. "
            "To see the synthetic county instead, start the dashboard without `IOM_DATA_DIR`."
        )
        return
    st.title("Making a synthetic county", anchor=False)
    try:
        people = people_of_the_first_start()
    except ProblemError as problem:
        st.text(str(problem))
        return
    st.markdown(
        f"This first start invents {people:,} people of a county, writes the extracts that each agency would send, loads "
        f"them and publishes a release. {how_long(people)} It happens once. Nobody in it exists."
    )
    _progress()


def how_long(people: int) -> str:
    """What may be promised: what was measured for the county's usual size (docs/benchmarks.md), and no more."""
    usual = "75 to 95 seconds where two processor cores are free, and two minutes or more where they are busy"
    if people == PEOPLE:
        return f"That takes {usual}."
    than = "less" if people < PEOPLE else "more"
    return f"For {PEOPLE:,} people that takes {usual}; for {people:,}, {than}."


def stages(told: Progress) -> str:
    """The stages as a list in Markdown: done, under way and to come."""
    at = max(place for place, (begin, _) in enumerate(STAGES) if told.fraction >= begin)
    marks = ["✓ {}" if place < at else "**▶ {}**" if place == at else "○ {}" for place in range(len(STAGES))]
    return "\n".join(
        f"{n}. {mark.format(said)}" for n, (mark, (_, said)) in enumerate(zip(marks, STAGES, strict=True), 1)
    )


def so_far(told: Progress, now: float) -> str:
    """The step under way and how long the build has run: 'Loading ... (12 seconds so far)'."""
    seconds = int(now - told.started) if told.started else 0
    plural = "second" if seconds == 1 else "seconds"
    return f"{told.step} ({seconds} {plural} so far)" if seconds > 0 else told.step


@st.fragment(run_every=1.0)
def _progress() -> None:
    """Ask the build how far it is, once a second, until it is done."""
    told = ensure_demo()
    if told.state == "ready":
        st.rerun(scope="app")
    if told.state == "failed":
        st.error(f"The build stopped at the step: {told.step}. {told.message}")
        if st.button("Try again"):
            ensure_demo(retry=True)
        return
    st.progress(min(max(told.fraction, 0.0), 1.0), text=so_far(told, time.time()))
    st.markdown(stages(told))
