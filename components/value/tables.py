"""Value for money as tables and panels: the two bases, who pays and gains, how sure, what each person cost, the assumptions."""

from collections.abc import Collection, Mapping, Sequence
from html import escape

from components.markup.plain import details, note, table
from components.value.choices import Valued
from components.value.sentences import (
    BASES,
    SHORT,
    SYMBOLS,
    Row,
    count,
    found,
    one_in,
    opening,
    pounds,
    share,
)
from components.value.steps import waterfall
from components.words.money import carried_on, warnings
from metrics.value.parameters import Parameters, parameters
from metrics.value.provenance import parameter

GAINERS = {
    "police": "Police",
    "courts": "Courts",
    "prison": "Prison",
    "probation": "Probation",
    "other_criminal_justice": "Other criminal justice",
    "nhs": "NHS",
    "health": "NHS",
    "council": "Council",
    "yot": "Youth justice",
    "voluntary": "Voluntary sector",
    "private": "Private sector",
    "victim_services": "Victim services",
    "victims": "Victims",
    "society": "Society",
    "unknown": "Not told apart",
    "": "Not told apart",
}
HEADS = {
    "fiscal": ("Public budgets", "What public bodies would have spent."),
    "economic": ("Businesses and households", "Money and output that people and firms would have lost."),
    "social": ("Harm that no budget holds", "Pain, fear and loss to victims, put in pounds."),
}
KINDS = {"running": "Running", "set_up": "Set-up", "in_kind": "In kind"}
EACH = {
    "person": ("Person managed", "One day or more in the year"),
    "person_year": ("Year on it", "A person for a whole year"),
    "month_at_liberty": ("Month at liberty", "On it and not in custody"),
    "completion": ("Completed programme", ""),
    "accommodation_kept": ("Accommodation kept", "Settled for 13 weeks"),
    "work_kept": ("Work or training kept", "For 13 weeks"),
}
TYPES = {"": "No published unit cost"}
NOTHING_ALIKE = "[x] At average case mix: nothing else of its kind has both a cost and a comparison, so there is no average to be read against."


def verdicts(rows: Mapping[str, Row]) -> str:
    """Both bases side by side: the verdict as a shape and a word, the opening line, and the sentence of one in so many."""
    cards = []
    for basis, name in BASES.items():
        row = rows.get(basis)
        if row is None:
            continue
        code = row["verdict"]
        lines = [(even_line(row), "opening"), (one_in(row) if row["verdict"] != "not_available" else "", "one-in")]
        body = "".join(f'<p class="{css}">{escape(line)}</p>' for line, css in lines if line)
        need = (
            ""
            if row["needed"] is None or row["cost"] == 0
            else f'<p class="need">Needs <b>{share(row["needed"])}</b> fewer{_seen(row)}.</p>'
        )
        cards.append(
            f'<section class="even {code.replace("_", "-")}" aria-label="{escape(name)}"><h3>{escape(name)}</h3>'
            f'<p class="even-word"><span aria-hidden="true">{SYMBOLS[code]}</span> {escape(SHORT[code])}</p>{body}{need}</section>'
        )
    return f'<div class="evens">{"".join(cards)}</div>'


def _seen(row: Row) -> str:
    return f"; {escape(found(row))}" if row["observed"] is not None else "; what it prevented is not known"


def even_table(rows: Mapping[str, Row]) -> str:
    """Every figure of break-even on both bases."""
    lines = (
        ("Cost in the year", lambda r: _pounds(r["cost"])),
        ("Set-up, left out", lambda r: _pounds(r["set_up"])),
        ("Unit cost of an offence", lambda r: _pounds(r["unit_cost"])),
        ("Offences to avert", lambda r: _count(r["offences_to_avert"])),
        ("People managed in the year", lambda r: _count(r["people"])),
        ("Offences expected without it", lambda r: _count(r["expected"])),
        ("Reduction needed", lambda r: _share(r["needed"])),
        ("Share of what was found that counts", lambda r: share(100 * r.get("counted", 1.0))),
        ("Reduction found, as far as it counts", lambda r: _share(r["observed"])),
        ("95% interval", lambda r: "" if r["lower"] is None else f"{_share(r['lower'])} to {_share(r['upper'])}"),
        ("Verdict", lambda r: SHORT[r["verdict"]]),
        ("Price year", lambda r: r["price_year"]),
    )
    shown = [basis for basis in BASES if basis in rows]
    body = [(name, *(cell(rows[basis]) for basis in shown)) for name, cell in lines]
    return table(("", *(BASES[basis] for basis in shown)), body, "Break-even", numeric=range(1, 1 + len(shown)))


