"""Revisions since last time: which published figures are different now, and by how much; none said so."""

from components import words
from components.judge import Row
from components.precision import decimals
from pack.sheet import Sheet
from release.infos import IndicatorInfo
from release.read import Reader
from release.revisions import Revisions, previous, revisions

TITLE = "What has been revised since last time?"
MOST = 30
"""So many revised figures are listed; the rest are counted."""
HEADS = ("Measure", "People", "Period", "Group", "Before", "Now", "By")
FIRST = "There is no earlier release of this level to compare with, so nothing can be said of revisions."


def page(sheet: Sheet) -> None:
    """What changed since the release before, figure by figure for everybody and for each district."""
    before = previous(sheet.source)
    if before is None:  # a page that says so and nothing else is not worth its paper: the methods say it
        return
    sheet.part(TITLE)
    found = revisions(sheet.source, before)
    listed = rows(sheet.source, found)
    sheet.add("lede", answer(found, before))
    sheet.each("para", notes(found))
    if listed:
        sheet.table(HEADS, listed[:MOST], (4, 5, 6), widths=[5, 5, 6, 3, 2, 2, 3],
                    caption="Final figures that are different now, those of everybody first")  # fmt: skip
        more = found.revised.height - len(listed[:MOST])
        if more:
            sheet.add(
                "note",
                f"{words.count(more)} more differ, by less than is shown or in smaller groups: see the workbook.",
            )


def answer(found: Revisions, before: Reader) -> str:
    """How many figures were compared, and how many final ones differ."""
    since = f"since release {before.id}, with data to {words.day(before.cutoff)}"
    many = found.revised.height
    if not many:
        return f"No final figure has been revised {since}: {words.count(found.compared)} figures were compared."
    verb = "is" if many == 1 else "are"
    return (
        f"Of {words.count(found.compared)} figures in both releases, {words.count(many)} that {'was' if many == 1 else 'were'} final"
        f" {verb} different {since}."
    )


def notes(found: Revisions) -> list[str]:
    """What else is different, and is no revision."""
    said = []
    if found.finished:
        said.append(
            f"{words.count(found.finished)} figures that were provisional are now final: that is no revision, they were too low."
        )
    if found.hidden:
        said.append(f"{words.count(found.hidden)} figures that were shown are not shown now.")
    if found.brought:
        said.append(f"{words.count(found.brought)} figures that were not shown are shown now.")
    if found.redefined:
        said.append(
            f"The definition has a new version for: {', '.join(found.redefined)}. Their figures differ for that reason."
        )
    return said


def rows(now: Reader, found: Revisions, most: int = MOST) -> list[tuple[str, ...]]:
    """The revised figures as both releases show them, where what is shown differs."""
    listed: list[tuple[str, ...]] = []
    for row in found.revised.iter_rows(named=True):
        info, cohort = now.indicator(row["indicator"]), now.cohort(row["cohort"])
        old, new = (_shown(row, info, now.level, side) for side in ("_before", ""))
        if old != new:
            group = dict(now.members(row["dim1"])).get(row["val1"], row["val1"]) if row["dim1"] else "Everybody"
            by = words.number(row["value"] - row["value_before"], _like(row, info, now.level, ""))
            by = by.replace("-", "\u2212") if by.startswith("-") else f"+{by}"
            by = by.replace("%", " points")
            listed.append((info.title, words.who(cohort.title), now.period(row["period"]).label, group, old, new, by))
        if len(listed) >= most:
            break
    return listed


def _like(row: Row, info: IndicatorInfo, level: str, side: str) -> Row:
    """A figure of one of the releases with the decimals that the pages give it."""
    one = {name: row[f"{name}{side}"] for name in ("value", "numerator", "denominator", "status")} | {"unit": info.unit}
    return {**one, "decimals": decimals(one, info.definition.get("decimals"), level)}


def _shown(row: Row, info: IndicatorInfo, level: str, side: str) -> str:
    return words.shown(_like(row, info, level, side))
