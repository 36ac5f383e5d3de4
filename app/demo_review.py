"""The invented county's review: what its strategic group might have written, so that its pages are not empty.

Written once, where nothing has been written. As invented as the county: the band above every page says so.
"""

import datetime as dt
from pathlib import Path

from components import review
from components.review import Draft, Grade
from components.review.assessment import statements

FRIDAYS = Draft(
    quarter="2025Q4", indicator="friday_releases", cohort="prison_releases", red="target", period="2025Q4",
    what="Ask both prisons to move planned Friday releases to the Thursday, and book every first appointment before the gate",
    owner="prison", post="Head of resettlement", due_on=dt.date(2026, 6, 30), move_by="2026Q2", aim=10.0,
)  # fmt: skip
REVIEWS = Draft(
    quarter="2026Q1", indicator="reviews_on_time", cohort="reviews", red="target", period="2026Q1",
    what="Bring every review that falls due in the month to that month's case conference, and give it ten minutes",
    owner="probation", due_on=dt.date(2026, 9, 15), move_by="2026Q3", aim=90.0,
)  # fmt: skip
REFERRED = Draft(
    quarter="2026Q2", indicator="referred_of_need", cohort="caseload", red="target", period="2026Q2",
    what="Refer on the day that a need is found, from a list of who has room that the directory gives each Monday",
    owner="health", due_on=dt.date(2026, 12, 15), move_by="2026Q4", aim=50.0, public=True,
)  # fmt: skip
WHOLE = (
    "Too few of the needs that we find lead to a referral, and too many reviews are late: those two come first. The prisons now"
    " move planned Friday releases. Case conferences are well attended."
)
ANSWERS: dict[str, str] = {
    "police": "ippippppppiipppppniniippp",
    "probation": "iippppppppiippppinnipppip",
    "prison": "npccncppncpcccppncncccccp",
    "council": "ppppippppppipccppnnippppp",
    "health": "npncpcnnccpncpcnpncpnccnp",
    "voluntary": "ppccpnpnccppcpcppncpnpnnn",
}
"""Each agency's answer to the statements in order: in place, partly, not yet, cannot say."""
GRADE: dict[str, Grade] = {"i": "in_place", "p": "partly", "n": "not_yet", "c": "cannot_say"}
SUPPORT = {
    ("health", "together_sharing"): "The agreement is with our board; we send what we may until it is signed",
    ("police", "co_located_posts"): "Three desks in the shared office, five days a week",
    ("council", "local_money"): "The fund was last looked at in the spring",
    ("voluntary", "wider_voluntary"): "Small charities hear of new work after it is let",
}


def write_review(data_dir: Path) -> bool:
    """Write the invented review, unless something has been written already; whether it did."""
    if not review.empty(data_dir):
        return False
    fridays = review.open_action(data_dir, FRIDAYS, dt.date(2026, 1, 20))
    reviews = review.open_action(data_dir, REVIEWS, dt.date(2026, 4, 21))
    review.review_action(
        data_dir,
        fridays.id,
        "2026Q2",
        "done",
        note="Both prisons agreed, and it is in their local order",
        on=dt.date(2026, 7, 21),
    )
    review.open_action(data_dir, REFERRED, dt.date(2026, 7, 21))
    review.review_action(
        data_dir, reviews.id, "2026Q2", "continued", note="Three districts do it; the others begin in the autumn",
        due_on=dt.date(2026, 10, 31), on=dt.date(2026, 7, 21),
    )  # fmt: skip
    when = dt.datetime(2026, 10, 1, 12, tzinfo=dt.UTC)
    review.comment(data_dir, "2026Q3", WHOLE, public=True, now=when)
    review.comment(
        data_dir, "2026Q3", "The list of who has room is new: it could not show yet.", "referred_of_need", now=when
    )
    for agency, marks in ANSWERS.items():
        given = zip(statements(), marks, strict=True)
        review.answer(
            data_dir,
            "2026Q3",
            agency,
            {one: (GRADE[mark], SUPPORT.get((agency, one), "")) for one, mark in given},
            now=when,
        )
    return True
