"""Building a release: every figure of the lattice at both levels, from a store, as aggregates only.

Called with a folder that is built aside (common.versions); whoever calls it makes the release current.
"""

import datetime as dt
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from common import paths, versions
from common.duck import connect_build
from metrics import kinds as statistics
from metrics.catalogue import Definition, catalogue
from metrics.cohorts import Cohort, resolved
from metrics.compute import figures, worked_out
from metrics.cube import cells, histogram
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
    for place, level in enumerate(lattice.LEVELS):
        progress(f"Computing the {level} figures", place / 2)
        work = exact_level if level == "partnership" else protected_level
        made = work(con, chosen)
        progress(f"Writing the {level} level", place / 2 + 0.4)
        _write(con, folder / f"{level}.duckdb", about | {"level": level}, chosen, made)
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


def exact_level(
    con: duckdb.DuckDBPyConnection, cohorts: Sequence[Cohort]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The partnership level's figures, curves and list of tables."""
    found, curves, listed = [], [], []
    for fact, group, by_kind in _passes("partnership", cohorts):
        names = [cohort.id for cohort in group]
        these = _serving(fact, group)
        for kind_set, tables in _same_tables(by_kind):
            frame = figures(con, these, tables, kind_set, cohorts=names)
            if frame.height:
                found.append(_served(frame, these).filter(pl.col("status") != "immature").select(FIGURE))
        listed += _listed(these, group, by_kind)
        for definition in these:
            if definition.has_curve:
                curves.append(_exact_curves(con, definition, names, by_kind))
    return _together(found, FIGURE), _together(curves, CURVE), _lattice_frame(listed)


def _exact_curves(
    con: duckdb.DuckDBPyConnection,
    definition: Definition,
    cohorts: list[str],
    by_kind: dict[str, Sequence[lattice.Table]],
) -> pl.DataFrame:
    """Weekly curves: quarters for everybody, longer periods one-way too."""
    parts = []
    one_way = {
        kind: tuple(t for t in tables if len(t) <= (0 if kind == "quarter" else 1) and definition.takes(t))
        for kind, tables in by_kind.items()
    }
    for kind_set, taken in _same_tables(one_way):
        if taken:
            found = cells(con, definition.fact, [definition], taken, kind_set, cohorts=cohorts)
            waits = histogram(con, definition.fact, [definition], taken, kind_set, cohorts=cohorts)
            if found.height:
                parts.append(statistics.curve(definition, found, waits, statistics.WEEKLY))
    if not parts:
        return pl.DataFrame(schema=dict.fromkeys(CURVE, pl.Float64))
    states = con.sql("SELECT cohort, period, state FROM follow_up WHERE state <> 'immature'").pl()
    frame = pl.concat(parts).join(states, on=["cohort", "period"], how="semi")
    return frame.with_columns(pl.lit(definition.id).alias("indicator")).select(CURVE)


def protected_level(
    con: duckdb.DuckDBPyConnection, cohorts: Sequence[Cohort]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
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
    found, curves, listed = [], [], []
    for fact in FACTS:
        mine = [cohort for cohort in cohorts if fact in _facts(cohort)]
        these = _serving(fact, mine)
        if not these:
            continue
        exact, tables = _open_cells(con, fact, these, mine)
        listed += tables
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
                [(c, k, *(*t, "", "")[:2]) for i, c, k, t in tables if i == definition.id],
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
                curves.append(_open_curves(con, definition, part, tables))
    return _together(found, FIGURE), _together(curves, CURVE), _lattice_frame(listed)


def _open_cells(
    con: duckdb.DuckDBPyConnection, fact: str, these: Sequence[Definition], cohorts: Sequence[Cohort]
) -> tuple[pl.DataFrame, list[tuple[str, str, str, lattice.Table]]]:
    """The exact cells of a fact's open tables with their statistics, and the list of those tables."""
    parts, listed = [], []
    for _, group, by_kind in _passes("open", cohorts, (fact,)):
        names = [cohort.id for cohort in group]
        listed += _listed(these, group, by_kind)
        for kind_set, tables in _same_tables(by_kind):
            for taken, alike in _taking(these, tables):
                raw = cells(con, fact, alike, taken, kind_set, cohorts=names)
                waits = [d for d in alike if d.waits]
                days = histogram(con, fact, waits, taken, kind_set, cohorts=names) if waits else None
                parts += [worked_out(definition, raw, days) for definition in alike]
    done = con.sql("SELECT cohort, period FROM follow_up WHERE state = 'complete'").pl()
    return pl.concat(parts, how="diagonal_relaxed").join(done, on=["cohort", "period"], how="semi"), listed


def _open_curves(
    con: duckdb.DuckDBPyConnection,
    definition: Definition,
    part: pl.DataFrame,
    tables: Sequence[tuple[str, str, str, lattice.Table]],
) -> pl.DataFrame:
    """Monthly curves over three years and all: 30 people or more whose number is shown, outward to whole points."""
    wanted = sorted({t for i, _, k, t in tables if i == definition.id and k in ("three_years", "all") and len(t) <= 1})
    names = sorted({c for i, c, k, _ in tables if i == definition.id and k in ("three_years", "all")})
    kinds = ["three_years", "all"]
    if not wanted or not names:
        return pl.DataFrame(schema=dict.fromkeys(CURVE, pl.Float64))
    found = cells(con, definition.fact, [definition], wanted, kinds, cohorts=names)
    shown = part.filter(pl.col(f"{definition.denominator}__shown").is_not_null())
    found = found.filter(pl.col("n") >= ANALYSED).join(shown, on=open_level.KEY, how="semi")
    if not found.height:
        return pl.DataFrame(schema=dict.fromkeys(CURVE, pl.Float64))
    waits = histogram(con, definition.fact, [definition], wanted, kinds, cohorts=names)
    frame = statistics.curve(definition, found, waits, statistics.MONTHLY)
    value, lower, upper = (frame[name].to_numpy() for name in ("value", "lower", "upper"))
    value, lower, upper = outward(value, lower, upper, CURVE_STEP)
    return frame.with_columns(
        pl.lit(definition.id).alias("indicator"),
        pl.Series("value", value),
        pl.Series("lower", lower).clip(0, 100),
        pl.Series("upper", upper).clip(0, 100),
        pl.Series("at_risk", round_count(frame["at_risk"].to_numpy())),
    ).select(CURVE)


def _facts(cohort: Cohort) -> tuple[str, ...]:
    return FACT_OF_ENTRY.get(cohort.entry, ("index_event",))


def _serving(fact: str, cohorts: Sequence[Cohort]) -> list[Definition]:
    return [d for d in catalogue().values() if d.fact == fact and any(d.serves(cohort.id) for cohort in cohorts)]


def _passes(
    level: str, cohorts: Sequence[Cohort], facts: Sequence[str] = FACTS
) -> list[tuple[str, list[Cohort], dict[str, Sequence[lattice.Table]]]]:
    """For each fact, the cohorts that have the same tables, and those tables by kind of period."""
    groups: dict[tuple[Any, ...], list[Cohort]] = {}
    for fact in facts:
        for cohort in cohorts:
            if fact in _facts(cohort):
                by_kind = tuple((kind, lattice.tables(level, fact, cohort, kind)) for kind in lattice.KINDS)
                groups.setdefault((fact, by_kind), []).append(cohort)
    return [(fact, group, {k: t for k, t in by_kind if t}) for (fact, by_kind), group in groups.items()]


def _same_tables(by_kind: Mapping[str, Sequence[lattice.Table]]) -> list[tuple[list[str], Sequence[lattice.Table]]]:
    """Kinds of period that have the same tables, together."""
    groups: dict[Sequence[lattice.Table], list[str]] = {}
    for kind, tables in by_kind.items():
        groups.setdefault(tables, []).append(kind)
    return [(kinds, tables) for tables, kinds in groups.items()]


def _taking(
    these: Sequence[Definition], tables: Sequence[lattice.Table]
) -> list[tuple[list[lattice.Table], list[Definition]]]:
    """Definitions that take the same of the tables, together."""
    groups: dict[tuple[lattice.Table, ...], list[Definition]] = {}
    for definition in these:
        taken = tuple(table for table in tables if definition.takes(table))
        if taken:
            groups.setdefault(taken, []).append(definition)
    return [(list(taken), alike) for taken, alike in groups.items()]


def _listed(
    these: Iterable[Definition], group: Sequence[Cohort], by_kind: dict[str, Sequence[lattice.Table]]
) -> list[tuple[str, str, str, lattice.Table]]:
    return [
        (definition.id, cohort.id, kind, table)
        for definition in these
        for cohort in group
        if definition.serves(cohort.id)
        for kind, tables in by_kind.items()
        if kind in definition.periods
        for table in tables
        if definition.takes(table)
    ]


def _served(frame: pl.DataFrame, these: Sequence[Definition]) -> pl.DataFrame:
    """Rows of cohorts that the indicator is worked out for."""
    wrong = [(d.id, c) for d in these for c in frame["cohort"].unique() if not d.serves(c)]
    if not wrong:
        return frame
    return frame.join(
        pl.DataFrame(wrong, schema=["indicator", "cohort"], orient="row"), on=["indicator", "cohort"], how="anti"
    )


def _column_kinds(con: duckdb.DuckDBPyConnection, fact: str) -> dict[str, str]:
    """Whether people can be in several groups of a dimension in this fact: only where its column is a list."""
    types = {row[0]: str(row[1]) for row in con.sql(f"DESCRIBE {fact}").fetchall()}
    return {d: "multi" if types[d].endswith("[]") else "partition" for d in dimensions() if d in types}


def _together(parts: Sequence[pl.DataFrame], columns: Sequence[str]) -> pl.DataFrame:
    parts = [part for part in parts if part.height]
    if not parts:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    return pl.concat(parts, how="vertical_relaxed").sort(columns[:7] if "dim2" in columns else columns[:6])


def _lattice_frame(listed: Iterable[tuple[str, str, str, lattice.Table]]) -> pl.DataFrame:
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
    made: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame],
) -> None:
    """One level's file: the figures, and the tables that say what they are and where they came from."""
    found, curves, listed = made
    out = connect_build(file, memory_limit="2GB")
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
            "SELECT id, title, people, clock, district_dimension, follow_up_days, waiting_days, sort FROM cohort"
        ).pl()
        shown = [cohort.id for cohort in chosen]
        put(out, "cohort", people.filter(pl.col("id").is_in(shown)))
        put(out, "follow_up", con.sql("SELECT * FROM follow_up").pl().filter(pl.col("cohort").is_in(shown)))
        for table, query in copied(about["level"]).items():
            put(out, table, con.sql(query).pl())
        if con.sql("SELECT 1 FROM duckdb_tables() WHERE table_name = 'boundary'").fetchall():
            put(out, "boundary", con.sql("SELECT district, geojson FROM boundary").pl())
        put(out, "completeness", completeness(con))
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


def put(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Append a frame to a table, column by name."""
    if frame.height:
        con.register("given", frame.to_arrow())
        con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM given")
        con.unregister("given")
