"""What is said of figures that nobody checked, and of a partnership's own."""

from dataclasses import replace

import pytest

from components.words.money import carried_on, warning, warnings
from metrics.value.parameters import Parameters, parameters
from metrics.value.provenance import provenance, table, used

SHIPPED = parameters()


def rows(*names: str, known: Parameters = SHIPPED):
    return table(known[name] for name in names).to_dicts()


def test_every_shipped_unit_cost_carries_its_warning() -> None:
    assert warnings(table(SHIPPED.under("crime").values()).to_dicts()) == [
        "Of 17 unit costs of offences, 12 were typed as others quote them and 5 from memory; none of these was checked against the"
        " original: read every pound that rests on them so."
    ]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (
            ("crime.robbery",),
            "The unit cost of the offence is as others quote it, and not checked against the original: read every pound that rests on"
            " it so.",
        ),
        (
            ("crime.fraud",),
            "The unit cost of the offence is from memory, and not checked against the original: read every pound that rests on it so.",
        ),
        (
            ("gains.robbery.consequence.nhs.fiscal",),
            "Who bears the cost of an offence is from memory, and not checked against the original.",
        ),
        (("optimism.3.benefits",), "Optimism bias is from memory, and not checked against the original."),
        (("displacement", "discount.1"), ""),
    ],
)
def test_each_kind(names: tuple[str, ...], said: str) -> None:
    assert warning(rows(*names)) == said


def test_a_checked_figure_of_the_partnerships_own_is_named_and_not_warned_of() -> None:
    own = Parameters(
        {**SHIPPED, "crime.robbery": replace(SHIPPED["crime.robbery"], local=True, checked=True, read="local")}
    )
    assert warnings(rows("crime.robbery", known=own)) == ["1 figure is this partnership's own: Robbery of a person."]


def test_many_local_figures_are_counted() -> None:
    names = ["multiplier", "displacement", "attribution", "drop_off", "lasting_years"]
    own = Parameters({**SHIPPED, **{name: replace(SHIPPED[name], local=True) for name in names}})
    assert warning(rows(*names, known=own)) == (
        "5 figures are this partnership's own: Crimes for each proven reoffence, Averted offences that others commit instead, Effect"
        " that is this scheme's own, where several work with the same people and 2 more."
    )


def test_the_words_say_all_that_the_flags_count() -> None:
    """Nothing that the pure counts hold against the figures is left out of the words."""
    listed = used(SHIPPED).values()
    told, said = provenance(one for one in listed if one.name.startswith("crime.")), warning(table(listed).to_dicts())
    assert f"{told.press} were typed as others quote them and {told.memory} from memory" in said
    assert said.count("from memory") == 3


def test_prices_that_the_deflator_does_not_reach_are_told() -> None:
    assert carried_on(["2015/16", "2023/24"], SHIPPED) == ""
    assert carried_on(["2025/26", "2024/25", "2015/16"], SHIPPED) == (
        "Prices of 2024/25 to 2025/26 are carried on from 2024 at 2% a year, an assumption: the deflator ends there."
    )
    own = Parameters(
        {**SHIPPED, "deflator.2025": replace(SHIPPED["deflator.2024"], name="deflator.2025", value=103.0, local=True)}
    )
    assert carried_on(["2024/25"], own) == ""
