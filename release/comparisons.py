"""The comparisons of a release: worked out by a process beside its figures, or taken from the last release unchanged.

A comparison is unchanged when its people and what is known of them, its definition, and the code of metrics/compare are
the same. One that fails is published as no verdict, with its reason: it never stops a release.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import polars as pl

from common.duck import connect_readonly
from common.errors import ProblemError
from common.processes import workers
from metrics.compare import frame as frames
from metrics.compare.evaluation import ANALYSED, RUBRIC, SUBMITTED, Evaluation, evaluated, without
from metrics.compare.lists import kept
from metrics.compare.many import q_values
from metrics.compare.people import Frame
from metrics.compare.plan import EVERYWHERE, Comparison, plan

TABLES = ("comparison", "flow", "effect", "balance", "support", "effect_curve", "competing", "sensitivity")
KEY = {"comparison": "id"}
"""The column that names the comparison, where it is not `comparison`."""
WORKERS = 1
"""Processes beside the one that computes the figures: one each for two cores. (Threads would wait for one another.)"""
MANY = 2000
"""Comparisons in one release at most: beyond, a list has gone wrong."""
SAME_PEOPLE = "these are the very people of the comparison over all districts, which counts once"
Rows = dict[str, pl.DataFrame]
"""The rows of one comparison by table."""


class Comparing:
    """The comparisons of a store, begun on entering and worked out by another process until `tables` is called."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        cutoff: dt.date,
        data_dir: Path | None,
        previous: Path | None,
        pool: Executor | None = None,
    ) -> None:
        self._con, self._cutoff, self._data_dir = con, cutoff, data_dir
        self._before = _published(previous)
        self._pool = pool or workers(WORKERS)
        self._found: list[tuple[Comparison, str, Rows | Future[Evaluation]]] = []
        self._whole: dict[Comparison, int] = {}

    def __enter__(self) -> "Comparing":
        """Describe everybody, and hand each comparison over as soon as its people are known."""
        lists = kept(self._con, self._data_dir)
        listed = [*plan(self._con, self._data_dir, self._cutoff), *(comparison for comparison, _ in lists)]
        if len(listed) > MANY:
            raise ProblemError(
                f"the list names {len(listed)} comparisons", "comparisons.toml", f"up to {MANY}", "name fewer"
            )
        try:
            with frames.evaluation_frames(
                self._con, listed, self._cutoff, {comparison.id: starts for comparison, starts in lists}
            ) as ready:
                for comparison in listed:
                    self._begin(comparison, ready)
        except ProblemError as problem:
            done = {comparison.id for comparison, _, _ in self._found}
            for comparison in listed:
                if comparison.id not in done:
                    self._found.append((comparison, "", rows_of(nothing(comparison, problem.what), "")))
        return self

    def _begin(self, comparison: Comparison, ready: frames.Frames) -> None:
        try:
            frame = ready.frame(comparison, least=(SUBMITTED, ANALYSED))
        except Exception as error:
            why = f"its people could not be found ({type(error).__name__})"
            self._found.append((comparison, "", rows_of(nothing(comparison, why), "")))
            return
        if self._repeats(frame):
            self._found.append((comparison, "", rows_of(without(frame, SAME_PEOPLE), "")))
            return
        inputs = hashlib.sha256((frame.sha256() + code_sha256()).encode()).hexdigest()
        known = self._before.get(comparison.id)
        same = known is not None and known["comparison"]["inputs_sha256"][0] == inputs
        self._found.append(
            (comparison, inputs, known if same and known is not None else self._pool.submit(evaluated, frame))
        )

    def _repeats(self, frame: Frame) -> bool:
        """Whether a district's comparison is about exactly the people of the whole area's: then one finding would count twice."""
        about = replace(frame.comparison, id="", title="", district=EVERYWHERE, notes="", sort=0)
        rows = frame.people.filter(pl.col("treated")).hash_rows(seed=1)
        treated = hash(tuple(rows.sort()))
        if frame.comparison.district == EVERYWHERE:
            self._whole.setdefault(about, treated)
            return False
        return len(rows) >= ANALYSED and frame.submitted >= SUBMITTED and self._whole.get(about) == treated

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=kind is not None)

    def tables(self) -> Rows:
        """Every table, once all are worked out, with q-values over all comparisons of one outcome."""
        made = [
            rows_of(_finished(comparison, one), inputs) if isinstance(one, Future) else one
            for comparison, inputs, one in self._found
        ]
        together = {
            table: pl.concat(
                [rows[table] for rows in made if rows[table].height] or [pl.DataFrame()], how="diagonal_relaxed"
            )
            for table in TABLES
        }
        if together["comparison"].height:
            order = pl.DataFrame(
                {"id": [one.id for one, _, _ in self._found], "sort": [one.sort for one, _, _ in self._found]}
            )
            together["comparison"] = together["comparison"].drop("sort").join(order, on="id", maintain_order="left")
        if together["effect"].height:
            together["effect"] = _with_q(together["effect"])
        return together


