"""The figures behind a figure as tables, how each was worked out, and the state where there is nothing to show."""

from collections.abc import Mapping, Sequence
from html import escape

import polars as pl

from components.behind.rows import Elsewhere
from components.behind.sentences import MEANS, NOT_RANKED, PARTS, TOPS, held, signed
from components.judge import Row
from components.markup.intervals import strip
from components.markup.plain import details, table
from components.words.figures import interval, key_to, number, shown

_NUM = ' class="num"'
HOW = {
    "Early sight": (
        "A reoffence counts on the day it is proven. What earlier cohorts showed at the same age, in the 730 days before the data"
        " end, says how much is still to come: for the rate by Kaplan and Meier's curve, for reoffences by the chain ladder, each"
        " by previous sanctions and district.",
        "The same method is run at up to 24 earlier quarter ends on what was known then, and set against what became final. That"
        " sets the width of the interval; how often it held is shown. No nowcast for fewer than 30 people, fewer than 8 earlier"
        " cohorts, or a cohort that ended less than 90 days before.",
    ),
    "Why it moved": (
        "People alike before the index date (young adult or not, earlier sanctions, prison release or not) are a group. The figure"
        " is the groups' shares times their days at liberty, the season and their reoffences a day at liberty.",
        "Each part is its Shapley value: the average effect on the sum of changing it from one cohort's to the other's, over all"
        " orders. Intervals by bootstrap of people, so those of the two cohorts differ a little"
        " from the measure's own. Season's allows for the few years that its factors rest on.",
    ),
    "How few": (
        "People with an offence proven in the period, in order of how many; a part of a person counts as that part. By chance: the"
        " same if all were equally likely to offend (Poisson counts of one or more with the same mean). Intervals by bootstrap of"
        " people.",
    ),
    "Elsewhere": (
        "Another partnership's open release stands here only where the measure's version, formula and unit and the cohort's"
        " follow-up are the same as ours. Published figures come with the year and source they were entered with.",
    ),
}  # fmt: skip


def how(section: str) -> str:
    """How a section's figures are worked out."""
    return "".join(f"<p>{escape(line)}</p>" for line in HOW[section])


def method() -> pl.DataFrame:
    """How every section is worked out, for the download."""
    return pl.DataFrame([{"section": section, "how": line} for section, lines in HOW.items() for line in lines])


def state(head: str, lines: Sequence[str]) -> str:
    """In place of a chart: that there is none, and why."""
    return f'<div class="state"><b>{escape(head)}</b>{"".join(f"<p>{escape(line)}</p>" for line in lines)}</div>'


def sight_table(final: Sequence[Row], nowcasts: Sequence[Row]) -> str:
    """Final figures and nowcasts by period, each with its interval, people and how often the interval held."""
    body = [(row["period_label"], "Final", shown(row), interval(row), "", "", "") for row in final]
    for row in nowcasts:
        known = row["value"] is not None
        body.append((
            row["period_label"], "Provisional nowcast" if known else "Not available", number(row["value"], row) if known else "[x]",
            interval(row), "" if row["seen_so_far"] is None else number(row["seen_so_far"], row), f"{row['people']:,}",
            held(row).removeprefix("the interval ") if known else row["reason"],
        ))  # fmt: skip
    heads = (
        "Period",
        "State",
        "Value",
        "95% interval",
        "Proven so far",
        "People",
        "The interval, or why there is none",
    )
    return table(heads, body, "Final figures and nowcasts", numeric=(2, 3, 4, 5), short=True)


def moved_table(parts: Mapping[str, Row]) -> str:
    """Every part of a change with its interval, what it holds, or why it cannot be told apart."""
    body = []
    for name, row in parts.items():
        level = name in ("before", "after")
        title = {"before": row["from_label"], "after": row["to_label"], "change": "Change"}.get(name) or PARTS[name]
        if row["value"] is None:
            body.append((title, "[x]", "", row["reason"]))
            continue
        say = number if level else signed
        limits = f"{say(row['lower'], row)} to {say(row['upper'], row)}"
        body.append((title, say(row["value"], row), limits, MEANS.get(name, "")))
    return table(("Part", "Value", "95% interval", "What it holds"), body, "The change and its parts", numeric=(1, 2))


def tops(measures: Mapping[str, Row]) -> str:
    """The shares of the top half per cent and the top tenth on one scale, each with what chance alone would give."""
    lines = "".join(_top(name, row) for name in TOPS if (row := measures.get(name)))
    ticks = "".join(f'<span style="left:{k}%">{k}%</span>' for k in (0, 25, 50, 75, 100))
    axis = f'<div class="dots-row axis" aria-hidden="true"><span></span><span class="dots-ticks">{ticks}</span><span></span></div>'
    return f'<div class="dots" role="list" aria-label="Share of proven offences by the most active people">{lines}{axis}</div>'


