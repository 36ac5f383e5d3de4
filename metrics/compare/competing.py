"""First reoffence where custody without an offence, or death, may come first: Aalen-Johansen cumulative incidence.

Kaplan-Meier would ask how many would have reoffended had nobody been recalled, remanded or died, and takes those people
for others like them. The cumulative incidence asks how many did reoffend, and says beside it how many were taken out
first: a scheme that recalls people sooner shows fewer reoffences and more custody, and the reader sees both.
docs/methods/competing-events.md is its page. Measured (`iom calibrate --only times`, 60 to 1,000 treated, unequal custody):
the interval held true differences in 94.0 to 95.3%.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from common.errors import ProblemError
from metrics.compare.result import Effect
from metrics.compare.survival import ARMS, Curve, Times, Whole, curve_of, effective, variance
from metrics.kinds.proportion import wilson
from metrics.kinds.shared import Z95, Column

REOFFENCE, CUSTODY, DEATH = 1, 2, 3
CAUSES = {REOFFENCE: "reoffence", CUSTODY: "custody", DEATH: "death"}


def first_events(
    people: pl.DataFrame,
    horizon: float,
    *,
    reoffence: str = "days_to_first",
    custody: str = "days_to_custody",
    death: str = "days_to_death",
    observed: str = "days_observed",
) -> pl.DataFrame:
    """`people` with `first_day` and `cause` (0 none, 1 reoffence, 2 custody without an offence, 3 death).

    The earliest within the horizon counts; on one day a reoffence comes before custody (which it then led to), and custody
    before death. Whoever has none of them is followed to `observed` or the horizon. A column that is absent, or null in
    a row, is an event that did not happen.
    """
    far = pl.lit(float("inf"))
    days = [
        pl.col(name).cast(pl.Float64).fill_null(float("inf")) if name in people.columns else far
        for name in (reoffence, custody, death)
    ]
    last = pl.min_horizontal(pl.col(observed).cast(pl.Float64), pl.lit(float(horizon)))
    earliest = pl.min_horizontal(*days)
    # A death ends observation on its own day, so an event on the last day observed still counts.
    happened = (earliest <= horizon) & earliest.is_finite()
    cause = pl.when(days[0] == earliest).then(REOFFENCE).when(days[1] == earliest).then(CUSTODY).otherwise(DEATH)
    return people.with_columns(
        first_day=pl.when(happened).then(earliest).otherwise(last),
        cause=pl.when(happened).then(cause).otherwise(0).cast(pl.Int64),
    )


@dataclass(frozen=True, slots=True)
class Incidence:
    """One arm's cumulative incidence of one cause: `share` after each of `day`, and each row's influence at the horizon."""

    day: Column
    share: Column
    influence: Column


def incidence(
    times: Times,
    cause: NDArray[np.int64],
    wanted: int,
    treated: bool,
    by: float | None = None,
    *,
    curve: Curve | None = None,
) -> Incidence:
    """Aalen and Johansen (1978): F(t) = sum over days u <= t of S(u-) d(u) / r(u), d the first events of this cause, S
    free of any event, r at risk. `times` holds days to the first event of any cause; `cause` is 0 where there was none. `curve` is
    the arm's own, where it has been worked out already.

    Influence of a row on F at day `by` (the horizon by default), with w its weight and dM = dN - Y d / r:
    w sum over u <= by of S(u-) dM_cause(u) / r(u) - (F(by) - F(u)) dM_any(u) / (r(u) - d_any(u)).
    """
    end = times.horizon if by is None else by
    curve, arm = curve or curve_of(times, treated), times.arm(treated)
    weight, place = times.weight[arm], curve.place
    is_cause = times.event[arm] & (cause[arm] == wanted)
    of_cause = np.bincount(place, weight * is_cause, len(curve.day))
    before = np.r_[1.0, curve.free[:-1]]
    share = np.cumsum(before * of_cause / curve.risk)
    within_time = curve.day <= end
    final = share[within_time][-1] if within_time.any() else 0.0
    staying = curve.staying
    own = np.where(within_time, before / curve.risk, 0.0)
    rest = np.where(within_time & (staying > 0), (final - share) / np.where(staying > 0, staying, 1), 0.0)
    compensators = np.cumsum(own * of_cause / curve.risk), np.cumsum(rest * curve.events / curve.risk)
    found = np.zeros(len(times.day))
    found[arm] = weight * (
        is_cause * own[place] - compensators[0][place] - times.event[arm] * rest[place] + compensators[1][place]
    )
    return Incidence(curve.day, share, found)


def _at(found: Incidence, day: float) -> float:
    at = int(np.searchsorted(found.day, day, side="right")) - 1
    return float(found.share[at]) if at >= 0 else 0.0


def _limits(share: float, spread: float, people: float) -> tuple[float, float]:
    """Wilson's limits for a share whose variance is `spread`: on share (1 - share) / spread people, or `people` at 0 or 1."""
    worth = share * (1 - share) / spread if spread > 0 and 0 < share < 1 else people
    lower, upper = wilson(np.array([share]), np.array([worth]))
    return float(lower[0]), float(upper[0])