def _finished(comparison: Comparison, one: "Future[Evaluation]") -> Evaluation:
    """What was worked out; no verdict where the process that did so was lost, by want of memory as a rule."""
    try:
        return one.result()
    except BrokenProcessPool:
        return nothing(comparison, "it could not be worked out: the process was lost")


def nothing(comparison: Comparison, why: str) -> Evaluation:
    """A comparison of which nothing can be said."""
    return Evaluation(comparison, "no_verdict", why, from_period=comparison.from_period, to_period=comparison.to_period)


def rows_of(found: Evaluation, inputs: str) -> Rows:
    """One comparison as the rows of the release's tables. The whole area is district ''."""
    one = found.comparison
    about = {
        "id": one.id, "title": one.title, "subject_kind": one.subject_kind, "subject": one.subject,
        "district": "" if one.district == EVERYWHERE else one.district,
        "from_period": found.from_period, "to_period": found.to_period,
        "outcome_days": one.follow_up_days, "waiting_days": one.waiting_days,
        "submitted": found.submitted, "matched": found.matched, "analysed": found.analysed,
        "controls": found.controls, "pool": found.pool, "joined_later": found.joined_later,
        "verdict": found.verdict, "reason": found.reason, "grade": found.grade, "rubric": found.rubric or RUBRIC,
        "evidence": found.evidence_json(), "definition": one.as_json(), "inputs_sha256": inputs, "sort": one.sort,
    }  # fmt: skip
    flow = [{"sort": n, "step": s.step, "people": s.people, "reason": s.reason} for n, s in enumerate(found.flow)]
    shown = {
        "balance": ("covariate", "level", "before", "after", "treated_mean", "pool_mean", "matched_mean"),
        "support": (pl.col("lower").alias("bin"), "treated", "pool"),
    }
    balance, support = (
        frame.select(names) if (frame := getattr(found, table)).height else frame for table, names in shown.items()
    )
    rows = {
        "comparison": pl.DataFrame([about], infer_schema_length=None),
        "flow": pl.DataFrame(flow),
        "effect": pl.DataFrame(list(found.effects), infer_schema_length=None),
        "balance": balance,
        "support": support,
        "effect_curve": found.curves,
        "competing": found.competing,
        "sensitivity": pl.DataFrame(list(found.sensitivity), infer_schema_length=None),
    }
    return {
        table: frame.with_columns(comparison=pl.lit(one.id)) if table != "comparison" and frame.height else frame
        for table, frame in rows.items()
    }


def _with_q(effects: pl.DataFrame) -> pl.DataFrame:
    """q-values over the published specification of each outcome, all comparisons together."""
    counted = (pl.col("method") == "matched") & (pl.col("specification") == "main") & (pl.col("scale") == "difference")
    rows = effects.drop("q_value", strict=False).with_row_index("_row")
    parts = []
    for _, mine in rows.filter(counted).group_by("outcome", maintain_order=True):
        found = pl.Series("q_value", q_values(mine["p_value"].to_list()), dtype=pl.Float64)
        parts.append(mine.select("_row").with_columns(found))
    if not parts:
        return rows.with_columns(q_value=pl.lit(None, pl.Float64)).drop("_row")
    return rows.join(pl.concat(parts), on="_row", how="left", maintain_order="left").drop("_row")


def _published(previous: Path | None) -> Mapping[str, Rows]:
    """The comparisons of an earlier release by id; none where it has none or cannot be read."""
    if previous is None:
        return {}
    try:
        con = connect_readonly(previous / "partnership.duckdb")
    except ProblemError:
        return {}
    try:
        tables = {table: con.sql(f"SELECT * FROM {table}").pl() for table in TABLES}
    except duckdb.Error:  # a release made before comparisons were
        return {}
    finally:
        con.close()
    if any(KEY.get(table, "comparison") not in frame.columns for table, frame in tables.items()):
        return {}
    ids: list[str] = tables["comparison"]["id"].to_list()
    return {
        name: {table: frame.filter(pl.col(KEY.get(table, "comparison")) == name) for table, frame in tables.items()}
        for name in ids
    }


@cache
def code_sha256() -> str:
    """A fingerprint of the method: every file of metrics/compare, and of the facts that it reads."""
    folder = Path(frames.__file__).parent
    digest = hashlib.sha256()
    files: list[Any] = [*folder.glob("*.py"), *folder.glob("*.sql"), *(folder.parent / "facts").glob("*.sql")]
    for file in sorted(files):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
