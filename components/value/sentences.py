"""What a scheme or programme cost and what that bought, in words. Knows nothing of Streamlit.

A sentence is made from the verdict and the figures together, and refuses to be made where the two disagree: the words
can never say more than the interval does. Every pound names its price year.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from components.verdicts import decimals
from metrics.value.break_even import NO_COST as NO_COST_RECORDED
from metrics.value.break_even import one_in_words

Row = Mapping[str, Any]
"""A row of the release's `break_even`, `value_for_money` or `value_parameter` table, as its reader gives it."""

BASES = {"opportunity": "All that was given", "cash": "Additional cash alone"}
"""Both bases always stand together, in this order."""
COUNTING = {
    "opportunity": "counting all that was given, lent posts and mainstream money with it",
    "cash": "counting additional cash alone",
}
SYMBOLS = {"past": "●", "cannot_tell": "◆", "short": "▲", "cannot": "■", "free": "◇", "not_available": "○"}
SHORT = {
    "past": "Already past break-even",
    "cannot_tell": "Cannot tell",
    "short": "Short of break-even",
    "cannot": "Cannot break even",
    "free": "Free in cash",
    "not_available": "Not available",
}
"""A verdict as a label beside its symbol: a word and a shape, never a colour alone."""
OPENING = "Cost / unit cost of an offence = offences to avert."
FREE_IS_NOT_WORTH = "That it asks for no cash does not show that it prevents anything: what was lent to it could have been used elsewhere."
NOT_PROOF = "This does not mean that it does not pay."
EXPECTED = {
    "comparison": "The offences expected without it are those of similar people who were not on it.",
    "history": "There is no comparison group: the offences expected without it are those of its people's own history, less the"
    " fall that follows anybody's worst year.",
}
NO_COST = (
    "No cost of it is recorded for this year, so there is nothing to set against what it prevented. The analyst's desk takes"
    " costs in a form or a workbook (page Costs); they come into the next release."
)
NOTHING = (
    "This release holds neither spending nor people managed: load the costs and the scheme's caseload, or enter costs at the"
    " analyst's desk (page Costs), and publish again."
)
NEVER_ADDED = (
    "Public budgets stand alone above; what businesses and households gain, and harm that no budget holds, stand apart below, and"
    " are never added to it: a pound that a budget saves and a pound of harm avoided are not the same pound."
)
WHAT_IF = "Move anything: the figures follow, the address keeps it, and a link to it shows the same."
TRIED = "As the sliders stand"
NAME_TAKEN = "That name is beside already: give another."
NOT_A_NAME = (
    "Not a name that may stand in an address: plain words and at most one number below 1,000, 24 letters in all."
)
FULL = "Three scenarios stand beside: take one away to put another there."
NOTHING_MOVED = "Move a slider first: as published always stands first."
SUPPOSED = "Where the effect was moved it is taken as known: what stands there is what would follow if it were so, not what was found."
MOVED_IS_KNOWN = (
    "A slider that is moved is taken as known; one left alone keeps its published value with its whole range. A scenario"
    " changes nothing that is published: it stands in the page's address and in the download."
)
BAND_NOTES = (
    "Bands of the Department for Transport, made for roads and rails: a share of draws in each, never a name alone.",
)
MOVES = "Net present value to everybody with one assumption moved to either end of its range, all else as it stands; the widest first."
WOULD_HAVE = "Each assumption alone, at the value where everybody's gain just meets all the costs."
EACH = (
    "Different projects work with different people: a plain cost for each is never compared. Beside it stands the same people's"
    " cost on average."
)
MEMORY = "from memory or the press, not checked against the original"


def verdict(row: Row, name: str) -> str:
    """The verdict on one basis as one plain sentence."""
    agree(row)
    code, year = row["verdict"], row["period"]
    if code == "not_available":
        return f"Whether {name} paid for itself in {year} is not available: {row['reason']}."
    if code == "free":
        return f"{name} cost no additional cash in {year}, so that on cash alone there is nothing to pay back."
    need = share(row["needed"])
    if code == "cannot":
        return (
            f"{name} could not pay for itself in {year} through the offences it prevents: it would have to prevent {need} of those"
            f" expected{_even_then(row)}, and there are no more than all of them."
        )
    seen = found(row)
    if row["needed"] > 100:
        need = f"{need} (more than all, at the middle of the unit cost; {share(least_needed(row))} at its high end)"
    if code == "past":
        return f"{name} has already paid for itself in {year}: it had to prevent {need} of the offences expected, and {seen}."
    if code == "short":
        return f"{name} fell short of paying for itself in {year}: it had to prevent {need} of the offences expected, and {seen}."
    return (
        f"We cannot tell whether {name} paid for itself in {year}: it had to prevent {need} of the offences expected, and {seen}."
        f" {NOT_PROOF}"
    )


