"""What is said of payment by results. Every sentence is tested; none says more than the figures behind it."""

from collections.abc import Sequence

from components.payment.rows import Chance, Contract, Row
from components.words.openings import payment_opening
from metrics.payment.luck import Luck
from metrics.payment.rule import Element, Rule

TITLE = "What would it be paid?"
NONE = (
    "This release holds no payment rule with anything to pay for: it has no comparison of a scheme or programme, or was made"
    " before payment by results was worked out."
)
NOT_RECKONED = "Nothing is reckoned for this choice"
NO_LUCK = "Nor can luck be simulated: nothing was measured that says how much these people differ."
LUCK_UNDER = "10,000 contracts drawn from people who differ as much as these do; nothing but chance tells them apart."
HUNDRED = "What 100 schemes would be paid"
BY_SIZE = "How often it would be paid, by size"
LEAST_CHANCE = (
    "This is the least chance there is. It is luck alone: what matching cannot see, people chosen because they were at their"
    " worst, and a provider that chooses whom to take come on top."
)
LOCAL = "The partnership's own rule, from its data directory."
CHECKED = "Every figure of it was read in the original."
NOUNS = {
    "occasions": ("reconviction event", "reconviction events for every 100 people"),
    "reoffences": ("proven reoffence", "proven reoffences for every 100 people"),
    "rate": ("person fewer who reoffends", "the share of people who reoffend"),
    "per_reoffender": ("reoffence", "reoffences for each person who reoffends"),
}
"""For each measure: what is averted, and what is counted."""
POINTS = {
    "occasions": "event for every 100 people", "reoffences": "reoffence for every 100 people", "rate": "percentage point",
    "per_reoffender": "reoffence for each person who reoffends",
}  # fmt: skip
WHY = {
    "short": "The fall is short of what pays", "rise": "It rose: nothing is due", "none": "No fall",
    "waiting": "Waits until every one is in",
    "barred": "An earlier part stands in the way", "paid_already": "Paid for above", "deducted": "Taken off",
    "not_known": "Not known",
}  # fmt: skip
LIMITS = {"cap": "Limited by the cap", "floor": "Raised to the floor", "most_deducted": "Limited to the most that is taken off"}  # fmt: skip
PERIODS = {"cohort": ("cohort", "cohorts"), "quarter": ("quarter", "quarters"), "year": ("year", "years")}


def pounds(value: float) -> str:
    """'£14,300', '£1.24 million', '-£500' with a minus sign: as many figures as anybody should rest on."""
    sign, size = ("\u2212" if value < 0 else ""), abs(value)
    if size >= 999_500:
        return f"{sign}£{size / 1e6:,.2f} million"
    return f"{sign}£{_rounded(size):,.0f}"


def _rounded(size: float) -> float:
    return float(f"{size:.2e}") if size >= 1000 else size


def times(chance: float) -> str:
    """'about 23 times in 100', 'fewer than once in 100 times', 'practically always'."""
    whole = round(100 * chance)
    if chance < 0.005:
        return "fewer than once in 200 times"
    if whole <= 1:
        return "about once in 100 times"
    return "practically always" if whole >= 100 else f"about {whole} times in 100"


def in_prices(rule: Rule) -> str:
    """'in 2010/11 prices': every pound of a rule is of its one year."""
    return f"in {rule.price_year} prices"


def opening(found: Contract) -> str:
    """The page in plain English: what would be paid."""
    payment = found.paid["payment"]
    return payment_opening(payment, found.title, pounds(payment or 0.0))


def answer(found: Contract, nothing: Luck | None) -> str:
    """The page's answer: what is due, and how often a scheme of this size that does nothing would be paid."""
    paid = found.paid
    under = f"Under the rule \u201c{found.rule.title}\u201d"
    if paid["payment"] is None:
        return f"{under} it cannot be said what {found.title} would be paid: {paid['reason']}."
    said = f"{under} {found.title} {_would(found)}"
    if nothing is None:
        return f"{said}."
    something = "more than the floor" if found.rule.floor else "something"
    return f"{said}; a scheme of its size that does nothing would be paid {something} {times(nothing.probability)}."


def _would(found: Contract) -> str:
    """'would be paid …', with the reason where it is nothing."""
    value, rule = found.paid["payment"], found.rule
    if value < 0:
        return f"would have {pounds(-value)} {in_prices(rule)} taken off"
    if value > max(rule.floor, 0):
        return f"would be paid {pounds(value)} {in_prices(rule)}"
    paid = (
        f"would be paid the floor of {pounds(rule.floor)} {in_prices(rule)} and nothing for results"
        if rule.floor
        else "would be paid nothing"
    )
    return f"{paid}{_because(found)}"


