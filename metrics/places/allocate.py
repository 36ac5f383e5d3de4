"""Sharing out places: most offences faced, with so many places promised to each district; and what the promise costs.

Everybody at liberty in a cell (a district's people of one band of charges) is expected to commit as many offences as the
others in it. A place faces what its holder is expected to do in a year; what it averts is that times the scheme's own
measured reduction. Each district first fills its promise with its own highest bands; the other places go to the
highest bands wherever they are. Every place counts as one, so taking the highest each time is best (a greedy choice is
optimal on a matroid: Edmonds, Mathematical Programming 1, 1971). No person is chosen: a band is. docs/methods/places.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

SHARES = tuple(n / 20 for n in range(21))


@dataclass(frozen=True, slots=True)
class Cell:
    """People at liberty in one district and band: how many hold a place (`held`) or do not (`outside`), and the proven
    reoffences each is expected to commit in a year without one, with its 95% limits (a person, not per 100)."""

    district: str
    band: str
    held: int
    outside: int
    expected: float
    lower: float
    upper: float

    @property
    def people(self) -> int:
        """Everybody who could hold a place."""
        return self.held + self.outside


@dataclass(frozen=True, slots=True)
class Allocation:
    """Places by cell, in the order of `cells`, and the offences a year that their holders are expected to commit without one.

    `unfilled`: places for which there is nobody charged in two years. `error` is the standard error of `faced`, from the
    cells' own limits, taken as independent.
    """

    cells: tuple[Cell, ...]
    places: tuple[int, ...]
    faced: float
    error: float
    unfilled: int

    @property
    def by_district(self) -> dict[str, int]:
        """Places in each district."""
        found = dict.fromkeys((cell.district for cell in self.cells), 0)
        for cell, places in zip(self.cells, self.places, strict=True):
            found[cell.district] += places
        return found

    @property
    def limits(self) -> tuple[float, float]:
        """95% limits of `faced`."""
        return max(self.faced - 1.96 * self.error, 0.0), self.faced + 1.96 * self.error


def today(cells: Sequence[Cell]) -> Allocation:
    """The places as they are held."""
    return _allocation(cells, [cell.held for cell in cells], 0)


def allocate(cells: Sequence[Cell], places: int, floors: dict[str, int] | None = None) -> Allocation:
    """The most offences faced by so many places, with at least `floors` of them in each district (as far as it has people).

    faced = Σ places_c x expected_c, Σ places_c <= places, 0 <= places_c <= people_c, Σ over a district >= its floor.
    Raises ValueError where the floors come to more than the places.
    """
    floors = floors or {}
    if sum(floors.values()) > places:
        raise ValueError(f"{sum(floors.values())} places are promised, and there are {places}")
    given = [0] * len(cells)
    order = sorted(range(len(cells)), key=lambda n: (-cells[n].expected, cells[n].district, cells[n].band))
    left = places
    for district, floor in sorted(floors.items()):
        mine = floor
        for n in order:
            if cells[n].district == district:
                some = min(mine, cells[n].people)
                given[n], mine, left = some, mine - some, left - some
    for n in order:
        some = min(left, cells[n].people - given[n])
        given[n], left = given[n] + some, left - some
    return _allocation(cells, given, left)


def floors(places: int, weight: dict[str, float], share: float) -> dict[str, int]:
    """Places promised to each district: `share` (0 to 1) of all of them, by `weight` (residents, people, or 1 each).

    Largest remainders, so that they add up to the whole number promised; ties by name.
    """
    promised = int(np.floor(places * share + 1e-9))
    total = sum(weight.values())
    if total <= 0 or not promised:
        return dict.fromkeys(weight, 0)
    exact = {name: promised * part / total for name, part in weight.items()}
    found = {name: int(part + 1e-9) for name, part in exact.items()}
    rest = promised - sum(found.values())
    for name in sorted(exact, key=lambda name: (found[name] - exact[name], name))[:rest]:
        found[name] += 1
    return found


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the frontier: the share of places promised, the fewest any district gets, and the offences faced.

    `cost` is what the promise costs: offences a year not faced, against promising nothing.
    """

    share: float
    fewest: int
    faced: float
    cost: float
    by_district: dict[str, int]


