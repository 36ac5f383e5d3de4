"""What Provision says: its answer, and a sentence over each part of the page. Short words, for a reader in a hurry."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from components import words
from components.provision.providers import Measured
from components.provision.rows import Absent, Due, Labels, LeftOut, Line, cells
from components.words.sentences import day, listed, period_in_sentence, title_in_sentence

Row = Mapping[str, Any]
TITLE = "What is there for them, and where is nothing?"
NONE = "This release has no directory of programmes, so what is there for people is not known. It was not loaded."
OPEN = (
    "How many people each gap touches, how full each programme is, need against room and the 13 weeks ahead are told to the partnership"
    " alone: they count people in small groups. The directory itself holds nobody, and is the same for everybody but for its prices."
)
FEW = 8
"""As many gaps as the answer names one by one."""
SEXES = {"all": "Anyone", "female": "Women", "male": "Men"}
WHO = {"all": "People", "female": "Women", "male": "Men"}
YOUNG = {"all": "Children", "female": "Girls", "male": "Boys"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
VERDICTS = {
    "short": ("!", "Too little room"), "enough": ("✓", "Enough room"), "cannot_tell": ("≈", "Cannot tell"), "nothing": ("✕", "Nothing on offer"),
}  # fmt: skip
"""How need stands to room: its shape and its words."""
ROOM_NOTES = (
    "The bar is what to expect with those who wait now, and its 95% interval; the dashed line is the room, where it lies on the scale."
    " Room in one district is no room in another, though the area's line adds them up.",
)


def opening(entries: Sequence[Row], names: Labels, district: str, pathway: str) -> str:
    """The answer in plain English: whether there is help for everybody, where there is none, and whether the list can be trusted."""
    where = f" in {names.districts[district]}" if district in names.districts else ""
    if not entries:
        return f"There is no help{where} with this." if pathway else f"There is no help on the list{where}."
    empty = [
        d for (p, d), mine in cells(entries, names).items()
        if not mine and district in ("", d) and pathway in ("", p)
    ]  # fmt: skip
    bare = listed([names.districts[d] for d in names.districts if d in empty])
    if district and pathway:
        said = f"There is help with this{where}."
    elif not empty:
        said = "There is help in each district." if pathway else f"There is help with each kind of need{where}."
    elif pathway:
        said = f"There is no help with this in {bare}."
    elif district:
        said = f"There is help{where}, but not with each kind of need."
    elif set(names.districts) <= set(empty):
        said = "No place has help with each kind of need."
    else:
        most = (
            "There is help in most places. But in"
            if 2 * len(empty) <= len(names.districts) * len(names.pathways)
            else "In"
        )
        said = f"{most} {bare} there is no help with some kinds of need."
    return f"{said} {_trusted(entries)}"


def _trusted(entries: Sequence[Row]) -> str:
    """How many in ten lines of the list nobody has checked lately."""
    old = sum(e["verified"] != "recently" for e in entries) / len(entries)
    if not old:
        return "The list has been checked in the last six months."
    how = (
        "None of the list has"
        if old == 1
        else "Most of the list has not"
        if old > 0.55
        else "About half of the list has not"
        if old > 0.45
        else "Some of the list has not"
    )
    return f"{how} been checked for six months, so ask first before you send somebody."


def answer(entries: Sequence[Row], names: Labels, district: str, pathway: str) -> str:
    """The page's answer: how much there is, where nothing is, and how far the directory can be trusted."""
    where = f" in {names.districts[district]}" if district in names.districts else ""
    on = f" for {title_in_sentence(names.pathways[pathway])}" if pathway in names.pathways else ""
    if not entries:
        return f"There is nothing on the list{on}{where}."
    programmes, providers = len({e["programme"] for e in entries}), len({e["provider"] for e in entries})
    there = "is" if programmes == 1 else "are"
    said = [f"There {there} {_count(programmes, 'programme')}{on}{where}, run by {_count(providers, 'provider')}."]
    empty = [
        key for key, mine in cells(entries, names).items()
        if not mine and district in ("", key[1]) and pathway in ("", key[0])
    ]  # fmt: skip
    said.append(_empty_said(empty, names, district, pathway))
    old, every = sum(e["verified"] != "recently" for e in entries), len(entries)
    checked = "none was" if old == every else "1 was" if every - old == 1 else f"{every - old} were"
    said.append(
        f"Of {_count(every, 'line')} on the list, {checked} checked in the last six months." if old
        else "Each line on the list was checked in the last six months."
    )  # fmt: skip
    return " ".join(filter(None, said))


