"""Referrals to programmes, and what those that start do to offending for a year.

A programme is chosen by need, by where it serves, by sex and age. The one that takes easy cases takes people
with a short and quiet record, so that its starters do well whatever it does.
"""

import numpy as np

from etl.contracts.terms import PATHWAYS
from etl.synthetic.calendar import FAR, Month
from etl.synthetic.chance import pick
from etl.synthetic.directory import PROGRAMMES
from etl.synthetic.justice import Justice
from etl.synthetic.people import People
from etl.synthetic.record import Record
from etl.synthetic.schemes import DETER, IOM, Schemes
from etl.synthetic.truth import PROGRAMME_DAYS, Truth

SLOTS = 6
TAKEN_ON = 0.74
"""The share of those referred who start: chance alone decides, which the mentoring provider writes down as a score."""
THRESHOLD = round(100 * (1 - TAKEN_ON), 1)
"""The score, out of 100, from which the mentoring provider takes people on."""
COMPLETED, DROPPED, REMOVED, NOT_STARTED, ONGOING = range(5)
OUTCOMES = ("completed", "dropped_out", "removed", "not_started", "ongoing")
PATHWAY = np.array([PATHWAYS.index(programme.pathway) for programme in PROGRAMMES])
SERVED = np.array([[district in programme.districts for district in range(8)] for programme in PROGRAMMES])
WOMEN_ONLY = np.array([programme.sex == "female" for programme in PROGRAMMES])
AGES = np.array([programme.ages for programme in PROGRAMMES])
WAIT = np.array([programme.wait_days for programme in PROGRAMMES])
LENGTH = np.array([programme.length_days for programme in PROGRAMMES])
SHARE = np.array([0.5 if programme.unit_cost > 5000 else 1.0 for programme in PROGRAMMES])


class Referrals:
    """Referrals made month by month, and the effects that are running."""

    def __init__(self, people: People, justice: Justice, schemes: Schemes, truth: Truth) -> None:
        size = len(people)
        self.people, self.justice, self.schemes, self.truth = people, justice, schemes, truth
        self.effect = truth.programmes()
        codes = [programme.code for programme in PROGRAMMES]
        self.easy = codes.index(truth.easy_cases_programme)
        self.start = np.full((SLOTS, size), FAR)
        self.until = np.full((SLOTS, size), -FAR)
        self.times = np.ones((SLOTS, size))
        self.next_slot = np.zeros(size, np.int64)
        self.spells = Record("person", "programme", "referred", "started", "ended", "outcome", "mark", "lot")

    def multiplier(self, person: np.ndarray, on: np.ndarray) -> np.ndarray:
        """What programmes that started do to the intensity of these people on these days."""
        total = np.ones(len(person))
        for slot in range(SLOTS):
            under = (on >= self.start[slot, person]) & (on < self.until[slot, person])
            total = np.where(under, total * self.times[slot, person], total)
        return total

    def month(self, month: Month, chance: np.ndarray) -> None:
        """Refer some of those managed or supervised: most often people on IOM."""
        people = self.people
        supervised = self.justice.statutory(month.end)
        other = self.schemes.on[1:].any(axis=0)
        likely = np.where(
            self.schemes.managed,
            0.30,
            np.where(self.schemes.on[DETER], 0.20, np.where(other, 0.10, 0.035 * supervised)),
        )
        who = np.flatnonzero((chance[0] < likely) & (people.died > month.end + 200))
        if not len(who):
            return
        home, age = people.home_on(month.end)[who], people.age_on(month.end)[who]
        weight = people.needs[who][:, PATHWAY] ** 2 * SHARE * SERVED[:, home].T
        weight *= ~WOMEN_ONLY | people.female[who][:, None]
        weight *= (age[:, None] >= AGES[:, 0]) & (age[:, None] < AGES[:, 1] + 1)
        # It takes those whose record is short and quiet, which is all that its staff can see of them.
        record = 0.5 * self.schemes.recent[:6, who].sum(axis=0) + 0.15 * self.justice.prior[who]
        weight[:, self.easy] *= 14.0 * np.exp(-0.9 * record)
        programme = pick(chance[1][who], weight)
        taken = programme >= 0
        self._record(month, who[taken], programme[taken], chance[:, who[taken]], home[taken])

    def _record(
        self, month: Month, who: np.ndarray, programme: np.ndarray, chance: np.ndarray, home: np.ndarray
    ) -> None:
        # Referred on a day of the next month: an effect never starts within the month already simulated.
        referred = month.end + (chance[2] * 28).astype(np.int64)
        wait = (-WAIT[programme] * np.log1p(-0.995 * chance[3])).astype(np.int64) + 1
        begins = chance[4] < TAKEN_ON
        started = np.where(begins, referred + wait, FAR)
        length = (LENGTH[programme] * (0.4 + 1.1 * chance[5])).astype(np.int64)
        result = np.where(chance[6] < 0.60, COMPLETED, np.where(chance[6] < 0.90, DROPPED, REMOVED))
        length = np.where(result == COMPLETED, length, (length * (0.15 + 0.6 * chance[6] % 0.3)).astype(np.int64) + 3)
        ended = np.where(begins, started + length, FAR)
        # Somebody not taken in is closed some weeks later; until then they are waiting.
        closed = np.where(begins, ended, referred + 20 + (chance[5] * 60).astype(np.int64))
        self.spells.add(
            person=who, programme=programme, referred=referred, started=started, ended=closed,
            outcome=np.where(begins, result, NOT_STARTED), mark=(who * 13 + referred) % 9973, lot=chance[4],
        )  # fmt: skip
        district = np.where(self.schemes.on[IOM, who], self.schemes.district[IOM, who], home)
        times = self.effect[self.people.female[who].astype(int), programme]
        times = np.where(district == self.truth.no_effect_index, 1.0, times)
        acting = begins & (times != 1.0)
        who, slot = who[acting], self.next_slot[who[acting]]
        self.start[slot, who] = started[acting]
        self.until[slot, who] = started[acting] + PROGRAMME_DAYS
        self.times[slot, who] = times[acting]
        self.next_slot[who] = (slot + 1) % SLOTS
