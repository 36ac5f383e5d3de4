"""Governance in words: whether the partners keep their side, in plain English and then exactly. No Streamlit."""

from collections import Counter
from collections.abc import Sequence

from components import words
from components.governance.moved import Kind
from components.governance.rows import SECTORS, Planned, Said
from components.judge import Row
from components.review import AGENCIES, GRADES, Grade, Shown
from components.review.assessment import Part

TITLE = "Are the partners keeping their side?"
NOTHING = (
    "This release holds no list of partners, no action plan and no case conferences, so nothing can be said of them."
)
PARTNERS_UNDER = (
    "What each has signed, lent and sent, as the partnership's own list has it. A dash is what the list does not say."
)
CONFERENCES_UNDER = (
    "Of the agencies asked to a case conference, the share that came. How many came is recorded, and not which."
)
LEAD_UNDER = "People on a scheme at the quarter's end for whom the register names the agency that leads. No name of staff is loaded."
ACTIONS_UNDER = "The plan that was loaded, and the actions opened on the analyst's desk from a red. Open until somebody reviews them. Late: open, and due before the last day of these figures."
MOVED_UNDER = "The measure when the action was opened, and since: beyond its usual range, or no more than chance."
NO_TEXT = "A line of the plan that was loaded has no words here: free text is never loaded. Those with words were opened on the desk."
SECTORS_UNDER = "Programmes in the directory as it stands, and what was spent on them. Set-up costs are left out."
ASSESSED_UNDER = "Each agency answers for itself, on the analyst's desk. The figures beside a statement bear on it and do not decide it."
NOT_YET = "Show those of which it cannot be told, or not yet"
AFTER_RED = (
    "An action is opened from a figure at its worst, so the next is likely to be better whatever is done."
    " That is why it is held against the measure's own earlier quarters, without the one that opened it."
)
NOT_PROOF = "A measure that moved need not have been moved by the action: nobody was left without it to compare with."
USUAL = "The usual range holds about 19 of 20 quarters when nothing has changed, for as many people as there were."

BECAME: dict[Kind, str] = {
    "moved": "moved for the better, beyond its usual range",
    "outside": "is outside its usual range on the good side, but within chance of where it stood",
    "counted_better": "got better, by a full count",
    "back": "came back within its usual range",
    "better": "got better, with too few earlier quarters to know its usual range",
    "worse": "got worse by more than chance",
    "counted_worse": "got worse, by a full count",
    "still": "stayed outside its usual range on the bad side",
    "same": "changed by no more than chance",
}
"""What became of an action's measure, in the order in which it is told."""


def opening(found: Sequence[Row], planned: Sequence[Planned], came: Row | None) -> str:
    """One to three short sentences that anybody can read."""
    said = []
    if found:
        signed = sum(row["agreement_signed"] is not None for row in found)
        said.append(f"{_of(signed, len(found))} partners have signed up to share what they know.")
    due, sent = extracts(found)
    if due:
        said.append(
            "All have sent the figures they owe."
            if sent == due
            else f"They have sent {sent} of the {due} files they owe."
        )
    if came is not None and came["value"] is not None:
        said.append(f"About {round(came['value'] / 10)} in 10 of those asked come to meetings.")
    late = sum(one.state == "late" for one in planned)
    if planned:
        waiting = sum(one.open for one in planned)
        said.append(_late(late, waiting))
    return " ".join(said)


def answer(found: Sequence[Row], planned: Sequence[Planned], came: Row | None, led: Row | None) -> str:
    """The exact answer, in one sentence or two."""
    parts = []
    if found:
        signed = sum(row["agreement_signed"] is not None for row in found)
        parts.append(f"{signed} of {len(found)} partners have signed the sharing agreement")
    due, sent = extracts(found)
    if due:
        parts.append(f"{sent} of {due} extracts due have come")
    if came is not None and came["value"] is not None:
        parts.append(f"{words.in_sentence(came)} of agencies invited came to case conferences")
    if led is not None and led["value"] is not None:
        parts.append(f"{words.in_sentence(led)} of people have a lead professional named")
    if planned:
        open_ = [one for one in planned if one.open]
        parts.append(
            f"{len(open_)} actions are open, {sum(one.state == 'late' for one in open_)} of them {_late_at(planned)}"
        )
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if parts else NOTHING


