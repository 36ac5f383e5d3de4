"""The old measures (PPO, DIP) beside the single cohort's, on paper, with the difference explained."""

from collections.abc import Mapping
from typing import Any

from components import parallel, verdicts
from components.parallel.rows import OLD, Case
from components.parallel.sentences import steps_said
from pack import districts
from pack.sheet import Sheet

Row = Mapping[str, Any]
HEADS = ("Measure", "People", "With a proven offence", "Offences for every 100", "Change on the year before")


def page(sheet: Sheet) -> None:
    """Each old measure in its latest year: side by side, and why they differ; then the lists fixed on one day."""
    source = sheet.source
    held = parallel.choices(source)
    if not held:
        return
    sheet.part(parallel.TITLE)
    cases = [parallel.case(source, measure, parallel.years(source, measure)[0][0]) for measure, _ in held]
    sheet.add("lede", parallel.opening(cases[0]))
    sheet.add("para", parallel.WHY_KEPT)
    for (_, title), found in zip(held, cases, strict=True):
        sheet.heading(f"{title}, {found.label}")
        sheet.add("before_table", parallel.answer(found))
        sheet.table(HEADS, beside(found), (1,), widths=[6, 2, 5, 5, 5])
        sheet.each("para", parallel.change_said(found))
        steps(sheet, found)
    for number, (title, row) in enumerate(parallel.lists(source)):
        if not number:
            sheet.heading(parallel.LISTS)
        sheet.each("para", [f"{title}: {' '.join(parallel.list_said(row))}"])
    sheet.add("note", " ".join(parallel.METHOD))


def beside(found: Case) -> list[tuple[str, ...]]:
    """The old measure, the single cohort of the same scheme, and the single cohort."""
    lines = [_line(OLD[found.rule, found.scheme], found.old, found)]
    if "scheme" in found.steps:
        lines.append(_line(f"Single cohort, people on {found.scheme.upper()}", found.steps["scheme"], found))
    if "all" in found.steps:
        lines.append(_line("Single cohort, everybody", found.steps["all"], found))
    elif found.new is not None:
        many = f"about {found.new['denominator']:,.0f} entries" if found.new["denominator"] else "[x]"
        often = districts.cell(found.often) if found.often is not None else "[x]"
        lines.append(("Single cohort, everybody", many, districts.cell(found.new), often, "not measured"))
    return lines


def _line(name: str, row: Row, found: Case) -> tuple[str, ...]:
    change = "not measured" if row.get("change") is None else verdicts.percent(row["change"])
    if row.get("change") is not None and row["change_lower"] is not None:
        change += f" ({verdicts.percent(row['change_lower'])} to {verdicts.percent(row['change_upper'])})"
    shown = (districts.cell(found.figure(row, each)) for each in ("rate", "per_100"))
    return name, f"{row['people']:,}", *shown, change


def steps(sheet: Sheet, found: Case) -> None:
    """Why the two differ, one difference at a time; at the open level the steps are not shown."""
    if "all" not in found.steps:
        sheet.add("note", parallel.OPEN)
        return
    body, before = list[tuple[str, ...]](), None
    for (name, what), row in zip(steps_said(found), found.steps.values(), strict=True):
        moved = "" if before is None else f"{verdicts.signed(row['rate'] - before, 1)} points"
        body.append((name, what, districts.cell(found.figure(row, "rate")), moved))
        before = row["rate"]
    heads = ("Step", "What it changes", "With a proven offence", "Moved by")
    sheet.table(heads, body, (3,), caption="From the old measure to the new", widths=[4, 9, 5, 3])
