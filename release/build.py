"""Building a release: every figure of the lattice at both levels, from a store, as aggregates only.

Called with a folder that is built aside (common.versions); whoever calls it makes the release current.
"""

import datetime as dt
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from common import paths, versions
from common.duck import connect_build
from metrics import kinds as statistics
from metrics.catalogue import Definition, catalogue
from metrics.cohorts import Cohort, resolved, withheld
from metrics.compute import with_status, worked_out
from metrics.cube import Waits, counted
from metrics.dimensions import FACTS, dimensions, members
from metrics.periods import quarter_end, quarter_of, quarter_start
from release import lattice, open_level
from release.protect import ANALYSED, outward, round_count

SCHEMA = Path(__file__).with_name("schema.sql")
FACT_OF_ENTRY = {
    "caseload": ("caseload", "pathway_step"),
    "referral": ("referral",),
    "prison_release": ("prison_release",),
}
"""The facts that each way into a cohort fills; all others fill index_event."""
FIGURE = (
    *("indicator", "cohort", "period", "dim1", "val1", "dim2", "val2"),
    *("value", "lower", "upper", "numerator", "denominator", "status", "reason", "held_from"),
)
CURVE = ("indicator", "cohort", "period", "dim1", "val1", "day", "value", "lower", "upper", "at_risk")
CURVE_STEP = 1.0
Progress = Callable[[str, float], None]
Listed = tuple[str, str, str, lattice.Table]
"""A published table: indicator, cohort, kind of period, dimensions."""
Made = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]
"""A level's figures, curves and list of tables."""


def build(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    release_id: str,
    *,
    label: str,
    progress: Progress = lambda step, done: None,
) -> dict[str, Any]:
    """Write partnership.duckdb, open.duckdb and manifest.json into `folder`, from a store whose facts are derived."""
    about = _about(con, release_id, label)
    chosen = published_cohorts(con)
    progress("Computing the partnership figures", 0.0)
    exact = exact_figures(con, chosen)
    progress("Writing the partnership level", 0.7)
    _write(con, folder / "partnership.duckdb", about | {"level": "partnership"}, chosen, exact.partnership())
    progress("Computing the open figures", 0.8)
    protected = protected_level(con, chosen, exact)
    progress("Writing the open level", 0.95)
    _write(con, folder / "open.duckdb", about | {"level": "open"}, chosen, protected)
    manifest = about | {
        "cutoff": about["cutoff"].isoformat(),
        "created": about["created"].isoformat(),
        "sources": _sources(con),
        "definitions": {d.id: d.version for d in catalogue().values()},
    }
    versions.write_manifest(folder, manifest)
    return manifest


def published_cohorts(con: duckdb.DuckDBPyConnection) -> list[Cohort]:
    """The cohorts to publish: those meant to be, whose records have begun and that anybody has entered."""
    query = " UNION ".join(f"SELECT DISTINCT cohort FROM {fact}" for fact in FACTS)
    entered = {name for (name,) in con.sql(query).fetchall()}
    return [cohort for cohort in resolved(con) if cohort.publish and cohort.id in entered]


@dataclass(slots=True)
class Exact:
    """What is worked out of each cohort's rows, read once for both levels.

    `figures` and `curves` are the partnership level's. `cells` (by fact) and `monthly` are what the open level's
    figures and curves are made from. `tables` lists the lattice of each level.
    """

    figures: list[pl.DataFrame] = field(default_factory=list)
    curves: list[pl.DataFrame] = field(default_factory=list)
    cells: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    monthly: list[pl.DataFrame] = field(default_factory=list)
    tables: dict[str, list[Listed]] = field(default_factory=lambda: {level: [] for level in lattice.LEVELS})

    def partnership(self) -> Made:
        """The partnership level's figures, curves and list of tables."""
        listed = _lattice_frame(self.tables["partnership"])
        return _together(self.figures, FIGURE), _together(self.curves, CURVE), listed