def mix_table(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """The offences that its people were proven to commit, and what one of each costs."""
    body = [
        (titles.get(r["offence_type"], _words(r["offence_type"])) or TYPES[""], _count(r["offences"]), share(100 * r["share"]), _pounds(r["pounds"]),
         "" if r["low"] is None else f"{_pounds(r['low'])} to {_pounds(r['high'])}", r["price_year"],
         "" if r["pounds"] is None else "yes" if r["checked"] else "no")
        for r in rows
    ]  # fmt: skip
    heads = ("Offence", "Proven", "Share", "Unit cost", "Range", "Price year", "Checked against the original")
    return table(heads, body, "Mix of offences", numeric=(1, 2, 3, 4))


def spend_table(rows: Sequence[Row]) -> str:
    """What was spent, line by line: who bore it, of what kind, additional or not."""
    body = [
        (GAINERS.get(r["agency"], _words(r["agency"])), r["funder"], KINDS.get(r["kind"], r["kind"]), "Additional" if r["additional"] else "Mainstream",
         _words(r["tier"]), f"{_pounds(r['pounds'])} ({r['price_year']})", _pounds(r["real_pounds"]))
        for r in rows
    ]  # fmt: skip
    year = rows[0]["real_price_year"] if rows else ""
    heads = ("Agency", "Funder", "Kind", "Would it be spent anyway?", "Tier", "As recorded", f"In {year} prices")
    return table(heads, body, "What was spent", numeric=(5, 6), short=len(body) > 14)


def panels(gains: Sequence[Row], heads: Sequence[str]) -> str:
    """Who gains outside public budgets: a panel for each head, on one scale, never added to each other."""
    drawn = []
    for head in heads:
        mine = [
            (GAINERS.get(r["gainer"], _words(r["gainer"])), r["value"])
            for r in gains
            if r["head"] == head and r["value"] is not None
        ]
        if mine:
            drawn.append((*HEADS[head], sorted(mine, key=lambda pair: -pair[1]), head))
    top = max((abs(value) for *_, mine, _ in drawn for _, value in mine), default=1.0) or 1.0
    body = "".join(
        f'<section class="purse {head}"><h3>{escape(title)}</h3><p class="sub">{escape(under)}</p><div role="list">'
        f"{''.join(_purse(name, value, top) for name, value in mine)}</div></section>"
        for title, under, mine, head in drawn
    )
    return f'<div class="purses">{body}</div>' if drawn else ""


def _purse(name: str, value: float, top: float) -> str:
    width = 100 * abs(value) / top
    css = " loss" if value < 0 else ""
    return (
        f'<div class="purse-row{css}" role="listitem"><span>{escape(name)}</span><span class="purse-track">'
        f'<span style="width:{width:.1f}%"></span></span><b>{pounds(value)}</b></div>'
    )


def public_purse(of: Valued, paid: Sequence[tuple[str, float]], basis: str) -> str:
    """From what was paid, with set-up and what weak evidence adds, to what public bodies are spared, as a waterfall."""
    net = of.measure("net_present_value", basis, head="fiscal")
    if net is None or net["value"] is None:
        return ""
    gains = [(f"Saved: {_gainer(r['gainer'])}", r["value"]) for r in of.money
             if r["basis"] == basis and r["measure"] == "gain" and r["head"] == "fiscal"]  # fmt: skip
    extra = (("set_up", "Set-up"), ("added_for_optimism", "Added for weak evidence"))
    added = [
        (name, row["value"]) for key, name in extra if (row := of.measure(key, basis)) is not None and row["value"]
    ]
    running, recorded = of.measure("running", basis), sum(amount for _, amount in paid)
    by = (
        running["value"] / recorded if running is not None and recorded else 1.0
    )  # where costs are taken as more than recorded
    bearers = [(f"Paid: {_gainer(who)}", by * amount) for who, amount in paid]
    return waterfall(bearers, added, sorted(gains, key=lambda pair: -pair[1]), net["value"])


def _gainer(code: str) -> str:
    """Who pays or gains, within a line: police, NHS, other criminal justice."""
    name = GAINERS.get(code, _words(code))
    return name if name.isupper() else f"{name[:1].lower()}{name[1:]}"


def even_line(row: Row) -> str:
    """The opening line of a basis, or why there is none."""
    if row["verdict"] == "not_available":
        return f"{row['reason'][:1].upper()}{row['reason'][1:]}."
    return opening(row)


def each_table(rows: Sequence[Row]) -> str:
    """Cost for each person, month, completion and outcome, both bases, with the figure adjusted for case mix beside."""
    header = "".join(
        f'<th scope="col"{"" if place == 0 else _NUM}>{escape(head)}</th>'
        for place, head in enumerate(
            ("Cost for each", "How many", *BASES.values(), "At average case mix", "Against the same people on average")
        )
    )
    body = ""
    for measure, (title, under) in EACH.items():
        mine = {row["basis"]: row for row in rows if row["measure"] == measure}
        if not mine:
            continue
        main = mine.get("opportunity") or next(iter(mine.values()))
        cells = "".join(
            f'<td role="cell" class="num" data-label="{escape(name)}">{_each(mine.get(basis))}</td>'
            for basis, name in BASES.items()
        )
        sub = f'<span class="sub">{escape(under)}</span>' if under else ""
        body += (
            f'<tr role="row"><th scope="row" role="rowheader">{escape(title)}{sub}</th>'
            f'<td role="cell" class="num" data-label="How many">{_count(main["count"])}</td>{cells}'
            f'<td role="cell" class="num" data-label="At average case mix">{_pounds(main["adjusted"])}</td>'
            f'<td role="cell" class="num" data-label="Against the same people">{_ratio(main["ratio"])}</td></tr>'
        )
    return (
        '<table class="figures each stack" role="table"><caption class="vh">Cost for each</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


_NUM = ' class="num"'


def _each(row: Row | None) -> str:
    if row is None or row["value"] is None:
        why = "" if row is None else row["reason"]
        return f'<abbr class="missing" title="{escape(why)}">[x]</abbr>' if why else '<span class="missing">[x]</span>'
    ends = (
        ""
        if row["lower"] is None
        else f'<span class="sub">{pounds(row["lower"])} to {pounds(row["upper"]) if row["upper"] is not None else "no limit"}</span>'
    )
    return f"<b>{pounds(row['value'])}</b>{ends}"


def _ratio(value: float | None) -> str:
    if value is None:
        return "[x]"
    gap = 100 * (value - 1)
    return "the same" if round(gap) == 0 else f"{abs(gap):.0f}% {'more' if gap > 0 else 'less'}"


def each_notes(rows: Sequence[Row]) -> list[str]:
    """Why a cost for each is missing, and what the adjustment was for."""
    why = dict.fromkeys(
        f"[x] {EACH[row['measure']][0]}: {row['reason']}." for row in rows if row["reason"] and row["measure"] in EACH
    )
    strata = dict.fromkeys(row["strata"] for row in rows if row["strata"])
    said = [f"Case mix: {' and '.join(_words(one).lower() for one in strata)}." if strata else ""]
    alone = any(row["value"] is not None and row["adjusted"] is None for row in rows)
    said.append(NOTHING_ALIKE if alone and not any(row["adjusted"] is not None for row in rows) else "")
    return [line for line in (*said, *why) if line]


READ = {
    "original": "checked against the original",
    "copy": "read from a copy",
    "press": "as the press quoted it",
    "memory": "from memory",
    "assumption": "assumed",
    "local": "the partnership's own",
}
"""How good a figure is, by how it was read."""


def assumptions(rows: Sequence[Row], impact: Mapping[str, int], used: Collection[str]) -> str:
    """The assumptions log: what moves the answer first, then unit costs of these offences; everything else behind a switch."""
    first = [row for row in rows if row["local"] or row["name"] in impact or row["name"] in used]
    ordered = sorted(first, key=lambda row: (impact.get(row["name"], 99), row["name"]))
    rest = [row for row in rows if row not in first]
    shown = _log(ordered, impact, "Assumptions log")
    return shown + (details(f"Show {len(rest):,} more figures", _log(rest, impact, "More figures")) if rest else "")


def _log(rows: Sequence[Row], impact: Mapping[str, int], caption: str) -> str:
    body = [
        (r["title"] or _words(r["name"]), _figure(r["value"], r["unit"]), _range(r), r["price_year"], _impact(impact.get(r["name"])),
         _read(r),
         "local" if r["local"] else "shipped", _source(r), r["note"])
        for r in rows
    ]  # fmt: skip
    heads = (
        "Assumption",
        "Value",
        "Range",
        "Price year",
        "How much hangs on it",
        "How it was read",
        "Whose",
        "Source and edition",
        "Note",
    )
    return table(heads, body, caption, numeric=(1, 2), short=len(rows) > 12)


def _read(row: Row) -> str:
    way = str(row["read"])
    return READ.get(way, way) + (", not checked" if way == "local" and not row["checked"] else "")


def _source(row: Row) -> str:
    edition = f", {row['edition']}" if row["edition"] else ""
    return f"{row['source']}{edition}" + (f", retrieved {row['retrieved']}" if row["retrieved"] else "")


def _impact(place: int | None) -> str:
    return "little or none" if place is None else "most" if place == 0 else "much" if place < 3 else "some"


def _range(row: Row) -> str:
    if row["low"] is None or row["high"] is None or row["low"] == row["high"]:
        return "none"
    return f"{_figure(row['low'], _bare(row['unit']))} to {_figure(row['high'], _bare(row['unit']))}"


def _bare(unit: str) -> str:
    """A unit as it stands in a range beside a value that has the whole of it."""
    return unit[:1] if unit[:1] in "£%" else ""


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "[x]"
    if unit.startswith("£"):
        return f"{pounds(value)}{unit[1:]}"
    if unit == "year":
        return f"{value:.0f}"
    if unit == "years":
        return f"{value:g} {'year' if value == 1 else 'years'}"
    return f"{value:g}{'' if unit.startswith('%') else ' '}{unit}" if unit not in ("ratio", "") else f"{value:g}"


def state(title: str, lines: Sequence[str]) -> str:
    """In place of a section: what is not there, and why."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<div class="state"><h3>{escape(title)}</h3>{body}</div>'


def log_notes(rows: Sequence[Row], spend: Sequence[Row] = ()) -> list[str]:
    """What every page and export that uses these figures must say of them, and of the years that costs were paid in."""
    known = Parameters({**parameters(), **{row["name"]: parameter(row) for row in rows}})
    carried = carried_on((row["price_year"] for row in spend), known)
    return [*warnings(rows), *([carried] if carried else [])]


def switch(summary: str, inside: str, notes: Sequence[str] = ()) -> str:
    """A table behind a switch, with what must be said of it."""
    return details(summary, inside + note(notes))


def _words(code: str) -> str:
    text = code.replace("_", " ")
    return f"{text[:1].upper()}{text[1:]}"


def _pounds(value: float | None) -> str:
    return "[x]" if value is None else pounds(value)


def _count(value: float | None) -> str:
    return "[x]" if value is None else count(value)


def _share(value: float | None) -> str:
    return "[x]" if value is None else share(value)
