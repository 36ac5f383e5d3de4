"""Tables and small interval graphics as HTML: they print, reflow on a phone and read aloud. No Streamlit."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import polars as pl

from components import words
from components.judge import Change, Row, change, few

if TYPE_CHECKING:
    from components.headlines import Headline
    from release.read import CohortInfo, IndicatorInfo

CHANGE_SHAPES = {"improved": "✓", "worsened": "!", "higher": "↑", "lower": "↓", "cannot tell": "≈", "difference": ""}


def scale_of(rows: Iterable[Row | None]) -> float:
    """The top of a scale that starts at zero and holds every interval: 100 for percentages, else a round number."""
    known = [row for row in rows if row is not None and row["value"] is not None]
    if any(row["unit"] == "%" for row in known):
        return 100.0
    top = max((row["upper"] if row["upper"] is not None else row["value"] for row in known), default=1.0)
    step = 10.0 ** (len(str(int(max(top, 1)))) - 1)
    if top < 1:
        return 1.0
    return next(step * k for k in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * k >= top)


def _percent(value: float, top: float) -> str:
    return f"{min(max(100 * value / top, 0), 100):.2f}%"


def _mark(row: Row, top: float, css: str) -> str:
    """A dot on its interval."""
    if row["value"] is None:
        return ""
    low, high = (row["lower"], row["upper"]) if words.has_interval(row) else (row["value"], row["value"])
    left, right = min(low, top), min(high, top)
    width = _percent(right - left, top)
    return (
        f'<span class="iv-range {css}" style="left:{_percent(left, top)};width:{width}"></span>'
        f'<span class="iv-dot {css}" style="left:{_percent(row["value"], top)}"></span>'
    )


def strip(
    now: Row,
    before: Row | None = None,
    target: float | None = None,
    top: float | None = None,
    overall: Row | None = None,
) -> str:
    """A value on its interval, from zero; the one before in outline above it; a line at the target."""
    top = scale_of([now, before]) if top is None else top
    said = f"{words.shown(now)}, interval {words.interval(now) or 'none'}"
    if before is not None:
        said += f"; before, {words.shown(before)}, interval {words.interval(before) or 'none'}"
    line = "" if target is None else f'<span class="iv-target" style="left:{_percent(target, top)}"></span>'
    if overall is not None and overall["value"] is not None:
        line += f'<span class="iv-overall" style="left:{_percent(overall["value"], top)}"></span>'
    css = "provisional" if now["status"] == "provisional" else "few" if few(now) else ""
    earlier = "" if before is None else f'<span class="iv-row before">{_mark(before, top, "before")}</span>'
    row_class = "iv-row" if before is not None else "iv-row alone"
    return (
        f'<span class="iv" role="img" aria-label="{escape(said)}">{earlier}'
        f'<span class="{row_class}">{_mark(now, top, css)}</span>{line}</span>'
    )


def value_cell(row: Row | None) -> str:
    """A value with its interval and the counts behind it below, grey where they are too few; or its symbol with the reason."""
    if row is None:
        return '<span class="missing">\u2013</span>'
    if row["value"] is None:
        return f'<abbr class="missing" title="{escape(words.reason(row))}">{escape(words.shown(row))}</abbr>'
    mark = words.symbol(row)
    flag = f' <abbr title="{escape(words.SYMBOL_WORDS[mark])}">{mark}</abbr>' if mark else ""
    said = f"<b>{escape(words.shown(row))}</b>{flag}"
    lines = [escape(words.interval(row)), escape(words.behind(row))]
    if few(row):
        mark = f'<abbr title="{escape(str(row["reason"]))}">too few</abbr>'
        lines[1] = f"{lines[1]}, {mark}" if lines[1] else mark
    said += "".join(f'<span class="sub">{line}</span>' for line in lines if line)
    return f'<span class="few">{said}</span>' if few(row) else said


def change_cell(how: Change, now: Row) -> str:
    """The change in words and a shape."""
    amount = ""
    if how.kind == "difference" and how.difference:
        return f'<span class="change difference">{words.number(abs(how.difference), now)} {how.words.lower()}</span>'
    if how.difference is not None and how.lower is not None and how.upper is not None:
        amount = f'<span class="sub">{words.difference(how, now)}</span>'
    shape = CHANGE_SHAPES.get(how.kind, "")
    tick = f'<i aria-hidden="true">{shape}</i> ' if shape else ""
    return f'<span class="change {how.kind.replace(" ", "-")}">{tick}{escape(how.words)}</span>{amount}'


def status_cell(line: "Headline") -> str:
    """The status as a shape and a word, with the target beside it."""
    now, how = line.now, line.status
    shape = f'<i aria-hidden="true">{how.shape}</i> ' if how.shape else ""
    aim = (
        ""
        if line.target is None or how.kind == "none"
        else f'<span class="sub">target {words.number(line.target, now)}</span>'
    )
    return f'<span class="status {how.kind.replace(" ", "-")}">{shape}{escape(how.words)}</span>{aim}'


def _usual_period(lines: Sequence["Headline"], cohort: str) -> str:
    """The period, and the one before, that most of a cohort's measures show."""
    said = [words.against(x.now, x.before) for x in lines if x.cohort.id == cohort]
    return max(said, key=said.count)


