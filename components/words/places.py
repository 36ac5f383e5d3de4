"""Districts in words: in alphabetical order, never ranked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from components.judge import change
from components.words.figures import Row, shown
from components.words.sentences import listed, period_in_sentence

if TYPE_CHECKING:
    from release.read import CohortInfo


def districts_answer(pairs: Sequence[tuple[Row, Row | None]]) -> str:
    """Where it is changing, in one sentence; districts in alphabetical order, never ranked."""
    kinds: dict[str, list[str]] = {}
    for now, before in sorted(pairs, key=lambda pair: str(pair[0]["label1"])):
        kinds.setdefault(change(now, before).kind, []).append(now["label1"])
    said = []
    for kind, opening in (("improved", "Better than before in"), ("worsened", "Worse than before in"),
                          ("higher", "Higher than before in"), ("lower", "Lower than before in")):  # fmt: skip
        if kind in kinds:
            said.append(f"{opening} {listed(kinds[kind])}")
    if "cannot tell" in kinds:
        only = len(kinds) == 1
        where = "any district" if only else listed(kinds["cannot tell"])
        said.append(f"we cannot tell whether anything changed in {where}")
    if "difference" in kinds:
        said.append("the counts are set out below, and a count is not judged")
    if "none" in kinds:
        said.append(f"no comparison can be made in {listed(kinds['none'])}")
    if not pairs:
        return "No figure can be shown by district at this level."
    if all(row["status"] == "not available" for row, _ in pairs):
        row = pairs[0][0]
        when_ = period_in_sentence(row["period_label"])
        return f"No figure can be given by district: nobody among {row['people']} is placed in a district of the area in {when_}."
    now, before = pairs[0]
    shown_for = period_in_sentence(now["period_label"])
    opening = f"{now['title']} for {now['people']}, {shown_for}"
    if before is not None:
        opening += f" against {period_in_sentence(before['period_label'])}"
    if all(earlier is None for _, earlier in pairs):
        opening = f"{now['title']} for {now['people']}, {period_in_sentence(now['period_label'])}"
        known = [f"{row['label1']} {shown(row)}" for row, _ in pairs if row["value"] is not None]
        values = listed(known) or "no figure can be shown"
        return f"{opening}: {values}. There is no earlier period to compare with."
    text = "; ".join(said)
    return f"{opening}: {text[:1].lower()}{text[1:]}."


WHO_IS_SELECTED = (
    "A difference between districts may reflect who is selected. Before: the period a year (or, for pooled years, "
    "one pooled period) earlier."
)


DISTRICTS_OF = {
    "managing_district": "by the district that manages the person",
    "home_district": "by home district",
    "offence_district": "by the district of the offence",
}
"""How each kind of district is said under a heading."""


def by_which_district(cohort: "CohortInfo") -> str:
    """Which of a person's districts places them: 'by home district'."""
    dim = cohort.district_dimension
    return DISTRICTS_OF.get(dim, f"by {dim.replace('_', ' ')}")


CRIME_IS_CONTEXT = "Crimes a month. Context only: every crime the police recorded, whoever committed it."


def recorded_crime_in(area: str) -> str:
    """The heading of recorded crime, with its area."""
    return f"Crime recorded in {area}"


def alt_crime(crime: Any, area: str) -> str:
    """What the bars of recorded crime show."""
    first, last = crime["month"].min(), crime["month"].max()
    return f"Bars of crimes recorded in {area} each month, {first:%B %Y} to {last:%B %Y}. The numbers are in the table below."
