"""An attacker who has every published table, knows the rules, and solves for what was hidden (integer programming).

People are counted in a full crossing of what the tables use: the unknowns are how many people are in each crossing.
A shown count stands for five true ones (or is exact, in a weak scheme); a hidden one tells nothing by itself.
A hidden cell is *recovered* when no other count of it is possible.
"""

import itertools

import numpy as np
import polars as pl
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_matrix

DISTRICTS = ("cambridge", "fenland", "peterborough")
SEXES = ("female", "male")
CATEGORIES = ("fixed", "flex", "free")
NEEDS = ("health", "finance")
QUARTERS = ("2023Q2", "2023Q3")
YEAR = "2023/24"
KINDS = {"district": "partition", "sex": "partition", "category": "partition", "need": "multi"}
COVERS = {("c", YEAR): QUARTERS}
VALUES = {"district": DISTRICTS, "sex": SEXES, "category": CATEGORIES, "need": NEEDS}
YEAR_TABLES = [(), ("district",), ("sex",), ("category",), ("need",)]
YEAR_TABLES += [("district", "sex"), ("district", "category"), ("district", "need")]


def county(people: int, seed: int) -> pl.DataFrame:
    """A small scheme: one district with half the people, few women, needs and reoffending unevenly spread."""
    chance = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "period": chance.choice(QUARTERS, people),
            "district": chance.choice(DISTRICTS, people, p=[0.3, 0.15, 0.55]),
            "sex": chance.choice(SEXES, people, p=[0.15, 0.85]),
            "category": chance.choice(CATEGORIES, people, p=[0.6, 0.3, 0.1]),
            "health": chance.random(people) < 0.35,
            "finance": chance.random(people) < 0.6,
            "reoffended": chance.random(people) < 0.4,
        }
    )


def _groups() -> list[dict[str, str]]:
    found = [{"period": q} for q in QUARTERS]
    for table in YEAR_TABLES:
        for values in itertools.product(*(VALUES[d] for d in table)):
            found.append({"period": YEAR} | dict(zip(table, values, strict=True)))
    return found


def _belongs(person: dict[str, object], group: dict[str, str]) -> bool:
    for dimension, value in group.items():
        if dimension == "period":
            if value not in (YEAR, person["period"]):
                return False
        elif dimension == "need":
            if not person[value]:
                return False
        elif person[dimension] != value:
            return False
    return True


def cells(people: pl.DataFrame) -> pl.DataFrame:
    """The cells of every table, empty ones too: how many people, and how many of them reoffended."""
    rows = []
    persons = people.to_dicts()
    for group in _groups():
        inside = [p for p in persons if _belongs(p, group)]
        dims = [x for d, v in group.items() if d != "period" for x in (d, v)] + [""] * 4
        n, r = len(inside), sum(bool(p["reoffended"]) for p in inside)
        rows.append(("c", group["period"], *dims[:4], n, n, r, r))
    names = ["cohort", "period", "dim1", "val1", "dim2", "val2"]
    return pl.DataFrame(rows, schema=[*names, "people", "people__people", "again", "again__people"], orient="row")


def recovered(
    people: pl.DataFrame, published: pl.DataFrame, shown: dict[str, str], slack: int
) -> list[tuple[str, str]]:
    """The hidden cells that the attacker works out exactly, as (quantity, group).

    `shown` maps the columns of true counts to those of what was published (null where hidden).
    """
    crossings = [
        dict(zip(("period", "district", "sex", "category", "health", "finance", "reoffended"), values, strict=True))
        for values in itertools.product(
            QUARTERS, DISTRICTS, SEXES, CATEGORIES, (True, False), (True, False), (True, False)
        )
    ]
    groups = _groups()
    inside = np.array([[_belongs(x, g) for x in crossings] for g in groups], dtype=float)
    again = np.array([x["reoffended"] for x in crossings], dtype=float)
    rows = {"people": inside, "again": inside * again}
    matrix, low, high, secrets = [], [], [], []
    for name, column in shown.items():
        for place, (true, value) in enumerate(zip(published[name], published[column], strict=True)):
            if value is None:
                secrets.append((name, place, true))
                continue
            matrix.append(rows[name][place])
            exact = value == 0  # counts of 1 to 7 are never shown, so a shown 0 is a true 0
            low.append(value if exact else max(value - slack, 0))
            high.append(value if exact else value + slack)
    known = LinearConstraint(csr_matrix(np.array(matrix)), np.array(low), np.array(high))
    found = []
    for name, place, true in secrets:
        row = rows[name][place]
        if not any(_possible(known, row, true, step) for step in (1, -1)):
            found.append((name, str(groups[place])))
    return found


def _possible(known: LinearConstraint, row: np.ndarray, true: int, step: int) -> bool:
    """Whether the hidden count could also be higher (or lower) than it is."""
    if true + step < 0:
        return False
    bounds = (true + 1, np.inf) if step > 0 else (0, true - 1)
    other = LinearConstraint(row.reshape(1, -1), *bounds)
    answer = milp(np.zeros(len(row)), constraints=[known, other], integrality=np.ones(len(row)))
    return bool(answer.success)