def _empty_said(empty: Sequence[tuple[str, str]], names: Labels, district: str, pathway: str) -> str:
    if district and pathway:
        return ""
    if not empty:
        return "There is no gap." if district or pathway else "No district goes without help of any kind."
    if pathway:
        return f"There is nothing in {listed([names.districts[d] for _, d in empty])}."
    if district:
        return f"There is nothing for {_either([title_in_sentence(names.pathways[p]) for p, _ in empty])}."
    by_place: dict[str, list[str]] = {}
    for p, d in empty:
        by_place.setdefault(d, []).append(title_in_sentence(names.pathways[p]))
    most, few = sorted(by_place.items(), key=lambda one: -len(one[1])), len(empty) <= FEW
    if not few:
        counted = [f"{names.districts[d]} on {len(missing)} of {len(names.pathways)} pathways" for d, missing in most]
        return f"There is nothing in {listed(counted)}."
    return " ".join(f"{names.districts[d]} has nothing for {_either(missing)}." for d, missing in most)


def _either(items: Sequence[str]) -> str:
    """'health or women'; with semicolons where a pathway's name has commas of its own."""
    stop = "; " if any("," in item for item in items) else ", "
    return (
        stop.join(items[:-1])
        + (f"{stop.rstrip() if len(items) > 2 or stop == '; ' else ''} or " if items[1:] else "")
        + items[-1]
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def cover(needed: bool) -> str:
    """Under the table of pathways by district."""
    beside = " Where nothing is listed, the people on the scheme who have the need are counted." if needed else ""
    return f"Programmes listed in each district, and their places.{beside}"


def elsewhere(rows: Sequence[Absent], place: str = "") -> str:
    """Over the programmes that some districts have and others (or the place named) do not."""
    if not rows:
        return f"Every programme is offered in {place or 'every district'}."
    one = len(rows) == 1
    said = f"{_count(len(rows), 'programme')} {'is' if one else 'are'} not offered in {place or 'every district'}."
    said += " A pathway may be covered and a service still be missing."
    if rows[0].people:
        most = [f"{row.entry['title']} ({row.people:,})" for row in rows[:2] if row.people]
        said += f" Most people with the need are without: {listed(most)}."
    return said


def groups(found: Sequence[LeftOut]) -> str:
    """Over the groups that are eligible for nothing."""
    if not found:
        return "Where something is listed, some programme takes every age from 10 and both sexes."
    counted = [one.needs for one in found if one.needs is not None]
    touched = ""
    if counted:
        touched = (
            f" This touches {_count(sum(counted), 'need')} of people on the scheme."
            if sum(counted)
            else " Nobody on the scheme now is touched."
        )
    return f"By the ages and the sex that each programme takes.{touched} Places where nothing at all is listed are left out."


def who(one: LeftOut) -> str:
    """A group in words: 'Children aged 10 to 17', 'Women aged 10 to 17', 'People aged 66 and over'."""
    name = (YOUNG if one.age_to is not None and one.age_to < 18 else WHO)[one.sex]
    if one.age_to is None:
        return f"{name} aged {one.age_from} and over"
    return (
        f"{name} aged {one.age_from} to {one.age_to}" if one.age_to != one.age_from else f"{name} aged {one.age_from}"
    )


def taken(entry: Row) -> str:
    """Whom an entry takes: 'Women aged 18 and over'."""
    low, high = entry["age_from"], entry["age_to"]
    name = SEXES[entry["sex_served"]]
    if low is None and high is None:
        return name
    if high is None:
        return f"{name} aged {low} and over"
    return f"{name} aged {low or 10} to {high}"


def coming_of_age(row: Row | None) -> list[str]:
    """Who turns 18 soon, and how those who did were followed."""
    if row is None or not (row["ahead"] or row["turned"]):
        return []
    soon = (
        f"{row['ahead']:,} young {'person' if row['ahead'] == 1 else 'people'} on a scheme will turn 18 in the next 26 weeks."
        if row["ahead"]
        else "Nobody on a scheme will turn 18 in the next 26 weeks."
    )
    if not row["turned"]:
        return [soon]
    kept = f"on a scheme {row['on_scheme']:,}, under supervision {row['supervised']:,}, on a programme {row['on_programme']:,}"
    return [
        f"{soon} Of {row['turned']:,} who did in the last three years, {row['followed']:,} {'was' if row['followed'] == 1 else 'were'} with adult services 13 weeks later ({kept}; some were on more than one)."
    ]


def ahead(rows: Sequence[Row], names: Labels, place: str) -> str:
    """Over need against room: which pathways will have too little, and where it cannot be told."""
    known = [row for row in rows if row["value"] is not None]
    if not known:
        return "There are too few records of needs to say what to expect."
    said = []
    for verdict, form in (
        ("short", "There will be too little room for {}."),
        ("nothing", "Nothing is on offer for {}."),
    ):
        mine = [title_in_sentence(names.pathway(row["pathway"])) for row in known if row["verdict"] == verdict]
        said += [form.format(listed(mine))] if mine else []
    enough = sum(row["verdict"] == "enough" for row in known)
    if len(known) == 1:
        return (
            said[0]
            if said
            else "There is room enough."
            if enough
            else "Whether there will be room enough cannot be told."
        )
    said.append(
        f"There is room enough for {enough} of {len(known)} pathways{place}."
        if enough
        else f"There is room enough for no pathway{place}."
    )
    return " ".join(said)


def held(rows: Sequence[Row]) -> str:
    """How often forecasts made in the same way held."""
    tried, kept = sum(row["tried"] for row in rows), sum(row["held"] for row in rows)
    if not tried:
        return ""
    return f"Made in the same way at each of the last {rows[0]['tried']} quarters, {kept} of {tried} such intervals held what came."


def releases(found: Due, row: Row | None, place: str) -> str:
    """Over the prison releases to come."""
    said = f"{_count(found.people, 'person') if found.people == 1 else f'{found.people:,} people'} {'is' if found.people == 1 else 'are'} known to be due out of prison{place} in the next 13 weeks, {found.on_scheme:,} of them on a scheme."
    if found.weekdays[4]:
        said += f" {found.weekdays[4]:,} would come out on a Friday."
    if row is not None and row["value"] is not None:
        said += (
            f" More will come, for short sentences begin and end in that time: going by the last {row['windows']} spells of 13 weeks, about"
            f" {row['value']:,.0f} in all (95% interval {row['lower']:,.0f} to {row['upper']:,.0f})."
        )
    return said


def undated(found: Due, row: Row | None, one_place: bool = False) -> list[str]:
    """What the known releases leave out."""
    made = [] if one_place else ["Everywhere holds people of no fixed address and from outside the area too."]
    if found.overdue:
        made.append(
            f"{found.overdue:,} more {'has' if found.overdue == 1 else 'have'} passed the day that was notified and are still inside."
        )
    if found.undated:
        made.append(f"For {found.undated:,} nobody has told a day.")
    if row is not None and row["foretold"] is not None:
        made.append(
            f"Of the releases of those earlier weeks, {row['foretold']:.0f}% had been told of by the first day of their 13 weeks."
        )
    return made


def waits(rows: Sequence[Row]) -> str:
    """Over the programmes that begin on set days."""
    told = [row for row in rows if row["longest_gap"] is not None]
    if not told:
        return "No entry lists the days on which it begins."
    top = told[0]
    return f"Groups begin on set days. The longest gap is {_count(top['longest_gap'], 'day')}, for {top['title']}."


def funding(found: Sequence[Line], bare: Sequence[tuple[str, str]], names: Labels, until: dt.date) -> str:
    """Over the money that ends."""
    if not found:
        return f"No entry's funding is known to end by {day(until)}."
    titles = listed([line.first["title"] for line in found])
    said = f"The money for {titles} ends by {day(until)}."
    if not bare:
        return f"{said} Every pathway would still have something where it has something now."
    by_pathway = {p: [names.place(d) for q, d in bare if q == p] for p, _ in bare}
    parts = [f"{title_in_sentence(names.pathway(p))} in {listed(places)}" for p, places in by_pathway.items()]
    return f"{said} Unless something takes their place, nothing will be left for {'; or for '.join(parts)}."


def providers(count: int) -> str:
    """Over the table of providers."""
    return f"{_count(count, 'provider')}, in alphabetical order. Providers take different people: a difference may be in who is sent to them."


def provider_notes(found: Sequence[Measured]) -> list[str]:
    """Over which year the measures are, or why there are none."""
    if not found:
        return ["Waits and completions by provider are told to the partnership alone."]
    when = dict.fromkeys(one.period for one in found)
    return [
        f"Waits and outcomes are of all that a provider does, in every district and on every pathway, in {'; '.join(period_in_sentence(period) for period in when)}."
    ]


def directory(shown: int, every: int) -> str:
    """Over the directory's list."""
    return (
        f"All {every:,} entries."
        if shown == every
        else f"{shown:,} of {every:,} entries match."
        if shown
        else "No entry matches."
    )


def expected(row: Row) -> str:
    """What to expect, with its interval: '35 (22 to 49)'."""
    return f"{row['value']:,.0f} ({row['lower']:,.0f} to {row['upper']:,.0f})" if row["value"] is not None else "[x]"


def count(value: float | None) -> str:
    """A count, or the sign of one that is not known."""
    return "[x]" if value is None else words.count(value)
