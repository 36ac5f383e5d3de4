"""What a comparison found, in words. Knows nothing of Streamlit: pages, downloads, `iom evaluate` and the pack speak it.

Three verdicts and no more: fewer, more, cannot tell; or none, with its reason. A sentence is made from the verdict and
the interval together, and refuses to be made where the two disagree: the words can never say more than the figures do.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from components.judge import few
from metrics.compare.balance import ACCEPTABLE, GOOD
from metrics.compare.joining import UNDILUTED

Row = Mapping[str, Any]
"""One row of the release's `comparison` or `effect` table, as its reader gives it."""

NOT_NO_EFFECT = "This does not mean that it has no effect."
MAY_REFLECT_SELECTION = "A difference may reflect who is selected, and not only what was done."
NOT_TOLD = "This cannot be told from no difference."
NOT_A_RANKING = "In alphabetical order. Schemes work with different people: this is not a ranking."
TWO_WAYS = (
    "Beside similar people who were not on it, and beside what people's own history predicts (OGRS3), over the latest four pooled "
    "cohorts. The second has no comparison group: it compares schemes, and proves nothing alone."
)
COMPETING = (
    "Somebody recalled or remanded cannot reoffend in the community: a scheme that recalls people sooner shows fewer "
    "reoffences and more custody. Each share is of everybody; 95% intervals."
)
CAUSES = {
    "reoffence": "a proven reoffence",
    "custody": "custody without one",
    "death": "death",
}
"""What may come first, in words."""
FIRST = {
    "reoffence": "A proven reoffence came first",
    "custody": "Custody came first, without a reoffence",
    "death": "Death came first",
}
BOTH = ("treated", "comparison")
SMALL = 0.5
"""Shares that would read as nought in both groups are left to the table."""
NOTHING_COMPARED = (
    "Nothing is compared in this release: no scheme or programme has people whose year of follow-up is complete, or the list "
    "of comparisons is empty. Programme check on the analyst's desk compares one list at a time."
)
ALONE_PROVES_NOTHING = (
    "People are chosen when they offend most, so offences fall afterwards whatever is done: on its own this says nothing of "
    "what the scheme did."
)
SAY = {
    "rate": ("reoffended", "of 100 people"),
    "custody": ("went to custody", "of 100 people"),
    "frequency": ("committed proven reoffences", "reoffences for each 100 people"),
    "occasions": ("were convicted again", "reconviction events for each 100 people"),
    "severity": ("scored for the severity of their reoffences", "points of severity a person"),
    "time": ("went without reoffending", "days without reoffending a person"),
    "liberty": ("committed reoffences while at liberty", "reoffences for each year at liberty"),
    "hazard": ("reoffended for the first time", "chance of a first reoffence at any time"),
}
"""For each outcome: what the people did, and in what it is counted."""
SYMBOLS = {"fewer": "\u25bc", "more": "\u25b2", "cannot_tell": "\u25c6", "no_verdict": "\u25cb"}
SHORT = {
    "fewer": "Reoffended less",
    "more": "Reoffended more",
    "cannot_tell": "Cannot tell",
    "no_verdict": "No verdict",
}
"""A verdict as a label beside its symbol: a word and a shape, never a colour alone."""


def verdict(comparison: Row, effect: Row | None) -> str:
    """The verdict as one plain sentence."""
    name, code = comparison["title"], comparison["verdict"]
    if code == "no_verdict" or effect is None:
        return f"There is no verdict on {name}: {_sentence(comparison['reason'] or 'no effect could be worked out')}"
    agree(code, effect)
    when = within(comparison["outcome_days"])
    if code == "cannot_tell":
        return f"We cannot tell whether {name} changed reoffending{when}. {NOT_NO_EFFECT}"
    less = "less" if code == "fewer" else "more"
    return f"People on {name} reoffended {less}{when} than similar people who were not on it."


def how_often(comparison: Row, frequency: Row | None) -> str:
    """Where the share who reoffended cannot be told apart, but how often they did can: said beside the verdict, never in its place."""
    if comparison["verdict"] != "cannot_tell" or frequency is None or None in (frequency["lower"], frequency["upper"]):
        return ""
    none = no_difference(frequency["scale"])
    if frequency["lower"] <= none <= frequency["upper"]:
        return ""
    way = "more" if frequency["lower"] > none else "fewer"
    return (
        f"How many of them reoffended cannot be told apart, but together they committed {way} proven reoffences for each 100 people."
        f" {span(frequency)} The verdict rests on the first: of two outcomes one may differ by luck."
    )


