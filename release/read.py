"""The one reader of releases: every figure that a page, the pack or the command line shows comes through here.

A reader holds one locked read-only connection and takes a new cursor for every query. It answers
only what the lattice of its level lists; anything else does not exist and is refused by name.
"""

import datetime as dt
import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from common.duck import connect_readonly
from common.errors import ProblemError
from metrics.dated import dated
from metrics.dimensions import dimensions as known_dimensions
from metrics.figure import Figure
from release.evidence import Evidence
from release.governance import Governance
from release.grid import HELD, SCHEMA, Asked, Found, filled, keyed
from release.infos import (
    PERIOD_KINDS,
    CohortInfo,
    DimensionInfo,
    IndicatorInfo,
    OutsideLatticeError,
    PeriodInfo,
    kind_words,
)
from release.money import Money
from release.payment import Payments
from release.provision import Provision

T = TypeVar("T")
DISTRICT = "district"
"""An alias, in `by` and `where`, for the district that the cohort's own definition names."""


_open: dict[Path, "Reader"] = {}
_lock = threading.Lock()


class Reader(Evidence, Money, Payments, Governance, Provision):
    """One level of one release."""

    def __init__(self, path: Path) -> None:
        """Open the file for reading and read its small tables once; use `Reader.open`, which opens each file once."""
        self.path = Path(path)
        self._con = connect_readonly(self.path)
        about = self._rows("SELECT * FROM release")[0]
        self.id: str = about["id"]
        self.level: str = about["level"]
        self.label: str = about["label"]
        self.area: str = about["area"]
        self.synthetic: bool = about["synthetic"]
        self.cutoff: dt.date = about["cutoff"]
        self.reporting_quarter: str = about["reporting_quarter"]
        self.code_version: str = about["code_version"]
        self.created: dt.datetime = about["created"]
        self._indicators = {
            row["id"]: IndicatorInfo(
                id=row["id"],
                version=row["version"],
                title=row["title"],
                unit=row["unit"],
                polarity=row["polarity"],
                kind=row["kind"],
                fact=row["fact"],
                class_=row["class"],
                minimum_n=row["minimum_n"],
                definition=json.loads(row["definition"]),
            )
            for row in self._rows("SELECT * FROM indicator ORDER BY sort, id")
        }
        self._cohorts = {
            row["id"]: CohortInfo(**row) for row in self._rows("SELECT * EXCLUDE (sort) FROM cohort ORDER BY sort, id")
        }
        self._dimensions = {
            row["id"]: DimensionInfo(**row)
            for row in self._rows("SELECT * EXCLUDE (sort) FROM dimension ORDER BY sort, id")
        }
        loaded = {
            row["table_name"] for row in self._rows("SELECT DISTINCT table_name FROM completeness WHERE rows > 0")
        }
        self._unplaced = {
            d.id for d in known_dimensions().values() if d.rests_on and loaded and d.rests_on not in loaded
        }
        self._order = {name: place for place, name in enumerate(self._dimensions)}
        self._members: dict[str, list[tuple[str, str]]] = {name: [] for name in self._dimensions}
        for row in self._rows("SELECT dimension, value, label FROM member ORDER BY dimension, sort, value"):
            self._members[row["dimension"]].append((row["value"], row["label"]))
        self._periods = {
            row["period"]: PeriodInfo(row["period"], row["kind"], row["label"], row["start"], row["end"], row["parent"])
            for row in self._rows("SELECT * FROM period ORDER BY start, period")
        }
        self._states: dict[str, dict[str, str]] = {}
        for row in self._rows("SELECT * FROM follow_up"):
            self._states.setdefault(row["cohort"], {})[row["period"]] = row["state"]
        self._whole: dict[tuple[str, ...], dict[tuple[str, str], pl.DataFrame | Found]] = {}
        self._tables: dict[tuple[str, str, str | None], list[tuple[str, ...]]] = {}
        self._lattice: dict[tuple[str, str], set[tuple[str, str, str]]] = {}
        for row in self._rows("SELECT * FROM lattice"):
            tables = self._lattice.setdefault((row["indicator"], row["cohort"]), set())
            tables.add((row["period_kind"], row["dim1"], row["dim2"]))

    @classmethod
    def open(cls, path: Path) -> "Reader":
        """The reader of a file. A path once used is never reused, so each is opened once in a process."""
        path = Path(path).resolve()
        with _lock:
            if path not in _open:
                _open[path] = cls(path)
            return _open[path]

    # --- what there is ------------------------------------------------------------------------

    def indicators(self, cohort: str | None = None) -> list[IndicatorInfo]:
        """Every indicator, in the catalogue's order; with a cohort, those that it has."""
        return [i for i in self._indicators.values() if cohort is None or (i.id, cohort) in self._lattice]

    def indicator(self, indicator: str) -> IndicatorInfo:
        """One indicator by its id."""
        return _pick(self._indicators, indicator, "indicator")

    def cohorts(self, indicator: str | None = None) -> list[CohortInfo]:
        """Every cohort in order; with an indicator, those that have it."""
        return [c for c in self._cohorts.values() if indicator is None or (indicator, c.id) in self._lattice]

    def cohort(self, cohort: str) -> CohortInfo:
        """One cohort by its id."""
        return _pick(self._cohorts, cohort, "cohort")

    def dimensions(self) -> list[DimensionInfo]:
        """Every breakdown, in order."""
        return list(self._dimensions.values())

    def dimension(self, dimension: str) -> DimensionInfo:
        """One breakdown by its id."""
        return _pick(self._dimensions, dimension, "breakdown")

    def members(self, dimension: str) -> list[tuple[str, str]]:
        """The groups of a breakdown as (value, label), in order."""
        return list(self._members[self.dimension(dimension).id])

    def districts(self, cohort: str) -> list[tuple[str, str]]:
        """The districts of the cohort's own district dimension as (value, label)."""
        return self.members(self.cohort(cohort).district_dimension)

    def periods(self, kind: str | None = None) -> list[PeriodInfo]:
        """The periods of a kind (or all), oldest first."""
        return [p for p in self._periods.values() if kind is None or p.kind == kind]

    def period(self, period: str) -> PeriodInfo:
        """One period by its id."""
        return _pick(self._periods, period, "period")

    def follow_up(self, cohort: str) -> dict[str, str]:
        """How far the cohort's follow-up has come by period: complete, awaiting_proof or immature."""
        return dict(self._states.get(self.cohort(cohort).id, {}))

    def latest_complete(self, cohort: str, kind: str = "quarter") -> str | None:
        """The latest period of a kind whose follow-up is complete, or None where none is yet."""
        states = self.follow_up(cohort)
        done = [p.id for p in self.periods(kind) if states.get(p.id) == "complete"]
        return done[-1] if done else None

    def year_before(self, period: str) -> str | None:
        """The same quarter (or year, or three years) one such cycle before, or None before the first."""
        now = self.period(period)
        back = 3 if now.kind == "three_years" else 1
        if now.kind == "all":
            return None
        start = now.start.replace(year=now.start.year - back)
        return next((p.id for p in self.periods(now.kind) if p.start == start), None)

    # --- which tables exist -------------------------------------------------------------------

    def tables(self, indicator: str, cohort: str, kind: str | None = None) -> list[tuple[str, ...]]:
        """The breakdowns that exist for an indicator and cohort (over a kind of period), fewest crossings first."""
        asked = (indicator, cohort, kind)
        if asked not in self._tables:
            found = {
                tuple(d for d in (dim1, dim2) if d)
                for (of, dim1, dim2) in self._lattice.get((indicator, cohort), ())
                if kind is None or of == kind
            }
            self._tables[asked] = sorted(found, key=lambda dims: (len(dims), [self._order[d] for d in dims]))
        return list(self._tables[asked])

    def period_kinds(self, indicator: str, cohort: str, dims: Iterable[str] = ()) -> list[str]:
        """Over which kinds of period a table exists, shortest first."""
        wanted = self._in_order(self._real(dims, cohort))
        return [kind for kind in PERIOD_KINDS if wanted in self.tables(indicator, cohort, kind)]

    def nearest(self, indicator: str, cohort: str, dims: Iterable[str], kind: str | None = None) -> list[str]:
        """Up to six tables that do exist, in words, those sharing most with what was asked first."""
        wanted = set(self._real(dims, cohort))
        found = [
            (of, tuple(d for d in (dim1, dim2) if d)) for (of, dim1, dim2) in self._lattice.get((indicator, cohort), ())
        ]
        found.sort(
            key=lambda t: (
                len(wanted ^ set(t[1])),
                kind is not None and t[0] != kind,
                PERIOD_KINDS.index(t[0]),
                [self._order[d] for d in t[1]],
            )
        )
        return [f"{_words(dims_)} over {kind_words(of)}" for of, dims_ in found[:6]]

    # --- figures ------------------------------------------------------------------------------

    def figures(
        self,
        indicator: str,
        cohort: str,
        period: str | Sequence[str] | None = None,
        kind: str = "quarter",
        *,
        by: Iterable[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> pl.DataFrame:
        """An indicator for one or more periods, broken down by up to two dimensions, within single choices.

        One row for every period and every member of `by`, in order; a group with no row in the release
        is *not available*, never absent and never 0.
        """
        rows = self.figure_rows(indicator, cohort, period, kind, by=by, where=where)
        return pl.DataFrame(rows, schema=SCHEMA, orient="row")

    def figure_rows(
        self,
        indicator: str,
        cohort: str,
        period: str | Sequence[str] | None = None,
        kind: str = "quarter",
        *,
        by: Iterable[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> list[dict[str, Any]]:
        """The rows of `figures` without a frame around them: what pages and the pack read."""
        info, about = self.indicator(indicator), self.cohort(cohort)
        chosen = self._choices(where or {}, cohort)
        splits = self._real([by] if isinstance(by, str) else by, cohort)
        if again := set(splits) & set(chosen):
            raise ProblemError(
                what="A breakdown cannot also be a filter",
                where=_words(tuple(sorted(again))),
                allowed="each dimension once",
                remedy="leave it out of one of the two",
                exit_code=2,
            )
        dims = self._in_order([*splits, *chosen])
        periods = self._periods_asked(period, kind)
        for of in dict.fromkeys(p.kind for p in periods) or [kind]:
            if len(dims) > 2 or len(set(dims)) < len(dims) or dims not in self.tables(info.id, about.id, of):
                self._outside(info.id, about.id, dims, of)
        dim1, dim2 = (*dims, "", "")[:2]
        first, second = (
            [m for m in self._members[d] if chosen.get(d, m[0]) == m[0]] if d else [("", "")] for d in (dim1, dim2)
        )
        states = self._states.get(about.id, {})
        immature = frozenset(p.id for p in periods if states.get(p.id) == "immature")
        asked = Asked(
            info, about, periods, (dim1, dim2), (first, second), immature, bool(self._unplaced & {dim1, dim2})
        )
        return list(filled(asked, self._found(info.id, about.id, (dim1, dim2), [p.id for p in periods])))

    def hold(self, tables: Iterable[tuple[str, ...]]) -> None:
        """Read all that the release has by each of these breakdowns at once; asking for it then needs no query.

        For those who read hundreds of small tables, such as the pack. `()` is everybody. Nothing is held of a breakdown that
        the level does not have. What is held stays with the reader: a few megabytes for each table by district.
        """
        for table in tables:
            dims = self._in_order(self.dimension(d).id for d in table)
            key = (*dims, "", "")[:2]
            if key not in self._whole:
                every = self._query(f"SELECT indicator, cohort, {KEPT} FROM figure WHERE dim1 = $dim1 AND dim2 = $dim2",
                                    {"dim1": key[0], "dim2": key[1]})  # fmt: skip
                parts = every.partition_by("indicator", "cohort", as_dict=True, include_key=False)
                self._whole[key] = {(str(of[0]), str(of[1])): frame for of, frame in parts.items()}

    def figure(self, indicator: str, cohort: str, period: str, where: Mapping[str, str] | None = None) -> Figure:
        """One figure: an indicator for a cohort and period, for everybody or for the group that `where` names."""
        return self.as_figures(self.figures(indicator, cohort, period, where=where))[0]

    def as_figures(self, frame: pl.DataFrame) -> list[Figure]:
        """The rows of a frame from `figures` as figures, each with all that must travel with it."""
        return [
            Figure(
                indicator=row["indicator"],
                version=row["version"],
                cohort=row["cohort"],
                period=row["period"],
                where={row[f"dim{i}"]: row[f"val{i}"] for i in (1, 2) if row[f"dim{i}"]},
                **{name: row[name] for name in ("value", "lower", "upper", "numerator", "denominator")},
                unit=row["unit"],
                polarity=row["polarity"],
                status=row["status"],
                reason=row["reason"],
                held_from=row["held_from"],
                level=self.level,  # type: ignore[arg-type]
                release=self.id,
                synthetic=self.synthetic,
                cutoff=self.cutoff,
            )
            for row in frame.iter_rows(named=True)
        ]

    def curve(self, indicator: str, cohort: str, period: str, where: Mapping[str, str] | None = None) -> pl.DataFrame:
        """A survival curve: day, value, lower, upper, at_risk; empty where none is published for the group."""
        chosen = self._choices(where or {}, cohort)
        self.period(period)
        if len(chosen) > 1:
            self._outside(indicator, cohort, self._in_order(chosen), "all")
        dim, val = next(iter(chosen.items()), ("", ""))
        return self._query(
            "SELECT day, value, lower, upper, at_risk FROM curve WHERE indicator = $indicator AND cohort = $cohort"
            " AND period = $period AND dim1 = $dim AND val1 = $val ORDER BY day",
            {"indicator": self.indicator(indicator).id, "cohort": cohort, "period": period, "dim": dim, "val": val},
        )

    def small_counts(self) -> int:
        """How many figures show a count of 1 to 7 people: none at the open level."""
        work = {
            fact.name for fact in dated().values() if fact.about == "work"
        }  # conferences and the like: nobody is in them
        counted = [i.id for i in self._indicators.values() if i.kind in ("count", "proportion") and i.fact not in work]
        found = self._query(
            "SELECT CAST(count(*) AS BIGINT) AS figures FROM figure WHERE list_contains($counted, indicator)"
            " AND (numerator BETWEEN 1 AND 7 OR denominator BETWEEN 1 AND 7)",
            {"counted": counted},
        )
        return int(found["figures"][0])

    # --- within -------------------------------------------------------------------------------

    def _real(self, dims: Iterable[str], cohort: str) -> list[str]:
        own = self.cohort(cohort).district_dimension
        return [self.dimension(own if d == DISTRICT else d).id for d in dims]

    def _in_order(self, dims: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(dims, key=lambda d: self._order[d]))

    def _choices(self, where: Mapping[str, str], cohort: str) -> dict[str, str]:
        chosen: dict[str, str] = {}
        for name, value in where.items():
            [dim] = self._real([name], cohort)
            values = [v for v, _ in self._members[dim]]
            if not isinstance(value, str) or value not in values:
                raise ProblemError(
                    what=f"{value!r} is not a single value of {dim}",
                    where=f"the filter {name}",
                    allowed=", ".join(values),
                    remedy="choose one of these, or leave the filter out for all",
                    exit_code=2,
                )
            if chosen.get(dim, value) != value:
                raise ProblemError(
                    what=f"Two values were chosen for {dim}",
                    where="the filters",
                    allowed="one value for each dimension",
                    remedy="choose one, or break down by the dimension",
                    exit_code=2,
                )
            chosen[dim] = value
        return chosen

    def _periods_asked(self, period: str | Sequence[str] | None, kind: str) -> list[PeriodInfo]:
        if period is None:
            if kind not in PERIOD_KINDS:
                raise ProblemError(
                    what=f"There is no kind of period {kind!r}",
                    where="the choice of period",
                    allowed=", ".join(PERIOD_KINDS),
                    remedy="choose one of these",
                )
            return self.periods(kind)
        return [self.period(p) for p in ([period] if isinstance(period, str) else period)]

    def _outside(self, indicator: str, cohort: str, dims: tuple[str, ...], kind: str) -> None:
        near = self.nearest(indicator, cohort, dims, kind)
        raise OutsideLatticeError(
            what=f"This release has no table of {indicator} for {cohort} {_words(dims)} over {kind_words(kind)}",
            where=f"the {self.level} level of release {self.id}",
            allowed="the nearest tables are: " + "; ".join(near) if near else f"{cohort} has no table of {indicator}",
            remedy="ask for one of these, or compute it from the store with --from-store",
            exit_code=2,
        )

    def _found(self, indicator: str, cohort: str, dims: tuple[str, str], periods: list[str]) -> Found:
        """The figures that the release has of one table, for these periods at least."""
        if dims in self._whole:
            held = self._whole[dims].get((indicator, cohort), {})
            if isinstance(held, pl.DataFrame):  # looked up by key from here on
                held = self._whole[dims][indicator, cohort] = keyed(held.iter_rows())
            return held
        found = self._query(
            f"SELECT {KEPT} FROM figure WHERE indicator = $indicator AND cohort = $cohort AND dim1 = $dim1"
            " AND dim2 = $dim2 AND list_contains($periods::VARCHAR[], period)",
            {"indicator": indicator, "cohort": cohort, "periods": periods, "dim1": dims[0], "dim2": dims[1]},
        )
        return keyed(found.iter_rows())


KEPT = ", ".join(("period", "val1", "val2", *HELD))
"""What is read of each figure, in the order that `keyed` takes it."""


def _words(dims: Sequence[str]) -> str:
    return "by " + " and ".join(dims) if dims else "in total"


def _pick(known: Mapping[str, T], name: str, word: str) -> T:
    if name in known:
        return known[name]
    raise ProblemError(
        what=f"There is no {word} {name!r}",
        where="the release",
        allowed=", ".join(known) or "none",
        remedy="choose one of these",
        exit_code=2,
    )
