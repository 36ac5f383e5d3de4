"""What the dashboard shows while there is no release: the demonstration being built, or what to do."""

import streamlit as st

from app.demo import ensure_demo
from common import paths


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
    st.markdown(
        "This first start invents the people of a county, writes the extracts that each agency would send, loads them "
        "and publishes a release. It takes under a minute, and happens once. Nobody in it exists."
    )
    _progress()


@st.fragment(run_every=1.0)
def _progress() -> None:
    """Ask the build how far it is, once a second, until it is done."""
    told = ensure_demo()
    if told.state == "ready":
        st.rerun(scope="app")
    if told.state == "failed":
        st.error(f"The build stopped at the step: {told.step or 'starting'}. {told.message}")
        if st.button("Try again"):
            ensure_demo(retry=True)
        return
    st.progress(min(max(told.fraction, 0.0), 1.0), text=told.step or "Starting")
