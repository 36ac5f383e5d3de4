"""The tables of governance as HTML: status is a word and a shape, a dash is what nobody has said."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from components import markup, words
from components.governance import sentences as say
from components.governance.moved import Moved
from components.governance.rows import STATUSES, Planned, Said, by_owner, counted
from components.judge import Row
from components.review import AGENCIES, GRADES, Grade
from components.review.assessment import KINDS, Part

DASH = "\u2013"
STATE_LOOK = {
    "late": ("▲", "misses"),
    "open": ("○", "none"),
    "on_track": ("○", "none"),
    "done": ("●", "meets"),
    "dropped": (DASH, "none"),
}
MOVED_LOOK = {"moved": "meets", "counted_better": "meets", "still": "misses", "worse": "misses", "counted_worse": "misses", "back": "cannot-tell",
              "better": "cannot-tell", "outside": "cannot-tell", "same": "cannot-tell"}  # fmt: skip


def partners(found: Sequence[Row]) -> str:
    """The organisations: agreement, clearance, posts, link worker, extracts."""
    heads = ("Organisation", "Agreement signed", "Cleared", "Posts co-located", "Link worker", "Extracts received")
    body = "".join(
        '<tr role="row">'
        f'<th scope="row" role="rowheader">{escape(row["organisation"])}<span class="sub">{escape(AGENCIES.get(row["agency"]) or str(row["agency"]))}</span></th>'
        f"{_cell(heads[1], _signed(row))}{_cell(heads[2], _yes(row['cleared']))}"
        f"{_cell(heads[3], _posts(row['colocated_posts']), number=True)}"
        f"{_cell(heads[4], _yes(row['link_worker']))}{_cell(heads[5], _extracts(row), number=True)}</tr>"
        for row in found
    )
    return _table(heads, body, "The partners", numeric=(3, 5), css=" partners")


def owners(planned: Sequence[Planned]) -> str:
    """Actions by who has them."""
    heads = ("Owner", "Open", "Of those late", "Done", "Dropped")
    rows = [(owner, *(words.count(n) for n in counts)) for owner, *counts in by_owner(planned)]
    return markup.table(heads, rows, "Actions by owner", numeric=(1, 2, 3, 4))


def actions(planned: Sequence[Planned]) -> str:
    """Each action: what, of which measure, whose, by when, and how it stands; nothing where there is none."""
    if not planned:
        return ""
    heads = ("Action", "Measure it should move", "Owner", "Opened", "Due", "Status")
    body = "".join(
        '<tr role="row">'
        f'<th scope="row" role="rowheader">{escape(one.what or one.ref)}{markup.sub(one.ref if one.what else "")}</th>'
        f"{_cell(heads[1], escape(one.measure) + markup.sub(one.place))}{_cell(heads[2], escape(one.owner))}"
        f"{_cell(heads[3], words.day(one.opened_on))}{_cell(heads[4], words.day(one.due_on))}{_cell(heads[5], _state(one))}</tr>"
        for one in planned
    )
    return _table(heads, body, "The actions")


def moved(judged: Sequence[Planned]) -> str:
    """Each measure when its action was opened and since, the range it usually keeps, and what may be said."""
    heads = ("Measure", "Action", "When it was opened", "Since", "Usual range", "Finding")
    body = "".join(
        '<tr role="row">'
        f'<th scope="row" role="rowheader">{escape(one.measure)}{markup.sub(one.place)}</th>'
        f"{_cell(heads[1], escape(one.ref) + markup.sub(one.owner))}{_cell(heads[2], _figure(one.moved.before), number=True)}"
        f"{_cell(heads[3], _figure(one.moved.after), number=True)}{_cell(heads[4], _usual(one.moved), number=True)}"
        f"{_cell(heads[5], _finding(one.moved))}</tr>"
        for one in judged
    )
    return _table(heads, body, "Did the actions move their measures?", numeric=(2, 3, 4), css=" moved")


def sectors(now: Sequence[Row], pounds: Sequence[Row]) -> str:
    """Programmes and providers by sector now, and the latest year's money."""
    year = max((row["period"] for row in pounds), default="")
    price = next((row["price_year"] for row in pounds if row["period"] == year), "")
    heads = (
        "Sector",
        "Programmes",
        "Providers",
        *([f"Spent on programmes in {year} ({price} prices)"] if year else []),
    )
    measures = ("programmes", "providers", "pounds")[: len(heads) - 1]
    found = {(row["measure"], row["sector"]): row for row in (*now, *(r for r in pounds if r["period"] == year))}
    listed = [sector for sector in say.SECTORS if any((measure, sector) in found for measure in measures)]
    rows = [
        (say.sector_name(sector), *(_share(found.get((measure, sector))) for measure in measures)) for sector in listed
    ]
    return markup.table(heads, rows, "Programmes, providers and money by sector", numeric=tuple(range(1, len(heads))))


