"""Figures in words. Knows nothing of Streamlit: the pages, the downloads and the pack all speak through it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from components.judge import COUNTED, Change, change, few

if TYPE_CHECKING:
    from components.headlines import Column, Headline
    from release.read import CohortInfo

Row = Mapping[str, Any]
"""One row of a frame of figures, as `release.read.Reader.figures` gives it."""

WITHOUT_PRISON = "No prison extract: people released from custody are missing"
NO_COHORTS = (
    "This release holds no figures about people: nothing that was loaded says who was released, convicted, cautioned or on a"
    " scheme. Data quality shows what was loaded."
)
NO_REOFFENDING = (
    "This release follows nobody for reoffending: it holds no convictions, cautions or releases to follow from, so there is "
    "nothing to say yet. The other pages show what it holds."
)
SYMBOLS = {
    "suppressed": "[c]",
    "withheld": "[c]",
    "not available": "[x]",
    "immature": "[t]",
}
SYMBOL_WORDS = {
    "[c]": "hidden to protect people",
    "[x]": "not available",
    "[t]": "too early: follow-up has not run its course",
    "[p]": "provisional: some cases are not yet proven, so the figure is too low",
    "[h]": "held: carried forward from an earlier release to protect people",
}
LEVELS = {"partnership": "Partnership (exact)", "open": "Open (protected)"}
COHORT_STATES = {"complete": "final", "awaiting_proof": "provisional", "immature": "too early"}


def day(when: date) -> str:
    """30 September 2026."""
    return f"{when.day} {when:%B %Y}"


def number(value: float, row: Row) -> str:
    """A value with the decimals that its definition gives it: '58.2%', '104', '4.85'."""
    unit, decimals = row["unit"], row.get("decimals")
    if decimals is None:
        decimals = 1 if unit == "%" else 2 if "per" in unit.split() else 0
    return f"{value:,.{decimals}f}{'%' if unit == '%' else ''}"


def count(value: float | None) -> str:
    """A count with its thousands set apart, or a dash where there is none."""
    return "\u2013" if value is None else f"{value:,.0f}"


def with_unit(value: float, row: Row) -> str:
    """A value and its unit, as in a sentence."""
    return number(value, row) if row["unit"] == "%" else f"{number(value, row)} {row['unit']}"


def symbol(row: Row) -> str:
    """The mark that stands for a figure's status: none for a final one."""
    if row["value"] is None:
        return SYMBOLS.get(row["status"], "[x]")
    return {"provisional": "[p]", "held": "[h]"}.get(row["status"], "")


def shown(row: Row) -> str:
    """The value, or the symbol that stands in its place. Never 0 and never blank for a missing figure."""
    return symbol(row) if row["value"] is None else number(row["value"], row)


def has_interval(row: Row) -> bool:
    """Whether a figure has an interval of any width."""
    return None not in (row["value"], row["lower"], row["upper"]) and bool(row["lower"] < row["upper"])


def interval(row: Row) -> str:
    """The 95% interval: '53.4% to 62.9%', or nothing for a figure that has none (a full count has none)."""
    if not has_interval(row):
        return ""
    return f"{number(row['lower'], row)} to {number(row['upper'], row)}"


def counts(row: Row) -> str:
    """The counts behind a value: '72 of 124'."""
    if row["numerator"] is None or row["denominator"] is None or row["value"] is None:
        return ""
    return f"{count(row['numerator'])} of {count(row['denominator'])}"


def behind(row: Row) -> str:
    """How many a figure rests on, for small print: '86 of 181' for a share, 'n = 181' otherwise; nothing for a count.

    A rate over time has days below it, not people, and says so.
    """
    if row["value"] is None or row["denominator"] is None or row["unit"] in COUNTED:
        return ""
    if row["unit"] == "%" and row["numerator"] is not None:
        return counts(row)
    below = count(row["denominator"])
    return f"{below} days" if "at liberty" in row["unit"] else f"n = {below}"


def in_sentence(row: Row) -> str:
    """A figure as a sentence says it, with its interval or with the reason it is missing."""
    if row["value"] is None:
        return f"not shown ({row['reason']})"
    bounds = interval(row)
    text = with_unit(row["value"], row)
    return f"{text} (95% interval {bounds})" if bounds else text


