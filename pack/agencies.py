"""Feedback to one agency: what the release says of what it does, and what it was asked for and cannot be told yet."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from common.errors import ProblemError
from components import headlines, words
from components.headlines import Headline, Part, Summed
from components.judge import Row
from pack import districts, measures, summary
from pack.sheet import Sheet, quarter
from release.read import Reader

LIST = Path(__file__).with_name("agencies.toml")
NO_RANKING = "In alphabetical order: not a ranking. Few people make wide intervals, and whom each is sent differs."


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency, and which figures concern it."""

    id: str
    title: str
    opening: str
    measures: Sequence[str] = ()
    groups: Sequence[dict[str, str]] = ()
    pathways: Sequence[str] = ()
    asked: Sequence[tuple[str, str]] = ()
    beside: Sequence[dict[str, Any]] = ()
    standing: Sequence[str] = ()


@cache
def agencies() -> dict[str, Agency]:
    """Every agency that a page can be made for, by its id."""
    listed: list[dict[str, Any]] = tomllib.loads(LIST.read_text(encoding="utf-8"))["agency"]
    return {one["id"]: Agency(**one) for one in listed}


def agency(name: str) -> Agency:
    """One agency. Raises ProblemError, with those there are, where it is none of them."""
    found = agencies().get(name.casefold())
    if found is None:
        raise ProblemError(
            f"There is no agency {name!r}", "--agency", ", ".join(agencies()), "choose one of these", exit_code=2
        )
    return found


def document(source: Reader, about: Agency) -> Sheet:
    """One agency's page from one level of one release."""
    sheet = Sheet(
        source,
        f"Feedback to {about.title.lower()}, {quarter(source)}",
        f"feedback to {about.title.lower()}, {quarter(source)}",
    )
    sheet.body.append(f'#heading(level: 1, "{about.title}: what the quarter shows")')
    found = lines(source, about)
    known = [x for x in found if x.now["value"] is not None]
    parts = standing(source, about)
    sheet.add(
        "lede",
        f"{about.opening} {said([*known, *(x for x in headlines.lines_of(tuple(parts)) if x.now['value'] is not None)])}".strip(),
    )
    measures.tables(sheet, [x for x in found if not _grouped(x, about)])
    for group in dict.fromkeys((x.now["label1"] or "") for x in found if _grouped(x, about)):
        sheet.heading(group)
        measures.tables(sheet, [x for x in found if _grouped(x, about) and (x.now["label1"] or "") == group])
    counted = [f"{x.now['title']}, {words.period_in_sentence(x.now['period_label'])}: {behind}"
               for x in known if (behind := words.behind(x.now)) and x.now["unit"] == "%"]  # fmt: skip
    if counted:
        sheet.add("note", f"Counts behind the shares: {'; '.join(dict.fromkeys(counted))}.")
    sheet.add("note", " ".join(measures.key(found)))
    districts.drawn(sheet, districts.courses(source, known)[:6])
    own = [x for x in found if not x.now["dim1"]]
    districts.table(sheet, [(source.indicator(x.now["indicator"]), x.cohort, {}) for x in own[:4]])
    for one in about.beside:
        side_by_side(sheet, **one)
    summary.table(sheet, parts)
    missing = [title for name, title in about.asked if name not in _held(source)]
    if missing:
        sheet.heading("Asked for, and not yet available")
        sheet.add("bullets", missing)
        sheet.add("note", "The catalogue holds no such measure in this release, so nothing is said of them.")
    return sheet


def lines(source: Reader, about: Agency) -> list[Headline]:
    """The agency's measures: each as the Quarter page has it, then its own groups and pathways."""
    wanted = [*about.measures, *(name for name, _ in about.asked)]
    quarter_lines, _ = headlines.headlines(source)
    found = [x for name in wanted for x in quarter_lines if x.now["indicator"] == name]
    seen = {id(x) for x in found}
    found = [x for x in quarter_lines if id(x) in seen]  # in the order of the Quarter page
    for group in about.groups:
        line = _group(source, **group)
        if line is not None:
            found.append(line)
    for pathway in about.pathways:
        of_it, _ = headlines.headlines(source, "", pathway)
        steps = [step.info.id for step in headlines.steps(source)]
        found += [x for x in of_it if x.now["indicator"] in steps]
    return found


