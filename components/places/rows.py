"""What the pages of places read: who holds them and who could, by band, and what the scheme itself was found to avert."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components import data, evidence
from metrics.places.allocate import Cell, averted
from metrics.value import break_even
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
    """The share of expected reoffences that the scheme's own comparison finds it averts, with 95% limits, and its verdict:
    the same figure as break-even's (the difference over the comparison group's figure)."""

    share: float
    lower: float
    upper: float
    verdict: str
    title: str


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier: people at liberty and in custody, what those at liberty are expected to commit in a year without a place, with
    its standard error, and what a place and year cost.

    `pounds` is None where no cost names the tier, and `faced` where a band has no figure. `averted` with its limits is what the
    scheme's own reduction makes of what it faces.
    """

    tier: str
    label: str
    people: int
    inside: int
    faced: float | None
    error: float
    pounds: float | None
    price_year: str
    period: str
    averted: tuple[float, float, float] | None = None

    @property
    def cost_of_each_faced(self) -> float | None:
        """Pounds for each offence faced: every place is paid for, and those in custody face none."""
        if self.pounds is None or not self.faced:
            return None
        return self.pounds * (self.people + self.inside) / self.faced


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
        if row := case.frequency:
            found = break_even.Reduction.from_difference(*(row[n] for n in ("estimate", "lower", "upper", "expected")))
            if found is not None:
                ends = (found.estimate / 100, found.lower / 100, found.upper / 100)
                return Reduction(*ends, row["verdict"], case.about["title"])
    return None


def tiers(source: Reader) -> list[Tier]:
    """The tiers, the most intensive first: who is in each by band, and what a place in it cost in the latest whole year."""
    held = [row for row in data.listed(source, "places") if row["tier"]]
    rate = {row["band"]: row for row in bands(source) if row["expected"] is not None}
    known = {dimension.id for dimension in source.dimensions()}
    labels = dict(source.members("tier")) if "tier" in known else {}
    found, share = [], reduction(source)
    order = {tier: n for n, tier in enumerate(labels)}
    for tier in sorted({row["tier"] for row in held}, key=lambda tier: (order.get(tier, len(order)), tier)):
        mine = [row for row in held if row["tier"] == tier]
        free = {row["band"]: row["held"] - row["held_inside"] for row in mine}
        told = all(band in rate for band, count in free.items() if count)
        faced = sum(rate[band]["expected"] / 100 * count for band, count in free.items() if count) if told else None
        error = sum((_error(rate[band]) * count) ** 2 for band, count in free.items() if count) ** 0.5 if told else 0.0
        pounds, price_year, period = cost_of_a_place(source, tier)
        inside = sum(row["held_inside"] for row in mine)
        ends = averted(faced, error, (share.share, share.lower, share.upper)) if share and faced is not None else None
        label = labels.get(tier, tier)
        found.append(Tier(tier, label, sum(free.values()), inside, faced, error, pounds, price_year, period, ends))
    return found


def _error(row: Row) -> float:
    return float(row["upper"] - row["lower"]) / 392


def cost_of_a_place(source: Reader, tier: str = "") -> tuple[float | None, str, str]:
    """What a place for a year cost in the latest whole year that has it, with its price year and that year; mainstream and
    in-kind money counted. Of one tier, only lines that name it (in-kind money names none)."""
    asked = ("person_year", "opportunity", tier)
    rows = [
        row
        for row in data.listed(source, "cost_per_person")
        if (row["subject_kind"], row["subject"], row["district"]) == ("scheme", "iom", "")
        and (row["measure"], row["basis"], row["tier"]) == asked
        and row["value"] is not None
    ]
    last = max(rows, key=lambda row: row["period"], default=None)
    return (last["value"], last["price_year"], last["period"]) if last else (None, "", "")
