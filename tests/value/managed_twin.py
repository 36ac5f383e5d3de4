"""Who was managed, and who kept what, over again in plain Python: one person and one day at a time, written from
docs/methods/cost-per-person.md and not from the SQL."""

import datetime as dt
from collections import defaultdict
from functools import cache
from typing import Any

from tests.facts import twin

DAY = dt.timedelta(days=1)
Row = dict[str, Any]
Key = tuple[str, str, str, str, str]
GOOD = {"accommodation": "settled", "work_training": "in_work_or_training"}


def years(first: dt.date, cutoff: dt.date) -> list[tuple[str, list[dt.date]]]:
    """The whole April to March years from the first full quarter of records to the cut-off."""
    found = []
    for start in range(first.year - 1, cutoff.year + 1):
        begin, end = dt.date(start, 4, 1), dt.date(start + 1, 3, 31)
        quarter = dt.date(first.year, 3 * ((first.month - 1) // 3) + 1, 1)
        if first >= quarter + dt.timedelta(days=14):
            quarter = (quarter + dt.timedelta(days=95)).replace(day=1)
        if begin >= quarter and end <= cutoff:
            found.append((f"{start}/{(start + 1) % 100:02d}", [begin + n * DAY for n in range((end - begin).days + 1)]))
    return found


class Managed:
    """The groups of everybody, by whole year."""

    def __init__(self, tables: dict[str, list[Row]], cutoff: dt.date) -> None:
        self.cutoff, self.tables, self.rows = cutoff, tables, twin.County(tables, cutoff)

    def days(self, person: str) -> dict[tuple[str, str, str, str], set[dt.date]]:
        """For each kind, subject, tier and district: the days on it."""
        found: dict[tuple[str, str, str, str], set[dt.date]] = defaultdict(set)
        death = self.rows.death(person)
        for row in self.rows.rows("scheme_episode", person):
            for day in self._between(row["start_date"], row["end_date"], death):
                for tier in {"", self._tier(person, row["scheme"], day)} - {None}:
                    self._add(found, ("scheme", row["scheme"], str(tier), row["managing_district"]), day)
        for row in self.rows.rows("intervention_spell", person):
            if row["started_on"] is None:
                continue
            end = row["ended_on"] + DAY if row["ended_on"] else None
            if end is None and (row.get("outcome") or "ongoing") != "ongoing":
                end = row["started_on"] + DAY
            for day in self._between(row["started_on"], end, death):
                self._add(found, ("programme", row["programme"], "", self._home(person, row["started_on"])), day)
        return found

    @staticmethod
    def _add(found: Any, key: tuple[str, str, str, str], day: dt.date) -> None:
        kind, subject, tier, district = key
        for place in ("", district):
            found[kind, subject, tier, place].add(day)
        if not tier:
            found[kind, "", "", ""].add(day)

    def _between(self, start: dt.date, end: dt.date | None, death: dt.date | None) -> list[dt.date]:
        if start > self.cutoff:
            return []
        last = self.cutoff if end is None or end > self.cutoff else end - DAY
        if death is not None:
            last = min(last, death - DAY)
        return [start + n * DAY for n in range(max(0, (last - start).days + 1))]

    def _tier(self, person: str, scheme: str, day: dt.date) -> str | None:
        """The tier last begun, of those that have not ended; one that another followed does not come back."""
        known = [
            r
            for r in self.rows.rows("scheme_state", person)
            if r["kind"] == "tier" and r["scheme"] == scheme and r["from_date"] <= day
        ]
        if not known:
            return None
        last = max(known, key=lambda r: (r["from_date"], r["value"]))
        return last["value"] if last["to_date"] is None or last["to_date"] > day else None

    def _home(self, person: str, day: dt.date) -> str:
        known = [r for r in self.rows.rows("residence", person) if r["from_date"] <= day]
        return max(known, key=lambda r: r["from_date"])["district"] if known else "not_known"

    def table(self) -> dict[tuple[str, ...], Row]:
        """The release's `managed`, by (kind, subject, tier, district, year)."""
        first = {
            "scheme": min((r["start_date"] for r in self.tables["scheme_episode"]), default=dt.date.max),
            "programme": min((r["referred_on"] for r in self.tables["intervention_spell"]), default=dt.date.max),
        }
        found: dict[tuple[str, ...], Row] = {}
        for person in self.rows.people:
            for key, on in self.days(person).items():
                for period, days in years(first[key[0]], self.cutoff) if first[key[0]] < dt.date.max else []:
                    self._count(found, (*key, period), person, on, days)
        for key, row in found.items():
            row["completions"] = self._completions(key) if key[0] == "programme" and key[1] else None
            row["person_years"] = row.pop("days") / 365.25
            free = row.pop("free") * 12 / 365.25
            row["months_at_liberty"] = free if self.rows.has_custody else None
        return found

    def _count(self, found: Any, key: tuple[str, ...], person: str, on: set[dt.date], days: list[dt.date]) -> None:
        mine = [day for day in days if day in on]
        if not mine:
            return
        row = found.setdefault(
            key, {"people": 0, "days": 0, "free": 0, "starts": 0, "accommodation_kept": 0, "work_kept": 0}
        )
        row["people"] += 1
        row["days"] += len(mine)
        row["free"] += sum(not self.rows.inside(person, day) for day in mine)
        row["starts"] += any(day - DAY not in on for day in mine)
        for domain, name in (("accommodation", "accommodation_kept"), ("work_training", "work_kept")):
            row[name] += self._kept(person, domain, on, days)

    def _completions(self, key: tuple[str, ...]) -> int:
        _, subject, _, district, period = key
        done = set()
        for person in self.rows.people:
            for row in self.rows.rows("intervention_spell", person):
                if (
                    row["programme"] != subject
                    or row["outcome"] != "completed"
                    or not row["started_on"]
                    or not row["ended_on"]
                ):
                    continue
                last = min(row["ended_on"], (self.rows.death(person) or dt.date.max) - DAY)
                if row["ended_on"] > self.cutoff or last < row["started_on"]:
                    continue
                here = district in ("", self._home(person, row["started_on"]))
                if here and dt.date(int(period[:4]), 4, 1) <= last <= dt.date(int(period[:4]) + 1, 3, 31):
                    done.add(person)
        return len(done)

    def _kept(self, person: str, domain: str, on: set[dt.date], days: list[dt.date]) -> bool:
        """On some day from the year's first: recorded well for 91 days, joined as long ago; until 183 days after leaving."""
        mine = [day for day in days if day in on]
        last = max(mine)
        stays = last == days[-1] and last + DAY in on  # still on it when the year ended
        joined = min(mine)
        while joined - DAY in on:
            joined -= DAY
        day, end, well = joined, days[-1] if stays else last + 183 * DAY, 0
        while day <= end:
            well = well + 1 if self._status(person, domain, day) == GOOD[domain] else 0
            if well >= 91 and day >= days[0]:
                return True
            day += DAY
        return False

    @cache  # noqa: B019 (one test's county)
    def _status(self, person: str, domain: str, day: dt.date) -> str:
        known = [
            r
            for r in self.rows.rows("circumstance", person)
            if r["domain"] == domain and r["on_date"] <= min(day, self.cutoff)
        ]
        return max(known, key=lambda r: r["on_date"])["status"] if known else ""
