"""What a comparison found: the verdict's mark, 100 typical people, the outcomes, and how far the answer moves."""

from collections.abc import Sequence
from functools import cache
from html import escape

from components import verdicts
from components.evidence.case import Case
from components.evidence.names import covariate
from components.evidence.strips import axis, reach, strip
from components.markup.plain import details, table
from components.verdicts import Row
from metrics.compare.sensitivity import specifications as specifications_listed

GRADES = {1: "weakest", 2: "weak", 3: "moderate", 4: "strong", 5: "strongest"}
METHODS = {
    "matched": "Matched comparison",
    "doubly_robust": "Doubly robust (weights and regression together)",
    "doubly robust": "Doubly robust (weights and regression together)",
    "cox": "Cox's hazard ratio, on the matched groups",
    "undiluted": "Had nobody they are compared with joined later",
    "log_rank": "Log-rank test, on the matched groups",
    "discontinuity": "People just above and just below the selection threshold",
    "difference_in_differences": "Difference in differences",
    "before_after": "Before and after, alone",
}


def verdict_line(case: Case) -> str:
    """The verdict as a shape and words, with how strong the evidence is."""
    about = case.about
    grade = ""
    if about["grade"] is not None:
        level = about["grade"]
        grade = (
            f'<span class="grade">Evidence: level {level} of 5 ({GRADES.get(level, "")})'
            f'<span class="sub">{escape(about["rubric"])}</span></span>'
        )
    code = about["verdict"]
    return (
        f'<div class="verdict {code.replace("_", "-")}"><span class="verdict-mark" aria-hidden="true">'
        f'{verdicts.SYMBOLS[code]}</span><span class="verdict-word">{verdicts.SHORT[code]}</span>{grade}</div>'
    )


def hundred(case: Case) -> str:
    """Of 100 typical people, how many did and how many of those like them: two bars from zero to 100."""
    row = case.headline
    if row is None or row["treated"] is None or row["expected"] is None:
        return ""
    did = verdicts.SAY[row["outcome"]][0]
    ours, theirs = verdicts.both(row)
    lines = (
        ("Took part", row["treated"], ours, "ours"), ("Similar people who did not", row["expected"], theirs, "theirs"),
    )  # fmt: skip
    bars = "".join(
        f'<div class="hundred-row {css}" role="listitem"><span>{escape(name)}</span>'
        f'<span class="hundred-track"><span style="width:{min(max(value, 0), 100):.1f}%"></span></span>'
        f'<b>{said}<span class="sub">of 100 {escape(did)}</span></b></div>'
        for name, value, said, css in lines
    )
    return f'<div class="hundred" role="list" aria-label="Of 100 typical people">{bars}</div>'


def outcomes(case: Case) -> str:
    """Every outcome: the two groups' figures and the difference on its interval, each on a scale of its own unit."""
    rows = [row for row in (case.headline, *case.beside) if row is not None]
    if not rows:
        return ""
    body = "".join(_outcome(row) for row in rows)
    heads = ("Outcome", "Took part", "Similar people", "Difference (95% interval)")
    header = "".join(f'<th scope="col"{_num(i)}>{escape(head)}</th>' for i, head in enumerate(heads))
    header += '<th scope="col"><span class="vh">Difference drawn: </span><span class="less-more"><span>less</span><span>more</span></span></th>'
    return (
        '<table class="figures effects stack" role="table"><caption class="vh">Outcomes of the comparison</caption>'
        f'<thead role="rowgroup"><tr role="row">{header}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _num(place: int) -> str:
    return ' class="num"' if place in (1, 2, 3) else ""


def _outcome(row: Row) -> str:
    name = verdicts.outcome_name(row["outcome"])
    ours, theirs, gap = figures(row)
    said = verdicts.span(row) if row["estimate"] is not None else "not available"
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{escape(name)}</th>'
        f'<td role="cell" class="num" data-label="Took part"><b>{ours}</b></td>'
        f'<td role="cell" class="num" data-label="Similar people"><b>{theirs}</b></td>'
        f'<td role="cell" class="num" data-label="Difference">{gap}</td>'
        f'<td role="cell" class="graphic">{strip(row, reach([row]), said)}</td></tr>'
    )