def years(pounds: Sequence[Row]) -> str:
    """The money by sector in each year."""
    rows = [
        (
            row["period"],
            say.sector_name(row["sector"]),
            say.pounds_of(row["amount"]),
            _percent(row["share"]),
            row["price_year"],
        )
        for row in sorted(pounds, key=lambda row: (row["period"], row["sector"]), reverse=True)
    ]
    heads = ("Year", "Sector", "Spent on programmes", "Share", "Prices of")
    return markup.table(heads, rows, "Spending on programmes by sector and year", numeric=(2, 3), short=True)


def parts(found: Sequence[tuple[Part, Sequence[Said]]]) -> str:
    """The self-assessment in short: for each principle and characteristic, all the answers to its statements."""
    heads = ("", "Answers to its statements", "")
    body, kind = "", ""
    for part, said in found:
        if part.kind != kind:
            kind = part.kind
            body += _group(KINDS[part.kind], len(heads))
        answers = counted(said)
        split = sum(one.split for one in said)
        differ = f'<span class="status cannot-tell"><i>◆</i> They differ on {split}</span>' if split else ""
        body += (
            f'<tr role="row"><th scope="row" role="rowheader">{escape(part.title)}{markup.sub(part.says)}</th>'
            f"{_cell('Answers', _bar(answers) + markup.sub(say.counted_in_words(answers)))}{_cell('', differ)}</tr>"
        )
    return _table(heads, body, "The self-assessment, by principle and characteristic", css=" assessed")


def assessed(found: Sequence[tuple[Part, Sequence[Said]]]) -> str:
    """Every statement of the self-assessment: who answered what, and the figures that bear on it."""
    heads = ("Statement", "Answers", "What the figures say")
    body = ""
    for part, said in found:
        body += _group(part.title, len(heads))
        body += "".join(
            f'<tr role="row"><th scope="row" role="rowheader">{escape(one.statement.text)}{markup.sub("Bring: " + one.statement.bring)}</th>'
            f"{_cell(heads[1], _answers(one))}{_cell(heads[2], _bearing(one))}</tr>"
            for one in said
        )
    return _table(heads, body, "The self-assessment, by statement", css=" assessed")


def evidence(found: Sequence[tuple[Part, Sequence[Said]]]) -> str:
    """What the agencies wrote in support of their answers."""
    rows = [
        (one.statement.text, AGENCIES[answer.agency], GRADES[answer.grade], answer.evidence)
        for _, said in found for one in said for answer in one.answers if answer.evidence
    ]  # fmt: skip
    return (
        markup.table(("Statement", "Agency", "Answer", "In support"), rows, "What was said in support") if rows else ""
    )


def _answers(said: Said) -> str:
    """A bar of who answered what, and the same in words."""
    if not said.answers:
        return f'<span class="missing">{DASH} nobody has answered</span>'
    split = '<span class="status cannot-tell"><i>◆</i> They differ</span>' if said.split else ""
    return f"{_bar(said.counts)}{markup.sub(say.answers_in_words(said))}{split}"


