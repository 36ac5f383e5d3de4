"""How the figures of Value for money are worked out, for the page and for its download. No Streamlit."""

from components.markup.plain import headed
from components.value import sentences as say
from components.value import tables
from components.value.choices import Valued

HOW = (
    ("Break-even", "Offences to avert are the cost divided by the unit cost of an offence. Beside them stand the offences expected"
     " without it: the matched comparison group's reoffences for every 100 people, times the people managed, times the"
     " multiplier. Set-up is left out: it is paid once."),
    ("Two bases", "Cash is additional money alone. Opportunity cost is all that was given, mainstream posts and gifts in kind with"
     " it."),
    ("What has been seen", "The published comparison's difference in reoffences with its 95% interval, as a share of those"
     " expected; of it counts what displacement, deadweight and attribution leave. Past break-even only where the whole interval reaches what is needed, short of it only where the whole of it"
     " does not; else we cannot tell. Without an interval there is no value, which is not a value of nothing."),
    ("Unit cost", "That of an average offence of the mix which its own people reoffend with. Offences without a unit cost count as"
     " nothing, and their share is shown."),
    ("Offences averted", "The difference for every 100 people, times the people, times the multiplier, less displacement and"
     " deadweight, times attribution. They are worth the unit cost each, in the years that the effect lasts, discounted to the"
     " followed year."),
    ("Net present value", "Benefits less running and set-up costs. The ratio is benefits divided by these costs; payback is when"
     " benefits have met them. Optimism bias, by the evidence grade, takes something off benefits and puts something on costs."),
    ("Two views", "Everybody's gain holds what public budgets gain, so that the two are never added. Only the part of public budgets"
     " is called saved for each pound spent."),
    ("How sure", "Each draw takes one effect from its interval, and unit costs, costs and how long it lasts from their ranges."
     " Multiplier, displacement, deadweight and attribution stay as chosen. The interval holds chance, not a biased comparison."),
)  # fmt: skip
"""Headed paragraphs; docs/methods/break-even.md, cost-benefit.md and value-uncertainty.md say it at length."""


def parts(of: Valued) -> list[tuple[str, str]]:
    """Headed paragraphs, with the price year and the warnings of what was looked at."""
    if of.main is None:
        return list(HOW)
    year = f"Every pound is of {of.main['price_year']}, by the GDP deflator, unless it says another year."
    said = [year, *say.unit_cost_warnings(of.main), *tables.log_notes(of.parameters, of.spend)]
    return [*HOW, ("Prices", " ".join(said))]


def shown(of: Valued) -> str:
    """The same as HTML."""
    return headed(parts(of))
