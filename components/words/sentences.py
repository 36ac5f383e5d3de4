"""How dates, titles, periods, units and lists stand within a sentence."""

from datetime import date

from components.words.figures import Row


def day(when: date) -> str:
    """30 September 2026."""
    return f"{when.day} {when:%B %Y}"


def title_in_sentence(title: str) -> str:
    """A title within a sentence: its first letter small, unless the word is an acronym."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def period_in_sentence(label: str) -> str:
    """A period's label within a sentence: 'the year to March 2025'."""
    if label.startswith("All "):
        return title_in_sentence(label)
    return f"the {title_in_sentence(label)}" if label.startswith(("Year ", "Three ")) else label


def pooled(label: str) -> str:
    """Quarters taken together, at the head of a sentence: 'With the quarters of the year to March 2025 pooled'."""
    said = period_in_sentence(label)
    return f"With {said if label.startswith('All ') else f'the quarters of {said}'} pooled"


def over(label: str) -> str:
    """A period at the head of a sentence: 'From April 2022 to March 2025', 'In the year to March 2025'."""
    whole = label[:1].isupper() and " to " in label and not label.startswith(("Year ", "Three "))
    return f"From {label}" if whole else f"In {period_in_sentence(label)}"


def listed(items: list[str]) -> str:
    """'a, b and c'; with a comma before the last where an item has an 'and' of its own."""
    if len(items) < 2:
        return "".join(items)
    comma = "," if any(" and " in item for item in items) else ""
    return f"{', '.join(items[:-1])}{comma} and {items[-1]}"


def unit_words(unit: str) -> str:
    """A unit under a heading; a percentage says so in its figures."""
    return {"%": "share of people", "days": "median days"}.get(unit, unit)


def unit_and_interval(unit: str) -> str:
    """What the line and the band of a trend are."""
    return f"{'Per cent' if unit == '%' else unit[:1].upper() + unit[1:]}. Band: 95% interval. Dashed line: target, where there is one."


def when(now: Row, before: Row | None) -> str:
    """Which period is shown, against which."""
    return f"{now['period_label']}, against {before['period_label']}" if before else now["period_label"]


def measure_of(title: str, cohort: str) -> str:
    """A measure and whom it is about, as a heading: 'Reoffending rate: people on a scheme'."""
    return f"{title}: {who(cohort)}"


def who(cohort: str) -> str:
    """A cohort's title within a sentence; how long it is followed is said only where it is not the usual 12 months."""
    name, _, rest = cohort.rpartition(", ")
    if not name or not rest.endswith((" months", " years")):
        return title_in_sentence(cohort)
    return title_in_sentence(name) + ("" if rest == "12 months" else f" (followed for {rest})")


def against(now: Row, before: Row | None) -> str:
    """The period shown, and the one it is compared with."""
    return f"{now['period_label']}, before: {before['period_label']}" if before else now["period_label"]
