"""The steps from need to outcome as a table with bars, where each pathway loses most, and both for the download."""

from collections.abc import Sequence
from html import escape

import polars as pl

from components.judge import Row
from components.leakage.rows import Leak, Step, is_paid
from components.leakage.sentences import about, lost_words, money_words, name_of_loss, still_words
from components.markup.intervals import value_cell
from components.markup.plain import table
from components.words.sentences import period_in_sentence

HEADS = (
    ("Step", "left"),
    ("Of 100 needs found", "right"),
    ("", "left"),
    ("Lost before this step", "left"),
    ("What is lost with them", "left"),
)
BAR = '<span style="position:absolute;top:50%;margin-top:-8px;height:16px;left:{left:.2f}%;width:{width:.2f}%;{look}"></span>'
LOOKS = {
    "reached": "background:var(--accent);print-color-adjust:exact",
    "still": "background:repeating-linear-gradient(135deg,#12436d 0 2px,#fff 2px 6px);print-color-adjust:exact",
    "lost": "box-shadow:inset 0 0 0 1px #505a5f",
}
KEY = "Filled: got here. Striped: on the way here, and not lost. Outlined: lost since the step before."


def steps_table(found: Leak) -> str:
    """Each step with its share of the needs found, drawn from zero, how many were lost before it and what that cost."""
    header = "".join(
        f'<th scope="col" role="columnheader" style="text-align:{side}">{head or "<span class=vh>Drawn</span>"}</th>'
        for head, side in HEADS
    )
    body = "".join(_line(found, step) for step in found.steps)
    caption = f"{found.label}, {period_in_sentence(found.period_label)}: from need to outcome"
    return (
        f'<table class="figures stack leakage" role="table"><caption class="vh">{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _line(found: Leak, step: Step) -> str:
    if step.row is None:
        many = f'<span class="sub">{"of every quarter" if found.found is None else f"{found.found:,} needs"}</span>'
        value = f"<b>100</b>{many}"
    else:
        value = value_cell(_of_needs(found, step.row))
    still = still_words(found, step)
    lost = escape(lost_words(found, step)) + (f'<span class="sub">{escape(still)}</span>' if still else "")
    cells = (
        (HEADS[1][0], value, "num"),
        ("", _drawn(step), "graphic"),
        (HEADS[3][0], lost, ""),
        (HEADS[4][0], escape(money_words(found, step)), ""),
    )
    inner = "".join(
        f'<td role="cell" class="{css}"{_labelled(head, inside)}>{inside}</td>' for head, inside, css in cells
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{escape(step.name)}</th>{inner}</tr>'


def _labelled(head: str, inside: str) -> str:
    """What a cell is called on a phone; nothing for one with nothing in it."""
    return f' data-label="{head}"' if head and inside else ""


def _drawn(step: Step) -> str:
    """Of 100 needs: who got here, who is on the way, and who was lost since the step before, from zero."""
    left, bars = 0.0, ""
    for name in ("reached", "still", "lost"):
        width = max(getattr(step, name), 0.0)
        bars += BAR.format(left=left, width=width, look=LOOKS[name]) if width else ""
        left += width
    said = f"{step.reached:.0f} of 100 reached, {step.still:.0f} on the way, {step.lost:.0f} lost"
    return f'<span role="img" aria-label="{said}" style="display:block;position:relative;height:28px;min-width:120px">{bars}</span>'


def _of_needs(found: Leak, row: Row) -> Row:
    """The figure with its counts as needs; over longer periods without them, for each quarter has the same needs again."""
    counts = {} if found.found is not None else {"numerator": None, "denominator": None}
    return {**row, **counts, "denominator_of": "needs found in the 12 months"}


def worst_table(found: Sequence[Leak]) -> str:
    """Each pathway: where it loses most, how many reach the goal, and what is spent on programmes begun and not brought there."""
    counted = any(one.found is not None for one in found)
    rows = [
        (
            one.label,
            *([f"{one.found:,}"] if counted and one.found is not None else []),
            f"{name_of_loss(one.worst)}: {one.worst.lost:.0f} of 100",
            f"{one.steps[-1].reached:.0f}",
            _spent(one),
        )
        for one in found
    ]
    heads = ("Pathway", *(["Needs found"] if counted else []), "Most are lost", "Goal met, of 100", "Spent and lost after a start")  # fmt: skip
    numeric = [i for i, head in enumerate(heads) if head not in ("Pathway", "Most are lost")]
    return table(heads, rows, "Where each pathway loses most", numeric=numeric)


def _spent(one: Leak) -> str:
    lost = [one.money(step) for step in one.steps if is_paid(step)]
    known = [each for each in lost if each is not None]
    if len(known) < len(lost) or one.start is None:
        return "not available"
    return f"{about(sum(known))}{'' if one.found is not None else ' for 100 needs'} ({one.start.price_year} prices)"


def frame(found: Sequence[Leak]) -> pl.DataFrame | None:
    """Every step of every pathway, for the download."""
    rows = [
        {
            "pathway": one.label,
            "period": one.period_label,
            "step": step.name,
            "of_100_needs_found": step.reached,
            "lower": None if step.row is None else step.row["lower"],
            "upper": None if step.row is None else step.row["upper"],
            "still_on_the_way": step.still,
            "lost_before": step.lost,
            "needs_found": one.found,
            "pounds_lost" if is_paid(step) else "pounds_to_start_them": one.money(step),
            "cost_of_a_start": None if one.start is None else one.start.pounds,
            "price_year": None if one.start is None else one.start.price_year,
        }
        for one in found
        for step in one.steps
    ]
    return pl.DataFrame(rows, infer_schema_length=None) if rows else None
