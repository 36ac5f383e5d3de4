"""Who is on the scheme and whether it is the right people, in plain English made from the figures."""

from collections.abc import Mapping, Sequence

from components.caseload.rows import CaseloadShare, Flow, Parts, Stock, unbroken
from components.judge import Change, Row, change, few
from components.words.figures import count, in_sentence, number, shown
from components.words.sentences import listed, period_in_sentence, title_in_sentence

TITLE = "Who is on the scheme, and is it the right people?"
NONE = "This release holds nobody on a scheme, so there is nothing to say of who is on it."
PARTLY = "At the open level the county is shown by quarter and its districts are not: few people join or leave in each."
FULL_COUNTS = "These are full counts, not samples: they have no interval, and are neither good nor bad in themselves."
AGAIN = "Somebody who came or went in two of these periods counts in each."
ROUNDED = "Net change is worked out from rounded counts, so it may be up to four people out. A gap is a period that is hidden."
COLOURS = ("Red", "Amber", "Green")
CONSENT = ("Refused", "Not sought", "Given")
RATING_TEST = (
    "Reoffending in the 12 months after a rating, of people who were at liberty that day, by the rating that they had."
)
RATING_CAUTION = (
    "People rated red also get more of the scheme. That should bring red and green nearer to each other, so a small gap may be "
    "a rating that was acted on. It tells nothing of whether the scheme works."
)
DECISION_TEST = (
    "Reoffending in the 12 months after a meeting's decision, or after release for those let out within six months of it, by how "
    "the decision stood to the score."
)
DECISION_CAUTION = (
    "Those selected had the scheme, and those not selected had not. The groups differ by that as well as by whom the meeting "
    "saw in them, so this tests selection and does not measure the scheme."
)
PLACE_OR_JUDGEMENT = "At or above the threshold and not selected may mean that judgement went against the score, or that there was no place."
SHARES = (
    "Each district's share of the people on the scheme, beside its share of adults' proven reoffences by home district."
)
SHARES_CAUTION = (
    "Not a rule to follow: one prolific person can make many reoffences, thresholds differ by district, and the partnerships "
    "asked for balance between the most prolific and every district. The page on places says what each place would face."
)
WHO = "People on the scheme on the last day of the reporting quarter, by one breakdown at a time."
NO_SHARES = "Shares by district are shown only where every district's places and reoffences can be."
RISK = {
    "higher": "A red mark does mean more risk: more of those marked red than of those marked green broke the law again.",
    "lower": "A red mark did not mean more risk: fewer of those marked red than of those marked green broke the law again.",
}
CONSENT_RULE = "The policy is that whoever refuses is moved to catch and control until they co-operate."


def opening(stock: Sequence[Stock], ratings: Sequence[Row]) -> str:
    """How many people there are, and whether the scheme knows who among them is a risk, for a reader of thirteen."""
    said = []
    if stock:
        now = stock[-1]
        inside = f", and {count(now.inside)} of them are in prison" if now.inside else ""
        said.append(f"The scheme works with {count(now.people)} people{inside}.")
    ends = _ends(ratings)
    if ends is not None:
        said.append(
            RISK.get(change(*ends).kind, "We cannot tell if a red mark means more risk: the gap could be luck.")
        )
    return " ".join(said) or "There are too few people to show this."


def answer(
    stock: Sequence[Stock], flows: Sequence[Flow], ratings: Sequence[Row], lines: Mapping[str, Row], district: str = ""
) -> str:
    """The opening: how many, how many came and went, whether ratings foretell, and what asks for a decision.

    `district` is the name of the one chosen: ratings are tested for all districts together.
    """
    said = []
    if stock:
        now = stock[-1]
        inside = f", {count(now.inside)} of them in prison" if now.inside else ""
        said.append(f"There were {count(now.people)} people on the scheme at the end of {_end(now.label)}{inside}.")
    if flows:
        last = flows[-1]
        said.append(f"{_people(last.joined)} joined and {count(last.left)} left in {period_in_sentence(last.label)}.")
    said += _right_people(ratings, "In all districts, of" if district else "Of")
    overdue, free = lines.get("reviews_overdue"), lines.get("free_6_months_top_tier")
    if overdue and overdue["value"] is not None:
        said.append(f"{_share(overdue)} of people have a review that is late.")
    if free and free["value"]:
        people = "person" if free["value"] == 1 else "people"
        have = "has" if free["value"] == 1 else "have"
        said.append(f"{shown(free)} {people} at the top tier {have} been free of crime for six months.")
    return " ".join(said) or NONE


