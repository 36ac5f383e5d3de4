"""The open level's figures: protected cells first, statistics from those, model outputs rounded outward.

Only periods whose follow-up is complete are published: a provisional count differs from the final one by the few
people proved in between, and the difference of two releases would tell of them.
"""

from collections.abc import Iterable, Mapping, Sequence

import duckdb
import numpy as np
import polars as pl

from metrics.catalogue import Definition
from metrics.cohorts import Cohort
from metrics.cube import PRODUCTS, THIRDS
from metrics.figure import NO_EXTRACT, NOBODY_SCORED, TOO_FEW, noun_of
from metrics.kinds.proportion import design_effect, wilson
from release import protect as rules
from release.complement import KEY
from release.protect import Quantity, protect
from release.related import NOTHING_TIED, Related, also_hidden

EVERYBODY = "true"


def quantities(con: duckdb.DuckDBPyConnection, fact: str, definitions: Iterable[Definition]) -> list[Quantity]:
    """The additive quantities behind a fact's definitions, a part after its whole.

    Two definitions that use one SQL expression share one quantity, so that what one hides the other cannot show.
    """
    found: dict[str, Quantity] = {EVERYBODY: Quantity(EVERYBODY)}
    for definition in definitions:
        if definition.kind == "count":
            name = f"people:{definition.numerator}"
            base = None if definition.numerator == EVERYBODY else f"people:{EVERYBODY}"
            if base:
                found.setdefault(base, Quantity(base))
            found.setdefault(name, Quantity(name, of=base))
            continue
        top, bottom = definition.numerator, definition.denominator
        counted = definition.kind == "proportion" or definition.modelled or _boolean(con, fact, bottom)
        if bottom != EVERYBODY:
            found.setdefault(bottom, Quantity(bottom, magnitude=not counted, of=EVERYBODY, split=bottom == "need"))
        if definition.modelled:
            continue
        if definition.kind == "proportion":
            found.setdefault(top, Quantity(top, of=bottom, split=top == "need"))
        else:
            found.setdefault(top, Quantity(top, magnitude=True, of=bottom if counted else EVERYBODY))
    return sorted(found.values(), key=lambda q: _depth(q, found))


def _depth(quantity: Quantity, all_: Mapping[str, Quantity]) -> int:
    return 0 if quantity.of is None else 1 + _depth(all_[quantity.of], all_)


def _boolean(con: duckdb.DuckDBPyConnection, fact: str, expression: str) -> bool:
    return str(con.sql(f"DESCRIBE SELECT ({expression}) AS x FROM {fact}").fetchall()[0][1]) == "BOOLEAN"


def wide(
    cells: pl.DataFrame, grid: pl.DataFrame, definitions: Sequence[Definition], of: list[Quantity]
) -> pl.DataFrame:
    """One row for every group of every table (`grid`), empty ones too, with each quantity in columns."""
    frame = grid
    for q in of:
        columns = []
        for definition in definitions:
            mine = cells.filter(pl.col("indicator") == definition.id)
            if definition.kind == "count":
                if q.name == f"people:{definition.numerator}":
                    columns.append(mine.select(*KEY, v="positive", p="positive", a=0.0, b=0.0))
                elif q.name == f"people:{EVERYBODY}":
                    columns.append(mine.select(*KEY, v="n", p="n", a=0.0, b=0.0))
                continue
            if q.name == definition.numerator and not definition.modelled:
                columns.append(mine.select(*KEY, v="sx", p="positive", a="top1", b="top2"))
            if q.name == definition.denominator:
                # a denominator that is a magnitude (days at liberty) is spread by its nature: nobody has over a year
                mean = pl.col("sd") / pl.col("n")
                columns.append(mine.select(*KEY, v="sd", p="n", a=mean, b=mean))
        if not columns:
            continue
        named = {"v": q.name, "p": f"{q.name}__people", "a": f"{q.name}__top1", "b": f"{q.name}__top2"}
        cast = [part.with_columns(pl.col("v", "p", "a", "b").cast(pl.Float64)) for part in columns]
        one = pl.concat(cast).group_by(KEY).agg(pl.col("v", "p", "a", "b").max()).rename(named)
        frame = frame.join(one, on=KEY, how="left")
    missing = [q.name for q in of if q.name not in frame.columns]
    frame = frame.with_columns(
        pl.lit(0.0).alias(f"{n}{end}") for n in missing for end in ("", "__people", "__top1", "__top2")
    )
    numbers = [name for name in frame.columns if name not in KEY]
    return frame.with_columns(pl.col(numbers).fill_null(0).fill_nan(0)).sort(KEY)