def figures(row: Row) -> tuple[str, str, str]:
    """Both groups' figures and the difference with its interval, in as few decimals as they need."""
    if row["estimate"] is None or row["treated"] is None or row["expected"] is None:
        return "[x]", "[x]", "[x]"
    small = row["outcome"] == "liberty" or row["scale"] == "ratio"
    places = 2 if small else verdicts.decimals(row["treated"], row["expected"])
    ends = (row["lower"], row["estimate"], row["upper"])
    gap_places = 2 if small else _places(*ends)
    low, mid, high = verdicts.ends(*ends, gap_places, verdicts.no_difference(row["scale"]))
    gap = f'<b>{mid}</b><span class="sub">{low} to {high}</span>'
    return *verdicts.both(row, places), gap


def _places(lower: float, estimate: float, upper: float) -> int:
    """None for whole numbers; else one, or two where an end of the interval would read as nought."""
    return verdicts.points(lower, estimate, upper) and max(1, verdicts.decimals(lower, upper))


def specifications(case: Case) -> str:
    """The headline worked out in other reasonable ways, each on one scale: how far the answer moves."""
    if case.headline is None:
        return ""
    rows = [case.headline, *case.other_ways]
    far = reach(rows)
    lines = "".join(_way(row, far) for row in rows)
    return (
        f'<div class="dots ways" role="list" aria-label="The headline worked out in other reasonable ways">{lines}</div>'
        f'<div class="dots">{axis(far, case.headline["unit"])}</div>'
    )


def way(row: Row) -> str:
    """What one way of working it out is called."""
    if row["headline"]:
        return "As published"
    if row["specification"] in ("", "main"):
        return METHODS.get(row["method"], row["method"].replace("_", " ").capitalize())
    name = str(row["specification"])
    said = _notes().get(name) or name.replace("_", " ")
    if name.startswith("without_"):
        said = f"{covariate({'covariate': name.removeprefix('without_'), 'level': ''})} left out"
    return f"{said[:1].upper()}{said[1:]}"


@cache
def _notes() -> dict[str, str]:
    """What each specification changes, in words."""
    return {one.id: one.note for one in specifications_listed(())}


def _way(row: Row, far: float) -> str:
    said = verdicts.span(row) if row["estimate"] is not None else "not available"
    _, _, gap = figures(row)
    css = " published" if row["headline"] else ""
    return (
        f'<div class="dots-row{css}" role="listitem"><span class="dots-label">{escape(way(row))}</span>'
        f'<span class="dots-track">{strip(row, far, said)}</span><span class="dots-value">{gap}</span></div>'
    )


def every_comparison(cases: Sequence[Case], districts: dict[str, str]) -> str:
    """All comparisons with a verdict side by side in alphabetical order, never ranked; the others below, with their reasons."""
    ordered = sorted(cases, key=lambda c: (c.about["title"].casefold(), c.about["district"], c.about["to_period"]))
    told = [case for case in ordered if case.headline is not None and case.about["verdict"] != "no_verdict"]
    far = reach(case.headline for case in told if case.headline is not None)
    lines = "".join(_line(case, far, districts) for case in told)
    scale = f'<div class="dots">{axis(far, "percentage points who reoffended", " compared")}</div>'
    drawn = f'<div class="dots" role="list" aria-label="Every comparison">{lines}</div>{scale}' if told else ""
    rest = [
        (case.about["title"], _place(case, districts), case.about["reason"]) for case in ordered if case not in told
    ]
    if not rest:
        return drawn
    listed = table(
        ("Comparison", "District", "Why there is no verdict"), rest, "Comparisons without a verdict", short=True
    )
    return drawn + details(f"{len(rest)} more without a verdict, and why", listed)


def _place(case: Case, districts: dict[str, str]) -> str:
    return districts.get(case.about["district"], case.about["district"]) or "All districts"


def _line(case: Case, far: float, districts: dict[str, str]) -> str:
    about, row, code = case.about, case.headline, case.about["verdict"]
    assert row is not None
    place = _place(case, districts)
    where = "" if place in about["title"] else f"{place}; "
    mark = f'<i aria-hidden="true">{verdicts.SYMBOLS[code]}</i> {verdicts.SHORT[code]}'
    flag = '<span class="sub">may be luck among so many</span>' if verdicts.luck(row) else ""
    return (
        f'<div class="dots-row compared" role="listitem"><span class="dots-label">{escape(about["title"])}'
        f'<span class="sub">{escape(where)}{about["analysed"] or 0:,} people</span></span>'
        f'<span class="dots-track">{strip(row, far, verdicts.span(row))}</span>'
        f'<span class="dots-value"><span class="status {code.replace("_", "-")}">{mark}</span>{flag}{figures(row)[2]}</span></div>'
    )
