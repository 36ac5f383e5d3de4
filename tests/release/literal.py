"""A small release written by hand, both levels, for tests of the reader and of pages.

What is in it, for the reoffending clock (cohort `scheme`, 12 months and 6 for proof, cut-off 30 September 2026):
quarters 2024Q1 to 2026Q3; complete to 2025Q1, provisional 2025Q2 and 2025Q3, immature after that;
2024Q3 is empty (nobody entered); East Cambridgeshire has one person in 2024Q4 and nobody else, ever.
For the process clock (`caseload`, `referrals`): every quarter complete; nobody on the caseload in 2024Q3.
The open level holds years, three years and all, rounded to 5, with suppressed and withheld groups.

Use: `write(data_dir)` makes a data directory with this release as the current one and returns its id.
It needs nothing but `release/schema.sql`, so a page test runs on it in milliseconds.
"""

import datetime as dt
import json
import math
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl

from common import versions
from release import files
from tests.release import literal_comparison, literal_expected, literal_payment

SCHEMA = Path(files.__file__).with_name("schema.sql")
RELEASE_ID = "20261001T090000-abc123"
CUTOFF = dt.date(2026, 9, 30)
DISTRICTS = {
    "cambridge": "Cambridge",
    "east_cambridgeshire": "East Cambridgeshire",
    "fenland": "Fenland",
    "huntingdonshire": "Huntingdonshire",
    "south_cambridgeshire": "South Cambridgeshire",
    "peterborough": "Peterborough",
}
PATHWAYS = {
    "enforcement": "Enforcement",
    "accommodation": "Accommodation",
    "education_training_employment": "Education, training and employment",
    "health": "Health",
    "substance_misuse": "Substance misuse",
    "finance": "Finance",
    "children_families": "Children and families",
    "attitudes_thinking": "Attitudes and thinking",
    "women": "Women",
}
QUARTERS = [f"{y}Q{q}" for y in (2024, 2025, 2026) for q in (1, 2, 3, 4)][:11]
COMPLETE, PROVISIONAL = QUARTERS[:5], QUARTERS[5:7]
EMPTY_QUARTER, ONE_PERSON_DISTRICT = "2024Q3", "east_cambridgeshire"

# quarter -> district -> (people, reoffenders, reoffences): every figure of the cohort `scheme` comes from these.
PEOPLE = {
    "2024Q1": {"cambridge": (12, 5, 14), "fenland": (9, 4, 9), "huntingdonshire": (8, 3, 6), "peterborough": (31, 15, 58)},
    "2024Q2": {"cambridge": (11, 4, 12), "fenland": (10, 4, 15), "south_cambridgeshire": (3, 1, 1), "peterborough": (34, 16, 61)},
    "2024Q3": {},
    "2024Q4": {"cambridge": (14, 6, 20), "east_cambridgeshire": (1, 1, 2), "fenland": (12, 5, 11), "peterborough": (29, 12, 40)},
    "2025Q1": {"cambridge": (13, 5, 15), "fenland": (11, 4, 10), "huntingdonshire": (9, 2, 4), "peterborough": (33, 14, 52)},
    "2025Q2": {"cambridge": (12, 4, 9), "fenland": (10, 3, 8), "peterborough": (30, 11, 37)},
    "2025Q3": {"cambridge": (10, 3, 7), "fenland": (8, 2, 5), "peterborough": (28, 9, 30)},
}  # fmt: skip
TOO_FEW = ("suppressed", "too few people to publish")
WOMEN_SHARE = 0.25  # of each district's people, rounded: women's counts are the rounded share, men's the rest

