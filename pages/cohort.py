"""Who is on the scheme, and is it the right people?"""

import streamlit as st

from components import caseload, filters, headlines, links, markup, page, words
from components.caseload import sentences as say
from components.judge import Row

source = page.reader()


def show() -> None:
    """The caseload and its measures, then who they are, ratings, judgement, places and consent."""
    said = st.container()
    cohort = source.cohort(caseload.CASELOAD)
    one, two = st.columns(2)
    with one:
        district = filters.district(source, cohort)
    where = {cohort.district_dimension: district} if district else {}
    with two:
        kind = filters.kind(caseload.kinds(source, where))
    stock, flows = caseload.stock(source, where), caseload.flows(source, where, kind)
    found, missing = caseload.groups(source, district, kind)
    lines: dict[str, Row] = {line.now["indicator"]: line.now for group in found for line in group.lines}
    ratings, rated = caseload.by_rating(source)
    name = filters.label_of(source, district)
    with said:
        page.opening(say.opening(stock, ratings))
        page.answer(say.answer(stock, flows, ratings, lines, name) + words.how_much_hidden([*lines.values()]))
    caseload_over_time(stock, flows)
    more = lambda line: links.by_district(source, line.cohort, source.indicator(line.now["indicator"]))  # noqa: E731
    page.show(caseload.measures(found, more, lambda line: links.definition(source, line.now["indicator"])))
    luck = words.by_luck(words.compared(line.change.kind for group in found for line in group.lines))
    page.show(markup.note([words.HOW_TO_READ, *luck, *words.key_to(lines.values()), *say.not_shown(missing)]))

    by, held = who_they_are(where)
    left = caseload.reasons(source, where)
    if left:
        page.heading("Why do people leave?", say.why_left(left))
        page.show(caseload.reasons_table(left))
    decided = right_people(ratings, rated, lines)
    parts = ratings_and_consent(where, lines)
    shares = places()

    both = [row for group in found for line in group.lines for row in (line.now, line.before) if row]
    tables = {
        "measures": page.frame_of(headlines.told(source, both)), "held_by": page.frame_of(held), "reasons": page.frame_of(left),
        "after_rating": page.frame_of(ratings), "after_decision": page.frame_of(decided), **caseload.frames(stock, flows, shares, parts),
    }  # fmt: skip
    infos = [source.indicator(i) for i in dict.fromkeys([*lines, *(row["indicator"] for row in [*ratings, *decided])])]
    page.how(infos)
    chosen = filters.named(source, District=district, Periods=kind, Breakdown=by)
    page.download(source, "cohort", say.TITLE, filters=chosen, tables=tables, infos=infos)


def caseload_over_time(stock: list[caseload.Stock], flows: list[caseload.Flow]) -> None:
    """How many there are, and who came and went."""
    left, right = st.columns(2)
    with left:
        page.heading("How many are there?", "On the last day of each quarter.")
        if stock:
            page.show(caseload.KEYS["stock"])
            page.chart(caseload.stock_chart(stock), caseload.alt_stock(stock), "stock")
            page.show(markup.details("Show these figures as a table", caseload.stock_table(stock)))
        else:
            page.show(markup.note([say.PARTLY]))
    with right:
        page.heading("Who comes and who goes?", say.come_and_go(flows))
        if flows:
            page.show(caseload.KEYS["flows"])
            page.chart(caseload.flows_chart(flows), caseload.alt_flows(flows), "flows")
            page.show(markup.details("Show these figures as a table", caseload.flows_table(flows)))
            page.show(markup.note([say.FULL_COUNTS, *([say.ROUNDED] if source.level == "open" else [])]))


def who_they_are(where: dict[str, str]) -> tuple[str, list[Row]]:
    """The people at the quarter's end by one breakdown."""
    cohort = source.cohort(caseload.CASELOAD)
    dims = headlines.breakdowns(source, caseload.AT_END, cohort, where)
    if not dims:
        return "", []
    page.heading("Who are they?", say.WHO)
    with st.columns(3)[0]:
        by = filters.breakdown(source, dims, "tier" if "tier" in dims else dims[0])
    held = caseload.held_by(source, by, where)
    page.show(markup.dots(held, "label", None, f"People on the scheme by {source.dimension(by).title}"))
    page.show(markup.note(words.multi_note(source.dimension(by)) + say.of_whom(held)))
    return by, held


def right_people(ratings: list[Row], rated: Row | None, lines: dict[str, Row]) -> list[Row]:
    """Whether a rating foretells reoffending, and how those fare whom judgement chose or passed over."""
    page.heading("Does a rating foretell reoffending?", say.RATING_TEST)
    page.paragraphs([say.foretells(ratings)])
    if ratings:
        page.show(caseload.groups_of(ratings, rated, "Reoffended after the rating") + markup.note([say.RATING_CAUTION]))
        page.table_of(ratings, "Reoffending after each rating", ("label",))
    page.heading("Does judgement see what the score does not?", say.DECISION_TEST)
    decided, overall = caseload.by_decision(source)
    page.paragraphs([say.overridden(lines), *say.fared(decided)])
    if decided:
        page.show(caseload.groups_of(decided, overall, "Reoffended after the decision"))
        page.show(markup.note([say.PLACE_OR_JUDGEMENT, say.DECISION_CAUTION]))
        page.table_of(decided, "Reoffending after each kind of decision", ("label",))
    return decided


def ratings_and_consent(where: dict[str, str], lines: dict[str, Row]) -> dict[str, caseload.NamedParts]:
    """Red, amber and green by district, and consent by strand."""
    colours, consent = caseload.ratings_by_district(source), caseload.consent_by_strand(source, where)
    left, right = st.columns(2)
    with left:
        page.heading("How are they rated?", say.rated(colours))
        if colours:
            page.show(caseload.KEYS["rag"])
            page.chart(caseload.rag_chart(colours), caseload.alt_parts(colours, say.COLOURS, "people rated"), "rag")
            page.show(markup.details("Show these figures as a table", caseload.parts_table(colours, say.COLOURS, "Ratings by district")))  # fmt: skip
    with right:
        page.heading("Have they agreed?", say.consented(consent, lines.get("refused_in_catch_control")))
        if consent:
            page.show(caseload.KEYS["consent"])
            page.chart(caseload.consent_chart(consent), caseload.alt_parts(consent, say.CONSENT, "people asked"), "consent")  # fmt: skip
            page.show(markup.details("Show these figures as a table", caseload.parts_table(consent, say.CONSENT, "Consent by strand")))  # fmt: skip
            page.show(markup.note([say.CONSENT_RULE]))
    return {"ratings": (colours, say.COLOURS), "consent": (consent, say.CONSENT)}


def places() -> list[caseload.CaseloadShare]:
    """Each district's share of places beside its share of reoffences."""
    shares, held, followed = caseload.shares(source)
    page.heading("Are the places where the offending is?", say.SHARES)
    if not shares:
        page.show(markup.note([say.NO_SHARES]))
        return []
    page.paragraphs([say.standing(shares, held, followed)])
    page.show(caseload.KEYS["shares"])
    page.chart(caseload.shares_chart(shares), caseload.alt_shares(shares), "shares")
    page.show(markup.note([say.SHARES_CAUTION]))
    page.show(markup.details("Show these figures as a table", caseload.shares_table(shares)))
    return shares


page.question(say.TITLE)
if caseload.kinds(source, {}):
    show()
else:
    page.opening(words.NOTHING_HERE)
    page.answer(say.NONE)
