"""What was known of a prison release beforehand, over again in plain Python. Written from docs/methods/promises.md, not from the SQL."""

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]
NEVER = dt.date.min


def told(spells: Sequence[Row], everybody: Sequence[Row], released: dt.date) -> Row:
    """The columns of a prison release on that day: `spells` are the person's in custody, `everybody` those of the store."""
    last = [s for s in spells if s["end_date"] == released and s["kind"] in ("sentence", "recall")]
    spell = max(last, key=_latest, default={})
    notices = [
        (spell.get(on), spell.get(date))
        for on, date in (("last_notified_on", "release_last_notified"), ("first_notified_on", "release_first_notified"))
    ]
    first_notice = min((s["first_notified_on"] for s in everybody if s.get("first_notified_on")), default=None)
    first_word = min((s["police_told_on"] for s in everybody if s.get("police_told_on")), default=None)
    known = first_notice is not None and released >= first_notice
    a_week, a_fortnight = (_stood(notices, released - dt.timedelta(days=days)) for days in (7, 14))
    unexpected = a_week != released if known else None
    word = spell.get("police_told_on")
    return {
        "weekday": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[released.weekday()],
        "establishment": spell.get("establishment") or "not_known",
        "notice": {True: "unexpected", False: "planned", None: "not_known"}[unexpected],
        "unexpected": unexpected,
        "date_notified": a_fortnight is not None if known else None,
        "date_changed": a_fortnight != released if known and a_fortnight else None,
        "police_told": bool(word and word < released) if first_word is not None and released >= first_word else None,
    }


def _stood(notices: Sequence[tuple[dt.date | None, dt.date | None]], day: dt.date) -> dt.date | None:
    """The date of release that stood on a day: of those notified by then, the latest notified."""
    return next((date for on, date in notices if on and date and on <= day), None)


def _latest(spell: Row) -> tuple[Any, ...]:
    """Of several spells that ended together, the one notified last; then the one begun last; then by kind."""
    on = spell.get("last_notified_on") or NEVER, spell.get("first_notified_on") or NEVER
    return (*on, spell["start_date"], spell["kind"] == "recall")


def notify(spells: list[Row], seed: int) -> None:
    """Give spells in custody notices and words to the police, at random: early, late, changed, or none."""
    for spell in spells:
        draw = random.Random(f"{seed} {spell['person_key']} {spell['start_date']} {spell['kind']}")
        start = spell["start_date"]
        due = spell["end_date"] or start + dt.timedelta(days=30)
        changed = due + dt.timedelta(days=draw.choice((0, 0, 0, 3, -3)))
        early, late = (due - dt.timedelta(days=draw.choice((0, 6, 7, 8, 13, 14, 15, 30))) for _ in range(2))
        spell |= {
            "establishment": draw.choice((None, "HMP One", "HMP Two")),
            "release_first_notified": draw.choice((None, changed, changed)),
            "first_notified_on": draw.choice((None, min(early, late), min(early, late))),
            "release_last_notified": draw.choice((None, due, changed)),
            "last_notified_on": draw.choice((None, max(early, late), max(early, late))),
            "police_told_on": draw.choice((None, due, due - dt.timedelta(days=1), start)),
        }
