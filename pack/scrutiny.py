"""The scrutiny sheet: what councillors ask, each answered from the release with its source, or "not available" and why."""

from components import data, disparity, evidence, headlines, value, verdicts, words
from components.evidence import Case
from components.governance import sentences as plan
from components.governance.rows import actions, judged
from components.judge import Row
from components.provision import rows as provided
from components.provision import sentences as provision
from components.value import Valued, sentences
from components.words import title_in_sentence
from metrics.provision.directory import two_quarters_on
from pack import districts, summary
from pack.money import ENDS, amount
from pack.money import said as in_figures
from pack.sheet import Sheet, quarter
from release.read import CohortInfo, Reader

Answer = tuple[list[str], str]
"""What is said, and where it is from."""
TWO_RATES = (
    "These two rates are of different people and differ for that reason. The comparison follows everybody who joined from the day they"
    " joined, over all the years compared. The reoffending rate follows only those released, convicted or cautioned while on the"
    " scheme in that period, from that day, when reoffending is likelier. Only the comparison says whether IOM made a difference."
)
NO_TABLE = "this release has no such table"
MARYLAND = "The evidence stands at level {} of 5 on the Maryland scale (5 is a trial that draws lots)."
NO_COMPARISON = "Not available: this release holds no comparison of IOM with similar people, so nobody can say."
HOW = (
    "Every figure comes from the records of the police, prisons, probation and others, joined by computer and counted by published"
    " rules. Nobody's name is in the figures. A reoffence counts only when it is proven in court or by a caution, so the figures"
    " are late by 18 months; and crime that nobody reports is not in them."
)
INTERVAL = "The 95% interval beside a figure is how far chance alone could have moved it. Where it leaves room for no change, we say that we cannot tell."
SOFT = "It is supervision on top of the sentence, not in place of one. The court's sentence stands, and people can be recalled or taken back to court."
KEPT = ("appointments_kept", "breach_to_enforcement", "people_enforced_against", "recalls_executed")
"""What is asked of people, and what follows where they do not do it."""
NOT_TOLD = "How often people keep their appointments, and how often they are recalled, is not available at this level."


def document(source: Reader) -> Sheet:
    """The scrutiny sheet of one level of one release."""
    sheet = Sheet(source, f"Scrutiny sheet, {quarter(source)}", f"scrutiny sheet, {quarter(source)}", size=9.6)
    sheet.body.append('#heading(level: 1, "Questions councillors ask")')
    sheet.add("lede", f"Answered from the release for {quarter(source)}. Each answer names where it is from.")
    case, of = whole_area(source), money(source)
    questions: list[tuple[str, Answer]] = [
        ("Who is in it?", who(source)),
        ("Is it a soft option?", soft(source, case)),
        ("Does it work?", works(source, case)),
        ("Does it work in our district?", works_here(source)),
        ("Is it fair?", fair(source)),
        ("What is missing here?", lacking(source)),
        ("What did you say you would do, and did you?", promised(source)),
        ("What does it cost?", cost(source, of)),
        ("Does it pay for itself?", pays(source, of)),
        (
            "How do we know?",
            ([HOW, INTERVAL, grade(case), quality(source)], "the method pages; the list of files behind the release"),
        ),
        ("What can nobody say yet?", unknown(source, of)),
    ]
    for asked, (said, where) in questions:
        sheet.add("question", asked, [one for one in said if one], f"{where}; release {source.id}" if where else "")
        if asked == "Does it work in our district?":
            by_district(sheet)
    return sheet


def whole_area(source: Reader) -> Case | None:
    """The latest comparison of IOM over the whole area."""
    found = evidence.picked(source, "scheme:iom", "")
    return found[0] if found else None


def money(source: Reader) -> Valued | None:
    """What IOM cost and what that bought, in the latest year with a verdict."""
    subject = next((one for one in value.subjects(source) if one.key == "scheme:iom"), None)
    if subject is None:
        return None
    _, year = value.periods(source, subject, "")
    return value.valued(source, subject, "", year) if year else None


def line(source: Reader, indicator: str) -> headlines.Headline | None:
    """A measure as the Quarter page shows it."""
    return next((x for x in headlines.headlines(source)[0] if x.now["indicator"] == indicator), None)


def told(row: Row) -> str:
    """A figure in a sentence, with its title and period."""
    return f"{row['title']} in {words.period_in_sentence(row['period_label'])}: {words.in_sentence(row)}."


