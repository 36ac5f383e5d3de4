"""The next 13 weeks as tables: need against room, and who is due out of prison."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from components.markup import intervals
from components.provision import sentences as say
from components.provision.parts import NUM, framed, heads_of, line_of, sub
from components.provision.rows import Due, Labels

Row = Mapping[str, Any]


def needs(rows: Sequence[Row], names: Labels) -> str:
    """Need to expect on its interval, with the room as a line across it, by pathway."""
    drawn = [_with_waiting(row) for row in rows if row["value"] is not None]
    top = intervals.scale_of(drawn)
    heads = (
        "Pathway",
        "Needs to expect",
        "",
        "Waiting now",
        "On a programme",
        "Due out with it",
        "Room to start",
        "Verdict",
    )
    body = ""
    for row in rows:
        asked = _with_waiting(row) if row["value"] is not None else None
        shape, verdict = say.VERDICTS[row["verdict"]]
        room = "[x]" if row["room"] is None else f"<b>{row['room']:,.0f}</b>{sub(_short_of(row))}"
        line = row["room"] if row["room"] is not None and row["room"] <= top else None
        strip = intervals.strip(asked, target=line, top=top) if asked else ""
        body += line_of(escape(names.pathway(row["pathway"])), [
            (heads[1], NUM, _expected(row)),
            ("", ' class="graphic"', strip),
            (heads[3], NUM, f"{row['waiting']:,}"),
            (heads[4], NUM, f"{row['on_it']:,}{sub(_of_places(row))}"),
            (heads[5], NUM, f"{row['leaving']:,}"),
            (heads[6], NUM, room if row["entries"] else "<b>0</b>"),
            (heads[7], ' class="word"', f'<span class="room {row["verdict"].replace("_", "-")}"><i aria-hidden="true">{shape}</i> {verdict}</span>'),
        ])  # fmt: skip
    return framed(
        "stack ahead", "Needs to expect in the next 13 weeks, against the room", heads_of(heads, (1, 3, 4, 5, 6)), body
    )


def _with_waiting(row: Row) -> Row:
    """Needs to expect and those who wait already, together, as a figure to draw."""
    ends = {name: row[name] + row["waiting"] for name in ("value", "lower", "upper")}
    return {
        **ends,
        "unit": "people",
        "decimals": 0,
        "status": "final",
        "reason": "",
        "numerator": None,
        "denominator": None,
    }


def _of_places(row: Row) -> str:
    return f"of {row['places']:,} places" if row["places"] else ""


def _short_of(row: Row) -> str:
    return f"{row['room_unknown']} of {row['entries']} not known" if row["room_unknown"] else ""


def verdicts(rows: Sequence[Row], names: Labels) -> str:
    """Pathways down, districts across: whether there will be room enough."""
    told = {(row["pathway"], row["district"]): row for row in rows}
    body = ""
    for pathway, label in names.pathways.items():
        line = []
        for d, place in names.districts.items():
            row = told.get((pathway, d))
            shape, words = say.VERDICTS[row["verdict"]] if row else ("", "[x]")
            css = row["verdict"].replace("_", "-") if row else "missing"
            inside = f'<span class="room {css}"><i aria-hidden="true">{shape}</i> {words}</span>'
            under = _to_expect(row)
            line.append((place, ' class="none"' if css == "nothing" else "", inside + sub(under)))
        body += line_of(escape(label), line)
    return framed(
        "stack cover",
        "Room against need by pathway and district",
        heads_of(["Pathway", *names.districts.values()]),
        body,
    )


def _to_expect(row: Row | None) -> str:
    if row is None or row["value"] is None:
        return ""
    return "fewer than 1 to expect" if 0 < row["value"] < 1 else f"{row['value']:,.0f} to expect"


def releases(by: Mapping[str, Due], forecast: Mapping[str, Row], names: Mapping[str, str]) -> str:
    """People due out by district and weekday, with what to expect in all."""
    heads = ("District", *say.WEEKDAYS, "Known", "To expect in all")
    body = ""
    for district, found in by.items():
        row = forecast.get(district)
        told = [
            (name, ' class="num friday"' if n == 4 else NUM, f"{count:,}" if count else "\u2013")
            for n, (name, count) in enumerate(zip(say.WEEKDAYS, found.weekdays, strict=True))
        ]
        told += [("Known", NUM, f"<b>{found.people:,}</b>"), ("To expect in all", NUM, _expected(row))]
        body += line_of(escape(names.get(district, district)), told)
    return framed(
        "stack releases", "People due out of prison by district and weekday", heads_of(heads, range(1, 10)), body
    )


def _expected(row: Row | None) -> str:
    if row is None or row["value"] is None:
        return "[x]"
    ends = f"{row['lower']:,.0f} to {row['upper']:,.0f}"
    return f"<b>{row['value']:,.0f}</b>{sub(ends)}"
