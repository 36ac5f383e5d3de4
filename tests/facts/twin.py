"""The facts over again in plain Python, slowly, one person and one day at a time. Written from design section 5, not from the SQL."""

import csv
import datetime as dt
import math
from collections import defaultdict
from pathlib import Path
from typing import Any

from metrics.cohorts import Cohort
from tests.facts import caseload_twin, notice_twin

DAY = dt.timedelta(days=1)
PATHWAYS = (
    "enforcement", "accommodation", "education_training_employment", "health", "substance_misuse",
    "finance", "children_families", "attitudes_thinking", "women",
)  # fmt: skip
REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference" / "ogrs3_coefficients.csv"
WEIGHTS = {
    (row["term"], row["level"]): float(row["coefficient"]) for row in csv.DictReader(REFERENCE.open(encoding="utf-8"))
}
CATEGORIES = {
    "105/01": "violence",
    "105.1": "violence",
    "04600": "theft",
    "803/01": "drink_driving",
    "92/52": "drug_possession",
    "28": "burglary_domestic",
}
"""The categories of the random county's codes, by hand; for the others the category cannot be told."""
SEVERITY = {"105/01": 2214, "105.1": 2214, "04600": 1186, "92/52": 857, "92": 857, "28": 46538, "28E": 46538}
"""Hundredths of a point by code, by hand from the Crime Severity Score; theft's middle weight for the other codes."""
GRAVITY = {"custody": 1, "suspended": 2, "community": 3, "fine": 4, "discharge": 5, "other": 6, "caution": 7, None: 8}
Row = dict[str, Any]


def quarter(day: dt.date) -> str:
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def quarter_days(name: str) -> list[dt.date]:
    day, days = dt.date(int(name[:4]), int(name[5]) * 3 - 2, 1), []
    while quarter(day) == name:
        days.append(day)
        day += DAY
    return days


class County:
    """A store's rows by person, as known on the cut-off."""

    def __init__(self, tables: dict[str, list[Row]], cutoff: dt.date) -> None:
        self.cutoff = cutoff
        self._stays: dict[str, list[list[Row]]] = {}
        self._proofs: dict[str, list[Row]] = {}
        self.by_person: dict[str, dict[str, list[Row]]] = {
            name: defaultdict(list) for name in tables if tables[name] is not None
        }
        for name, rows in tables.items():
            for row in rows:
                if "person_key" in row:
                    self.by_person[name][row["person_key"]].append(row)
        self.people = sorted({key for rows in self.by_person.values() for key in rows})
        self.spells = tables["custody_spell"]
        self.has_custody = bool(self.spells)
        self.has_supervision = bool(tables["supervision_spell"])
        self.has_codes = any(row["offence_code"] in SEVERITY for row in tables["offence"])
        self.begins = {
            name: min((row[column] for row in tables[name]), default=dt.date.max)
            for name, column in (
                ("custody_spell", "start_date"),
                ("need", "assessed_on"),
                ("intervention_spell", "referred_on"),
            )
        }

    def rows(self, table: str, person: str) -> list[Row]:
        return self.by_person[table].get(person, [])

    def person(self, person: str) -> Row:
        rows = self.rows("person", person)
        return rows[0] if rows else {}

    def death(self, person: str) -> dt.date | None:
        died = self.person(person).get("date_of_death")
        return died if died is not None and died <= self.cutoff else None

    def known_end(self, day: dt.date | None) -> dt.date | None:
        return day if day is not None and day <= self.cutoff else None

    def stays(self, person: str) -> list[list[Row]]:
        if person not in self._stays:
            self._stays[person] = self._gathered(person)
        return self._stays[person]

    def proofs(self, person: str) -> list[Row]:
        if person not in self._proofs:
            self._proofs[person] = self._proven(person)
        return self._proofs[person]

    def _gathered(self, person: str) -> list[list[Row]]:
        """Spells in custody, gathered while the next begins no later than the day after the latest end so far."""
        spells = [dict(row) for row in self.rows("custody_spell", person) if row["start_date"] <= self.cutoff]
        for spell in spells:
            spell["end_date"] = self.known_end(spell["end_date"])
        spells.sort(key=lambda spell: spell["start_date"])
        stays: list[list[Row]] = []
        for spell in spells:
            if stays and spell["start_date"] <= end_of(stays[-1]) + DAY:
                stays[-1].append(spell)
            else:
                stays.append([spell])
        return stays

    def inside(self, person: str, midnight: dt.date) -> bool:
        return any(stay[0]["start_date"] <= midnight < end_of(stay) for stay in self.stays(person))

    def _proven(self, person: str) -> list[Row]:
        found = []
        for row in self.rows("offence", person):
            if row["outcome"] not in ("convicted", "cautioned") or not row["recordable"] or row["breach"]:
                continue
            if row["offence_date"] > self.cutoff or row["proven_date"] > self.cutoff:
                continue
            proof = dict(row)
            proof["occasion"] = row["occasion_key"] or str(row["proven_date"])
            proof["day"] = row["proven_date"]
            if row["outcome"] == "cautioned":
                proof["disposal"] = "caution"
            elif row["sentence_date"] is not None:
                proof["day"] = row["sentence_date"]
                if row["sentence_date"] > self.cutoff:
                    proof["disposal"] = None
            found.append(proof)
        for proof in found:
            proof["occasion_day"] = min(p["proven_date"] for p in found if p["occasion"] == proof["occasion"])
            strictly = any(s[0]["start_date"] < proof["offence_date"] < end_of(s) for s in self.stays(person))
            proof["inside"] = proof["in_custody"] or strictly
        return found

    def sentenced_to_custody(self, person: str) -> set[dt.date]:
        found = set()
        for row in self.rows("offence", person):
            if row["outcome"] == "convicted" and row["disposal"] == "custody" and row["proven_date"] <= self.cutoff:
                found.add(row["sentence_date"] or row["proven_date"])
        return {day for day in found if day <= self.cutoff}

    def episodes(self, person: str, day: dt.date) -> list[Row]:
        return [
            row
            for row in self.rows("scheme_episode", person)
            if row["start_date"] <= day and not (self.known_end(row["end_date"]) and row["end_date"] <= day)
        ]


