"""Leakage on paper: of needs found, how many reach each step to the goal, where most are lost, and what that cost."""

from components import leakage, words
from components.leakage import sentences
from components.leakage.rows import Leak
from pack.sheet import Sheet
from release.read import Reader

TITLE = "Where are people lost on the way to help?"
KINDS = ("quarter", "year", "three_years", "all")


def page(sheet: Sheet) -> None:
    """All pathways together, step by step, and where each pathway loses most."""
    overall, each = found(sheet.source)
    if overall is None and not each:
        return
    sheet.part(TITLE)
    if overall is not None:
        sheet.add("lede", sentences.opening(overall))
        sheet.add("para", sentences.answer(overall))
        steps(sheet, overall)
    body = [
        (one.label, f"{one.steps[-1].reached:.0f}%", sentences.name_of_loss(one.worst), sentences.lost_words(one, one.worst),
         sentences.money_words(one, one.worst))
        for one in each
    ]  # fmt: skip
    heads = ("Pathway", "Goal met, of needs found", "Most are lost", "Lost there, of 100 needs", "What that cost")
    sheet.table(heads, body, (1,), caption="Where each pathway loses most", widths=[5, 3, 5, 4, 6])
    anew = sentences.how_pooled(each[0]) if each else []
    sheet.add("note", " ".join([words.PATHWAYS_OVERLAP, *anew]))


def of_pathway(sheet: Sheet, pathway: str) -> None:
    """One pathway's steps, where its level has them."""
    one = next((leak for leak in found(sheet.source)[1] if leak.pathway == pathway), None)
    if one is not None:
        steps(sheet, one)


def steps(sheet: Sheet, one: Leak) -> None:
    """Each step with how many reached it and how many were lost before it."""
    body = [
        (step.name, f"{step.reached:.0f}%" if step.row is None else f"{words.shown(step.row)} ({words.interval(step.row)})",
         sentences.lost_words(one, step), sentences.still_words(one, step), sentences.money_words(one, step))
        for step in one.steps
    ]  # fmt: skip
    heads = ("Step", "Of needs found (95% interval)", "Lost before it, of 100", "On the way", "What that cost")
    sheet.table(heads, body, (1,), caption=f"From need to goal, {one.period_label}", widths=[3, 4, 4, 5, 6])
    sheet.add("note", " ".join([*sentences.how_pooled(one), sentences.cost_basis(one)]))


def found(source: Reader) -> tuple[Leak | None, list[Leak]]:
    """The leaks over the shortest kind of period that shows them."""
    for kind in KINDS:
        overall, each = leakage.leaks(source, {}, kind)
        if overall is not None or each:
            return overall, each
    return None, []
