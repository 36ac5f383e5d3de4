"""Places as tables: by band, by district, by tier, and the places that could be passed on."""

from collections.abc import Sequence
from html import escape
from typing import Any

import polars as pl

from components.markup import intervals
from components.markup.plain import table
from components.places.rows import Row, Tier
from components.places.sentences import bands_of, count
from metrics.places.allocate import Allocation, Marginal, Swap

NUM = ' class="num"'


def by_band(rows: Sequence[Row], marginals: Sequence[Marginal], pounds: float | None, price_year: str) -> str:
    """Each band: expected reoffences on their interval, people on the scheme and outside, and what the next place averts."""
    averts = {row.band: row for row in marginals if row.averted is not None}
    known = [_figure(row) for row in rows]
    top = intervals.scale_of(known)
    heads = [
        "Charges in the last year",
        "Reoffences expected, per 100 people a year",
        "",
        "On the scheme",
        "Outside it",
    ]
    heads += ["The next place averts a year"] if averts else []
    heads += [f"For each averted ({price_year} prices)"] if averts and pounds is not None else []
    body = ""
    for row, figure in zip(rows, known, strict=True):
        drawn = intervals.strip(figure, top=top) if figure["value"] is not None else ""
        cells = [
            _expected(figure),
            drawn,
            _people(row["held"], row["held_inside"]),
            _people(row["outside"], row["outside_inside"]),
        ]
        cells += [_averted(averts.get(row["band"]))] if averts else []
        cells += [_pounds(averts.get(row["band"]))] if averts and pounds is not None else []
        body += f'<tr><th scope="row">{bands_of(row["band"])}</th>'
        for head, cell in zip(heads[1:], cells, strict=True):
            css = f'{NUM} data-label="{escape(head)}"' if head else ' class="graphic"'
            body += f"<td{css}>{cell}</td>"
        body += "</tr>"
    numeric = [NUM if n not in (0, 2) else ' class="graphic"' if n == 2 else "" for n in range(len(heads))]
    head = "".join(f'<th scope="col"{css}>{escape(h)}</th>' for h, css in zip(heads, numeric, strict=True))
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Places by band"><table class="figures stack matrix bands">'
        f'<caption class="vh">Places by band</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _figure(row: Row) -> dict[str, Any]:
    return {
        "value": row["expected"], "lower": row["lower"], "upper": row["upper"], "unit": "per 100 people", "decimals": 0,
        "status": "final" if row["expected"] is not None else "not available", "reason": row["reason"],
        "numerator": None, "denominator": None, "people": row["people"],
    }  # fmt: skip


def _expected(figure: Row) -> str:
    if figure["value"] is None:
        return intervals.value_cell(figure)
    return f'{intervals.value_cell(figure)}<span class="sub">from {figure["people"]:,} people</span>'


def _people(people: int | None, inside: int | None) -> str:
    under = f'<span class="sub">{inside:,} of them in custody</span>' if inside else ""
    return f"<b>{count(people)}</b>{under}"


def _averted(row: Marginal | None) -> str:
    if row is None or row.averted is None or row.averted_lower is None or row.averted_upper is None:
        return '<abbr class="missing" title="no expected figure">[x]</abbr>'
    ends = f"{_signed(row.averted_lower)} to {_signed(row.averted_upper)}"
    return f'<b>{_signed(row.averted)}</b><span class="sub">{ends}</span>'


def _signed(value: float, places: int = 2) -> str:
    return f"{round(value, places) + 0.0:,.{places}f}".replace("-", "\u2212")


def _pounds(row: Marginal | None) -> str:
    if row is None or row.pounds is None or row.averted_lower is None:
        return '<abbr class="missing" title="none is averted">[x]</abbr>'
    spent = row.pounds * (row.averted or 0)
    least = f"£{spent / (row.averted_upper or 1):,.0f}"
    most = f"to £{spent / row.averted_lower:,.0f}" if row.averted_lower > 0 else "or never: cannot tell"
    return f'<b>£{row.pounds:,.0f}</b><span class="sub">{least} {most}</span>'


