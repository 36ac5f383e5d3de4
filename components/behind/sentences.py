"""What lies behind a figure, in words: early sight, why it moved, concentration, and others' figures. Knows no Streamlit.

Nothing here says that anything caused anything: a part of a change goes with what it is named after, and no more.
"""

from collections.abc import Mapping, Sequence

from components.verdicts import off_nought
from components.words.figures import Row, interval, number, usual, with_unit
from components.words.sentences import listed, period_in_sentence

PARTS = {"mix": "Caseload mix", "custody": "Custody", "season": "Season", "remainder": "Remainder"}
MEANS = {
    "mix": "more or fewer young adults, people with long histories, and people just released",
    "custody": "more or fewer days at liberty, and offences committed in custody",
    "season": "which quarters of the year are compared",
    "remainder": "what none of these accounts for",
}
NOT_THE_SCHEME = (
    "The remainder holds all that was not measured: how people behave, what is detected and recorded, who is selected. It is "
    "not the effect of the scheme."
)
ROUNDED = "At the open level each part is rounded by itself, so that the parts may not add up to the last digit."
EXACT = "The parts add up exactly to the change."
WHAT_THE_LINES_ARE = (
    "A nowcast's interval says where the final figure will lie. A final figure's band says how far chance in who reoffended goes. "
    "They answer different questions: neither is always the wider."
)
NO_FINAL = "No final figure of these people is shown at this level to stand beside it."
PROVISIONAL = "A nowcast is provisional: no change and no target is judged by it."
SIGHT_KEY = "Filled: final. Hollow with a dashed line: nowcast, provisional, on its 95% interval. Short level line: proven so far."
SIGHT_KEY_OPEN = "Filled: final. Hollow with a dashed line: nowcast, provisional, on its 95% interval."
OPEN_BY_PLACE = (
    "The open level has this for all districts together only: few people stand behind a district, and what is worked out "
    "for them could be traced back to them."
)
OPEN_FEW = "The open level shows it only where 30 people or more stand behind it."
NO_COHORT = (
    "It is worked out for people who began or were sentenced in the area or on a scheme, followed for 12 months, where 30 "
    "or more stand on both sides."
)
NO_SIGHT = "No cohort of this kind is unfinished and old enough: one must have ended 90 days before the data do."
NOT_PEOPLE = (
    "Those at the top of one year are mostly not those of the next: this describes a list and foretells nobody."
)
SHORT_OF = (
    "The top 0.5%: below some 1,500 people its interval is too narrow. In trials it held the truth in 84 to 88 of 100 with 200 people, "
    "89 with 600, 96 with 1,700 and 98 to 99 with 5,700."
)
WITHHELD = (
    "{who}: hidden to protect people. The open level shows it only where 30 people or more make up the group, and one or two "
    "of them did not commit most of its offences."
)
TOPS = {"top_0.5": "Top 0.5% of people", "top_10": "Top tenth of people"}
WHO_IS_COUNTED = "Everybody in the area with an offence proven in the period, children and adults together."
NO_CONCENTRATION = (
    "This release holds no proven offences by person, so nothing can be said of how few commit most of them."
)
NOBODY_ELSE = (
    "No other partnership's open release has been taken in, so there is nobody to stand beside on the same definition."
)
NO_YEAR = "This release holds no complete year of these people, so no other area can stand beside them."
NATIONAL = "Context only: these are not held to our definition, so no difference from them is worked out."
NO_NATIONAL = "The release holds no published figure of this measure for these people."
NOT_RANKED = "In order of name. Areas have different caseloads, and select differently: this is not a ranking."


WATERFALL_KEY = "Each part starts where the one before it ended. Filled: told from chance; pale: not. Thin lines and bars: 95% intervals. The scale need not begin at nought."


def sight_key(rows: Sequence[Row]) -> str:
    """What the marks of the chart of early sight are."""
    return SIGHT_KEY if any(row["seen_so_far"] is not None for row in rows) else SIGHT_KEY_OPEN


