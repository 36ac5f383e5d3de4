"""The expected fall: the closed form, the fit, and peaks that no scheme touched."""

import numpy as np
import pytest

from metrics.compare.regression_to_mean import (
    LEAST_COMPARABLE,
    Record,
    _log_rate,
    against_expected,
    fit,
    posterior_rate,
)

SHAPE = 0.8


def county(
    rng: np.random.Generator, size: int, effect: float = 1.0
) -> tuple[Record, np.ndarray, np.ndarray, np.ndarray]:
    """Gamma-Poisson people with five spells of record, older people slower; then a year, times `effect` for those chosen.

    Chosen: the busiest in their last two spells (a peak). Returns records, offences, years and who was chosen.
    """
    age = rng.uniform(-1, 3, size)
    pace = np.exp(0.6 - 0.3 * age) * rng.gamma(SHAPE, 1 / SHAPE, size)
    years = np.tile([61 / 365.25, 122 / 365.25, 0.5, 1.0, 3.0], (size, 1)) * rng.uniform(0.5, 1, (size, 5))
    counts = rng.poisson(pace[:, None] * years).astype(float)
    record = Record(counts, years, traits=age[:, None], state=np.zeros((size, 1)), person=np.arange(size))
    chosen = (2 * counts[:, 0] + counts[:, 1] >= 5) & (rng.random(size) < 0.7)
    after = rng.uniform(0.4, 1.0, size)
    return record, rng.poisson(pace * after * np.where(chosen, effect, 1.0)).astype(float), after, chosen


@pytest.mark.parametrize("y", [0, 1, 7])
@pytest.mark.parametrize("k", [0.3, 2.0])
def test_posterior_rate_is_the_gamma_poisson_posterior_mean(y: int, k: float) -> None:
    mean, exposure = 1.7, 0.9
    pace = np.linspace(1e-6, 120, 2_000_001)
    weight = pace ** (k - 1) * np.exp(-pace * k / mean) * pace**y * np.exp(-pace * exposure)
    numeric = (weight * pace).sum() / weight.sum()
    closed = (k + y) / (k / mean + exposure)
    found = posterior_rate(mean, k, np.array([[float(y)]]), np.array([[exposure]]))
    assert found[0] == pytest.approx(closed)
    if k > 1:  # below 1 the density has a spike at nothing, where the sum is coarse
        assert closed == pytest.approx(numeric, rel=1e-3)


def test_a_peak_falls_as_foretold_when_the_prior_is_known() -> None:
    rng = np.random.default_rng(1)
    pace = rng.gamma(SHAPE, 2.0 / SHAPE, 400_000)
    before, after = rng.poisson(pace), rng.poisson(pace)
    peak = before >= 6
    foretold = posterior_rate(2.0, SHAPE, before[peak, None].astype(float), np.ones((peak.sum(), 1)))
    assert after[peak].mean() < 0.8 * before[peak].mean()
    assert foretold.mean() == pytest.approx(after[peak].mean(), rel=0.02)


def test_old_spells_count_for_less() -> None:
    counts, years = np.array([[0.0, 6.0]]), np.array([[1.0, 1.0]])
    full, half = (posterior_rate(1.0, 1.0, counts, years, np.array([1.0, w]))[0] for w in (1.0, 0.5))
    assert full == pytest.approx(7 / 3) and half == pytest.approx(4 / 2.5)


def test_the_fits_gradient_is_the_derivative() -> None:
    rng = np.random.default_rng(2)
    record, *_ = county(rng, 50)
    values = rng.normal(0, 0.4, 2 + 2 + 1 + 4)
    _, gradient = _log_rate(values, record)
    for place in range(len(values)):
        step = np.zeros(len(values))
        step[place] = 1e-6
        numeric = (_log_rate(values + step, record)[0] - _log_rate(values - step, record)[0]) / 2e-6
        assert gradient[:, place] == pytest.approx(numeric, abs=1e-6)


def test_the_fit_comes_near_the_true_posterior() -> None:
    rng = np.random.default_rng(3)
    record, offences, years, _ = county(rng, 6000)
    model = fit(record, offences, years)
    assert model is not None and model.converged
    true = posterior_rate(np.exp(0.6 - 0.3 * record.traits[:, 0]), SHAPE, record.counts, record.years)
    assert np.corrcoef(model.rate(record), true)[0, 1] > 0.97
    assert (model.rate(record) * years).sum() == pytest.approx(offences.sum(), rel=0.03)


@pytest.mark.parametrize(("effect", "truth"), [(1.0, 0.0), (0.6, -40.0), (1.5, 50.0)])
def test_a_null_leaves_no_remainder_and_an_effect_is_recovered(effect: float, truth: float) -> None:
    """60 counties of 2,500 people: unbiased within Monte Carlo error, and the interval holds the truth."""
    rng = np.random.default_rng(int(effect * 10))
    logs, held, naive = [], [], []
    for _ in range(60):
        record, offences, years, chosen = county(rng, 2500, effect)
        model = fit(record.of(~chosen), offences[~chosen], years[~chosen])
        assert model is not None
        found = against_expected(model, record.of(chosen), offences[chosen], years[chosen]).remainder
        logs.append(np.log1p(found.estimate / 100))
        held.append(found.lower <= truth <= found.upper)
        before = record.counts[chosen, :3].sum() / record.years[chosen, :3].sum()
        naive.append(offences[chosen].sum() / years[chosen].sum() / before - 1)
    assert np.mean(logs) == pytest.approx(np.log1p(truth / 100), abs=0.03 + 3 * np.std(logs) / np.sqrt(60))
    assert np.mean(held) >= 0.85
    if effect == 1.0:
        assert np.mean(naive) < -0.25


def test_whose_record_is_weighed_out_does_not_count() -> None:
    rng = np.random.default_rng(4)
    record, offences, years, _ = county(rng, 1500)
    strange = np.arange(1500) < 300
    offences = np.where(strange, offences + 30, offences)
    weighed = fit(record, offences, years, np.where(strange, 0.0, 1.0))
    alone = fit(record.of(~strange), offences[~strange], years[~strange])
    assert weighed is not None and alone is not None
    assert weighed.rate(record) == pytest.approx(alone.rate(record), rel=1e-6)


def test_too_few_comparable_people_means_none() -> None:
    rng = np.random.default_rng(5)
    record, offences, years, _ = county(rng, LEAST_COMPARABLE - 1)
    assert fit(record, offences, years) is None


def test_nobody_is_expected_to_pass_what_was_seen() -> None:
    rng = np.random.default_rng(6)
    record, offences, years, _ = county(rng, 1000)
    model = fit(record, offences, years)
    assert model is not None
    wild = Record(
        record.counts[:1] + 500, record.years[:1] / 50, record.traits[:1], record.state[:1], record.person[:1]
    )
    assert model.rate(wild)[0] == pytest.approx(model.rate(record).max())
