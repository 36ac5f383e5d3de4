"""The public summary: two pages in plain English, from the open level alone.

Short sentences of common words: `tests/pack/test_reading_age.py` holds them to a reading age. Every figure is as the open
level shows it.
"""

from components import evidence, headlines, value, words
from components.headlines import Headline
from components.judge import Row
from components.value import sentences
from pack import districts
from pack.money import amount
from pack.sheet import Row as Figure
from pack.sheet import Sheet, quarter
from release.read import Reader

ABOUT = (
    "A small number of people commit a lot of crime. Integrated Offender Management (IOM) brings the police, probation, prisons,"
    " councils, health and charities together. They work with these people to stop it.",
    "The team watches each person closely. It also helps with what lies behind the crime: drugs, a place to live, work, debt.",
)
COUNTED = (
    "We count a new crime only when a court or a caution has proved it. That takes time. So we wait 18 months before we say how a"
    " group of people did.",
    "The people on the scheme are picked because they offend a lot. So a high rate is no surprise. What matters is how they"
    " would have done without it.",
)
ROUNDED = (
    "We round the numbers here and hide the small ones, so that nobody can be picked out. We name no one.",
    "Each number could be a bit higher or lower by luck. We say a number has gone up or down only when luck is not a likely reason.",
)
ALIKE = (
    "We chose the second group to be like the first in age, in sex and in the crimes they did before. But the two may differ in"
    " ways that no record shows.",
)
WORDS = (
    ("Scheme", "A plan in which agencies work with a person together."),
    ("Caution", "A formal warning by the police to someone who admits a crime."),
    (
        "Luck",
        "Numbers go up and down from year to year even when nothing has changed. The fewer the people, the more they move.",
    ),
    ("Like them", "Of the same age and sex, and with the same sort of past. We find such people in the records."),
)
MORE = (
    "The full figures, and how we work them out, are in the quarterly pack and its tables. Ask your council or the police and crime"
    " commissioner for a copy."
)
CANNOT = "We cannot tell yet."
SECOND_PAGE = "Do people get the help they need?"


def document(source: Reader) -> Sheet:
    """The summary. Refuses any level but the open one: it is for everybody."""
    if source.level != "open":
        raise ValueError("the public summary is made from the open level alone")
    sheet = Sheet(source, f"Public summary, {quarter(source)}", f"public summary, {quarter(source)}", size=11.5)
    sheet.body.append('#heading(level: 1, "Is the work with repeat offenders making a difference?")')
    sheet.add("lede", verdict(source))
    if found := figures(source):
        sheet.add("big", found)
    for title, said in parts(source):
        if title == SECOND_PAGE:
            districts.drawn(sheet, course(source), across=2)
            sheet.body.append("#pagebreak()")
        if said:
            sheet.heading(title)
            sheet.each("para", said)
    sheet.heading("What do the words mean?")
    sheet.table(("Word", "What we mean by it"), WORDS, widths=[1, 5])
    sheet.heading("Where can I find out more?")
    sheet.add("para", MORE)
    return sheet


def course(source: Reader) -> list[tuple[str, list[Row]]]:
    """The rate of the people on the scheme, year by year."""
    found = [x for x in headlines.headlines(source)[0] if x.now["indicator"] == "reoffending_rate"][:1]
    return [
        ("People on the scheme who broke the law again within a year", rows)
        for _, rows in districts.courses(source, found)
    ]


def parts(source: Reader) -> list[tuple[str, list[str]]]:
    """The summary as headed paragraphs."""
    lines = {x.now["indicator"]: x for x in reversed(headlines.headlines(source)[0])}
    return [
        ("What is it?", list(ABOUT)),
        ("Are people on it breaking the law less?", [*crime(lines), *COUNTED]),
        ("Does the scheme make a difference?", [verdict(source), *beside(source), *ALIKE]),
        (SECOND_PAGE, helped(lines)),
        ("What does it cost?", money(source)),
        ("How do places compare?", [places(source)]),
        ("How sure are we?", list(ROUNDED)),
    ]


def verdict(source: Reader) -> str:
    """Whether it works, by the comparison of IOM with similar people."""
    found = evidence.picked(source, "scheme:iom", "")
    code = found[0].about["verdict"] if found else "no_verdict"
    return {
        "fewer": "Yes. People on the scheme broke the law again less than people like them who were not on it.",
        "more": "No. People on the scheme broke the law again more than people like them who were not on it.",
        "cannot_tell": f"{CANNOT} We set people on the scheme beside people like them who were not on it. The gap between the two could be luck.",
        "no_verdict": f"{CANNOT} There are too few people to compare with people like them who were not on it.",
    }[code]


def beside(source: Reader) -> list[str]:
    """What that means for 100 people, where there is a verdict: the gap alone.

    The rates on either side of it are of other people than the rate above (these are followed from the day they joined, those
    from a release, conviction or caution while on the scheme), and two rates side by side would puzzle.
    """
    found = evidence.picked(source, "scheme:iom", "")
    row = found[0].headline if found and found[0].about["verdict"] != "no_verdict" else None
    if row is None or row["outcome"] != "rate" or row["scale"] != "difference" or row["lower"] is None:
        return []
    return [f"We followed both for a year, the first from the day they joined. Of 100 people, {gap(row)}."]