def _bar(counts: Counter[Grade]) -> str:
    """Answers as parts of one bar; the words beside it say the same."""
    whole = counts.total()
    if not whole:
        return f'<span class="missing">{DASH} nobody has answered</span>'
    inside = "".join(
        f'<span class="grade-{grade.replace("_", "-")}" style="width:{100 * counts[grade] / whole:.1f}%"></span>'
        for grade in GRADES if counts[grade]
    )  # fmt: skip
    return f'<span class="grades" aria-hidden="true">{inside}</span>'


def _group(title: str, across: int) -> str:
    return f'<tr class="group" role="row"><th scope="colgroup" role="columnheader" colspan="{across}">{escape(title)}</th></tr>'


def _bearing(said: Said) -> str:
    if not said.figures:
        return f'<span class="missing">{DASH}</span>'
    return "".join(
        f"<div>{escape(title)}: <b>{escape(words.with_unit(row['value'], row))}</b>{markup.sub(words.counts(row))}</div>"
        for title, row in said.figures
    )


def _signed(row: Row) -> str:
    signed = row["agreement_signed"]
    return '<span class="status misses"><i>▲</i> Not recorded</span>' if signed is None else words.day(signed)


def _posts(value: float | None) -> str:
    return DASH if value is None else f"{value:g}"


def _yes(value: bool | None) -> str:
    return DASH if value is None else "Yes" if value else '<span class="status cannot-tell"><i>◆</i> No</span>'


def _extracts(row: Row) -> str:
    due, sent = row["extracts_due"], row["extracts_received"]
    if due is None or sent is None:
        return DASH
    said = f"{sent} of {due}"
    return f'<span class="status misses"><i>▲</i> {said}</span>' if sent < due else said


def _state(one: Planned) -> str:
    shape, css = STATE_LOOK[one.state]
    closed = markup.sub(words.day(one.closed_on)) if one.closed_on else ""
    closed = closed or (markup.sub(f"at {words.day(one.as_at)}") if one.state == "late" else "")
    return f'<span class="status {css}"><i>{shape}</i> {STATUSES[one.state]}</span>{closed}'


def _figure(row: Row | None) -> str:
    if row is None:
        return DASH
    return f"<b>{escape(words.with_unit(row['value'], row))}</b>{markup.sub(row.get('period_label') or row['period'])}"


def _usual(one: Moved) -> str:
    if one.usual is None or one.after is None:
        return DASH
    floor, ceiling = 0.0, 100.0 if one.after["unit"] == "%" else one.usual[1]
    low, high = (words.number(min(max(limit, floor), ceiling), one.after) for limit in one.usual)
    return f"{low} to {high}"


def _finding(one: Moved) -> str:
    shape = f"<i>{one.shape}</i> " if one.shape else ""
    reached = (
        ""
        if one.reached is None
        else markup.sub("It has reached its aim" if one.reached else "It has not reached its aim")
    )
    return f'<span class="status {MOVED_LOOK.get(one.kind, "none")}">{shape}{escape(one.words)}</span>{reached}'


def _share(row: Row | None) -> str:
    if row is None:
        return DASH
    amount = say.pounds_of(row["amount"]) if row["measure"] == "pounds" else words.count(row["amount"])
    return f"{amount} ({_percent(row['share'])})"


def _percent(share: float | None) -> str:
    return DASH if share is None else f"{share:.0f}%"


def _cell(head: str, inside: str, *, number: bool = False) -> str:
    css = ' class="num"' if number else ""
    return f'<td role="cell" data-label="{escape(head)}"{css}>{inside}</td>'


def _table(heads: Sequence[str], body: str, caption: str, numeric: Sequence[int] = (), *, css: str = "") -> str:
    header = "".join(
        f'<th scope="col" role="columnheader"{" class=" + chr(34) + "num" + chr(34) if i in numeric else ""}>{escape(head)}</th>'
        for i, head in enumerate(heads)
    )
    return (
        f'<table class="figures stack governance{css}" role="table"><caption class="vh">{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )
