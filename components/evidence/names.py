"""What the covariates and steps of a comparison are called."""

import re

from components.verdicts import Row

SPANS = {"30": "30 days", "90": "90 days", "182": "six months", "365": "year", "730": "two years", "1826": "five years"}
NAMES = {
    "charges": "Charges in the last {}",
    "proven": "Proven offences in the last {}",
    "arrests": "Arrests in the last {}",
    "committed": "Offences known in the last {} at liberty",
    "undecided": "Charges not decided yet, last {}",
    "stays": "Stays in custody, last {}",
    "nights_inside": "Nights inside before release that day",
    "released_from": "Last released from",
    "acquisitive": "Acquisitive offences in the last {}",
    "drugs": "Drug offences in the last {}",
    "violent": "Violent offences in the last {}",
    "custody_days": "Days in custody in the last {}",
    "ogrs3": "OGRS3",
    "index_group": "Index offence",
    "index_kind": "Index event",
    "prior_band": "Earlier sanctions",
    "at_release": "Released from prison that day",
    "short_sentence_in_year": "Short sentence in the last year",
    "on_iom": "On IOM already",
    "on_other_scheme": "On another scheme",
    "needs_pathway": "Assessed as needing it",
    "season": "Season",
    "days_since_release": "Days since prison release",
    "days_since_index": "Days since index event",
    "sentence_length": "Sentence",
    "statutory": "Under probation or licence",
}
NO = ("no", "not_statutory")
YES = ("yes", "statutory")
"""The levels of a covariate of two levels: the one says all that the other does."""
STEPS = {
    "at liberty": "Began at liberty",
    "followed": "Followed for long enough",
    "history": "Record reaches back far enough",
    "comparable": "Can be compared",
    "lived there": "Lived there",
}


def covariate(row: Row) -> str:
    """A covariate in words, with its level where it has levels."""
    code = str(row["covariate"])
    found = re.fullmatch(r"(\w+?)_(\d+)", code)
    if found and found[1] in NAMES:
        name = NAMES[found[1]].format(SPANS.get(found[2], f"{found[2]} days"))
    else:
        plain = code.replace("_", " ")
        name = NAMES.get(code, f"{plain[:1].upper()}{plain[1:]}")
    if row["level"] in YES:
        return name
    level = "no" if row["level"] in NO else str(row["level"]).replace("_", " ")
    return f"{name}: {level}" if level else name


def step(code: str) -> str:
    """A step from submitted to analysed, in words."""
    return STEPS.get(code.lower(), f"{code[:1].upper()}{code[1:]}")