def agree(row: Row) -> None:
    """Refuse a verdict that the figures do not bear out."""
    need, lower, upper = row["needed"], row["lower"], row["upper"]
    before = "counted" not in row  # a release made before the range of the unit cost was looked at
    known = need is not None and lower is not None and upper is not None
    borne_out = {
        "past": known and need <= 100 and lower >= need,
        "short": known and least_needed(row) <= 100 and upper < need,
        "cannot_tell": known and least_needed(row) <= 100,
        "cannot": need is None or (need if before else least_needed(row)) > 100,
        "free": row["cost"] == 0,
        "not_available": bool(row["reason"]),
    }
    if not borne_out[row["verdict"]]:
        raise ValueError(f"the verdict {row['verdict']} is not borne out by what was needed and seen")


def least_needed(row: Row) -> float:
    """What is needed where an offence costs as much as the high end of its range."""
    high = row["unit_cost_high"] or 0.0
    unit = row["unit_cost"] or 0.0
    return float(row["needed"] * unit / high) if high > unit else float(row["needed"])


def _even_then(row: Row) -> str:
    """' (124% even at the high end of the unit cost)', where that is another figure."""
    least, need = share(least_needed(row)), share(row["needed"])
    return "" if least == need or least_needed(row) <= 100 else f" ({least} even at the high end of the unit cost)"


def found(row: Row) -> str:
    """What the comparison found, with its interval: 'the comparison found 4% to 22% fewer (95% interval)'."""
    lower, upper = row["lower"], row["upper"]
    if lower < 0 < upper:
        ends = f"anything from {share(-lower)} more to {share(upper)} fewer"
    elif upper <= 0:
        ends = f"{share(-upper)} to {share(-lower)} more"
    else:
        ends = f"{share(lower)} to {share(upper)} fewer"
    if row.get("counted", 1.0) != 1:  # a release made before it was told apart counts all
        return f"of what the comparison found, {ends} counts (95% interval; displacement, deadweight and attribution taken off)"
    return f"the comparison found {ends} (95% interval)"


def answer(rows: Mapping[str, Row], name: str) -> str:
    """The page's answer: the verdict on all that was given, and in a few words that on cash alone where it differs."""
    if not rows:
        return f"Whether {name} pays is not available: no cost of it is recorded."
    ordered = [rows[basis] for basis in BASES if basis in rows]
    first = ordered[0]
    said = verdict(first, name)
    if len(ordered) == 1 or ordered[1]["verdict"] == "not_available":
        return said
    agree(ordered[1])
    if ordered[1]["verdict"] == first["verdict"]:
        return f"{said} The same holds {COUNTING['cash']}."
    short = {
        "past": "it is already past break-even",
        "cannot_tell": "we cannot tell",
        "short": "it is short of break-even",
        "cannot": "it could not break even either",
        "free": "there is nothing to pay back, which does not show that it prevents anything",
    }
    return f"{said} {COUNTING['cash'].capitalize()}, {short[ordered[1]['verdict']]}."


def one_in(row: Row) -> str:
    """The sentence that every councillor understands."""
    need = row["needed"]
    if need is None:
        return ""
    if row["cost"] == 0:
        return free(row)
    if need > 100:
        least = least_needed(row)
        if least <= 100:
            return (
                "At the middle of the unit cost it would not pay even if it prevented all of the offences expected; at its high end"
                f" it pays if it prevents {one_in_words(least)} of them."
            )
        return "It would not pay even if it prevented all of the offences expected."
    return f"It pays if it prevents {one_in_words(need)} of the offences expected."


def free(row: Row) -> str:
    """What costs no cash has none to pay back, which shows no gain; with what was found, which may be harm."""
    if row["observed"] is None:
        return f"There is no cash to pay back. {FREE_IS_NOT_WORTH}"
    harm = ": it did harm, and is no gain for asking for no cash" if row["upper"] < 0 else ""
    seen = found(row)
    return f"There is no cash to pay back. {FREE_IS_NOT_WORTH} {seen[:1].upper()}{seen[1:]}{harm}."


def opening(row: Row) -> str:
    """Cost / unit cost = offences to avert, in figures: '£412,000 / £3,350 = 123 offences to avert'."""
    if row["cost"] is None or row["unit_cost"] is None or row["offences_to_avert"] is None:
        return ""
    return (
        f"{pounds(row['cost'])} / {pounds(row['unit_cost'])} = {count(row['offences_to_avert'])} offences to avert"
        f" ({row['price_year']} prices)"
    )


