"""The simulation again in plain Python, draw by draw, from the words of its page and not from its code."""

import random
from dataclasses import dataclass

from metrics.value.case import Case, Range

RATE = 1.035


@dataclass
class Told:
    net: list[float]
    benefits: list[float]
    costs: list[float]
    running: list[float]


def drawn(case: Case, draws: int, seed: int, view: str) -> Told:
    """Plain random draws, no hypercube; all money must be in the case's price year already."""
    luck = random.Random(seed)
    told = Told([], [], [], [])
    a, effect = case.assumptions, case.effect
    for _ in range(draws):
        z = luck.gauss(0, 1)
        reach = effect.upper - effect.averted_per_100 if z > 0 else effect.averted_per_100 - effect.lower
        averted = min(effect.averted_per_100 + z * reach / 1.959963984540054, effect.expected_per_100)
        chance = luck.random()
        each = 0.0
        for one in case.offences:
            if one.pounds is None:
                continue
            counted = 1.0 if view == "society" else sum(part.share for part in one.parts if part.head == "fiscal")
            each += one.share * counted * at(one.pounds, chance)
        spread = at(case.costs.spread, luck.random())
        lasting, drop = at(a.lasting_years, luck.random()), at(a.drop_off, luck.random())
        years = sum(
            min(max(lasting - year, 0), 1) * (1 - drop) ** year / RATE**year for year in range(int(lasting) + 1)
        )
        kept = a.multiplier.value * (1 - a.displacement.value) * (1 - a.deadweight.value) * a.attribution.value
        benefits = averted / 100 * effect.people * kept * years * each
        if benefits > 0:
            benefits *= 1 - a.optimism_benefits
        running = case.costs.running(case.basis) * spread * (1 + a.optimism_costs)
        costs = running + case.costs.set_up * spread * (1 + a.optimism_costs)
        told.net.append(benefits - costs)
        told.benefits.append(benefits)
        told.costs.append(costs)
        told.running.append(running)
    return told


def at(one: Range, chance: float) -> float:
    """Where a triangular distribution has this much below it, as random.triangular of the standard library finds it."""
    low, high = one.low, one.high
    if low == high:
        return one.value
    middle = (one.value - low) / (high - low)
    if chance > middle:
        chance, middle, low, high = 1 - chance, 1 - middle, high, low
    return low + (high - low) * (chance * middle) ** 0.5
