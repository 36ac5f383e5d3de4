"""The delay of proof: hazards and the chain ladder, against hand counts, a slow twin, statsmodels and Mack's triangle."""

import math

import numpy as np
import pytest

from metrics.compare.delay import Entries, Pattern, entries, expect_people, expect_reoffences, learn

TAYLOR_ASHE = (
    (357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286, 3833515, 3901463),
    (352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039, 5339085),
    (290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315),
    (310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268),
    (443160, 1136350, 2128333, 2897821, 3402672, 3873311),
    (396132, 1333217, 2180715, 2985752, 3691712),
    (440832, 1288463, 2419861, 3483130),
    (359480, 1421128, 2864498),
    (376686, 1363294),
    (344014,),
)
"""Cumulative claims by year of origin and development: Taylor and Ashe (1983), as printed by Mack (1993), ASTIN Bulletin 23."""
RESERVES = (0, 94634, 469511, 709638, 984889, 1419459, 2177641, 3920301, 4278972, 4625811)
"""The chain ladder's reserves, Mack (1993), table 3 (in thousands there: 95, 470, 710, 985, 1419, 2178, 3920, 4279, 4626)."""


def made(rows: list[tuple[int, list[int]]], horizon: int) -> Entries:
    """Entries from (day, days to each proof), all of one stratum and district."""
    of = [place for place, (_, seen) in enumerate(rows) for _ in seen]
    seen = [day for _, days in rows for day in days]
    none = np.zeros(len(rows), dtype=np.int64)
    days = np.array([day for day, _ in rows], dtype=np.int64)
    return entries(
        days, none, none, of=np.array(of, dtype=np.int64), seen=np.array(seen, dtype=np.int64), horizon=horizon
    )


def random_entries(seed: int, size: int = 300, horizon: int = 40) -> Entries:
    rng = np.random.default_rng(seed)
    rows = [
        (int(rng.integers(0, 200)), sorted(rng.integers(1, horizon + 1, rng.poisson(rng.gamma(0.5, 2.0))).tolist()))
        for _ in range(size)
    ]
    return made(rows, horizon)


def plain(who: Entries, cutoff: int, window: int) -> tuple[list[float], list[float]]:
    """Hazard and share by loops over entries and ages: a proof on day + age counts when that day is in the window."""
    seen: list[list[int]] = [[] for _ in who.day]
    for entry, day in zip(who.of, who.seen, strict=True):
        seen[entry].append(int(day))
    hazard, factors, total = [0.0], [1.0], 0.0
    for age in range(1, who.horizon + 1):
        at_risk = first = before = after = 0
        for day, proofs in zip(who.day, seen, strict=True):
            if not cutoff - window < day + age <= cutoff:
                continue
            before += sum(1 for proof in proofs if proof < age)
            after += sum(1 for proof in proofs if proof <= age)
            if not proofs or min(proofs) >= age:
                at_risk += 1
                first += min(proofs, default=0) == age
        total += -math.log(1 - first / at_risk) if at_risk and first < at_risk else 0.0
        hazard.append(total)
        factors.append(before / after if after else 1.0)
    share = [math.prod(factors[age + 1 :]) for age in range(who.horizon + 1)]
    return hazard, share


def test_hazard_and_share_by_hand() -> None:
    # Four people, index on day 0, horizon 3, all seen to the end: first proofs after 1, 2, 2 days and never.
    who = made([(0, [1, 3]), (0, [2]), (0, [2, 2]), (0, [])], 3)
    pattern = learn(who, 3)
    assert pattern.hazard == pytest.approx([0, -math.log(3 / 4), -math.log(3 / 4) - math.log(1 / 3), -math.log(1 / 4)])
    assert np.exp(-pattern.hazard[-1]) == pytest.approx(1 / 4)  # the share who never reoffend
    assert pattern.share == pytest.approx([0, 1 / 5, 4 / 5, 1])  # 1, 4 and 5 of 5 reoffences counted by then


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("cutoff", "window"), [(240, 1000), (150, 60), (120, 45)])
def test_equals_the_slow_twin(seed: int, cutoff: int, window: int) -> None:
    who = random_entries(seed)
    hazard, share = plain(who, cutoff, window)
    pattern = learn(who, cutoff, window)
    assert pattern.hazard == pytest.approx(hazard, abs=1e-9)
    assert pattern.share == pytest.approx(share, abs=1e-9)


