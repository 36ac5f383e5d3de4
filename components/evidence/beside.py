"""What stands beside a matched comparison: observed against expected, before and after, and people just below a threshold."""

from collections.abc import Sequence
from html import escape

from components import data, verdicts
from components.evidence.case import Case
from components.evidence.strips import axis, reach, strip
from components.judge import FINAL, few
from components.markup.plain import table
from components.verdicts import Row, signed
from release.read import Reader

EXPECTED = "observed_minus_expected"
LIBERTY = "offences_per_year_at_liberty"
DESIGNS = {
    "first_selection": ("First selected in the year before", "whether or not they stayed; {date}"),
    "first_selection_pooled": ("The same, every year together", "each person once; to {date}"),
    "fixed_date": ("On it on the day", "the official design; {date}"),
    "fixed_date_pooled": ("The same, every date together", "each person once; to {date}"),
}
FINDINGS = {
    "fewer": "Fell by more than selection explains",
    "more": "Fell by less than selection explains, or rose",
    "cannot_tell": "Cannot tell from what selection explains",
    "no_verdict": "No reading",
}
EVERYBODY = "People on any scheme"
POINTS = "percentage points who reoffended"
LATEST = 4
"""How many years stand on the page."""


def against_expected(source: Reader, about: Row) -> list[Row]:
    """Observed minus expected for the people of a scheme, four pooled cohorts at a time; the latest last. Empty for others.

    Where the level does not hold a scheme by itself it is that of everybody on any, and each row's `whose` says so.
    """
    if about["subject_kind"] != "scheme":
        return []
    where = {"scheme": about["subject"]}
    if about["district"]:
        place = next((c.district_dimension for c in source.cohorts() if c.id == "scheme"), "")
        where |= {place: about["district"]}
    if own := _expected(source, where=where):
        return own
    return [] if about["district"] else [{**row, "whose": EVERYBODY} for row in _expected(source)]


def _expected(source: Reader, *, by: str = "", where: dict[str, str] | None = None) -> list[Row]:
    if not _held(source):
        return []
    found = data.rows(source, EXPECTED, "scheme", kind="year", by=by, where=where) or []
    return [row for row in found if row["status"] in FINAL and row["value"] is not None]


def _held(source: Reader) -> bool:
    """Whether the release has observed minus expected for people on a scheme."""
    return "scheme" in {c.id for c in source.cohorts()} and EXPECTED in {i.id for i in source.indicators("scheme")}


def expected_by_scheme(source: Reader) -> dict[str, Row]:
    """Each scheme's observed minus expected in its latest four pooled cohorts, by scheme."""
    return {row["val1"]: row for row in sorted(_expected(source, by="scheme"), key=lambda row: row["period"])}


def as_effect(row: Row) -> Row:
    """An observed minus expected as a difference with an interval, in the words of a comparison's effect."""
    same = {"outcome": "rate", "scale": "difference", "unit": "percentage points", "estimate": row["value"]}
    return {**row, **same}


def two_answers(case: Case, years: Sequence[Row]) -> str:
    """The two answers on one scale: beside similar people, and beside what their own history predicts."""
    about, main = case.about, case.headline
    rows = []
    if main is not None and main["estimate"] is not None:
        matched = f"Matched comparison; {about['analysed'] or main['people']:,} people over the whole period"
        rows.append(("Beside similar people", matched, main))
    if years:
        last = years[-1]
        people = "" if last["denominator"] is None else f"; {last['denominator']:,.0f} index events"
        whose = f"{last['whose']}; " if last.get("whose") else ""
        rows.append(("Beside what their history predicts", f"{whose}{last['period_label']}{people}", as_effect(last)))
    if len(rows) < 2 and not years:
        return ""
    far = reach(row for _, _, row in rows)
    lines = "".join(_line(name, sub, row, far) for name, sub, row in rows)
    return (
        f'<div class="dots two-answers" role="list" aria-label="Two answers on one scale">{lines}</div>'
        f'<div class="dots">{axis(far, POINTS)}</div>'
    )


