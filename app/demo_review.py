"""The invented county's review: what its strategic group might have written, so that its pages are not empty.

Written once, where nothing has been written. As invented as the county: the band above every page says so.
"""

import datetime as dt
from pathlib import Path

from components import review
from components.review import Draft, Grade
from components.review.assessment import statements

FRIDAYS = Draft(
    quarter="2026Q1", indicator="friday_releases", cohort="prison_releases", red="special_cause", period="2026Q1",
    what="Ask both prisons to move planned Friday releases to the Thursday, and book every first appointment before the gate",
    owner="prison", post="Head of offender management", due_on=dt.date(2026, 6, 30), move_by="2026Q3",
)  # fmt: skip
WAITING = Draft(
    quarter="2026Q2", indicator="waiting_days", cohort="referrals", red="target", period="2026Q2",
    what="Hold a weekly drop-in for new referrals, and send those who wait longest to the nearest place that is free",
    owner="health", due_on=dt.date(2026, 9, 15), move_by="2026Q4", aim=21.0, public=True,
)  # fmt: skip
LEADING = Draft(
    quarter="2026Q2", indicator="lead_professional_named", cohort="lead_professionals", where={"managing_district": "fenland"},
    red="special_cause", period="2026Q2", what="Name a lead agency at every case conference in Fenland, and write it in the register that day",
    owner="probation", due_on=dt.date(2026, 12, 15), move_by="2026Q4",
)  # fmt: skip
WHOLE = (
    "Waits for a first appointment are the partnership's first concern. The prisons have begun to move Friday releases. "
    "Conferences are well attended where the district chairs them itself."
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
    fridays = review.open_action(data_dir, FRIDAYS, dt.date(2026, 4, 21))
    review.review_action(
        data_dir,
        fridays.id,
        "2026Q2",
        "done",
        note="Both prisons agreed, and it is in their local order",
        on=dt.date(2026, 7, 21),
    )
    waiting = review.open_action(data_dir, WAITING, dt.date(2026, 7, 21))
    review.open_action(data_dir, LEADING, dt.date(2026, 7, 21))
    review.review_action(
        data_dir, waiting.id, "2026Q3", "continued", note="The drop-in opened in September: too soon to tell",
        due_on=dt.date(2027, 1, 31), on=dt.date(2026, 10, 1),
    )  # fmt: skip
    when = dt.datetime(2026, 10, 1, 12, tzinfo=dt.UTC)
    review.comment(data_dir, "2026Q3", WHOLE, public=True, now=when)
    review.comment(data_dir, "2026Q3", "The drop-in is too new to have moved it.", "waiting_days", now=when)
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