def grid(
    tables: Mapping[tuple[str, str], Sequence[tuple[str, ...]]],
    periods: Mapping[tuple[str, str], Sequence[str]],
    members: Mapping[str, Sequence[str]],
) -> pl.DataFrame:
    """Every group of every published table. `tables` and `periods` are by (cohort, kind of period)."""
    parts = []
    for (cohort, kind), lists in tables.items():
        when = pl.DataFrame({"period": list(periods.get((cohort, kind), ()))}, schema={"period": pl.String})
        for table in lists:
            part = when.with_columns(cohort=pl.lit(cohort))
            for i in (1, 2):
                dim = table[i - 1] if i <= len(table) else ""
                values = list(members[dim]) if dim else [""]
                side = pl.DataFrame({f"val{i}": values}, schema={f"val{i}": pl.String})
                part = part.join(side.with_columns(pl.lit(dim).alias(f"dim{i}")), how="cross")
            parts.append(part.select(KEY))
    return pl.concat(parts).unique() if parts else pl.DataFrame(schema=dict.fromkeys(KEY, pl.String))


def covers(
    cohorts: Sequence[Cohort],
    kinds: Mapping[str, str],
    states: Mapping[tuple[str, str], str],
    parent: Mapping[str, str],
) -> dict[tuple[str, str], list[str]]:
    """For each cohort's complete longer period, the complete shorter ones that it pools, the longest that there are."""
    found: dict[tuple[str, str], list[str]] = {}
    for cohort in cohorts:
        done = {p for (c, p), state in states.items() if c == cohort.id and state == "complete"}
        for period in done:
            above = parent.get(period)
            while above and above not in done:  # a year that is not complete is no step between
                above = parent.get(above)
            if above:
                found.setdefault((cohort.id, above), []).append(period)
    return {key: sorted(children) for key, children in found.items()}


def protected(
    frame: pl.DataFrame,
    of: list[Quantity],
    kinds: Mapping[str, str],
    over: Mapping[tuple[str, str], Sequence[str]],
    siblings: Mapping[str, str],
    *,
    ties: Related = NOTHING_TIED,
) -> pl.DataFrame:
    """Protect the cells; cohorts of the same people (12 months, two years) hide the same people's counts, and counts that
    hang together (release/related.py) hide what could be had of one from the others."""
    frame = frame.with_columns(pl.col("cohort").replace_strict(siblings).alias("_same"))
    hidden = pl.any_horizontal(pl.col(f"{q.name}__shown").is_null() for q in of if q.of is None)
    hide = pl.DataFrame({"hide": pl.Series([False] * frame.height, dtype=pl.Boolean)})
    while True:
        found = protect(frame.hstack(hide), of, kinds, over)
        same = found.select(hidden.any().over(["_same", *KEY[1:]]).alias("hide"))
        tied = {f"{name}__hide": cells for name, cells in also_hidden(found, ties).items()}
        wanted = same.with_columns(pl.Series(name, cells, dtype=pl.Boolean) for name, cells in tied.items())
        if wanted.equals(hide):
            return found.drop(*hide.columns, "_same")
        hide = wanted