_TEXT = {
    "question": "Are people reoffending less?",
    "why": "It is what the partnership exists to change.",
    "good": "A lower figure than the same quarter a year before, by more than chance.",
    "formula": "numerator / denominator",
    "caveats": "Small numbers move a lot from one quarter to the next.",
    "source": "A release written by hand for tests.",
}
# id, title, unit, polarity, kind, fact, class
INDICATORS = [
    ("reoffending_rate", "Reoffending rate", "%", "lower_is_better", "proportion", "index_event", "derived"),
    ("reoffences_per_100", "Reoffences per 100 people", "per 100 people", "lower_is_better", "rate", "index_event", "derived"),
    ("reoffences_per_reoffender", "Reoffences per reoffender", "reoffences", "lower_is_better", "rate", "index_event", "derived"),
    ("days_to_first_reoffence", "Days to first reoffence", "days", "higher_is_better", "survival", "index_event", "model"),
    ("offences_per_year_at_liberty", "Offences per year at liberty", "per year", "lower_is_better", "rate", "index_event", "derived"),
    ("people_on_scheme", "People on the scheme", "people", "no_judgement", "count", "caseload", "count"),
    ("share_in_custody", "Share in custody", "%", "no_judgement", "proportion", "caseload", "derived"),
    ("need_identified", "People with the need", "people", "no_judgement", "count", "pathway_step", "count"),
    ("referred_of_need", "Referred, of those with the need", "%", "higher_is_better", "proportion", "pathway_step", "derived"),
    ("started_of_referred", "Started, of those referred", "%", "higher_is_better", "proportion", "pathway_step", "derived"),
    ("completed_of_started", "Completed, of those who started", "%", "higher_is_better", "proportion", "pathway_step", "derived"),
    ("waiting_days", "Days from referral to start", "days", "lower_is_better", "quantile", "referral", "model"),
    ("friday_releases", "Prison releases on a Friday", "%", "lower_is_better", "proportion", "prison_release", "derived"),
]  # fmt: skip


def write(data_dir: Path, release_id: str = RELEASE_ID, synthetic: bool = True) -> str:
    """Write the release into a data directory, make it the current one, and return its id."""
    folder = files.releases_root(data_dir) / release_id
    folder.mkdir(parents=True)
    for level in files.LEVELS:
        write_level(folder / f"{level}.duckdb", level, release_id, synthetic)
    versions.write_manifest(folder, {"id": release_id, "cutoff": CUTOFF.isoformat()})
    (folder.parent / "CURRENT").write_text(release_id + "\n")
    return release_id


def add(data_dir: Path, put: Callable[[duckdb.DuckDBPyConnection, str], object]) -> None:
    """Write more into both levels of the release: `put` is called with each one's connection and its name."""
    folder = files.releases_root(data_dir) / RELEASE_ID
    for level in files.LEVELS:
        with duckdb.connect(str(folder / f"{level}.duckdb")) as con:
            put(con, level)
    versions.write_manifest(folder, {"id": RELEASE_ID, "cutoff": CUTOFF.isoformat()})


def write_level(path: Path, level: str, release_id: str = RELEASE_ID, synthetic: bool = True) -> None:
    """Write one level of the release to a file."""
    path.write_bytes(_level(level, release_id, synthetic))


@cache
def _level(level: str, release_id: str, synthetic: bool) -> bytes:
    """The file of one level: made once a process, for many tests ask for it."""
    with TemporaryDirectory() as place:
        path = Path(place) / f"{level}.duckdb"
        _make_level(path, level, release_id, synthetic)
        return path.read_bytes()


def _make_level(path: Path, level: str, release_id: str, synthetic: bool) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute(SCHEMA.read_text())
        _common(con, level, release_id, synthetic)
        rows = _partnership() if level == "partnership" else _open()
        _put(con, "figure", rows)
        lattice = {(r[0], r[1], _kind(r[2]), r[3], r[5]) for r in rows} | {
            (i, c, k, "", "") for i, c, k in _totals(level)
        }
        _put(con, "lattice", sorted(lattice))
        _put(con, "curve", _curves(level))
        literal_comparison.put(con, level)
        literal_expected.put(con, level)
        literal_payment.put(con, level)


def _kind(period: str) -> str:
    return next(kind for kind, rows in _periods().items() if period in {r[0] for r in rows})


def _periods() -> dict[str, list[tuple[str, str, str, dt.date, dt.date, str | None]]]:
    def quarter(q: str) -> tuple[str, str, str, dt.date, dt.date, str]:
        year, number = int(q[:4]), int(q[5])
        start = dt.date(year, 3 * number - 2, 1)
        end = dt.date(year + (number == 4), 3 * number % 12 + 1, 1) - dt.timedelta(days=1)
        months = ("January to March", "April to June", "July to September", "October to December")
        first = year - (number == 1)
        return (q, "quarter", f"{months[number - 1]} {year}", start, end, f"{first}/{(first + 1) % 100:02d}")

    def year(first: int) -> tuple[str, str, str, dt.date, dt.date, str]:
        name, block = f"{first}/{(first + 1) % 100:02d}", 2022 + (first - 2022) // 3 * 3
        parent = f"{block}/{(block + 1) % 100:02d}-{block + 2}/{(block + 3) % 100:02d}"
        return (name, "year", f"Year to March {first + 1}", dt.date(first, 4, 1), dt.date(first + 1, 3, 31), parent)

    def block(first: int) -> tuple[str, str, str, dt.date, dt.date, str]:
        name = f"{first}/{(first + 1) % 100:02d}-{first + 2}/{(first + 3) % 100:02d}"
        label = f"Three years to March {first + 3}"
        return (name, "three_years", label, dt.date(first, 4, 1), dt.date(first + 3, 3, 31), "all")

    return {
        "quarter": [quarter(q) for q in QUARTERS],
        "year": [year(y) for y in (2023, 2024, 2025, 2026)],
        "three_years": [block(2022), block(2025)],
        "all": [("all", "all", "All complete cohorts", dt.date(2024, 1, 1), dt.date(2026, 9, 30), None)],
    }