def out_of(row: Row) -> str:
    """How many offences were expected, of how many people, and by what."""
    if row["expected"] is None:
        return ""
    who = f" of the {row['people']:,} people" if row["people"] else ""
    times = "" if row["multiplier"] == 1 else f", counting {row['multiplier']:g} crimes for each proven reoffence"
    return f"{count(row['expected'])} offences were expected{who} in the year without it{times}. {EXPECTED[row['expected_basis']]}"


def set_up(row: Row) -> str:
    """What was spent before anybody was helped: shown, and left out."""
    parts = [(row["set_up"], "on setting it up, which is left out of break-even")]
    return " ".join(f"{pounds(value)} was spent {what} ({row['price_year']} prices)." for value, what in parts if value)


def unit_cost_warnings(row: Row) -> list[str]:
    """What must be said of the unit cost wherever it is used: unchecked figures, and offences that have none."""
    said = []
    if row["share_unchecked"]:
        said.append(
            f"Unit costs of {share(100 * row['share_unchecked'])} of the offences are {MEMORY}: read every figure that rests on them so."
        )
    if row["share_without_unit_cost"]:
        said.append(
            f"{share(100 * row['share_without_unit_cost'])} of the offences have no published unit cost and are valued at nothing: what it prevents is"
            " worth more than is shown."
        )
    if row["unit_cost_low"] is not None and row["unit_cost_high"] is not None:
        said.append(
            f"One offence of this mix costs {pounds(row['unit_cost'])}, between {pounds(row['unit_cost_low'])} and"
            f" {pounds(row['unit_cost_high'])} ({row['price_year']} prices)."
        )
    return said


def share(value: float) -> str:
    """A percentage in as few decimals as tell it from nought."""
    said = f"{abs(value):,.{decimals(value)}f}"
    return f"{'' if value >= 0 or not float(said.replace(',', '')) else chr(0x2212)}{said}%"


def pounds(value: float) -> str:
    """Pounds in words: to the pound below a million, else in millions to two decimals."""
    size = abs(value)
    sign = "\u2212" if value < 0 and size >= 0.005 else ""
    if size >= 1_000_000:
        return f"{sign}£{size / 1_000_000:,.2f}m"
    return f"{sign}£{size:,.0f}" if size >= 10 or size < 0.005 or size == round(size) else f"{sign}£{size:,.2f}"


def count(value: float) -> str:
    """Offences or people: whole from ten, else to one decimal."""
    return f"{value:,.0f}" if round(abs(value), 1) >= 10 or value == round(value) else f"{value:,.1f}"


def years(value: float | None) -> str:
    """A payback: a number of years, or never. Where nothing was spent there is none."""
    if value is None:
        return "never"
    return "nothing to pay back" if value <= 0 else f"{value:,.1f} years" if round(value, 1) != 1 else "1 year"


def chance(value: float) -> str:
    """A probability, never said as surer than it is: no 0% and no 100% from draws."""
    if value < 0.01:
        return "less than 1%"
    return "more than 99%" if value > 0.99 else f"{100 * value:.0f}%"


