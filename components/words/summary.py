"""The one-page summary in words: what each line differs by, what it is held against, and the quarter in plain English."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from components.judge import UNSURE, few
from components.words.changes import answer, difference
from components.words.figures import Row, has_interval, key_to, number, shown
from components.words.luck import by_luck, compared
from components.words.sentences import day, listed, title_in_sentence

if TYPE_CHECKING:
    from components.headlines import Part, Summed
    from components.review import Action, Shown
    from metrics.framework import Rule

CHANCE = {
    "improvement": "Better",
    "concern": "Worse",
    "change": "Changed",
    "common": "Within chance",
}
"""What the control chart says of the latest quarter."""
TOO_FEW_QUARTERS = "Too few quarters to tell"
NO_QUARTERS = "No quarters at this level"
BEYOND, TIGHT = "beyond chance", "beyond chance, though limits may be too tight"
SUMMARY_KEY = (
    "Latest: the figure and its 95% interval. On last quarter: the latest quarter less the one before, stated and not "
    "judged. On a year before: the same period a year earlier; better or worse only where the interval leaves out nought. "
    "Chance: the latest quarter against the limits of its own quarters (shaded); a triangle is worse, a diamond better, "
    "a square changed, each by more than chance."
)
EXPECTED_KEY = (
    "Expected: what OGRS3 predicts of the same people from age, sex and history. People are picked for a scheme because "
    "somebody thinks them likely to offend, so a gap may reflect who is picked. It turns nothing red. What is expected and the gap "
    "are of those who can be scored; the latest figure is of everybody, so the gap need not be one less the other."
)
ALL_ADULTS = "All adults: everybody released, convicted or cautioned in the area, whether on a scheme or not."
ONLY_REDS = "Only a red opens an action. It stays open until it is reviewed."


MONTH = re.compile("January|February|March|April|May|June|July|August|September|October|November|December")


def signed(value: float, row: Row) -> str:
    """A difference with its sign and its unit: '+2.1 points', '\u22124', or 'no difference'."""
    points = row["unit"] in ("%", "percentage points")
    size = number(abs(value), {**row, "unit": "" if points else row["unit"]})
    if not any(figure in "123456789" for figure in size):
        return "No difference"
    return f"{'+' if value > 0 else chr(0x2212)}{size}{' points' if points else ''}"


def short(label: str) -> str:
    """A period in a table's small print: 'Apr 2024 to Mar 2025'."""
    return MONTH.sub(lambda found: found[0][:3], label)


def on_last_quarter(line: "Summed") -> str:
    """How the latest quarter differs from the one before; nothing where there are not two."""
    gap = line.quarters.difference if line.quarters else None
    if gap is None or line.quarters is None or line.quarters.before is None:
        return ""
    return "Too few people" if few(line.quarters.now) or few(line.quarters.before) else signed(gap, line.quarters.now)


def quarters_compared(line: "Summed") -> str:
    """Which two quarters `on_last_quarter` is between, where the figure beside it is of a longer period."""
    if not on_last_quarter(line) or line.quarters is None or line.quarters.now["period"] == line.now["period"]:
        return ""
    return short(str(line.quarters.now["period_label"]))


def on_a_year_before(line: "Summed") -> tuple[str, str]:
    """What may be said of the change on the same period a year before, and its size with its interval."""
    how = line.change
    if how.kind == "difference":
        return (signed(how.difference, line.now) if how.difference else "No difference"), ""
    return how.words, difference(how, line.now)


def aims(line: "Summed") -> list[tuple[str, str]]:
    """What the figure is held against: its target, and what was expected of the same people with the gap to it."""
    said = [] if line.target is None else [(f"Target {number(line.target, line.now)}", "")]
    if line.line.expected and line.now["value"] is not None:
        rate, gap = line.expected, line.gap
        bounds = f" ({_bound(gap['lower'], gap)} to {_bound(gap['upper'], gap)})" if gap and has_interval(gap) else ""
        said.append(
            (
                f"Expected {number(rate['value'], rate)}" if rate is not None else "Expected: not available",
                f"{signed(gap['value'], gap)}{bounds}" if gap is not None else "",
            )
        )
    return said


def _bound(value: float, row: Row) -> str:
    """An end of an interval, without its unit and with a true minus sign."""
    return number(value, {**row, "unit": ""}).replace("-", "\u2212")


def chance(line: "Summed") -> tuple[str, str]:
    """What the control chart says of the latest quarter, and how surely: its limits may be too tight."""
    if line.quarters is None:
        return NO_QUARTERS, ""
    if line.read is None:
        return TOO_FEW_QUARTERS, ""
    if line.read.cause == "common":
        return CHANCE["common"], ""
    return CHANCE[line.read.cause], TIGHT if set(UNSURE) & set(line.read.notes) else BEYOND


def also_red(line: "Summed") -> list[str]:
    """The further reasons for which a line is red, after the one that its status names."""
    return [{"special_cause": "worse by more than chance", "expected": "worse than expected"}.get(reason, reason)
            for reason in line.status.reasons[1:]] if line.status.red else []  # fmt: skip


def action_on(line: "Summed", action: "Action | None", on: dt.date) -> str:
    """The action that a red has, who owns it and by when it is due; or that none is open."""
    if action is None:
        return "No action is open" if line.status.red else ""
    from components.review import AGENCIES

    due = f"due {day(action.due_on)}"
    return f"{AGENCIES[action.draft.owner]}, {due}{f', late at {day(on)}' if action.late(on) else ''}"


# --- sentences --------------------------------------------------------------------------------------------------------