def test_hazard_is_kaplan_and_meiers_by_statsmodels() -> None:
    from statsmodels.duration.survfunc import SurvfuncRight

    who = random_entries(7)
    cutoff = 190
    reached = np.minimum(cutoff - who.day, who.horizon)
    known = reached >= 1
    time, event = np.minimum(who.first, reached)[known], (who.first <= reached)[known]
    theirs = SurvfuncRight(time, event)
    ours = np.exp(-learn(who, cutoff, 10_000).hazard)
    last = theirs.surv_times[theirs.surv_times <= who.horizon]
    assert ours[last.astype(int)] == pytest.approx(theirs.surv_prob[: len(last)], abs=1e-9)


def test_reproduces_macks_chain_ladder() -> None:
    rows = []
    for origin, row in enumerate(TAYLOR_ASHE):
        new = [round((now - before) / 1000) for now, before in zip(row, (0, *row), strict=False)]
        rows.append((origin, [age for age, count in enumerate(new, start=1) for _ in range(count)]))
    who = made(rows, 10)
    told = expect_reoffences(who, learn(who, 10, 1000, credibility=0.0), np.arange(10), 10)
    assert told.added * 1000 == pytest.approx(RESERVES, rel=0.01)
    assert told.added.sum() * 1000 == pytest.approx(18_680_856, rel=0.001)


def test_nothing_after_the_cutoff_is_looked_at() -> None:
    who = random_entries(4)
    cutoff = 130
    rows = np.flatnonzero(who.day <= cutoff)
    kept = who.day[who.of] + who.seen <= cutoff
    first = np.where(who.day + who.first <= cutoff, who.first, who.horizon + 1)
    blind = Entries(who.day, who.stratum, who.district, who.of[kept], who.seen[kept], first, who.horizon)
    for expect in (expect_people, expect_reoffences):
        open_eyed = expect(who, learn(who, cutoff, 90), rows, cutoff)
        blindfold = expect(blind, learn(blind, cutoff, 90), rows, cutoff)
        assert blindfold.seen == pytest.approx(open_eyed.seen)
        assert blindfold.added == pytest.approx(open_eyed.added)


def test_credibility_lies_between_ones_own_record_and_everybodys() -> None:
    who = made([(0, [1, 1, 1, 1]), (0, [])], 10)
    share = np.linspace(0, 1, 11)
    mean = np.array([2.0, 2.0])

    def added(k: float) -> np.ndarray:
        pattern = Pattern(np.zeros(11), np.ones(2), share, mean, k, 1.0, 2)
        return expect_reoffences(who, pattern, np.arange(2), 5).added

    assert added(0.0) == pytest.approx([4 * 0.5 / 0.5, 0])  # chain ladder
    assert added(1e9) == pytest.approx([1.0, 1.0])  # Bornhuetter and Ferguson: mean (1 - share)
    assert added(1.0) == pytest.approx([1.0 * (1 + 4) / (1 + 1), 1.0 * 1 / (1 + 1)])


def test_recovers_a_known_delay() -> None:
    # Everybody's reoffences are Poisson of mean 1.2 and counted after a uniform delay of 1 to 100 days.
    rng = np.random.default_rng(5)
    rows = [(int(rng.integers(0, 900)), sorted(rng.integers(1, 101, rng.poisson(1.2)).tolist())) for _ in range(8000)]
    who = made(rows, 100)
    pattern = learn(who, 700)
    assert pattern.share[50] == pytest.approx(0.5, abs=0.02)
    assert 1 - np.exp(-pattern.hazard[100]) == pytest.approx(1 - math.exp(-1.2), abs=0.02)
    half = np.flatnonzero((who.day > 630) & (who.day <= 650))
    told = expect_reoffences(who, pattern, half, 700)
    final = np.bincount(who.of, minlength=len(who.day))[half]
    assert told.seen.sum() + told.added.sum() == pytest.approx(final.sum(), abs=3 * np.sqrt(1.2 * len(half) / 2))
