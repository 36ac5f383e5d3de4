"""From the people submitted to the people analysed: how many were left at each step, and why."""

from html import escape
from itertools import pairwise

from components.evidence.case import Case
from components.evidence.names import step as named


def flow_table(case: Case) -> str:
    """Each step with the people left, drawn as a bar from zero."""
    steps = sorted(case.flow, key=lambda row: row["sort"])
    if not steps:
        return ""
    most = max(step["people"] for step in steps) or 1
    lost = [0, *(before["people"] - step["people"] for before, step in pairwise(steps))]
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{escape(named(step["step"]))}</th>'
        f'<td role="cell" class="num" data-label="People"><b>{step["people"]:,}</b></td>'
        f'<td role="cell" class="bar"><span style="width:{100 * step["people"] / most:.1f}%"></span></td>'
        f'<td role="cell"{_labelled(gone)}>{_gone(gone, step["reason"])}</td></tr>'
        for step, gone in zip(steps, lost, strict=True)
    )
    heads = '<th scope="col">Step</th><th scope="col" class="num">People</th><th></th><th scope="col" class="why">Left out here</th>'
    return (
        '<table class="figures flow stack" role="table"><caption class="vh">From submitted to analysed</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _labelled(people: int) -> str:
    return ' data-label="Left out"' if people > 0 else ""


def _gone(people: int, reason: str) -> str:
    return f"{people:,}: {escape(reason)}" if people > 0 else ""
