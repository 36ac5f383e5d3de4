"""`iom parameters`: every figure behind the money, and a partnership's own in place of it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.options import data_dir_option

if TYPE_CHECKING:
    from metrics.value.parameter import Parameter

MOST_DIFFERENCES = 20


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="A JSON list.")
@click.option("--like", default="", metavar="TEXT", help="Only those whose name or title holds this.")
@click.option("--all", "every", is_flag=True, help="Years of the deflator and every agency's cost too.")
@click.option(
    "--versions", "sources", is_flag=True, help="Instead, every reference file with its sources and editions."
)
@data_dir_option
@click.pass_context
def command(  # noqa: PLR0917  click gives each option by name
    context: click.Context, as_json: bool, like: str, every: bool, sources: bool, data_dir: Path
) -> None:
    """List every parameter of value for money; `iom parameters import FILE` puts your own in place of some."""
    context.obj = data_dir
    if context.invoked_subcommand is not None:
        return
    if sources:
        _versions(as_json)
        return
    from metrics.value.parameters import parameters
    from metrics.value.provenance import table, used

    known = parameters(data_dir)
    listed = [
        one
        for one in (known if every else used(known)).values()
        if like.lower() in one.name.lower() or like.lower() in one.title.lower()
    ]
    if as_json:
        click.echo(json.dumps(table(listed).to_dicts(), indent=1, ensure_ascii=False))
        return
    for one in listed:
        click.echo(line(one))
    own = sum(one.local for one in listed)
    click.echo(
        f"{len(listed)} parameters, {own} of them local ({data_dir / 'parameters.csv'}). `*` is local; `?` was not checked"
        " against the original."
    )


def _versions(as_json: bool) -> None:
    from metrics.value.reference import versions

    listed = list(versions().values())
    if as_json:
        click.echo(json.dumps([asdict(one) for one in listed], indent=1, ensure_ascii=False))
        return
    for one in listed:
        told = [
            one.edition,
            f"{one.price_year} prices" if one.price_year[:1].isdigit() else one.price_year,
            one.licence,
        ]
        told.append(f"retrieved {one.retrieved}" if one.retrieved else "")
        if one.licence != "ours":
            told.append("checked" if one.checked else "not checked against the original")
        click.echo(f"{one.file:26}{one.source} ({'; '.join(part for part in told if part)})")
    click.echo(f"{len(listed)} sources of {len({one.file for one in listed})} reference files.")


def line(one: "Parameter") -> str:
    """One parameter as a line: marks, name, value, range, price year, how it was read, and its source."""
    from metrics.value.local import plain

    value = f"{one.value:.0f}" if one.unit == "year" else f"{plain(one.value)}"
    span = "" if one.low is None or one.high is None else f" ({plain(one.low)} to {plain(one.high)})"
    unit = "" if one.unit == "year" else f" {one.unit}"
    year = f", {one.price_year} prices" if one.price_year else ""
    edition = f" ({one.edition})" if one.edition else ""
    retrieved = f", retrieved {one.retrieved}" if one.retrieved else ""
    marks = ("*" if one.local else " ") + (" " if one.checked or one.read == "assumption" else "?")
    said = "checked" if one.checked else {"press": "as quoted", "memory": "from memory"}.get(one.read, one.read)
    return f"{marks} {one.name:34} {value}{span}{unit}{year}; {said}: {one.source}{edition}{retrieved}"


@command.command("import")
@click.argument("workbook", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--layout", metavar="NAME|FILE", help="Which column is which: greater_manchester, or a TOML file of yours."
)
@click.option(
    "--sheet", "sheets", multiple=True, help="A worksheet; may be given again. Default: the layout's, or the first."
)
@click.option("--only", multiple=True, metavar="CODE", help="Only codes that begin so; may be given again.")
@click.option("--price-year", default="", metavar="YEAR", help="Where the rows do not say, as 2023/24.")
@click.option("--source", default="", help="Where the rows do not say where a figure comes from.")
@click.option("--edition", default="", help="The edition of the workbook.")
@click.option("--check", is_flag=True, help="Check it and write nothing.")
@click.pass_obj
def take_in(  # noqa: PLR0917  click gives each option by name
    data_dir: Path, workbook: Path, layout: str | None, sheets: tuple[str, ...], only: tuple[str, ...], price_year: str,
    source: str, edition: str, check: bool,
) -> None:  # fmt: skip
    """Put the unit costs of a WORKBOOK (XLSX, ODS or CSV) into the local parameters; the reference is never written."""
    from app.own_parameters import take_in as run

    done = run(
        workbook, data_dir, layout, only=only, sheets=sheets, price_year=price_year, source=source, edition=edition,
        write=not check,
    )  # fmt: skip
    apart = [one for one in done.sums if abs(one.differs_by) > done.within]
    for one in apart[:MOST_DIFFERENCES]:
        click.echo(f"{one.code}: £{one.heading:,.2f}, but its {one.parts} components come to £{one.components:,.2f}.")
    if done.sums:
        click.echo(f"{len(done.sums) - len(apart)} of {len(done.sums)} headings are the sum of their components.")
    verb = "Checked, and did not write," if check else "Put"
    again = f", {len(done.replaced)} in place of local ones" if done.replaced else ""
    click.echo(f"{verb} {len(done.names)} parameters in {done.path}{again}. The next `iom publish` uses what is there.")


@command.command("template")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def template(file: Path) -> None:
    """Write a CSV FILE to fill in with your own figures; rows left without a value keep the reference's."""
    from app.own_parameters import template as write

    click.echo(
        f"Wrote {write(file)} parameters to {file}: give a value, its price year and its source where yours differ."
    )


@command.command("remove")
@click.argument("names", nargs=-1, required=True)
@click.pass_obj
def remove(data_dir: Path, names: tuple[str, ...]) -> None:
    """Take local parameters out by their NAMES, so that the reference's stand again."""
    from app.own_parameters import remove as run

    click.echo(f"Took {len(run(data_dir, names))} out of {data_dir / 'parameters.csv'}: the reference's stand again.")
