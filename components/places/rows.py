"""What the pages of places read: who holds them and who could, by band, and what the scheme itself was found to avert."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components import data, evidence
from metrics.places.allocate import Cell
from release.read import Reader

Row = Mapping[str, Any]
SUBJECT = "scheme:iom"
EQUAL, CHARGED, AS_HELD = "equal", "charged", "held"
SHARINGS = {
    EQUAL: "Equally",
    CHARGED: "By people charged in two years",
    AS_HELD: "As places are held now",
}


@dataclass(frozen=True, slots=True)
class Reduction:
    """The share of expected reoffences that the scheme's own comparison finds it averts, with 95% limits, and its verdict."""

    share: float
    lower: float
    upper: float
    verdict: str
    title: str


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier: people at liberty, what they are expected to commit in a year without a place, and what a place costs.

    `pounds` and `price_year` are None where no cost names the tier, and `faced` where a band has no figure.
    """

    tier: str
    label: str
    people: int
    inside: int
    faced: float | None
    pounds: float | None
    price_year: str
    period: str


def bands(source: Reader) -> list[Row]:
    """The bands of the whole area, the most charges first."""
    return [row for row in reversed(data.listed(source, "places")) if not row["district"] and not row["tier"]]


def cells(source: Reader) -> list[Cell]:
    """People at liberty by district and band, each with what they are expected to commit in a year."""
    found = [row for row in data.listed(source, "places") if row["district"] and row["expected"] is not None]
    return [_cell(row) for row in found if None not in (row["held_inside"], row["outside_inside"])]


def area_cells(source: Reader) -> list[Cell]:
    """The bands of the whole area as cells: people at liberty, where the release tells who is in custody."""
    return [_cell(row) for row in bands(source) if row["expected"] is not None]


def _cell(row: Row) -> Cell:
    held, outside = row["held"] - (row["held_inside"] or 0), row["outside"] - (row["outside_inside"] or 0)
    expected, lower, upper = (row[name] / 100 for name in ("expected", "lower", "upper"))
    return Cell(row["district"], row["band"], held, outside, expected, lower, upper)


def weights(found: Sequence[Cell], sharing: str) -> dict[str, float]:
    """What each district's promise is shared by."""
    of = {EQUAL: lambda cell: 0.0, CHARGED: lambda cell: float(cell.people), AS_HELD: lambda cell: float(cell.held)}
    made = dict.fromkeys(sorted({cell.district for cell in found}), 1.0 if sharing == EQUAL else 0.0)
    for cell in found:
        made[cell.district] += of[sharing](cell)
    return made


def reduction(source: Reader) -> Reduction | None:
    """What the scheme's latest comparison over the whole area says of reoffences, as a share of those expected."""
    for case in evidence.picked(source, SUBJECT, ""):
        for row in case.effects:
            asked = (row["outcome"], row["method"], row["specification"], row["scale"])
            if asked == ("frequency", "matched", "main", "ratio") and None not in (row["estimate"], row["lower"]):
                ends = (1 - row["estimate"], 1 - row["upper"], 1 - row["lower"])
                return Reduction(*ends, row["verdict"], case.about["title"])
    return None


def tiers(source: Reader) -> list[Tier]:
    """The tiers, the most intensive first: who is in each by band, and what a place in it cost in the latest whole year."""
    held = [row for row in data.listed(source, "places") if row["tier"]]
    rate = {row["band"]: row["expected"] for row in bands(source)}
    known = {dimension.id for dimension in source.dimensions()}
    labels = dict(source.members("tier")) if "tier" in known else {}
    spent, people, year = _costs(source)
    found = []
    order = {tier: n for n, tier in enumerate(labels)}
    for tier in sorted({row["tier"] for row in held}, key=lambda tier: (order.get(tier, len(order)), tier)):
        mine = [row for row in held if row["tier"] == tier]
        free = {row["band"]: row["held"] - row["held_inside"] for row in mine}
        told = all(rate.get(band) is not None for band, count in free.items() if count)
        faced = sum((rate.get(band) or 0) / 100 * count for band, count in free.items()) if told else None
        pounds = spent.get(tier)
        a_place = pounds / people[tier] if pounds is not None and people.get(tier) else None
        inside = sum(row["held_inside"] for row in mine)
        found.append(Tier(tier, labels.get(tier, tier), sum(free.values()), inside, faced, a_place, year[1], year[0]))
    return found


def _costs(source: Reader) -> tuple[dict[str, float], dict[str, float], tuple[str, str]]:
    """Running costs and person-years by tier in the latest whole year that has both, with that year and its prices."""
    managed = [
        row for row in source.managed("scheme", "iom", district="").to_dicts() if row["tier"] and row["person_years"]
    ]
    years = sorted({row["period"] for row in managed}, reverse=True)
    for year in years:
        lines = [
            row
            for row in source.spend("scheme", "iom", period=year).to_dicts()
            if row["kind"] == "running" and row["tier"]
        ]
        if lines:
            spent: dict[str, float] = {}
            for row in lines:
                spent[row["tier"]] = spent.get(row["tier"], 0.0) + row["pounds"]
            time = {row["tier"]: row["person_years"] for row in managed if row["period"] == year}
            return spent, time, (year, lines[0]["price_year"])
    return {}, {}, ("", "")


def cost_of_a_place(found: Sequence[Tier]) -> tuple[float | None, str]:
    """What a place and year costs over all tiers, by the people in them, with its price year; None where no tier has a cost."""
    told = [tier for tier in found if tier.pounds is not None and tier.people + tier.inside]
    people = sum(tier.people + tier.inside for tier in told)
    if not people:
        return None, ""
    pounds = sum((tier.pounds or 0) * (tier.people + tier.inside) for tier in told) / people
    return pounds, told[0].price_year
