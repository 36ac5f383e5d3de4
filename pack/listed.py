"""The workbook's tables that are of nobody, and those of provision and people that are for the partnership alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components import words
from components.governance import rows as governance
from components.provision import rows as provision
from components.provision import sentences
from components.review import AGENCIES, GRADES
from pack import summary
from release.read import Reader


@dataclass(frozen=True, slots=True)
class Table:
    """One table for a sheet of its own: its name as a tab, its title, what it is about, its heads and its rows."""

    tab: str
    title: str
    about: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]


def directory(source: Reader) -> Table:
    """The directory of programmes, an entry for each programme and district."""
    names = provision.labels(source)
    body = [
        (e["title"], e["provider"], e["sector"], names.pathway(e["pathway"]), names.place(e["district"]), sentences.taken(e), _known(e["places"]),
         "yes" if e["drop_in"] else "no", _day(e["next_start"]), _known(e["longest_gap"]), _day(e["last_verified"]), VERIFIED[e["verified"]],
         _day(e["funding_ends"]), FUNDING[e["funding"]])
        for e in provision.directory(source)
    ]  # fmt: skip
    heads = ("Programme", "Provider", "Sector", "Pathway", "District", "Takes", "Places", "Drop-in", "Next start", "Longest gap (days)",
             "Last verified", "Verified", "Funding ends", "Funding")  # fmt: skip
    return Table(
        "Directory",
        "The directory of programmes",
        "One row for each programme and district. Nobody is in it.",
        heads,
        body,
    )


def gaps(source: Reader) -> Table:
    """Who is eligible for nothing, and where nothing is listed at all."""
    names = provision.labels(source)
    entries = provision.directory(source)
    empty = [("Anyone", label, names.place(d), "nothing is listed") for p, label in names.pathways.items() for d in names.districts
             if entries and not provision.cells(entries, names)[p, d]]  # fmt: skip
    taken = [(sentences.who(one), names.pathway(p), names.place(d), "no programme takes them")
             for one in provision.left_out(source, names) for p in one.pathways for d in names.districts if d in one.districts]  # fmt: skip
    return Table("Gaps", "Where nothing is, and who is eligible for nothing", "By pathway and district, from the directory.",
                 ("Who", "Pathway", "District", "Why"), [*empty, *taken])  # fmt: skip


def ahead(source: Reader) -> Table:
    """Need to expect in the next 13 weeks against the room: for the partnership alone."""
    names = provision.labels(source)
    places = {"": source.area, **names.districts}
    body = [
        (places[d], names.pathway(r["pathway"]), _rounded(r["value"]), _rounded(r["lower"]), _rounded(r["upper"]), r["waiting"], r["leaving"],
         _rounded(r["room"]), sentences.VERDICTS[r["verdict"]][1])
        for d in places for r in provision.needs(source, d)
    ]  # fmt: skip
    heads = (
        "District",
        "Pathway",
        "Needs to expect",
        "Lower limit",
        "Upper limit",
        "Waiting now",
        "Due out with it",
        "Room to start",
        "Verdict",
    )
    return Table(
        "Next 13 weeks", "Need against room in the next 13 weeks", "What to expect has a 95% interval.", heads, body
    )


def due(source: Reader) -> Table:
    """Who is due out of prison, by district and weekday: for the partnership alone."""
    names = provision.labels(source)
    body = [
        (name, *found.weekdays, found.people, found.on_scheme)
        for d, name in names.districts.items() if (found := provision.due(source, d)).people
    ]  # fmt: skip
    heads = ("District", *sentences.WEEKDAYS, "Known", "Of those, on a scheme")
    return Table(
        "Due out",
        "Who is due out of prison in the next 13 weeks",
        "People with a day notified, by weekday.",
        heads,
        body,
    )


def partners(source: Reader) -> Table:
    """The partners: what each has signed and sent."""
    body = [
        (r["organisation"], AGENCIES.get(r["agency"], r["agency"]), _day(r["agreement_signed"]), _yes(r["cleared"]), _known(r["colocated_posts"]),
         _yes(r["link_worker"]), _known(r["extracts_received"]), _known(r["extracts_due"]))
        for r in governance.partners(source)
    ]  # fmt: skip
    heads = (
        "Organisation",
        "Agency",
        "Agreement signed",
        "Cleared",
        "Co-located posts",
        "Link worker",
        "Extracts received",
        "Extracts due",
    )
    return Table("Partners", "The partners", "What each has signed and sent.", heads, body)


def actions(source: Reader) -> Table:
    """The actions of the plan and of the review, and what became of the measures that they name."""
    found = governance.actions(source, summary.reviewed(source))
    body = [
        (x.ref, x.what, x.measure, x.place, x.owner, _day(x.opened_on), _day(x.due_on), governance.STATUSES.get(x.state, x.state),
         _day(x.closed_on), x.moved.words)
        for x in found
    ]  # fmt: skip
    heads = (
        "Action",
        "What is to be done",
        "Measure",
        "Where",
        "Owner",
        "Opened",
        "Due",
        "Status",
        "Closed",
        "What became of the measure",
    )
    return Table(
        "Actions",
        "The actions",
        "Those of the plan that was loaded, without its text, and those opened from a red.",
        heads,
        body,
    )


def assessed(source: Reader) -> Table:
    """What the agencies answered to each statement of the self-assessment."""
    body = [
        (part.title, one.statement.text, AGENCIES[answer.agency], GRADES[answer.grade], answer.quarter)
        for part, said in governance.said_of(source, summary.reviewed(source)) for one in said for answer in one.answers
    ]  # fmt: skip
    about = "Each agency's latest answer of the last year."
    return Table(
        "Self-assessment",
        "What the partners say of themselves",
        about,
        ("Part", "Statement", "Agency", "Answer", "Quarter"),
        body,
    )


def shares(source: Reader) -> Table:
    """Who has the programmes and the money, by sector."""
    now, money = governance.sectors(source)
    body = [
        (SHARED[r["measure"]], r["period"], governance.SECTORS[r["sector"]], "[x]" if r["share"] is None else round(r["share"]), _rounded(r["total"]),
         r["price_year"])
        for r in (*now, *money)
    ]  # fmt: skip
    heads = ("What is shared", "Period", "Sector", "Share (%)", "Of", "Price year")
    return Table("Sectors", "Who has the programmes and the money", "By sector. Money is in real pounds.", heads, body)


VERIFIED = {"recently": "in the last six months", "stale": "stale", "never": "never"}
FUNDING = {"soon": "ends within two quarters", "passed": "has ended", "later": "ends later", "unknown": "not known"}
SHARED = {"programmes": "Programmes", "providers": "Providers", "pounds": "Money for programmes (pounds)"}


def _known(value: float | None) -> Any:
    return "[x]" if value is None else value


def _rounded(value: float | None) -> Any:
    return "[x]" if value is None else round(value)


def _day(when: Any) -> str:
    return "[x]" if when is None else words.day(when)


def _yes(known: bool | None) -> str:
    return "[x]" if known is None else "yes" if known else "no"
