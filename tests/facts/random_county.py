"""Small random counties, crowded with awkward dates: everything happens to few people in few years."""

import datetime as dt
import random
from typing import Any

from etl.contracts import terms
from tests.facts.notice_twin import notify
from tests.facts.stores import key

START = dt.date(2019, 1, 1)
DAYS = 1400
CUTOFF = START + dt.timedelta(days=DAYS)
Row = dict[str, Any]


def county(seed: int, people: int = 12, without: tuple[str, ...] = ()) -> dict[str, list[Row]]:
    """Canonical rows, some of them after the cut-off; tables named in `without` stay empty."""
    rng = random.Random(seed)
    tables: dict[str, list[Row]] = {
        name: [] for name in ("person", "residence", "offence", "custody_spell", "supervision_spell", "scheme_episode", "scheme_state",
                              "need", "intervention_spell", "cohort_member", "rag_rating", "selection_decision")
    }  # fmt: skip
    marks = [rng.randrange(DAYS) for _ in range(12)]
    codes = [None, "105/01", "105.1", "04600", "803/01", "92/52", "92", "28", "28E", "999/55"]

    def when() -> dt.date:
        """A day: often one of a few that everybody shares, or next to one, or a year after one."""
        if rng.random() < 0.6:
            return START + dt.timedelta(days=rng.choice(marks) + rng.choice((0, 0, 0, 1, -1, 365, 366)))
        return START + dt.timedelta(days=rng.randrange(DAYS + 60))

    def later(day: dt.date, mean: int) -> dt.date | None:
        return (
            None if rng.random() < 0.1 else day + dt.timedelta(days=rng.choice((0, 1, int(rng.expovariate(1 / mean)))))
        )

    for number in range(people):
        person = key(f"{seed}-{number}")
        if rng.random() < 0.95:
            tables["person"].append({
                "person_key": person, "sex": rng.choice(terms.SEXES), "ethnicity": rng.choice(terms.ETHNICITIES),
                "date_of_birth": rng.choice([None, START - dt.timedelta(days=rng.randrange(3000, 20000)), dt.date(2004, 2, 29), when().replace(year=2002, day=1)]),
                "date_of_death": when() if rng.random() < 0.1 else None, "sanctions_before": rng.choice([None, 0, 0, 2, 5, 9, 60]),
                "first_sanction_date": rng.choice([None, START - dt.timedelta(days=rng.randrange(4000)), START - dt.timedelta(days=rng.randrange(4000)), when()]),
            })  # fmt: skip
        for day in {when() for _ in range(rng.randrange(4))}:
            tables["residence"].append(
                {
                    "person_key": person,
                    "district": rng.choice(["cambridge", "fenland", "no_fixed_address"]),
                    "from_date": day,
                    "to_date": later(day, 300),
                }
            )
        for _ in range(rng.randrange(14)):
            day = when()
            outcome = rng.choices(terms.OUTCOMES, [6, 2, 1, 1, 1, 1])[0]
            proven = day + dt.timedelta(days=rng.choice((0, 1, 30, int(rng.expovariate(1 / 150)))))
            sentenced = rng.choice([None, proven, proven + dt.timedelta(days=rng.randrange(40))])
            tables["offence"].append({
                "person_key": person, "offence_key": f"{seed}-{len(tables['offence'])}", "occasion_key": rng.choice([None, f"{person[-6:]}{rng.randrange(4)}"]),
                "offence_date": day, "offence_district": rng.choice(["cambridge", "fenland"]),
                "arrest_date": rng.choice([None, day, when()]), "first_hearing_date": rng.choice([None, when()]),
                "proven_date": proven if outcome in ("convicted", "cautioned") else None, "sentence_date": sentenced if outcome == "convicted" else None,
                "outcome": outcome, "disposal": rng.choice([None, "custody", "custody", "suspended", "community", "fine", "discharge", "other"]) if outcome == "convicted" else None,
                "sentence_days": rng.choice([None, 60, 364, 365, 1459, 1460]), "offence_group": "theft", "offence_code": rng.choice(codes),
                "recordable": rng.random() < 0.85, "breach": rng.random() < 0.15, "in_custody": rng.random() < 0.05, "record_source": "national",
            })  # fmt: skip
        for _ in range(rng.randrange(7)):
            day = when()
            tables["custody_spell"].append({
                "person_key": person, "kind": rng.choice(terms.CUSTODY_KINDS), "start_date": day, "end_date": later(day, 60),
                "release_type": rng.choice([None, "conditional", "bail", "time_served", "transfer"]), "sentence_days": rng.choice([None, 60, 365, 1460]),
            })  # fmt: skip
        if rng.random() < 0.4:  # remanded, bailed, and sentenced at liberty to about what was served
            day = when()
            bailed = day + dt.timedelta(days=rng.choice((20, 30, 31)))
            sentenced = bailed + dt.timedelta(days=rng.choice((0, 1, 2, 40)))
            tables["custody_spell"].append({
                "person_key": person, "kind": "remand", "start_date": day, "end_date": bailed, "release_type": "bail", "sentence_days": None,
            })  # fmt: skip
            tables["offence"].append({
                "person_key": person, "offence_key": f"{seed}-{len(tables['offence'])}", "occasion_key": None,
                "offence_date": day - dt.timedelta(days=rng.choice((0, 3, -1))), "offence_district": "fenland", "proven_date": sentenced,
                "sentence_date": rng.choice([None, sentenced]), "outcome": "convicted", "disposal": "custody", "sentence_days": rng.choice((60, 61)),
                "offence_group": "theft", "offence_code": rng.choice(codes), "recordable": True, "breach": False, "in_custody": False, "record_source": "national",
            })  # fmt: skip
        for _ in range(rng.randrange(3)):
            day = when()
            tables["supervision_spell"].append(
                {"person_key": person, "kind": "licence", "start_date": day, "end_date": later(day, 200)}
            )
        for _ in range(rng.randrange(4)):
            day = when()
            end = later(day, 250)
            tables["scheme_episode"].append({
                "person_key": person, "scheme": rng.choice(["iom", "iom", "mappa", "dip"]), "category": rng.choice([None, "fixed", "flex"]),
                "managing_district": rng.choice(["peterborough", "fenland"]), "start_date": day, "end_date": end,
                "entry_route": rng.choice([None, "score", "transfer_in"]),
                "exit_reason": rng.choice([None, "desisted", "stepped_down"]) if end else None,
            })  # fmt: skip
        for _ in range(rng.randrange(9)):
            day = when()
            kind = rng.choice(["tier", "tier", "strand", "consent"])
            values = {
                "tier": ("one", "two"),
                "strand": terms.STRANDS,
                "consent": ("consented", "refused", "not_sought"),
            }
            tables["scheme_state"].append(
                {
                    "person_key": person,
                    "scheme": rng.choice(["iom", "mappa"]),
                    "kind": kind,
                    "value": rng.choice(values[kind]),
                    "from_date": day,
                    "to_date": later(day, 200),
                    "review_due": later(day, 60) if rng.random() < 0.7 else None,
                }
            )
        starts = [episode["start_date"] for episode in tables["scheme_episode"] if episode["person_key"] == person]
        tables["selection_decision"] += [
            {"person_key": person, "decided_on": rng.choice([when(), *starts]), "decision": rng.choice(["selected", "selected", "not_selected", "retained"]),
             "score": rng.choice([None, 2.0, 4.0, 6.0]), "threshold": rng.choice([None, 4.0, 4.0]), "score_version": rng.choice([None, "a", "b"]), "district": "fenland",
             "proposing_agency": rng.choice([None, "police", "probation"])}
            for _ in range(rng.randrange(8))
        ]  # fmt: skip
        tables["rag_rating"] += [
            {"person_key": person, "rated_on": when(), "overall": rng.choice(terms.RAG)}
            for _ in range(rng.randrange(8))
        ]
        for _ in range(rng.randrange(10)):
            tables["need"].append(
                {
                    "person_key": person,
                    "pathway": rng.choice(["health", "finance", "women"]),
                    "assessed_on": when(),
                    "level": rng.choice(terms.NEED_LEVELS),
                }
            )
        for _ in range(rng.randrange(6)):
            day = when()
            started = rng.choice([None, later(day, 40)])
            ended = later(started or day, 80)
            tables["intervention_spell"].append({
                "person_key": person, "programme": rng.choice(["a", "b"]), "pathway": rng.choice(["health", "finance"]), "referred_on": day,
                "started_on": started, "ended_on": ended, "outcome": rng.choice([None, "completed", "completed", "dropped_out"]),
                "goal_met": rng.choice([None, True, False]),
            })  # fmt: skip
        for day in {when() for _ in range(rng.randrange(4))}:
            tables["cohort_member"].append(
                {
                    "person_key": person,
                    "cohort": "trial",
                    "index_date": day,
                    "group_name": "none",
                    "age_at_index": rng.choice([None, 17, 30]),
                }
            )
    notify(tables["custody_spell"], seed)
    return {name: [] if name in without else rows for name, rows in tables.items()}
