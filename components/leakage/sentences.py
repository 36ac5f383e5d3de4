"""Where people are lost between need and outcome, in words."""

from components.leakage.rows import Leak, Step, is_paid
from components.value.sentences import pounds
from components.words.pathways import ANEW
from components.words.sentences import listed, pooled, title_in_sentence

TITLE = "Where are people lost, and what is lost with them?"
UNDER = "Needs that any assessment of the 12 months found, and how far help for them had come by the end of the period."
NONE = "The steps from need to outcome cannot be shown for this choice."
NO_MONEY = "The cost of a start is not known here: no year shows both what every programme cost and how many people started on it."
ABOUT = (
    "A need counts once on each pathway, so one person may count on several. Somebody may be lost at one step and come back later. "
    "The goal is met where the provider says so: a goal of which nothing was said counts as not met."
)
OWN_COST = "What is lost is reckoned on each pathway at its own cost of a start. "
LOSSES = {
    "Referred": "before a referral",
    "Started": "between referral and start",
    "Completed": "between start and completion",
    "Goal met": "after completing, with the goal not met or not written down",
}
"""Where those are lost who did not reach a step."""


def about(money: float) -> str:
    """Pounds to three significant figures: they come from an average."""
    return pounds(float(f"{money:.3g}"))


def name_of_loss(step: Step) -> str:
    """Where those are lost who did not reach this step, as the head of a cell."""
    said = LOSSES.get(step.name, "")
    return said[:1].upper() + said[1:]


def lost_words(found: Leak, step: Step) -> str:
    """How many were lost before a step: of 100 needs found, and in all where they are counted."""
    if step.row is None:
        return ""
    many = found.counted(step.lost)
    return f"{step.lost:.0f}" + ("" if many is None else f" ({many:,} needs)")


def still_words(found: Leak, step: Step) -> str:
    """How many are on the way to a step and not lost."""
    if step.name not in ("Started", "Completed") or not step.still:
        return ""
    many = found.counted(step.still)
    what = "still waiting" if step.name == "Started" else "still on a programme"
    return f"{step.still:.0f}{'' if many is None else f' ({many:,})'} {what}, not lost"


def money_words(found: Leak, step: Step) -> str:
    """What was spent on those lost before a step or, where nothing had begun, what starting them would cost."""
    if step.row is None:
        return ""
    money = found.money(step)
    if money is None or found.start is None:
        return "not available"
    each = "" if found.found is not None else " for 100 needs"
    if is_paid(step):
        return f"{about(money)} spent on them{each}"
    return f"Help, not money: {about(money)} to start them all{each}"


def answer(found: Leak) -> str:
    """How many of the needs found reached each step, and where most were lost."""
    reached = [f"{step.reached:.0f} {words}" for step, words in zip(found.steps[1:], REACHED, strict=True)]
    whose = "" if not found.pathway else f" on {title_in_sentence(found.label)}"
    many = "" if found.found is None else f" in the 12 months to {found.ends:%B %Y} ({found.found:,} in all)"
    begin = f"Of every 100 needs found{whose}{many}, {listed(reached)}."
    if found.found is None:
        whole = f"of every 100 needs{whose} followed in a quarter"
        begin = f"{pooled(found.period_label)}, {whole}, {listed(reached)}."
    said = [begin, f"Most are lost {LOSSES[found.worst.name]}: {found.worst.lost:.0f} of every 100."]
    spent = [found.money(step) for step in found.steps if is_paid(step)]
    if found.start is not None and all(each is not None for each in spent):
        total = sum(each for each in spent if each is not None)
        of = "" if found.found is not None else " for every 100 needs"
        said.append(
            f"Starts that did not lead to the goal cost {about(total)}{of} ({found.start.price_year} prices), what was gained on the way left out of account."
        )
    return " ".join(said)


REACHED = ("led to a referral", "to a start", "to a completed programme", "to the goal met")


def how_pooled(found: Leak) -> list[str]:
    """That quarters are pooled, and why there are then no counts of needs; nothing for one quarter."""
    return [] if found.found is not None else [ANEW]


def cost_basis(found: Leak) -> str:
    """Where the cost of a start comes from."""
    if found.start is None:
        return NO_MONEY
    start = found.start
    programmes = "one programme" if start.programmes == 1 else f"{start.programmes:,} programmes"
    return (
        f"A start costs {pounds(round(start.pounds))} on average ({start.price_year} prices): {about(start.spent)} spent on {programmes} in the year to "
        f"March {2000 + int(start.period[-2:])}, in kind and in money, over {start.starts:,} starts, all over the area. "
        f"{OWN_COST if found.own_cost else ''}A referral costs time too, of which there is no record."
    )


def opening(found: Leak) -> str:
    """The same for anybody: whole tens, and short words."""
    tens = [round(step.reached / 10) for step in found.steps[1:]]
    if not any(tens):
        return "Few of the needs that we find lead to help."
    first, second, _, last = (_of_ten(n) for n in tens)
    return f"Of every ten needs that we find, {first} to a referral and {second} to help that starts. {last[:1].upper()}{last[1:]} to what the help was for."


def _of_ten(tens: int) -> str:
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "all ten")
    return f"{words[tens]} {'leads' if tens == 1 else 'lead'}" if tens else "fewer than one leads"
