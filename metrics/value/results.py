"""What a case comes to as rows of the release: value for money, its spread, the tornado, and what would have to be true.

Every row carries the case's subject, district, period and basis. The arithmetic is that of worked.py and simulate.py.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from metrics.value.case import Case
from metrics.value.needed import what_would_have_to_be_true
from metrics.value.parameters import Parameters
from metrics.value.simulate import LEVELS, PUBLISH, SEED, Simulated, Spread, simulate
from metrics.value.tornado import tornado
from metrics.value.worked import VIEWS, ViewName, Worked, worked_out

Rows = dict[str, list[dict[str, Any]]]
TABLES = ("value_for_money", "value_quantile", "tornado", "switching_value")
UNITS = {
    "effect": "per 100 people", "unit_cost": "£", "costs": "ratio", "multiplier": "ratio", "displacement": "share",
    "deadweight": "share", "attribution": "share", "lasting_years": "years", "drop_off": "share",
}  # fmt: skip
NOTHING_SPENT = "nothing was spent on this basis"
NEVER = "never: the effect ends before its benefits meet the costs"


def results(case: Case, known: Parameters, *, draws: int = PUBLISH, seed: int = SEED) -> Rows:
    """Every row of TABLES for one case."""
    key = {
        "subject_kind": case.subject_kind, "subject": case.subject, "district": case.district, "period": case.period,
        "basis": case.basis,
    }  # fmt: skip
    worked = worked_out(case, known)
    bar = known["ratio_bar"].value
    simulated = simulate(case, draws, seed, bar=bar, known=known)
    value = {"comparison": case.effect.comparison, "price_year": worked.price_year}
    made: Rows = {
        "value_for_money": [key | value | row for row in _value(worked, simulated)],
        "value_quantile": [key | row for row in _quantiles(simulated)],
        "tornado": [
            key | {"sort": place, "assumption": bar.name, "unit": UNITS[bar.name], "low": bar.low, "high": bar.high,
                   "at_low": bar.at_low, "at_high": bar.at_high}
            for place, bar in enumerate(tornado(case, known=known))
        ],
        "switching_value": [
            key | {"assumption": one.name, "unit": UNITS[one.name], "value": one.value, "low": one.low, "high": one.high,
                   "needed": one.needed, "within_range": one.within_range, "pays_already": one.pays_already}
            for one in what_would_have_to_be_true(case, known=known)
        ],
    }  # fmt: skip
    return made


def on_basis(rows: Rows, basis: str) -> Rows:
    """The same rows under another basis, where both cost the same."""
    return {table: [row | {"basis": basis} for row in listed] for table, listed in rows.items()}


def together(many: Iterable[Rows]) -> Rows:
    """The rows of many cases, table by table."""
    made: Rows = {table: [] for table in TABLES}
    for rows in many:
        for table, listed in rows.items():
            made[table] += listed
    return made


def _value(worked: Worked, simulated: Simulated) -> Iterator[dict[str, Any]]:
    yield _one("averted_first_year", worked.averted_first_year, "offences")
    yield _one("averted", worked.averted, "offences", spread=simulated.averted)
    yield _one("running", worked.running, "£")
    yield _one("set_up", worked.set_up, "£")
    yield _one("added_for_optimism", worked.added_for_optimism, "£")
    yield _one("taken_for_optimism", worked.taken_for_optimism, "£")
    yield _one("not_attributed", worked.not_attributed, "£")
    yield _one("harm", simulated.harm, "probability")
    for gain in worked.gains:
        yield _one("gain", gain.pounds, "£", head=gain.head, gainer=gain.gainer)
    for view in VIEWS:
        yield from _view(view, worked, simulated)


def _view(name: ViewName, worked: Worked, simulated: Simulated) -> Iterator[dict[str, Any]]:
    view, drawn = worked.view(name), simulated.view(name)
    yield _one("benefits", view.benefits, "£", head=name, spread=drawn.benefits)
    yield _one("costs", view.costs, "£", head=name, spread=simulated.costs)
    yield _one("net_present_value", view.net_present_value, "£", head=name, spread=drawn.net_present_value)
    yield _one("ratio", view.ratio, "ratio", head=name, spread=drawn.ratio, reason=NOTHING_SPENT)
    yield _one("payback_years", view.payback_years, "years", head=name, reason=NEVER)
    yield _one("breaking_even", drawn.breaking_even, "probability", head=name)
    yield _one("ratio_above_1", drawn.ratio_above_1, "probability", head=name, reason=NOTHING_SPENT)
    yield _one("ratio_above_bar", drawn.ratio_above_bar, "probability", head=name, reason=NOTHING_SPENT)
    for band, share in drawn.bands.items():
        yield _one(f"band:{band}", share, "probability", head=name)


def _one(
    measure: str, value: float | None, unit: str, *, head: str = "", gainer: str = "", spread: Spread | None = None,
    reason: str = "",
) -> dict[str, Any]:  # fmt: skip
    return {
        "measure": measure, "head": head, "gainer": gainer, "value": value, "unit": unit,
        "lower": spread and spread.lower, "upper": spread and spread.upper, "reason": reason if value is None else "",
    }  # fmt: skip


def _quantiles(simulated: Simulated) -> Iterator[dict[str, Any]]:
    for view in VIEWS:
        drawn = simulated.view(view)
        for measure, spread in (("net_present_value", drawn.net_present_value), ("ratio", drawn.ratio)):
            if spread is None:
                continue
            for level, value in zip(LEVELS, spread.quantiles, strict=True):
                yield {"measure": measure, "head": view, "probability": level, "value": value}
