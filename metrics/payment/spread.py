"""How much people differ: what luck is made of.

Most people commit nothing, and a few commit most. A person reoffends with chance p, and those who do commit 1 + X events,
X negative binomial (a Poisson whose rate differs from person to person by a gamma): heavy-tailed, with the mean and the
variance of the county's own people. Their variance is read off the comparison's own interval: for a difference d of
means of n people and m effective controls, var = error(d)² / (1 / n + 1 / m).
"""

from dataclasses import dataclass

Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Counts:
    """Events a person: mean and variance over everybody, those without any included."""

    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Of people who are not helped at all: the share who reoffend, and their events of each kind a person.

    `counts`: by measure (`occasions`, `reoffences`). `compared`: people behind the expected figure, for each person followed in
    a period; `shared` says that they are the same for every period (a baseline year), so that its luck is not renewed.
    """

    share: float
    counts: dict[str, Counts]
    compared: float
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Extra:
    """Events beyond the first of those who reoffend: mean, and the gamma's shape (None: plain Poisson)."""

    mean: float
    shape: float | None


def variance_of(lower: float, upper: float, people: float, compared: float, scale: float = 100.0) -> float:
    """The variance of a person's count from the 95% interval of a difference for every `scale` people."""
    error = (upper - lower) / (2 * Z) / scale
    return error**2 / (1 / people + 1 / compared)


def extra(share: float, counts: Counts) -> Extra:
    """Split a person's count into whether, and how many more: with share p, mean m and variance s² over everybody,

    each who reoffends has mean u = m / p and variance v = (s² - p (1 - p) u²) / p; X has mean a = u - 1 and shape
    a² / (v - a). No shape fits where v <= a: then X is Poisson, and the variance is a little more than was asked.
    """
    if share <= 0:
        return Extra(0.0, None)
    each = max(counts.mean / share, 1.0)
    within = (counts.variance - share * (1 - share) * each**2) / share
    more = each - 1
    over = within - more
    return Extra(more, more**2 / over if over > NEGLIGIBLE and more > 0 else None)


def variance_made(share: float, found: Extra) -> float:
    """The variance of a person's count that the model has: p v + p (1 - p) u²."""
    within = found.mean + (0.0 if found.shape is None else found.mean**2 / found.shape)
    return share * within + share * (1 - share) * (1 + found.mean) ** 2


NEGLIGIBLE = 1e-9


def by_hand(mean: float, shape: float, share: float | None, compared: float, measure: str) -> Spread:
    """A spread from a mean and the shape of a negative binomial (variance m + m² / shape), where nothing else is known.

    Without a share who reoffend it is the negative binomial's own: 1 - (shape / (shape + m)) ** shape.
    """
    own = 1 - (shape / (shape + mean)) ** shape
    counts = Counts(mean, mean + mean**2 / shape)
    return Spread(own if share is None else share, {measure: counts}, compared)