def _top(name: str, row: Row) -> str:
    return (
        f'<div class="dots-row" role="listitem"><span class="dots-label">{TOPS[name]}<span class="sub">{row["people"]:,} of '
        f'{row["of_people"]:,} people</span></span><span class="dots-track">{strip(row, target=row["by_chance"], top=100.0)}</span>'
        f'<span class="dots-value"><b>{shown(row)}</b><span class="sub">{interval(row)}</span>'
        f'<span class="sub">by chance {number(row["by_chance"], row)}</span></span></div>'
    )


def concentration_table(measures: Mapping[str, Row]) -> str:
    """Every measure of concentration with its interval and the same by chance."""
    names = (
        dict(TOPS)
        | {f"lorenz_{k}": f"Least active {k}% of people" for k in range(10, 100, 10)}
        | {"gini": "Gini (0 to 100)"}
    )
    body = []
    for name, title in names.items():
        row = measures.get(name)
        if row is None:
            body.append((title, "[c]", "", "", "", ""))
            continue
        small = {**row, "unit": ""} if name == "gini" else row
        body.append((title, number(row["value"], small), interval(small), number(row["by_chance"], small),
                     f"{row['of_people']:,}", f"{row['offences']:,}"))  # fmt: skip
    heads = ("Of these people", "Share of offences", "95% interval", "By chance", "People", "Offences")
    return table(heads, body, "Concentration of proven offences", numeric=(1, 2, 3, 4, 5), short=True)


def areas_table(found: Elsewhere) -> str:
    """Ours and other areas' figures on the same definition, in order of name."""
    rows = sorted([*([found.ours] if found.ours else []), *found.areas], key=lambda row: str(row["area"]))
    body = [
        (row["area"] + (" (ours)" if row["ours"] else ""), row["period_label"], shown(row), interval(row), row["source"])
        for row in rows
    ]  # fmt: skip
    heads = ("Area", "Period", "Value", "95% interval", "Source")
    return table(heads, body, "Other areas", numeric=(2, 3)) if found.areas else ""


def areas_notes(found: Elsewhere) -> list[str]:
    """What must be said under other areas' figures, where there are any: no ranking, and what each sign means."""
    rows = [*([found.ours] if found.ours else []), *found.areas]
    return [NOT_RANKED, *key_to(rows)] if found.areas else []


def published_table(found: Elsewhere) -> str:
    """Published figures, each with its year, source and how its definition differs."""
    rows = sorted(found.published, key=lambda row: (row["area"], row["period"]))
    heads = ("Area and year", "Value", "Source", "How it differs")
    header = "".join(f'<th scope="col"{_NUM if head == "Value" else ""}>{head}</th>' for head in heads)
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{escape(row["area"])}<span class="sub">{escape(row["period_label"])}</span>'
        f'</th><td role="cell" class="num" data-label="Value"><b>{number(row["value"], row)}</b>{_unit(row)}</td>'
        f'<td role="cell" data-label="Source">{escape(row["source"])}</td>'
        f'<td role="cell" data-label="How it differs">{escape(row["definition_note"])}</td></tr>'
        for row in rows
    )
    whole = (
        '<table class="figures published stack" role="table"><caption class="vh">Published figures</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )
    return whole if rows else ""


def _unit(row: Row) -> str:
    return "" if row["unit"] == "%" else f'<span class="sub">{escape(row["unit"])}</span>'


def behind_switches(section: str, figures: str) -> str:
    """A section's figures as a table, and how they are worked out, each behind a switch."""
    return details("Show these figures as a table", figures) + worked_out(section)


def worked_out(section: str) -> str:
    """How a section's figures are worked out, behind a switch."""
    return details("How is this worked out?", how(section))


def frames(
    sights: Sequence[Row], parts: Sequence[Row], few: Sequence[Row], found: Elsewhere
) -> dict[str, pl.DataFrame]:
    """The page's rows as tables for the download, those that there are, with how each is worked out."""
    ours = [found.ours] if found.ours and found.areas else []
    rows = {"early_sight": sights, "why_it_moved": parts, "concentration": few, "other_areas": [*ours, *found.areas],
            "published": found.published}  # fmt: skip
    held = {name: [dict(row) for row in listed] for name, listed in rows.items() if listed}
    made = {name: pl.DataFrame(listed, infer_schema_length=None) for name, listed in held.items()}
    return made | {"how_worked_out": method()}
