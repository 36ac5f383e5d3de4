"""Who is on which scheme: selection at a peak of offending, staying, and leaving.

The score counts the charged offences of the last twelve months by the month of arrest, the latest six double. Each district
has its own threshold and a limited number of places, and professional judgement overrides the score now and then. So
people join when their offending is at its worst, and their counts fall afterwards whatever the scheme does.
"""

import datetime as dt

import numpy as np

from etl.synthetic.calendar import FAR, START, Month, day
from etl.synthetic.justice import SENTENCE, Justice
from etl.synthetic.people import People
from etl.synthetic.places import PETERBOROUGH, PPO_PLACES_PER_PERSON, THRESHOLD, places
from etl.synthetic.record import Record
from etl.synthetic.truth import AFTER_SCHEME_DAYS, Truth

IOM, PPO, DIP, MAPPA, DETER, SHORT = range(6)
EXITS = ("desisted", "stepped_down", "de_selected", "transferred_out", "died", "imprisoned", "refused",
         "programme_ended", "other")  # fmt: skip
ROUTES = ("score", "professional_judgement", "statutory", "transfer_in", "other")
DESISTED, STEPPED, DESELECTED, MOVED, DIED, IMPRISONED, REFUSED, ENDED, OTHER = range(9)
PPO_ENDS = day(dt.date(2017, 4, 1))
DIP_ENDS = day(dt.date(2019, 4, 1))
SHORT_ENDS = day(dt.date(2019, 4, 1))
SELECTED, NOT_SELECTED, RETAINED, DE_SELECTED = range(4)
INSIDE = 0.3
"""The share of a district's score that is enough for somebody in custody, whose offending has paused."""
DECISIONS = ("selected", "not_selected", "retained", "de_selected")


