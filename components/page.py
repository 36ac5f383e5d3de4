"""What every page has in common: the frame above it, its question and answer, method and download."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, NoReturn

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from common.errors import ProblemError
from components import charts, data, export, markup, words
from components.headlines import latest, quarter_cohorts
from components.judge import Row
from release.read import IndicatorInfo, PeriodInfo, Reader

STYLE = Path(__file__).with_name("style.css")
CHOSEN = "_release_and_level"


def style() -> None:
    """The one stylesheet."""
    st.html(STYLE)


def serve(release: str, level: str) -> Reader:
    """Called by the shell: the release and level that the page shows."""
    st.session_state[CHOSEN] = (release, level)
    return reader()


def reader() -> Reader:
    """The release and level that the shell has settled on. A page that runs without the shell has none, and fails."""
    release, level = st.session_state[CHOSEN]
    try:
        return data.reader(release, level)
    except ProblemError as problem:
        refused(problem)


def refused(problem: ProblemError, title: str = "This release is not shown here") -> NoReturn:
    """Say calmly why a release is not shown here, and show nothing of it."""
    st.title(title, anchor=False)
    st.text(str(problem))
    st.stop()


def chips(source: Reader) -> str:
    """Release, cut-off, what is final, level, and synthetic when it is."""
    final = []
    for about in [c for c in quarter_cohorts(source) if c.clock == "reoffending"][:1]:
        kinds = {k for i in source.indicators(about.id) for k in source.period_kinds(i.id, about.id)}
        kind = next((k for k in ("quarter", "year", "three_years", "all") if k in kinds), "quarter")
        if period := latest(source, about, kind):
            final.append(source.period(period).label)
    held = f"Data to {words.day(source.cutoff)}"
    said = [
        *([] if source.label == held else [f"<span><b>Release</b> {escape(source.label)}</span>"]),
        f"<span><b>Data to</b> {words.day(source.cutoff)}</span>",
        *(f"<span><b>Reoffending final to</b> {escape(x)}</span>" for x in final),
        f'<span class="level"><b>Level</b> {words.LEVELS[source.level]}</span>',
    ]
    return f'<div class="chips">{"".join(said)}</div>'


def frame(source: Reader) -> None:
    """The band above every page: the area, the chips, and a plain warning where nobody in the data exists."""
    banner = '<span class="synthetic">Synthetic data: nobody here exists</span>' if source.synthetic else ""
    if any(c.clock == "reoffending" for c in source.cohorts()) and data.part(source, "without_prison"):
        banner += f'<span class="synthetic">{escape(words.WITHOUT_PRISON)}</span>'
    st.html(f'<div class="band"><div class="area">{escape(source.area)} {banner}</div>{chips(source)}</div>')


def levels(source: Reader) -> None:
    """Why the two levels' figures differ, behind a switch."""
    st.html(markup.details(words.WHY_LEVELS_DIFFER, markup.paragraphs(words.LEVELS_DIFFER)))


def question(title: str) -> None:
    """The page's title is its question."""
    st.title(title, anchor=False)


def opening(sentences: str) -> None:
    """The answer in plain English, before the exact one: a sentence or two that a reader of thirteen can follow."""
    if sentences:
        st.html(f'<p class="opening">{escape(sentences)}</p>')


def nothing(why: str) -> None:
    """In place of a page's sections, where the release holds nothing for them."""
    opening(words.NOTHING_HERE)
    answer(why)


def answer(sentence: str) -> None:
    """One sentence that answers it from the figures."""
    st.html(f'<p class="lede">{escape(sentence)}</p>')


def no_cohorts(title: str) -> None:
    """In place of a page, where the release holds no cohort: what was loaded is not about people."""
    question(title)
    answer(words.NO_COHORTS)


def heading(text: str, under: str = "") -> None:
    """A section's heading, and what the figures below it are about."""
    sub = f'<p class="under">{escape(under)}</p>' if under else ""
    st.html(f"<h2>{escape(text)}</h2>{sub}")


def show(html: str) -> None:
    """HTML from `markup`; nothing where there is nothing to say."""
    if html:
        st.html(html)