def by_district(now: Allocation, chosen: Allocation, promised: dict[str, int], labels: dict[str, str]) -> str:
    """Places at liberty in each district today and as chosen, with what was promised, in alphabetical order."""
    held, given = now.by_district, chosen.by_district
    faced = {name: _faced(made) for name, made in (("now", now), ("chosen", chosen))}
    rows = [
        (labels.get(d, d), held[d], promised.get(d, 0), given[d], _change(given[d] - held[d]),
         f"{faced['now'][d]:,.1f}", f"{faced['chosen'][d]:,.1f}")
        for d in sorted(held, key=lambda d: labels.get(d, d))
    ]  # fmt: skip
    heads = ("District", "Held today", "Promised", "As chosen", "Difference", "Offences faced today", "As chosen")
    return table(heads, rows, "Places by district", numeric=range(1, 7))


def _faced(made: Allocation) -> dict[str, float]:
    found = dict.fromkeys((cell.district for cell in made.cells), 0.0)
    for cell, places in zip(made.cells, made.places, strict=True):
        found[cell.district] += places * cell.expected
    return found


def _change(value: int) -> str:
    return "0" if not value else f"+{value}" if value > 0 else f"\u2212{-value}"


def by_tier(found: Sequence[Tier]) -> str:
    """Each tier: people, what they are expected to commit, how much of it is averted, what a place costs, and for each faced."""
    rows = [
        (
            tier.label, f"{tier.people:,}", f"{tier.inside:,}",
            "[x]" if tier.faced is None else f"{tier.faced:,.0f}",
            "[x]" if tier.averted is None else _between(tier.averted),
            "[x]" if tier.pounds is None else f"£{tier.pounds:,.0f}",
            "[x]" if tier.cost_of_each_faced is None else f"£{tier.cost_of_each_faced:,.0f}",
        )
        for tier in found
    ]  # fmt: skip
    prices = next((f" ({tier.price_year} prices)" for tier in found if tier.price_year), "")
    heads = (
        "Tier", "At liberty", "In custody", "Offences faced a year", "Averted a year (95% interval)",
        f"Cost of a place and year{prices}", f"For each offence faced, places in custody paid for too{prices}",
    )  # fmt: skip
    return table(heads, rows, "The sliding scale by tier", numeric=range(1, 7))


def _between(ends: tuple[float, float, float]) -> str:
    middle, low, high = (_signed(end, 1) for end in ends)
    return f"{middle} ({low} to {high})"


def by_swap(found: Sequence[Swap], labels: dict[str, str]) -> str:
    """Places that would face more if they were passed on."""
    rows = [
        (labels.get(s.district, s.district), bands_of(s.held_band), bands_of(s.next_band), f"{s.places:,}", f"{s.gained:,.2f}",
         f"{_signed(s.limits[0])} to {_signed(s.limits[1])}")
        for s in found
    ]  # fmt: skip
    heads = (
        "District",
        "From the band",
        "To the band",
        "Places",
        "Offences faced more, for each place a year",
        "95% interval",
    )
    return table(heads, rows, "Places that could be passed on", numeric=(3, 4, 5))


def frames(
    bands: Sequence[Row],
    now: Allocation | None,
    chosen: Allocation | None,
    tiers: Sequence[Tier],
    swaps: Sequence[Swap],
) -> dict[str, pl.DataFrame | None]:
    """Every table for the download."""
    made: list[dict[str, Any]] = []
    if now is not None and chosen is not None:
        made = [
            {
                "district": cell.district,
                "band": cell.band,
                "expected_a_person": cell.expected,
                "held": held,
                "chosen": given,
            }
            for cell, held, given in zip(now.cells, now.places, chosen.places, strict=True)
        ]
    rest = {
        "bands": [dict(row) for row in bands], "places": made,
        "tiers": [_tier(one) for one in tiers],
        "swaps": [{n: getattr(s, n) for n in s.__slots__} for s in swaps],
    }  # fmt: skip
    return {name: pl.DataFrame(rows, infer_schema_length=None) if rows else None for name, rows in rest.items()}


def _tier(one: Tier) -> dict[str, Any]:
    """A tier as a row of a CSV: what it averts and its limits in columns of their own."""
    ends = one.averted or (None, None, None)
    held = {name: getattr(one, name) for name in one.__slots__ if name != "averted"}
    return {**held, **dict(zip(("averted", "averted_lower", "averted_upper"), ends, strict=True))}
