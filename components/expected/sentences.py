"""What is said of observed against expected: never more than the intervals do, and never of too few people."""

from collections.abc import Sequence

from components.expected.rows import ENOUGH, Band, Standing, Whole
from components.verdicts import MAY_REFLECT_SELECTION, Row, on_interval
from components.words.sentences import listed, period_in_sentence

STANDARDS = (
    "National: OGRS3 with its published coefficients. Recalibrated: the same scores fitted to everybody here in the years before, so "
    "that it asks who differs from what is usual here; people on a scheme are among them, which draws a difference towards nought. By "
    "age, sex and history: observed over expected at the area's own rates, 1.0 being as many as expected; its interval is wider than "
    "need be."
)
OPEN_BY_PLACE = (
    "The open level has this for all districts together only: few people stand behind a district, and what is worked out "
    "for them could be traced back to them."
)
ABOUT = "OGRS3: the chance of reoffending from age, sex, offence and earlier sanctions. Everything that is called expected rests on it."
HOW = (
    "<p>Observed less expected is of everybody with a score whose follow-up is complete, four pooled quarterly cohorts; people with "
    "several entries count as one cluster in the interval. The Brier score is the mean squared miss of the chances. Recalibrating "
    "fits an intercept and a slope to the log odds of the scores, on everybody in the area before the year began: this year's "
    "people never set their own expectation.</p>"
)
OPEN_BANDS = "The open level does not show bands: few people stand behind the highest and the lowest."
NO_BANDS = "This release holds no bands for these people."
TOO_FEW = f"Grey: fewer than {ENOUGH} people, too few to judge."
KEY = "On the slanting line, as many reoffended as was expected. Filled: recalibrated here; hollow: national. Upright lines: 95% intervals. Pale: too few people to judge."


def side(row: Row | None) -> int | None:
    """1 with the whole interval above what was expected, -1 below, 0 otherwise, None without an interval."""
    if row is None or row["lower"] is None or row["upper"] is None:
        return None
    return 1 if row["lower"] > 0 else -1 if row["upper"] < 0 else 0


def _best(one: Standing) -> Row | None:
    return one.local or one.national


def places_answer(found: Sequence[Standing]) -> str:
    """Which districts lie above or below what their people's history predicts, in the order of the alphabet."""
    places = [one for one in found if not one.whole]
    if not places:
        return whole_answer(found[0])
    by = "recalibrated on earlier years here" if any(one.local for one in places) else "by the national score"
    judged = {one.label: side(_best(one)) for one in places if not one.few}
    said = []
    for way, code in (("above", 1), ("below", -1)):
        names = [label for label, found_side in judged.items() if found_side == code]
        if names:
            said.append(f"{way} what people's history predicts in {listed(names)}")
    same = [label for label, found_side in judged.items() if found_side == 0]
    when = period_in_sentence(found[0].period)
    if said:
        text = f"{when}, {by}: reoffending was {'; '.join(said)}"
        text += f"; in {listed(same)} it cannot be told apart from it" if same else ""
    elif same:
        text = f"{when}, {by}: reoffending cannot be told apart from what people's history predicts in {listed(same)}"
    else:
        text = f"{when}: no district has {ENOUGH} people or more, so none is judged"
    few = sum(one.few for one in places)
    if few and judged:
        text += f"; {'one other has' if few == 1 else f'{few} others have'} too few people to judge"
    return f"{text[:1].upper()}{text[1:]}. {MAY_REFLECT_SELECTION}"


def whole_answer(one: Standing) -> str:
    """All districts together against what was expected."""
    row = _best(one)
    when = period_in_sentence(one.period)
    if row is None or row["value"] is None:
        return f"What was expected is not shown for {when}."
    return f"{_gap(row, 'All together, ' + when)}. {MAY_REFLECT_SELECTION}"


def _gap(row: Row, who: str) -> str:
    value, bounds = on_interval(row["value"], row["lower"], row["upper"])
    size = f"{value} percentage points ({f'95% interval {bounds}' if bounds else 'no interval'})"
    way = {1: "more reoffended than the score expected", -1: "fewer reoffended than the score expected"}.get(
        side(row) or 0, "what happened cannot be told apart from what the score expected"
    )
    return f"{who}: {way}, {size}"


def apart(whole: Whole) -> str:
    """How well the score tells those who reoffend from those who do not: AUC as pairs of people."""
    auc = whole.national["auc"]
    if auc is None:
        return ""
    return (
        f"Of any two people, one who reoffended and one who did not, OGRS3 gave the higher chance to the one who did {100 * auc:.0f} times"
        f" of 100 (AUC {auc:.2f}; a coin would 50 times). Recalibrating moves everybody's chance and not their order."
    )


def close(whole: Whole) -> str:
    """How near the chances came: the Brier score, beside that of giving everybody the same chance where that is known."""
    parts = [
        f"{row['brier']:.3f} {name}"
        for name, row in (("national", whole.national), ("recalibrated", whole.local))
        if row is not None and row["brier"] is not None
    ]
    if not parts:
        return ""
    said = f"Brier score {' and '.join(parts)}: 0 is perfect"
    observed, entries = whole.national["observed"], whole.national["entries"]
    if observed is None or not entries:
        return f"{said}."
    share = observed / entries
    return f"{said}, and giving everybody the average would score {share * (1 - share):.3f}."


def in_all(whole: Whole) -> list[str]:
    """Observed less expected, all together, by each prediction, and what the local one was fitted to."""
    when = period_in_sentence(whole.period)
    lines = [f"{_gap(whole.national, f'National score, {when}')}."]
    if whole.local is not None:
        fitted = whole.local
        to = "" if fitted["fitted_entries"] is None else f" on {fitted['fitted_entries']:,} index events here before"
        lines.append(f"{_gap(fitted, f'Recalibrated{to}')}.")
    return lines


def bands_answer(found: Sequence[Band]) -> str:
    """Which bands of the national score fit badly here."""
    mine = [band for band in found if band.basis == "national" and not band.few]
    if not mine:
        return f"No band has {ENOUGH} people or more, so none is judged."
    low = [f"{band.scores}" for band in mine if band.lower > band.expected]
    high = [f"{band.scores}" for band in mine if band.upper < band.expected]
    if not low and not high:
        return "In no band with people enough does what happened differ from the national score by more than chance."
    said = [f"too low where it says {listed(low)}"] if low else []
    said += [f"too high where it says {listed(high)}"] if high else []
    return f"The national score is {' and '.join(said)}."
