"""From incident to disposal: arrest, remand, hearing, sentence, custody, licence and recall.

Each person may wait for up to three hearings at once; offences may join a hearing already listed, which makes
them one occasion. Within a month the order is: releases, hearings listed earlier, recalls, offences, remands, and
then the hearings that this month's offences reached before it ended.
"""

import datetime as dt

import numpy as np

from etl.synthetic.calendar import FAR, Month, day, on_a_working_day
from etl.synthetic.chance import pick
from etl.synthetic.offending import Candidates
from etl.synthetic.people import People
from etl.synthetic.record import Record

FREE, REMAND, SENTENCE, RECALL = range(4)
CHARGED, CAUTIONED, RESOLUTION, PENALTY, DROPPED = range(5)
DISPOSALS = ("custody", "suspended", "community", "fine", "discharge", "other")
SLOTS = 3
SUPERVISION_AFTER_SHORT = day(dt.date(2015, 2, 1))
"""Offender Rehabilitation Act 2014: from here sentences under 12 months carry supervision after prison release."""


class Justice:
    """The state of every person before the courts and in custody, and the record of what happened."""

    def __init__(self, people: People) -> None:
        size = len(people)
        self.people = people
        self.prior = people.earlier.copy()
        self.first_sanction = people.first_sanction.copy()
        self.prior_at_start = people.earlier.copy()
        self.kind = np.zeros(size, np.int64)
        self.inside_from = np.full(size, FAR)
        self.inside_to = np.full(size, FAR)
        self.sentence_days = np.zeros(size, np.int64)
        self.sentenced_on = np.full(size, -FAR)
        self.licence_to = np.full(size, -FAR)
        self.order_to = np.full(size, -FAR)
        self.raised_to = np.full(size, -FAR)
        self.released_on = np.full(size, -FAR)
        self.released_short = np.full(size, -FAR)
        # The last two spells that ended: both may lie in the month that is being simulated.
        self.held_from = np.full((2, size), FAR)
        self.held_to = np.full((2, size), -FAR)
        self.listed = np.full((SLOTS, size), FAR)
        self.first_hearing = np.full((SLOTS, size), FAR)
        self.proven = np.full((SLOTS, size), FAR)
        self.occasion = np.full((SLOTS, size), -1)
        self.counts = np.zeros((SLOTS, size), np.int64)
        self.worst = np.zeros((SLOTS, size))
        self.remand_to_slot = np.zeros(size, np.int64)
        self.next_occasion = 0
        self.arrested_last_month = np.zeros(size, bool)
        self.managed = np.zeros(size, bool)
        # Offences whose arrest is yet to come: person, day of arrest, how many.
        self.at_large = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))
        self.incidents = Record(
            "person", "day", "crime", "offences", "inside", "outcome", "arrest", "occasion", "first", "proven", "mark"
        )
        self.occasions = Record("occasion", "person", "sentence", "disposal", "sentence_days", "order_to")
        self.spells = Record("person", "kind", "start", "end", "due", "sentence_days", "time_served", "mark")
        self.recalls = Record("person", "day", "end")

    @property
    def inside(self) -> np.ndarray:
        return self.kind != FREE

    def statutory(self, on: int) -> np.ndarray:
        """Under an order or licence on a day."""
        return (self.order_to > on) | (self.licence_to > on)

    # --- prison releases -------------------------------------------------------------------------------------

    def release(self, month: Month) -> np.ndarray:
        """End the sentences and recalls that run out before the month does. Remand ends only at a hearing."""
        out = np.flatnonzero(((self.kind == SENTENCE) | (self.kind == RECALL)) & (self.inside_to < month.end))
        self._close(out, self.inside_to[out])
        return out

    def _close(self, who: np.ndarray, on: np.ndarray, time_served: bool = False, freed: bool = True) -> None:
        if not len(who):
            return
        kind, length = self.kind[who], self.sentence_days[who]
        self.spells.add(
            person=who, kind=kind, start=self.inside_from[who], end=on, due=np.minimum(on, self.inside_to[who]),
            sentence_days=np.where(kind == REMAND, 0, length), time_served=time_served, mark=(who * 7919 + on) % 9973,
        )  # fmt: skip
        self.held_from[1, who], self.held_to[1, who] = self.held_from[0, who], self.held_to[0, who]
        self.held_from[0, who], self.held_to[0, who] = self.inside_from[who], on
        self.kind[who] = FREE
        self.inside_from[who] = self.inside_to[who] = FAR
        if not freed:
            return
        self.released_on[who] = on
        sentenced = kind == SENTENCE
        done, when, days = who[sentenced], on[sentenced], length[sentenced]
        supervised = (days >= 365) | (when >= SUPERVISION_AFTER_SHORT)
        until = np.maximum(self.sentenced_on[done] + days, when + np.where(days < 730, 365, 0))
        self.licence_to[done] = np.where(supervised, until, self.licence_to[done])
        short = days < 365
        self.raised_to[done] = np.where(short, when + 365, self.raised_to[done])
        self.released_short[done] = np.where(short, when, self.released_short[done])

    # --- recalls ----------------------------------------------------------------------------------------------

    def recall(self, month: Month, chance: np.ndarray) -> None:
        """Recall some of those on licence, more often after an arrest: 28 days for most, longer for others."""
        on_licence = (self.licence_to > month.end) & (self.kind == FREE) & (self.released_on < month.first)
        hazard = np.where(self.arrested_last_month, 0.22, 0.015) * np.where(self.managed, 2.8, 1.0)
        who = np.flatnonzero(on_licence & (chance[0] < hazard))
        start = month.first + (chance[1][who] * month.days).astype(np.int64)
        length = np.where(chance[2][who] < 0.6, 28, 45 + (chance[2][who] - 0.6) * 300).astype(np.int64)
        end = on_a_working_day(start + length, chance[3][who])
        self.kind[who], self.inside_from[who], self.inside_to[who] = RECALL, start, end
        self.sentence_days[who] = 0
        self.recalls.add(person=who, day=start, end=end)

    # --- hearings ---------------------------------------------------------------------------------------------

    def hear(self, month: Month, chance: np.ndarray) -> None:
        """Sentence whoever is listed this month. `chance` is by person: disposal, length, proof, weekday."""
        for slot in range(SLOTS):
            who = np.flatnonzero((self.listed[slot] >= month.first) & (self.listed[slot] < month.end))
            if len(who):
                self._sentence(slot, who, chance[4 * slot : 4 * slot + 4, who])

    def _sentence(self, slot: int, who: np.ndarray, chance: np.ndarray) -> None:
        on = self.listed[slot, who]
        # Whoever leaves prison later in the month is sentenced on that day: spells never overlap.
        leaving = (self.held_from[0, who] <= on) & (self.held_to[0, who] > on)
        on = np.where(leaving, self.held_to[0, who], on)
        # Whoever was recalled or remanded in this month after the day listed is sentenced from custody.
        on = np.where(self.kind[who] != FREE, np.maximum(on, self.inside_from[who]), on)
        age = (on - self.people.born[who]) / 365.25
        not_proven = chance[2] < 0.09
        disposal = pick(chance[0], _disposal_weights(self, slot, who, age))
        disposal = np.where(not_proven, -1, disposal)
        worst = self.worst[slot, who]
        spread = np.exp(0.7 * _normal(chance[1]))
        typical = 60 + 2700 * worst**3.5 + 5.0 * np.minimum(self.prior[who], 25)
        length = np.clip(np.rint(typical * spread / 7) * 7, 14, 5500).astype(np.int64)
        length = np.where(age < 18, np.minimum(length, 730), length)
        order = np.where(chance[1] < 0.6, 365, np.where(chance[1] < 0.8, 540, 730))
        order_to = np.where((disposal == 1) | (disposal == 2), on + order, -FAR)
        self.occasions.add(
            occasion=self.occasion[slot, who], person=who, sentence=on, disposal=disposal,
            sentence_days=np.where(disposal == 0, length, np.where(disposal == 1, np.minimum(length, 728), 0)),
            order_to=order_to,
        )  # fmt: skip
        self.order_to[who] = np.maximum(self.order_to[who], order_to)
        proved = who[~not_proven]
        self.prior[proved] += 1
        self.first_sanction[proved] = np.minimum(self.first_sanction[proved], on[~not_proven])
        self._into_custody(slot, who, on=on, custody=disposal == 0, length=length, chance=chance[3])
        self.listed[slot, who] = self.first_hearing[slot, who] = self.proven[slot, who] = FAR
        self.occasion[slot, who] = -1
        self.counts[slot, who] = 0
        self.worst[slot, who] = 0.0

    def _into_custody(
        self, slot: int, who: np.ndarray, *, on: np.ndarray, custody: np.ndarray, length: np.ndarray, chance: np.ndarray
    ) -> None:
        """Serve half, less days on remand; a sentence already running is only ever made longer."""
        remand = (self.kind[who] == REMAND) & (self.remand_to_slot[who] == slot)
        on_remand = np.where(remand, on - self.inside_from[who], 0)
        out = remand & ~custody
        self._close(who[out], on[out])
        to_serve = np.where(length < 1461, length // 2, length * 2 // 3) - on_remand
        already = (self.kind[who] == SENTENCE) & custody
        run_on = who[already]
        until = on_a_working_day(on + np.maximum(to_serve, 1), chance)
        self.inside_to[run_on] = np.maximum(self.inside_to[run_on], until[already])
        self.sentence_days[run_on] = np.maximum(self.sentence_days[run_on], length[already])
        new = custody & ~already
        held = new & (self.kind[who] != FREE)
        self._close(who[held], on[held], freed=False)
        served = new & (to_serve <= 0)
        start = who[new]
        self.kind[start] = SENTENCE
        self.inside_from[start] = on[new]
        self.inside_to[start] = np.where(served, on, until)[new]
        self.sentence_days[start] = length[new]
        self.sentenced_on[start] = on[new]
        self.licence_to[start] = -FAR
        self._close(who[served], on[served], time_served=True)

    # --- offences ---------------------------------------------------------------------------------------------

    def allow(self, month: Month, found: Candidates, multiplier: np.ndarray, most: float) -> Candidates:
        """Thin the candidates by the multiplier on their intensity and by custody; mark what happens inside."""
        who = found.person
        happens = found.forced | (found.chance[:, 1] * most < multiplier)
        in_past_spell = ((found.day >= self.held_from[:, who]) & (found.day < self.held_to[:, who])).any(axis=0)
        in_spell = self.inside[who] & (found.day >= self.inside_from[who]) & (found.day < self.inside_to[who])
        within = in_past_spell | in_spell
        happens &= ~within | (found.chance[:, 2] < 0.035)
        kept = found.take(happens)
        kept.inside = within[happens]
        return kept

    def process(self, month: Month, found: Candidates, hearings: np.ndarray) -> np.ndarray:
        """Arrest, charge, caution, remand and list the month's incidents, and hear those listed before it ends.

        `hearings` are the chances of these hearings, by person. Returns the charged offences of this month's arrests by person.
        """
        people, who = self.people, found.person
        inside = found.inside
        chance = found.chance
        age = (found.day - people.born[who]) / 365.25
        prior = self.prior[who]
        child = age < 18
        minor = found.seriousness < 0.45
        caution = np.where(prior == 0, 0.34, np.where(prior <= 2, 0.13, 0.02)) * np.where(child, 1.5, 1.0) * minor
        resolution = np.where(prior == 0, 0.10, np.where(prior <= 2, 0.07, 0.02)) * minor
        penalty = np.where(minor & ~child, 0.025, 0.0)
        drop = 0.05
        edges = np.cumsum(np.stack([caution, resolution, penalty, np.full(len(who), drop)]), axis=0)
        outcome = np.select(
            [chance[:, 3] < edges[0], chance[:, 3] < edges[1], chance[:, 3] < edges[2], chance[:, 3] < edges[3]],
            [CAUTIONED, RESOLUTION, PENALTY, DROPPED],
            CHARGED,
        )
        outcome = np.where(inside, CHARGED, outcome)
        quick = chance[:, 4] < 0.6
        arrest = found.day + np.where(quick, chance[:, 5] * 2.5, 2 - 24 * np.log1p(-chance[:, 5] * 0.999)).astype(
            np.int64
        )
        likely = np.clip(0.015 + 0.006 * np.minimum(prior, 25) + 0.22 * (found.seriousness > 0.65), 0, 0.4)
        remanded = (outcome == CHARGED) & ~inside & ~child & quick & (chance[:, 6] < likely)
        held_on = np.minimum(arrest + 1, month.end)
        first_held = np.full(len(people), FAR)
        np.minimum.at(first_held, who[remanded], held_on[remanded])
        happens = found.day < first_held[who]
        kept = np.flatnonzero(happens)
        found = found.take(kept)
        who, outcome, arrest, inside, chance, quick = (
            found.person, outcome[kept], arrest[kept], inside[kept], chance[kept], quick[kept],
        )  # fmt: skip
        remanded = remanded[kept] & (self.kind[who] == FREE)
        occasion, first, proven = self._list(month, found, outcome, arrest, chance)
        lost = (outcome == CHARGED) & (occasion < 0)
        outcome = np.where(lost, DROPPED, outcome)
        cautioned = outcome == CAUTIONED
        given = arrest + (chance[:, 9] * 35).astype(np.int64)
        proven = np.where(cautioned, given, proven)
        np.add.at(self.prior, who[cautioned], 1)
        np.minimum.at(self.first_sanction, who[cautioned], given[cautioned])
        self._remand(who[remanded & ~lost], first_held, occasion[remanded & ~lost])
        self.hear(month, hearings)
        # Whoever was sent to prison in this month did nothing outside it afterwards: what was charged came before.
        out = inside | (self.kind[who] != SENTENCE) | (found.day <= self.inside_from[who])
        self.incidents.add(
            person=who[out], day=found.day[out], crime=found.crime[out], offences=found.offences[out],
            inside=inside[out], outcome=outcome[out], arrest=arrest[out], occasion=occasion[out], first=first[out],
            proven=proven[out], mark=(chance[out, 13] * 1e9).astype(np.int64),
        )  # fmt: skip
        self.arrested_last_month = np.zeros(len(people), bool)
        self.arrested_last_month[who[~inside]] = True
        charged = out & (outcome == CHARGED)
        return self._charged(month, who[charged], arrest[charged], found.offences[charged])

    def _charged(self, month: Month, who: np.ndarray, arrest: np.ndarray, offences: np.ndarray) -> np.ndarray:
        """Charged offences by person, in the month of the arrest: no meeting can score a charge that is yet to come."""
        given = (who, arrest, offences)
        who, arrest, offences = (np.concatenate(parts) for parts in zip(self.at_large, given, strict=True))
        now = arrest < month.end
        self.at_large = (who[~now], arrest[~now], offences[~now])
        return np.bincount(who[now], offences[now], len(self.people)).astype(float)

    def _remand(self, who: np.ndarray, first_held: np.ndarray, occasion: np.ndarray) -> None:
        who, index = np.unique(who, return_index=True)
        if not len(who):
            return
        slot = (self.occasion[:, who] == occasion[index]).argmax(axis=0)
        self.kind[who] = REMAND
        self.inside_from[who] = first_held[who]
        self.inside_to[who] = FAR
        self.remand_to_slot[who] = slot

    def _list(
        self, month: Month, found: Candidates, outcome: np.ndarray, arrest: np.ndarray, chance: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """List the charged incidents for hearing: joined to one already listed, or together at a new one."""
        size = len(found.person)
        occasion, first, proven = np.full(size, -1), np.full(size, FAR), np.full(size, FAR)
        charged = np.flatnonzero(outcome == CHARGED)
        if not len(charged):
            return occasion, first, proven
        who, lead = np.unique(found.person[charged], return_index=True)
        lead = charged[lead]
        latest = np.zeros(len(self.people), np.int64)
        np.maximum.at(latest, found.person[charged], np.maximum(arrest[charged], found.day[charged]))
        after = latest[who] + 7 + (chance[lead, 7] * 38).astype(np.int64)
        guilty = chance[lead, 8] < 0.5
        trial = np.where(guilty, chance[lead, 9] * 20, -95 * np.log1p(-0.9995 * chance[lead, 9]))
        decided = after + trial.astype(np.int64)
        sentence = decided + np.where(chance[lead, 10] < 0.72, 0, 21).astype(np.int64)
        joinable = np.where(self.listed < FAR, self.proven, -FAR)
        best = joinable.argmax(axis=0)[who]
        can_join = (self.proven[best, who] < FAR) & (self.proven[best, who] >= np.maximum(latest[who], month.end))
        free = self.listed[:, who] >= FAR
        join = can_join & ((chance[lead, 11] < 0.55) | ~free.any(axis=0))
        new = ~join & free.any(axis=0)
        slot = np.where(join, best, free.argmax(axis=0))
        fresh, at = who[new], slot[new]
        self.listed[at, fresh] = sentence[new]
        self.first_hearing[at, fresh] = after[new]
        self.proven[at, fresh] = decided[new]
        self.occasion[at, fresh] = self.next_occasion + np.arange(len(fresh))
        self.next_occasion += len(fresh)
        listed = join | new
        where = np.full(len(self.people), -1)
        where[who[listed]] = slot[listed]
        index = where[found.person[charged]]
        rows, index = charged[index >= 0], index[index >= 0]
        persons = found.person[rows]
        occasion[rows] = self.occasion[index, persons]
        proven[rows] = self.proven[index, persons]
        first[rows] = np.minimum(np.maximum(self.first_hearing[index, persons], arrest[rows] + 1), proven[rows])
        np.add.at(self.counts, (index, persons), found.offences[rows])
        np.maximum.at(self.worst, (index, persons), found.seriousness[rows])
        return occasion, first, proven

    def close_at_cutoff(self) -> None:
        """Those still inside at the end leave a spell without an end, and the day on which it is due to end."""
        who = np.flatnonzero(self.inside)
        self._close(who, np.full(len(who), FAR), freed=False)


def _normal(chance: np.ndarray) -> np.ndarray:
    """A standard normal from a uniform, near enough (the logistic approximation)."""
    chance = np.clip(chance, 1e-6, 1 - 1e-6)
    return np.log(chance / (1 - chance)) / 1.702


def _disposal_weights(state: Justice, slot: int, who: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Relative chances of custody, suspended, community, fine, discharge and other: history and gravity decide."""
    prior = np.minimum(state.prior[who], 30)
    worst, counts = state.worst[slot, who], np.minimum(state.counts[slot, who], 10)
    child = age < 18
    held = (state.kind[who] == REMAND) & (state.remand_to_slot[who] == slot)
    custody = 0.03 + 0.11 * prior**1.5 + 4.5 * worst**4 + 0.06 * counts + 2.0 * held
    custody *= np.where(child, 0.12, 1.0)
    suspended = np.where(child, 0.0, 0.25 + 0.02 * prior + 0.9 * worst)
    community = np.where(child, 2.0, 0.7 + 0.02 * prior + 0.6 * worst)
    fine = np.where(child, 0.1, 1.5 - 0.03 * prior) * (worst < 0.6)
    discharge = np.where(child, 0.8, 0.5) * (worst < 0.6)
    return np.stack([custody, suspended, community, np.maximum(fine, 0), discharge, np.full(len(who), 0.1)], axis=1)