SIDES = {"reoffending": "Reoffending, followed up in full", "process": "What happened in the period"}
"""The two clocks, each a table of its own: side by side where there is room."""


def measures(lines: Sequence["Headline"]) -> str:
    """The quarter's measures: those followed up on one side, those of the reporting period on the other."""
    found = {head: [x for x in lines if x.cohort.clock == clock] for clock, head in SIDES.items()}
    tables = [_measures_of(head, chosen) for head, chosen in found.items() if chosen]
    return f'<div class="sides{" two" if len(tables) == 2 else ""}">{"".join(tables)}</div>' if tables else ""


def _measures_of(caption: str, lines: Sequence["Headline"]) -> str:
    """One side's measures, grouped by whom they are about and when."""
    heads = ("Measure", "Latest", "", "Before", "Change", "Status")
    header = "".join(f'<th scope="col" role="columnheader">{h or "<span class=vh>Interval</span>"}</th>' for h in heads)
    body: list[str] = []
    group = ""
    for line in lines:
        if line.cohort.id != group:
            group, usual = line.cohort.id, _usual_period(lines, line.cohort.id)
            body.append(
                f'<tr role="row" class="group"><th scope="rowgroup" role="cell" colspan="6">{escape(line.cohort.title)}'
                f'<span class="sub">{escape(usual)}</span></th></tr>'
            )
        body.append(_measure(line, usual))
    return (
        f'<table class="figures stack" role="table"><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{"".join(body)}</tbody></table>'
    )


def _measure(line: "Headline", usual: str) -> str:
    """One measure; its unit and its period where they are not those of its neighbours."""
    told = line.now["unit"] in ("%", "people") or line.now["unit"].lower() in line.now["title"].lower()
    under = [] if told else [line.now["unit"]]
    under += [] if words.against(line.now, line.before) == usual else [words.against(line.now, line.before)]
    unit = f'<span class="sub">{escape("; ".join(under))}</span>' if under else ""
    target = None if line.status.kind == "none" else line.target
    cells = (
        ("Latest", value_cell(line.now), "num"),
        ("", strip(line.now, line.before, target), "graphic"),
        ("Before", value_cell(line.before), "num before"),
        ("Change", change_cell(line.change, line.now), "word"),
        ("Status", status_cell(line), "word"),
    )
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{escape(line.now["title"])}{unit}</th>'
        + "".join(f'<td role="cell" class="{c}" data-label="{h}">{x}</td>' for h, x, c in cells)
        + "</tr>"
    )


