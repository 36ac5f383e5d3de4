"""What do we do about it? Actions opened from a red, looked at until they are closed, and the quarter's commentary."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from app.entry import opened
from common import paths
from common.errors import ProblemError
from components import governance, headlines, markup, page, review, words
from components.headlines import Summed
from components.review import AGENCIES, FINDINGS, REDS, Action, Draft

PROBLEM, DONE = "_review_problem", "_review_done"
PROMISE = (
    "Open an action from a red: who does what, by when, and which measure it should move by when. Look at it again until it is"
    " done or dropped. Write what the quarter's figures mean."
)
RULES = (
    "Nothing here changes a figure: it is kept beside the releases, by reporting quarter. Write no name, identifier, address or"
    " contact of anybody: text that seems to hold one is refused. The public sees only what you mark as public."
)
PUBLIC = "Show this to the public: I have read it, and it tells of no person"
WHOLE = "The whole quarter"
DAY = "DD/MM/YYYY"
data_dir = paths.data_dir()
source = page.reader()
quarter = source.reporting_quarter


def chosen(label: str, named: Mapping[Any, str], key: str) -> Any:
    """One of these words, none to begin with: nothing is said that nobody chose."""
    return st.selectbox(label, ["", *named], format_func=lambda code: named[code] if code else "Choose", key=key)


def ahead(count: int = 8) -> dict[str, str]:
    """The reporting quarters to come, by their code."""
    year, number = int(quarter[:4]), int(quarter[-1])
    codes = [f"{year + (number + step - 1) // 4}Q{(number + step - 1) % 4 + 1}" for step in range(1, count + 1)]
    months = ("January to March", "April to June", "July to September", "October to December")
    return {code: f"{months[int(code[-1]) - 1]} {code[:4]}" for code in codes}


def done(said: str) -> None:
    """Keep what was done for the page that is shown next."""
    st.session_state[DONE] = said
    st.session_state.pop(PROBLEM, None)
    st.rerun()


def attempt(change: Callable[[], object], said: str) -> None:
    """Make a change, or say what is wrong with it."""
    try:
        change()
    except ProblemError as problem:
        st.session_state[PROBLEM] = problem
        st.session_state.pop(DONE, None)
        st.rerun()
    done(said)


def label_of(line: Summed) -> str:
    """A red as it is chosen: the measure, of whom, and its figure."""
    return f"{line.title}: {words.in_sentence(line.now)}, {words.period_in_sentence(line.now['period_label'])}"


def reds() -> None:
    """Opening an action: from a red of the area or of one district, and from nothing else."""
    places = {"": "The whole area", **dict(source.members("managing_district"))}
    district = str(st.selectbox("Where", list(places), format_func=places.__getitem__, key="review-district"))
    kept = review.shown(source)
    found = headlines.reds(headlines.summary(source, district))
    free = [one for one in found if kept.action_on(one.now["indicator"], one.now["cohort"], one.where) is None]
    if not free:
        said = "Every red here has an open action." if found else "Nothing is red here by the published rule."
        page.show(markup.note([said, "Only a red opens an action."]))
        return
    with st.form("open-action", border=True):
        place = st.selectbox("Red", range(len(free)), format_func=lambda i: label_of(free[i]), key="review-red")
        what = st.text_area("What is to be done", max_chars=2000, key="review-what")
        one, two, three = st.columns(3)
        with one:
            owner = chosen("Owner", AGENCIES, "review-owner")
            post = st.text_input("Post (no name)", max_chars=80, key="review-post")
        with two:
            due = st.date_input("Due", value=dt.date.today() + dt.timedelta(days=91), format=DAY, key="review-due")
            move_by = st.selectbox(
                "The measure should move by", list(ahead()), format_func=ahead().__getitem__, key="review-move-by"
            )
        with three:
            aim = st.text_input("To this value (may be empty)", max_chars=12, key="review-aim")
        public = st.checkbox(PUBLIC, key="review-public")
        asked = st.form_submit_button("Open this action", type="primary")
    if asked:
        line = free[place or 0]
        attempt(
            lambda: review.open_action(
                data_dir,
                drafted(line, what=what, owner=owner, post=post, due=due, move_by=move_by, aim=aim, public=public),
            ),
            f"An action is open for {words.title_in_sentence(line.title)}.",
        )


def drafted(
    line: Summed, *, what: str, owner: str, post: str, due: dt.date, move_by: str, aim: str, public: bool
) -> Draft:
    """The action as it is asked for, with the figure that was red as it stood."""
    try:
        wanted = float(aim.strip().rstrip("%")) if aim.strip() else None
    except ValueError:
        raise ProblemError(
            "the value that the measure should reach is not a number", "To this value", "as 45 or 45%"
        ) from None
    now, reasons = line.now, [one for one in line.status.reasons if one in REDS]
    return Draft(
        quarter=quarter, indicator=now["indicator"], cohort=now["cohort"], where=dict(line.where), red=reasons[0], what=what,
        owner=owner, post=post, due_on=due, move_by=move_by, aim=wanted, period=now["period"], value=now["value"],
        lower=now["lower"], upper=now["upper"], release=source.id, public=public,
    )  # fmt: skip


def look(one: Action) -> None:
    """One open action, and the look that is taken at it."""
    late = f" Late at {words.day(source.cutoff)}." if one.late(source.cutoff) else ""
    with st.form(f"look-{one.id}", border=True):
        page.show(markup.subheading(f"{one.id}: {governance.measure_of(source, one)}"))
        page.paragraphs([one.draft.what])
        page.show(
            markup.note([
                f"{AGENCIES[one.draft.owner]}, due {words.day(one.due_on)}.{late} Opened {words.day(one.opened_on)} because: {REDS[one.draft.red]}.",
                *(f"{look.quarter}: {FINDINGS[look.finding]}. {look.note}" for look in one.reviews),
            ])
        )  # fmt: skip
        left, right = st.columns([1, 2])
        with left:
            finding = chosen("Finding", FINDINGS, f"finding-{one.id}")
            due = st.date_input("New due date, if it goes on", value=None, format=DAY, key=f"due-{one.id}")
        with right:
            note = st.text_area("What was found", max_chars=2000, key=f"note-{one.id}")
        asked = st.form_submit_button("Save this look")
    if asked:
        on = due if finding == "continued" else None
        attempt(
            lambda: review.review_action(data_dir, one.id, quarter, finding, note=note, due_on=on),
            f"{one.id}: {FINDINGS.get(finding, '').lower()}.",
        )


def commentary() -> None:
    """What is said of the quarter, or of one measure in it."""
    lines = {"": WHOLE} | {
        x.now["indicator"]: x.title for x in headlines.lines_of(headlines.summary(source)) if not x.where
    }
    about = str(st.selectbox("About", list(lines), format_func=lines.__getitem__, key="comment-about"))
    was = next((one for one in review.read(data_dir).comments if (one.quarter, one.about) == (quarter, about)), None)
    with st.form(f"comment-{about}", border=True):
        text = st.text_area("Commentary", value=was.text if was else "", max_chars=2000, key=f"comment-text-{about}")
        public = st.checkbox(PUBLIC, value=was.public if was else False, key=f"comment-public-{about}")
        asked = st.form_submit_button("Save the commentary")
    if asked:
        attempt(
            lambda: review.comment(data_dir, quarter, text, about, public=public, seen=was.written if was else None),
            "The commentary is saved." if text.strip() else "The commentary is taken away.",
        )


opened(
    "What do we do about it?", PROMISE, RULES, data_dir, refused="No review can be written here", kept=(DONE, PROBLEM)
)
st.session_state.pop(DONE, None)
st.session_state.pop(PROBLEM, None)
page.heading("Open an action", f"Reporting quarter {source.period(quarter).label}.")
reds()
mine = review.shown(source).open_actions
page.heading(f"{len(mine)} {'action is' if len(mine) == 1 else 'actions are'} open")
for action in mine:
    look(action)
page.heading("What do the figures mean?", "Shown with the quarter. An empty text takes the commentary away.")
commentary()
