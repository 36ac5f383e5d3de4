"""Provision as tables: pathways by district, what is missing where, starts, money that ends, and the directory itself."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from components.markup.plain import details, others, stacked, table
from components.provision import sentences as say
from components.provision.parts import NUM, framed, heads_of, line_of, sub
from components.provision.rows import Absent, Labels, LeftOut, Line, cells
from components.words.sentences import day, listed

Row = Mapping[str, Any]
FIRST, LISTED = 6, 8
"""As many programmes that are not offered everywhere, and as many of the directory, as stand on the page at once."""


# --- where something is and where nothing ---------------------------------------------------------------------------


def cover(entries: Sequence[Row], names: Labels, needing: Mapping[tuple[str, str], int]) -> str:
    """Pathways down, districts across: how many programmes and places; where there are none it says so, and who needs one."""
    grid, body = cells(entries, names), ""
    for pathway, label in names.pathways.items():
        row = [
            (
                place,
                ' class="none"' if not grid[pathway, d] else "",
                _covered(grid[pathway, d], needing.get((pathway, d))),
            )
            for d, place in names.districts.items()
        ]
        body += line_of(escape(label), row)
    return framed(
        "stack cover", "Programmes by pathway and district", heads_of(["Pathway", *names.districts.values()]), body
    )


def _covered(mine: Sequence[Row], needing: int | None) -> str:
    if not mine:
        return f"<b>Nothing</b>{sub(f'{needing:,} with the need' if needing else '')}"
    places = [e["places"] for e in mine if e["places"] is not None]
    told = _of(sum(places)) if len(places) == len(mine) else "places not known"
    old = all(e["verified"] != "recently" for e in mine)
    return f"<b>{len(mine)}</b>{sub(told)}{sub('not verified') if old else ''}"


def _of(places: int) -> str:
    return f"{places:,} place{'' if places == 1 else 's'}"


def where_of(districts: Sequence[str], names: Labels) -> str:
    """Districts by name, or that it is all of them."""
    if set(names.districts) <= set(districts) and len(names.districts) > 1:
        return "Every district"
    order = list(names.districts)
    return listed(
        [names.place(d) for d in sorted(districts, key=lambda d: order.index(d) if d in order else len(order))]
    )


def elsewhere(rows: Sequence[Absent], names: Labels, district: str = "") -> str:
    """Programmes that some districts have and others (or the one named) do not, the first at once and the rest on request."""
    if not rows:
        return ""
    rest = others(len(rows) - FIRST, _absent(rows[FIRST:], names, district))
    return _absent(rows[:FIRST], names, district) + rest


def _absent(rows: Sequence[Absent], names: Labels, district: str) -> str:
    body, counted = "", any(row.people is not None for row in rows)
    for row in rows:
        told = [
            ("Pathway", "", escape(names.pathway(row.entry["pathway"]))),
            ("Offered in", "", escape(where_of(row.here, names))),
        ]
        told += [] if district else [("Not offered in", "", f"<b>{escape(where_of(row.missing, names))}</b>")]
        told += [("People without it who have the need", NUM, say.count(row.people))] if counted else []
        body += line_of(f"{escape(row.entry['title'])}{sub(escape(say.taken(row.entry)))}", told)
    heads = [
        "Programme",
        "Pathway",
        "Offered in",
        *([] if district else ["Not offered in"]),
        *(["People without it who have the need"] if counted else []),
    ]
    return framed(
        "stack listed",
        "Programmes that are not offered everywhere",
        heads_of(heads, (len(heads) - 1,) if counted else ()),
        body,
    )


def left_out(found: Sequence[LeftOut], names: Labels) -> str:
    """The groups that are eligible for nothing, and on which pathways."""
    body, counted = "", any(one.needs is not None for one in found)
    for one in found:
        told = [
            ("On", "", escape("; ".join(names.pathway(p) for p in one.pathways))),
            ("Where", "", escape(where_of(one.districts, names))),
        ]
        told += [("Needs that this touches", NUM, say.count(one.needs))] if counted else []
        body += line_of(escape(say.who(one)), told)
    heads = ["Eligible for nothing", "On", "Where", *(["Needs that this touches"] if counted else [])]
    return (
        framed("stack listed", "Groups eligible for nothing", heads_of(heads, (3,) if counted else ()), body)
        if found
        else ""
    )


# --- starts, money -------------------------------------------------------------------------------------------------------


def waits(rows: Sequence[Row], names: Labels) -> str:
    """Entries that begin on set days: the next start, the longest gap, and how long somebody ready on any day waits."""
    body = [
        (
            row["title"], names.place(row["district"]),
            "none listed" if row["next_start"] is None else day(row["next_start"]),
            say.count(row["starts"]), say.count(row["start_places"]), say.count(row["longest_gap"]),
            "[x]" if row["mean_wait"] is None else f"{row['mean_wait']:,.0f}",
        )
        for row in rows
    ]  # fmt: skip
    heads = (
        "Programme",
        "District",
        "Next start",
        "Starts in 13 weeks",
        "Places on them",
        "Longest gap, days",
        "Average wait, days",
    )
    return table(heads, body, "Programmes that begin on set days", numeric=(3, 4, 5, 6))


def funding(found: Sequence[Line], names: Labels, using: Mapping[tuple[str, str], Row]) -> str:
    """Programmes whose funding ends soon or has ended, with who is on them now."""
    heads = ("Programme", "Provider", "Funder", "Pathway", "Districts", "Funding ends")
    body = []
    for line in found:
        e = line.first
        where = where_of([each["district"] for each in line.entries], names)
        ends = f"{day(e['funding_ends'])}{' (passed)' if e['funding'] == 'passed' else ''}"
        row = [
            e["title"],
            e["provider"],
            e["funder"] or "not known",
            names.pathway(e["pathway"]),
            where,
            ends,
        ]
        if using:
            row.append(
                f"{sum(using.get((each['programme'], each['district']), {}).get('on_it', 0) for each in line.entries):,}"
            )
        body.append(row)
    return (
        stacked((*heads, *(["People on it now"] if using else [])), body, "Funding that ends", numeric=(6,))
        if body
        else ""
    )


# --- the directory -------------------------------------------------------------------------------------------------------


def directory(found: Sequence[Line], names: Labels) -> str:
    """A programme a row: who runs it, where, whom it takes, when it starts, and when somebody last checked that it is there;
    the first at once and the rest on request."""
    return _listed(found[:LISTED], names) + others(len(found) - LISTED, _listed(found[LISTED:], names))


def _listed(found: Sequence[Line], names: Labels) -> str:
    body = ""
    for line in found:
        e = line.first
        old = [each for each in line.entries if each["verified"] != "recently"]
        provider = f"{escape(e['provider'])}, {say_sector(e)}"
        body += line_of(f"<b>{escape(e['title'])}</b>{sub(provider)}", [
            ("Pathway", "", escape(names.pathway(e["pathway"]))),
            ("Where", "", escape(where_of([each["district"] for each in line.entries], names))),
            ("Takes", "", f"{escape(say.taken(e))}{sub(_places(line))}"),
            ("Starts", "", _starts(line, names)),
            ("Verified", ' class="stale"' if old else "", _verified(line, old, names)),
        ])  # fmt: skip
    heads = ("Programme", "Pathway", "Where", "Takes", "Starts", "Verified")
    return framed("stack directory", "The directory of programmes", heads_of(heads), body) if body else ""


def say_sector(entry: Row) -> str:
    """The sector as it stands after a provider's name."""
    return f"{escape(entry['sector'])} sector"