def key_to(rows: Iterable[Row]) -> list[str]:
    """What each symbol in these rows means, with the reasons given, for the note under a table."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if mark := symbol(row):
            reasons = found.setdefault(mark, [])
            if row["reason"] and reason(row) not in reasons:
                reasons.append(reason(row))
    return [f"{mark} {SYMBOL_WORDS[mark]}" + (f" ({'; '.join(r[:3])})" if r else "") for mark, r in found.items()]


def title_in_sentence(title: str) -> str:
    """A title within a sentence: its first letter small, unless the word is an acronym."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def period_in_sentence(label: str) -> str:
    """A period's label within a sentence: 'the year to March 2025'."""
    if label.startswith("All "):
        return title_in_sentence(label)
    return f"the {title_in_sentence(label)}" if label.startswith(("Year ", "Three ")) else label


def change_in_sentence(now: Row, before: Row | None, how: Change) -> str:
    """What may be said of the change: a direction only where the intervals support one."""
    if before is None or before["value"] is None or now["value"] is None:
        return "There is no earlier figure to compare it with."
    was = f"It was {with_unit(before['value'], before)} in {period_in_sentence(before['period_label'])}"
    if how.kind == "cannot tell":
        return f"{was}: from this difference we cannot tell whether anything changed."
    if few(now) or few(before):
        return f"{was}: too few people to compare."
    if how.kind in ("difference", "none"):
        return f"{was}."
    direction = "lower" if how.difference is not None and how.difference < 0 else "higher"
    judged = {"improved": ", which is better", "worsened": ", which is worse"}.get(how.kind, "")
    return f"{was}: it is now {direction}{judged}, by more than chance."


def answer(title: str, people: str, now: Row, before: Row | None) -> str:
    """The answer under a page's title: the figure, when, for whom, and what may be said of the change."""
    when_ = period_in_sentence(now["period_label"])
    if now["value"] is None:
        return f"{title} for {people} in {when_} is not shown: {reason(now)}."
    if now["status"] == "provisional":
        return f"{title} for {people} in {when_}: provisionally {in_sentence(now)}; it will rise."
    said = change_in_sentence(now, before, change(now, before))
    return f"{title} for {people} in {when_}: {in_sentence(now)}. {said}"


def listed(items: list[str]) -> str:
    """'a, b and c'; with a comma before the last where an item has an 'and' of its own."""
    if len(items) < 2:
        return "".join(items)
    comma = "," if any(" and " in item for item in items) else ""
    return f"{', '.join(items[:-1])}{comma} and {items[-1]}"


def reconciled(row: Row) -> bool:
    """A file's rows are all accounted for: read = loaded + quarantined + exact duplicates."""
    return bool(row["read"] == row["loaded"] + row["quarantined"] + row["duplicate"])


def difference(how: Change, row: Row) -> str:
    """A difference with its interval: '\u22121.9 points (\u22128.7 to 4.9)'."""
    if how.difference is None or how.lower is None or how.upper is None:
        return ""
    places = 1 if row.get("decimals") is None else row["decimals"]
    like = {**row, "unit": "", "decimals": places} if row["unit"] == "%" else row
    parts = [_signed(number(x, like)) for x in (how.difference, how.lower, how.upper)]
    points = " points" if row["unit"] == "%" else ""
    plus = "+" if how.difference > 0 and any(figure in "123456789" for figure in parts[0]) else ""
    return f"{plus}{parts[0]}{points} ({parts[1]} to {parts[2]})"


def _signed(text: str) -> str:
    """A number with a true minus sign, and none before a zero."""
    return text.replace("-", "\u2212" if any(figure in "123456789" for figure in text) else "")


def tick(value: float, row: Row) -> str:
    """A tick on an axis: as few decimals as it needs."""
    return f"{value:,.0f}{'%' if row['unit'] == '%' else ''}" if value == int(value) else f"{value:,.3g}"


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


def apart(rows: Sequence[Row], overall: Row | None) -> tuple[list[str], list[str]]:
    """The groups whose whole interval lies below the figure for everybody, and those wholly above it."""
    if overall is None or overall["value"] is None:
        return [], []
    known = [row for row in rows if has_interval(row)]
    below = [row["label"] for row in known if row["upper"] < overall["value"]]
    return below, [row["label"] for row in known if row["lower"] > overall["value"]]


STEPS = {
    "need_identified": ("{} had the need", "need", "lower", "higher"),
    "referred_of_need": ("of {of}needs found, {} led to a referral", "referral", "lower", "higher"),
    "started_of_referred": ("of those referred, {} started", "starting", "lower", "higher"),
    "completed_of_started": ("of those who started, {} completed", "completion", "lower", "higher"),
    "waiting_days": ("half of those referred started within {}", "the wait", "shorter", "longer"),
}
"""How a step along a pathway is said: its figure, its name, and what a low and a high figure are called."""


WAIT = "Waiting time, referrals made in the period"
"""The wait's column counts referrals made in the period; the steps beside it are of needs and starts."""
FEWER_THAN_HALF = "fewer than half have reached it"


