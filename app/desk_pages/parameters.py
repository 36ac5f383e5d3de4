"""Which figures of money are your own? Local parameters, taken from a workbook, never over the reference."""

import tempfile
from pathlib import Path

import streamlit as st

from app import own_parameters
from app.entry import opened
from common import paths
from common.errors import ProblemError
from components import markup, page
from metrics.value.parameters import parameters

PROBLEM, DONE, TURN = "_own_problem", "_own_done", "_own_turn"
PROMISE = (
    "Put this partnership's own unit costs and assumptions in place of those that ship with the program. Each needs its price"
    " year and its source, and is marked as local on every page and in every download that uses it."
)
RULES = (
    "Nothing is saved unless every row is right. The reference is never written over: take a figure out, and the one that"
    " ships with the program stands again. The next release uses what is here: run `iom publish`."
)
data_dir = paths.data_dir()


def template() -> bytes:
    """Every parameter that may be replaced, as a CSV to fill in."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "parameters.csv"
        own_parameters.template(file)
        return file.read_bytes()


def take_in() -> None:
    """The template, and a filled-in one."""
    st.download_button("Every parameter, to fill in (CSV)", data=template, file_name="parameters.csv", mime="text/csv",
                       on_click="ignore", key="own-template")  # fmt: skip
    with st.form("own", border=True):
        turn = st.session_state.setdefault(TURN, 0)
        file = st.file_uploader("The table, filled in", type=["csv", "xlsx", "ods"], key=f"own-file-{turn}")
        asked = st.form_submit_button("Check and save", type="primary")
    if not asked:
        return
    st.session_state[TURN] += 1
    try:
        if file is None:
            raise ProblemError("no table was given", "The table, filled in", "CSV, XLSX or ODS", "upload it here")
        with tempfile.TemporaryDirectory() as folder:
            given = Path(folder) / f"the table{Path(file.name).suffix.lower()}"
            given.write_bytes(file.getvalue())
            done = own_parameters.take_in(given, data_dir)
        told(
            f"Saved {len(done.names):,} local {'figure' if len(done.names) == 1 else 'figures'}: {', '.join(done.names)}."
        )
    except ProblemError as problem:
        told("", problem)


def told(done: str, problem: ProblemError | None = None) -> None:
    """Keep what was done or is wrong for the page that is shown next."""
    st.session_state[DONE], st.session_state[PROBLEM] = done, problem
    st.rerun()


def own() -> None:
    """The partnership's own figures, each beside the one it stands in place of, and the way to take them out."""
    shipped, mine = parameters(), parameters(data_dir).own()
    page.heading("Which are local now?", "Each beside the figure that ships with the program.")
    if not mine:
        page.show(markup.note(["None: every figure is the one that ships with the program."]))
        return
    rows = [
        (one.title or name, f"{one.value:,g}", "none" if name not in shipped else f"{shipped[name].value:,g}", one.unit, one.price_year,
         one.source, "yes" if one.checked else "no")
        for name, one in mine.items()
    ]  # fmt: skip
    heads = ("Figure", "Ours", "Shipped", "Unit", "Price year", "Source", "Checked")
    page.show(markup.table(heads, rows, "Local parameters", numeric=(1, 2)))
    chosen = st.multiselect("Take out", list(mine), format_func=lambda name: mine[name].title or name, key="own-out")
    if st.button("Let the shipped figures stand again", disabled=not chosen, key="own-remove"):
        try:
            gone = own_parameters.remove(data_dir, chosen)
        except ProblemError as problem:
            told("", problem)
        told(f"Took out {len(gone):,}: the shipped {'figure stands' if len(gone) == 1 else 'figures stand'} again.")


opened(
    "Which figures of money are your own?",
    PROMISE,
    RULES,
    data_dir,
    refused="No parameter can be entered here",
    kept=(DONE, PROBLEM),
)
try:
    own()
    page.heading(
        "Put in your own",
        "A figure and its price year and source on each row that you fill in; leave the others empty.",
    )
    take_in()
except ProblemError as problem:  # a local file that somebody spoiled by hand
    st.error(f"The local parameters cannot be read:\n\n{problem}")
