"""The figures of a comparison as tables, and how it was worked out."""

from components import verdicts
from components.evidence.case import Case
from components.evidence.findings import figures, way
from components.evidence.names import covariate
from components.evidence.pictures import ARMS
from components.markup.plain import headed, table
from components.verdicts import Row

TRUST = (
    "Tried on 32 invented counties of 8,000 people whose truth is known: a scheme that does nothing was praised in none and blamed"
    " in 1, where a plain before and after praised it in 29. The difference made by starting then and not later was found without"
    " bias; a scheme that does nothing looks about a point worse than it is. Most effects in an area of this size cannot be told"
    " from chance: a scheme that works was found in 10 of 32, a programme that harms in 3."
    " Intervals held the truth of the rate in 31 of 32 and of how often in 28 of 32. In smaller trials of 120 to 1,050 samples, in a world where"
    " everything that matters is recorded, they held it in 94 to 96% with 60 and 200 people (severity 93 to 95%), and in as few as 91% with"
    " 1,000 of whom some offend very often."
)
"""What calibration found (docs/methods/calibration.md, which has the runs)."""


def effects_table(case: Case) -> str:
    """Every outcome by every method: both groups, difference or ratio, interval, p-value, people."""
    body = []
    for row in case.effects:
        ours, theirs, _ = figures(row)
        known = None not in (row["estimate"], row["lower"], row["upper"])
        places = 2 if row["scale"] == "ratio" else 1
        low, mid, high = _ends(row, places) if known else ("", "[x]", "")
        body.append((
            verdicts.outcome_name(row["outcome"]), way(row), row["scale"], row["unit"], ours, theirs,
            mid, f"{low} to {high}" if known else "",
            "" if row["p_value"] is None else f"{row['p_value']:.3f}",
            "" if row["q_value"] is None else f"{row['q_value']:.3f}", f"{row['people']:,}",
        ))  # fmt: skip
    heads = ("Outcome", "Worked out by", "Scale", "Unit", "Took part", "Similar people", "Difference or ratio",
             "95% interval", "p", "q (many comparisons)", "People")  # fmt: skip
    return table(heads, body, "Every effect of this comparison", numeric=(4, 5, 6, 7, 8, 9, 10))


def _ends(row: Row, places: int) -> tuple[str, str, str]:
    return verdicts.ends(row["lower"], row["estimate"], row["upper"], places, verdicts.no_difference(row["scale"]))


def balance_table(case: Case) -> str:
    """Every covariate: means of both groups, standardised mean differences before and after matching."""
    body = [
        (
            covariate(row),
            *(_two(row[name]) for name in ("treated_mean", "pool_mean", "matched_mean", "before", "after")),
        )
        for row in case.balance
    ]
    heads = ("Covariate", "Took part", "Everybody else", "Matched", "Difference before", "Difference after")
    return table(heads, body, "Balance before and after matching", numeric=(1, 2, 3, 4, 5), short=True)


def support_table(case: Case) -> str:
    """People by propensity score in both groups."""
    body = [(f"{row['bin']:.2f}", f"{row['treated'] or 0:,}", f"{row['pool'] or 0:,}") for row in case.support]
    return table(("Score from", "Took part", "Could be matched"), body, "Common support", numeric=(0, 1, 2), short=True)


def arms_table(case: Case) -> str:
    """The share who had reoffended by each day in both groups."""
    body = [
        (ARMS[row["arm"]], row["day"], f"{row['value']:.1f}%",
         "" if row["lower"] is None else f"{row['lower']:.1f}% to {row['upper']:.1f}%", f"{row['at_risk']:,.0f}")
        for row in case.effect_curves
    ]  # fmt: skip
    heads = ("Group", "Day", "Reoffended", "95% interval", "At risk")
    return table(heads, body, "Time to first reoffence", numeric=(1, 2, 3, 4), short=True)


def competing_table(case: Case) -> str:
    """What came first by each 28 days in both groups, with intervals and how many were still at risk."""
    body = [
        (verdicts.FIRST[row["cause"]], ARMS[row["arm"]], row["day"], f"{row['value']:.1f}%",
         "" if row["lower"] is None else f"{row['lower']:.1f}% to {row['upper']:.1f}%", f"{row['at_risk']:,.0f}")
        for row in case.competing
    ]  # fmt: skip
    heads = ("What came first", "Group", "Day", "Share", "95% interval", "At risk")
    return table(heads, body, "What came first", numeric=(2, 3, 4, 5), short=True)


def method_parts(case: Case) -> tuple[tuple[str, str], ...]:
    """How the comparison was made, in words that a commissioner can follow: headed paragraphs."""
    about = case.about
    return (
        ("Whom", "People who began between the periods shown and whose follow-up is complete, from the day they began while at"
         " liberty, or from their next prison release."),
        ("Compared with", f"The people most like them among {about['pool'] or 0:,} who had not begun by then: matched on a"
         " propensity score made from age, sex, ethnicity, offending history, recent offences and time in custody, index"
         " event, district and quarter. People who joined later are kept and counted"
         f" ({about['joined_later'] or 0:,})."),
        ("Counted", f"Proven reoffences in {about['outcome_days']} days, proven within a further {about['waiting_days']}."),
        ("Verdict", "Fewer or more only where the whole 95% interval of the headline lies on one side of no difference; else we"
         " cannot tell. At least 30 people analysed of 60 submitted, the same source of offences on both sides."),
        ("Cannot see", "What was not recorded: motivation, accommodation, drug use. How strong that would have to be is above."),
        ("How far to trust it", TRUST),
        ("Evidence", f"Level {about['grade']} of 5 on the Maryland scale, by the rubric {about['rubric']}."
         if about["grade"] is not None else "Not graded: there is no verdict."),
    )  # fmt: skip


def method(case: Case) -> str:
    """How the comparison was made, as HTML."""
    return headed(method_parts(case))


def _two(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