def _quarters_of(period: str, among: list[str]) -> list[str]:
    """The quarters that a period pools, among those given."""
    if period == "all":
        return among
    spans = {r[0]: (r[3], r[4]) for rows in _periods().values() for r in rows}
    start, end = spans[period]
    return [q for q in among if start <= spans[q][0] and spans[q][1] <= end]


def _state(period: str, cohort: str) -> str:
    if cohort != "scheme":
        return "complete"
    inside = _quarters_of(period, QUARTERS)
    if period == "all" or set(inside) <= set(COMPLETE):
        return "complete"
    return "awaiting_proof" if set(inside) <= set(COMPLETE + PROVISIONAL) else "immature"


def _wilson(r: float, n: float) -> tuple[float, float]:
    z = 1.959963984540054
    middle, spread = r + z * z / 2, z * math.sqrt(r * (n - r) / n + z * z / 4)
    return 100 * (middle - spread) / (n + z * z), 100 * (middle + spread) / (n + z * z)


def _counts(period: str, district: str | None, sex: str | None) -> tuple[int, int, int]:
    """People, reoffenders and reoffences in a group, summed over the quarters that have run long enough."""
    among = QUARTERS if period in QUARTERS else COMPLETE
    total = (0, 0, 0)
    for q in _quarters_of(period, among):
        for name, counts in PEOPLE.get(q, {}).items():
            if district in (None, name):
                women = tuple(round(c * WOMEN_SHARE) for c in counts)
                men = tuple(c - w for c, w in zip(counts, women, strict=True))
                part = {None: counts, "female": women, "male": men, "not_known": (0, 0, 0)}[sex]
                total = tuple(a + b for a, b in zip(total, part, strict=True))  # type: ignore[assignment]
    return total


Row = tuple[object, ...]


def _row(indicator: str, cohort: str, period: str, where: dict[str, str], numbers: tuple[float, ...]) -> Row:
    """A figure row from value, lower, upper, numerator, denominator."""
    dims = [x for pair in where.items() for x in pair]
    dims += [""] * (4 - len(dims))
    status = {"complete": "final", "awaiting_proof": "provisional"}[_state(period, cohort)]
    return (indicator, cohort, period, *dims, *numbers, status, "", None)


def _missing(indicator: str, cohort: str, period: str, where: dict[str, str], why: tuple[str, str]) -> Row:
    """A figure row with no value, and (status, reason) why."""
    dims = [x for pair in where.items() for x in pair]
    dims += [""] * (4 - len(dims))
    return (indicator, cohort, period, *dims, None, None, None, None, None, *why, None)


def _reoffending(period: str, where: dict[str, str], counts: tuple[int, int, int]) -> list[Row]:
    n, r, o = counts
    if not n or _state(period, "scheme") == "immature":
        return []
    per_100, each = 100 * o / n, o / r if r else 0.0
    rows = [
        _row("reoffending_rate", "scheme", period, where, (100 * r / n, *_wilson(r, n), r, n)),
        _row("reoffences_per_100", "scheme", period, where, (per_100, 0.7 * per_100, 1.4 * per_100, o, n)),
        _row("days_to_first_reoffence", "scheme", period, where, (365 - 200 * r / n, 200.0, 340.0, r, n)),
        _row("offences_per_year_at_liberty", "scheme", period, where, (1.2 * o / n, 0.5, 4.0, o, 300 * n)),
    ]
    if r:
        rows.append(_row("reoffences_per_reoffender", "scheme", period, where, (each, 0.7 * each, 1.4 * each, o, r)))
    return rows


def _groups(two_way: bool) -> list[dict[str, str]]:
    groups: list[dict[str, str]] = [{}]
    groups += [{"sex": s} for s in ("female", "male")] + [{"managing_district": d} for d in DISTRICTS]
    groups += [{"need": p} for p in PATHWAYS]
    if two_way:
        groups += [{"sex": s, "managing_district": d} for s in ("female", "male") for d in DISTRICTS]
    return groups


