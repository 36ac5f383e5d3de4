"""`iom value`: the published value for money of one scheme or programme, as sentences or as data for analysts."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import polars as pl

from app.options import data_dir_option
from common.errors import ProblemError, sentence

if TYPE_CHECKING:
    from release.read import Reader

TABLES = {
    "break_even": "break_even", "spend": "spend", "managed": "managed", "cost_per_person": "cost_per_person",
    "value_for_money": "value_for_money", "value_quantile": "value_quantiles", "tornado": "tornado",
    "switching_value": "switching_values",
}  # fmt: skip
"""Each table of the release that tells of a subject and year, and the reader's method for it."""


@click.command()
@click.argument("subject", required=False)
@click.option("--district", default="", metavar="NAME", help="The district; left out, all of them together.")
@click.option("--year", metavar="2024/25", help="One year, April to March; left out, the latest with a verdict.")
@click.option("--level", type=click.Choice(["open", "partnership"]), default="partnership", show_default=True)
@click.option("--release", metavar="ID", help="Another release than the one served.")
@click.option("--json", "as_json", is_flag=True, help="Every published table of it as JSON, with the parameters behind them.")  # fmt: skip
@data_dir_option
def command(  # noqa: PLR0917  click gives each option by name
    subject: str | None, district: str, year: str | None, level: str, release: str | None, as_json: bool, data_dir: Path
) -> None:
    """Does SUBJECT pay? Break-even, cost for each person and value for money, as published. Without SUBJECT: what there is.

    SUBJECT is a scheme or programme, such as scheme:iom, programme:MENTORING or iom.
    """
    from release import files

    reader = files.open_level(data_dir, level, release)
    if subject is None:
        known = reader.value_subjects()
        for row in known.to_dicts():
            compared = "" if row["compared"] else ", without a comparison"
            spent = "" if row["spent"] else ", without costs"
            click.echo(f"{row['subject_kind']}:{row['subject']:28}{row['label']}{spent}{compared}")
        click.echo(f"{known.height} schemes and programmes; `iom value NAME` says what is published of one.")
        return
    found = published(reader, subject, "_".join(district.lower().split()), year)
    click.echo(json.dumps(found, indent=1, ensure_ascii=False) if as_json else "\n".join(lines(found)))


def published(reader: "Reader", subject: str, district: str, year: str | None) -> dict[str, Any]:
    """Every table of one subject, district and year: rows as the release has them, and the parameters behind them.

    The offence mix is the one that the unit cost rests on. Errors: no such subject, district or year, with those there are.
    """
    kind, name, label = _subject(reader, subject)
    where = f"release {reader.id}, {reader.level} level"
    even = reader.break_even(kind, name)
    places = even["district"].unique().sort().to_list()
    if district not in places:
        raise ProblemError(
            f"{label} has no value for money in {district or 'all districts'}", where,
            ", ".join(place or "all districts" for place in places) or "none", "choose one of these", exit_code=2,
        )  # fmt: skip
    even = even.filter(pl.col("district") == district)
    told = even.filter(pl.col("verdict") != "not_available")["period"]
    years = even["period"].unique().sort(descending=True).to_list()
    chosen = year or (max(told) if len(told) else years[0])
    if chosen not in years:
        raise ProblemError(
            f"{label} has no value for money in {chosen}", where, ", ".join(years), "choose one of these", exit_code=2
        )
    made: dict[str, Any] = {
        "subject_kind": kind, "subject": name, "label": label, "district": district, "period": chosen,
        "release": reader.id, "level": reader.level, "synthetic": reader.synthetic,
    }  # fmt: skip
    for table, method in TABLES.items():
        place = None if table == "spend" and not district else district  # lines add up to everywhere
        made[table] = getattr(reader, method)(kind, name, district=place, period=chosen).to_dicts()
    which = next((row["mix"] for row in made["break_even"]), "")
    subject_and_place = {"own": (name, district), "subject": (name, ""), "kind": ("", "")}.get(which)
    mix = reader.offence_mix(kind, subject_and_place[0], district=subject_and_place[1]) if subject_and_place else None
    return made | {
        "offence_mix": [] if mix is None else mix.to_dicts(),
        "value_parameter": reader.value_parameters().to_dicts(),
    }


