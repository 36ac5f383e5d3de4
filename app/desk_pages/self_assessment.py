"""How do we see ourselves? One agency's answers to the statements of the self-assessment."""

import streamlit as st

from app.entry import opened
from common import paths
from common.errors import ProblemError
from components import markup, page, review
from components.governance.rows import standing_answers
from components.review import AGENCIES, GRADES, Grade
from components.review.assessment import KINDS, assessment, statements

PROBLEM, DONE = "_assessment_problem", "_assessment_done"
PROMISE = (
    "Each agency answers for itself: is it in place, in part, or not yet? The page of governance shows the answers beside each other,"
    " says where agencies differ, and puts the figures that bear on each statement next to them."
)
RULES = (
    "An answer stands for a year, or until the agency answers again. Write no name, identifier, address or contact of anybody:"
    " text that seems to hold one is refused. The public sees only what you mark as public."
)
BLANK = ""
data_dir = paths.data_dir()
source = page.reader()
quarter = source.reporting_quarter


def answers(agency: str) -> tuple[dict[str, tuple[Grade, str]], bool] | None:
    """The form of one agency, filled in with what it said before; once it is sent, what it says now and whether to all."""
    before = {
        one.statement: one
        for own in standing_answers(review.shown(source)).values()
        for one in own
        if one.agency == agency
    }
    said: dict[str, tuple[Grade, str]] = {}
    with st.form(f"assessment-{agency}", border=True):
        for part in assessment():
            page.show(
                markup.subheading(f"{part.title} ({KINDS[part.kind].split()[0].lower().rstrip('s')})")
                + markup.note([part.says])
            )
            for one in part.statements:
                was = before.get(one.id)
                left, right = st.columns([1, 2])
                with left:
                    grade = st.selectbox(
                        one.text, [BLANK, *GRADES], index=list(GRADES).index(was.grade) + 1 if was else 0,
                        format_func=lambda grade: GRADES[grade] if grade else "Not answered", key=f"grade-{agency}-{one.id}",
                    )  # fmt: skip
                with right:
                    text = st.text_input(
                        f"In support: {one.bring[:1].lower()}{one.bring[1:]}", value=was.evidence if was else "", max_chars=500,
                        key=f"evidence-{agency}-{one.id}",
                    )  # fmt: skip
                if grade:
                    said[one.id] = (grade, text)  # type: ignore[assignment]
        public = st.checkbox(
            "Show these answers to the public: I have read them, and they tell of no person", key=f"public-{agency}"
        )
        asked = st.form_submit_button("Save these answers", type="primary")
    return (said, public) if asked else None


opened(
    "How do we see ourselves?", PROMISE, RULES, data_dir, refused="No answer can be given here", kept=(DONE, PROBLEM)
)
st.session_state.pop(DONE, None)
st.session_state.pop(PROBLEM, None)
page.heading("Which agency answers?", f"Reporting quarter {source.period(quarter).label}.")
chosen = st.selectbox("Agency", list(AGENCIES), format_func=AGENCIES.__getitem__, key="assessment-agency")
sent = answers(str(chosen))
if sent is not None:
    given, shown = sent
    try:
        if not given:
            raise ProblemError("no statement was answered", AGENCIES[chosen], "one or more", "answer what you can")
        review.answer(data_dir, quarter, str(chosen), given, public=shown)
        st.session_state[DONE] = f"{AGENCIES[chosen]} answered {len(given)} of {len(statements())} statements."
    except ProblemError as problem:
        st.session_state[PROBLEM] = problem
    st.rerun()