def extracts(found: Sequence[Row]) -> tuple[int, int]:
    """Extracts due and sent, of the organisations for which both are known."""
    both = [row for row in found if row["extracts_due"] is not None and row["extracts_received"] is not None]
    return sum(r["extracts_due"] for r in both), sum(min(r["extracts_received"], r["extracts_due"]) for r in both)


def partners_answer(found: Sequence[Row]) -> str:
    """Who has not signed and who owes an extract, by name: these are organisations."""
    said = []
    unsigned = [row["organisation"] for row in found if row["agreement_signed"] is None]
    if unsigned:
        said.append(f"No agreement is recorded for {words.listed(unsigned)}.")
    owing = [
        f"{row['organisation']} ({row['extracts_received']} of {row['extracts_due']})"
        for row in found
        if row["extracts_due"] is not None
        and row["extracts_received"] is not None
        and row["extracts_received"] < row["extracts_due"]
    ]
    if owing:
        said.append(f"Extracts are owed by {words.listed(owing)}.")
    posts = sum(row["colocated_posts"] or 0 for row in found)
    sits = sum(bool(row["colocated_posts"]) for row in found)
    if sits:
        said.append(f"{posts:g} posts from {sits} organisations sit together.")
    links = [row for row in found if row["link_worker"] is not None]
    if links:
        said.append(f"{sum(row['link_worker'] for row in links)} of {len(links)} have a link worker.")
    return " ".join(said)


def actions_answer(planned: Sequence[Planned], kept: Shown) -> list[str]:
    """How many are open, late, done and dropped; and what the level does not show."""
    said = []
    if planned:
        states = Counter(one.state for one in planned)
        late, open_ = states["late"], sum(one.open for one in planned)
        said.append(
            f"Of {_n(len(planned), 'action')}, {open_} {'is' if open_ == 1 else 'are'} open ({late} {_late_at(planned)}), {states['done']} done"
            f" and {states['dropped']} dropped."
        )
    else:
        said.append("No action plan was loaded, and no action was opened on the desk by this quarter.")
    if kept.hidden:
        said.append(
            f"{_n(kept.hidden, 'more open action')} of the partnership's own {'is' if kept.hidden == 1 else 'are'} not shown to the public."
        )
    return said


def moved_answer(judged: Sequence[Planned]) -> str:
    """How many of the actions moved their measure, and how many it is too early to tell of."""
    if not judged:
        return "No action names a measure of which this can be told at this level."
    kinds = Counter(one.moved.kind for one in judged)
    found = {kind: count for kind in BECAME if (count := kinds[kind])}
    told, said = sum(found.values()), []
    if told == 1:
        [kind] = found
        said.append(f"The measure of the one action that can be read since it was opened {BECAME[kind]}.")
    elif told:
        # whether any moved is what is asked, so none is said too
        parts = [] if "moved" in found else [f"in none it {BECAME['moved']}"]
        parts += [f"in {'all ' if count == told else ''}{count} it {BECAME[kind]}" for kind, count in found.items()]
        said.append(f"Of {told} actions whose measure can be read since they were opened, {'; '.join(parts)}.")
    if kinds["few"]:
        said.append(
            f"{_n(kinds['few'], 'action')} {'rests' if kinds['few'] == 1 else 'rest'} on too few people to tell."
        )
    if kinds["early"]:
        said.append(f"For {_n(kinds['early'], 'action')} it is too early.")
    return " ".join(said)