def said(known: Sequence[Headline | Summed]) -> str:
    """How many measures there are, those of nobody with them, and how they stand."""
    if not known:
        return "Nothing can be shown at this level."
    better, worse = (sum(x.change.kind == kind for x in known) for kind in ("improved", "worsened"))
    missed = sum(off_target(x) for x in known)
    parts = [f"{better} better than before by more than chance" if better else "", f"{worse} worse" if worse else "",
             f"{missed} off target" if missed else ""]  # fmt: skip
    held = words.listed([part for part in parts if part])
    opening = f"{len(known)} figures concern you here" if len(known) > 1 else "One figure concerns you here"
    return (
        f"{opening}: {held}."
        if held
        else f"{opening}; none is told apart from the one before, and none misses a target."
    )


def off_target(line: Headline | Summed) -> bool:
    """Whether the page's own table says that it misses its target."""
    return (
        "target" in line.status.reasons
        if isinstance(line, Summed) and line.status.red
        else line.status.kind == "misses"
    )


def side_by_side(sheet: Sheet, by: str, cohort: str, measures: Sequence[str]) -> None:
    """Measures set out by one breakdown, such as each prison or provider, in alphabetical order: no ranking."""
    source, kept = sheet.source, list[tuple[str, dict[str, Row]]]()
    for name in measures:
        about = next((one for one in source.cohorts(name) if one.id == cohort), None) if name in _held(source) else None
        rows, _ = (
            headlines.broken_down(source, name, about, by, {})
            if about and _takes(source, name, about.id, by)
            else ([], None)
        )
        if any(row["value"] is not None for row in rows):
            kept.append((f"{rows[0]['title']}, {rows[0]['period_label']}", {row["label"]: row for row in rows}))
    names = sorted({label for _, rows in kept for label, row in rows.items() if row["status"] != "not available"})
    title = source.dimension(by).title if kept else ""
    body = [[label, *(districts.cell(rows.get(label)) for _, rows in kept)] for label in names]
    sheet.table([title, *(head for head, _ in kept)], body, range(1, len(kept) + 1), caption=f"Each {title.lower()}",
                widths=[5, *[4] * len(kept)])  # fmt: skip
    if body:
        shown = [row for _, rows in kept for row in rows.values()]
        sheet.add("note", " ".join([NO_RANKING, *districts.too_few(shown), *words.key_to(shown)]))


def standing(source: Reader, about: Agency) -> list[Part]:
    """The figures of nobody that concern an agency, under their headings."""
    found = [replace(part, lines=tuple(x for x in part.lines if x.line.standing in about.standing)) for part in headlines.summary(source)]  # fmt: skip
    return [part for part in found if part.lines and about.standing]


def _held(source: Reader) -> set[str]:
    return {info.id for info in source.indicators()}


def _takes(source: Reader, indicator: str, cohort: str, by: str) -> bool:
    return (by,) in source.tables(indicator, cohort)


def _group(source: Reader, indicator: str, cohort: str, dimension: str, value: str) -> Headline | None:
    known = {(i.id, c.id) for i in source.indicators() for c in source.cohorts(i.id)}
    if (indicator, cohort) not in known or (dimension,) not in source.tables(indicator, cohort):
        return None
    if value not in dict(source.members(dimension)):
        return None
    about = source.cohort(cohort)
    return headlines.headline(source, indicator, about, {dimension: value})


def _grouped(line: Headline, about: Agency) -> bool:
    return bool(line.now["dim1"]) and (bool(about.groups) or bool(about.pathways))