def _end(label: str) -> str:
    """'July to September 2026' ends in September 2026."""
    return label.rsplit(" to ", maxsplit=1)[-1]


def _people(number_of: int) -> str:
    return "One person" if number_of == 1 else f"{count(number_of)} people"


def _share(row: Row) -> str:
    return number(row["value"], row)


def _right_people(ratings: Sequence[Row], of: str) -> list[str]:
    ends = _ends(ratings)
    if ends is None:
        return []
    red, green = ends
    told = change(red, green)
    start = f"{of} those rated red, {_share(red)} were found to have offended again within a year; of those rated green, {_share(green)}."
    return [start if told.kind in RISK else f"{start} That gap may be chance."]


def _ends(ratings: Sequence[Row]) -> tuple[Row, Row] | None:
    """The figures of those rated red and green, where both may be compared."""
    found = {row["val1"]: row for row in ratings if row["value"] is not None and not few(row)}
    return (found["red"], found["green"]) if {"red", "green"} <= set(found) else None


def foretells(ratings: Sequence[Row]) -> str:
    """Whether red reoffend more than green, by how much with its interval, and whether amber lies between."""
    ends = _ends(ratings)
    if ends is None:
        return "Whether a rating foretells reoffending cannot be said here: too few people rated red or green can be shown."
    red, green = ends
    told = change(red, green)
    when = period_in_sentence(red["period_label"])
    gap = f"{_points(told)} (95% interval {_reach(told)})"
    if told.kind == "higher":
        said = f"Yes: in {when} people rated red reoffended more than those rated green, by {gap}."
    elif told.kind == "lower":
        said = (
            f"No: in {when} people rated red reoffended less than those rated green, by {gap}. Such a rating misleads."
        )
    else:
        said = f"Cannot tell: in {when} the difference between red and green is {gap}, which chance could make."
    amber = next((row for row in ratings if row["val1"] == "amber" and row["value"] is not None and not few(row)), None)
    if amber is None:
        return said
    between = green["value"] <= amber["value"] <= red["value"]
    return f"{said} Amber ({_share(amber)}) {'lies between them' if between else 'does not lie between them'}."


def _points(told: Change) -> str:
    size = abs(told.difference or 0)
    return f"{size:.0f} percentage point{'' if round(size) == 1 else 's'}"


def _reach(told: Change) -> str:
    """The interval of a difference; with the side that is more named where it reaches across none."""
    low, high = sorted((told.lower or 0.0, told.upper or 0.0))
    if low <= 0 <= high:
        return f"from {-low:.0f} fewer to {high:.0f} more"
    return f"{min(abs(low), abs(high)):.0f} to {max(abs(low), abs(high)):.0f}"


COMPARED = (
    ("below_selected", "above_selected", "those chosen below the threshold", "those chosen at or above it"),
    ("above_not_selected", "above_selected", "those at or above the threshold who were not chosen", "those who were"),
    ("below_selected", "below_not_selected", "those chosen below the threshold", "those below it who were not chosen"),
)
"""Which decisions are set against one another, and how each is said."""


def fared(decided: Sequence[Row]) -> list[str]:
    """How people fared whom judgement chose or passed over, each against those whom it is fair to set beside them."""
    found = {row["val1"]: row for row in decided if row["value"] is not None and not few(row)}
    said = []
    for one, other, who, whom in COMPARED:
        if one not in found or other not in found:
            continue
        told = change(found[one], found[other])
        values = f"{_share(found[one])} against {_share(found[other])}"
        how = {"higher": f"reoffended more than {whom}", "lower": f"reoffended less than {whom}"}.get(
            told.kind, f"cannot be told apart from {whom}"
        )
        said.append(f"{who[:1].upper()}{who[1:]} {how}: {values}.")
    return said or ["How they fared cannot be said here: too few of these people can be shown."]


def overridden(lines: Mapping[str, Row]) -> str:
    """How often judgement went against the score, in one sentence."""
    below, above = lines.get("selected_below_threshold"), lines.get("above_threshold_not_selected")
    said = []
    for row, who in ((below, "of those selected had a score below the threshold"), (above, "of those at or above the threshold were not selected")):  # fmt: skip
        if row and row["value"] is not None:
            said.append(
                f"{_share(row)} {who} ({count(row['numerator'])} of {count(row['denominator'])}, {row['period_label']})"
            )
    return f"{'; '.join(said)}." if said else "No decision with a score is shown for this choice."