def sectors_answer(now: Sequence[Row], pounds: Sequence[Row]) -> str:
    """The voluntary sector's share of programmes, and of the money of the latest year."""
    said = []
    for row in now:
        if row["measure"] == "programmes" and row["sector"] == "voluntary":
            said.append(
                f"{row['amount']:.0f} of {row['total']:.0f} programmes ({row['share']:.0f}%) are run by the voluntary sector."
            )
    if pounds:
        year = max(row["period"] for row in pounds)
        own = next((row for row in pounds if row["period"] == year and row["sector"] == "voluntary"), None)
        if own and own["share"] is not None:
            said.append(
                f"It had {own['share']:.0f}% of what was spent on programmes in {year}: {pounds_of(own['amount'])} of"
                f" {pounds_of(own['total'])}, in {own['price_year']} prices."
            )
    return " ".join(said) or "Neither a directory of programmes nor their costs were loaded."


def sectors_notes(pounds: Sequence[Row], level: str) -> list[str]:
    """What the money is of."""
    notes = ["A programme has the sector that the directory gives it now, in every year."]
    if pounds and level == "open":
        notes.append(
            "At this level money is that of programmes with 30 people or more in the year, rounded: shares are of those."
        )
    return notes


def pounds_of(amount: float) -> str:
    """Pounds to the nearest thousand."""
    return f"£{amount / 1000:,.0f}k" if amount < 1e6 else f"£{amount / 1e6:,.2f}m"


def assessed_answer(found: Sequence[tuple[Part, Sequence[Said]]], kept: Shown | None = None) -> str:
    """How many statements the agencies hold to be in place, and where they differ."""
    statements = [one for _, said in found for one in said]
    answered = [one for one in statements if one.answers]
    if not answered and kept and kept.unshown:
        return (
            "The agencies' answers are the partnership's own, and none is marked as public. The statements stand below."
        )
    if not answered:
        return "No agency has answered yet. The statements stand below; answers are given on the analyst's desk."
    agencies = {answer.agency for one in answered for answer in one.answers}
    whole = sum(one.counts["in_place"] == len(one.answers) for one in answered)
    none = sum(
        not one.counts["in_place"] and not one.counts["partly"] and bool(one.counts["not_yet"]) for one in answered
    )
    split = sum(one.split for one in answered)
    many = "all" if len(answered) == len(statements) else f"{len(answered)} of"
    said = [
        f"{_n(len(agencies), 'agency', 'agencies')} answered {many} {len(statements)} statements.",
        f"{whole or 'None'} {'is' if whole < 2 else 'are'} in place in the eyes of all who answered.",
    ]
    said += [f"{none} {'is' if none == 1 else 'are'} not even partly in place, by any answer."] if none else []
    said += [f"On {split}, one agency says in place and another not yet: begin there."] if split else []
    return " ".join(said)


def answers_in_words(said: Said) -> str:
    """Who answered what: '3 in place; 1 not yet (Health)'."""
    parts = []
    for grade, label in GRADES.items():
        own = [AGENCIES[one.agency] for one in said.answers if one.grade == grade]
        if own:
            parts.append(f"{label}: {words.listed(own)}")
    return "; ".join(parts)


def counted_in_words(counts: Counter[Grade]) -> str:
    """How many answers of each grade: '4 in place, 9 partly in place'."""
    return ", ".join(
        f"{counts[grade]} {label[:1].lower()}{label[1:]}" for grade, label in GRADES.items() if counts[grade]
    )


def sector_name(sector: str) -> str:
    """A sector as readers know it."""
    return SECTORS.get(sector, sector)


def _late_at(planned: Sequence[Planned]) -> str:
    """The day on which they are late: the release's cut-off, and not the day of reading."""
    return f"late at {words.day(planned[0].as_at)}"


def _late(late: int, waiting: int) -> str:
    if not waiting:
        return "No action is waiting to be done."
    if not late:
        return f"None of the {waiting} open actions is late." if waiting > 1 else "The one open action is not late."
    return f"{late} of the {waiting} open actions {'is' if late == 1 else 'are'} late."


def _of(some: int, all_: int) -> str:
    return f"All {all_}" if some == all_ else f"{some} of {all_}"


def _n(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
