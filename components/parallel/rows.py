"""The rows of an old measure and of the single cohort, by year: what the release's table `parallel` and its figures hold.

The table has the old measures and the steps from each to the new one (metrics/compare/parallel.py). The single cohort's own
figures are the release's published ones, so that they are the same here as on any other page.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from components import data
from components.judge import Row
from metrics.compare.before_after import LEAST_PEOPLE
from metrics.figure import TOO_FEW
from release.read import Reader

NEW = "scheme"
RATE, OFTEN, LIBERTY = "reoffending_rate", "reoffences_per_100", "offences_per_year_at_liberty"
OLD = {
    ("on_date", "ppo"): "PPO measure, people on PPO",
    ("on_date", "iom"): "PPO measure, people on IOM",
    ("tested", "dip"): "DIP measure, people who tested positive",
}
WHO = {
    "on_date": "everybody on {scheme} on 1 February {year}",
    "tested": "everybody who tested positive on arrest, or joined DIP, in January to March {year}",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One old measure in one year: the steps that the release shows of it, and the single cohort's published figures."""

    rule: str
    scheme: str
    year: str
    label: str
    steps: Mapping[str, Row]
    new: Row | None
    often: Row | None

    @property
    def start(self) -> int:
        return int(self.year[:4])

    @property
    def old(self) -> Row:
        return self.steps["old"]

    @property
    def who(self) -> str:
        """Whom the old measure counts."""
        return WHO[self.rule].format(scheme=self.scheme.upper(), year=self.start)

    def figure(self, row: Row, name: str, label: str = "") -> Row:
        """One number of the table `parallel` in the shape of a figure, so that it is shown as every figure is."""
        coarse = "all" not in self.steps
        few = f"fewer than {LEAST_PEOPLE} people: {TOO_FEW}" if row["people"] < LEAST_PEOPLE else ""
        return {
            "label": label, "title": "", "unit": "%" if name == "rate" else "for every 100", "decimals": 0 if coarse else 1,
            "value": row[name], "lower": row.get(f"{name}_lower"), "upper": row.get(f"{name}_upper"), "status": "final",
            "reason": few, "numerator": None, "denominator": row["entries"], "polarity": "no_judgement",
            "period_label": self.label, "minimum_n": 30, "numerator_of": "", "denominator_of": "people" if row["entries"] == row["people"] else "entries",
        }  # fmt: skip


def choices(source: Reader) -> list[tuple[str, str]]:
    """The old measures that the release holds, the one with the latest year first."""
    rows = data.listed(source, "parallel")
    latest = {(row["rule"], row["scheme"]): row["year"] for row in rows if row["step"] == "old"}
    order = sorted((key for key in OLD if key in latest), key=lambda key: latest[key], reverse=True)
    return [(":".join(key), OLD[key]) for key in order]


def years(source: Reader, measure: str) -> list[tuple[str, str]]:
    """The years of one old measure, the latest first, as they are called."""
    held = {row["year"] for row in _rows(source, measure)}
    return [(period.id, period.label) for period in reversed(source.periods("year")) if period.id in held]


def _rows(source: Reader, measure: str) -> list[Row]:
    rule, _, scheme = measure.partition(":")
    return [row for row in data.listed(source, "parallel") if (row["rule"], row["scheme"]) == (rule, scheme)]


def case(source: Reader, measure: str, year: str) -> Case:
    """One old measure in one year, beside the single cohort's."""
    rule, _, scheme = measure.partition(":")
    steps = {row["step"]: row for row in _rows(source, measure) if row["year"] == year}
    new, often = (_published(source, indicator, year) for indicator in (RATE, OFTEN))
    return Case(rule, scheme, year, source.period(year).label, steps, new, often)


def _published(source: Reader, indicator: str, year: str) -> Row | None:
    found = data.rows(source, indicator, NEW, [year])
    return found[0] if found and found[0]["value"] is not None else None


def over_time(source: Reader, measure: str) -> tuple[list[Row], list[Row]]:
    """The share with a proven offence by year: of the old measure, and of the single cohort, in the years of either."""
    old = [row for row in _rows(source, measure) if row["step"] == "old"]
    new = [
        row
        for row in data.rows(source, RATE, NEW, kind="year") or []
        if row["value"] is not None and row["status"] == "final"
    ]
    return old, new


def lists(source: Reader) -> list[tuple[str, Row]]:
    """The lists fixed on one day, by title, with the change in their people's offending at liberty."""
    titles = {about.id: about.title for about in source.cohorts()}
    return [
        (titles[row["scheme"]], row)
        for row in data.listed(source, "before_after")
        if row["scheme"] in titles and row["scheme"] != NEW and row["district"] == "" and row["measure"] == LIBERTY
    ]


def frames(source: Reader, measure: str) -> dict[str, pl.DataFrame]:
    """What the page shows, for the download."""
    rows = _rows(source, measure)
    kept = [row for _, row in lists(source)]
    return {
        "measures": pl.DataFrame(rows, infer_schema_length=None),
        "fixed_lists": pl.DataFrame(kept, infer_schema_length=None),
    }