def who(source: Reader) -> Answer:
    """How many are on it, and who they are."""
    found = line(source, "people_on_scheme")
    if found is None:
        return ["Not available: this release holds nobody on a scheme."], ""
    said, groups, period = [told(found.now)], list[str](), ""
    for by in ("tier", "statutory", "sex"):
        rows, _ = headlines.broken_down(source, "people_on_scheme", found.cohort, by, {})
        known = [f"{row['label']} {words.shown(row)}" for row in rows if row["value"]]
        if known:
            groups.append(f"by {source.dimension(by).title.lower()} {', '.join(known)}")
            period = words.period_in_sentence(rows[0]["period_label"])
    if groups:
        said.append(f"In {period}, {'; '.join(groups)}. Somebody who moved between groups counts in each.")
    history = line(source, "expected_reoffending_rate")
    if history is not None and history.now["value"] is not None:
        said.append(
            f"By their history alone {words.in_sentence(history.now)} of those who entered it in "
            f"{words.period_in_sentence(history.now['period_label'])} would be expected to reoffend within 12 months."
        )
    return said, "the measures People on the scheme and Expected reoffending rate"


def soft(source: Reader, case: Case | None) -> Answer:
    """What it asks of people: custody, and what happens beside similar people."""
    said = [SOFT]
    if (found := line(source, "share_in_custody")) is not None:
        said.append(told(found.now))
    custody = case.published("custody", "matched", "difference") if case is not None else None
    if case is not None and custody is not None and custody["estimate"] is not None:
        said.append(f"Sent to custody: {verdicts.of_100(case.about, custody)}")
    asked = [
        told(found.now) for name in KEPT if (found := line(source, name)) is not None and found.now["value"] is not None
    ]
    return (
        [*said, " ".join(asked) or NOT_TOLD],
        "the measures Share in custody, Required contacts kept and those of breaches and recalls; the matched comparison of IOM",
    )


def fair(source: Reader) -> Answer:
    """Whether women, young adults and ethnic groups do otherwise than others, with intervals."""
    said = []
    lead = headlines.quarter_cohorts(source)[:1]
    for by, group, who_they_are in GROUPS:
        rows = (
            headlines.broken_down(source, "reoffending_rate", lead[0], by, {})[0]
            if lead and _takes(source, lead[0], by)
            else []
        )
        found = next(
            (row for row in rows if row["label"] == dict(source.members(by)).get(group) and row["value"] is not None),
            None,
        )
        if found is not None:
            said.append(
                f"{who_they_are}, reoffending rate in {words.period_in_sentence(found['period_label'])}: {words.in_sentence(found)}."
            )
    adults = next((one for one in source.cohorts(disparity.MEASURE) if one.id == "adults"), None)
    groups = disparity.compared(source, adults, {}) if adults is not None else None
    if groups is not None:
        said += [*disparity.sentences(groups), disparity.WHY]
    return (
        said or ["Not available: this level shows no rate by sex, age or ethnic group."]
    ), "the measure Reoffending rate by group"


def lacking(source: Reader) -> Answer:
    """What the directory does not have, and what will lose its money."""
    entries, names = provided.directory(source), provided.labels(source)
    if not entries:
        return [f"Not available: {title_in_sentence(provision.NONE)}"], ""
    ending = provision.funding(
        provided.ending(entries), provided.bare_after(entries, names), names, two_quarters_on(source.cutoff)
    )
    return [provision.answer(entries, names, "", ""), ending], "the directory of programmes"


def promised(source: Reader) -> Answer:
    """Which actions were agreed, and whether they were done."""
    kept = summary.reviewed(source)
    found = actions(source, kept)
    if not found:
        return [f"Not available: {title_in_sentence(plan.actions_answer(found, kept)[0])}"], ""
    return [*plan.actions_answer(found, kept), plan.moved_answer(judged(found)), plan.NOT_PROOF], "the action plan"


GROUPS = (("sex", "female", "Women"), ("sex", "male", "Men"), ("young_adult", "yes", "People aged 18 to 25"))


def _takes(source: Reader, cohort: CohortInfo, by: str) -> bool:
    return (by,) in source.tables("reoffending_rate", cohort.id)


def works(source: Reader, case: Case | None) -> Answer:
    """The verdict, what it means for 100 people, and how strong the evidence is."""
    said = []
    if case is None:
        said.append(NO_COMPARISON)
    else:
        said.append(verdicts.verdict(case.about, case.headline))
        if case.headline is not None and case.about["verdict"] != "no_verdict":
            said.append(
                verdicts.of_100(case.about, case.headline)
                if case.headline["outcome"] == "rate"
                else verdicts.outcome_line(case.headline)
            )
            said += [
                verdicts.outcome_line(row)
                for row in case.beside
                if row["outcome"] == "frequency" and row["estimate"] is not None
            ]
    if (found := line(source, "reoffending_rate")) is not None:
        said.append(words.answer(found.now["title"], found.now["people"], found.now, found.before))
        if case is not None and case.headline is not None and case.about["verdict"] != "no_verdict":
            said.append(TWO_RATES)
    return said, "the matched comparison of IOM; the measure Reoffending rate"