def _step(indicator: str, title: str) -> tuple[str, str, str, str]:
    return STEPS.get(indicator, (f"{title_in_sentence(title)}, {{}}", title_in_sentence(title), "lower", "higher"))


def _step_said(row: Row) -> str:
    """One step's figure in words, with how many it is a share of where the sentence says so."""
    of = "the " if row["denominator"] is None else f"{count(row['denominator'])} "
    return _step(row["indicator"], row["title"])[0].format(with_unit(row["value"], row), of=of)


def steps_answer(columns: Sequence["Column"]) -> str:
    """How far people get through the pathways, and which pathways stand apart by more than chance."""
    known = [c.overall for c in columns if c.overall is not None and c.overall["value"] is not None]
    said = []
    if known:
        parts = [_step_said(row) for row in known]
        said.append(f"In {period_in_sentence(known[0]['period_label'])}, {'; '.join(parts)}.")
    different = []
    for column in columns:
        if column.overall is None:
            continue
        _, name, low, high = _step(column.overall["indicator"], column.title)
        sides = zip((low, high), apart(column.rows, column.overall), strict=True)
        parts = [f"{side} for {listed(names)}" for side, names in sides if names]
        if parts:
            different.append(f"{name[:1].upper()}{name[1:]} is {'; '.join(parts)}.")
    if different:
        said += ["Different from all pathways together by more than chance:", *different]
    elif any(has_interval(row) for column in columns for row in column.rows) and known:
        said.append("No pathway can be told apart from all of them together.")
    if not said:
        shown_here = any(row["value"] is not None for column in columns for row in column.rows)
        return "The pathways are set out below." if shown_here else "No figure by pathway can be shown for this choice."
    return " ".join(said)


def headline_answer(line: "Headline | None", title: str, people: str) -> str:
    """The answer of a page about one measure."""
    if line is None:
        return f"No table of {title_in_sentence(title)} for {people} exists for this choice at this level."
    return answer(title, people, line.now, line.before)


def unit_words(unit: str) -> str:
    """A unit under a heading; a percentage says so in its figures."""
    return {"%": "share of people", "days": "median days"}.get(unit, unit)


def column_head(column: "Column") -> tuple[str, str]:
    """A step's title and, below it, its unit."""
    indicators = {row.get("indicator") for row in column.rows}
    return (WAIT if "waiting_days" in indicators else column.title), unit_words(column.unit)


def unit_and_interval(unit: str) -> str:
    """What the line and the band of a trend are."""
    return f"{'Per cent' if unit == '%' else unit[:1].upper() + unit[1:]}. Band: 95% interval. Dashed line: target, where there is one."


def no_table(nearest: Sequence[str]) -> list[str]:
    """Said where a combination of filters has no table, with those that exist."""
    near = f" The nearest are: {'; '.join(nearest)}." if nearest else ""
    return [f"This combination has no table at this level.{near}"]


NO_TIME_IN_ALL = (
    "All complete quarters are pooled here: choose another kind of period above to see a pathway over time."
)
NO_PATHWAYS = "No measure by pathway may be shown at this level: too few people are on each."
NO_CASELOAD = "This release holds nobody on a scheme and no referrals, so nothing can be said of the pathways."


def nobody_in(rows: Sequence[Row]) -> list[str]:
    """The groups that nobody is in, in one line."""
    names = [str(row["label"]) for row in rows]
    return [f"Not drawn, since nothing is known of them in this period: {listed(names)}."] if names else []


HOW_TO_READ = "Dot: latest. Outline: before. Bar and line: 95% interval, from zero. Dashed line: target."
WHO_IS_SELECTED = (
    "A difference between districts may reflect who is selected. Before: the period a year (or, for pooled years, "
    "one pooled period) earlier."
)
PATHWAYS_OVERLAP = "One person may have a need on several pathways: the lines overlap and never add up to a whole."
CHANGE_RULES = [
    "Two figures are compared through the interval of their difference, made from their own 95% intervals. "
    "Better or worse is said only when that interval leaves out zero; otherwise we cannot tell, which does not mean that "
    "nothing changed.",
    "A count of what happened (people on the scheme) is a full count: its difference is stated and not judged.",
    "A provisional figure is too low, since some offences are not yet proven. It carries no change and no status.",
    "Misses target (▲): the whole interval lies beyond the target. Meets target (●): the whole interval lies on its good "
    "side. Cannot tell (◆): the interval holds the target. Too few people (○): fewer than the measure's minimum.",
]


def multi_note(dimension: Any) -> list[str]:
    """Groups that overlap say so."""
    return (
        ["One person may be in several of these groups: they overlap and never add up."]
        if dimension.kind == "multi"
        else []
    )