def end_of(stay: list[Row]) -> dt.date:
    return max(spell["end_date"] or dt.date.max - DAY for spell in stay)


def gravest(proofs: list[Row]) -> Row | None:
    def order(proof: Row) -> tuple[Any, ...]:
        return (
            GRAVITY[proof["disposal"]], proof["offence_date"], proof["offence_district"],
            -(proof["sentence_days"] if proof["sentence_days"] is not None else -1), proof["occasion_day"],
            CATEGORIES.get(proof["offence_code"], "~"), proof["proven_date"],
        )  # fmt: skip

    return min(proofs, key=order) if proofs else None


def index_events(county: County, person: str) -> list[Row]:
    """Every index event of a person: day, kind, disposal, the offence that it is for."""
    proofs, custody_days, events = county.proofs(person), county.sentenced_to_custody(person), []
    by_day = {day: gravest([p for p in proofs if p["day"] == day]) for day in {p["day"] for p in proofs}}
    for stay in county.stays(person):
        end, kinds = end_of(stay), {spell["kind"] for spell in stay}
        if end > county.cutoff or (county.death(person) and county.death(person) <= end):
            continue
        last = {spell["release_type"] for spell in stay if spell["end_date"] == end}
        if "transfer" in last:
            continue
        passed = [day for day in custody_days if stay[0]["start_date"] <= day <= end]
        if "sentence" in kinds:
            day = end
        elif "recall" in kinds:
            continue
        elif "time_served" in last:
            day = max(passed, default=end)
        elif end in passed:
            day = end
        else:
            continue
        lengths = [s["sentence_days"] for s in stay if s["kind"] == "sentence" and s["sentence_days"] is not None]
        lengths = lengths or [
            s["sentence_days"] for s in stay if s["kind"] == "recall" and s["sentence_days"] is not None
        ]
        offences = [
            p for d, p in by_day.items() if p["disposal"] == "custody" and stay[0]["start_date"] - DAY <= d <= day
        ]
        offence = max(offences, key=lambda p: p["day"], default=None)
        length = max(lengths) if lengths else offence["sentence_days"] if offence else None
        events.append(
            {
                "day": day,
                "kind": "release",
                "disposal": "custody",
                "offence": offence,
                "length": length,
                "since": stay[0]["start_date"],
            }
        )
    for day, proof in by_day.items():
        if served_before(county, person, day, proof):
            events.append(
                {
                    "day": day,
                    "kind": "release",
                    "disposal": "custody",
                    "offence": proof,
                    "length": proof["sentence_days"],
                    "since": day,
                }
            )
        if proof["disposal"] not in (None, "custody") and day not in custody_days:
            kind = "conviction" if proof["outcome"] == "convicted" else "caution"
            events.append(
                {
                    "day": day,
                    "kind": kind,
                    "disposal": proof["disposal"],
                    "offence": proof,
                    "length": None,
                    "since": day,
                }
            )
    return sorted(events, key=lambda e: (e["day"], ["release", "conviction", "caution"].index(e["kind"])))