def agree(code: str, effect: Row) -> None:
    """Refuse a verdict that its interval does not bear out: fewer below no difference, more above it, else cannot tell."""
    lower, upper, none = effect["lower"], effect["upper"], no_difference(effect["scale"])
    if effect["outcome"] == "time":  # more days without reoffending is the good direction
        lower, upper = 2 * none - upper, 2 * none - lower
    borne_out = {"fewer": upper < none, "more": lower > none, "cannot_tell": lower <= none <= upper}
    if not borne_out[code]:
        raise ValueError(f"the verdict {code} is not borne out by the interval of {effect['outcome']}")


def no_difference(scale: str) -> float:
    """The value that means no difference: 0 of a difference, 1 of a ratio."""
    return 1.0 if scale == "ratio" else 0.0


def within(days: int) -> str:
    """The follow-up in words: ' within 12 months', ' within two years'."""
    return {365: " within 12 months", 730: " within two years", 183: " within six months"}.get(
        days, f" within {days} days"
    )


def of_100(comparison: Row, effect: Row, places: int = 0) -> str:
    """'Of 100 typical people …': what happened, what happened to those like them, and how sure that difference is
    (in `places` decimals or more)."""
    if effect["outcome"] not in ("rate", "custody") or effect["scale"] != "difference":
        raise ValueError("only a share of people can be told of 100 of them")
    did = SAY[effect["outcome"]][0]
    when = within(comparison["outcome_days"])
    ours, theirs = both(effect)
    return (
        f"Of 100 typical people on {comparison['title']}, {ours} {did}{when}; of 100 similar people who were not on it, "
        f"{theirs}{_rounded_alike(effect, ours, theirs)}. {span(effect, places)}"
    )


def both(effect: Row, places: int = 0) -> tuple[str, str]:
    """Both groups' figures, in as many decimals as keep them apart where the interval says that they differ."""
    ours, theirs = effect["treated"], effect["expected"]
    while one_sided(effect) and ours != theirs and places < MOST_PLACES and _n(ours, places) == _n(theirs, places):
        places += 1
    return _n(ours, places), _n(theirs, places)


def _rounded_alike(effect: Row, ours: str, theirs: str) -> str:
    """Said where two figures that differ beyond chance are the same as they were rounded for the open level."""
    return " (both rounded)" if one_sided(effect) and ours == theirs else ""


def one_sided(effect: Row) -> bool:
    """Whether the whole interval lies on one side of no difference."""
    return _side(effect, no_difference(effect["scale"])) != 0


def span(effect: Row, places: int = 0) -> str:
    """The interval of a difference in words: 'The difference is between 1 and 9 fewer (95% interval).'; in `places`
    decimals or more."""
    lower, upper, scale = effect["lower"], effect["upper"], effect["scale"]
    if scale == "ratio":
        return _span_of_ratio(lower, upper)
    places = max(places, decimals(lower, upper))
    least, most = sorted((abs(lower), abs(upper)))
    fewer, more = _words_for(effect["outcome"])
    if lower < 0 < upper:
        said = f"anything from {_off(-lower, places)} {fewer} to {_off(upper, places)} {more}"
    elif lower == upper == 0:
        said = "none"
    else:
        said = f"between {_off(least, places)} and {_off(most, places)} {more if upper > 0 else fewer}"
    return f"The difference is {said} (95% interval)."


def _span_of_ratio(lower: float, upper: float) -> str:
    low, high = (100 * (bound - 1) for bound in (lower, upper))
    places = decimals(low, high)
    if low < 0 < high:
        return (
            f"The difference is anything from {_off(-low, places)}% fewer to {_off(high, places)}% more (95% interval)."
        )
    least, most = sorted((abs(low), abs(high)))
    return f"The difference is between {_off(least, places)}% and {_off(most, places)}% {'fewer' if high <= 0 else 'more'} (95% interval)."


def _words_for(outcome: str) -> tuple[str, str]:
    return ("fewer days", "more days") if outcome == "time" else ("fewer", "more")


