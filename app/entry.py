"""What the desk's pages that take something in have in common: how they open, and the empty tables they hand out."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from app import costs
from common.errors import ProblemError, ProblemsError
from components import guard, markup, page

FORMS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def opened(title: str, promise: str, rules: str, data_dir: Path, *, refused: str, kept: tuple[str, str]) -> None:
    """Question, promise and rules; then what was done last or is wrong, kept under the two names in the session's state."""
    page.question(title)
    try:
        guard.check_desk()
        costs.refuse_reference(data_dir)
    except ProblemError as problem:
        page.refused(problem, refused)
    page.answer(promise)
    page.show(markup.paragraphs([rules]))
    done, wrong = (st.session_state.get(name) for name in kept)
    if done:
        st.success(done)
    if wrong:
        listed = wrong.problems if isinstance(wrong, ProblemsError) else (wrong,)
        st.error("Nothing was saved:\n\n" + "\n".join(f"- {one}" for one in listed))


def templates(make: Callable[[str], bytes], label: str, name: str, key: str, container: str) -> None:
    """The empty table in each form, to download and fill in."""
    with st.container(key=container, horizontal=True):
        for form, kind in FORMS.items():
            st.download_button(
                f"{label} ({form.upper()})",
                data=partial(make, form),
                file_name=f"{name}.{form}",
                mime=kind,
                on_click="ignore",
                key=f"{key}-{form}",
            )
