"""How each page opens: a sentence or two from the figures that a reader of thirteen can follow.

The exact answer stands under it, with its interval. Nothing here says more than that answer does: what chance could have
made is called luck, and what cannot be told is said not to be told. tests/words/test_openings.py holds them to a reading age.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from components.judge import change, few
from components.words.figures import Row, number
from components.words.sentences import who

if TYPE_CHECKING:
    from components.headlines import Headline
    from release.read import CohortInfo

NOTHING_HERE = "There is nothing to show here yet."
TOO_FEW_PEOPLE = "There are too few people to show this."
CHANGED = {
    "improved": "That is better than the time before, by more than luck.",
    "worsened": "That is worse than the time before, by more than luck.",
    "higher": "That is higher than the time before, by more than luck.",
    "lower": "That is lower than the time before, by more than luck.",
    "cannot tell": "We cannot tell if that is better or worse than the time before: the gap could be luck.",
}
DID_BETTER = {
    "fewer": "Yes. Of those on {}, fewer broke the law again than of people like them who were not on it.",
    "more": "No. Of those on {}, more broke the law again than of people like them who were not on it.",
    "cannot_tell": "We cannot tell yet. The gap between those on {} and people like them could be luck.",
    "no_verdict": "We cannot say. Too few people were on {} to set them beside others like them.",
}
PAID = {
    "past": "Yes. {} has stopped enough crime to pay for itself.",
    "short": "No. {} has not stopped enough crime to pay for itself.",
    "cannot": "No. {} could not pay for itself, even if it stopped all the crime we would expect.",
    "free": "{} took no money of its own, so there was nothing to pay back.",
    "cannot_tell": "We cannot tell yet if {} pays for itself. It may, or it may not.",
    "not_available": "We cannot say if {} pays for itself. What it costs, or what it does, is not known.",
}


def reoffending_opening(line: "Headline | None", cohort: "CohortInfo") -> str:
    """The measure in plain words, and whether it has changed."""
    if line is None or line.now["value"] is None:
        return TOO_FEW_PEOPLE
    said = measured(line.now, cohort)
    if line.now["status"] == "provisional":
        return f"{said} It is too soon to be sure: that will go up."
    if few(line.now):
        return f"{said} That is of very few people, so it may mean little."
    return f"{said} {CHANGED.get(line.change.kind, '')}".strip()


def measured(row: Row, cohort: "CohortInfo") -> str:
    """A figure of people who were followed up, as something that happened to a hundred of them."""
    people = who(cohort.title).split(" (")[0]
    time = "two years" if cohort.follow_up_days > 400 else "a year"
    if row["indicator"] == "reoffending_rate":
        return f"Out of 100 {people}, about {row['value']:.0f} broke the law again within {time}."
    if row["indicator"] == "reoffences_per_100":
        return f"For each 100 {people}, there were about {row['value']:.0f} new crimes within {time}."
    return f"For {people} the figure is {number(row['value'], row)}."


def districts_opening(pairs: Sequence[tuple[Row, Row | None]]) -> str:
    """In how many districts it got better or worse, and in how many nobody can tell."""
    known = [change(now, before).kind for now, before in pairs if now["value"] is not None]
    if not known:
        return TOO_FEW_PEOPLE
    if "difference" in known:
        return f"Here is how many there are in each of {len(known)} districts. More is not better or worse."
    told = {"better": known.count("improved"), "worse": known.count("worsened")}
    told |= {"higher": known.count("higher"), "lower": known.count("lower")}
    said = [f"{name} in {many}" for name, many in told.items() if many]
    if not said:
        return f"We looked at {len(known)} districts. In none can we tell if things got better or worse."
    return f"We looked at {len(known)} districts. It got {' and '.join(said)}, by more than luck. In the rest we cannot tell."


def schemes_opening(verdict: str, title: str) -> str:
    """Whether people on a scheme or programme did better than people like them."""
    return DID_BETTER.get(verdict, DID_BETTER["no_verdict"]).format(plain(title))


def plain(title: str) -> str:
    """A scheme's or programme's name as it stands in a sentence."""
    return "the scheme" if title in ("IOM", "Integrated Offender Management") else title


def behind_opening(found: Sequence[Mapping[str, Row]], sight: Row | None) -> str:
    """Whether the latest change (the first of those given) is more than luck, and whether the next figure is in sight."""
    parts = found[0] if found else {}
    moved = parts.get("change")
    if moved is None or moved["value"] is None or moved["lower"] is None or moved["upper"] is None:
        first = "We cannot take the latest change apart: too few people stand behind it."
    elif moved["lower"] <= 0 <= moved["upper"]:
        first = "The latest change could be luck."
    else:
        first = f"The figure went {'up' if moved['value'] > 0 else 'down'}, by more than luck."
    second = "Below is what the next figure is likely to be." if sight else ""
    return f"{first} Part of any change is due to who is counted, not to what they did. {second}".strip()


def value_opening(rows: Mapping[str, Row], name: str) -> str:
    """Whether it has paid for itself, on all that was given."""
    first = next(iter(rows.values()), None)
    code = "not_available" if first is None else first["verdict"]
    said = PAID.get(code, PAID["not_available"]).format(plain(name))
    return f"{said[:1].upper()}{said[1:]}"


def payment_opening(payment: float | None, name: str, due: str) -> str:
    """What a contract would pay, and that luck alone could pay it too."""
    if payment is None:
        return f"We cannot say what {plain(name)} would be paid."
    said = (
        f"By this rule {plain(name)} would be paid {due}."
        if payment > 0
        else f"By this rule {plain(name)} would be paid nothing."
    )
    return f"{said} Luck alone can change what is paid. The fewer the people, the more it can."


def places_opening(rows: Sequence[Any]) -> str:
    """Where the next place would face the most crime."""
    told = [row for row in rows if row.outside]
    if not told:
        return "We cannot say who the next place should go to."
    return (
        f"Those with the most charges commit the most crime: about {told[0].faced:.1f} new crimes each in a year. So a place "
        "for one of them may stop the most. This page picks no one: people do that."
    )


def quality_opening(files: Sequence[Row]) -> str:
    """How many files were read, and how much of them was set aside."""
    live = [row for row in files if not row["withdrawn"]]
    read, aside = sum(row["read"] for row in live), sum(row["quarantined"] for row in live)
    if not read:
        return "No file has been read, so there is nothing to check."
    lost = sum(row["read"] != row["loaded"] + row["quarantined"] + row["duplicate"] for row in live)
    each = (
        "Each row is in the count or has a reason why not."
        if not lost
        else f"In {lost} of them rows are missing, so take care."
    )
    return f"We read {len(live)} files. About {1000 * aside / read:.0f} rows in each 1,000 broke a rule and were left out. {each}"


def definitions_opening(measures: int) -> str:
    """How many measures there are."""
    return f"Here are the {measures} things that we count. For each one we say what it means and why it matters."