def exact_figures(con: duckdb.DuckDBPyConnection, cohorts: Sequence[Cohort]) -> Exact:
    """Every exact figure and curve of both levels, a cohort at a time."""
    made = Exact()
    states = con.sql("SELECT cohort, period, state FROM follow_up").pl()
    for fact in FACTS:
        for cohort in cohorts:
            if fact in _facts(cohort):
                _add_cohort(con, made, states, fact, cohort)
    return made


def _add_cohort(con: duckdb.DuckDBPyConnection, made: Exact, states: pl.DataFrame, fact: str, cohort: Cohort) -> None:
    these = _serving(fact, [cohort])
    tables = {level: _tables(level, fact, cohort) for level in lattice.LEVELS}
    listed = {}
    for level, by_kind in tables.items():
        made.tables[level] += (mine := _listed(these, cohort, by_kind))
        listed[level] = _lattice_frame(mine)
    either = {kind: tuple(dict.fromkeys(t for level in tables.values() for t in level[kind])) for kind in lattice.KINDS}
    able = [d for d in these if not withheld(d.needs, cohort.holds)]
    for part in counted(con, fact, able, either, cohorts=[cohort.id]):
        for definition in able:
            found = worked_out(definition, part.cells, part.waits)
            exact = _within(found, listed["partnership"], states.filter(pl.col("state") != "immature"))
            made.figures.append(with_status(exact, these, states).select(FIGURE))
            protectable = _within(found, listed["open"], states.filter(pl.col("state") == "complete"))
            made.cells.setdefault(fact, []).append(protectable)
            if definition.has_curve:
                made.curves.append(_weekly(definition, exact, part.waits))
                made.monthly.append(_monthly(definition, protectable, part.waits))