def outcome_line(effect: Row) -> str:
    """One outcome beside the headline: 'Reoffences for each 100 people: 142 against 155 … '."""
    places = 2 if effect["outcome"] == "liberty" else decimals(effect["treated"], effect["expected"])
    ours, theirs = both(effect, places)
    alike = _rounded_alike(effect, ours, theirs)
    return f"{outcome_name(effect['outcome'])}: {ours} against {theirs} among similar people{alike}. {span(effect)}"


def outcome_name(outcome: str) -> str:
    """What an outcome is counted in, as a heading: 'Of 100 people, reoffended'."""
    did, counted = SAY[outcome]
    said = f"{counted}, {did}" if outcome in ("rate", "custody") else counted
    return f"{said[:1].upper()}{said[1:]}"


def many(compared: int, flagged: int) -> str:
    """What many comparisons at once mean: some differ by luck alone."""
    if compared < 2:
        return ""
    expected = "one or more" if compared >= 10 else "now and then one"
    said = f"{compared} comparisons were made at once: {expected} would seem to differ by luck alone."
    if flagged:
        some = "One verdict here does" if flagged == 1 else f"{flagged} verdicts here do"
        said += f" {some} not survive an allowance for that (false discovery rate above 5%)."
    return said


def luck(effect: Row) -> str:
    """The warning on one verdict that does not survive the allowance for many comparisons."""
    if effect["verdict"] not in ("fewer", "more") or effect["q_value"] is None or effect["q_value"] <= 0.05:
        return ""
    return "Among so many comparisons a difference of this size may be luck: read it as a question to look into."


def flow(steps: Sequence[Row]) -> str:
    """Submitted and analysed in one sentence, with how many fell away and why."""
    if not steps:
        return ""
    first, last = steps[0], steps[-1]
    gone = [
        f"{before['people'] - step['people']:,} because {step['reason']}"
        for before, step in pairwise(steps)
        if step["people"] < before["people"] and step["reason"]
    ]
    why = f" ({'; '.join(gone)})" if gone else ""
    return f"{first['people']:,} people were submitted and {last['people']:,} analysed{why}."


def balance(worst: float | None, corrected: float | None = None) -> str:
    """How alike the groups are after matching, by the largest standardised mean difference that is left, and `corrected` for it."""
    if worst is None:
        return "How alike the groups are after matching is not known."
    if worst <= GOOD:
        return f"After matching they are alike in everything that was recorded: no difference is above {max(worst, 0.01):.2f}."
    if worst <= ACCEPTABLE:
        return f"After matching they are acceptably alike in everything that was recorded: the largest difference is {worst:.2f}."
    if corrected is not None and corrected <= ACCEPTABLE:
        return (
            f"Matching alone leaves a difference of {worst:.2f}, above the {ACCEPTABLE:.2f} that is acceptable; once what is left"
            f" is corrected for, none is above {max(corrected, 0.01):.2f}."
        )
    return f"Not well enough: after matching the largest difference is {worst:.2f}, above the {ACCEPTABLE:.2f} that is acceptable."


def moves(main: Row | None, others: Sequence[Row]) -> str:
    """How far the headline moves across other reasonable ways of working it out.

    The difference had nobody joined later is the headline's own, made larger: it would agree whatever it was, so it is not counted.
    """
    known = [row for row in others if row["estimate"] is not None and row.get("method") != UNDILUTED]
    if main is None or main["estimate"] is None or not known:
        return "No other way of working it out could be computed."
    low, high = (pick(row["estimate"] for row in (main, *known)) for pick in (min, max))
    none = no_difference(main["scale"])
    codes = [_side(row, none) for row in known]
    same = sum(code == _side(main, none) for code in codes)
    places = 2 if main["scale"] == "ratio" else points(*(row["estimate"] for row in (main, *known)))
    return (
        f"Worked out in {len(known)} other reasonable way{'' if len(known) == 1 else 's'} the difference lies between {signed(low, places)} and"
        f" {signed(high, places)}; {same} of {len(known)} give the same verdict."
    )


def _side(row: Row, none: float) -> int:
    """-1 with the whole interval below no difference, 1 above it, 0 otherwise."""
    if row["lower"] is None or row["upper"] is None:
        return 0
    return -1 if row["upper"] < none else 1 if row["lower"] > none else 0


