"""What did it cost? Cost lines and local parameters, entered in a form or as a file, for the next release."""

import datetime as dt
from collections.abc import Iterable, Sequence

import streamlit as st

from app import costs
from app.costs import Line
from app.entry import FORMS, opened, templates
from common import paths
from common.errors import ProblemError
from components import markup, page, words

LINES, PROBLEM, DONE, TURN, TWICE = "_cost_lines", "_cost_problem", "_cost_done", "_cost_turn", "_cost_twice"
PROMISE = (
    "Enter what a scheme or a programme cost, quarter by quarter; Value for money uses it from the next release on. What was "
    "spent is never worked out from what is usual: without cost lines the page says that there are none."
)
RULES = (
    "Every line says what the money was spent on, where, by whom and when, whether it would have been spent anyway, and at"
    " which year's prices. Nothing is saved until every line is right, and nothing is ever saved over the reference."
)
data_dir = paths.data_dir()


def choose(label: str, named: Iterable[str], key: str) -> str:
    """One of a table's words, none to begin with: nothing is said of money that nobody said."""
    return str(st.selectbox(label, ["", *named], key=key))


def form() -> None:
    """One cost line, added to those not yet saved."""
    known, places = costs.programmes(data_dir), costs.places()
    with st.form("cost-line", border=True):
        one, two, three = st.columns(3)
        with one:
            scheme = choose("Scheme", costs.SCHEMES.values(), "cost-scheme")
            programme = st.selectbox(
                "or programme", ["", *known], format_func=lambda code: known.get(code, code), key="cost-programme"
            )
            tier = st.text_input("Tier (if of one tier)", max_chars=60, key="cost-tier")
            district = choose("District", places, "cost-district")
        with two:
            agency = choose("Agency that bears it", costs.AGENCIES.values(), "cost-agency")
            funder = st.text_input("Funder (a short code)", max_chars=60, key="cost-funder")
            kind = choose("Kind", costs.KINDS.values(), "cost-kind")
            additional = choose("Additional or mainstream", costs.ADDITIONAL.values(), "cost-additional")
        with three:
            quarter = st.text_input("Calendar quarter (as 2024Q1)", max_chars=6, key="cost-quarter")
            amount = st.text_input("Amount in pounds", max_chars=16, key="cost-amount")
            price_year = st.text_input("Price year (as 2024/25)", max_chars=7, key="cost-price-year")
        added = st.form_submit_button("Add this line")
    if added:
        given = (
            scheme,
            programme or "",
            tier,
            places.get(district, ""),
            agency,
            quarter,
            kind,
            additional,
            funder,
            amount,
            price_year,
        )
        take([*held(), Line.of(given)])


def upload() -> None:
    """A filled-in table in place of the form."""
    templates(costs.template, "Empty table", "costs", "cost-template", "cost-templates")
    with st.form("cost-table", border=True):
        file = st.file_uploader(
            "The table, filled in", type=list(FORMS), key=f"cost-file-{st.session_state.setdefault(TURN, 0)}"
        )
        asked = st.form_submit_button("Read this table")
    if asked:
        st.session_state[TURN] += 1
        try:
            if file is None:
                raise ProblemError("no table was given", "The table, filled in", "CSV or XLSX", "upload it here")
            take([*held(), *costs.read_lines(file.getvalue(), file.name)])
        except ProblemError as problem:
            told(problem)


def held() -> list[Line]:
    """The lines that are not yet saved."""
    return list(st.session_state.get(LINES, []))


def take(lines: Sequence[Line]) -> None:
    """Hold these lines if every one of them is right; else say what is wrong, and hold those held before."""
    try:
        costs.check(lines, data_dir)
    except ProblemError as problem:
        told(problem)
    st.session_state[LINES] = list(lines)
    for key in (PROBLEM, DONE, TWICE):
        st.session_state.pop(key, None)
    st.rerun()


def told(problem: ProblemError) -> None:
    """Keep what is wrong for the page that is shown next."""
    st.session_state[PROBLEM] = problem
    st.session_state.pop(DONE, None)
    st.rerun()


def waiting() -> None:
    """The lines not yet saved, and saving them."""
    lines = held()
    page.heading(f"{len(lines):,} {'line is' if len(lines) == 1 else 'lines are'} ready to save")
    page.show(
        markup.table(costs.HEADS, [line.cells for line in lines], "Lines ready to save", numeric=(9,), short=True)
    )
    twice = costs.clashes(lines, data_dir)
    if twice:
        st.warning("Some of this money seems to be loaded already:\n\n" + "\n".join(f"- {said}" for said in twice))
        again = st.checkbox("It is further money: save these lines too", key="cost-again")
    else:
        again = False
    with st.container(horizontal=True):
        if st.button("Save for the next release", type="primary", key="cost-save", disabled=bool(twice) and not again):
            save(lines, again)
        if st.button("Clear these lines", key="cost-clear"):
            st.session_state.pop(LINES, None)
            st.rerun()


def save(lines: Sequence[Line], again: bool) -> None:
    """Save the lines as a part of the data directory, and say so."""
    try:
        part = costs.save(lines, data_dir, again=again)
    except ProblemError as problem:
        told(problem)
    st.session_state.pop(LINES, None)
    st.session_state[DONE] = (
        f"Saved {part.loaded:,} {'line' if part.loaded == 1 else 'lines'} as {part.file}. They come into the next release: run"
        " `iom publish`."
    )
    st.rerun()


def already() -> None:
    """What is loaded, by quarter, and what was entered here, with the way to take it out again."""
    page.heading(
        "What is loaded already?", "Costs at the prices they were given in, by calendar quarter, the latest first."
    )
    found = costs.by_quarter(data_dir)
    if found.is_empty():
        page.show(markup.note(["No cost is loaded: no break-even can be worked out."]))
        return
    names = costs.subjects(data_dir)
    rows = [
        (row["quarter"], names.get(row["subject"], row["subject"]), costs.KINDS.get(row["kind"], row["kind"]), row["price_years"],
         f"£{row['pounds']:,.0f}", f"{row['lines']:,}", f"{row['files']:,}")
        for row in found.iter_rows(named=True)
    ]  # fmt: skip
    heads = ("Quarter", "Scheme or programme", "Kind", "Price year", "Amount", "Lines", "Files")
    page.show(markup.table(heads, rows, "Costs loaded, by quarter", numeric=(4, 5, 6), short=True))
    for part in costs.entered(data_dir):
        with st.container(horizontal=True, vertical_alignment="center"):
            on = words.day(dt.datetime.fromisoformat(part.staged_at).date())
            page.show(
                markup.note([f"{part.file}: {part.loaded:,} {'line' if part.loaded == 1 else 'lines'}, entered {on}."])
            )
            if st.button("Take it out", key=f"cost-out-{part.file}", help=f"Take out {part.file}"):
                costs.take_out(part.file, data_dir)
                st.session_state[DONE] = f"{part.file} is taken out. The next release is without it: run `iom publish`."
                st.rerun()


opened("What did it cost?", PROMISE, RULES, data_dir, refused="No cost can be entered here", kept=(DONE, PROBLEM))
if held():
    waiting()
page.heading("Add a line")
form()
page.heading("Or give a table", "Many lines at once: the empty table says what each column means.")
upload()
already()