def _because(found: Contract) -> str:
    """Why nothing is due: the nearest miss, in % of what was expected."""
    near = [(steps["percent"]["value"], element, steps) for element, _, steps in found.lines() if steps["percent"]["value"] is not None]  # fmt: skip
    if not near:
        return ""
    percent, element, steps = max(near, key=lambda one: one[0])
    counted = NOUNS[element.measure][1]
    if percent <= 0:
        side = "no lower than" if abs(percent) < 0.05 else f"{abs(percent):.1f}% above what was"
        return f" ({counted}: {'no lower than ' if side.startswith('no') else side + ' '}expected)"
    needed = steps["needed"]["value"] / steps["expected"]["value"] * 100 if steps["expected"]["value"] else 0.0
    return f" ({counted}: {percent:.1f}% below what was expected, and it takes {needed:.1f}%)"


def over_the_intervals(found: Contract) -> str:
    """What would be paid if every figure lay at either end of its interval, or ''."""
    paid = found.paid
    if paid["payment"] is None or paid["lower"] is None:
        return ""
    ends = any(row["lower"] is not None for row in found.rows if row["step"] == "fall")
    if paid["lower"] == paid["upper"] and not ends:
        return ""  # no interval is known
    if paid["lower"] == paid["upper"]:
        return f"At either end of the 95% intervals it would still be paid {pounds(paid['lower'])} {in_prices(found.rule)}."
    return (
        f"At the worse end of the 95% intervals it would be paid {pounds(paid['lower'])}, at the better end"
        f" {pounds(paid['upper'])} {in_prices(found.rule)}: that is how much of the payment is chance."
    )


def luck_lines(found: Contract, told: Chance) -> list[str]:
    """What the simulation says, at the size and the true effect chosen."""
    one, rule = told.chosen, found.rule
    something = "more than the floor" if rule.floor else "something"
    said = (
        f"{_who(one)}, in {spans(one.periods, rule)} of {one.people:,} people{' each' if one.periods > 1 else ''}, would be paid"
        f" {something} {times(one.probability)}: {pounds(one.expected)} on average, and {_middle(one)} nine times in ten"
        f" ({in_prices(rule)})."
    )
    if told.whole.periods != one.periods:
        said += (
            f" Over the rule's whole contract of {spans(told.whole.periods, rule)}: {times(told.whole.probability)}."
        )
    return [said, LEAST_CHANCE]


def spans(count: int, rule: Rule) -> str:
    """'one cohort', '4 quarters'."""
    single, several = PERIODS[rule.period]
    return f"one {single}" if count == 1 else f"{count} {several}"


def _middle(one: Luck) -> str:
    low, high = pounds(one.low), pounds(one.high)
    return f"{low}" if low == high else f"between {low} and {high}"


def _who(one: Luck) -> str:
    if one.true_effect == 0:
        return "A scheme that does nothing"
    size = f"{abs(100 * one.true_effect):.0f}% {'fewer' if one.true_effect < 0 else 'more'} events"
    return f"A scheme with {size} in truth"


def beside(found: Contract, told: Chance) -> str:
    """Today's payment beside those of 100 schemes of the chosen kind."""
    paid = found.paid["payment"]
    if paid is None:
        return ""
    who = "schemes that do nothing" if told.chosen.true_effect == 0 else "such schemes"
    year = in_prices(found.rule)
    if paid < 0:
        count = round(100 * told.chosen.share_up_to(paid))
        return f"{found.title} would have {pounds(-paid)} {year} taken off; {count or 'none'} of 100 {who} would lose as much or more."
    if paid <= max(found.rule.floor, 0.0):
        count = round(100 * told.chosen.share_up_to(paid))
        return f"{found.title} would be paid {pounds(paid)} {year}; {count} of 100 {who} would be paid no more."
    count = round(100 * told.chosen.share_from(paid))
    return f"{found.title} would be paid {pounds(paid)} {year}; {count} of 100 {who} would be paid as much or more."


