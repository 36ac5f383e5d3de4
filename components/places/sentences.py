"""What is said of places. Every sentence is tested; none says more than the figures behind it."""

from collections.abc import Sequence

from components import words
from components.places.rows import SHARINGS, Reduction, Tier
from metrics.places.allocate import Allocation, Marginal, Point, Swap

TITLE = "Who should the next place go to?"
NONE = "This release does not tell who holds the scheme's places: it has no scheme caseload, or was made before this was published."
NO_DISTRICTS = "At the open level places are not told by district: a few people in a band could be recognised. The partnership level has them."
BAND_NOTES = (
    "Bands count the recordable offences charged in the last 365 days. Band 0: charged in the year before that, or on the scheme.",
    "Expected: proven reoffences in a year per 100 people of the band who were outside the scheme and at liberty.",
    "People on the scheme are not those outside it: a selection meeting sees more than a count of charges. No person is chosen here.",
)
CAUTION = (
    "Places differ in ways that no count of charges shows: risk of serious harm, vulnerability, what a person will accept."
    " This says what a rule would do, so that a meeting can see what departing from it costs."
)


def bands_of(band: str) -> str:
    """A band in words: '4 to 6 charges', '1 charge', 'No charge'."""
    if band == "0":
        return "No charge"
    return f"{band.replace('-', ' to ').replace('+', ' or more')} {'charge' if band == '1' else 'charges'}"


def answer(rows: Sequence[Marginal], now: Allocation | None, best: Allocation | None) -> str:
    """The page's answer: which band the next place faces most in, and how far today's places are from facing the most."""
    told = [row for row in rows if row.outside]
    if not told:
        return NONE
    top, low = told[0], rows[-1]
    said = (
        f"Outside the scheme, people with {bands_of(top.band).lower()} in the last year are expected to be proven to commit"
        f" {_each(top)} each in a year; those with {bands_of(low.band).lower()}, {_each(low)}."
    )
    if now is None or best is None or not sum(now.places):
        return said
    return f"{said} {reach(now, best)}"


def _each(row: Marginal) -> str:
    places = 1 if row.faced >= 1 else 2
    return f"{row.faced:,.{places}f} ({row.lower:,.{places}f} to {row.upper:,.{places}f})"


def reach(now: Allocation, best: Allocation) -> str:
    """Today's places at liberty beside the same number where they face most."""
    held = sum(now.places)
    if best.faced - now.faced < 0.5:
        return f"The {held:,} places held at liberty are already where they face the most offences."
    return (
        f"The {held:,} places held at liberty face about {now.faced:,.0f} offences a year; given to the highest bands,"
        f" the same number would face about {best.faced:,.0f}."
    )


def averts(found: Reduction | None) -> str:
    """What the scheme's own comparison says of how much of it a place averts."""
    if found is None:
        return "No comparison of the scheme has a result, so this page says what a place faces, not what it averts."
    low, high = 100 * found.lower, 100 * found.upper
    ends = f"from {_more_or_fewer(low)} to {_more_or_fewer(high)}"
    told = {"fewer": "fewer", "more": "more"}.get(found.verdict)
    if told is None:
        return f"Whether a place averts any of it cannot be told: the scheme's latest comparison reaches {ends} (95% interval)."
    return f"The scheme's latest comparison finds {told}: {ends} (95% interval)."


def _more_or_fewer(percent: float) -> str:
    return f"{abs(percent):.0f}% {'fewer' if percent >= 0 else 'more'} reoffences"


def costs(price_year: str, period: str) -> list[str]:
    """What a place is taken to cost, beside what it averts."""
    if not price_year:
        return []
    return [
        f"A place costs what a year on the scheme did in {period}, mainstream and in-kind money counted ({price_year} prices), as on"
        " Value for money. What is averted is the same reduction as break-even's."
    ]


def explored(chosen: Allocation, now: Allocation, places: int, point: Point, sharing: str) -> str:
    """What the explorer's choice comes to, and what its promise costs."""
    low, high = chosen.limits
    said = (
        f"{places:,} places, {100 * point.share:.0f}% of them promised to districts {SHARINGS[sharing].lower()}, would face about"
        f" {chosen.faced:,.0f} offences a year (95% interval {low:,.0f} to {high:,.0f}); today's {sum(now.places):,} at liberty"
        f" face about {now.faced:,.0f}."
    )
    if point.cost < 0.5:
        cost = " The promise costs nothing."
    else:
        cost = f" The promise costs about {point.cost:,.0f} of them: the price of serving every district."
    empty = f" {chosen.unfilled:,} places find nobody charged in the last two years." if chosen.unfilled else ""
    return said + cost + empty


def swapped(found: Sequence[Swap], labels: dict[str, str]) -> str:
    """The opportunity cost of held places, in one sentence."""
    if not found:
        return "No place would face more by passing it on within its district."
    total = sum(swap.gained * swap.places for swap in found)
    places = sum(swap.places for swap in found)
    best = max(found, key=lambda swap: swap.gained)
    low, high = best.limits
    reach = f"{best.gained:,.1f} a year for the place, 95% interval {low:,.1f} to {high:,.1f}".replace("-", "\u2212")
    return (
        f"Passing {places:,} held {'place' if places == 1 else 'places'} to the highest bands waiting in the same district would face about"
        f" {total:,.0f} offences a year more: the most in {labels.get(best.district, best.district)}, from {bands_of(best.held_band).lower()}"
        f" to {bands_of(best.next_band).lower()} ({reach}). The highest of several estimates is likely to be too high."
    )


def sliding(found: Sequence[Tier]) -> str:
    """Whether the dearer tiers face more."""
    told = [tier for tier in found if tier.faced is not None and tier.people and tier.pounds]
    if len(told) < 2:
        return "The scale cannot be shown: fewer than two tiers have both a cost and people at liberty."
    first, last = told[0], told[-1]
    each = [tier.faced / tier.people for tier in (first, last) if tier.faced is not None]
    how = "as many" if abs(each[0] - each[1]) < 0.05 else "more" if each[0] > each[1] else "fewer"
    return (
        f"{first.label} cost £{first.pounds:,.0f} a place and year in {first.period} and {last.label} £{last.pounds:,.0f}"
        f" ({first.price_year} prices; lines that name a tier, in-kind money left out): its people at liberty are expected to commit {how} offences ({each[0]:,.2f} and {each[1]:,.2f} each a year)."
    )


def of_period(label: str) -> str:
    """When people were counted, and what the expectation rests on."""
    return f"Counted on the last day of {label}. What each band goes on to do is learnt from the latest four complete quarters."


def count(value: float | None) -> str:
    """A count, or the sign of one that is not shown."""
    return "[c]" if value is None else words.count(value)