def unseen(code: str, rows: Sequence[Row]) -> list[str]:
    """What it would take for something unrecorded to explain the difference away, where there is one."""
    if code not in ("fewer", "more"):
        return ["The interval already holds no difference: nothing unrecorded is needed to explain it."] if rows else []
    said = []
    for row in rows:
        if row["value"] is None:
            continue
        if row["measure"] == "e_value":
            said.append(
                f"E-value {row['value']:.2f}: something unrecorded would have to be {row['value']:.2f} times as common on one"
                " side, and raise the risk of reoffending as much, to explain the difference away."
            )
        elif row["measure"] == "e_value_limit":
            said.append(f"To move the interval to no difference it would have to be {row['value']:.2f} times.")
        elif row["measure"] == "rosenbaum":
            said.append(
                f"Rosenbaum bound {row['value']:.2f}: the verdict would stand if something unrecorded made people like each"
                f" other up to {row['value']:.2f} times as likely to take part."
            )
    return said


def sooner(effect: Row, days: int) -> str:
    """The restricted mean difference: 'Within 12 months they went 292 days without reoffending, similar people 285 …'."""
    lower, upper = effect["lower"], effect["upper"]
    if None in (effect["estimate"], lower, upper):
        return ""
    ours, theirs = both(effect)
    said = (
        f"On average people went {ours} days without reoffending{within(days)}, similar people"
        f" {theirs}{_rounded_alike(effect, ours, theirs)}. {span(effect)}"
    )
    return said if lower > 0 or upper < 0 else f"{said} {NOT_TOLD}"


def hazard(effect: Row, days: int) -> str:
    """A hazard ratio in plain words: how many times as likely somebody who has not yet reoffended is to do so next."""
    middle, lower, upper = effect["estimate"], effect["lower"], effect["upper"]
    if None in (middle, lower, upper):
        return ""
    low, mid, high = ends(lower, middle, upper, 2, none=1.0)
    said = (
        f"At any time{within(days)}, those of them who had not yet reoffended were {mid} times as likely to do so"
        f" as similar people (hazard ratio, 95% interval {low} to {high})."
    )
    if lower > 1:
        said += " They reoffended sooner."
    elif upper < 1:
        said += " They reoffended later, or not at all."
    else:
        said += f" {NOT_TOLD}"
    return f"{said} It is one figure for the whole time: the difference may have been larger early and smaller late."


def log_rank(p_value: float | None) -> str:
    """Whether two curves differ by more than chance: by the log-rank test, where its p-value is published."""
    if p_value is None:
        return ""
    p = "p below 0.001" if p_value < 0.001 else f"p = {p_value:.3f}" if p_value < 0.0995 else f"p = {p_value:.2f}"
    if p_value < 0.05:
        return f"The two curves differ by more than chance (log-rank test, {p})."
    return f"The two curves cannot be told apart (log-rank test, {p}); curves that cross can differ and pass it."


def came_first(ends: Mapping[tuple[str, str], float], days: int) -> str:
    """What came first by the end, in both groups: shares by (arm, cause), side by side, with no difference claimed."""
    parts = [
        f"{CAUSES[cause]} for {_n(ends['treated', cause], 0)}% and {_n(ends['comparison', cause], 0)}%"
        for cause in CAUSES
        if ("treated", cause) in ends
        and ("comparison", cause) in ends
        and max(ends[arm, cause] for arm in BOTH) >= SMALL
    ]
    if not parts:
        return ""
    listed = parts[0] if len(parts) == 1 else f"{'; '.join(parts[:-1])}; and {parts[-1]}"
    return f"What came first{within(days)}, among those who took part and among similar people: {listed}."


def diluted(rows: Sequence[Row], effect: Row) -> str:
    """How many of the comparison group join later, and what the difference would be had none: said without an interval."""
    found = {row["measure"]: row["value"] for row in rows if row["value"] is not None}
    if "joined_later" not in found or found["joined_later"] < 0.5:
        return ""
    said = f"Of the similar people {_n(found['joined_later'], 0)}% joined within the follow-up, which hides part of any difference."
    plain = effect["estimate"]
    if "undiluted" in found and plain is not None and abs(found["undiluted"]) >= abs(plain):
        said += (
            f" Had nobody joined, and did it work as well for them, {signed(plain, 1)} would be about"
            f" {signed(found['undiluted'], 1)}; the verdict does not rest on that."
        )
    return said


