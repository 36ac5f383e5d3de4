"""The caseload as tables, on the page and in the download."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from components.caseload.rows import CaseloadShare, Flow, Parts, Stock
from components.compliance import Group, promises
from components.headlines import Headline
from components.judge import Row
from components.markup import dots, note, subheading
from components.markup.plain import others, table
from components.words.figures import count, key_to, shown
from components.words.sentences import period_in_sentence

Address = Callable[[Headline], str]
NamedParts = tuple[Sequence[Parts], Sequence[str]]
"""Groups in parts, and what the parts are called."""
FIRST = 3
"""As many groups of measures as stand on the page at once."""


def measures(found: Sequence[Group], more: Address, definition: Address) -> str:
    """Every measure by group: latest, a year before, whether that is a change, and how it stands to its target.

    The first groups at once, and the rest, each of which has a section of its own below, on request.
    """
    rest = sum(len(group.lines) for group in found[FIRST:])
    folded = others(
        rest,
        promises(found[FIRST:], more, definition, caption="How they are rated and chosen, and whether they agreed"),
    )
    return promises(found[:FIRST], more, definition, caption="Who is on the scheme, and who comes and goes") + folded


def groups_of(rows: Sequence[Row], overall: Row | None, head: str) -> str:
    """One measure by group on one scale, with its period, and a line at the figure for everybody."""
    when = period_in_sentence(rows[0]["period_label"])
    return subheading(f"{head}, {when}") + dots(rows, "label", overall, head) + note(key_to(rows))


def stock_table(found: Sequence[Stock]) -> str:
    """The caseload at each quarter's end."""
    rows = [(one.label, count(one.people), count(one.inside), _free(one)) for one in reversed(found)]
    return table(("Quarter", "On the scheme", "In custody", "In the community"), rows, "People on the scheme at each quarter's end", (1, 2, 3))  # fmt: skip


def _free(one: Stock) -> str:
    return count(None if one.inside is None else one.people - one.inside)


def flows_table(found: Sequence[Flow]) -> str:
    """Who joined and left."""
    rows = [(one.label, count(one.joined), count(one.left), signed(one.net)) for one in reversed(found)]
    return table(("Period", "Joined", "Left", "Net change"), rows, "People who joined and left", (1, 2, 3))


def signed(value: int) -> str:
    """A change with its sign."""
    return "0" if not value else f"+{value:,}" if value > 0 else f"\u2212{-value:,}"


def reasons_table(found: Sequence[Row]) -> str:
    """Why people left."""
    rows = [(row["label"], shown(row)) for row in found]
    return table(("Reason for leaving", "People"), rows, f"Why people left, {found[0]['period_label']}", (1,))


def parts_table(found: Sequence[Parts], names: Sequence[str], caption: str) -> str:
    """Each group's people by part."""
    rows = [(one.label, *(count(number) for number in one.counts), count(one.whole)) for one in found]
    return table(("", *names, "All"), rows, caption, tuple(range(1, len(names) + 2)))


def shares_table(found: Sequence[CaseloadShare]) -> str:
    """Each district's places and reoffences, with how they stand to one another."""
    words = {"more": "More places", "fewer": "Fewer places", "about": "About level"}
    rows = [
        (one.label, count(one.people), f"{one.of_people:.0f}%", count(one.offences), f"{one.of_offences.share:.0f}%",
         f"{one.of_offences.lower:.0f}% to {one.of_offences.upper:.0f}%", words[one.stands])
        for one in found
    ]  # fmt: skip
    heads = ("District", "Places", "Share", "Reoffences", "Share", "95% interval", "Places against reoffences")
    return table(heads, rows, "Places and reoffences by district", (1, 2, 3, 4, 5))


def frames(
    stock: Sequence[Stock], flows: Sequence[Flow], shares: Sequence[CaseloadShare], parts: Mapping[str, NamedParts]
) -> dict[str, pl.DataFrame | None]:  # fmt: skip
    """What the page works out itself, for the download."""
    rows: dict[str, list[dict[str, Any]]] = {
        "caseload": [{"period": s.period, "people": s.people, "in_custody": s.inside} for s in stock],
        "flows": [{"period": f.period, "joined": f.joined, "left": f.left, "net": f.net} for f in flows],
        "shares": [
            {"district": s.label, "people": s.people, "share_of_people": s.of_people, "reoffences": s.offences,
             "share_of_reoffences": s.of_offences.share, "lower": s.of_offences.lower, "upper": s.of_offences.upper}
            for s in shares
        ],
    }  # fmt: skip
    for name, (found, names) in parts.items():
        rows[name] = [{"group": one.label, **dict(zip(names, one.counts, strict=True))} for one in found]
    return {name: pl.DataFrame(made, infer_schema_length=None) if made else None for name, made in rows.items()}


__all__ = [
    "NamedParts",
    "flows_table",
    "frames",
    "groups_of",
    "measures",
    "parts_table",
    "reasons_table",
    "shares_table",
    "signed",
    "stock_table",
]
