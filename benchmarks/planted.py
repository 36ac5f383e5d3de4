"""What before and after comparisons and nowcasts make of counties whose truth is known.

`python -m benchmarks.planted [--null | --iom 0.5] [--first 1] [--seeds 10] [--people 8000] [--nowcasts]`, from a clone.
Each seed is one synthetic county of which people are chosen for a scheme at their worst. Before and after: the mean
remainder and difference-in-differences over dates and seeds, how often their intervals hold no effect, how often each
finding is reached. Nowcasts: at three earlier cut-offs, how often the 95% interval held what became final.
"""

import argparse
import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl

from etl.synthetic import truth
from etl.synthetic.simulation import simulate
from metrics.cohorts import cohorts
from metrics.compare import before_after, nowcast
from metrics.derive import EPOCH, choose, derive, read_sql, run_step, working_tables
from metrics.periods import quarter_end

CUTOFF = dt.date(2026, 9, 30)
EARLIER = (dt.date(2024, 9, 30), dt.date(2023, 9, 30), dt.date(2022, 9, 30))


def planted(seed: int, iom: float | None) -> truth.Truth:
    """The seed's own truth; with `iom` nothing works but IOM, by that multiplier."""
    drawn = truth.draw(seed)
    if iom is None:
        return drawn
    nothing = truth.without_effects(drawn)
    return replace(nothing, scheme={**nothing.scheme, "iom": iom})


def changes(seed: int, people: int, iom: float | None) -> pl.DataFrame:
    """The rows of IOM, all districts, per year at liberty."""
    from tests.compare.made_county import store_of

    rows = before_after.compute(store_of(simulate(people, seed, planted(seed, iom))), CUTOFF)
    here = (pl.col("scheme") == "iom") & (pl.col("district") == "") & (pl.col("measure") == before_after.LIBERTY)
    return rows.filter(here).with_columns(seed=pl.lit(seed))


def summary(rows: pl.DataFrame) -> pl.DataFrame:
    """By design: geometric mean of each ratio in %, its spread over dates and seeds, and how often each was concluded."""

    def mean(name: str) -> pl.Expr:
        return 100 * ((1 + pl.col(name) / 100).log().mean().exp() - 1)

    def holds(name: str) -> pl.Expr:
        return 100 * ((pl.col(f"{name}_lower") <= 0) & (pl.col(f"{name}_upper") >= 0)).mean()

    return rows.group_by("design", maintain_order=True).agg(
        pl.len().alias("rows"), mean("change").alias("change"), mean("expected_change").alias("expected"),
        mean("remainder").alias("remainder"), (1 + pl.col("remainder") / 100).log().std().alias("sd_log_remainder"),
        holds("remainder").alias("remainder_holds_0"), mean("did").alias("did"), holds("did").alias("did_holds_0"),
        *((100 * (pl.col("finding") == code).mean()).alias(code) for code in ("fewer", "more")),
    )  # fmt: skip


def foretold(seed: int, people: int) -> pl.DataFrame:
    """Nowcasts of each unfinished quarter and year at three earlier cut-offs, with what became final."""
    from tests.compare.made_county import store_of

    con = store_of(simulate(people, seed, planted(seed, None)))
    chosen = [cohort for cohort in cohorts() if cohort.id in ("adults", "scheme")]
    derive(con, CUTOFF, chosen)
    with working_tables(con):
        choose(con, [], [], CUTOFF)
        run_step(con, "records")
        delays = con.sql(read_sql("proof_delay")).pl()
    found = []
    for cohort in chosen:
        one = nowcast.cohort_of(cohort.id, delays.filter(pl.col("cohort") == cohort.id), 548)
        final = (one.who.first <= 548, np.bincount(one.who.of, minlength=len(one.who.day)))
        for cutoff in EARLIER:
            day = (cutoff - EPOCH).days
            ended = [name for name in one.quarters if day - 548 < (quarter_end(name) - EPOCH).days <= day - 90]
            periods = [(name, "quarter") for name in ended] + [(f"{cutoff.year - 1}/{cutoff.year % 100}", "year")]
            for row in nowcast.nowcast(one, periods, day):
                if row["status"] != "nowcast" or row["district"]:
                    continue
                span = nowcast._span(one, str(row["period"]), "year" if "/" in str(row["period"]) else "quarter")
                assert span is not None
                rows = (one.quarter >= span[0]) & (one.quarter < span[0] + span[1])
                value = 100 * float(final[nowcast.INDICATORS.index(str(row["indicator"]))][rows].mean())
                age = (day - (quarter_end(one.quarters[span[0] + span[1] - 1]) - EPOCH).days) // 91
                found.append(
                    {**row, "final": value, "age": age, "length": span[1], "seed": seed,
                     "held": float(str(row["lower"])) - 1e-9 <= value <= float(str(row["upper"])) + 1e-9}
                )  # fmt: skip
    return pl.DataFrame(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--null", action="store_true")
    parser.add_argument("--iom", type=float)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--people", type=int, default=8000)
    parser.add_argument("--nowcasts", action="store_true")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    pl.Config.set_tbl_cols(20).set_tbl_width_chars(200).set_tbl_rows(60).set_float_precision(2)
    if asked.nowcasts:
        rows = pl.concat([foretold(seed, asked.people) for seed in seeds])
        by = ["cohort", "indicator", "length"]
        told = [
            pl.len(), (100 * pl.col("held").mean()).alias("coverage"), pl.col("coverage").mean().alias("stated"),
            (pl.col("value") - pl.col("final")).mean().alias("bias"),
            (pl.col("value") - pl.col("final")).abs().mean().alias("miss"),
            (pl.col("seen_so_far") - pl.col("final")).abs().mean().alias("miss_of_seen"),
        ]  # fmt: skip
        print(rows.group_by(by).agg(told).sort(by))
        print(rows.filter(pl.col("length") == 1).group_by("indicator", "age").agg(told).sort("indicator", "age"))
    else:
        iom = 1.0 if asked.null else asked.iom
        print(summary(pl.concat([changes(seed, asked.people, iom) for seed in seeds])))


if __name__ == "__main__":
    main()