def lines(found: dict[str, Any]) -> list[str]:
    """Both bases in the words of the page, what it is worth, what each person cost, and the warnings of every page."""
    from components.value import sentences, tables

    name = found["label"] + (f" in {found['district'].replace('_', ' ')}" if found["district"] else "")
    said = [f"{name}, {found['period']}, release {found['release']}{', synthetic' if found['synthetic'] else ''}."]
    for row in sorted(found["break_even"], key=lambda row: list(sentences.BASES).index(row["basis"])):
        parts = (sentences.verdict(row, name), sentences.opening(row), sentences.one_in(row), sentences.out_of(row))
        said.append(f"{sentences.BASES[row['basis']]}: {' '.join(sentence(part) for part in parts if part)}")
        said += _worth(found["value_for_money"], row["basis"])
    for row in found["cost_per_person"]:
        if row["tier"] == "" and row["basis"] == "opportunity" and row["value"] is not None:
            limits = (
                ""
                if row["upper"] is None
                else f" ({sentences.pounds(row['lower'])} to {sentences.pounds(row['upper'])})"
            )
            each = tables.EACH[row["measure"]][0].lower()
            mix = "" if row["adjusted"] is None else f"; {sentences.pounds(row['adjusted'])} at average case mix"
            said.append(
                f"Cost for each {each}: {sentences.pounds(row['value'])}{limits}{mix}, {row['price_year']} prices."
            )
    main = next((row for row in found["break_even"] if row["basis"] == "opportunity"), None)
    if main is not None:
        said += [one for one in (sentences.set_up(main), *sentences.unit_cost_warnings(main)) if one]
    return said + tables.log_notes(found["value_parameter"], found["spend"])


WORTH = (
    ("net_present_value", "net present value: {}"),
    ("ratio", "back for each £1: {}"),
    ("payback_years", "payback: {}"),
)


def _worth(rows: list[dict[str, Any]], basis: str) -> list[str]:
    """Net present value, ratio and payback of each account, with their limits; the second lies within the first."""
    from components.value import accounts

    said = []
    for head, name in accounts.VIEWS.items():
        held = {row["measure"]: row for row in rows if (row["basis"], row["head"]) == (basis, head)}
        parts = [words.format(_figure(held[measure])) for measure, words in WORTH if measure in held]
        if parts:
            year = held["net_present_value"]["price_year"]
            said.append(f"  {name}, set-up counted; {'; '.join(parts)} ({year} prices).")
    return said


def _figure(row: dict[str, Any]) -> str:
    """A figure with its limits; without a value, why."""
    from components.value import sentences

    if row["measure"] == "payback_years":
        return sentences.years(row["value"])
    if row["value"] is None:
        return f"[x] {row['reason']}"
    limits = row["lower"] is not None and row["lower"] != row["upper"]
    ends = f" ({sentences.pounds(row['lower'])} to {sentences.pounds(row['upper'])})" if limits else ""
    return f"{sentences.pounds(row['value'])}{ends}"


def _subject(reader: "Reader", subject: str) -> tuple[str, str, str]:
    """The kind, id and label of KIND:NAME, or of a name that only one has."""
    known = [(row["subject_kind"], row["subject"], row["label"]) for row in reader.value_subjects().to_dicts()]
    wanted = subject.casefold()
    found = [one for one in known if wanted in (f"{one[0]}:{one[1]}".casefold(), one[1].casefold(), one[2].casefold())]
    if len(found) != 1:
        raise ProblemError(
            f"There is no one scheme or programme {subject!r}", f"release {reader.id}, {reader.level} level",
            ", ".join(f"{kind}:{name}" for kind, name, _ in known) or "none", "choose one of these", exit_code=2,
        )  # fmt: skip
    return found[0]