def before_after(row: Row) -> str:
    """A before and after figure, whose sentence can never say that a scheme reduced anything."""
    if row["change"] is None:
        return f"There is no before and after figure ({row['reason']}). {ALONE_PROVES_NOTHING}"
    when = f", as of {row['fixed_date']:%-d %B %Y}" if row.get("fixed_date") else ""
    who = f"{row['people']:,} people{when}: offences" if row.get("people") else "Offences"
    same = f"{who} for each year at liberty in the year after, beside the year before, "
    lower, upper = row.get("change_lower"), row.get("change_upper")
    if lower is None or upper is None:
        return f"{same}changed by {percent(row['change'])} (no interval). {ALONE_PROVES_NOTHING}"
    low, mid, high = ends(lower, row["change"], upper, 0)
    way = f"were {'lower' if upper < 0 else 'higher'}" if upper < 0 or lower > 0 else "cannot be told apart"
    return f"{same}{way}: {mid}% (95% interval {low}% to {high}%). {ALONE_PROVES_NOTHING}"


def percent(value: float) -> str:
    """A change in per cent with its sign."""
    return f"{signed(value, 0)}%"


def expected_line(row: Row) -> str:
    """Observed minus expected reoffending in words, for a figure of the release."""
    value, lower, upper = row["value"], row["lower"], row["upper"]
    if value is None:
        return f"Observed against expected reoffending is not shown ({row['reason']})."
    who = f"{row['whose']}: " if row.get("whose") else ""
    if few(row):
        said = "Too few people to judge whether reoffending is what their history leads us to expect"
    elif lower is None or upper is None or lower <= 0 <= upper:
        said = "Reoffending cannot be told apart from what people's history leads us to expect"
    else:
        said = f"Reoffending is {'below' if upper < 0 else 'above'} what people's history leads us to expect"
    size, bounds = on_interval(value, lower, upper)
    within_it = f" (95% interval {bounds})" if bounds else ""
    start = f"{who}{said[:1].lower()}{said[1:]}" if who else said
    return f"{start}: {size} percentage points{within_it}. {MAY_REFLECT_SELECTION}"


def decimals(*values: float) -> int:
    """As few decimals as let no figure other than nought read as nought."""
    small = [abs(value) for value in values if value]
    if not small or min(small) >= 1:
        return 0
    return 1 if min(small) >= 0.05 else 2


OWN_SCALES = (
    "Each line is drawn on a scale of its own; the upright in its middle is no difference. Less is better, but for days without"
    " reoffending, where more is."
)
CURVE_AS_MATCHED = (
    "The curves are of the matched groups as they are; the figures above also correct for what matching left unlike, so the"
    " ends of the curves may differ from them."
)
"""Two values of one quantity are explained where both are shown."""
MOST_PLACES = 9


def _n(value: float, places: int) -> str:
    return f"{value:,.{places}f}"


def off_nought(value: float, places: int, none: float = 0.0) -> int:
    """As many decimals, `places` or more, as keep a number from reading as no difference where it is not that."""
    while places < MOST_PLACES and value != none and round(value, places) == none:
        places += 1
    return places


def _off(value: float, places: int) -> str:
    return _n(value, off_nought(value, places))


def ends(lower: float, middle: float, upper: float, places: int, none: float = 0.0) -> tuple[str, str, str]:
    """An interval and what lies in it, no end of which reads as no difference where all of it lies on one side of that.

    Differences (none 0) have their sign; ratios (none 1) have none.
    """
    apart = lower > none or upper < none
    low, mid, high = (
        _n(value, found) if none else signed(value, found)
        for value in (lower, middle, upper)
        for found in [off_nought(value, places, none) if apart else places]
    )
    return low, mid, high


def points(*values: float | None) -> int:
    """Decimals of differences: one, or none where every one of them is whole, as the open level rounds them."""
    return 0 if all(value is None or float(value).is_integer() for value in values) else 1


def on_interval(value: float, lower: float | None, upper: float | None) -> tuple[str, str]:
    """A difference and its interval with their signs, in as many decimals as both have: ('+9.8', '+1.6 to +17.9')."""
    places = points(value, lower, upper)
    if lower is None or upper is None:
        return signed(value, places), ""
    low, mid, high = ends(lower, value, upper, places)
    return mid, f"{low} to {high}"


def signed(value: float, places: int) -> str:
    """A difference with its sign, and a true minus; what reads as nought has none."""
    return "0" if not round(value, places) else f"{value:+.{places}f}".replace("-", "\u2212")


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
