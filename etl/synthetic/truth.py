"""The planted truth: what each scheme and programme really does, drawn afresh for every seed.

It is written to truth.json beside the extracts and never into one of them. Later work is judged by
recovering it from the extracts alone.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from etl.synthetic.chance import stream
from etl.synthetic.directory import PROGRAMMES
from etl.synthetic.places import CAMBRIDGE, DISTRICTS, FENLAND, HUNTS

SCHEMES = ("iom", "ppo", "dip", "mappa", "deter", "short_sentence")
AFTER_SCHEME_DAYS = 180
"""A scheme's effect holds while somebody is on it and for so many days after they leave."""
PROGRAMME_DAYS = 365
"""A programme's effect holds from its start for so many days, completed or not."""
MOST = 4.7
"""No combination of effects multiplies the intensity by more than this."""


@dataclass(frozen=True)
class Truth:
    """True multipliers of the offending intensity: 1 is no effect, 0.7 is 30% fewer offences, 1.4 is harm."""

    seed: int
    no_effect_district: str
    harmful_programme: str
    women_only_programme: str
    easy_cases_programme: str
    scheme: dict[str, float]
    programme_women: dict[str, float]
    programme_men: dict[str, float]
    after_scheme_days: int = AFTER_SCHEME_DAYS
    programme_days: int = PROGRAMME_DAYS

    @property
    def no_effect_index(self) -> int:
        return DISTRICTS.index(self.no_effect_district)

    def schemes(self) -> np.ndarray:
        """One multiplier a scheme, in the order of SCHEMES."""
        return np.array([self.scheme[name] for name in SCHEMES])

    def programmes(self) -> np.ndarray:
        """Multipliers by sex (0 men, 1 women) and programme, in the order of the directory."""
        men = [self.programme_men[programme.code] for programme in PROGRAMMES]
        women = [self.programme_women[programme.code] for programme in PROGRAMMES]
        return np.array([men, women])

    def write(self, path: Path) -> None:
        note = (
            "Multipliers of offending intensity. Scheme: while on it and after_scheme_days after leaving. "
            "Programme: programme_days from its start, completed or not. All are 1 for people whose managing "
            "(else home) district is no_effect_district. The cohort mentoring holds people who started MENTORING "
            "and people referred to it whom chance alone left out; its provider wrote that chance down as a score of 0 to "
            "100, with a threshold (selection_decision, score version mentoring-1)."
        )
        path.write_text(json.dumps({"note": note, **asdict(self)}, indent=2) + "\n", encoding="utf-8")


def draw(seed: int) -> Truth:
    """The truth of a seed. The four special programmes are always four different ones."""
    rng = stream(seed, 0, "truth")
    low = {"iom": 0.55, "ppo": 0.75, "dip": 0.80, "mappa": 0.85, "deter": 0.70, "short_sentence": 0.75}
    high = {"iom": 0.80, "ppo": 0.95, "dip": 1.00, "mappa": 1.00, "deter": 0.95, "short_sentence": 0.92}
    scheme = {name: round(float(rng.uniform(low[name], high[name])), 3) for name in SCHEMES}
    both = {programme.code: round(float(rng.uniform(0.75, 1.0)), 3) for programme in PROGRAMMES}
    # Only those open to all adults everywhere can be special: a planted effect that nobody receives is no test.
    wide = [p.code for p in PROGRAMMES if p.sex == "all" and len(p.districts) == 6 and p.ages == (18, 99)]
    harmful, women_only, easy = (wide[i] for i in rng.permutation(len(wide))[:3])
    men, women = dict(both), dict(both)
    men[harmful] = women[harmful] = round(float(rng.uniform(1.35, 1.7)), 3)
    men[women_only], women[women_only] = 1.0, round(float(rng.uniform(0.4, 0.6)), 3)
    men[easy] = women[easy] = 1.0
    nowhere = DISTRICTS[int(rng.choice([CAMBRIDGE, FENLAND, HUNTS]))]
    return Truth(seed, nowhere, harmful, women_only, easy, scheme, women, men)


def without_effects(truth: Truth) -> Truth:
    """The same county in which nothing works and nothing harms: the counterfactual for tests."""
    nothing = dict.fromkeys(truth.programme_men, 1.0)
    return Truth(
        truth.seed,
        truth.no_effect_district,
        truth.harmful_programme,
        truth.women_only_programme,
        truth.easy_cases_programme,
        dict.fromkeys(SCHEMES, 1.0),
        nothing,
        dict(nothing),
    )