def _line(name: str, sub: str, row: Row, far: float, css: str = "") -> str:
    size, bounds = verdicts.on_interval(row["estimate"], row["lower"], row["upper"])
    value = f"<b>{size}</b>" + (f'<span class="sub">{bounds}</span>' if bounds else "")
    said = f"{size} percentage points" + (f", 95% interval {bounds}" if bounds else "")
    if few(row):
        sub, css = f"{sub}, too few to judge" if sub else "too few to judge", f"{css} few"
    under = f'<span class="sub">{escape(sub)}</span>' if sub else ""
    return (
        f'<div class="dots-row{css}" role="listitem"><span class="dots-label">{escape(name)}{under}</span>'
        f'<span class="dots-track">{strip(row, far, said)}</span><span class="dots-value">{value}</span></div>'
    )


def expected_years(rows: Sequence[Row]) -> str:
    """Each year's observed minus expected on its interval, all on one scale, and the index events behind it."""
    shown = [as_effect(row) for row in rows[-LATEST:]]
    far = reach(shown)
    lines = "".join(
        _line(
            row["period_label"],
            "" if row["denominator"] is None else f"{row['denominator']:,.0f} index events",
            row,
            far,
        )
        for row in shown
    )
    return (
        f'<div class="dots" role="list" aria-label="Observed minus expected reoffending by year">{lines}</div>'
        f'<div class="dots">{axis(far, POINTS)}</div>'
    )


def side_by_side(cases: Sequence[Case], expected: dict[str, Row]) -> str:
    """Each scheme over the whole area, in alphabetical order: beside similar people, and beside what history predicts."""
    latest: dict[str, Case] = {}
    for case in sorted(cases, key=lambda case: case.about["to_period"]):
        if case.about["subject_kind"] == "scheme" and not case.about["district"] and not case.windowed:
            latest[case.about["subject"]] = case
    shown = [case for name, case in latest.items() if name in expected or _told(case)]
    if not any(case.about["subject"] in expected for case in shown):
        return ""
    both = [row for case in shown if _told(case) and (row := case.headline) is not None]
    both += [as_effect(expected[case.about["subject"]]) for case in shown if case.about["subject"] in expected]
    far = reach(both)
    lines = ""
    for case in sorted(shown, key=lambda case: case.about["title"].casefold()):
        about = case.about
        lines += f'<div class="dots-group" role="listitem"><b>{escape(about["title"])}</b></div>'
        if (main := case.headline) is not None and _told(case):
            lines += _line(
                "Beside similar people", f"{about['analysed'] or main['people']:,} people", main, far, " in-group"
            )
        else:
            lines += _reason("Beside similar people", about["reason"])
        if (row := expected.get(about["subject"])) is not None:
            sub = row["period_label"] + (
                "" if row["denominator"] is None else f"; {row['denominator']:,.0f} index events"
            )
            lines += _line("Beside what history predicts", sub, as_effect(row), far, " in-group")
        else:
            lines += _reason("Beside what history predicts", "not held by this release, or too few people")
    return (
        f'<div class="dots" role="list" aria-label="Every scheme by both measures">{lines}</div>'
        f'<div class="dots">{axis(far, POINTS)}</div>'
    )


def _told(case: Case) -> bool:
    return case.about["verdict"] != "no_verdict" and case.headline is not None and case.headline["estimate"] is not None


def _reason(name: str, why: str) -> str:
    return (
        f'<div class="dots-row in-group" role="listitem"><span class="dots-label">{escape(name)}</span>'
        f'<span class="dots-track"><em>{escape(why)}</em></span><span class="dots-value"></span></div>'
    )