def served_before(county: County, person: str, day: dt.date, proof: Row) -> bool:
    """Whether a custodial sentence passed on a day at liberty had been served on remand: half of it or more, since the offence."""
    died = county.death(person)
    if (
        proof["disposal"] != "custody"
        or proof["sentence_days"] is None
        or day > county.cutoff
        or (died and died <= day)
    ):
        return False
    remanded = 0
    for stay in county.stays(person):
        start, end = stay[0]["start_date"], end_of(stay)
        if start - DAY <= day <= end:
            return False
        if {spell["kind"] for spell in stay} == {"remand"} and proof["offence_date"] <= start and end < day:
            remanded += (end - start).days
    return remanded > 0 and remanded * 2 >= proof["sentence_days"]


def age_on(county: County, person: str, day: dt.date) -> int | None:
    born = county.person(person).get("date_of_birth")
    if born is None:
        return None
    years = day.year - born.year
    return years if (day.month, day.day) >= (born.month, born.day) else years - 1


def ages(age: int | None) -> Row:
    if age is None or not 10 <= age <= 120:
        return {"age_band": "not_known", "age_group": "not_known", "young_adult": "not_known"}
    bands = [(10, 14), (15, 17), (18, 20), (21, 24), (25, 29), (30, 34), (35, 39), (40, 49)]
    band = next((f"{low}-{high}" for low, high in bands if low <= age <= high), "50+")
    return {
        "age_band": band,
        "age_group": "child" if age < 18 else "adult",
        "young_adult": "yes" if 18 <= age <= 25 else "no",
    }


def state(county: County, person: str, day: dt.date) -> Row:
    """What a person was like on a day."""
    home_day = day
    for stay in county.stays(person):
        if stay[0]["start_date"] < day <= end_of(stay):
            home_day = min(home_day, stay[0]["start_date"] - DAY)
    homes = [row for row in county.rows("residence", person) if row["from_date"] <= home_day]
    home = max(homes, key=lambda row: row["from_date"])["district"] if homes else "not_known"
    orders = [
        row for row in county.rows("supervision_spell", person)
        if row["start_date"] <= day and (row["end_date"] is None or row["end_date"] > day)
    ]  # fmt: skip
    episodes = county.episodes(person, day)
    episodes.sort(
        key=lambda e: (e["scheme"] != "iom", -e["start_date"].toordinal(), e["scheme"], e["managing_district"])
    )
    states = {"tier": "none", "strand": "none"}
    if episodes:
        for kind in states:
            told = [
                row for row in county.rows("scheme_state", person)
                if row["scheme"] == episodes[0]["scheme"] and row["kind"] == kind and row["from_date"] <= day
                and (row["to_date"] is None or row["to_date"] > day)
            ]  # fmt: skip
            if told:
                states[kind] = min(told, key=lambda row: (-row["from_date"].toordinal(), row["value"]))["value"]
    needs = []
    for pathway in PATHWAYS:
        assessed = [
            row for row in county.rows("need", person)
            if row["pathway"] == pathway and day - 365 * DAY <= row["assessed_on"] <= day
        ]  # fmt: skip
        latest = [row["level"] for row in assessed if row["assessed_on"] == max(a["assessed_on"] for a in assessed)]
        if any(level != "none" for level in latest):
            needs.append(pathway)
    known = county.person(person)
    return {
        "sex": known.get("sex", "not_known"), "ethnicity": known.get("ethnicity", "not_known"),
        "home_district": home, "managing_district": episodes[0]["managing_district"] if episodes else "none",
        "statutory": "statutory" if orders else "not_statutory" if county.has_supervision else "not_known",
        "category": (episodes[0]["category"] or "not_known") if episodes else "none",
        **states, "scheme": sorted({e["scheme"] for e in episodes}), "need": sorted(needs),
    }  # fmt: skip


def length_band(days: int | None) -> str:
    if days is None:
        return "not_known"
    return "under_12_months" if days < 365 else "12_months_to_4_years" if days < 1460 else "4_years_or_more"


