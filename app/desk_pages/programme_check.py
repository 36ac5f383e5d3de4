"""Did a programme make a difference? A provider's list, checked against the store."""

import datetime as dt

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app import programme_check
from app.entry import FORMS, templates
from app.programme_check import Checked
from common import paths
from common.errors import ProblemError
from components import compared, evidence, guard, markup, page, words
from metrics.compare.lists import take_out

RESULT, TURN, PROBLEM, ADDED = "_programme", "_programme_turn", "_programme_problem", "_programme_added"
TAKEN = "_programme_taken"
DAYS = {365: "12 months", 730: "Two years"}
PROMISE = (
    "Give the list of who started a programme and when: in less than a minute it says whether they reoffended less than "
    "people like them who did not."
)
FILLING = (
    "Fill in the empty list: one row a person, any one identifier, and the day they started. Sixty people or more are needed "
    "for a verdict. The file is read in memory and let go of: nothing of it is kept unless you then add it to the next release."
)
AGAIN = "The evaluation above is let go of when another list is checked."
KEPT = "Kept as pseudonyms and start dates: counts are all that can be shown of them. Releases already published stay as they are."
data_dir = paths.data_dir()


def ask() -> None:
    """The template, and the form for a filled-in one. The file is let go of once it is read."""
    turn = st.session_state.setdefault(TURN, 0)
    page.show(markup.paragraphs([FILLING]))
    templates(programme_check.template, "Empty list", "programme-list", "template", "templates")
    with st.form("programme", border=True):
        name, days = st.columns([2, 1])
        with name:
            title = st.text_input("Name of the programme", max_chars=programme_check.LONGEST_NAME, key="programme-name")
        with days:
            follow_up = st.selectbox("Followed for", list(DAYS), format_func=DAYS.__getitem__, key="programme-days")
        file = st.file_uploader("The list, filled in", type=list(FORMS), key=f"programme-list-{turn}")
        asked = st.form_submit_button("Check this programme", type="primary")
    if asked:
        answer(file, title, follow_up)


def answer(file: UploadedFile | None, title: str, follow_up: int) -> None:
    """Evaluate the list; hold what came of it, or what was wrong; forget the file, and show the page anew."""
    for key in (RESULT, PROBLEM, ADDED):
        st.session_state.pop(key, None)
    try:
        if file is None:
            raise ProblemError(
                "no list was given", "The list, filled in", "the empty list filled in, as CSV or XLSX", "upload it here"
            )
        with st.spinner("Finding the people, and those most like them. This takes less than a minute."):
            found = programme_check.check(file.getvalue(), file.name, title, data_dir, follow_up=follow_up)
        st.session_state[RESULT] = found
    except ProblemError as problem:
        st.session_state[PROBLEM] = problem
    finally:
        forget(file)
    st.session_state[TURN] += 1
    st.rerun()


def forget(file: UploadedFile | None) -> None:
    """Let go of an uploaded file. Streamlit would hold it in memory until the browser's tab is closed."""
    context = get_script_run_ctx()
    if file is not None and context is not None:
        file.close()
        if isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def account(found: Checked) -> None:
    """How much of the list was used, and why the rest was not."""
    page.heading("How much of the list was found?", f"{found.read:,} rows were read and {found.found:,} people found.")
    rows = [(count.what, f"{count.number:,}") for count in found.counts]
    told = markup.table(("What became of each row", "Rows"), rows, "What became of each row of the list", numeric=(1,))
    page.show(f'<div class="plainly">{told}</div>')


def keeping(found: Checked) -> None:
    """Take it away, or add it to the next release."""
    page.heading(
        "Keep it?", "Nothing of the list is kept unless it is added here, and then only pseudonyms and start dates."
    )
    if note := st.session_state.get(ADDED):
        page.show(markup.paragraphs([note]))
    with st.container(key="keeping", horizontal=True):
        st.download_button(
            "Download this evaluation (ZIP)",
            data=lambda: programme_check.archive(found, dt.date.today()),
            file_name=f"programme-check-{found.store.id}.zip",
            mime="application/zip",
            on_click="ignore",
            key="download-programme",
        )
        kept = programme_check.is_kept(found, data_dir)
        adding = "Replace the list kept by this name" if kept else "Add it to the next release"
        if not (kept and st.session_state.get(ADDED)) and st.button(adding, key="programme-add"):
            programme_check.add(found, data_dir)
            st.session_state[ADDED] = (
                "It is added: the next release that is published includes it, on the page Schemes."
            )
            st.rerun()
        if kept and st.button("Take it out of the next release", key="programme-out"):
            take_out(data_dir, found.comparison.id)
            st.session_state[ADDED] = "It is taken out: the list that was kept is deleted."
            st.rerun()


def lists_kept() -> None:
    """The lists that the next release includes, in counts, each with a way to take it out."""
    lists = programme_check.kept_lists(data_dir)
    note = st.session_state.pop(TAKEN, None)
    if not lists and not note:
        return
    page.heading("Which lists go into the next release?", KEPT)
    if note:
        page.show(markup.paragraphs([note]))
    for one in lists:
        with st.container(key=f"kept-{one.id}", horizontal=True, vertical_alignment="center"):
            st.html(programme_check.kept_line(one))
            if st.button("Take out", key=f"out-{one.id}", help=f"Delete the kept list of {one.title}"):
                take_out(data_dir, one.id)
                st.session_state[TAKEN] = f"{one.title} is taken out: the list that was kept is deleted."
                st.rerun()


def show(found: Checked) -> None:
    """The evaluation as the page Schemes shows one, and what became of the list."""
    compared.answer(found.case)
    page.show(markup.note([f"Looked up in the store of {found.store.area}, data to {words.day(found.store.cutoff)}."]))
    compared.of_100(found.case)
    account(found)
    compared.behind(found.case)
    page.show(markup.details("How is this worked out?", evidence.method(found.case)))
    keeping(found)


page.question("Did this programme make a difference?")
try:
    guard.check_desk()
    programme_check.current_store(data_dir)
except ProblemError as problem:
    page.refused(problem, "No programme can be checked here")
found = st.session_state.get(RESULT)
if found is not None:
    show(found)
    page.heading("Check another programme", AGAIN)
else:
    page.answer(PROMISE)
if wrong := st.session_state.get(PROBLEM):
    st.error(f"The list was not checked: {wrong}")
ask()
lists_kept()