def gap(row: Row) -> str:
    """How many fewer or more of 100 broke the law again, as far as luck lets us say."""
    low, high = row["lower"], row["upper"]
    least, most = (f"{one:.0f}" for one in sorted((abs(low), abs(high))))
    if low < 0 < high:
        return f"the gap is somewhere from {-low:.0f} fewer who broke the law again to {high:.0f} more"
    between = least if least == most else f"{least} to {most}"
    return f"about {between} {'fewer' if high <= 0 else 'more'} broke the law again"


def figures(source: Reader) -> list[Figure]:
    """The three numbers that stand out."""
    lines = {x.now["indicator"]: x.now for x in reversed(headlines.headlines(source)[0])}
    wanted = (
        ("people_on_scheme", "people on the scheme, {}"),
        ("reoffending_rate", "of people on the scheme broke the law again within a year ({})"),
        ("started_of_referred", "of those sent for help started it ({})"),
    )
    return [
        {"figure": words.shown(lines[name]), "words": said.format(when(lines[name]))}
        for name, said in wanted
        if name in lines and lines[name]["value"] is not None
    ]


def when(row: Row) -> str:
    """The period of a figure."""
    return str(row["period_label"])


def crime(lines: dict[str, Headline]) -> list[str]:
    """The rate, the one before, and whether the two can be told apart."""
    found = lines.get("reoffending_rate")
    if found is None or found.now["value"] is None:
        return ["There are too few people to show a rate."]
    now, before = found.now, found.before
    said = [
        f"{words.shown(now)} of people on the scheme broke the law again within a year. They joined the count in {when(now)}."
    ]
    if words.has_interval(now):
        said.append(
            f"The true number is likely to lie between {words.number(now['lower'], now)} and {words.number(now['upper'], now)}."
        )
    if before is not None and before["value"] is not None:
        judged = {
            "improved": "That is better, and luck is not a likely reason.",
            "worsened": "That is worse, and luck is not a likely reason.",
        }.get(
            found.change.kind, "The change is small enough to be luck, so we cannot tell if things got better or worse."
        )
        said.append(f"A year before it was {words.shown(before)}. {judged}")
    return [" ".join(said)]


def helped(lines: dict[str, Headline]) -> list[str]:
    """How far people get from a need to finished help."""
    says = (
        ("referred_of_need", "{} of the needs we found led to an offer of help."),
        ("started_of_referred", "{} of those sent for help started it."),
        ("completed_of_started", "{} of those who started saw it through."),
    )
    said = [
        text.format(words.shown(lines[name].now))
        for name, text in says
        if name in lines and lines[name].now["value"] is not None
    ]
    wait = lines.get("waiting_days")
    if wait is not None and wait.now["value"] is not None:
        said.append(f"Half of them waited {words.shown(wait.now)} days or less.")
    if not said:
        return ["There are too few people to show this."]
    first = next(lines[name] for name, _ in says if name in lines and lines[name].now["value"] is not None)
    missed = [x for name, x in lines.items() if name in dict(says) and x.status.kind == "misses"]
    goal = (
        [
            f"{('One of these falls', 'Two of these fall', 'All three fall')[len(missed) - 1]} short of the goal that was set."
        ]
        if missed
        else []
    )
    return [" ".join([f"In {when(first.now)}:", *said]), *goal]


def money(source: Reader) -> list[str]:
    """What it cost, and whether that came back."""
    subject = next((one for one in value.subjects(source) if one.key == "scheme:iom"), None)
    of = value.valued(source, subject, "", value.periods(source, subject, "")[1]) if subject is not None else None
    main = of.main if of is not None else None
    if of is None or main is None or main["cost"] is None:
        return ["We cannot say: what it cost has not been given to us."]
    said = [
        f"In {of.period} it took {sentences.pounds(amount(source, main['cost']))}, in {main['price_year']} prices. That counts staff who were lent to it."
    ]
    if main["needed"] is not None and main["needed"] <= 100:
        said.append(
            f"To pay for itself it had to stop {sentences.share(main['needed'])} of the crimes we would expect."
        )
    elif main["needed"] is not None and main["verdict"] != "cannot":
        said.append(
            "It may have had to stop more crimes than we would expect to pay for itself. That hangs on what a crime costs."
        )
    elif main["needed"] is not None:
        said.append(
            "It could not pay for itself by stopping crime: it would have to stop more crimes than we would expect."
        )
    said.append({
        "past": "It has done so.",
        "short": "It has not done so.",
        "cannot": "",
        "free": "It cost no cash of its own.",
        "cannot_tell": "We cannot tell yet if it did.",
        "not_available": "We do not know yet if it did.",
    }[main["verdict"]])  # fmt: skip
    return [" ".join(one for one in said if one)]


def places(source: Reader) -> str:
    """Why no league table is here."""
    names = [name for _, name in districts.inside(source)]
    return (
        f"The scheme works in {words.listed(names)}. They choose people in different ways, so it would not be fair to rank them."
        if names
        else ""
    )
