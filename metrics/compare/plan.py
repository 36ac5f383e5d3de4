"""The list of comparisons to publish: data, so that a new scheme, district or programme needs no code.

An entry of data/reference/comparisons.toml names one comparison, or with `for_each` one for every scheme, every district
of a scheme, every scheme in its latest four quarters and the four before, every programme, every programme in each district
where enough of its people live, or every named cohort that the store holds. A data directory's own comparisons.toml adds to the list, replaces entries of the same name, and takes one out with `publish = false`.
"""

import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from common import paths
from common.errors import ProblemError, ProblemsError
from metrics.dimensions import dimensions, label_of
from metrics.periods import quarter_after, quarter_end, quarter_of, quarter_start, year_before

FILE = "comparisons.toml"
KINDS = ("scheme", "programme", "cohort", "list")
EACH = ("scheme", "scheme_district", "scheme_window", "programme", "programme_district", "cohort")
ENOUGH = 60
"""The fewest starters living in a district for a programme to be compared there, or in four quarters for a scheme: with fewer
there is no verdict."""
WINDOWS = ("latest", "before")
"""The four quarters up to the last that can be followed in full, and the four before those."""
EVERYWHERE = "all"
EXACT = (
    *("age_group", "sex", "ethnicity", "home_district", "index_kind", "disposal", "sentence_length", "index_group"),
    *("prior_band", "statutory", "at_release", "on_iom", "on_other_scheme", "season", "year", "quarter"),
)
"""The fields on which a comparison may demand an exact match. Children are never matched with adults."""
_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$")
_QUARTER = re.compile(r"^\d{4}Q[1-4]$")
_KEYS = {
    *("title", "subject_kind", "subject", "district", "from", "to", "follow_up_days", "waiting_days", "exact", "notes"),
    *("for_each", "publish"),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison: whom it is about, where and when, and how long they are followed.

    `subject_kind` is scheme, programme, cohort (a named cohort of the store) or list (a provider's list, given to
    `iom evaluate`); `subject` is its code. `district` is the managing district for a scheme, else the home district, or
    `all`. `from_period` and `to_period` are quarters (2018Q1) of the evaluation date, or empty for the first and the last
    that can be followed in full. `follow_up_days` and `waiting_days` are whole days. `exact` names the fields on which
    a match must agree; the age group is always one of them. `window` (latest, before) says that the period moves with the
    records, and is no contract's own.
    """

    id: str
    title: str
    subject_kind: str
    subject: str
    district: str = EVERYWHERE
    from_period: str = ""
    to_period: str = ""
    follow_up_days: int = 365
    waiting_days: int = 183
    exact: tuple[str, ...] = ("age_group", "sex")
    notes: str = ""
    sort: int = 0
    window: str = ""

    def as_json(self) -> str:
        """The comparison as JSON, keys in order: what was asked, published beside what was found."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)


def moves(definition: str | None) -> bool:
    """Whether a published comparison's period moves with the records, told from its definition as JSON: such a one has few
    people and stands beside the comparison over all time, and neither money nor a contract rests on it."""
    return bool(json.loads(definition or "{}").get("window"))


def plan(
    con: duckdb.DuckDBPyConnection, data_dir: Path | None = None, cutoff: dt.date | None = None
) -> tuple[Comparison, ...]:
    """The comparisons to publish from a store: the shipped list, and a data directory's own.

    Without a `cutoff` nobody knows which quarters are the latest: then none is made for them.
    """
    entries = read_entries(paths.reference(FILE))
    own = None if data_dir is None else data_dir / FILE
    if own is not None and own.exists():
        entries |= read_entries(own)
    return expanded(con, entries, cutoff)


def read_entries(path: Path) -> dict[str, dict[str, Any]]:
    """The entries of one list by name, checked. Every mistake in the file is told at once."""
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise ProblemError(
            "the list of comparisons cannot be read", path.name, "a TOML file, one [table] for each comparison"
        ) from None
    problems = [
        ProblemError(mistake, f"{path.name}, [{name}]", allowed)
        for name, entry in listed.items()
        for mistake, allowed in _mistakes(name, entry)
    ]
    if problems:
        raise ProblemsError(problems)
    return listed


def _mistakes(name: str, entry: object) -> Iterable[tuple[str, str]]:
    if not isinstance(entry, dict):
        yield "an entry is not a table", "[name] and its keys below it"
        return
    if not _ID.match(name):
        yield "a name is not allowed", "letters, digits and _ . - only"
    if unknown := sorted(set(entry) - _KEYS):
        yield f"keys are not known: {', '.join(unknown)}", ", ".join(sorted(_KEYS))
    if entry.get("publish") is False:
        return
    if "for_each" in entry:
        if entry["for_each"] not in EACH:
            yield "`for_each` is not known", ", ".join(EACH)
        if extra := sorted({"subject", "subject_kind", "title"} & set(entry)):
            yield f"with `for_each` these come from the store: {', '.join(extra)}", "leave them out"
    else:
        if missing := [key for key in ("title", "subject_kind", "subject") if not entry.get(key)]:
            yield f"missing: {', '.join(missing)}", "a title, a kind of subject and a subject, or `for_each`"
        if entry.get("subject_kind", KINDS[0]) not in KINDS[:3]:
            yield "`subject_kind` is not known", ", ".join(KINDS[:3])
    yield from _mistaken_values(entry)


def _mistaken_values(entry: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for key in ("title", "subject", "district", "notes"):
        if key in entry and not isinstance(entry[key], str):
            yield f"`{key}` is not text", "text in quotation marks"
    for key in ("from", "to"):
        if entry.get(key, "") != "" and not _QUARTER.match(str(entry[key])):
            yield f"`{key}` is not a quarter", 'like "2018Q1", or empty'
    if all(_QUARTER.match(str(entry.get(key, ""))) for key in ("from", "to")) and entry["from"] > entry["to"]:
        yield "`from` is after `to`", "a period that begins before it ends"
    for key, least in (("follow_up_days", 1), ("waiting_days", 0)):
        days = entry.get(key, least)
        if isinstance(days, bool) or not isinstance(days, int) or not least <= days <= 3660:
            yield f"`{key}` is not a number of days", f"a whole number, {least} to 3660"
    exact = entry.get("exact", [])
    if not isinstance(exact, list) or (wrong := [str(field) for field in exact if field not in EXACT]):
        told = "" if not isinstance(exact, list) else f": {', '.join(wrong)}"
        yield f"`exact` names fields that cannot be matched on{told}", ", ".join(EXACT)


def expanded(
    con: duckdb.DuckDBPyConnection, entries: Mapping[str, Mapping[str, Any]], cutoff: dt.date | None = None
) -> tuple[Comparison, ...]:
    """Each entry as comparisons of this store, in order; an entry of one subject stands before a generic one of its id."""
    found: dict[str, Comparison] = {}
    wanted = [(name, entry) for name, entry in entries.items() if entry.get("publish", True)]
    off = {name for name, entry in entries.items() if not entry.get("publish", True)}
    for name, entry in sorted(wanted, key=lambda item: "for_each" in item[1]):
        given: dict[str, Any] = {
            "from_period": entry.get("from", ""),
            "to_period": entry.get("to", ""),
            "exact": tuple(dict.fromkeys(["age_group", *entry.get("exact", ["sex"])])),
        }
        given |= {key: entry[key] for key in ("follow_up_days", "waiting_days", "notes") if key in entry}
        if entry.get("for_each") == "scheme_window":
            made = [] if cutoff is None else _windows(con, name, given, cutoff)
        elif "for_each" in entry:
            made = _each(con, entry["for_each"], entry.get("district"), name, given)
        else:
            own = {key: entry[key] for key in ("title", "subject_kind", "subject", "district") if key in entry}
            made = [Comparison(id=name, **own, **given)]
        for one in made:
            if one.id not in off:
                found.setdefault(one.id, one)
    ordered = sorted(
        found.values(), key=lambda c: (KINDS.index(c.subject_kind), c.subject, c.district != "all", c.window, c.id)
    )
    return tuple(_placed(one, place) for place, one in enumerate(ordered, start=1))


def _placed(one: Comparison, place: int) -> Comparison:
    return Comparison(**{**asdict(one), "exact": one.exact, "sort": place})


def _each(
    con: duckdb.DuckDBPyConnection, each: str, district: str | None, name: str, given: Mapping[str, Any]
) -> list[Comparison]:
    """A generic entry made into one comparison for each subject; ids are made of the entry's name and the codes."""
    made = []
    for kind, subject, label, place, place_label in _subjects(con, each):
        where = district if district is not None else place
        title = label if where == EVERYWHERE else f"{label}, {place_label or label_of(where)}"
        code = "_".join([name, _plain(subject), *([] if place == EVERYWHERE else [_plain(place)])])
        made.append(Comparison(id=code, title=title, subject_kind=kind, subject=subject, district=where, **dict(given)))
    return made


def _windows(
    con: duckdb.DuckDBPyConnection, name: str, given: Mapping[str, Any], cutoff: dt.date
) -> Iterable[Comparison]:
    """Each scheme in its latest four quarters that can be followed in full, and in the four before, where enough began."""
    days = {key: given.get(f"{key}_days", whole) for key, whole in (("follow_up", 365), ("waiting", 183))}
    final = cutoff - dt.timedelta(days=days["follow_up"] + days["waiting"])
    last = quarter_of(quarter_start(quarter_of(final + dt.timedelta(days=1))) - dt.timedelta(days=1))
    schemes = dimensions()["scheme"].values
    for window, end in (("latest", last), ("before", year_before(last))):
        span = quarter_after(year_before(end)), end
        rows = con.sql(
            "SELECT scheme FROM (SELECT scheme, person_key, min(start_date) AS day FROM scheme_episode GROUP BY ALL)"
            " WHERE day BETWEEN $first AND $last GROUP BY scheme HAVING count(*) >= $enough ORDER BY scheme",
            params={"first": quarter_start(span[0]), "last": quarter_end(span[1]), "enough": ENOUGH},
        ).fetchall()
        for (scheme,) in rows:
            said = f"{quarter_start(span[0]):%B %Y} to {quarter_end(span[1]):%B %Y}"
            yield Comparison(
                id=f"{name}_{window}_{_plain(scheme)}", title=f"{schemes.get(scheme, label_of(scheme))}, {said}",
                subject_kind="scheme", subject=scheme, window=window,
                **{**given, "from_period": span[0], "to_period": span[1]},
            )  # fmt: skip


def _plain(code: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", code.lower()).strip("_")


_LIVED = """
WITH first AS (
    SELECT programme, person_key, min(started_on) AS day FROM intervention_spell
    WHERE started_on IS NOT NULL GROUP BY programme, person_key
), home AS (
    SELECT f.programme, f.person_key, arg_max(r.district, r.from_date) AS district
    FROM first AS f JOIN residence AS r ON r.person_key = f.person_key AND r.from_date <= f.day
    GROUP BY f.programme, f.person_key
)
SELECT programme, district FROM home SEMI JOIN geography ON geography.district = home.district
GROUP BY programme, district HAVING count(*) >= $enough ORDER BY programme, district
"""
"""Programmes and districts, by where people lived on the day they first started."""


def _subjects(con: duckdb.DuckDBPyConnection, each: str) -> Sequence[tuple[str, str, str, str, str]]:
    """(kind, subject, its label, district, its label) for each that the store has."""
    schemes = dimensions()["scheme"].values
    places = dict(con.sql("SELECT district, label FROM geography").fetchall())
    if each == "scheme":
        rows = con.sql("SELECT DISTINCT scheme FROM scheme_episode ORDER BY scheme").fetchall()
        return [("scheme", s, schemes.get(s, label_of(s)), EVERYWHERE, "") for (s,) in rows]
    if each == "scheme_district":
        rows = con.sql(
            "SELECT DISTINCT scheme, managing_district FROM scheme_episode SEMI JOIN geography"
            " ON geography.district = managing_district ORDER BY scheme, managing_district"
        ).fetchall()
        return [("scheme", s, schemes.get(s, label_of(s)), d, places.get(d, label_of(d))) for s, d in rows]
    if each == "programme":
        titles = dict(con.sql("SELECT programme, min(title) FROM programme GROUP BY programme").fetchall())
        rows = con.sql("SELECT DISTINCT programme FROM intervention_spell ORDER BY programme").fetchall()
        return [("programme", p, titles.get(p, label_of(p)), EVERYWHERE, "") for (p,) in rows]
    if each == "programme_district":
        titles = dict(con.sql("SELECT programme, min(title) FROM programme GROUP BY programme").fetchall())
        rows = con.sql(_LIVED, params={"enough": ENOUGH}).fetchall()
        return [("programme", p, titles.get(p, label_of(p)), d, places.get(d, label_of(d))) for p, d in rows]
    rows = con.sql(
        "SELECT DISTINCT m.cohort, coalesce(d.title, m.cohort) FROM cohort_member AS m"
        " LEFT JOIN cohort_definition AS d ON d.cohort = m.cohort WHERE m.group_name = 'treatment' ORDER BY 1"
    ).fetchall()
    return [("cohort", cohort, title, EVERYWHERE, "") for cohort, title in rows]