def figures(definition: Definition, cells: pl.DataFrame, exact: pl.DataFrame) -> pl.DataFrame:
    """An indicator's open figures. `cells` are protected; `exact` carries value, lower, upper, n of the same cells.

    A proportion comes from the shown counts alone, its interval as wide as rounding and repeats can make it. The
    interval of a ratio, all of a wait and all that is set against what was expected are model outputs: 30 people or more, rounded outward.
    """
    top, bottom = definition.numerator, definition.denominator
    columns = [*KEY, "value", "lower", "upper", "n", "known"]
    frame = cells.join(exact.select(columns), on=KEY, how="left")
    n = _numbers(frame, "n")
    names = {"count": (f"people:{top}", f"people:{top}")}.get(definition.kind, (top, bottom))
    over = bottom if definition.modelled else names[0]
    x, d = _numbers(frame, f"{over}__shown"), _numbers(frame, f"{names[1]}__shown")
    hidden = np.isnan(x) | np.isnan(d)
    if definition.modelled and f"{TELLS_OF}__shown" in frame.columns:
        hidden |= np.isnan(_numbers(frame, f"{TELLS_OF}__shown"))
    few = np.zeros(len(x), dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        if definition.kind == "count":
            value, lower, upper, d = x, np.full_like(x, np.nan), np.full_like(x, np.nan), np.full_like(x, np.nan)
        elif definition.kind == "proportion":
            repeated = rules.round_count(n) / repeats(exact, frame)
            value, lower, upper = proportion(x, d, repeated, definition.scale)
        else:
            few = ~rules.enough_analysed(np.nan_to_num(n), definition.centile)
            exactly, low, high = (_numbers(frame, name) for name in ("value", "lower", "upper"))
            step = 5.0 if definition.decimals == 0 else 10.0 ** (1 - definition.decimals)
            if definition.modelled:
                value, lower, upper = _against(definition.kind, exactly, low, high, step)
                x = np.full_like(x, np.nan)
            else:
                value = np.where(d > 0, definition.scale * x / d, np.nan)
                down, up = _widening(x, d)
                _, lower, upper = rules.outward(exactly, low * down, high * up, step)
                # the interval must hold the value that rounded counts give
                lower, upper = np.fmin(lower, value), np.fmax(upper, value)
    few &= ~hidden
    gone = hidden | few
    withheld = frame["withheld"].to_numpy() & hidden
    status = np.where(withheld, "withheld", np.where(hidden, "suppressed", np.where(few, "withheld", "final")))
    reason = np.where(
        withheld, rules.WITHHELD, np.where(hidden, rules.SUPPRESSED, np.where(few, rules.TOO_FEW_ANALYSED, ""))
    )
    unknown = frame["known"].fill_null(1).to_numpy() == 0
    none = ~gone & ~unknown & ~np.isfinite(value)
    status = np.where(unknown | none, "not available", status)
    reason = np.where(unknown, NOBODY_SCORED if definition.expected else NO_EXTRACT, np.where(none, NO_VALUE, reason))
    small = (status == "final") & (d < definition.minimum_n) & (definition.kind != "count")
    reason = np.where(
        small, f"fewer than {definition.minimum_n} {noun_of(definition.text.denominator)}: {TOO_FEW}", reason
    )
    base = f"people:{EVERYBODY}" if definition.kind == "count" else EVERYBODY
    keep = pl.Series((np.nan_to_num(n) > 0) | np.isnan(_numbers(frame, f"{base}__shown")))
    numbers = {"value": value, "lower": lower, "upper": upper, "numerator": x, "denominator": d}
    shown = status == "final"
    return frame.select(
        pl.lit(definition.id).alias("indicator"),
        *KEY,
        *(pl.Series(name, np.where(shown & np.isfinite(a), a, np.nan)).fill_nan(None) for name, a in numbers.items()),
        pl.Series("status", status.astype(str)),
        pl.Series("reason", reason.astype(str)),
        pl.lit(None, dtype=pl.String).alias("held_from"),
    ).filter(keep)


TELLS_OF = "reoffended"
"""How many reoffended: what a model output of reoffending would tell (a curve ends at it, and observed less expected beside
the expected is it), so that where this count is hidden they are too."""
NO_VALUE = "nobody in the denominator, or too few have reached it"


def repeats(exact: pl.DataFrame, frame: pl.DataFrame) -> np.ndarray:
    """By how much less than so many people the entries of each cell tell: those who enter most often weigh most.

    Design effect x people / entries of everybody in the cohort and period, in quarters upward and never below 1: one
    coarse number for all groups, since a group's own would be made of its unprotected counts.
    """
    total = exact.filter(pl.col("dim1") == "")
    cells = {name: _numbers(total, name) for name in ("n", *PRODUCTS, *THIRDS)}
    effect = design_effect(cells, cells["sx"] / cells["sd"]) * cells["n"] / cells["sd"]
    coarse = np.ceil(4 * np.maximum(np.nan_to_num(effect, nan=1.0), 1.0)) / 4
    whole = total.select("cohort", "period", pl.Series("repeats", coarse))
    found = frame.select("cohort", "period").join(whole, on=["cohort", "period"], how="left", maintain_order="left")
    return found["repeats"].fill_null(1.0).to_numpy()


def proportion(
    x: np.ndarray, d: np.ndarray, people: np.ndarray, scale: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """X / D of shown counts, with Wilson's interval at both ends of what the rounding may hide. `people` is how many
    different people the entries are worth at most."""
    value = np.where(d > 0, np.minimum(x / d, 1), np.nan)
    entries = np.maximum(np.minimum(d, people) - rules.SLACK, 1)
    least = np.maximum(np.where(x > 0, x - rules.SLACK, 0) / (d + rules.SLACK), 0)
    most = np.minimum(np.where(x > 0, x + rules.SLACK, 0) / np.maximum(d - rules.SLACK, 1), 1)
    return scale * value, scale * wilson(least, entries)[0], scale * wilson(most, entries)[1]


NO_DIFFERENCE = {"excess": 0.0, "relative": 1.0}
"""The value of no difference, of the kinds that set what happened against what was expected."""


def _against(
    kind: str, value: np.ndarray, lower: np.ndarray, upper: np.ndarray, step: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A model output in coarse steps: what has a value of no difference never crosses it, so that both levels' words agree."""
    if kind not in NO_DIFFERENCE:
        return rules.outward(value, lower, upper, step)
    none = NO_DIFFERENCE[kind]
    found = rules.outward_on_its_side(value - none, lower - none, upper - none, np.full_like(value, step))
    value, lower, upper = (np.round(number + none, 12) for number in found)
    return value, lower, upper


def _widening(x: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By how much rounding may have raised or lowered a ratio."""
    slack = rules.SLACK
    down = np.where(x > slack, (x - slack) / x * d / (d + slack), 0)
    up = np.where(x > 0, (x + slack) / x * d / np.maximum(d - slack, 1), 1)
    return down, up


def _numbers(frame: pl.DataFrame, name: str) -> np.ndarray:
    return frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