def prior_band(county: County, person: str, event: Row) -> str:
    before = county.person(person).get("sanctions_before")
    if before is None:
        return "not_known"
    until = event["offence"]["occasion_day"] if event["offence"] else event["since"]
    n = before + len({p["occasion"] for p in county.proofs(person) if p["occasion_day"] < until})
    return "0" if n == 0 else "1-2" if n <= 2 else "3-6" if n <= 6 else "7-10" if n <= 10 else "11+"


def completed_years(born: dt.date, day: dt.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def history(county: County, person: str, day: dt.date) -> Row:
    """The sanction that a day follows, the history before it, and the two probabilities (None: not scorable)."""
    known, proofs = county.person(person), county.proofs(person)
    ended = [s for s in county.stays(person) if end_of(s) == day and any(spell["kind"] == "sentence" for spell in s)]
    days = {p["day"] for p in proofs if p["day"] <= day}
    if ended:
        since = ended[0][0]["start_date"] - DAY
        inside = {
            d for d in days if gravest([p for p in proofs if p["day"] == d])["disposal"] == "custody" and d >= since
        }
        days = inside
    none = {"age": None, "previous": None, "first": None, "category": None, "one": None, "two": None}
    if not days or not known:
        return none
    offence = gravest([p for p in proofs if p["day"] == max(days)])
    earlier = {p["occasion"]: p["occasion_day"] for p in proofs if p["occasion_day"] < offence["occasion_day"]}
    before, category = known["sanctions_before"], CATEGORIES.get(offence["offence_code"])
    previous = None if before is None else before + len(earlier)
    if previous == 0:
        first = offence["proven_date"]
    elif before == 0:
        first = min(p["occasion_day"] for p in proofs)
    else:
        first = known["first_sanction_date"]
        if first is not None and (first > offence["proven_date"] or first > county.cutoff):
            first = None
        if first is not None:
            first = min(first, *(p["occasion_day"] for p in proofs))
    born = known["date_of_birth"]
    age = completed_years(born, day) if born else None
    first_age = completed_years(born, first) if born and first else None
    found = none | {"age": age, "previous": previous, "first": first_age, "category": category}
    if None in (category, previous, age, first_age) or known["sex"] == "not_known" or first_age < 10 or age > 120:
        return found
    convictions = [p["occasion_day"] for p in proofs if p["occasion"] in
                   {q["occasion"] for q in proofs if q["outcome"] == "convicted"}]  # fmt: skip
    if offence["outcome"] == "cautioned" and before == 0 and all(d > offence["day"] for d in convictions):
        status = ["first_caution", "second_caution", "many_cautions"][min(previous, 2)]
    else:
        status = "repeat" if previous else "first_conviction"
    tops = [11, 13, 15, 17, 20, 24, 29, 34, 39, 49]
    bands = ["10-11", "12-13", "14-15", "16-17", "18-20", "21-24", "25-29", "30-34", "35-39", "40-49", "50+"]
    years = 10 + completed_years(born, offence["proven_date"]) - first_age
    z = (
        WEIGHTS["status", status] + WEIGHTS["offence", category]
        + WEIGHTS[known["sex"], bands[sum(age > top for top in tops)]]
        + WEIGHTS["copas", "weight"] * math.log((1 + min(previous, 50)) / years)
    )  # fmt: skip
    one, two = (1 / (1 + math.exp(-z - WEIGHTS["intercept", name])) for name in ("one_year", "two_years"))
    return found | {"one": one, "two": two}


def ogrs(county: County, person: str, day: dt.date, follow_up: int) -> Row:
    found = history(county, person, day)
    score = found["one"] if follow_up <= 365 else found["two"]
    bands = [("0-24", 0.25), ("25-49", 0.5), ("50-74", 0.75), ("75-89", 0.9), ("90+", 2)]
    band = "not_scorable" if score is None else next(name for name, top in bands if found["two"] < top)
    return {"ogrs_category": found["category"] or "not_known", "ogrs_band": band,
            "ogrs3": None if score is None else round(score, 12)}  # fmt: skip


def outcome(county: County, person: str, day: dt.date, follow_up: int, waiting: int) -> Row:
    proofs = [
        p for p in county.proofs(person)
        if 1 <= (p["offence_date"] - day).days <= follow_up and (p["proven_date"] - day).days <= follow_up + waiting
    ]  # fmt: skip
    ends = [day + follow_up * DAY, county.cutoff] + ([county.death(person)] if county.death(person) else [])
    observed = max(0, (min(ends) - day).days)
    inside = sum(county.inside(person, day + n * DAY) for n in range(1, observed + 1))
    return {
        "reoffended": bool(proofs), "reoffences": len(proofs),
        "reconviction_occasions": len({p["occasion"] for p in proofs if p["outcome"] == "convicted"}),
        "acquisitive_reoffences": sum(p["offence_code"] in ("28", "28E") for p in proofs) if county.has_codes else None,
        "severity": sum(SEVERITY.get(p["offence_code"], 4930) for p in proofs) / 100 if county.has_codes else None,
        "days_to_first": min(((p["offence_date"] - day).days for p in proofs), default=None),
        "days_observed": observed,
        "days_in_custody": inside if county.has_custody else None,
        "days_at_liberty": observed - inside if county.has_custody else None,
        "liberty_offences": sum(not p["inside"] for p in proofs) if county.has_custody else None,
    }  # fmt: skip


def index_event(county: County, cohort: Cohort, quarters: list[str]) -> list[Row]:
    found = []
    for person in county.people:
        if cohort.entry == "named":
            members = [
                m
                for m in county.rows("cohort_member", person)
                if m["cohort"] == cohort.id and m["index_date"] <= county.cutoff
            ]
            events = []
            for member in sorted(members, key=lambda m: m["index_date"]):
                offence = gravest([p for p in county.proofs(person) if p["day"] == member["index_date"]])
                disposal = (offence["disposal"] if offence else None) or "not_known"
                length = offence["sentence_days"] if disposal == "custody" else None
                events.append({"day": member["index_date"], "kind": "named", "disposal": disposal, "offence": offence, "length": length,
                               "since": member["index_date"], "age": member["age_at_index"]})  # fmt: skip
        else:
            events = index_events(county, person)
        for name in quarters:
            within = [e for e in events if quarter(e["day"]) == name]
            if cohort.entry == "scheme":
                within = [e for e in within if county.episodes(person, e["day"])]
            if not within:
                continue
            event = within[0]
            stated = event.get("age")
            age = ages(stated if stated is not None else age_on(county, person, event["day"]))
            if cohort.age not in ("any", age["age_group"]):
                continue
            disposal = event["disposal"]
            length = (
                length_band(event["length"])
                if disposal == "custody"
                else "not_known"
                if disposal == "not_known"
                else "not_custody"
            )
            found.append(
                {"cohort": cohort.id, "period": name, "person_key": person, "index_date": event["day"], "index_kind": event["kind"]}
                | state(county, person, event["day"]) | age
                | {"offence_district": event["offence"]["offence_district"] if event["offence"] else "not_known",
                   "disposal": disposal, "sentence_length": length, "prior_band": prior_band(county, person, event)}
                | outcome(county, person, event["day"], cohort.follow_up_days, cohort.waiting_days)
                | ogrs(county, person, event["day"], cohort.follow_up_days)
            )  # fmt: skip
    return found


def caseload(county: County, quarters: list[str]) -> list[Row]:
    found = []
    for person in county.people:
        for name in quarters:
            days = [day for day in quarter_days(name) if day <= county.cutoff]
            on = [day for day in days if county.episodes(person, day)]
            if not on:
                continue
            leaving = [day for day in on if day + DAY <= county.cutoff and not county.episodes(person, day + DAY)]
            reason = "none"
            if leaving:
                ended = [e for e in county.rows("scheme_episode", person)
                         if e["end_date"] == leaving[-1] + DAY and e["end_date"] > e["start_date"]]  # fmt: skip
                ended.sort(key=lambda e: (e["scheme"] != "iom", e["scheme"], e["exit_reason"] or "~"))
                reason = ended[0]["exit_reason"] or "not_known"
            found.append(
                {"cohort": "caseload", "period": name, "person_key": person}
                | state(county, person, on[-1]) | ages(age_on(county, person, on[-1]))
                | {"on_at_end": on[-1] == days[-1],
                   "in_custody_at_end": county.inside(person, days[-1]) if county.begins["custody_spell"] <= days[-1] else None,
                   "days_on_scheme": len(on), "joined": any(not county.episodes(person, day - DAY) for day in on),
                   "left": bool(leaving), "left_desisted": reason == "desisted", "exit_reason": reason}
                | caseload_twin.told(county, person, on[-1], (
                    state(county, person, caseload_twin.compared_from(county, person, days[0], on[-1]))["tier"], state(county, person, on[-1])["tier"]))
            )  # fmt: skip
    return found


def pathway_step(county: County, quarters: list[str]) -> list[Row]:
    found = []
    for row in caseload(county, quarters):
        end = min(quarter_days(row["period"])[-1], county.cutoff)
        since = end - 365 * DAY
        days = quarter_days(row["period"])
        last = max(day for day in days if day <= end and county.episodes(row["person_key"], day))
        kept = {name: row[name] for name in ("cohort", "period", "person_key", "sex", "ethnicity", "age_band", "age_group", "young_adult",
                "home_district", "managing_district", "statutory", "category", "tier", "strand", "scheme")}  # fmt: skip
        for pathway in PATHWAYS:
            live = []
            for spell in county.rows("intervention_spell", row["person_key"]):
                begun = spell["started_on"] is not None and spell["started_on"] <= end
                lasting = begun and (spell["ended_on"] is None or spell["ended_on"] >= since)
                if (
                    spell["pathway"] == pathway
                    and spell["referred_on"] <= end
                    and (spell["referred_on"] >= since or lasting)
                ):
                    live.append(
                        (
                            begun,
                            begun
                            and spell["outcome"] == "completed"
                            and spell["ended_on"] is not None
                            and spell["ended_on"] <= end,
                            spell.get("goal_met"),
                            spell["ended_on"] is None or spell["ended_on"] > end,
                        )
                    )
            done = [goal for _, completed, goal, _ in live if completed]
            said = [goal for goal in done if goal is not None]
            gained = any(said) if said else None if done else False
            steps = {
                "referred": bool(live),
                "started": any(s for s, *_ in live),
                "completed": bool(done),
                "gained": gained,
                "waiting": bool(live) and not any(s for s, *_ in live) and any(going for *_, going in live),
                "ongoing": any(s and going for s, _, _, going in live) and not done,
            }
            if county.begins["intervention_spell"] > end:
                steps = dict.fromkeys(steps)
            need = pathway in row["need"] if county.begins["need"] <= end else None
            ever = any(
                d["pathway"] == pathway and d["level"] != "none" and last - 365 * DAY <= d["assessed_on"] <= last
                for d in county.rows("need", row["person_key"])
            )
            found.append(kept | {"pathway": pathway, "need": need, "found": None if need is None else ever} | steps)
    return found


def referral(county: County, quarters: list[str]) -> list[Row]:
    found = []
    for person in county.people:
        for spell in county.rows("intervention_spell", person):
            made = spell["referred_on"]
            if made > county.cutoff or quarter(made) not in quarters:
                continue
            started, ended = county.known_end(spell["started_on"]), county.known_end(spell["ended_on"])
            until = started or ended or county.cutoff
            about = state(county, person, made) | ages(age_on(county, person, made))
            del about["need"]
            found.append(
                {"cohort": "referrals", "period": quarter(made), "person_key": person, "pathway": spell["pathway"], "programme": spell["programme"],
                 "provider": "not_known", "sector": "not_known",
                 "referred_on": made, "waited_days": max(0, (until - made).days), "started": started is not None,
                 "completed": started is not None and ended is not None and spell["outcome"] == "completed"} | about
            )  # fmt: skip
    return found


def prison_release(county: County, quarters: list[str]) -> list[Row]:
    found = []
    for person in county.people:
        for stay in county.stays(person):
            end, kinds = end_of(stay), {spell["kind"] for spell in stay}
            last = {spell["release_type"] for spell in stay if spell["end_date"] == end}
            if end > county.cutoff or quarter(end) not in quarters or kinds == {"remand"} or "transfer" in last:
                continue
            if not county.episodes(person, end) or (county.death(person) and county.death(person) <= end):
                continue
            lengths = [s["sentence_days"] for s in stay if s["kind"] == "sentence" and s["sentence_days"] is not None]
            lengths = lengths or [
                s["sentence_days"] for s in stay if s["kind"] == "recall" and s["sentence_days"] is not None
            ]
            about = state(county, person, end) | ages(age_on(county, person, end))
            del about["need"]
            found.append(
                {"cohort": "prison_releases", "period": quarter(end), "person_key": person, "release_date": end,
                 "sentence_length": length_band(max(lengths, default=None)), "recall": "sentence" not in kinds,
                 "friday": end.strftime("%A") == "Friday"}
                | about | notice_twin.told(county.rows("custody_spell", person), county.spells, end)
            )  # fmt: skip
    return found