def joined(parts: Sequence[str]) -> str:
    """'a, b and c'."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def scenario_notes(found: Sequence[Any]) -> list[str]:
    """What must be said under scenarios side by side."""
    years = sorted({one.even.price_year for one in found})
    apart = [f"These columns are in pounds of {joined(years)}: only amounts of one year can be set beside each other."]
    return [
        *(apart if len(years) > 1 else []),
        MOVED_IS_KNOWN,
        *([SUPPOSED] if any(one.supposes_the_effect for one in found) else []),
    ]


IF_SO = {"past": "would pay", "short": "would fall short", "cannot": "could not pay", "free": "nothing to pay back",
         "cannot_tell": "cannot tell", "not_available": "not available"}  # fmt: skip


def outcome_word(code: str, supposed: bool) -> str:
    """A scenario's break-even as a word: a finding's own where the effect is as found, else what would follow."""
    return f"if so, {IF_SO[code]}" if supposed else SHORT[code]


def worth(ratio: Row | None, breaking_even: Row | None, harm: Row | None) -> str:
    """How sure it is, in one sentence."""
    if breaking_even is None or breaking_even["value"] is None:
        return "How sure it is cannot be worked out: there is no interval to draw from."
    back = "" if ratio is None or ratio["value"] is None else _back(ratio)
    worse = (
        f" In {chance(harm['value'])} of draws it prevents nothing or does harm."
        if harm is not None and harm["value"]
        else ""
    )
    return f"{back}In {chance(breaking_even['value'])} of draws what everybody gains meets the running costs.{worse}"


def sure_notes(draws: int) -> list[str]:
    """What must be said under how sure it is, with how many draws this level of the release was published with."""
    return [
        f"{draws:,} draws over the comparison's interval, unit costs, costs and how long the effect lasts; the same seed gives the same"
        " figures. Choices of what to count (crimes for each proven reoffence, displacement, deadweight, attribution) are not drawn.",
        "Everybody counts public budgets, businesses, households and harm. Public budgets alone lie within it: the two are never added.",
    ]


def _back(ratio: Row) -> str:
    ends = "" if ratio["lower"] is None else f" ({pounds(ratio['lower'])} to {pounds(ratio['upper'])} in 95% of draws)"
    return f"Best estimate: {pounds(ratio['value'])} of gain to everybody for each £1 spent{ends}. "


def purse(gains: Sequence[Row], not_attributed: Row | None) -> list[str]:
    """What must be said under who pays and who gains."""
    said = [NEVER_ADDED]
    if any(row["value"] is not None and row["value"] < 0 for row in gains):
        said.append("Hatched bars are losses: more offences were committed than expected.")
    if not_attributed is not None and not_attributed["value"] and abs(not_attributed["value"]) >= 1:
        said.append(
            f"{pounds(not_attributed['value'])} of gain is not told apart by any source, and stands in no panel."
        )
    return said


def evidence(about: Row | None) -> str:
    """On which comparison it rests, and how strong that is."""
    if about is None:
        return "No matched comparison stands behind this."
    grade = "" if about["grade"] is None else f", level {about['grade']} of 5 on the Maryland scale"
    return f"The effect is that of the comparison “{about['title']}” on the page Schemes ({about['analysed'] or 0:,} people analysed{grade})."


def in_prices(row: Row | None, said: str = "") -> str:
    """What a section says, and the price year that every amount of it is in."""
    return " ".join(one for one in (said, f"Pounds of {row['price_year']}." if row else "") if one)


def coarse(level: str) -> list[str]:
    """That the open level's figures are no surer than the rounded ones that they are worked out from."""
    if level != "open":
        return []
    return [
        "At the open level costs are known to two figures, people to the nearest 5 and effects are rounded outward. What is worked out"
        " from them is shown as it comes: read no pound here to more than two figures."
    ]


def log(parameters: Sequence[Row]) -> str:
    """How the figures behind the page were read, in a sentence."""
    if not parameters:
        return "This release holds no parameters."
    ways = {"original": "checked against the original", "copy": "from a copy", "press": "as the press quoted them", "memory": "from memory",
            "assumption": "assumed", "local": "this partnership's own"}  # fmt: skip
    counted = [(sum(row["read"] == way for row in parameters), said) for way, said in ways.items()]
    return f"{len(parameters):,} figures stand behind this page: {joined([f'{many:,} {said}' for many, said in counted if many])}."


def no_value(name: str, why: str, level: str) -> list[str]:
    """In place of costs and benefits: why there are none, and what would bring them."""
    said = [f"What {name} is worth in pounds is not available: {why}."]
    if why == NO_COST_RECORDED:
        said.append(NO_COST)
    if level == "open":
        said.append(
            "At the open level it is shown only for 30 people or more, in coarse steps; the partnership level may hold it."
        )
    return said


def caution(taken: Row | None, added: Row | None, about: Row | None) -> list[str]:
    """Why costs and benefits look worse than break-even: what is taken off and added because the evidence is weak."""
    parts = [
        f"{pounds(row['value'])} ({row['price_year']} prices) is {what}"
        for row, what in ((taken, "taken off what it gained"), (added, "added to what it cost"))
        if row is not None and row["value"]
    ]
    if not parts:
        return []
    level = f" (level {about['grade']} of 5)" if about and about["grade"] is not None else ""
    return [
        f"Break-even above takes the figures as they were found. Here {joined(parts)}, because evidence of this strength{level} has"
        " proved too hopeful elsewhere (optimism bias)."
    ]


def effect_at(now: float, found_at: float, lower: float, upper: float) -> str:
    """Where the effect stands, in offences for each 100 people, beside what was found."""
    ends = f"{_averted(found_at)} offences for each 100 people (95% interval {_averted(lower)} to {_averted(upper)})"
    if now == found_at:
        return f"The effect stands as it was found: {ends}."
    return f"The effect is supposed to be {_averted(now)} offences for each 100 people; what was found is {ends}."


def _averted(per_100: float) -> str:
    return f"{count(abs(per_100))} {'more' if per_100 < 0 else 'fewer'}"
