"""What may be said of a change: a direction only where the intervals support one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from components.judge import Change, change, few
from components.verdicts import off_nought
from components.words.figures import Row, has_interval, in_sentence, number, reason, with_unit
from components.words.sentences import period_in_sentence, title_in_sentence

if TYPE_CHECKING:
    from components.headlines import Headline


def change_in_sentence(now: Row, before: Row | None, how: Change) -> str:
    """What may be said of the change: a direction only where the intervals support one."""
    if before is None or before["value"] is None or now["value"] is None:
        return "There is no earlier figure to compare it with."
    was = f"It was {with_unit(before['value'], before)} in {period_in_sentence(before['period_label'])}"
    if how.kind == "cannot tell":
        return f"{was}: from this difference we cannot tell whether anything changed."
    if few(now) or few(before):
        return f"{was}: too few people to compare."
    if how.kind in ("difference", "none"):
        return f"{was}."
    direction = "lower" if how.difference is not None and how.difference < 0 else "higher"
    judged = {"improved": ", which is better", "worsened": ", which is worse"}.get(how.kind, "")
    return f"{was}: it is now {direction}{judged}, by more than chance."


def answer(title: str, people: str, now: Row, before: Row | None) -> str:
    """The answer under a page's title: the figure, when, for whom, and what may be said of the change."""
    when_ = period_in_sentence(now["period_label"])
    if now["value"] is None:
        return f"{title} for {people} in {when_} is not shown: {reason(now)}."
    if now["status"] == "provisional":
        return f"{title} for {people} in {when_}: provisionally {in_sentence(now)}; it will rise."
    said = change_in_sentence(now, before, change(now, before))
    return f"{title} for {people} in {when_}: {in_sentence(now)}. {said}"


def difference(how: Change, row: Row) -> str:
    """A difference with its interval: '\u22121.9 points (\u22128.7 to 4.9)'."""
    if how.difference is None or how.lower is None or how.upper is None:
        return ""
    places = 1 if row.get("decimals") is None else row["decimals"]
    like = {**row, "unit": "", "decimals": places} if row["unit"] == "%" else row
    told = how.lower > 0 or how.upper < 0
    parts = [
        _signed(number(x, {**like, "decimals": off_nought(x, places)} if told else like))
        for x in (how.difference, how.lower, how.upper)
    ]
    points = " points" if row["unit"] == "%" else ""
    plus = "+" if how.difference > 0 and any(figure in "123456789" for figure in parts[0]) else ""
    return f"{plus}{parts[0]}{points} ({parts[1]} to {parts[2]})"


def _signed(text: str) -> str:
    """A number with a true minus sign, and none before a zero."""
    return text.replace("-", "\u2212" if any(figure in "123456789" for figure in text) else "")


def apart(rows: Sequence[Row], overall: Row | None) -> tuple[list[str], list[str]]:
    """The groups whose whole interval lies below the figure for everybody, and those wholly above it."""
    if overall is None or overall["value"] is None:
        return [], []
    known = [row for row in rows if has_interval(row)]
    below = [row["label"] for row in known if row["upper"] < overall["value"]]
    return below, [row["label"] for row in known if row["lower"] > overall["value"]]


def headline_answer(line: "Headline | None", title: str, people: str) -> str:
    """The answer of a page about one measure."""
    if line is None:
        return f"No table of {title_in_sentence(title)} for {people} exists for this choice at this level."
    return answer(title, people, line.now, line.before)


HOW_TO_READ = "Dot: latest. Outline: before. Bar and line: 95% interval, from zero. Dashed line: target."


CHANGE_RULES = [
    "Two figures are compared through the interval of their difference, made from their own 95% intervals. "
    "Better or worse is said only when that interval leaves out zero; otherwise we cannot tell, which does not mean that "
    "nothing changed.",
    "A count of what happened (people on the scheme) is a full count: its difference is stated and not judged.",
    "A provisional figure is too low, since some offences are not yet proven. It carries no change and no status.",
    "Misses target (▲): the whole interval lies beyond the target. Meets target (●): the whole interval lies on its good "
    "side. Cannot tell (◆): the interval holds the target. Too few people (○): fewer than the measure's minimum.",
]


def change_and_words(row: Row) -> str:
    """A change as a table says it: its words, then its size with its interval, for rows of `headlines.told`."""
    how = Change(row["change_kind"], row["change_in_words"], row["change"], row["change_lower"], row["change_upper"])
    if how.kind == "difference" and how.difference:
        return f"{number(abs(how.difference), row)} {how.words.lower()}"
    size = difference(how, row)
    return f"{how.words}: {size}" if size else how.words


def target(row: Row) -> str:
    """What the partnership expects of a figure, with its unit's sign; nothing where there is no target."""
    return "" if row.get("target") is None else number(row["target"], row)