ROUNDING = 4
"""How far a period's net change may be out where joined and left are each rounded to the nearest 5."""


def come_and_go(flows: Sequence[Flow], *, rounded: bool = False) -> str:
    """What the latest periods of joining and leaving come to together; of rounded counts, only what rounding cannot make."""
    if not flows:
        return "Who joined and who left cannot be shown for this choice."
    recent = unbroken(flows, 4)
    net = sum(flow.net for flow in recent)
    span = f"From {_start(recent[0].label)} to {_end(recent[-1].label)}" if len(recent) > 1 else f"In {period_in_sentence(recent[0].label)}"  # fmt: skip
    about = "about " if rounded else ""
    if rounded and abs(net) <= ROUNDING * len(recent):
        way = "rounding hides whether the caseload grew or shrank"
    elif net == 0:
        way = "the caseload is as it was"
    else:
        way = f"the caseload {'grew' if net > 0 else 'shrank'} by {about}{count(abs(net))}"
    joined, left = (count(sum(getattr(flow, side) for flow in recent)) for side in ("joined", "left"))
    return f"{span}, {about}{joined} joined and {about}{left} left: {way}."


def _start(label: str) -> str:
    """'July to September 2026' begins in July 2026."""
    first, _, rest = label.partition(" to ")
    return f"{first} {rest[-4:]}" if rest and not first[-4:].isdecimal() else first


def why_left(found: Sequence[Row]) -> str:
    """The usual reasons for leaving in the latest year."""
    whole = sum(row["value"] for row in found)
    told = [f"{title_in_sentence(row['label'])} {shown(row)}" for row in found[:3]]
    when = period_in_sentence(found[0]["period_label"])
    return f"Why {count(whole)} people left in {when}: most often {listed(told)}."


def standing(found: Sequence[CaseloadShare], places: str, offences: str) -> str:
    """Which districts hold more and fewer places than their share of reoffences by more than chance."""
    more, fewer = ([one.label for one in found if one.stands == way] for way in ("more", "fewer"))
    said = []
    if more:
        said.append(f"{listed(more)} {_holds(more)} a larger share of places than of reoffences")
    if fewer:
        said.append(f"{listed(fewer)} a smaller one" if more else f"{listed(fewer)} {_holds(fewer)} a smaller share of places than of reoffences")  # fmt: skip
    rest = "the others are about level" if said and len(more) + len(fewer) < len(found) else ""
    text = "; ".join(filter(None, [*said, rest])) or "Every district's share of places is about its share of reoffences"
    return f"{text}. Places in {places}, reoffences after index events in {offences}."


def _holds(names: Sequence[str]) -> str:
    return "holds" if len(names) == 1 else "hold"


def not_shown(missing: Sequence[str]) -> list[str]:
    """The measures without a table for the choice at this level, for the note under the table."""
    return [f"Not made for this choice at this level: {'; '.join(map(title_in_sentence, missing))}."] if missing else []


def of_whom(held: Sequence[Row]) -> list[str]:
    """When the people of a breakdown were counted; or that nobody can be shown."""
    return (
        [f"Counted at the end of {_end(held[0]['period_label'])}."]
        if held
        else ["Nobody can be shown by this breakdown for the choice."]
    )


def rated(found: Sequence[Parts]) -> str:
    """How many are red, amber and green."""
    if not found:
        return "No rating is shown for this choice."
    parts = [f"{count(number_of)} {name.lower()}" for name, number_of in zip(COLOURS, found[0].counts, strict=True)]
    return f"Of {count(found[0].whole)} people with a rating of the last six months, {listed(parts)}."


def consented(found: Sequence[Parts], caught: Row | None) -> str:
    """How many have given and refused consent, and where those who refuse are."""
    if not found:
        return "No consent is shown for this choice."
    refused, unasked, given = found[0].counts
    said = f"Of {count(found[0].whole)} people with consent on record, {count(given)} gave it, {count(refused)} refused and of {count(unasked)} it was not sought."
    if caught and caught["value"] is not None:
        said += f" Of those who refused, {in_sentence(caught)} are in catch and control."
    return said