def works_here(source: Reader) -> Answer:
    """What may be said of districts at all."""
    told_of = [d for d, _ in districts.inside(source) if evidence.picked(source, "scheme:iom", d)]
    if not told_of:
        return ["Not available: this release compares no district's people with similar people."], ""
    said = "Each district's people are compared with similar people. In alphabetical order: this is not a ranking, and few people make wide intervals."
    return [said], "the matched comparison of IOM, by district"


def by_district(sheet: Sheet) -> None:
    """The verdict and its interval for every district, and its reoffending rate."""
    source, rows = sheet.source, []
    for district, name in districts.inside(source):
        found = evidence.picked(source, "scheme:iom", district)
        if not found:
            continue
        case = found[0]
        told_of = case.headline is not None and case.about["verdict"] != "no_verdict"
        said = verdicts.span(case.headline) if told_of and case.headline is not None else f"[x] {case.about['reason']}"
        rows.append(
            (
                name,
                verdicts.SHORT[case.about["verdict"]],
                said,
                f"{case.about['analysed']:,}" if case.about["analysed"] else "[x]",
            )
        )
    sheet.table(
        ("District", "Verdict", "Of 100 people, those who reoffended", "People analysed"),
        rows,
        (3,),
        widths=[3, 3, 7, 2],
    )


def cost(source: Reader, of: Valued | None) -> Answer:
    """What was given, by whom, and for how many people."""
    main = of.main if of is not None else None
    if of is None or main is None or main["cost"] is None:
        why = main["reason"] if main is not None and main["reason"] else sentences.NO_COST
        return [f"Not available: {why}"], ""
    paid = [
        f"{who_paid.replace('_', ' ')} {sentences.pounds(amount(source, pounds))}"
        for who_paid, pounds in value.paid(of, "opportunity")
    ]
    said = [f"In {of.period} {of.name} took {sentences.pounds(amount(source, main['cost']))} in all ({main['price_year']} prices), lent posts and mainstream"
            f" money with it{': ' if paid else ''}{words.listed(paid)}."]  # fmt: skip
    each = next((row for row in of.each if row["measure"] == "person" and row["basis"] == "opportunity"), None)
    if each is not None and each["value"] is not None:
        said.append(
            f"That is {sentences.pounds(amount(source, each['value']))} for each person managed ({each['price_year']} prices)."
        )
    cash = of.even.get("cash")
    if cash is not None and cash["cost"] is not None:
        said.append(
            f"Additional cash alone was {sentences.pounds(amount(source, cash['cost']))} ({cash['price_year']} prices)."
        )
    return [
        *said,
        sentences.set_up(in_figures(source, main)),
    ], f"spending, cost for each person and break-even of {of.period}"


def pays(source: Reader, of: Valued | None) -> Answer:
    """Break-even as the page Value for money says it, and how sure that is."""
    main = of.main if of is not None else None
    if of is None or main is None:
        return [f"Not available: {sentences.NO_COST}"], ""
    said = [sentences.answer(of.even, of.name)]
    if main["needed"] is not None:
        said += [_sentence(sentences.opening(in_figures(source, main))), sentences.one_in(main)]
        said += [sentences.worth(_ratio(source, of),
                                 of.measure("breaking_even", "opportunity", head="society"), of.measure("harm", "opportunity"))]  # fmt: skip
        said += sentences.unit_cost_warnings(in_figures(source, main))[:2]
    return said, f"break-even and value for money of {of.period}"


def _ratio(source: Reader, of: Valued) -> Row | None:
    found = of.measure("ratio", "opportunity", head="society")
    return None if found is None else in_figures(source, found, ENDS)


def grade(case: Case | None) -> str:
    """How strong the evidence behind the verdict is."""
    if case is None or case.about["grade"] is None:
        return ""
    return MARYLAND.format(case.about["grade"])


def quality(source: Reader) -> str:
    """Whether every row is accounted for."""
    return words.quality_answer(data.part(source, "sources").to_dicts(), source.synthetic)


def unknown(source: Reader, of: Valued | None) -> Answer:
    """What is missing, as the release itself says it."""
    lines, missing = headlines.headlines(source)
    reasons: dict[str, str] = {}  # of each measure, told once: where its groups have two reasons, the first
    for x in lines:
        if x.now["value"] is None:
            reasons.setdefault(words.title_in_sentence(x.now["title"]), words.reason(x.now))
    for title in missing:
        reasons.setdefault(words.title_in_sentence(title), NO_TABLE)
    said = [
        f"Not shown at this level ({why}): {'; '.join(title for title, its in reasons.items() if its == why)}."
        for why in dict.fromkeys(reasons.values())
    ]
    unsure = sum(x.change.kind == "cannot tell" for x in lines)
    if unsure:
        said.append(f"For {unsure} of {len(lines)} measures of the quarter we cannot tell whether anything changed.")
    said.append(
        "Whether people stay out of crime after the year that is followed, and crime that is never proven, are not in these figures."
    )
    return said, ""


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."
