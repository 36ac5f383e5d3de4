"""Whether it is the right people, on a page: what ratings and judgement foretell, who agreed, and where the places are."""

from collections.abc import Mapping, Sequence

import streamlit as st

from components import caseload, markup, page
from components.caseload import sentences as say
from components.judge import Row
from release.read import Reader


def selected(source: Reader, ratings: Sequence[Row], rated: Row | None, lines: Mapping[str, Row]) -> list[Row]:
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


def rated_and_agreed(
    source: Reader, where: Mapping[str, str], lines: Mapping[str, Row]
) -> dict[str, caseload.NamedParts]:
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


def places(source: Reader) -> list[caseload.CaseloadShare]:
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
