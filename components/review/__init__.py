"""The review: what a partnership writes beside its frozen releases, kept by reporting quarter. No Streamlit.

Actions opened from a red and open until they are reviewed, commentary, and the answers of the self-assessment. It lies in
`review/` of the data directory and changes no figure. Pages and the pack read it with `shown(source)`, which gives a level
of a release what that level may see, as it stood in the release's reporting quarter. Only the analyst's desk writes it.
"""

from components.review.changes import answer, comment, open_action, review_action
from components.review.files import empty, read
from components.review.levels import Shown, as_of, shown
from components.review.records import (
    AGENCIES,
    FINDINGS,
    GRADES,
    REDS,
    Action,
    Answer,
    Comment,
    Draft,
    Finding,
    Grade,
    Red,
    Review,
    Reviewed,
)
from components.review.text import checked

__all__ = [
    "AGENCIES",
    "FINDINGS",
    "GRADES",
    "REDS",
    "Action",
    "Answer",
    "Comment",
    "Draft",
    "Finding",
    "Grade",
    "Red",
    "Review",
    "Reviewed",
    "Shown",
    "answer",
    "as_of",
    "checked",
    "comment",
    "empty",
    "open_action",
    "read",
    "review_action",
    "shown",
]