def before_and_after(source: Reader, about: Row) -> list[Row]:
    """The before and after figures of a scheme at liberty: of each design the latest date, and its dates taken together."""
    if about["subject_kind"] != "scheme":
        return []
    mine = [
        row
        for row in data.listed(source, "before_after")
        if row["scheme"] == about["subject"] and row["district"] == about["district"] and row["measure"] == LIBERTY
    ]
    latest = {row["design"]: row for row in sorted(mine, key=lambda row: row["fixed_date"])}
    return [latest[design] for design in DESIGNS if design in latest]


def before_after_table(rows: Sequence[Row]) -> str:
    """Down the side before, after, what selection alone explains, and what is left; a column for each design."""
    heads = "".join(
        f'<th scope="col">{escape(name)}<span class="sub">{escape(which.format(date=_day(row)))}</span></th>'
        for row in rows
        for name, which in (DESIGNS[row["design"]],)
    )
    lines = (
        ("People", [f"{row['people']:,}" for row in rows]),
        ("Offences for each year at liberty, the year before", [_rate(row["baseline"]) for row in rows]),
        ("The year after", [_rate(row["follow_up"]) for row in rows]),
        ("Change", [_percent(row, "change") for row in rows]),
        ("The year after, expected from selection alone", [_rate(row["expected_follow_up"]) for row in rows]),
        ("Left over once selection is allowed for", [_percent(row, "remainder") for row in rows]),
        ("Change beside that of matched people", [_percent(row, "did") for row in rows]),
        (
            "Reading",
            [escape(FINDINGS[row["finding"]] + (f": {row['reason']}" if row["reason"] else "")) for row in rows],
        ),
    )
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        for name, cells in lines
    )
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Offences for each year at liberty, before and after">'
        '<table class="plain across"><caption class="vh">Offences for each year at liberty, before and after</caption>'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def near_misses(source: Reader, about: Row) -> list[Row]:
    """The scores that decide on a subject, with the effect at their threshold or why it cannot be told."""
    if about["district"]:
        return []
    subject = f"{about['subject_kind']}:{about['subject']}"
    return [row for row in data.listed(source, "near_misses") if row["subject"] == subject]


def near_miss_table(rows: Sequence[Row]) -> str:
    """Each score's effect at the threshold with the checks; where it cannot be told, the reason, once for each score."""
    told = [row for row in rows if row["estimate"] is not None]
    body = [
        (row["version"], verdicts.outcome_name(row["outcome"]), f"{row['below']:,} below, {row['above']:,} above",
         *verdicts.on_interval(row["estimate"], row["lower"], row["upper"]),
         row["reason"] or row["problems"].replace("_", " ") or "no problem found")
        for row in told
    ]  # fmt: skip
    heads = ("Score", "Outcome", "People", "Difference at the threshold", "95% interval", "Checks")
    drawn = table(heads, body, "People just above and just below the threshold", numeric=(3, 4)) if told else ""
    untold = dict.fromkeys(
        f"{row['version']}, {row['below']:,} people below and {row['above']:,} above: {row['reason']}."
        for row in rows
        if row["estimate"] is None
    )
    said = "".join(f"<p>{escape(line)}</p>" for line in untold)
    return drawn + (f'<div class="state"><b>It cannot be told from these scores</b>{said}</div>' if said else "")


def _day(row: Row) -> str:
    return f"{row['fixed_date']:%-d %B %Y}"


def _rate(value: float | None) -> str:
    return "[x]" if value is None else f"<b>{value:.2f}</b>"


def _percent(row: Row, name: str) -> str:
    value, lower, upper = (row[end] for end in (name, f"{name}_lower", f"{name}_upper"))
    if value is None:
        return "[x]"
    if lower is None or upper is None:
        return f'<b>{signed(value, 0)}%</b><span class="sub"></span>'
    low, mid, high = verdicts.ends(lower, value, upper, 0)
    return f'<b>{mid}%</b><span class="sub">{low}% to {high}%</span>'
