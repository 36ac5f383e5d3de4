"""Groups side by side: dots on one scale, the matrix of pathways, the tiles of districts."""

from collections.abc import Mapping, Sequence
from html import escape

from components import words
from components.judge import Row, change, status
from components.markup.intervals import change_cell, scale_of, strip, target_cell, value_cell


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


def matrix(
    rows: Sequence[tuple[str, Sequence[Row | None]]],
    heads: Sequence[tuple[str, str]],
    caption: str,
    head: str = "Pathway",
    among: Sequence[tuple[str, Sequence[Row | None]]] = (),
) -> str:
    """One line a group (`head` says of what), one column a measure; each cell a value, its interval and its place from zero.

    Where the lines are some of more, `among` is all of them, for one scale.
    """
    header = "".join(
        f'<th scope="col" role="columnheader">{escape(h)}<span class="sub">{escape(s)}</span></th>' for h, s in heads
    )
    tops = [scale_of([cells[i] for _, cells in among or rows]) for i in range(len(heads))]
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
        f'<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">{escape(head)}</th>{header}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


def _why(row: Row) -> str:
    return "" if row["value"] is not None else f'<span class="sub">{escape(words.reason(row))}</span>'


def tile_map(
    pairs: Sequence[tuple[Row, Row | None]],
    places: dict[str, tuple[int, int]],
    caption: str,
    targets: Mapping[str, float] | None = None,
) -> str:
    """The area drawn by hand: one square a district, its value, interval, whether it has changed, and its target."""
    tiles = []
    for now, before in pairs:
        how = change(now, before)
        place = places.get(now["val1"])
        where = f"grid-column:{place[0] + 1};grid-row:{place[1] + 1}" if place else ""
        said = words.answer(now["title"], now["label1"], now, before)
        aim = (targets or {}).get(now["val1"])
        stands = "" if aim is None else target_cell(now, status(now, aim, now["minimum_n"]), aim)
        target = f'<span class="tile-target">{stands}</span>' if stands else ""
        tiles.append(
            f'<div class="tile {how.kind.replace(" ", "-")}" style="{where}" role="listitem" aria-label="{escape(said)}">'
            f'<span class="tile-name">{escape(now["label1"])}</span><span class="tile-value">{value_cell(now)}{_why(now)}</span>'
            f'<span class="tile-change">{change_cell(how, now)}</span>{target}</div>'
        )
    across = max((x for x, _ in places.values()), default=2) + 1
    return f'<div class="tiles" style="--across:{across}" role="list" aria-label="{escape(caption)}">{"".join(tiles)}</div>'