DISTRICTS_OF = {
    "managing_district": "by the district that manages the person",
    "home_district": "by home district",
    "offence_district": "by the district of the offence",
}
"""How each kind of district is said under a heading."""


def when(now: Row, before: Row | None) -> str:
    """Which period is shown, against which."""
    return f"{now['period_label']}, against {before['period_label']}" if before else now["period_label"]


def by_which_district(cohort: "CohortInfo") -> str:
    """Which of a person's districts places them: 'by home district'."""
    dim = cohort.district_dimension
    return DISTRICTS_OF.get(dim, f"by {dim.replace('_', ' ')}")


def alt_survival(curve: Any, people: str) -> str:
    """What a survival curve shows."""
    last = curve.row(-1, named=True)
    return f"Curve of the share of {people} not yet reoffended, from 100% at day 0 to {last['value']:.0f}% at day {last['day']}."


def alt_crime(crime: Any) -> str:
    """What the bars of recorded crime show."""
    first, last = crime["month"].min(), crime["month"].max()
    return f"Bars of crimes recorded in the area each month, {first:%B %Y} to {last:%B %Y}. The numbers are in the table below."


def quality_answer(files: Sequence[Row], synthetic: bool) -> str:
    """Whether every row of every file is accounted for, and how many were set aside."""
    if not files:
        return "This release lists no files, so nothing can be said of them."
    live = [row for row in files if not row["withdrawn"]]
    broken = [row for row in live if not reconciled(row)]
    read, aside = sum(row["read"] for row in live), sum(row["quarantined"] for row in live)
    share = f"{100 * aside / read:.1f}%" if read else "none"
    whole = "every row is accounted for" if not broken else f"{len(broken)} do not reconcile"
    layouts = sum(not row["layout_verified"] for row in live)
    unverified = "" if synthetic or not layouts else f" The layout of {layouts} is not yet verified with the agency."
    plural = "file" if len(live) == 1 else "files"
    return f"In {len(live)} {plural} with {read:,} rows, {whole}; {aside:,} rows ({share}) were set aside with a reason.{unverified}"


def definitions_answer(infos: Sequence[Any], cohorts: Sequence[Any]) -> str:
    """How many measures there are, about how many cohorts."""
    return f"{len(infos)} measures over {len(cohorts)} cohorts, each as the release defines it: what was computed is what is written here."


def measure_of(title: str, cohort: str) -> str:
    """A measure and whom it is about, as a heading: 'Reoffending rate: people on a scheme'."""
    return f"{title}: {who(cohort)}"


def who(cohort: str) -> str:
    """A cohort's title within a sentence; how long it is followed is said only where it is not the usual 12 months."""
    name, _, rest = cohort.rpartition(", ")
    if not name or not rest.endswith((" months", " years")):
        return title_in_sentence(cohort)
    return title_in_sentence(name) + ("" if rest == "12 months" else f" (followed for {rest})")


def against(now: Row, before: Row | None) -> str:
    """The period shown, and the one it is compared with."""
    return f"{now['period_label']}, before: {before['period_label']}" if before else now["period_label"]


def reason(row: Row) -> str:
    """Why a figure is missing, in as few words as will do."""
    text = str(row["reason"])
    if row.get("indicator") == "waiting_days" and text.startswith(FEWER_THAN_HALF):
        return "fewer than half have started so far"
    return "nobody in this group in this period" if text.startswith("no ") and text.endswith("in this period") else text


def how_much_hidden(rows: Sequence[Row]) -> str:
    """Where most figures are hidden, that they are, and where to look instead."""
    hidden = sum(row["status"] in ("suppressed", "withheld") for row in rows)
    if hidden <= len(rows) - hidden:
        return ""
    share = "All" if hidden == len(rows) else f"{hidden} of the"
    return f" {share} {len(rows)} figures here are hidden to protect people."


def hidden_steps(columns: Sequence["Column"]) -> list[str]:
    """Which steps are hidden on every pathway, so that no column of blanks stands for them."""
    titles = [title_in_sentence(column.title) for column in columns]
    return [f"Hidden on every pathway, to protect people: {'; '.join(titles)}."] if titles else []


def follow_up_of(cohorts: Iterable["CohortInfo"]) -> list[str]:
    """How long each reoffending cohort of a release is followed, and how much longer it waits for proof."""
    return [
        f"{about.title}: offences on days 1 to {about.follow_up_days:,} after the index date, proven by day "
        f"{about.follow_up_days + about.waiting_days:,}."
        for about in cohorts
        if about.clock == "reoffending"
    ]
