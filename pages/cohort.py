"""Who is on the scheme, and is it the right people?"""

import streamlit as st

from components import caseload, filters, headlines, links, markup, page, right_people, words
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
    decided = right_people.selected(source, ratings, rated, lines)
    parts = right_people.rated_and_agreed(source, where, lines)
    shares = right_people.places(source)

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
        page.heading("Who comes and who goes?", say.come_and_go(flows, rounded=source.level == "open"))
        if flows:
            page.show(caseload.KEYS["flows"])
            page.chart(caseload.flows_chart(flows), caseload.alt_flows(flows), "flows")
            page.show(markup.details("Show these figures as a table", caseload.flows_table(flows)))
            page.show(markup.note([say.FULL_COUNTS, say.AGAIN, *([say.ROUNDED] if source.level == "open" else [])]))


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


page.question(say.TITLE)
if caseload.kinds(source, {}):
    show()
else:
    page.opening(words.NOTHING_HERE)
    page.answer(say.NONE)