def _places(line: Line) -> str:
    places = [e["places"] for e in line.entries if e["places"] is not None]
    if not places:
        return "places not known"
    cost = line.first["unit_cost"]
    each = f"; £{cost:,.0f} a person ({escape(line.first['price_year'])} prices)" if cost is not None else ""
    return f"{_of(sum(places))}{each}"


def _starts(line: Line, names: Labels) -> str:
    if line.first["drop_in"]:
        return "Any day: drop-in"
    ahead = sorted((e["next_start"], names.place(e["district"])) for e in line.entries if e["next_start"] is not None)
    if not ahead:
        return "No start listed" if any(e["dated"] for e in line.entries) else "No days listed"
    first, where = ahead[0]
    rest = "".join(f"<li>{day(on)}, {escape(place)}</li>" for on, place in ahead[1:])
    more = details(f"{len(ahead) - 1} more", f"<ul>{rest}</ul>") if rest else ""
    return f"{day(first)}{sub(escape(where))}{more}"


def _verified(line: Line, old: Sequence[Row], names: Labels) -> str:
    newest = max((e["last_verified"] for e in line.entries if e["verified"] != "never"), default=None)
    if not old:
        return day(newest) if newest else ""
    shape, never = '<i aria-hidden="true">!</i> ', [e for e in old if e["verified"] == "never"]
    stale = [e for e in old if e["verified"] == "stale"]
    said = day(newest) if newest and len(old) < len(line.entries) else ""
    if stale:
        since = f"Stale: {day(min(e['last_verified'] for e in stale))}"
        said += f'<span class="status misses">{shape}{since}</span>{_in(stale, line, names)}'
    if never:
        said += f'<span class="status misses">{shape}Never verified</span>{_in(never, line, names)}'
    return said


def _in(some: Sequence[Row], line: Line, names: Labels) -> str:
    """Where, when it is not everywhere that the programme is offered."""
    if len(some) == len(line.entries):
        return ""
    return sub(f"in {escape(where_of([e['district'] for e in some], names))}")
