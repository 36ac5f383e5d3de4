"""A page a pathway: how far people get along it, district by district, and over time."""

from components import data, headlines, words
from components.headlines import Headline
from components.judge import Row
from pack import districts, measures
from pack.sheet import Sheet

STEPS = ("need_identified", "referred_of_need", "started_of_referred", "completed_of_started", "waiting_days")


def pages(sheet: Sheet) -> None:
    """A page for every pathway that the release knows, in its order."""
    source = sheet.source
    steps = headlines.steps(source)
    if not steps:
        sheet.part("Pathways")
        sheet.add("lede", words.NO_PATHWAYS if source.level == "open" else words.NO_CASELOAD)
        return
    for pathway, name in source.members(steps[0].dim):
        if pathway in ("none", "not_known"):
            continue
        lines, missing = headlines.headlines(source, "", pathway)
        kept = [x for x in lines if x.now["status"] != "not available"]
        sheet.part(name)
        sheet.add("lede", answer(kept, name))
        measures.tables(sheet, kept)
        if missing:
            listed = "; ".join(dict.fromkeys(words.title_in_sentence(title) for title in missing))
            sheet.add("note", f"No table by pathway exists for: {listed}.")
        sheet.add("note", " ".join([words.PATHWAYS_OVERLAP, *measures.key(kept)]))
        places(sheet, [step for step in steps if step.info.id in STEPS], pathway)
        drawn = [x for x in kept if x.now["indicator"] in STEPS and x.now["value"] is not None]
        districts.drawn(
            sheet, [(label.partition(":")[0], rows) for label, rows in districts.courses(source, drawn[:3])]
        )


def answer(lines: list[Headline], name: str) -> str:
    """How far people get along the pathway, in the words of the Pathways page."""
    known = [x.now for x in lines if x.now["indicator"] in STEPS and x.now["value"] is not None]
    if not known:
        return f"No step along {name} can be shown at this level."
    return f"{name}: {words.steps_said(known)}"


def places(sheet: Sheet, steps: list[headlines.Step], pathway: str) -> None:
    """The steps district by district, each a value with its interval."""
    source, found = sheet.source, []
    for step in steps:
        by, where = step.cohort.district_dimension, {step.dim: pathway}
        kind = headlines.kind_shown(
            source, step.info.id, step.cohort, by=by, where=where, kinds=headlines.kinds_for(source, step.cohort)
        )
        period = kind and headlines.latest(source, step.cohort, kind)
        rows = data.rows(source, step.info.id, step.cohort.id, [period], by=by, where=where) if period else None
        if rows and any(row["value"] is not None for row in rows):
            found.append((step, rows[0]["period_label"], {_place(row, by): row for row in rows}))
    if not found:
        return
    heads = ["District", *(f"{step.info.title}, {period}" for step, period, _ in found)]
    body = [[name, *(_cell(rows.get(place)) for _, _, rows in found)] for place, name in districts.inside(source)]
    sheet.table(heads, body, range(1, len(heads)), caption="By the district that manages the person",
                widths=[3, *[4] * len(found)])  # fmt: skip
    signs = words.key_to(
        row for _, _, rows in found for place, row in rows.items() if place in dict(districts.inside(source))
    )
    if signs:
        sheet.add("note", " ".join(signs))


def _place(row: Row, by: str) -> str:
    return str(row["val1"] if row["dim1"] == by else row["val2"])


def _cell(row: Row | None) -> str:
    if row is None or row["value"] is None:
        return words.shown(row) if row else "[x]"
    bounds = words.interval(row)
    return f"{words.shown(row)} ({bounds})" if bounds else words.shown(row)
