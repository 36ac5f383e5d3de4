"""Why the open level's figures differ from the partnership's: said on the page and in every download."""

from release.complement import SMALL
from release.protect import BASE, SLACK

LEVELS = {"partnership": "Partnership (exact)", "open": "Open (protected)"}
WHY_LEVELS_DIFFER = "Why do open and partnership figures differ?"
OPEN_IN_SHORT = (
    f"Protected figures: counts are rounded to the nearest {BASE} and small ones hidden, so they differ a little from the "
    "partnership's exact figures."
)
LEVELS_DIFFER = (
    "Both levels are worked out from the same data by the same definitions. The partnership's figures are exact. The open "
    "level's are protected, so that nobody can be found in them:",
    f"Counts are rounded to the nearest {BASE}, so a true count lies up to {SLACK} either side of the one shown. A rate is "
    "worked out from the rounded counts: the fewer the people, the more it differs from the exact one. It is shown with no "
    "more decimals than rounding has left true, and its interval is widened to allow for the rounding.",
    f"A count of 1 to {SMALL} people is hidden, and so is one that leaves {SMALL} or fewer of its total outside it; others "
    "beside it are hidden too, so that it cannot be worked out by subtraction.",
    "So that more can be shown, the open level leads with years and pooled years. The two levels may therefore show "
    "different periods for one measure: each figure names its own.",
)
