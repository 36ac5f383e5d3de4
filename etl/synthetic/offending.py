"""Candidate offending: what people would do month by month with nothing in the way.

Candidates are drawn at a rate that no state of the world changes (custody, a scheme, an earlier sentence),
each with the chance that decides whether it happens and all the chances of what follows it. What does
happen is a thinning of these. So two runs of one seed with different effects share every random number,
and differ only by what the effects did.
"""

from dataclasses import dataclass

import numpy as np

from etl.synthetic.calendar import Month
from etl.synthetic.chance import stream
from etl.synthetic.crimes import ACQUISITIVE, MIX, SERIOUS
from etl.synthetic.people import People
from etl.synthetic.truth import MOST

STOP_A_MONTH = 0.065
RESUME_A_MONTH = 0.010
PERSISTENCE = 0.42
"""Careers go on and off. At a low rate an active spell lasts a year and a half and a quiet one eight years; the more
often somebody offends when active, the longer they stay active and the sooner they are back."""


def age_factor(age: np.ndarray) -> np.ndarray:
    """Offending by age: rising to 19, level to 24, then falling by 3.5% a year; nothing under 10."""
    rising = np.clip((age - 9) / 10, 0, 1)
    falling = np.exp(-0.035 * np.clip(age - 24, 0, None))
    child = np.where(age < 18, 0.55, 1.0)
    return np.where(age < 10, 0.0, rising * falling * child)


@dataclass
class Candidates:
    """One month's candidate incidents: person, day, size, worst offence, and their chances."""

    person: np.ndarray
    day: np.ndarray
    offences: np.ndarray
    crime: np.ndarray
    seriousness: np.ndarray
    chance: np.ndarray
    forced: np.ndarray
    inside: np.ndarray

    def __len__(self) -> int:
        return len(self.person)

    def take(self, kept: np.ndarray) -> "Candidates":
        return Candidates(*(getattr(self, name)[kept] for name in self.__dataclass_fields__))


class Offending:
    """Whose career is on, month by month, and the candidates it makes."""

    def __init__(self, people: People, seed: int, block: int) -> None:
        self.people, self.seed, self.block = people, seed, block
        persistence = 1 + PERSISTENCE * people.rate
        self.stop = STOP_A_MONTH / persistence
        self.resume = np.minimum(RESUME_A_MONTH * persistence, 0.06)
        self.active = stream(seed, block, "active").random(len(people)) < self.resume / (self.resume + self.stop)

    def month(self, month: Month) -> Candidates:
        """The candidates of a month. Every random number belongs to the month and person, or to the candidate."""
        people = self.people
        rng = stream(self.seed, self.block, f"offending {month.number}")
        switch = rng.random(len(people))
        starting = (people.onset >= month.first) & (people.onset < month.end)
        self.active = np.where(self.active, switch >= self.stop, switch < self.resume) | starting
        on = np.where(people.career, self.active, True)
        on = on & (people.onset < month.end) & (people.desists > month.first) & (people.died > month.end)
        yearly = people.rate * age_factor(people.age_on(month.first)) * on
        count = rng.poisson(yearly * MOST * month.days / 365.25)
        once = np.flatnonzero(~people.career & (people.once >= month.first) & (people.once < month.end))
        person = np.concatenate([np.repeat(np.arange(len(people)), count), once])
        forced = np.arange(len(person)) >= len(person) - len(once)
        day = month.first + rng.integers(0, month.days, len(person))
        chance = rng.random((14, len(person)))
        size = rng.geometric(0.80, len(person))
        crime = (np.cumsum(MIX / MIX.sum(axis=1, keepdims=True), axis=1)[people.kind[person]] < chance[0][:, None]).sum(
            axis=1
        )
        crime = np.minimum(crime, MIX.shape[1] - 1)
        size = np.where(ACQUISITIVE[crime], size + rng.binomial(2, 0.25, len(person)), size)
        return Candidates(
            person,
            day,
            np.minimum(size, 12),
            crime,
            SERIOUS[crime],
            np.ascontiguousarray(chance.T),
            forced,
            np.zeros(len(person), bool),
        )
