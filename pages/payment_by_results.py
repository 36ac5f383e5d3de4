"""What would it be paid?"""

import streamlit as st

from components import behind, export, filters, markup, page, payment
from components.payment import sentences as say

source = page.reader()


def chosen() -> tuple[payment.Contract | None, str, dict[str, str]]:
    """The contract that the filters choose, the cohort looked at, and the choices in words."""
    one, two, three, four = st.columns(4)
    with one:
        known = payment.rules(source)
        rule = known[filters.choose("Rule", [(key, held.title) for key, held in known.items()], "rule")]
    with two:
        found = payment.subjects(source, rule.id)
        subject = filters.choose("Scheme or programme", [(one.key, one.title) for one in found], "subject")
        about = next((one for one in found if one.key == subject), None)
    with three:
        names = {"": "All districts", **dict(source.members("managing_district"))}
        places = about.places if about else ("",)
        district = filters.choose("District", [(place, names.get(place, place)) for place in places], "district")
    contract = payment.contract(source, rule, subject, district)
    with four:
        spans = [(span, contract.labels.get(span, span)) for span in contract.spans] if contract else []
        span = filters.choose("Cohort or quarter", [("", "All"), *spans], "cohort")
    said = {"Rule": rule.title, "Scheme or programme": about.title if about else "None"}
    return contract, span, {**said, "District": names.get(district, district), "Cohort or quarter": span or "All"}


def luck(contract: payment.Contract, key: str) -> payment.Chance | None:
    """What luck alone would pay, at the size and the true effect that the sliders choose."""
    if contract.spread is None:
        return None
    page.heading("What would luck alone be paid?", say.LUCK_UNDER)
    one, two = st.columns(2)
    with one:
        size = payment.sizes(contract.size)
        people = filters.amount("People in each cohort or quarter", "size", size, contract.size, anew=key)
    with two:
        effect = filters.amount(
            "True change in events (\u221210% is 10% fewer)", "effect", payment.EFFECTS, 0, suffix="%"
        )
    told = payment.chance(contract, people, effect)
    if told is not None:
        page.paragraphs(say.luck_lines(contract, told))
        left, right = st.columns(2)
        with left:
            page.show(markup.subheading(say.HUNDRED))
            page.chart(payment.hundred(contract, told), payment.alt_hundred(contract, told), "hundred")
            page.show(markup.note([say.beside(contract, told)]))
        with right:
            page.show(markup.subheading(say.BY_SIZE))
            page.chart(payment.by_size(contract, told, people), payment.alt_by_size(contract, told), "by_size")
        page.show(payment.schemes_table(contract, told))
        tables = payment.hundred_table(contract, told) + payment.sizes_table(contract, told)
        page.show(markup.details("Show these figures as tables", tables))
    return told


def show() -> None:
    """The answer, the reckoning, luck, and the rule."""
    said = st.container()
    contract, span, choices = chosen()
    if contract is None:
        with said:
            page.answer(say.NONE)
        return
    if contract.spans:
        page.heading("How is that reckoned?", say.over_the_intervals(contract))
        notes = [say.counted(contract.rule), *say.caution(contract.rule)]
        page.show(payment.steps_table(contract, span) + markup.note(notes))
    else:
        page.show(behind.state(say.NOT_RECKONED, [f"{contract.paid['reason'].capitalize()}.", say.NO_LUCK]))
    told = luck(contract, f"{choices['Rule']}, {choices['Scheme or programme']}, {choices['District']}")
    with said:
        page.opening(say.opening(contract))
        page.answer(say.answer(contract, payment.of_nothing(contract)))
    page.heading("What does the rule say?", contract.rule.title)
    page.show(payment.rule_words(contract.rule))
    page.show(markup.details("How is this worked out?", payment.method()))
    asked = {**choices, **filters.chosen()}
    tables = payment.frames(contract, told)
    method = export.headed(say.method_of(contract.rule))
    page.download(source, "payment", say.TITLE, filters=asked, tables=tables, infos=[], method=method)


page.question(say.TITLE)
if payment.rules(source) and any(payment.subjects(source, rule) for rule in payment.rules(source)):
    show()
else:
    page.nothing(say.NONE)
