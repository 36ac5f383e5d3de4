"""What the dashboard shows while there is no release: the demo being built, or what to do."""

import streamlit as st

from common import paths


def no_release() -> None:
    """Where nobody chose a data directory the demo is built and its steps named; else say what to run."""
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
    st.markdown("The first start builds a demonstration from invented people. It takes under a minute, once.")
    _build()


def _build() -> None:
    from app.demo import ensure_demo

    ensure_demo()
