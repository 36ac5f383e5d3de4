"""What is said of the old measures and the new: plain English, from the rows."""

from components import verdicts, words
from components.evidence.beside import FINDINGS
from components.judge import Row, few
from components.parallel.rows import Case

WHEN = {"on_date": "the year from April {year}", "tested": "the 12 months after that day"}
CLOCKS = {"on_date": "one fixed year, from April {year}", "tested": "12 months from that day"}
REST = {
    "on_date": "were in prison throughout, had left, or came to no notice",
    "tested": "were on no scheme at the time, were in prison throughout, or came to no notice",
}
"""Why the single cohort does not count some of those whom an old measure does."""
TITLE = "How do the old measures and the new compare?"
WHY_KEPT = (
    "Before IOM each scheme had a measure of its own. We keep working out the two that most areas used, so that nobody loses "
    "sight of what was reported before, and so that a change of measure is never taken for a change in offending."
)
NO_EFFECT = (
    "A fall on the year before is not what a scheme did. People come onto it when they offend most, and offend less "
    "afterwards whatever is done. The new measure is not judged by it."
)
OPEN = (
    "At this level the steps between the measures are not shown: the groups overlap so much that their differences would tell "
    "of a few people. Old measures of fewer than 30 people are not shown either."
)
NONE = (
    "This release holds no year in which an old measure and the new one can both be worked out in full. That takes records of "
    "who was on a scheme and what was proven, from two and a half years before the year to 18 months after it began."
)
METHOD = (
    "The PPO measure: everybody on the scheme on 1 February; proven offences of the next April to March, against those of the "
    "October to September that ended four months before (Home Office, 2009).",
    "The DIP measure: everybody who tested positive on arrest, or came onto DIP, in January to March; proven offences of the 12 "
    "months after the first such day, against the 12 months before (National Indicator 38).",
    "The single cohort: the first release, conviction or caution of each quarter of somebody on a scheme, followed for 12 months; "
    "four quarters together.",
    "An offence counts when it was proven within six months of the end of the year that it is counted in. Shares are of people "
    "(of entries for the single cohort, which a person may enter four times a year); intervals allow for it.",
)
LISTS = "And a list of people fixed on one day?"
LISTS_UNDER = "Nobody joins such a list and nobody leaves it. What became of its people, beside what was to be expected"


def opening(found: Case) -> str:
    """The answer in plain words: what each way of counting finds in a hundred people, and why."""
    old = found.old["rate"]
    if few(found.figure(found.old, "rate")):
        return "The old way of counting found too few people that year to say much."
    said = f"The old way of counting says that {old:.0f} in 100 broke the law again within a year."
    if found.new is None:
        return said
    return f"{said} The new way says {found.new['value']:.0f} in 100. Both are true. They count other people, from other days."


def answer(found: Case) -> str:
    """Two plain sentences: what each measure says of the year."""
    old = found.figure(found.old, "rate")
    if few(old):
        return f"In {words.period_in_sentence(found.label)} the old measure counts {found.old['people']:,} people: too few to judge."
    said = (
        f"By the old measure, {words.number(old['value'], old)} of the {found.old['people']:,} people counted had a proven offence "
        f"in {WHEN[found.rule].format(year=found.start)}."
    )
    if found.new is None:
        return f"{said} The single cohort has no figure for that year at this level."
    return (
        f"{said} By the single cohort's measure it was {words.number(found.new['value'], found.new)}: of different people, "
        "and from different days."
    )


def change_said(found: Case) -> list[str]:
    """The change that the old measure was judged by, and why it is not an effect."""
    change, low, high = (found.old[name] for name in ("change", "change_lower", "change_upper"))
    if change is None or low is None or high is None:
        return []
    if low <= 0 <= high:
        said = "By the old measure we cannot tell whether offences changed on the year before"
        return [f"{said} ({verdicts.percent(low)} to {verdicts.percent(high)}).", NO_EFFECT]
    ends = sorted((abs(low), abs(high)))
    way = "fell" if change < 0 else "rose"
    return [
        f"By the old measure offences {way} by {abs(change):.0f}% on the year before ({ends[0]:.0f}% to {ends[1]:.0f}%).",
        NO_EFFECT,
    ]


def steps_said(found: Case) -> list[tuple[str, str]]:
    """Each step from the old measure to the new: its short name, and what it changes."""
    scheme = found.scheme.upper()
    steps = found.steps
    both = ""
    if "entered" in steps:
        both = (
            f"Of those {steps['old']['people']:,} people, the {steps['entered']['people']:,} who were released, convicted or cautioned "
            f"in the year while on a scheme. The new measure counts nobody else: the rest {REST[found.rule]}."
        )
    said = {
        "old": ("The old measure", f"{found.who[:1].upper()}{found.who[1:]}, followed over {CLOCKS[found.rule].format(year=found.start)}."),
        "entered": ("Those whom both count", both),
        "clock": (
            "The same people, new clock",
            "Followed for 12 months from each release, conviction or caution. Somebody may count more than once a year.",
        ),
        "scheme": (f"Everybody on {scheme}", f"With those who came onto {scheme} after the day that the old measure looks at."),
        "all": ("The new measure", "Everybody whom the single cohort counts, on whatever scheme. Somebody on several counts once."),
    }  # fmt: skip
    return [said[step] for step in steps if said[step][1]]


def list_said(row: Row) -> list[str]:
    """What became of a list's people, and how much of it was to be expected whatever was done."""
    said = [verdicts.before_after(row)]
    if row["expected_change"] is not None and row["change"] is not None:
        went = "fell" if row["change"] < 0 else "rose"
        said.append(
            f"Their offences {went} by {abs(row['change']):.0f}%. For people like them, with nothing done, we would expect a change of "
            f"{verdicts.percent(row['expected_change'])}: they were chosen at their worst. {FINDINGS[row['finding']]}."
        )
    return said