def _within(found: pl.DataFrame, tables: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Those cells that are in the tables of a level, over periods in one of these states."""
    keys = ["indicator", "cohort", "period_kind", "dim1", "dim2"]
    inside = found.join(tables, on=keys, how="semi", maintain_order="left")
    return inside.join(states, on=["cohort", "period"], how="semi", maintain_order="left")


def _weekly(definition: Definition, exact: pl.DataFrame, waits: Waits) -> pl.DataFrame:
    """The partnership level's curves: quarters for everybody, longer periods one-way too."""
    wanted = (pl.col("dim2") == "") & ((pl.col("dim1") == "") | (pl.col("period_kind") != "quarter"))
    return _curve(definition, exact.filter(wanted), waits, statistics.WEEKLY)


def _monthly(definition: Definition, protectable: pl.DataFrame, waits: Waits) -> pl.DataFrame:
    """Curves for the open level, not yet protected: over three years and all, of 30 people or more."""
    wanted = (pl.col("dim2") == "") & pl.col("period_kind").is_in(["three_years", "all"]) & (pl.col("n") >= ANALYSED)
    return _curve(definition, protectable.filter(wanted), waits, statistics.MONTHLY)


def _curve(definition: Definition, cells: pl.DataFrame, waits: Waits, step: float) -> pl.DataFrame:
    if not cells.height:
        return pl.DataFrame(schema=dict.fromkeys(CURVE, pl.Float64))
    return statistics.curve(definition, cells, waits, step).with_columns(indicator=pl.lit(definition.id)).select(CURVE)


def protected_level(con: duckdb.DuckDBPyConnection, cohorts: Sequence[Cohort], made: Exact) -> Made:
    """The open level's figures, curves and list of tables: complete periods only, protected before any statistic."""
    states = {(c, p): s for c, p, s in con.sql("SELECT cohort, period, state FROM follow_up").fetchall()}
    spans = con.sql("SELECT period, kind, parent FROM period").fetchall()
    kind_of, parent = {p: k for p, k, _ in spans}, {p: above for p, _, above in spans}
    periods: dict[tuple[str, str], list[str]] = {}
    for (cohort, period), state in states.items():
        if state == "complete":
            periods.setdefault((cohort, kind_of[period]), []).append(period)
    values: dict[str, list[str]] = {}
    for member in members(con):
        values.setdefault(member.dimension, []).append(member.value)
    found, curves = [], []
    for fact, parts in made.cells.items():
        mine = [cohort for cohort in cohorts if fact in _facts(cohort)]
        these = _serving(fact, mine)
        exact = pl.concat(parts, how="diagonal_relaxed")
        names = {definition.id for definition in these}
        tables = [entry for entry in made.tables["open"] if entry[0] in names]
        holds = {cohort.id: cohort.holds for cohort in mine}
        of = open_level.quantities(con, fact, these)
        wanted: dict[tuple[str, str], list[lattice.Table]] = {}
        for _, cohort, kind, table in dict.fromkeys(("", *entry[1:]) for entry in tables):
            wanted.setdefault((cohort, kind), []).append(table)
        frame = open_level.wide(exact, open_level.grid(wanted, periods, values), these, of)
        over = open_level.covers(mine, kind_of, states, parent)
        same = {cohort.id: f"{cohort.entry}/{cohort.age}" if cohort.entry != "named" else cohort.id for cohort in mine}
        safe = open_level.protected(frame, of, _column_kinds(con, fact), over, same)
        for definition in these:
            takes = pl.DataFrame(
                [
                    (c, k, *(*t, "", "")[:2])
                    for i, c, k, t in tables
                    if i == definition.id and not withheld(definition.needs, holds[c])
                ],
                schema=["cohort", "_kind", "dim1", "dim2"],
                orient="row",
            )
            if not takes.height:
                continue
            of_kind = pl.col("period").replace_strict(kind_of).alias("_kind")
            part = (
                safe.with_columns(of_kind).join(takes, on=["cohort", "_kind", "dim1", "dim2"], how="semi").drop("_kind")
            )
            statistic = exact.filter(pl.col("indicator") == definition.id)
            found.append(open_level.figures(definition, part, statistic).select(FIGURE))
            if definition.has_curve:
                curves += [_protected_curves(definition, part, curve) for curve in made.monthly]
    return _together(found, FIGURE), _together(curves, CURVE), _lattice_frame(made.tables["open"])


def _protected_curves(definition: Definition, part: pl.DataFrame, monthly: pl.DataFrame) -> pl.DataFrame:
    """Monthly curves of an indicator's cells whose number of people is shown, outward to whole points."""
    shown = part.filter(pl.col(f"{definition.denominator}__shown").is_not_null())
    key = list(open_level.KEY[:4])
    if not monthly.height:
        return pl.DataFrame(schema={name: monthly.schema.get(name, pl.Float64) for name in CURVE})
    frame = monthly.filter(pl.col("indicator") == definition.id).join(
        shown.filter(pl.col("dim2") == ""), on=key, how="semi", maintain_order="left"
    )
    value, lower, upper = (frame[name].to_numpy() for name in ("value", "lower", "upper"))
    value, lower, upper = outward(value, lower, upper, CURVE_STEP)
    return frame.with_columns(
        pl.Series("value", value),
        pl.Series("lower", lower).clip(0, 100),
        pl.Series("upper", upper).clip(0, 100),
        pl.Series("at_risk", round_count(frame["at_risk"].to_numpy())),
    ).select(CURVE)


def _facts(cohort: Cohort) -> tuple[str, ...]:
    return FACT_OF_ENTRY.get(cohort.entry, ("index_event",))


def _serving(fact: str, cohorts: Sequence[Cohort]) -> list[Definition]:
    return [d for d in catalogue().values() if d.fact == fact and any(d.serves(cohort.id) for cohort in cohorts)]


def _tables(level: str, fact: str, cohort: Cohort) -> dict[str, Sequence[lattice.Table]]:
    return {kind: lattice.tables(level, fact, cohort, kind) for kind in lattice.KINDS}


def _listed(these: Iterable[Definition], cohort: Cohort, by_kind: dict[str, Sequence[lattice.Table]]) -> list[Listed]:
    return [
        (definition.id, cohort.id, kind, table)
        for definition in these
        for kind, tables in by_kind.items()
        if kind in definition.periods
        for table in tables
        if definition.takes(table)
    ]


def _column_kinds(con: duckdb.DuckDBPyConnection, fact: str) -> dict[str, str]:
    """Whether people can be in several groups of a dimension in this fact: only where its column is a list."""
    types = {row[0]: str(row[1]) for row in con.sql(f"DESCRIBE {fact}").fetchall()}
    return {d: "multi" if types[d].endswith("[]") else "partition" for d in dimensions() if d in types}


def _together(parts: Sequence[pl.DataFrame], columns: Sequence[str]) -> pl.DataFrame:
    """All parts, each of which is in order already, those of an indicator and cohort together."""
    parts = sorted((part for part in parts if part.height), key=lambda part: part.row(0)[:2])
    if not parts:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    return pl.concat(parts, how="vertical_relaxed")


def _lattice_frame(listed: Iterable[Listed]) -> pl.DataFrame:
    rows = [(i, c, k, *(*table, "", "")[:2]) for i, c, k, table in listed]
    names = ("indicator", "cohort", "period_kind", "dim1", "dim2")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row").unique().sort(names)


def _about(con: duckdb.DuckDBPyConnection, release_id: str, label: str) -> dict[str, Any]:
    [(store, cutoff, synthetic, area, created)] = con.sql(
        "SELECT id, cutoff, synthetic, area, created FROM store"
    ).fetchall()
    return {
        "id": release_id,
        "label": label,
        "area": area,
        "synthetic": synthetic,
        "cutoff": cutoff,
        "reporting_quarter": reporting_quarter(cutoff),
        "code_version": code_version(),
        "created": created,
        "store": store,
    }


def reporting_quarter(cutoff: dt.date) -> str:
    """The quarter being reviewed: the last that has ended by the cut-off."""
    quarter = quarter_of(cutoff)
    return quarter if quarter_end(quarter) <= cutoff else quarter_of(quarter_start(quarter) - dt.timedelta(days=1))


def _sources(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = con.sql("SELECT * FROM source ORDER BY source, file").pl().to_dicts()
    return [row | {"as_at": row["as_at"].isoformat() if row["as_at"] else None} for row in rows]


def code_version() -> str:
    """The package's version and, where it runs from a checkout, the commit (with a + when files differ from it)."""
    try:
        number = version("iom-performance")
    except PackageNotFoundError:
        number = "unknown"
    try:
        ask = ["git", "-C", str(paths.REPO)]
        commit = subprocess.run(
            [*ask, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=True, timeout=10
        )
        changed = subprocess.run(
            [*ask, "status", "--porcelain", "--untracked-files=no"],
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return number
    return f"{number} ({commit.stdout.strip()}{'+' if changed.stdout.strip() else ''})"


def _write(
    con: duckdb.DuckDBPyConnection,
    file: Path,
    about: dict[str, Any],
    chosen: Sequence[Cohort],
    made: Made,
) -> None:
    """One level's file: the figures, and the tables that say what they are and where they came from."""
    found, curves, listed = made
    out = connect_build(file, memory_limit="2GB", threads=1)  # in order: smaller, and no slower
    try:
        out.execute(SCHEMA.read_text(encoding="utf-8"))
        names = ("id", "level", "label", "area", "synthetic", "cutoff", "reporting_quarter", "code_version", "created")
        values = {name: about[name] for name in names}
        out.execute(
            f"INSERT INTO release ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", [*values.values()]
        )
        served = set(listed["indicator"])
        indicators = [d for d in catalogue().values() if d.id in served]
        put(out, "indicator", pl.DataFrame([
            {"id": d.id, "version": d.version, "title": d.title, "unit": d.unit, "polarity": d.polarity, "kind": d.kind,
             "fact": d.fact, "class": d.class_, "minimum_n": d.minimum_n, "sort": d.sort, "definition": d.as_json()}
            for d in indicators
        ]))  # fmt: skip
        put(out, "dimension", pl.DataFrame([
            {"id": d.id, "title": d.title, "kind": d.kind, "sort": d.sort} for d in dimensions().values()
        ]))  # fmt: skip
        put(out, "member", pl.DataFrame([
            {"dimension": m.dimension, "value": m.value, "label": m.label, "sort": m.sort} for m in members(con)
        ]))  # fmt: skip
        put(out, "lattice", listed)
        put(out, "figure", found)
        put(out, "curve", curves)
        people = con.sql(
            "SELECT id, title, people, clock, district_dimension, follow_up_days, waiting_days, sort, holds FROM cohort"
        ).pl()
        shown = [cohort.id for cohort in chosen]
        put(out, "cohort", people.filter(pl.col("id").is_in(shown)))
        put(out, "follow_up", con.sql("SELECT * FROM follow_up").pl().filter(pl.col("cohort").is_in(shown)))
        for table, query in copied(about["level"]).items():
            put(out, table, con.sql(query).pl())
        if con.sql("SELECT 1 FROM duckdb_tables() WHERE table_name = 'boundary'").fetchall():
            put(out, "boundary", con.sql("SELECT district, geojson FROM boundary").pl())
        full = completeness(con)
        put(out, "completeness", full if about["level"] == "partnership" else coarse(full))
        out.execute("CHECKPOINT")
    finally:
        out.close()


def copied(level: str) -> dict[str, str]:
    """What goes from the store into a release by one query each: never a row about a person.

    Small numbers of quarantined rows are told to the partnership only.
    """
    few = "" if level == "partnership" else " WHERE rows > 7"
    return {
        "period": 'SELECT period, kind, label, start, "end", parent FROM period',
        "source": "SELECT file, sha256, source, mapping_sha256, layout_verified, as_at, read, loaded, quarantined,"
        " duplicate, superseded, withdrawn FROM source",
        "quarantine": f"SELECT file, table_name, column_name, rule, rows FROM quarantine{few}",
        "identity_conflict": "SELECT kind, people FROM identity_conflict ORDER BY kind"
        if level == "partnership"
        else "SELECT kind, (people + 5) // 10 * 10 AS people FROM identity_conflict WHERE people >= 5 ORDER BY kind",
        "target": "SELECT indicator, cohort, coalesce(district, '') AS district, from_date, to_date, value FROM target",
        "event": "SELECT on_date, title, coalesce(district, '') AS district FROM event",
        "recorded_crime": "SELECT CAST(date_trunc('month', month) AS DATE) AS month, district, crime_type,"
        " count(*) AS incidents FROM recorded_crime"
        " WHERE month <= (SELECT cutoff FROM store) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    }


def completeness(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """For each column of each canonical table that holds rows: how many rows, and how many have a value."""
    derived = (
        *FACTS,
        "cohort",
        "period",
        "follow_up",
        "store",
        "source",
        "quarantine",
        "identity_conflict",
        "geography",
        "boundary",
    )
    listing = con.sql(
        "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()"
        " WHERE schema_name = 'main' AND NOT internal AND database_name = current_database() GROUP BY table_name ORDER BY table_name"
    ).fetchall()
    rows: list[tuple[str, str, int, int]] = []
    for table, columns in listing:
        if table in derived:
            continue
        wanted = [column for column in columns if column not in ("source_file", "source_row")]
        counts = ", ".join(f'count("{column}")' for column in wanted)
        [(total, *filled)] = con.sql(f"SELECT count(*), {counts} FROM {table}").fetchall()
        if total:
            rows += [(table, column, total, n) for column, n in zip(wanted, filled, strict=True)]
    names = {"table_name": pl.String, "column_name": pl.String, "rows": pl.Int64, "filled": pl.Int64}
    return pl.DataFrame(rows, schema=names, orient="row")


def coarse(full: pl.DataFrame) -> pl.DataFrame:
    """Completeness for the open level, in tens: who has died, or been recalled, must not be counted to the person."""
    tens = (((pl.col(name) + 5) // 10) * 10 for name in ("rows", "filled"))
    return full.with_columns(tens).filter(pl.col("rows") > 0)


def put(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Append a frame to a table, column by name."""
    if frame.height:
        con.register("given", frame.to_arrow())
        con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM given")
        con.unregister("given")