def chart(drawn: charts.Spec, alt: str, key: str) -> None:
    """A chart in our own template; nobody is left without its description."""
    # Plotly's own checks of every property take ten times as long as the rest; they are made in the tests instead
    figure = go.Figure(data=drawn["data"], layout=drawn["layout"], _validate=False)
    st.plotly_chart(figure, theme=None, width="stretch", config=charts.CONFIG, key=key, alt=alt)


def trend(rows: Sequence[Row], periods: dict[str, PeriodInfo], people: str, key: str = "trend", **look: Any) -> bool:
    """A trend, or where every figure in it is missing the reason; says whether a chart was drawn."""
    if any(row["value"] is not None for row in rows):
        chart(charts.trend(rows, periods, **look), charts.alt_trend(rows, people), key)
        return True
    show(markup.note(words.key_to(rows) or ["There is no figure to draw for this choice."]))
    return False


def table_of(rows: Iterable[Row], caption: str, groups: Sequence[str] = ("label1",)) -> None:
    """The figures behind a chart, as a table behind a switch."""
    listed = list(rows)
    st.html(markup.details("Show these figures as a table", markup.figures_table(listed, caption, groups)))


def how(infos: Iterable[IndicatorInfo]) -> None:
    """How the figures are worked out, from their definitions."""
    body = ""
    for info in infos:
        parts = "".join(
            f"<dt>{escape(head)}</dt><dd>{escape(' '.join(said))}</dd>"
            for head, said in export.parts_of(info, reader().cohorts(info.id))
        )
        body += f"<h3>{escape(info.title)}</h3><dl>{parts}</dl>"
    st.html(markup.details("How is this worked out?", body))


def download(
    source: Reader,
    name: str,
    title: str,
    *,
    filters: Mapping[str, str],
    tables: Mapping[str, pl.DataFrame | None],
    infos: Sequence[IndicatorInfo],
    method: Sequence[str] = (),
) -> None:
    """Everything on the page as a ZIP: CSV, method (with the page's own lines of it), filters, release and dates. Made
    only when asked for."""
    held = {label: frame for label, frame in tables.items() if frame is not None}
    make: Callable[[], Any] = lambda: export.archive(  # noqa: E731
        source, title, filters, tables=held, infos=infos, method_lines=method
    )
    st.download_button(
        "Download these figures (ZIP)",
        data=make,
        file_name=f"{name}-{source.level}-{source.id}.zip",
        mime="application/zip",
        on_click="ignore",
        key=f"download-{name}",
    )


def made_to_order(source: Reader, name: str, label: str, make: Callable[[], bytes]) -> None:
    """A ZIP that is made only when asked for, and takes some seconds."""
    st.download_button(
        label,
        data=make,
        file_name=f"{name}-{source.level}-{source.id}.zip",
        mime="application/zip",
        on_click="ignore",
        key=f"download-{name}",
        help="Made when you ask for it: some seconds.",
    )


def foot(source: Reader) -> None:
    """What made this page, in small print."""
    st.html(
        f'<p class="foot">{escape(source.area)}. Release {escape(source.id)}, made {words.day(source.created.date())} '
        f"with version {escape(source.code_version)}. Shown {words.day(dt.date.today())}.</p>"
    )


def paragraphs(lines: Sequence[str]) -> None:
    """Running text."""
    st.html(markup.paragraphs(lines))


def frame_of(rows: Sequence[Row] | None) -> pl.DataFrame | None:
    """Rows as a table for the download, what a reader needs first; or nothing where there are none."""
    return export.frame_of(rows) if rows else None


def glossary() -> pl.DataFrame:
    """The field's words as a table for the download."""
    return pl.DataFrame([{"word": term.name, "meaning": term.meaning} for term in words.GLOSSARY])


def catalogue(infos: Sequence[IndicatorInfo]) -> pl.DataFrame:
    """The measures as a table for the download."""
    names = ("id", "version", "title", "unit", "polarity", "kind", "fact", "minimum_n")
    return pl.DataFrame([{name: getattr(info, name) for name in names} for info in infos])