class Schemes:
    """Membership of the six schemes, and the decisions and spells that were recorded."""

    def __init__(self, people: People, justice: Justice, truth: Truth, *, on_paper: bool = False) -> None:
        size = len(people)
        self.on_paper = on_paper
        self.people, self.justice, self.truth = people, justice, truth
        self.places, self.ppo_places = places(size), places(size, PPO_PLACES_PER_PERSON)
        self.start = np.full((6, size), FAR)
        self.until = np.full((6, size), -FAR)
        self.on = np.zeros((6, size), bool)
        self.district = np.zeros((6, size), np.int64)
        self.leave_at = np.full((6, size), FAR)
        self.route = np.zeros((6, size), np.int64)
        self.left_on = np.full(size, -FAR)
        self.recent = np.zeros((12, size))
        self.effect = truth.schemes()
        self.episodes = Record("person", "scheme", "start", "end", "reason", "district", "route", "mark")
        self.decisions = Record("person", "day", "score", "district", "decision", "mark")

    @property
    def managed(self) -> np.ndarray:
        """Whom IOM works with: recalled sooner and referred more often than others. Nobody where it is on paper alone."""
        return self.on[IOM] & (not self.on_paper)

    def score(self) -> np.ndarray:
        """Charged offences of the last twelve months, those of the last six counted twice."""
        return self.recent.sum(axis=0) + self.recent[:6].sum(axis=0)

    def multiplier(self, person: np.ndarray, on: np.ndarray) -> np.ndarray:
        """What the schemes do to the intensity of these people on these days."""
        total = np.ones(len(person))
        for scheme in range(6):
            under = (on >= self.start[scheme, person]) & (
                self.on[scheme, person] | (on < self.until[scheme, person] + AFTER_SCHEME_DAYS)
            )
            works = self.district[scheme, person] != self.truth.no_effect_index
            total = np.where(under & works, total * self.effect[scheme], total)
        return total

    def month(self, month: Month, charged: np.ndarray, chance: np.ndarray) -> None:
        """One month's decisions, taken on its offences and effective on a day of the next: an effect never runs backwards."""
        self.recent = np.roll(self.recent, 1, axis=0)
        self.recent[0] = charged
        on = month.end + (chance[0] * 28).astype(np.int64)
        self._leave(month, on, chance)
        home = self.people.home_on(month.end)
        age = self.people.age_on(month.end)
        alive = self.people.died > month.end + 31
        score = self.score()
        self._iom(month, on=on, home=home, eligible=(age >= 18) & alive, score=score, chance=chance)
        if month.end < PPO_ENDS:
            self._ppo(on=on, home=home, eligible=(age >= 18) & alive, score=score, chance=chance[3])
        self._others(month, on=on, home=home, age=age, alive=alive, score=score, charged=charged, chance=chance)

    # --- leaving ----------------------------------------------------------------------------------------------

    def _end(self, scheme: int, who: np.ndarray, on: np.ndarray, reason: np.ndarray | int) -> None:
        on = np.maximum(on, self.start[scheme, who])
        self.episodes.add(
            person=who, scheme=scheme, start=self.start[scheme, who], end=on, reason=reason,
            district=self.district[scheme, who], route=self.route[scheme, who], mark=(who * 31 + on) % 9973,
        )  # fmt: skip
        self.on[scheme, who] = False
        self.until[scheme, who] = on

    def _leave(self, month: Month, on: np.ndarray, chance: np.ndarray) -> None:
        members = np.flatnonzero(self.on[IOM])
        died = self.people.died <= month.end
        if len(members):
            tenure = on[members] - self.start[IOM, members]
            quiet = self.recent[:10, members].sum(axis=0) == 0
            inside = self.justice.inside[members]
            free_long = ~inside & (on[members] - self.justice.released_on[members] > 200)
            hazard = np.zeros((6, len(members)))
            hazard[0] = np.where(quiet & free_long & (tenure > 270), 0.16, 0.0)
            hazard[1] = np.where(~inside & (tenure > 240), 0.095, 0.0)
            hazard[2] = np.where(~inside & (tenure > 180) & (self.score()[members] < 3), 0.080, 0.0005)
            hazard[3] = 0.0015
            far = self.justice.inside_to[members] - month.end
            hazard[4] = np.where((self.justice.kind[members] == SENTENCE) & (far > 1300), 0.04, 0.0)
            hazard[5] = np.where(inside, 0.0, 0.003)
            edges = np.cumsum(hazard, axis=0)
            draw = chance[1][members]
            reasons = np.array([DESISTED, STEPPED, DESELECTED, MOVED, IMPRISONED, REFUSED])
            which = (draw[None, :] >= edges).sum(axis=0)
            gone = (which < 6) | died[members]
            reason = np.where(died[members], DIED, reasons[np.minimum(which, 5)])
            who = members[gone]
            self._end(
                IOM, who, np.minimum(on[who], np.maximum(self.people.died[who], self.start[IOM, who])), reason[gone]
            )
            self.left_on[who] = on[who]
            chosen = gone & ~died[members]
            who = members[chosen]
            self.decisions.add(
                person=who, day=on[who], score=self.score()[who], district=self.district[IOM, who],
                decision=DE_SELECTED, mark=(who * 17 + on[who]) % 9973,
            )  # fmt: skip
            kept = members[~gone]
            review = kept[(self.start[IOM, kept] // 30 - month.number) % 6 == 0]
            self.decisions.add(
                person=review, day=on[review], score=self.score()[review], district=self.district[IOM, review],
                decision=RETAINED, mark=(review * 17 + on[review]) % 9973,
            )  # fmt: skip
        for scheme, ends in ((PPO, PPO_ENDS), (DIP, DIP_ENDS), (MAPPA, FAR), (DETER, FAR), (SHORT, SHORT_ENDS)):
            member = np.flatnonzero(self.on[scheme])
            leave = np.minimum(np.minimum(self.leave_at[scheme, member], ends), self.people.died[member])
            gone = leave < month.end
            who, leave = member[gone], leave[gone]
            reason = np.where(
                self.people.died[who] <= leave,
                DIED,
                np.where(leave == ends, ENDED, np.where(chance[2][who] < 0.6, STEPPED, DESELECTED)),
            )
            self._end(scheme, who, leave, reason)

    # --- joining ----------------------------------------------------------------------------------------------

    def _join(self, scheme: int, who: np.ndarray, on: np.ndarray, home: np.ndarray, route: np.ndarray | int) -> None:
        self.on[scheme, who] = True
        self.start[scheme, who] = on[who]
        self.until[scheme, who] = -FAR
        self.district[scheme, who] = home[who]
        self.route[scheme, who] = route

    def _iom(
        self,
        month: Month,
        *,
        on: np.ndarray,
        home: np.ndarray,
        eligible: np.ndarray,
        score: np.ndarray,
        chance: np.ndarray,
    ) -> None:
        """Fill the vacancies of each district with the highest scores, as judgement bends them."""
        waiting = eligible & ~self.on[IOM] & (self.left_on < month.end - 180) & (score > 0)
        for place in range(6):
            vacant = self.places[place] - int((self.on[IOM] & (self.district[IOM] == place)).sum())
            here = np.flatnonzero(waiting & (home == place) & (score >= THRESHOLD[place] * INSIDE))
            if not len(here):
                continue
            judged = chance[4][here] < 0.05
            doubted = chance[4][here] > 0.86
            worthy = (
                (score[here] >= THRESHOLD[place] * np.where(self.justice.inside[here], INSIDE, 1.0)) & ~doubted
            ) | judged
            order = np.argsort(-(score[here] + 12.0 * self.justice.inside[here] + 2.0 * chance[5][here]), kind="stable")
            ranked = here[order]
            # At the start the scheme is filled over its first months, not in one.
            most = max(1, int(np.ceil(self.places[place] / 6)))
            chosen = ranked[worthy[order]][: max(0, min(vacant, most))]
            route = np.where(score[chosen] >= THRESHOLD[place], 0, 1)
            self._join(IOM, chosen, on, home, np.where(chance[6][chosen] < 0.03, 3, route))
            considered = ranked[: 2 * len(chosen) + 1]
            self.decisions.add(
                person=considered, day=on[considered], score=score[considered], district=place,
                decision=np.where(np.isin(considered, chosen), SELECTED, NOT_SELECTED),
                mark=(considered * 17 + on[considered]) % 9973,
            )  # fmt: skip

    def _ppo(
        self, *, on: np.ndarray, home: np.ndarray, eligible: np.ndarray, score: np.ndarray, chance: np.ndarray
    ) -> None:
        """Fill the places of the older scheme, whose threshold is 15% above IOM's."""
        scheme, limit, threshold = PPO, self.ppo_places, 1.15
        waiting = eligible & ~self.on[scheme] & (on - self.until[scheme] > 365)
        for place in range(6):
            vacant = limit[place] - int((self.on[scheme] & (self.district[scheme] == place)).sum())
            here = np.flatnonzero(waiting & (home == place) & (score >= THRESHOLD[place] * threshold))
            chosen = here[np.argsort(-score[here], kind="stable")][: max(0, min(vacant, limit[place] // 6 + 1))]
            self._join(scheme, chosen, on, home, 0)
            self.leave_at[scheme, chosen] = on[chosen] + 300 + (chance[chosen] * 500).astype(np.int64)

    def _others(
        self,
        month: Month,
        *,
        on: np.ndarray,
        home: np.ndarray,
        age: np.ndarray,
        alive: np.ndarray,
        score: np.ndarray,
        charged: np.ndarray,
        chance: np.ndarray,
    ) -> None:
        """DIP after a positive test, MAPPA by law, deter for children, the One Service at Peterborough's gate."""
        people, justice = self.people, self.justice
        local = (home < 6) & alive
        adult = age >= 18
        if month.end < DIP_ENDS:
            tested = local & adult & people.drugs & (charged > 0) & (people.kind != 1) & ~self.on[DIP]
            who = np.flatnonzero(tested & (chance[7] < 0.10) & (on - self.until[DIP] > 90))
            self._join(DIP, who, on, home, 4)
            self.leave_at[DIP, who] = on[who] + 90 + (chance[8][who] * 240).astype(np.int64)
        dangerous = local & adult & (people.kind == 1) & (justice.kind == SENTENCE) & (justice.sentence_days >= 365)
        who = np.flatnonzero(dangerous & ~self.on[MAPPA] & (chance[9] < 0.06))
        self._join(MAPPA, who, on, home, 2)
        out = np.minimum(justice.inside_to[who], month.end + 2000)
        self.leave_at[MAPPA, who] = out + 365 + (chance[10][who] * 500).astype(np.int64)
        young = local & (age >= 10) & (age < 17.5) & (score >= 5) & ~self.on[DETER] & (on - self.until[DETER] > 365)
        who = np.flatnonzero(young & (chance[11] < 0.30))
        self._join(DETER, who, on, home, 0)
        eighteen = (people.born[who] + 18 * 365.25).astype(np.int64)
        self.leave_at[DETER, who] = np.minimum(on[who] + 150 + (chance[8][who] * 350).astype(np.int64), eighteen)
        if START - 400 < month.end < SHORT_ENDS - 200:
            left = local & adult & (home == PETERBOROUGH) & (justice.released_short >= month.first)
            who = np.flatnonzero(left & ~self.on[SHORT] & (chance[12] < 0.7) & (justice.released_short < month.end))
            self._join(SHORT, who, on, home, 4)
            self.leave_at[SHORT, who] = on[who] + 365

    def close_at_cutoff(self) -> None:
        """Those still on a scheme leave an episode without an end."""
        for scheme in range(6):
            who = np.flatnonzero(self.on[scheme])
            self.episodes.add(
                person=who, scheme=scheme, start=self.start[scheme, who], end=FAR, reason=-1,
                district=self.district[scheme, who], route=self.route[scheme, who], mark=(who * 31) % 9973,
            )  # fmt: skip
