"""The slow twin of what the caseload tells beyond who is on it: tiers, reviews, ratings, consent, time free of offences."""

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.facts.twin import County

DAY = dt.timedelta(days=1)
Row = dict[str, Any]


def joined(county: "County", person: str, last: dt.date) -> dt.date:
    """The first day of the stint that holds `last`."""
    first = last
    while found := [e["start_date"] for e in county.episodes(person, first - DAY)]:
        first = min(found)
    return first


def told(county: "County", person: str, last: dt.date, tiers: tuple[str, str]) -> Row:
    """What is told on `last`, the last day on a scheme in the quarter; `tiers` are those of the quarter's two ends."""
    began = joined(county, person, last)
    before, now = tiers
    every = [
        row["value"] for rows in county.by_person["scheme_state"].values() for row in rows if row["kind"] == "tier"
    ]
    both = "none" not in tiers
    return {
        "days_since_joining": (last - began).days + 1,
        "consent": consent(county, person, last),
        "rating": rating(county, person, began, last),
        "top_tier": None if now == "none" else now == min(every),
        "stepped_down": now > before if both else None,
        "stepped_up": now < before if both else None,
        "review_overdue": overdue(county, person, began, last),
        "free_six_months": free(county, person, last, 182),
        "free_twelve_months": free(county, person, last, 365),
    }


def compared_from(county: "County", person: str, first: dt.date, last: dt.date) -> dt.date:
    """The day that a quarter's tier is set against: the one before the quarter, or that of joining since."""
    return max(first - DAY, joined(county, person, last))


def consent(county: "County", person: str, last: dt.date) -> str:
    open_now = [
        row for row in county.rows("scheme_state", person)
        if row["kind"] == "consent" and row["from_date"] <= last and (row["to_date"] is None or row["to_date"] > last)
    ]  # fmt: skip
    open_now.sort(key=lambda row: (row["scheme"] != "iom", -row["from_date"].toordinal(), row["value"]))
    return open_now[0]["value"] if open_now else "none"


def rating(county: "County", person: str, began: dt.date, last: dt.date) -> str:
    given = [
        row for row in county.rows("rag_rating", person)
        if last - 183 * DAY < row["rated_on"] <= last and row["rated_on"] >= began
    ]  # fmt: skip
    worst = ("red", "amber", "green")
    given.sort(key=lambda row: (-row["rated_on"].toordinal(), worst.index(row["overall"])))
    return given[0]["overall"] if given else "none"


def overdue(county: "County", person: str, began: dt.date, last: dt.date) -> bool | None:
    set_since = [
        (row["from_date"], row["review_due"]) for row in county.rows("scheme_state", person)
        if row["review_due"] is not None and began <= row["from_date"] <= last
    ]  # fmt: skip
    return max(set_since)[1] < last if set_since else None


def free(county: "County", person: str, last: dt.date, days: int) -> bool | None:
    """No charge and no night inside on any of so many days up to `last`; unknown before both records began."""
    proven = [o["proven_date"] for rows in county.by_person["offence"].values() for o in rows if o["proven_date"]]
    if not county.has_custody or not proven or last - days * DAY < max(county.begins["custody_spell"], min(proven)):
        return None
    window = [last - n * DAY for n in range(days)]
    for row in county.rows("offence", person):
        charged = row.get("arrest_date") or row.get("first_hearing_date") or row["proven_date"]
        counts = row["recordable"] and not row["breach"] and row["outcome"] in ("convicted", "cautioned", "pending")
        if counts and charged is not None and charged <= county.cutoff and row["offence_date"] in window:
            return False
    return not any(county.inside(person, day) for day in window)