def frontier(
    cells: Sequence[Cell], places: int, weight: dict[str, float], shares: Sequence[float] = SHARES
) -> list[Point]:
    """The efficient frontier: for each share promised, the most offences that the places can face."""
    best = allocate(cells, places).faced
    found = []
    for share in shares:
        made = allocate(cells, places, floors(places, weight, share))
        by = made.by_district
        found.append(Point(share, min(by.values(), default=0), made.faced, best - made.faced, by))
    return found


@dataclass(frozen=True, slots=True)
class Marginal:
    """The next place in one band: what it would face, how much of that it would avert, and what that costs.

    `averted` with limits: offences a year, from the scheme's own reduction; None where nothing was measured.
    `pounds` each offence averted would cost; None where there is no cost or none is averted.
    """

    band: str
    held: int
    outside: int
    faced: float
    lower: float
    upper: float
    averted: float | None = None
    averted_lower: float | None = None
    averted_upper: float | None = None
    pounds: float | None = None


def marginal(
    cells: Sequence[Cell], reduction: tuple[float, float, float] | None = None, cost: float | None = None
) -> list[Marginal]:
    """One row a band of one district (or of the area): who gains more from the next place.

    `reduction`: the share of offences the scheme averts, with its 95% limits (0.2, -0.05, 0.4). `cost`: pounds for a place
    a year. Averted = faced x reduction; its limits by the variance of a product of two independent estimates,
    Var(xy) = x² Var(y) + y² Var(x) + Var(x) Var(y) (Goodman, JASA 55, 1960).
    """
    rows = [
        Marginal(cell.band, cell.held, cell.outside, cell.expected, cell.lower, cell.upper)
        for cell in sorted(cells, key=lambda cell: -cell.expected)
    ]
    if reduction is None:
        return rows
    found = []
    for row in rows:
        middle, low, high = averted(row.faced, (row.upper - row.lower) / 3.92, reduction)
        pounds = cost / middle if cost is not None and middle > 0 else None
        found.append(replace(row, averted=middle, averted_lower=low, averted_upper=high, pounds=pounds))
    return found


def averted(faced: float, error: float, reduction: tuple[float, float, float]) -> tuple[float, float, float]:
    """Offences averted of those faced (with their standard error), and 95% limits: the product of two independent estimates."""
    share, low, high = reduction
    spread = (high - low) / 3.92
    half = 1.96 * float(np.sqrt(faced**2 * spread**2 + share**2 * error**2 + spread**2 * error**2))
    return faced * share, faced * share - half, faced * share + half


@dataclass(frozen=True, slots=True)
class Swap:
    """A held place set against the best use of it: one band's place passed to another's.

    `gained`: offences a year more that the place would face, with its standard error from both bands' limits. `places`: how many
    such swaps there are people for.
    """

    district: str
    held_band: str
    next_band: str
    gained: float
    places: int
    error: float = 0.0

    @property
    def limits(self) -> tuple[float, float]:
        """95% limits of `gained`."""
        return self.gained - 1.96 * self.error, self.gained + 1.96 * self.error


def swaps(cells: Sequence[Cell], anywhere: bool = False) -> list[Swap]:
    """The opportunity cost of held places: within each district (or anywhere), the lowest held against the highest outside.

    Pairs the lowest band held with the highest outside until nothing is gained. Empty where the places are where they
    face most.
    """
    found: list[Swap] = []
    for district in [""] if anywhere else sorted({cell.district for cell in cells}):
        mine = [cell for cell in cells if anywhere or cell.district == district]
        held = [(cell, cell.held) for cell in sorted(mine, key=lambda c: -c.expected) if cell.held]
        free = [(cell, cell.outside) for cell in sorted(mine, key=lambda c: c.expected) if cell.outside]
        while held and free and free[-1][0].expected > held[-1][0].expected:
            (low, has), (high, waits) = held.pop(), free.pop()
            some = min(has, waits)
            error = float(np.hypot(high.upper - high.lower, low.upper - low.lower)) / 3.92
            found.append(Swap(district, low.band, high.band, high.expected - low.expected, some, error))
            held += [(low, has - some)] if has > some else []
            free += [(high, waits - some)] if waits > some else []
    return found


def _allocation(cells: Sequence[Cell], given: Sequence[int], left: int) -> Allocation:
    places = np.array(given, float)
    expected = np.array([cell.expected for cell in cells])
    error = np.array([(cell.upper - cell.lower) / 3.92 for cell in cells])
    faced, spread = float(places @ expected), float(np.sqrt(((places * error) ** 2).sum()))
    return Allocation(tuple(cells), tuple(given), faced, spread, left)