def element(one: Element, rule: Rule) -> str:
    """One element of a rule in a sentence."""
    noun, counted = NOUNS[one.measure]
    pay = {
        "averted": f"{pounds(one.price)} for every {noun}{'' if one.measure == 'rate' else ' averted'}",
        "point": f"{pounds(one.price)} for every {POINTS[one.measure]} of the fall",
        "success": f"{pounds(one.price)} once",
    }[one.pays_for]
    single, several = PERIODS[rule.period]
    where = f"in each {single}" if one.over == "each" else f"over all {several} together"
    if one.trigger_unit == "standard_errors":
        when = f"{counted} is below what was expected by {one.trigger:g} standard errors or more"
    elif one.trigger == 0:
        when = f"{counted} {_is(one)} below what was expected"
    else:
        unit = "%" if one.trigger_unit == "percent" else " points"
        when = f"{counted} {_is(one)} {one.trigger:g}{unit} or more below what was expected"
    return f"{one.title}: {pay}, where {when} {where}{_more(one, rule)}."


def _is(one: Element) -> str:
    return "is" if one.measure == "rate" else "are"


def _more(one: Element, rule: Rule) -> str:
    titles = {other.id: other.title for other in rule.elements}
    parts = []
    if one.counted_from == "trigger" and one.trigger:
        parts.append("only what lies beyond that counts")
    if one.deducts:
        parts.append("a rise as large is taken off in the same way")
    if one.after:
        state = "is no worse than expected" if one.after_if == "not_worse" else "has paid"
        parts.append(f"it pays only if \u201c{titles[one.after]}\u201d {state}")
    if one.less_paid:
        parts.append(f"less what \u201c{titles[one.less_paid]}\u201d has paid")
    return "".join(f"; {part}" for part in parts)


def limits(rule: Rule) -> str:
    """The floor, the cap and the most that is taken off."""
    least = f"At least {pounds(rule.floor)} and at most" if rule.floor else "At most"
    off = f"; at most {pounds(rule.most_deducted)} is taken off" if rule.most_deducted else ""
    whole = f"for the whole contract of {spans(rule.periods, rule)}"
    return f"{least} {pounds(rule.cap)} {whole}{off}. Pounds of {rule.price_year}."


def expected_by(rule: Rule) -> str:
    """What the expected figure is."""
    if rule.against == "matched":
        return f"What was expected is what happened to similar people who did not take part: at most {rule.controls} to each person."
    year = f"the year {rule.baseline}" if rule.baseline else "the first complete year"
    return f"What was expected is the figure of {year}, moved by the change in people's predicted reoffending (OGRS3)."


def where_from(rule: Rule) -> list[str]:
    """Whose rule it is, its source, and what of it was not read in the original."""
    said = [LOCAL] if rule.local else []
    said.append(f"Source: {rule.source}.")
    said.append(CHECKED if rule.checked else f"Not all of it was read in the original. {rule.unchecked}")
    return said


def caution(rule: Rule) -> Sequence[str]:
    """The warning that stands beside every payment of a rule whose figures were not all checked."""
    if rule.checked:
        return [LOCAL] if rule.local else []
    return [
        *([LOCAL] if rule.local else []),
        "Prices and limits of this rule were not all read in the original: see below.",
    ]


def counted(rule: Rule) -> str:
    """What the figures of the table count."""
    every = dict.fromkeys(NOUNS[measure][1] for measure in rule.measures)
    return f"Counted: {'; '.join(every)}. A fall is shown with a plus. Pounds of {rule.price_year}."


def why(row: Row) -> str:
    """Why a step pays nothing, or less, in words."""
    return WHY.get(row["reason"], "")


METHOD = (
    ("Observed and expected", "From the release: the matched comparison of the scheme or programme, or its figures by quarter"
     " against a baseline year."),
    ("The fall", "What was expected less what was observed. Where it reaches what the rule asks for, the rule's price is paid."),
    ("The interval", "What would be paid if every figure lay at the worse, and at the better, end of its 95% interval."),
    ("Luck", "10,000 contracts are drawn. In each, so many people reoffend, and those who do commit so many events: most few,"
     " some many, as much as the area's own people differ. What the rule pays in each draw is reckoned as above."),
    ("A true effect", "Half of it is people who stop, half people who go on but less often. The people compared have none."),
    ("Cannot see", LEAST_CHANCE),
)  # fmt: skip
"""How the page is worked out: headed paragraphs."""


def method_of(rule: Rule) -> list[tuple[str, str]]:
    """The same with what one rule says, its price year and its warnings: the download's method."""
    says = [*(element(one, rule) for one in rule.elements), expected_by(rule), limits(rule), *where_from(rule)]
    return [*METHOD, (rule.title, " ".join(says))]
