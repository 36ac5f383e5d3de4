"""The quarter in plain English, written from its measures."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from components.words.changes import answer
from components.words.figures import number, shown
from components.words.sentences import listed, title_in_sentence, who

if TYPE_CHECKING:
    from components.headlines import Headline


def quarter_paragraphs(lines: Sequence["Headline"], missing: Sequence[str]) -> list[str]:
    """The quarter in plain English, written from the figures: what changed, what cannot be told, what to act on."""
    said = []
    counted = [x for x in lines if x.change.kind == "difference"]
    if counted:
        parts = [
            f"{title_in_sentence(x.now['title'])} {shown(x.now)} ({_more(x)})"
            for x in counted
            if x.now["period"] == counted[0].now["period"]
        ]
        said.append(f"In {counted[0].now['period_label']}: {listed(parts)}.")
    for kind, opening in (("improved", "Better than before"), ("worsened", "Worse than before")):
        if named := [x for x in lines if x.change.kind == kind]:
            said.append(f"{opening}, by more than chance: {listed([_from_to(x) for x in named])}.")
    if named := [x for x in lines if x.change.kind in ("higher", "lower")]:
        said.append(f"Different from before, with no judgement: {listed([_from_to(x) for x in named])}.")
    unsure = sum(x.change.kind == "cannot tell" for x in lines)
    if unsure:
        subject = "one measure" if unsure == 1 else f"{unsure} measures"
        said.append(
            f"For {subject} the difference is within what chance could produce: we cannot tell whether anything changed, "
            "which does not mean that nothing did."
        )
    if named := [x for x in lines if x.status.kind == "misses"]:
        said.append(
            f"Misses its target: {listed([_against(x) for x in named])}. {'It needs' if len(named) == 1 else 'Each needs'} an action."
        )
    if named := [x for x in lines if x.status.kind == "meets"]:
        said.append(f"Meets its target: {listed([_against(x) for x in named])}.")
    hidden = [*dict.fromkeys(title_in_sentence(x.now["title"]) for x in lines if x.now["value"] is None)]
    hidden += [title_in_sentence(t) for t in missing if title_in_sentence(t) not in hidden]
    if hidden:
        said.append(f"Not shown for this choice: {'; '.join(hidden)}.")
    return said


def _more(line: "Headline") -> str:
    gap, before = line.change.difference or 0, line.before
    when = before["period_label"] if before else ""
    return (
        f"the same as in {when}"
        if gap == 0
        else f"{number(abs(gap), line.now)} {line.change.words.lower()} than in {when}"
    )


def _of_whom(line: "Headline") -> str:
    return f"{title_in_sentence(line.now['title'])} ({who(line.cohort.title)})"


def _from_to(line: "Headline") -> str:
    was = shown(line.before) if line.before else ""
    return f"{_of_whom(line)}, {was} to {shown(line.now)}"


def _against(line: "Headline") -> str:
    aim = number(line.target, line.now) if line.target is not None else ""
    return f"{_of_whom(line)}, {shown(line.now)} against {aim}"


def quarter_answer(lines: Sequence["Headline"]) -> str:
    """The sentence under the quarter's title: the headline measure, what may be said of it, and how many are red."""
    if not lines:
        return "This release holds no measure for this choice."
    lead = lines[0]
    first = answer(lead.now["title"], lead.now["people"], lead.now, lead.before)
    found = {kind: sum(x.status.kind == kind for x in lines) for kind in ("misses", "meets", "cannot tell")}
    judged = sum(found.values())
    if not judged:
        return first
    verdicts = {"misses": "{} off target", "meets": "{} on target", "cannot tell": "{} where we cannot tell"}
    parts = [verdicts[kind].format(n) for kind, n in found.items() if n]
    return f"{first} Against targets: {listed(parts)}."
