"""The slow twin of joining, leaving, rating and selection: each person's days in plain Python."""

import datetime as dt
from typing import Any

from tests.facts.twin import County, age_on, ages, end_of, quarter, state

DAY = dt.timedelta(days=1)
Row = dict[str, Any]


def told(county: County, person: str, day: dt.date, cohort: str, own: Row) -> Row:
    """A row of a dated fact: whose, when, what they were like that day, and what the fact itself says."""
    known = state(county, person, day)
    known.pop("need")
    return (
        {"cohort": cohort, "period": quarter(day), "person_key": person}
        | known
        | ages(age_on(county, person, day))
        | own
    )


def stints(county: County, person: str) -> list[tuple[dt.date, dt.date | None, list[Row]]]:
    """First day, first day off (None: still on) and episodes of each run of episodes that touch or overlap."""
    found: list[tuple[dt.date, dt.date | None, list[Row]]] = []
    rows = [
        e
        for e in county.rows("scheme_episode", person)
        if e["start_date"] <= county.cutoff and e["start_date"] != e["end_date"]
    ]
    for episode in sorted(rows, key=lambda e: e["start_date"]):
        end = county.known_end(episode["end_date"])
        if found and (found[-1][1] is None or episode["start_date"] <= found[-1][1]):
            first, last, those = found[-1]
            found[-1] = (first, None if last is None or end is None else max(last, end), [*those, episode])
        else:
            found.append((episode["start_date"], end, [episode]))
    return found


def joining(county: County, cohort: str, quarters: list[str]) -> list[Row]:
    found = []
    for person in county.people:
        all_of_them = stints(county, person)
        for first, end, episodes in all_of_them:
            begun = sorted(
                (e["scheme"] != "iom", e["scheme"], e["entry_route"] or "~")
                for e in episodes
                if e["start_date"] == first
            )
            route = begun[0][2] if begun[0][2] != "~" else "not_known"
            before = [
                off for _, off, _ in all_of_them if off is not None and off <= first and off - DAY >= first - 365 * DAY
            ]
            stay = ((end or county.cutoff + DAY) - first).days
            own = {"entry_route": route, "came_back": bool(before), "stay_days": stay, "stay_ended": end is not None}
            if quarter(first) in quarters:
                found.append(told(county, person, first, cohort, own))
    return found


def leaving(county: County, cohort: str, quarters: list[str]) -> list[Row]:
    found = []
    for person in county.people:
        all_of_them = stints(county, person)
        for _, end, episodes in all_of_them:
            if end is None or quarter(end - DAY) not in quarters:
                continue
            last = sorted(
                (e["scheme"] != "iom", e["scheme"], e["exit_reason"] or "~") for e in episodes if e["end_date"] == end
            )
            back = any(end <= first <= end - DAY + 365 * DAY for first, _, _ in all_of_them)
            reason = last[0][2] if last[0][2] != "~" else "not_known"
            found.append(told(county, person, end - DAY, cohort, {"exit_reason": reason, "returned": back}))
    return found


def reoffended(county: County, person: str, day: dt.date) -> bool:
    """An offence on days 1 to 365 after a day, proven by day 548."""
    return any(
        0 < (p["offence_date"] - day).days <= 365 and (p["proven_date"] - day).days <= 548
        for p in county.proofs(person)
    )


def free(county: County, person: str, day: dt.date) -> bool | None:
    return None if county.begins["custody_spell"] > day else not county.inside(person, day)


def rating(county: County, cohort: str, quarters: list[str]) -> list[Row]:
    found = []
    order = ("red", "amber", "green")
    for person in county.people:
        for first, end, _ in stints(county, person):
            by_day: dict[dt.date, str] = {}
            for row in county.rows("rag_rating", person):
                day = row["rated_on"]
                if first <= day <= county.cutoff and (end is None or day < end):
                    by_day[day] = min(row["overall"], by_day.get(day, "green"), key=order.index)
            before = None
            for day, colour in sorted(by_day.items()):
                moved = None if before is None else order.index(colour) - order.index(before)
                own = {"rating": colour, "improved": None if moved is None else moved > 0, "worsened": None if moved is None else moved < 0,
                       "at_liberty": free(county, person, day), "reoffended": reoffended(county, person, day)}  # fmt: skip
                before = colour
                if quarter(day) in quarters:
                    found.append(told(county, person, day, cohort, own))
    return found


def selection(county: County, cohort: str, quarters: list[str]) -> list[Row]:
    decisions = [(person, row) for person in county.people for row in county.rows("selection_decision", person)]
    joined: dict[str, list[bool]] = {}
    for person, row in decisions:
        day = row["decided_on"]
        spans = [(first, end or county.cutoff + DAY) for first, end, _ in stints(county, person)]
        if row["decision"] == "selected" and not any(first < day < end for first, end in spans):
            begins = any(day <= first <= day + 92 * DAY for first, _ in spans)
            joined.setdefault(row["score_version"] or "", []).append(begins)
    found = []
    for person, row in decisions:
        day, many = row["decided_on"], joined.get(row["score_version"] or "", [])
        if 2 * sum(many) <= len(many) or day > county.cutoff or quarter(day) not in quarters:
            continue
        above = None if row["score"] is None or row["threshold"] is None else row["score"] >= row["threshold"]
        asked = row["decision"] in ("selected", "not_selected") and above is not None
        ends = [end_of(stay) for stay in county.stays(person) if stay[0]["start_date"] <= day < end_of(stay)]
        out = max(ends, default=day)
        known = county.begins["custody_spell"] <= day
        found.append(told(county, person, day, cohort, {
            "decision": row["decision"], "proposed_by": row.get("proposing_agency") or "not_known",
            "decided": f"{'above' if above else 'below'}_{row['decision']}" if asked else "none",
            "differs": (above != (row["decision"] == "selected")) if asked else None,
            "followed": (out - day).days <= 183 if known else None, "reoffended": reoffended(county, person, out),
        }))  # fmt: skip
    return found
