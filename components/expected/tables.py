"""Observed against expected as tables: a place or a year by each standard, the bands, and how well each year was foretold."""

from collections.abc import Sequence
from html import escape

import polars as pl

from components.evidence.strips import reach, rounded_up, strip
from components.expected.rows import Band, Standing, Whole
from components.markup.plain import table
from components.verdicts import Row, ends, on_interval, signed

POINTS = "percentage points"
HEADS = ("National score", "Recalibrated here", "By age, sex and history")


def standings_table(found: Sequence[Standing], caption: str, first: str) -> str:
    """Each place or year: the share who reoffended, observed less expected by two scores, and observed over expected."""
    known = [row for one in found for row in (one.national, one.local) if row is not None and row["value"] is not None]
    far = reach(_as_effect(row) for row in known if row["lower"] is not None)
    ends = [
        row[end] - 1
        for one in found
        if (row := one.standard)
        for end in ("ratio_lower", "ratio_upper")
        if row[end] is not None
    ]
    wide = min(rounded_up(max((abs(end) for end in ends), default=1.0)), 1.0)
    heads = "".join(f'<th scope="col"{css}>{escape(head)}</th>' for head, css in _heads(first))
    body = "".join(_line(one, first, far, wide) for one in found)
    return (
        f'<table class="figures stack standings" role="table"><caption class="vh">{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
        f'<p class="note">Strips: no difference in the middle; {signed(-far, 0)} to {signed(far, 0)} {POINTS} for the scores,'
        f" {1 - wide:.1f} to {1 + wide:.1f} for observed over expected.</p>"
    )


def _heads(first: str) -> tuple[tuple[str, str], ...]:
    return ((first, ""), ("Reoffended", ' class="num"'), *((head, "") for head in HEADS))


def _as_effect(row: Row) -> Row:
    return {
        "outcome": "rate",
        "scale": "difference",
        "estimate": row["value"],
        "lower": row["lower"],
        "upper": row["upper"],
    }


def _line(one: Standing, first: str, far: float, wide: float) -> str:
    label = one.label if first == "District" else one.period
    few = ', <abbr title="too few people to judge">too few</abbr>' if one.few else ""
    share = "\u2013" if one.observed is None else f"<b>{one.observed:.0f}%</b>"
    css = ' class="few"' if one.few else ""
    cells = "".join(_cell(head, row, far) for head, row in zip(HEADS, (one.national, one.local), strict=False))
    return (
        f'<tr role="row"{css}><th scope="row" role="rowheader">{escape(label)}<span class="sub">{one.entries:,} index events,'
        f' {one.people:,} people{few}</span></th><td role="cell" class="num" data-label="Reoffended">{share}</td>'
        f"{cells}{_ratio(one.standard, wide)}</tr>"
    )


def _cell(head: str, row: Row | None, far: float) -> str:
    if row is None or row["value"] is None:
        return f'<td role="cell" data-label="{head}"><span class="missing">[x]</span></td>'
    effect = _as_effect(row)
    size, bounds = on_interval(row["value"], row["lower"], row["upper"])
    said = f"{head}: {size} {POINTS}, 95% interval {bounds}"
    value = f'<span class="said"><b>{size}</b> <span class="sub">{bounds}</span></span>'
    return f'<td role="cell" data-label="{head}">{value}{strip(effect, far, said)}</td>'


def _ratio(row: Row | None, wide: float) -> str:
    head = HEADS[2]
    if row is None or row["ratio"] is None:
        return f'<td role="cell" data-label="{head}"><span class="missing">[x]</span></td>'
    bounds = ""
    if row["ratio_lower"] is not None:
        low, _, high = ends(row["ratio_lower"], row["ratio"], row["ratio_upper"], 1, none=1.0)
        bounds = f"{low} to {high}"
    effect = {"outcome": "rate", "scale": "ratio", "estimate": row["ratio"],
              "lower": row["ratio_lower"], "upper": row["ratio_upper"]}  # fmt: skip
    said = f"{head}: {row['ratio']:.2f} times as many as expected, 95% interval {bounds}"
    value = f'<span class="said"><b>{row["ratio"]:.2f}</b> <span class="sub">{bounds}</span></span>'
    return f'<td role="cell" data-label="{head}">{value}{strip(effect, wide, said)}</td>'


def bands_table(found: Sequence[Band]) -> str:
    """Each band of national scores by both predictions."""
    names = {"national": "National", "local": "Recalibrated"}
    body = [
        (f"{band.scores}", names[band.basis], f"{band.expected:.1f}%", f"{band.observed:.1f}%",
         f"{band.lower:.1f}% to {band.upper:.1f}%", f"{band.entries:,}", f"{band.people:,}")
        for band in found
    ]  # fmt: skip
    heads = ("Score", "Prediction", "Expected", "Reoffended", "95% interval", "Index events", "People")
    return table(heads, body, "Expected and observed by band of score", numeric=(2, 3, 4, 5, 6), short=True)


def wholes_table(found: Sequence[Whole]) -> str:
    """Every complete year: observed less expected by both predictions, Brier scores, AUC, and what was fitted."""
    body = []
    for one in found:
        local = one.local
        body.append((
            one.period, _gap(one.national), _gap(local), _number(one.national, "brier", 3), _number(local, "brier", 3),
            _number(one.national, "auc", 2), _number(local, "intercept", 2), _number(local, "slope", 2),
            "" if local is None or local["fitted_entries"] is None else f"{local['fitted_entries']:,}",
        ))  # fmt: skip
    heads = ("Year", "National: observed less expected, points", "Recalibrated: observed less expected, points", "Brier, national",
             "Brier, recalibrated", "AUC", "Intercept fitted", "Slope fitted", "Fitted to, index events")  # fmt: skip
    return table(heads, body, "How well each year was foretold", numeric=tuple(range(1, 9)))


def _gap(row: Row | None) -> str:
    if row is None or row["value"] is None:
        return "[x]"
    size, bounds = on_interval(row["value"], row["lower"], row["upper"])
    return f"{size} ({bounds})" if bounds else size


def _number(row: Row | None, name: str, places: int) -> str:
    return "" if row is None or row[name] is None else f"{row[name]:.{places}f}"


def frame_of(rows: Sequence[Row]) -> pl.DataFrame | None:
    """The release's rows as a table for the download, or nothing where there are none."""
    return pl.DataFrame([dict(row) for row in rows], infer_schema_length=None) if rows else None
