"""What is moved on Value for money: the sliders of a scenario, and the scenarios that stand side by side in the address."""

from collections.abc import Sequence

import streamlit as st

from components import export, filters, markup, page, value, words
from components.value import Valued, beside, method, scenario, tables
from components.value import sentences as say
from components.value.scenario import Knob, Named, Outcome, Settings
from metrics.value.case import Basis, Case
from release.read import Reader

BESIDE, NAMING, WRONG = "beside", "_scenario_name", "_scenario_wrong"


def choose(source: Reader) -> tuple[Valued, Basis]:
    """The filters: which scheme or programme, where, in which year, and on which basis all below the verdict is."""
    one, two, three, four = st.columns(4)
    subjects = {subject.key: subject for subject in value.subjects(source)}
    with one:
        subject = subjects[
            filters.choose("Scheme or programme", [(key, s.name) for key, s in subjects.items()], "subject")
        ]
    with two:
        district = filters.choose("District", value.places(source, subject), "district")
    years, first = value.periods(source, subject, district)
    with three:
        period = filters.choose("Year", years or [("", "No whole year")], "year", first)
    with four:
        basis: Basis = (
            "cash" if filters.choose("Costs counted", list(say.BASES.items()), "basis") == "cash" else "opportunity"
        )
    return value.valued(source, subject, district, period), basis


def sliders(knobs: Sequence[Knob]) -> dict[str, float | str]:
    """Every knob as a widget, kept in the address; what does not stand where it was published."""
    found: dict[str, float | str] = {}
    columns = st.columns(2)
    for place, knob in enumerate(knobs):
        with columns[place * 2 // len(knobs)]:
            found[knob.id] = _choice(knob) if knob.is_choice else _number(knob)
    return scenario.moved(found, knobs)


def _choice(knob: Knob) -> str:
    return filters.choose(knob.label, knob.options, knob.id)


def _number(knob: Knob) -> float:
    """A slider. A number in the address beyond its ends is left out, and said to be."""
    asked = st.query_params.get(knob.id)
    if asked is not None and knob.id not in st.session_state and knob.read(asked) is None:
        filters.left_out(knob.label, asked)
        del st.query_params[knob.id]
    kind = int if knob.whole else float
    least, most, default, step = (kind(x) for x in (knob.least, knob.most, knob.default, knob.step))
    chosen = st.slider(
        knob.label, least, most, default, step, key=knob.id, bind="query-params", help=knob.help,
        format=f"{'%d' if knob.whole else '%.1f'}{knob.suffix.replace('%', '%%')}",
    )  # fmt: skip
    return float(chosen)


def held_beside(knobs: Sequence[Knob]) -> list[Named]:
    """The named scenarios of the address; what it holds that is none is left out, and said to be."""
    asked = st.query_params.get_all(BESIDE)
    found = list(scenario.listed(asked, knobs))
    kept = [one for one in found if isinstance(one, Named)]
    if len(kept) < len(found):
        for text in (one for one in found if isinstance(one, str)):
            filters.left_out("A scenario", text)
        _keep(kept)
    return kept


def _keep(named: Sequence[Named]) -> None:
    """Write the named scenarios to the address."""
    if named:
        st.query_params[BESIDE] = [scenario.written(one) for one in named]
    else:
        st.query_params.pop(BESIDE, None)


def naming(settings: Settings, held: Sequence[Named]) -> None:
    """The box that names what is being tried, with what a name may be beside it; and the ways to take one away."""
    full, names = len(held) >= scenario.MOST_BESIDE, [one.name for one in held]
    with st.container(key="naming", horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name this scenario", key=NAMING, max_chars=scenario.LONGEST_NAME, width=280)
        st.button(
            "Put it beside", on_click=_put, args=(settings, held), disabled=not settings or full, key="scenario-put"
        )
        for one in held:
            st.button(
                f"Take away {one.name}",
                on_click=_take,
                args=(one.name, held),
                key=f"scenario-out-{names.index(one.name)}",
            )
    page.show(markup.note([scenario.NAME_RULE, *([say.FULL] if full else [] if settings else [say.NOTHING_MOVED])]))
    if wrong := st.session_state.get(WRONG):
        st.error(wrong)


def _put(settings: Settings, held: Sequence[Named]) -> None:
    name = " ".join(str(st.session_state.get(NAMING, "")).split())
    if not scenario.is_name(name) or name in {one.name for one in held}:
        st.session_state[WRONG] = say.NAME_TAKEN if scenario.is_name(name) else say.NOT_A_NAME
        return
    st.session_state[WRONG] = ""
    st.session_state[NAMING] = ""
    _keep([*held, Named(name, dict(settings))])


def _take(name: str, held: Sequence[Named]) -> None:
    _keep([one for one in held if one.name != name])


def outcomes(
    case: Case, settings: Settings, held: Sequence[Named], known: scenario.Figures, bar: float
) -> list[Outcome]:
    """As published, as the sliders stand where they were moved, and every named scenario."""
    tried = [Named(say.TRIED, settings)] if settings else []
    return [
        scenario.published(case, known, bar),
        *(scenario.come_to(one.name, case, one.settings, known, bar=bar) for one in [*tried, *held]),
    ]


def explore(case: Case, known: scenario.Figures, bar: float) -> tuple[list[Outcome], Sequence[Knob]]:
    """Sliders, what they come to beside the published and the named scenarios, and the box that names one."""
    knobs = scenario.knobs(case, scenario.price_years(case, known))
    settings = sliders(knobs)
    held = held_beside(knobs)
    found = outcomes(case, settings, held, known, bar)
    effect = case.effect
    page.show(
        markup.note(
            [
                say.effect_at(
                    found[0 if not settings else 1].case.effect.averted_per_100,
                    effect.averted_per_100,
                    effect.lower,
                    effect.upper,
                )
            ]
        )
    )
    page.show(beside.side_by_side(found, knobs, bar))
    page.show(markup.note(say.scenario_notes(found)))
    naming(settings, held)
    return found, knobs


@st.fragment
def scenarios(source: Reader, of: Valued, case: Case | None, basis: str, title: str) -> None:
    """What if? Run again alone when a slider moves; with it the download, which holds what was tried."""
    tables_held = dict(of.tables)
    chosen = {"Scheme or programme": of.subject.name, "District": of.place or "All districts", "Year": of.period,
              "Costs counted": say.BASES[basis], "Level": words.LEVELS[source.level]}  # fmt: skip
    if of.main:
        chosen |= {
            "Price year": of.main["price_year"],
            "Take care": " ".join([*say.unit_cost_warnings(of.main), *tables.log_notes(of.parameters, of.spend)]),
        }
    if case is not None:
        page.heading("What if?", say.WHAT_IF)
        found, knobs = explore(case, value.figures(source), value.bar(source))
        tables_held["scenarios"] = beside.scenario_frame(found, knobs, value.bar(source))
        chosen |= {f"Scenario, {one.name}": beside.in_words(one, knobs) for one in found[1:]}
        chosen["Price year"] = beside.price_year(found)
    page.show(markup.details("How is this worked out?", method.shown(of)))
    told = export.headed(method.parts(of))
    page.download(source, "value-for-money", title, filters=chosen, tables=tables_held, infos=[], method=told)
