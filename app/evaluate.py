"""`iom evaluate`: the command. What it does is in app/provider_list.py, which is imported only when it runs."""

import json
from pathlib import Path

import click

from app.options import data_dir_option


@click.command()
@click.argument(
    "list_file", metavar="LIST", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--title", help="What the evaluation is called. Default: a number of the year.")
@click.option(
    "--follow-up", default=365, show_default=True, type=click.IntRange(min=1, max=3660), help="Days followed."
)
@click.option("--waiting", default=183, show_default=True, type=click.IntRange(min=0, max=3660), help="Days for proof.")
@click.option("--add", is_flag=True, help="Keep the list, as pseudonyms, so that the next publish includes it.")
@click.option("--lists", is_flag=True, help="The lists that are kept for the next publish, in counts, and stop.")
@click.option("--take-out", metavar="ID", help="Delete the kept list of this id (see --lists), and stop.")
@click.option("--json", "as_json", is_flag=True, help="The whole evaluation as JSON.")
@click.option(
    "--template",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write an empty list, .csv or .xlsx, and stop.",
)
@data_dir_option
def command(  # noqa: PLR0917  click gives each option by name
    list_file: Path | None,
    title: str | None,
    follow_up: int,
    waiting: int,
    add: bool,
    lists: bool,
    take_out: str | None,
    as_json: bool,
    template: Path | None,
    data_dir: Path,
) -> None:
    """Evaluate a programme by a LIST of who started it and when (CSV or XLSX): did they reoffend less than people like them?"""
    from app.provider_list import as_data, evaluate, kept_lines, lines, write_template

    if lists:
        for line in kept_lines(data_dir):
            click.echo(line)
        return
    if take_out is not None:
        from metrics.compare.lists import take_out as delete

        delete(data_dir, take_out)
        click.echo(f"Took out {take_out}: the next `iom publish` is without it.")
        return
    if template is not None:
        write_template(template)
        click.echo(
            f"Wrote an empty list to {template}: one row a person, any one identifier, and the day they started."
        )
        return
    if list_file is None:
        raise click.UsageError(
            "Give a LIST, --template FILE to have one to fill in, or --lists for those that are kept."
        )
    listed, known, result = evaluate(list_file, data_dir, title, follow_up=follow_up, waiting=waiting, add=add)
    if as_json:
        click.echo(json.dumps(as_data(listed, known, result), indent=1, ensure_ascii=False))
        return
    for line in lines(listed, known, result):
        click.echo(line)
    if add:
        click.echo(f"Kept as {result.comparison.id} in {data_dir}: the next `iom publish` includes it.")