def summary_answer(parts: Sequence["Part"]) -> str:
    """The exact sentence under the plain one: the first measure with its interval and the year before."""
    lines = [line for part in parts for line in part.lines]
    if not lines:
        return "This release holds none of the framework's measures for this choice."
    lead = lines[0]
    return answer(lead.title, lead.now["people"], lead.now, lead.before)


def summary_opening(parts: Sequence["Part"]) -> str:
    """The quarter in plain English: who broke the law again, whether that is more or fewer, and how much is red."""
    lines = [line for part in parts for line in part.lines]
    lead = next((x for x in lines if x.now["indicator"] == "reoffending_rate" and not x.line.where), None)
    return " ".join(filter(None, (_again(lead), _reds(lines))))


def _again(lead: "Summed | None") -> str:
    """Who broke the law again, and whether that can be told from a year before."""
    if lead is None or lead.now["value"] is None:
        return "There are too few people to say how many broke the law again."
    whom = "people on the scheme with this need" if {"need", "pathway"} & set(lead.where) else "people on the scheme"
    said = f"Out of 100 {whom}, about {lead.now['value']:.0f} broke the law again within a year."
    if few(lead.now):
        return f"{said} That is of very few people, so it may mean little."
    return f"{said} {MORE_OR_FEWER.get(lead.change.kind, '')}".strip()


MORE_OR_FEWER = {
    "improved": "That is fewer than the year before, by more than luck.",
    "worsened": "That is more than the year before, by more than luck.",
    "cannot tell": "We cannot tell if that is more or fewer than the year before.",
}


def _reds(lines: Sequence["Summed"]) -> str:
    """How many measures are red, how many green, and of how many nothing can be said."""
    red = [x for x in lines if x.status.red]
    green = sum(x.status.kind == "green" for x in lines)
    if not lines:
        return ""
    if not red:
        return f"Of {len(lines)} measures, none is red and {_many(green)} green."
    each = "The red one needs" if len(red) == 1 else "Each red one needs"
    return f"Of {len(lines)} measures, {_many(len(red))} red and {_many(green)} green. {each} an action."


def _many(count: int) -> str:
    few = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return f"{few[count] if count < len(few) else count} {'is' if count < 2 else 'are'}"


def summary_paragraphs(parts: Sequence["Part"]) -> list[str]:
    """What to act on, what got better, and what nobody can tell: one paragraph each."""
    lines = [line for part in parts for line in part.lines]
    said = []
    if named := [_why(x) for x in lines if x.status.red]:
        said.append(f"Red: {'; '.join(named)}.")
    for kind, opening in (("improved", "Better than a year before"), ("worsened", "Worse than a year before")):
        if found := [_from_to(x) for x in lines if x.change.kind == kind]:
            said.append(f"{opening}, by more than chance: {'; '.join(found)}.")
    if found := [f"{title_in_sentence(x.title)}, {shown(x.now)}" for x in lines if x.status.kind == "green"]:
        said.append(f"On target: {'; '.join(found)}.")
    if unsure := sum(x.change.kind == "cannot tell" for x in lines):
        subject = "one measure" if unsure == 1 else f"{unsure} measures"
        said.append(
            f"For {subject} chance alone could make the difference from a year before. So we cannot tell if anything "
            "changed. That is not to say that nothing did."
        )
    hidden = [title_in_sentence(x.title) for x in lines if x.now["value"] is None]
    hidden += [title_in_sentence(title) for part in parts for title in part.missing]
    if hidden:
        said.append(f"Not shown for this choice: {'; '.join(dict.fromkeys(hidden))}.")
    return said


def _why(line: "Summed") -> str:
    reasons = [line.status.words.lower(), *also_red(line)]
    held = (
        f", against {number(line.target, line.now)}"
        if line.target is not None and "target" in line.status.reasons
        else ""
    )
    return f"{title_in_sentence(line.title)}, {shown(line.now)}{held} ({listed(reasons)})"


def _from_to(line: "Summed") -> str:
    was = shown(line.before) if line.before else ""
    return f"{title_in_sentence(line.title)}, {was} to {shown(line.now)}"


def summary_notes(lines: Sequence["Summed"]) -> list[str]:
    """What is said under the table: how to read it, its signs, the rules, and what luck alone would do."""
    luck = by_luck(compared(x.change.kind for x in lines))
    signs = key_to([x.now for x in lines] + [x.before for x in lines if x.before])
    expected = [EXPECTED_KEY] if any(x.gap or x.expected for x in lines) else []
    whom = [ALL_ADULTS] if any("all adults" in x.title for x in lines) else []
    rules = rules_told(x.rule for x in lines if x.rule.red or x.rule.green)
    return [*luck, *signs, SUMMARY_KEY, *whom, *expected, *rules, ONLY_REDS] if lines else []


def rules_told(rules: Iterable["Rule"]) -> list[str]:
    """The published rules by which these lines were judged, each once."""
    return list(dict.fromkeys(rule.says for rule in rules))


def actions_answer(kept: "Shown", of_plan: int) -> str:
    """How many actions opened at the desk are open, and how many of the plan that was loaded are open beside them."""
    hidden = (
        f" {kept.hidden} more {'is' if kept.hidden == 1 else 'are'} for the partnership only." if kept.hidden else ""
    )
    many = len(kept.open_actions)
    desk = f"{many} action{'' if many == 1 else 's'}" if many else "No action"
    plan = f" Of the plan that was loaded {of_plan} {'is' if of_plan == 1 else 'are'} open too." if of_plan else ""
    return f"{desk} opened at the desk {'is' if many < 2 else 'are'} open.{hidden}{plan}"