def dots(rows: Sequence[Row], label: str, overall: Row | None = None, caption: str = "") -> str:
    """Groups one under another, each a value on its interval from zero, with a line at the figure for everybody."""
    top = scale_of([*rows, overall])
    lines = []
    for row in rows:
        inside = (
            strip(row, top=top, overall=overall)
            if row["value"] is not None
            else f"<em>{escape(words.reason(row))}</em>"
        )
        lines.append(
            f'<div class="dots-row" role="listitem"><span class="dots-label">{escape(str(row[label]))}</span>'
            f'<span class="dots-track">{inside}</span><span class="dots-value">{value_cell(row)}</span></div>'
        )
    ticks = (
        "".join(f'<span style="left:{25 * k}%">{words.tick(top * k / 4, rows[0])}</span>' for k in range(5))
        if rows
        else ""
    )
    mean = ""
    if overall is not None and overall["value"] is not None:
        mean = f'<p class="note"><span class="key-line"></span> Everybody: {escape(words.in_sentence(overall))}</p>'
    return (
        f'<div class="dots" role="list" aria-label="{escape(caption)}">{"".join(lines)}'
        f'<div class="dots-row axis" aria-hidden="true"><span></span><span class="dots-ticks">{ticks}</span><span></span></div>'
        f"</div>{mean}"
    )


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    caption: str,
    numeric: Sequence[int] = (),
    *,
    short: bool = False,
) -> str:
    """A plain table: text to the left, numbers to the right in tabular figures."""
    css = [' class="num"' if i in numeric else "" for i in range(len(heads))]
    header = "".join(f'<th scope="col"{css[i]}>{escape(h)}</th>' for i, h in enumerate(heads))
    body = "".join(
        "<tr>" + "".join(f"<td{css[i]}>{escape(str(cell))}</td>" for i, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll{" short" if short else ""}" tabindex="0" role="region" aria-label="{escape(caption)}"><table class="plain">'
        f'<caption class="vh">{escape(caption)}</caption><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def figures_table(rows: Iterable[Row], caption: str, groups: Sequence[str] = ("label1",)) -> str:
    """Figures as a table: period, group, value, interval, the counts behind it, status and reason."""
    named = list(rows)
    groups = [g for g in groups if any(row[g] for row in named)]
    heads = ["Period", *("Group" for _ in groups), "Value", "95% interval", "Counts behind it", "Status"]
    body = [
        [
            row["period_label"],
            *(row[g] for g in groups),
            words.shown(row),
            words.interval(row),
            words.counts(row),
            f"{row['status']}: {row['reason']}" if row["reason"] else row["status"],
        ]
        for row in named
    ]
    start = 1 + len(groups)
    return table(heads, body, caption, numeric=(start, start + 1, start + 2))


def matrix(rows: Sequence[tuple[str, Sequence[Row | None]]], heads: Sequence[tuple[str, str]], caption: str) -> str:
    """One line a group, one column a measure; each cell a value, its interval and its place from zero."""
    header = "".join(
        f'<th scope="col" role="columnheader">{escape(h)}<span class="sub">{escape(s)}</span></th>' for h, s in heads
    )
    tops = [scale_of([cells[i] for _, cells in rows]) for i in range(len(heads))]
    body = ""
    for name, cells in rows:
        inside = "".join(
            f'<td role="cell" data-label="{escape(heads[i][0])}">{value_cell(row)}'
            f"{strip(row, top=tops[i]) if row is not None and row['value'] is not None else ''}</td>"
            for i, row in enumerate(cells)
        )
        body += f'<tr role="row"><th scope="row" role="rowheader">{escape(name)}</th>{inside}</tr>'
    return (
        f'<table class="figures matrix stack" role="table"><caption class="vh">{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Pathway</th>{header}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


def _why(row: Row) -> str:
    return "" if row["value"] is not None else f'<span class="sub">{escape(words.reason(row))}</span>'


def tile_map(pairs: Sequence[tuple[Row, Row | None]], places: dict[str, tuple[int, int]], caption: str) -> str:
    """The area drawn by hand: one square a district, its value, interval and whether it has changed."""
    tiles = []
    for now, before in pairs:
        how = change(now, before)
        place = places.get(now["val1"])
        where = f"grid-column:{place[0] + 1};grid-row:{place[1] + 1}" if place else ""
        said = words.answer(now["title"], now["label1"], now, before)
        tiles.append(
            f'<div class="tile {how.kind.replace(" ", "-")}" style="{where}" role="listitem" aria-label="{escape(said)}">'
            f'<span class="tile-name">{escape(now["label1"])}</span><span class="tile-value">{value_cell(now)}{_why(now)}</span>'
            f'<span class="tile-change">{change_cell(how, now)}</span></div>'
        )
    across = max((x for x, _ in places.values()), default=2) + 1
    return f'<div class="tiles" style="--across:{across}" role="list" aria-label="{escape(caption)}">{"".join(tiles)}</div>'


def beside(left: str, right: str) -> str:
    """Two things side by side where there is room, or the one there is."""
    return f'<div class="beside">{left}{right}</div>' if left else right


def details(summary: str, inside: str) -> str:
    """Something behind a switch that works by keyboard and needs no script."""
    return f"<details><summary>{escape(summary)}</summary>{inside}</details>"


def note(lines: Sequence[str]) -> str:
    """Small notes under a table."""
    return "".join(f'<p class="note">{escape(line)}</p>' for line in lines)


def subheading(text: str) -> str:
    """A heading within a section."""
    return f"<h3>{escape(text)}</h3>"


def paragraphs(lines: Sequence[str]) -> str:
    """Running text at a readable width."""
    return f'<div class="plainly">{"".join(f"<p>{escape(line)}</p>" for line in lines)}</div>'


def curve_table(curve: Any) -> str:
    """A survival curve as a table."""
    rows = [
        (r["day"], f"{r['value']:.1f}%", "" if r["lower"] is None else f"{r['lower']:.1f}% to {r['upper']:.1f}%", words.count(r["at_risk"]))
        for r in curve.iter_rows(named=True)
    ]  # fmt: skip
    return table(
        ("Day", "Not yet reoffended", "95% interval", "People followed"), rows, "Days to first reoffence", (0, 1, 2, 3)
    )


def crime_table(crime: Any) -> str:
    """Recorded crime by month and district as a table."""
    wide = crime.group_by("month", "district").agg(pl.col("incidents").sum()).sort("month", "district")
    rows = [(f"{r['month']:%B %Y}", r["district"], words.count(r["incidents"])) for r in wide.to_dicts()]
    return table(("Month", "District", "Crimes recorded"), rows, "Recorded crime", (2,))


def files_table(files: Sequence[Row]) -> str:
    """Each file's rows, and whether they all are accounted for."""
    heads = ("File", "Source", "Reaches to", "Read", "Loaded", "Quarantined", "Duplicates", "Reconciles", "Layout")
    rows = [
        (
            f["file"], f["source"], f"{f['as_at']:%d %b %Y}" if f["as_at"] else "not said",
            *(words.count(f[k]) for k in ("read", "loaded", "quarantined", "duplicate")),
            "withdrawn" if f["withdrawn"] else "✓ yes" if words.reconciled(f) else "▲ no",
            "verified" if f["layout_verified"] else "not verified",
        )
        for f in files
    ]  # fmt: skip
    return table(heads, rows, "Files in this release", (3, 4, 5, 6))


def quarantine_table(quarantine: Sequence[Row], files: Sequence[Row]) -> str:
    """Rows set aside, by reason. The open level holds how many there are, and not why."""
    if not quarantine:
        aside = sum(f["quarantined"] for f in files)
        why = f"{aside:,} rows were set aside. Their reasons are in the partnership's level of this release."
        return paragraphs([why if aside else "No row was set aside."])
    rows = [(q["rule"], q["table_name"], q["column_name"], q["files"], words.count(q["rows"])) for q in quarantine]
    return table(("Rule broken", "Table", "Column", "In files", "Rows"), rows, "Rows set aside", (4,), short=True)


def clocks_table(clocks: Sequence[Sequence[str]]) -> str:
    """Which quarters are final, provisional and too early, by cohort."""
    return table(
        (
            "Cohort",
            "Final: quarters ending",
            "Provisional (too low): quarters ending",
            "Too early to say: quarters ending",
        ),
        clocks,
        "Quarters by cohort",
    )


def completeness_table(completeness: Sequence[Row]) -> str:
    """How full each column is, as bars from zero; the emptiest first."""
    known = sorted((c for c in completeness if c["rows"]), key=lambda c: c["filled"] / c["rows"])
    lines = "".join(
        f"<tr><td>{escape(c['table_name'])}</td><td>{escape(c['column_name'])}</td>"
        f'<td class="bar"><span style="width:{_percent(c["filled"], c["rows"])}"></span></td>'
        f'<td class="num">{100 * c["filled"] / c["rows"]:.0f}%</td><td class="num">{words.count(c["rows"])}</td></tr>'
        for c in known
    )
    empty = sorted({c["table_name"] for c in completeness} - {c["table_name"] for c in known})
    after = note(
        [f"Tables that nobody feeds, so that what depends on them is not available: {words.listed(empty)}."]
        if empty
        else []
    )
    head = '<th scope="col">Table</th><th scope="col">Column</th><th scope="col">Filled</th><th scope="col" class="num">Share</th><th scope="col" class="num">Rows</th>'
    return f'<div class="scroll short" tabindex="0" role="region" aria-label="Completeness"><table class="plain"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>{after}'


def definition(info: "IndicatorInfo") -> str:
    """One measure in full, from its definition in the release."""
    from components.export import parts_of

    parts = "".join(f"<dt>{escape(head)}</dt><dd>{_said(lines)}</dd>" for head, lines in parts_of(info))
    return f'<section class="definition"><h2 id="{escape(info.id)}">{escape(info.title)}</h2><dl>{parts}</dl></section>'


def _said(lines: Sequence[str]) -> str:
    return escape(lines[0]) if len(lines) == 1 else "<ul>" + "".join(f"<li>{escape(x)}</li>" for x in lines) + "</ul>"


def cohorts_table(cohorts: Sequence["CohortInfo"]) -> str:
    """The cohorts: who is in them, and how long they are followed."""
    rows = [
        (c.title, c.people, c.clock, words.count(c.follow_up_days) if c.follow_up_days else "none",
         words.count(c.waiting_days) if c.waiting_days else "none")
        for c in cohorts
    ]  # fmt: skip
    return table(("Cohort", "People", "Clock", "Days followed", "Days for proof"), rows, "Cohorts", (3, 4))


def event_key(events: Sequence[Row]) -> str:
    """What the numbered lines on a chart mark."""
    items = "".join(f"<li>{escape(e['title'])}, {words.day(e['on_date'])}</li>" for e in events)
    return f'<ol class="events">{items}</ol>' if events else ""