def difference_at(
    times: Times,
    cause: NDArray[np.int64],
    wanted: int = REOFFENCE,
    day: float | None = None,
    specification: str = "main",
) -> Effect:
    """The difference in cumulative incidence of one cause by `day` (the horizon), in percentage points.

    Interval by squares and sums (Newcombe 1998; Zou and Donner 2008) of Wilson's limits of each arm, on the people that
    the clustered variance makes it worth, with the correlation that people in both arms bring:
    lower = d - sqrt((F1 - l1)² - 2 r (F1 - l1)(u0 - F0) + (u0 - F0)²). The p value is the one at which the normal
    score on the side of no difference turns, so that it is below 0.05 exactly where the interval leaves out 0.
    """
    end = times.horizon if day is None else day
    sides = [incidence(times, cause, wanted, treated, end) for treated in (True, False)]
    shares = [_at(side, end) for side in sides]
    spreads = [variance(side.influence, times) for side in sides]
    together = variance(sides[0].influence - sides[1].influence, times)
    product = float(np.sqrt(spreads[0] * spreads[1]))
    likeness = float(np.clip((sum(spreads) - together) / (2 * product), -1, 1)) if product > 0 else 0.0
    worth = [effective(times, treated) for treated in (True, False)]
    limits = [_limits(*side) for side in zip(shares, spreads, worth, strict=True)]
    estimate = shares[0] - shares[1]

    def far(first: float, second: float) -> float:
        return float(np.sqrt(max(first**2 - 2 * likeness * first * second + second**2, 0.0)))

    down = far(shares[0] - limits[0][0], limits[1][1] - shares[1])
    up = far(limits[0][1] - shares[0], shares[1] - limits[1][0])
    return Effect(
        outcome=f"first_{CAUSES.get(wanted, str(wanted))}",
        method="cumulative incidence",
        specification=specification,
        scale="difference",
        unit="percentage points",
        estimate=100 * estimate,
        lower=100 * (estimate - down),
        upper=100 * (estimate + up),
        treated=100 * shares[0],
        comparison=100 * shares[1],
        p_value=_p_value(estimate, down if estimate > 0 else up),
        people=times.rows(True),
        controls=times.rows(False),
    )


def _p_value(estimate: float, half: float) -> float:
    from scipy.special import ndtr

    return float(2 * ndtr(-abs(estimate) * Z95 / half)) if half > 0 else 1.0


def incidence_frame(
    times: Times, cause: NDArray[np.int64], causes: Sequence[int] = (REOFFENCE, CUSTODY, DEATH), step: float = 7
) -> pl.DataFrame:
    """Each arm's cumulative incidence of each cause every `step` days: arm, cause, day, value, lower, upper (%), at_risk.

    The causes of an arm and the share free of all of them add up to 100 on every day.
    """
    check(times, cause)
    days = np.unique(np.r_[np.arange(0, times.horizon, step), times.horizon])
    frames = []
    for treated, name in zip((True, False), ARMS, strict=True):
        own = np.sort(times.day[times.arm(treated)])
        at_risk = len(own) - np.searchsorted(own, days, side="left")
        worth, curve = effective(times, treated), curve_of(times, treated)
        for wanted in causes:
            found = [incidence(times, cause, wanted, treated, day, curve=curve) for day in days]
            shares = [_at(one, day) for one, day in zip(found, days, strict=True)]
            ends = [_limits(s, variance(one.influence, times), worth) for s, one in zip(shares, found, strict=True)]
            frames.append(
                pl.DataFrame({
                    "arm": [name] * len(days), "cause": [CAUSES.get(wanted, str(wanted))] * len(days),
                    "day": days.astype(np.int32), "value": 100 * np.array(shares),
                    "lower": 100 * np.array([low for low, _ in ends]), "upper": 100 * np.array([up for _, up in ends]),
                    "at_risk": at_risk.astype(np.int64),
                })
            )  # fmt: skip
    return pl.concat(frames)


def check(times: Times, cause: Whole) -> None:
    """An event has a cause and a wait without an event has none."""
    if len(cause) != len(times.day) or bool(((cause > 0) != times.event).any()):
        raise ProblemError(
            "the causes do not go with the times", "cause", "above 0 exactly where there was an event",
            "make both from first_events with the same horizon",
        )  # fmt: skip


def competing_times(people: pl.DataFrame, horizon: float, **columns: str | None) -> tuple[Times, Whole]:
    """Times to the first event of any cause, and the causes, from a frame as first_events takes it."""
    from metrics.compare.survival import times as plain

    found = first_events(people, horizon)
    found = found.filter(pl.col("first_day").is_not_null()).with_columns(any_event=pl.col("cause") > 0)
    weight = columns.get("weight")
    if weight is not None:
        found = found.filter(pl.col(weight).cast(pl.Float64) > 0)
    made = plain(
        found,
        horizon,
        day="first_day",
        event="any_event",
        weight=weight,
        cluster=columns.get("cluster") or "cluster",
        matched_set=columns.get("matched_set"),
    )
    return made, found["cause"].to_numpy().astype(np.int64)