def _partnership() -> list[Row]:
    rows: list[Row] = []
    for period in [*QUARTERS, "2023/24", "2024/25", "2025/26", "2022/23-2024/25", "all"]:
        for where in _groups(two_way=True):
            counts = _counts(period, where.get("managing_district"), where.get("sex"))
            if "need" in where:  # half of everybody has accommodation need, a third any other
                share = 2 if where["need"] == "accommodation" else 3
                counts = tuple(c // share for c in counts)  # type: ignore[assignment]
            rows += _reoffending(period, where, counts)
    for place, q in enumerate(QUARTERS):
        if q == EMPTY_QUARTER:
            continue
        for where in [{}, *({"managing_district": d} for d in DISTRICTS)]:
            n = 100 + place if not where else {"peterborough": 60, ONE_PERSON_DISTRICT: 1}.get(*where.values(), 10)
            inside = n // 2
            rows.append(_row("people_on_scheme", "caseload", q, where, (n, n, n, n, n)))
            rows.append(
                _row("share_in_custody", "caseload", q, where, (100 * inside / n, *_wilson(inside, n), inside, n))
            )
            rows.append(
                _row(
                    "friday_releases", "prison_releases", q, where, (100 * (n // 5) / n, *_wilson(n // 5, n), n // 5, n)
                )
            )
        for order, pathway in enumerate(PATHWAYS):
            need, where = 60 - 5 * order, {"need": pathway}
            referred, started, completed = need * 3 // 4, need // 2, need // 4
            rows.append(_row("need_identified", "caseload", q, where, (need, need, need, need, need)))
            for name, r, n in (
                ("referred_of_need", referred, need),
                ("started_of_referred", started, referred),
                ("completed_of_started", completed, started),
            ):
                rows.append(_row(name, "caseload", q, where, (100 * r / n, *_wilson(r, n), r, n)))
            days = 14.0 + 3 * order
            rows.append(
                _row(
                    "waiting_days", "referrals", q, {"pathway": pathway}, (days, days - 5, days + 9, started, referred)
                )
            )
        rows.append(_row("waiting_days", "referrals", q, {}, (26.0, 22.0, 31.0, 120, 200)))
    return rows


def _open() -> list[Row]:
    """Years and pooled years only: 8 people and more, rounded to 5; an interval as wide as rounding needs."""
    rows: list[Row] = []
    for period in ("2023/24", "2024/25", "2022/23-2024/25", "all"):
        for where in _groups(two_way=period in ("2022/23-2024/25", "all")):
            n, r, _ = _counts(period, where.get("managing_district"), where.get("sex"))
            if not n:
                continue
            for name in ("reoffending_rate", "reoffences_per_100", "offences_per_year_at_liberty"):
                if "need" in where:
                    reason = "a part of this split, or the rest, has fewer than 10 people"
                    rows.append(_missing(name, "scheme", period, where, ("withheld", reason)))
                elif r < 8 or n - r < 8 or name != "reoffending_rate":
                    rows.append(_missing(name, "scheme", period, where, TOO_FEW))
                else:
                    down, up = 5 * round(r / 5), 5 * round(n / 5)
                    low, high = _wilson(max(down - 2, 0), up + 2)[0], _wilson(down + 2, up - 2)[1]
                    rows.append(_row(name, "scheme", period, where, (100 * down / up, low, high, down, up)))
    for year in ("2023/24", "2024/25", "2025/26"):
        for where in [{}, *({"managing_district": d} for d in DISTRICTS)]:
            n = 150 if not where else {"peterborough": 85, ONE_PERSON_DISTRICT: 1}.get(*where.values(), 20)
            if n < 8:
                rows.append(_missing("people_on_scheme", "caseload", year, where, TOO_FEW))
            else:
                rows.append(_row("people_on_scheme", "caseload", year, where, (n, n - 2, n + 2, n, n)))
    return rows


def _totals(level: str) -> set[tuple[str, str, str]]:
    """The totals exist wherever an indicator does, also where every figure is missing."""
    kinds = ("quarter", "year", "three_years", "all") if level == "partnership" else ("year", "three_years", "all")
    return {("reoffending_rate", "scheme", k) for k in kinds} | {("people_on_scheme", "caseload", kinds[0])}


def _curves(level: str) -> list[Row]:
    step, periods = (7, [*COMPLETE, "2024/25", "all"]) if level == "partnership" else (30, ["2022/23-2024/25", "all"])
    rows: list[Row] = []
    for period in periods:
        n, r, _ = _counts(period, None, None)
        for day in range(0, 366, step) if n else ():
            value = 100 - 100 * r / n * day / 365
            low, high = max(value - 8, 0), min(value + 8, 100)
            rows.append(("days_to_first_reoffence", "scheme", period, "", "", day, value, low, high, float(n)))
    return rows


def _put(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    if rows:
        names = [row[0] for row in con.sql(f"DESCRIBE {table}").fetchall()]
        frame = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)  # noqa: F841  DuckDB reads it
        con.execute(f"INSERT INTO {table} SELECT * FROM frame")


def _common(con: duckdb.DuckDBPyConnection, level: str, release_id: str, synthetic: bool) -> None:
    created = dt.datetime(2026, 10, 1, 9, 0)
    area = "Cambridgeshire and Peterborough"
    about = (release_id, level, "July to September 2026", area, synthetic, CUTOFF, "2026Q3", "0.1.0", created)
    con.execute("INSERT INTO release VALUES (?,?,?,?,?,?,?,?,?)", about)
    _put(
        con,
        "source",
        [
            (
                "police_crime_2026-09-30.csv",
                "a" * 64,
                "police_crime",
                "b" * 64,
                False,
                CUTOFF,
                1000,
                985,
                10,
                5,
                0,
                False,
            ),
            (
                "probation_2026-09-30.xlsx",
                "c" * 64,
                "probation_caseload",
                "d" * 64,
                False,
                CUTOFF,
                400,
                400,
                0,
                0,
                0,
                False,
            ),
        ],
    )
    con.execute(
        "INSERT INTO quarantine VALUES ('police_crime_2026-09-30.csv', 'offence', 'offence_date', 'a real date', 10)"
    )
    con.execute("INSERT INTO completeness VALUES ('offence', 'offence_date', 985, 985), ('offence', 'court', 985, 700)")
    con.execute(
        "INSERT INTO completeness VALUES ('need', 'pathway', 640, 640), ('custody_spell', 'end_date', 210, 190)"
    )
    for sort, (name, title, unit, polarity, kind, fact, class_) in enumerate(INDICATORS):
        definition = json.dumps({"id": name, "text": {"title": title, **_TEXT}})
        row = (name, 1, title, unit, polarity, kind, fact, class_, 30, sort, definition)
        con.execute("INSERT INTO indicator VALUES (?,?,?,?,?,?,?,?,?,?,?)", row)
    _put(
        con,
        "cohort",
        [
            (
                "scheme",
                "People on a scheme, 12 months",
                "people on a scheme",
                "reoffending",
                "managing_district",
                365,
                183,
                0,
                "every_reoffence",
            ),
            ("caseload", "Caseload", "people on a scheme", "process", "managing_district", 0, 0, 1, "every_reoffence"),
            ("referrals", "Referrals", "referrals", "process", "managing_district", 0, 0, 2, "every_reoffence"),
            (
                "prison_releases",
                "Prison releases",
                "prison releases",
                "process",
                "managing_district",
                0,
                0,
                3,
                "every_reoffence",
            ),
        ],
    )
    dimensions = {
        "sex": ("Sex", "partition", {"female": "Female", "male": "Male", "not_known": "Not known"}),
        "home_district": ("Home district", "partition", DISTRICTS),
        "managing_district": ("Managing district", "partition", DISTRICTS),
        "need": ("Need at index", "multi", PATHWAYS),
        "pathway": ("Pathway", "partition", PATHWAYS),
    }
    for sort, (name, (title, kind, values)) in enumerate(dimensions.items()):
        con.execute("INSERT INTO dimension VALUES (?,?,?,?)", (name, title, kind, sort))
        for place, (value, label) in enumerate(values.items()):
            con.execute("INSERT INTO member VALUES (?,?,?,?)", (name, value, label, place))
    for rows in _periods().values():
        _put(con, "period", rows)
        for cohort in ("scheme", "caseload", "referrals", "prison_releases"):
            for period, _, _, _, end, _ in rows:
                due = end + dt.timedelta(days=548 if cohort == "scheme" else 0)
                con.execute("INSERT INTO follow_up VALUES (?,?,?,?)", (cohort, period, _state(period, cohort), due))
    con.execute("INSERT INTO target VALUES ('reoffending_rate', 'scheme', '', '2024-04-01', NULL, 40.0)")
    con.execute("INSERT INTO event VALUES ('2024-09-10', 'Early prison releases begin', '')")
    for month in range(1, 10):
        for place, district in enumerate(DISTRICTS):
            row = (dt.date(2026, month, 1), district, "burglary", 40 + 5 * place + month)
            con.execute("INSERT INTO recorded_crime VALUES (?,?,?,?)", row)
