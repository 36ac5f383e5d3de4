"""What became of the scheme's promises, in plain English made from the figures."""

from collections.abc import Iterable, Sequence

from components.compliance.rows import Group, Weekday
from components.headlines import Headline
from components.judge import few
from components.words.figures import count, with_unit
from components.words.sentences import listed, period_in_sentence, title_in_sentence

TITLE = "Is the scheme doing what it promised?"
NONE = "Nothing is on record here of contacts, courts, prison releases or meetings."
HIDDEN = "Too few people are behind these measures to show any of them for this choice."
ABOUT = "What the agencies undertook to do, whether or not people reoffend: the partnership can put right each of these by itself."
SAID = {
    "appointments_kept": "People kept {} of the contacts that they had to.",
    "breach_to_enforcement": "Half of all breaches were acted on within {}.",
    "recall_days": "Half of the people recalled were back in prison within {}.",
    "warrant_days": "Half of all warrants were carried out within {}.",
    "scheme_status_before_court": "Courts knew of the scheme in {} of sentences.",
    "unexpected_releases": "{} of prison releases came on a day that nobody was told of a week before.",
    "police_told_before_release": "The police were told before {} of prison releases.",
    "reviews_on_time": "{} of reviews were made on time.",
    "conferences_on_time": "{} of case conferences were held by the day they were due.",
}
"""How the page's opening says each measure that it begins with; the others are in the table alone."""
FRIDAYS = "Offices close for the weekend: whoever comes out on a Friday may wait until Monday for a home, a prescription or money."
JUDGED = ("meets", "misses", "cannot tell", "too few")
"""How a figure that has a target may stand to it."""
SMALL = "Grey: fewer people than the measure asks for. Choose a longer period for a figure that can be compared."
EVERYWHERE = "All districts together: too few people come out in one of them on each day."
NO_WEEKDAYS = "Prison releases by day of the week are shown at partnership level only: too few people come out on each."


def opening(found: Sequence[Group]) -> str:
    """How many of the targets are met, missed or not to be told, in plain English; nothing where none is set."""
    judged = [line.status.kind for group in found for line in group.lines if line.status.kind in JUDGED]
    met, missed = judged.count("meets"), judged.count("misses")
    if not judged:
        return ""
    many = "the one target" if len(judged) == 1 else f"the {len(judged)} targets"
    if not met and not missed:
        return f"We cannot tell yet if the scheme meets {many} set here: the gaps could be luck."
    if len(judged) == 1:
        return f"The scheme {'meets' if met else 'misses'} {many} set here."
    said = f"The scheme meets {met or 'none'} of {many} set here, and misses {missed or 'none'}."
    left = len(judged) - met - missed
    rest = f" For the other {left if left > 1 else 'one'} we cannot tell: the gap could be luck, or too few people stand behind it."
    return said + (rest if left else "")


def answer(found: Sequence[Group]) -> str:
    """The opening: the leading measures, what has changed by more than chance, and what falls short of its target."""
    lines = [line for group in found for line in group.lines if line.now["value"] is not None and not few(line.now)]
    leading = [line for line in lines if line.now["indicator"] in SAID]
    if not leading:
        return HIDDEN
    said, period = [], ""
    for line in leading:
        told = SAID[line.now["indicator"]].format(with_unit(line.now["value"], line.now))
        if line.now["period_label"] != period:
            period = line.now["period_label"]
            told = f"In {period_in_sentence(period)}, {told[:1].lower()}{told[1:]}"
        said.append(told)
    return " ".join([*said, *_changed(lines), *_against_targets(lines)])


def _changed(lines: Sequence[Headline]) -> list[str]:
    sides = {"improved": "Better than a year before", "worsened": "Worse than a year before"}
    said = []
    for kind, words in sides.items():
        if named := _titles(line for line in lines if line.change.kind == kind):
            said.append(f"{words}, by more than chance: {named}.")
    compared = [line for line in lines if line.change.kind in (*sides, "cannot tell")]
    if compared and not said:
        return ["Against a year before, no change is more than chance."]
    return said


def _against_targets(lines: Sequence[Headline]) -> list[str]:
    missed = _titles(line for line in lines if line.status.kind == "misses")
    met = _titles(line for line in lines if line.status.kind == "meets")
    return [*([f"Off target: {missed}."] if missed else []), *([f"On target: {met}."] if met else [])]


def _titles(lines: Iterable[Headline]) -> str:
    return listed([title_in_sentence(line.now["title"]) for line in lines])


def weekdays(found: Sequence[Weekday], period: str) -> str:
    """How many came out on a Friday, and how many of those were not expected."""
    total = sum(day.releases for day in found)
    friday = next((day for day in found if day.label == "Friday"), None)
    if friday is None or not total:
        return f"Nobody on a scheme left prison in {period_in_sentence(period)}."
    said = f"Of {count(total)} prison releases in {period_in_sentence(period)}, {_were(friday.releases)} on a Friday"
    if friday.expected is None or friday.unexpected is None:
        return f"{said}. No notice of release is on record, so nobody can say how many were expected."
    if not friday.releases:
        return f"{said}."
    rest = friday.releases - friday.expected - friday.unexpected
    if not friday.unexpected and not rest:
        return f"{said}, {'which was' if friday.releases == 1 else 'all of them'} expected a week before."
    parts = [f"{_were(friday.expected)} expected a week before", f"{_were(friday.unexpected)} not"]
    parts += [f"of {count(rest)} it is not known"] if rest else []
    return f"{said}: {listed(parts)}."


def _were(number: int) -> str:
    return f"{'none' if number == 0 else count(number)} {'was' if number == 1 else 'were'}"


def not_shown(missing: Sequence[str], hidden: Sequence[str]) -> list[str]:
    """The measures that have no such table at this level, and those that are hidden, for the note under the table."""
    heads = (("Not made for this choice at this level", missing), ("Hidden, to protect people", hidden))
    return [f"{head}: {_joined(titles)}." for head, titles in heads if titles]


def _joined(titles: Sequence[str]) -> str:
    return "; ".join(title_in_sentence(title) for title in dict.fromkeys(titles))
