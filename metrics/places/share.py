"""Each place's share of a whole that is counted with uncertainty, such as a district's share of proven reoffences.

With counts X_i, their 95% limits (L_i, U_i) and the rest R_i = sum of the other counts, the odds X_i / R_i lie between

    exp(ln X - sqrt((ln X - ln L)² + (ln R_U - ln R)²))   and   exp(ln X + sqrt((ln U - ln X)² + (ln R - ln R_L)²)), over R,

where R_L = R - sqrt(sum (X_j - L_j)²) and R_U = R + sqrt(sum (U_j - X_j)²) over the others, and the share is odds / (1 + odds)
(variance estimates recovery: Zou and Donner, Statistics in Medicine 27, 2008, for a sum and for a ratio of independent counts).
People who are counted in one place are counted in no other, so the counts are independent. For Poisson counts it is close
to the binomial's interval given the total. It is as good as the limits it is given: where a few prolific people make most of a
count, so are these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, hypot, log, sqrt


@dataclass(frozen=True, slots=True)
class Counted:
    """A place's count with its 95% limits; a full count has its own value for both."""

    place: str
    count: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Share:
    """A place's share of the whole in %, with its 95% limits."""

    place: str
    share: float
    lower: float
    upper: float


def shares(found: Sequence[Counted]) -> list[Share]:
    """Every place's share of them all, in the order given; none where nothing was counted anywhere."""
    whole = sum(one.count for one in found)
    if whole <= 0:
        return []
    return [_share(one, [other for other in found if other is not one], whole) for one in found]


def _share(one: Counted, others: Sequence[Counted], whole: float) -> Share:
    rest = whole - one.count
    least = rest - sqrt(sum((other.count - other.lower) ** 2 for other in others))
    most = rest + sqrt(sum((other.upper - other.count) ** 2 for other in others))
    share = 100 * one.count / whole
    if one.count <= 0:
        return Share(one.place, 0.0, 0.0, _percent(one.upper / least) if least > 0 else 100.0)
    if rest <= 0:
        return Share(one.place, 100.0, _percent(one.lower / most) if most > 0 else 100.0, 100.0)
    lower = 0.0
    if one.lower > 0:
        down = hypot(log(one.count / one.lower), log(most / rest))
        lower = _percent(exp(log(one.count / rest) - down))
    upper = 100.0
    if least > 0:
        up = hypot(log(one.upper / one.count), log(rest / least))
        upper = _percent(exp(log(one.count / rest) + up))
    return Share(one.place, share, lower, upper)


def _percent(odds: float) -> float:
    return 100 * odds / (1 + odds)