def sight_notes(final: Sequence[Row], rows: Sequence[Row]) -> list[str]:
    """Under the chart of early sight: its marks, what its intervals mean, and what is missing."""
    compared = [WHAT_THE_LINES_ARE] if final else [NO_FINAL]
    return [sight_key(rows), *compared, *missing(rows)]


def held(row: Row) -> str:
    """How often the interval held what became final: 'the interval held what became final in 26 of 27 earlier cohorts'."""
    trials = int(row["backcasts"])
    if row["coverage"] is None or not trials:
        return "it has not been tried on earlier cohorts"
    return f"the interval held what became final in {round(row['coverage'] * trials / 100)} of {trials} earlier cohorts"


def early(row: Row, who: str) -> str:
    """A nowcast in a sentence, marked provisional, with how far it can be trusted; or why there is none."""
    when = period_in_sentence(row["period_label"])
    if row["value"] is None:
        return f"There is no early sight of {when}, {who}: {row['reason']}."
    bounds = f" (95% interval {interval(row)})" if interval(row) else ""
    return f"Provisional: of {who}, {when} is likely to come to {with_unit(row['value'], row)}{bounds}; {held(row)}."


def missing(rows: Sequence[Row]) -> list[str]:
    """The unfinished cohorts that have no nowcast, with the reason, the same reason told once."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if row["value"] is None:
            found.setdefault(str(row["reason"]), []).append(str(row["period_label"]))
    return [f"No nowcast for {listed(labels)}: {reason}." for reason, labels in found.items()]


def signed(value: float, row: Row) -> str:
    """A difference with its sign, as it is shown: '+1.2', a true minus, '0' for none."""
    said = number(abs(value), row).removesuffix("%")
    if not said.strip("0."):
        return said
    sign = "+" if value > 0 else "\u2212"
    return f"{sign}{said}"


def sized(row: Row) -> str:
    """A change with its unit and interval; no end reads as nought where the whole interval lies on one side of it."""
    size, *bounds = (_off_nought(row[end], row) for end in ("value", "lower", "upper"))
    return f"{size} {unit_of_change(row)} (95% interval {bounds[0]} to {bounds[1]})"


def _off_nought(value: float, row: Row) -> str:
    places = usual(row["unit"]) if row.get("decimals") is None else row["decimals"]
    return signed(value, {**row, "decimals": off_nought(value, places)} if sure(row) else row)


def unit_of_change(row: Row) -> str:
    """What a change is counted in."""
    return "percentage points" if row["unit"] == "%" else str(row["unit"])


def sure(row: Row) -> bool:
    """Whether an interval lies on one side of no difference."""
    return row["lower"] is not None and row["upper"] is not None and (row["lower"] > 0 or row["upper"] < 0)


def moved(parts: Mapping[str, Row]) -> str:
    """The change between two cohorts: how far, between what limits, and whether it is more than chance."""
    before, after, change = (parts[name] for name in ("before", "after", "change"))
    first, last = period_in_sentence(before["from_label"]), period_in_sentence(before["to_label"])
    ends = f"from {number(before['value'], before)} ({first}) to {number(after['value'], after)} ({last})"
    size = sized(change)
    if not sure(change):
        return f"It went {ends}, {size}: we cannot tell this from chance."
    return f"It {'rose' if change['value'] > 0 else 'fell'} {ends}, {size}."


def accounts(parts: Mapping[str, Row]) -> str:
    """Which of the measured parts go with the change beyond chance, and which cannot be told."""
    known = [(name, row) for name, row in parts.items() if name in PARTS and row["value"] is not None]
    clear = [(name, row) for name, row in known if sure(row)]
    if not clear:
        return "No part of it can be told from chance."
    said = [f"{PARTS[name].lower()} goes with {_off_nought(row['value'], row)}" for name, row in clear]
    rest = [PARTS[name].lower() for name, row in known if not sure(row)]
    tail = f"; what goes with {listed(rest)} cannot be told from chance" if rest else ""
    text = f"{listed(said)}{tail}."
    return f"{text[:1].upper()}{text[1:]}"


def untold(parts: Mapping[str, Row]) -> list[str]:
    """The parts that cannot be told apart, with the reason that the release gives."""
    return [f"{PARTS[name]}: {row['reason']}." for name, row in parts.items() if name in PARTS and row["value"] is None]


def change_of(title: str, who: str) -> str:
    """What the section on a change is about."""
    return f"{title}: {who}; the change between two cohorts, in parts."


def waterfall_notes(parts: Mapping[str, Row], level: str) -> list[str]:
    """What the marks are, which parts are missing and why, how the parts add up, and what the remainder is not."""
    return [WATERFALL_KEY, *untold(parts), EXACT if level == "partnership" else ROUNDED, NOT_THE_SCHEME]


def concentrated(top: Row | None, when: str) -> str:
    """How much of proven offending is by the top tenth, and how much of that would be chance."""
    if top is None:
        return f"How much of the offending was by the top tenth is not shown for {period_in_sentence(when)}."
    by_chance = number(top["by_chance"], top)
    text = (
        f"Of the offences proven in {period_in_sentence(when)}, {number(top['value'], top)} were by a tenth of the people with any"
        f" (95% interval {interval(top)}); if all were equally likely to offend, chance alone would make it {by_chance}."
    )
    return text if top["lower"] > top["by_chance"] else f"{text} We cannot tell this from chance."


def few_made_most(row: Row) -> str:
    """The caution on a share that one or two people make."""
    return f"{TOPS[row['measure']]}: one or two people committed most of these offences, so it says little of anybody else."


def beside(others: int, left_out: int, known: bool = True) -> str:
    """How many other areas stand beside ours, and how many could not; or that ours is not known."""
    if not known:
        return NO_YEAR
    areas = "one other area's open release" if others == 1 else f"the open releases of {others} other areas"
    stand = f"Beside {areas}, on the same definition and version." if others else NOBODY_ELSE
    if not left_out:
        return stand
    gone = "One release was left out" if left_out == 1 else f"{left_out} releases were left out"
    none = "No other area can stand beside ours." if not others else stand
    return f"{none} {gone}: another definition, version or follow-up than ours."


def answer(found: Mapping[str, Mapping[str, Row]], latest: Row | None, title: str, who: str) -> str:
    """The page's answer: how far the latest change can be told from chance, and what the latest cohort is likely to come to."""
    said = []
    if found:
        change = next(iter(found.values()))["change"]
        size = sized(change)
        first, last = period_in_sentence(change["from_label"]), period_in_sentence(change["to_label"])
        side = "higher" if change["value"] > 0 else "lower"
        apart = (
            f"{last} was {side} than {first}, by more than chance"
            if sure(change)
            else f"{last} cannot be told apart from {first}"
        )
        said.append(f"{apart}, {size}")
    if latest is not None:
        when = period_in_sentence(latest["period_label"])
        bounds = f" (95% interval {interval(latest)})" if interval(latest) else ""
        said.append(f"{when} is likely to come to {with_unit(latest['value'], latest)}{bounds}, provisionally")
    if not said:
        return (
            f"{title}, {who}: no change is taken apart and nothing is foretold for this choice; what is known is below."
        )
    return f"{title}, {who}: {'; '.join(said)}."


def no_sight(rows: Sequence[Row], level: str, place: str) -> list[str]:
    """Why no unfinished cohort has a nowcast."""
    if level == "open":
        return [OPEN_BY_PLACE if place else OPEN_FEW]
    return missing(rows) or [NO_SIGHT]


def no_change(level: str, place: str) -> list[str]:
    """Why no change is taken apart."""
    return [OPEN_BY_PLACE if level == "open" and place else NO_COHORT]


def tops_notes(measures: Mapping[str, Row]) -> list[str]:
    """What the shares of the most active rest on: chance, who is hidden, and what one or two people make."""
    said = ["Dashed line: what chance alone would give if all were equally likely to offend.", NOT_PEOPLE]
    for name, who in TOPS.items():
        row = measures.get(name)
        if row is None:
            said.append(WITHHELD.format(who=who))
        elif row["dominated"]:
            said.append(few_made_most(row))
    return [*said, SHORT_OF] if "top_0.5" in measures else said
