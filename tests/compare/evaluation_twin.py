"""The comparison frame over again in plain Python, slowly, one person and one day at a time. Written from
docs/methods/evaluation-dates.md, not from the SQL."""

import datetime as dt
from typing import Any

from tests.facts.twin import DAY, County, end_of

Row = dict[str, Any]
GROUPS = {"acquisitive_1826": ("burglary", "robbery", "vehicle", "theft"), "drugs_1826": ("drugs",),
          "violent_1826": ("violence", "sexual", "robbery", "weapons")}  # fmt: skip


def charge_day(row: Row) -> dt.date | None:
    return row.get("arrest_date") or row.get("first_hearing_date") or row["proven_date"]


def offences(county: County, person: str) -> list[Row]:
    return [
        row for row in county.rows("offence", person)
        if row["recordable"] and not row["breach"] and row["offence_date"] <= county.cutoff
    ]  # fmt: skip


def proven(county: County, row: Row) -> dt.date | None:
    done = row["outcome"] in ("convicted", "cautioned") and row["proven_date"] <= county.cutoff
    return row["proven_date"] if done else None


def evaluation_day(county: County, person: str, start: dt.date) -> dt.date | None:
    """The start, or the release that follows when the start finds the person in custody."""
    for stay in county.stays(person):
        if stay[0]["start_date"] <= start < end_of(stay):
            end = end_of(stay)
            last = max(stay, key=lambda s: (end_of([s]), {"time_served": 1, "transfer": 2}.get(s["release_type"], 0)))
            return None if end > county.cutoff or last["release_type"] == "transfer" else end
    return start


def noticed(county: County, person: str, day: dt.date) -> bool:
    """Whether a charge, a proof or the end of a stay lies in the 730 days up to the day."""
    days = [charge_day(row) for row in offences(county, person)] + [proven(county, r) for r in offences(county, person)]
    days += [end_of(stay) for stay in county.stays(person) if end_of(stay) <= county.cutoff]
    return any(one is not None and day - 730 * DAY <= one <= day for one in days)


def record(county: County, person: str, day: dt.date) -> Row:
    """What was known of a person on a day."""
    lately = [
        (row, charge_day(row), proven(county, row))
        for row in offences(county, person)
        if day - 1826 * DAY < row["offence_date"] <= day
    ]
    charged = [(row, charge) for row, charge, _ in lately if charge is not None and charge <= day]
    sure = [row for row, _, done in lately if done is not None and done <= day]
    found: Row = {
        f"charges_{n}": sum(charge > day - n * DAY for _, charge in charged) for n in (30, 90, 182, 365, 730)
    } | {"charges_1826": len(charged)}
    found |= {f"proven_{n}": sum(row["offence_date"] > day - n * DAY for row in sure) for n in (365, 730)}
    found |= {"proven_1826": len(sure)}
    found |= {name: sum(row["offence_group"] in groups for row, _ in charged) for name, groups in GROUPS.items()}
    leaving = [stay[0]["start_date"] for stay in county.stays(person) if end_of(stay) == day]
    free = min(leaving, default=day)
    found |= {
        f"committed_{n}": sum(free - n * DAY < row["offence_date"] <= free for row, _ in charged)
        for n in (30, 90, 182, 365, 730)
    }
    found["nights_inside"] = max(((day - start).days for start in leaving), default=0)
    found["undecided_365"] = sum(
        charge > day - 365 * DAY and ((done := proven(county, row)) is None or done > day) for row, charge in charged
    )
    found["days_since_offence"] = min(((day - row["offence_date"]).days for row in sure), default=None)
    found["days_since_charge"] = min(((day - charge).days for _, charge in charged), default=None)
    nights = [day - n * DAY for n in range(1, 731)]
    over = [stay for stay in county.stays(person) if end_of(stay) <= day]
    found["custody_days_730"] = sum(any(s[0]["start_date"] <= n < end_of(s) for s in over) for n in nights)
    found["custody_days_365"] = sum(any(s[0]["start_date"] <= n < end_of(s) for s in over) for n in nights[:365])
    ended = [stay for stay in over if (day - end_of(stay)).days < 730]
    found["stays_730"] = len(ended)
    kinds = [{spell["kind"] for spell in stay} for stay in sorted(ended, key=end_of) if (day - end_of(stay)).days < 365]
    found["released_from"] = next((k for k in ("sentence", "recall", "remand") if kinds and k in kinds[-1]), "none")
    since = [(day - end_of(stay)).days for stay in over if (day - end_of(stay)).days < 730]
    found["days_since_release"] = min(since, default=None)
    found["at_release"] = 0 in since
    before = county.person(person).get("sanctions_before")
    occasions = {p["occasion"] for p in county.proofs(person) if p["occasion_day"] <= day}
    found["previous_sanctions"] = None if before is None else before + len(occasions)
    return found


def outcome(county: County, person: str, day: dt.date, follow_up: int, waiting: int) -> Row | None:
    """What followed, or None where the cut-off does not reach the end of waiting."""
    died = county.death(person)
    if day + (follow_up + waiting) * DAY > county.cutoff or (died is not None and died <= day):
        return None
    again = [
        row for row in offences(county, person)
        if day < row["offence_date"] <= day + follow_up * DAY
        and (done := proven(county, row)) is not None and done <= day + (follow_up + waiting) * DAY
    ]  # fmt: skip
    # offences without an occasion that are proven on one day are one occasion
    sentenced = {row.get("occasion_key") or row["proven_date"] for row in again if row["outcome"] == "convicted"}
    followed = min(follow_up, (died - day).days) if died else follow_up
    first = min(((row["offence_date"] - day).days for row in again), default=None)
    days = [day + n * DAY for n in range(1, followed + 1)]
    entries = [
        (stay[0]["start_date"] - day).days for stay in county.stays(person)
        if days and day < stay[0]["start_date"] <= days[-1] and end_of(stay) > stay[0]["start_date"]
    ]  # fmt: skip
    inside = sum(county.inside(person, one) for one in days)
    return {
        "reoffended": bool(again), "reoffences": len(again), "occasions": len(sentenced), "days_to_first": first, "event": bool(again),
        "days_observed": followed if first is None else first, "days_followed": followed,
        "died": died is not None and died <= day + follow_up * DAY,
        "days_to_death": followed if died and died <= day + follow_up * DAY else None,
        "custody": bool(entries) if county.has_custody else None,
        "days_to_custody": min(entries, default=None) if county.has_custody else None,
        "days_at_liberty": followed - inside if county.has_custody else None,
    }  # fmt: skip
