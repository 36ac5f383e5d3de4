"""Downloads: the figures with everything that must travel with them. No Streamlit."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from components import words
from release.read import CohortInfo, IndicatorInfo, Reader

PARTS = (
    ("question", "Question"),
    ("formula", "How it is worked out"),
    ("numerator", "Top of the fraction"),
    ("denominator", "Bottom of the fraction"),
    ("clock", "Which clock"),
    ("district", "Which district"),
    ("follow_up", "Follow-up"),
    ("status_rule", "How it is judged"),
    ("why", "Why it matters"),
    ("good", "What good looks like"),
    ("caveats", "Take care"),
    ("source", "Source"),
    ("review", "To be reviewed by"),
)
"""The parts of a definition's text, in the order in which a reader needs them."""
POLARITY = {
    "lower_is_better": "Lower is better",
    "higher_is_better": "Higher is better",
    "no_judgement": "Neither higher nor lower is better",
}


def parts_of(info: IndicatorInfo, cohorts: Iterable[CohortInfo] = ()) -> list[tuple[str, list[str]]]:
    """A definition as headed paragraphs; follow-up as the release's own cohorts have it, where they are given."""
    text: dict[str, Any] = dict(info.definition.get("text", {}))
    if own := words.follow_up_of(cohorts):
        text["follow_up"] = own
    found = [(head, text[key]) for key, head in PARTS if text.get(key)]
    found.append(("Direction", POLARITY.get(info.polarity, info.polarity)))
    found.append(("Unit and fewest people", f"{info.unit}; no status below {info.minimum_n:,}"))
    found.append(("Definition", f"{info.id}, version {info.version}"))
    return [(head, [str(x) for x in (said if isinstance(said, list) else [said])]) for head, said in found]


def method(source: Reader, infos: Iterable[IndicatorInfo], lines: Sequence[str] = ()) -> str:
    """How each measure is worked out, as Markdown; `lines`: the page's own paragraphs, Markdown too, before them."""
    out = ["# How these figures are worked out", "", *(part for line in lines for part in (line, ""))]
    for info in infos:
        out += [f"## {info.title}", ""]
        for head, said in parts_of(info, source.cohorts(info.id)):
            out += [f"**{head}.** {' '.join(said)}", ""]
    out += ["## Signs", "", *(f"- {mark} {meaning}" for mark, meaning in words.SYMBOL_WORDS.items()), ""]
    return "\n".join(out)


def headed(parts: Iterable[tuple[str, str]]) -> list[str]:
    """Headed paragraphs of a page's own method as lines of Markdown."""
    return [f"**{head}.** {said}" for head, said in parts]


def about(source: Reader, page: str, filters: Mapping[str, str], now: dt.date) -> str:
    """Where the figures come from: release, dates, level, page and filters."""
    lines = [f"{page}", ""]
    if source.synthetic:
        lines += ["SYNTHETIC DATA: nobody in these figures exists.", ""]
    lines += [
        f"Area: {source.area}",
        f"Release: {source.label} ({source.id}), made {words.day(source.created.date())}",
        f"Data to: {words.day(source.cutoff)}",
        f"Reporting quarter: {source.reporting_quarter}",
        f"Level: {source.level}",
        f"Code version: {source.code_version}",
        f"Downloaded: {words.day(now)}",
        "",
        "Filters:",
        *(f"  {name}: {value}" for name, value in filters.items()),
        "",
        words.WHY_LEVELS_DIFFER,
        *(f"  {line}" for line in words.LEVELS_DIFFER),
        "",
    ]
    return "\n".join(lines)


FIRST = (
    *("title", "people", "period_label", "label", "label1", "label2", "shown", "value", "lower", "upper", "unit"),
    *("numerator", "numerator_of", "denominator", "denominator_of", "status", "reason"),
    *(
        "compared_with",
        "change",
        "change_lower",
        "change_upper",
        "change_in_words",
        "target",
        "against_target",
        "polarity",
    ),
)
"""The columns of a table of figures that a reader needs, in order; the rest follow."""


def frame_of(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Figures as a table: each as it is shown, in full, with its unit, what it counts, its change and its target."""
    kept = [{**row, "shown": words.shown(row)} for row in rows]
    frame = pl.DataFrame(kept, infer_schema_length=None)
    first = [name for name in FIRST if name in frame.columns]
    return frame.select(*first, *(name for name in frame.columns if name not in first))


def stamped(source: Reader, frame: pl.DataFrame) -> pl.DataFrame:
    """A table with the release, level, cut-off and whether it is synthetic on every row: rows get cut from files."""
    return frame.with_columns(
        release=pl.lit(source.id),
        level=pl.lit(source.level),
        cutoff=pl.lit(source.cutoff),
        synthetic=pl.lit(source.synthetic),
    )


def archive(
    source: Reader,
    page: str,
    filters: Mapping[str, str],
    *,
    tables: Mapping[str, pl.DataFrame],
    infos: Iterable[IndicatorInfo],
    method_lines: Sequence[str] = (),
    now: dt.date | None = None,
) -> bytes:
    """A ZIP with a CSV for each table, method.md (with the page's own `method_lines`) and about.txt."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, frame in tables.items():
            bundle.writestr(f"{name}.csv", stamped(source, frame).write_csv())
        bundle.writestr("method.md", method(source, infos, method_lines))
        bundle.writestr("about.txt", about(source, page, filters, now or dt.date.today()))
    return held.getvalue()
