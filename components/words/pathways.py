"""How far people get through the pathways, in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from components.words.changes import apart
from components.words.figures import Row, count, counted_anew, has_interval, with_unit
from components.words.sentences import listed, period_in_sentence, pooled, title_in_sentence, unit_words
from metrics.figure import noun_of

if TYPE_CHECKING:
    from components.headlines import Column

STEPS = {
    "need_identified": ("{} had the need", "need", "lower", "higher"),
    "referred_of_need": ("of needs as last assessed{of}, {} led to a referral", "referral", "lower", "higher"),
    "started_of_referred": ("of all referrals{of}, {} started", "starting", "lower", "higher"),
    "completed_of_started": ("of all starts{of}, {} were completed", "completion", "lower", "higher"),
    "outcome_gained": (
        "of all completions of which it is known{of}, {} met the goal",
        "meeting the goal",
        "lower",
        "higher",
    ),
    "waiting_days": ("half of those referred started within {}", "the wait", "shorter", "longer"),
}
"""How a step along a pathway is said: its figure, its name, and what a low and a high figure are called."""
OWN_WHOLE = "Each share is of its own whole, so they do not multiply."
"""A referral may be for a need that the latest assessment no longer finds: those referred are not the needs that led to one."""
ANEW = "Quarters are pooled: a need counts once in every quarter in which it was followed, so there are shares and no counts."


WAIT, LONGEST = "Waiting time, referrals made in the period", "Longest waits"
"""The wait's column counts referrals made in the period; the steps beside it are of needs and starts."""


def _step(indicator: str, title: str) -> tuple[str, str, str, str]:
    return STEPS.get(indicator, (f"{title_in_sentence(title)}, {{}}", title_in_sentence(title), "lower", "higher"))


def _step_said(row: Row) -> str:
    """One step's figure in words, with how many it is a share of where the sentence says so."""
    of = "" if row["denominator"] is None or counted_anew(row) else f" ({count(row['denominator'])})"
    return _step(row["indicator"], row["title"])[0].format(with_unit(row["value"], row), of=of)


def steps_said(known: Sequence[Row]) -> str:
    """The steps that have a figure, in one sentence with the period of the first; what each is of, and what is pooled."""
    label = known[0]["period_label"]
    anew = any(map(counted_anew, known))
    head = f"{pooled(label)} (each need counts once in every quarter)" if anew else f"In {period_in_sentence(label)}"
    shares = sum(row["unit"] == "%" for row in known)
    return f"{head}, {'; '.join(map(_step_said, known))}.{f' {OWN_WHOLE}' if shares > 1 else ''}"


def steps_answer(columns: Sequence["Column"]) -> str:
    """How far people get through the pathways, and which pathways stand apart by more than chance."""
    known = [c.overall for c in columns if c.overall is not None and c.overall["value"] is not None]
    said = []
    if known:
        said.append(steps_said(known))
    different = []
    for column in columns:
        if column.overall is None:
            continue
        _, name, low, high = _step(column.overall["indicator"], column.title)
        sides = zip((low, high), apart(column.rows, column.overall), strict=True)
        parts = [f"{side} for {listed(names)}" for side, names in sides if names]
        if parts:
            different.append(f"{name[:1].upper()}{name[1:]} is {'; '.join(parts)}.")
    if different:
        said += ["Different from all pathways together by more than chance:", *different]
    elif any(has_interval(row) for column in columns for row in column.rows) and known:
        said.append("No pathway can be told apart from all of them together.")
    if not said:
        shown_here = any(row["value"] is not None for column in columns for row in column.rows)
        return "The pathways are set out below." if shown_here else "No figure by pathway can be shown for this choice."
    return " ".join(said)


def column_head(column: "Column") -> tuple[str, str]:
    """A step's title and, below it, its unit."""
    indicators = {row.get("indicator") for row in column.rows}
    if "longest_waits" in indicators:
        return LONGEST, "days within which 9 in 10 start"
    if column.unit == "%" and column.rows and (what := noun_of(str(column.rows[0].get("denominator_of") or ""))):
        return column.title, f"share of {what}"
    return (WAIT if "waiting_days" in indicators else column.title), unit_words(column.unit)


NO_TIME_IN_ALL = (
    "All complete quarters are pooled here: choose another kind of period above to see a pathway over time."
)


NO_PATHWAYS = "No measure by pathway may be shown at this level: too few people are on each."


NO_CASELOAD = "This release holds nobody on a scheme and no referrals, so nothing can be said of the pathways."


PATHWAYS_OVERLAP = "One person may have a need on several pathways: the lines overlap and never add up to a whole."


def hidden_steps(columns: Sequence["Column"]) -> list[str]:
    """Which steps are hidden on every pathway and why, so that no column of blanks stands for them."""
    titles = [title_in_sentence(column.title) for column in columns]
    hidden = any(row["status"] in ("suppressed", "withheld") for column in columns for row in column.rows)
    why = f" {WHY_HIDDEN}" if hidden else ""
    return [f"Not shown pathway by pathway: {'; '.join(titles)}.{why}"] if titles else []


WHY_HIDDEN = "At the open level that could tell of a few people, by itself or beside other figures."
NO_PATHWAYS_LOST = f"Where each pathway loses people is not shown. {WHY_HIDDEN}"
NO_PROVIDERS = f"What each provider does is not shown. {WHY_HIDDEN}"


def hidden_after(titles: Sequence[str]) -> list[str]:
    """Which measures of what follows prison and arrest are not shown, and why."""
    said = "; ".join(map(title_in_sentence, titles))
    return [f"Not shown: {said}. {WHY_HIDDEN}"] if titles else []


def pathways_compared(columns: Sequence["Column"]) -> int:
    """How many pathways' figures are set against the figure of all pathways together."""
    return sum(
        has_interval(row) for c in columns if c.overall is not None and c.overall["value"] is not None for row in c.rows
    )


WAITS_ASKED = "How long do people wait, and whom do we lose?"
WAITS_UNDER = "The usual wait is of referrals made in the period; the rest is of waits that ended in it, by a start or without one."
AFTER_ASKED = "What follows prison and arrest?"
AFTER_UNDER = "Over a year at least, for a quarter holds few. Each is counted when its time is up: a release in September is looked at three months later, in December."
PROVIDERS_ASKED = "How do providers compare?"
PROVIDERS_UNDER = (
    "In alphabetical order and no league table: providers take different people, so a difference may reflect whom they serve. "
    "The waits and the share lost are those of their referrals; the rest is of programmes that ended in the period."
)


def providers_under(periods: Sequence[str]) -> str:
    """Which period providers are shown over, which may be longer than the one chosen, and how to read them."""
    said = listed([period_in_sentence(period) for period in periods])
    return f"Over a year at least: {said}. {PROVIDERS_UNDER}" if said else PROVIDERS_UNDER
