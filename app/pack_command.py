"""`iom pack`: the quarterly pack as files, each from one level of one release."""

from pathlib import Path

import click

from app.options import data_dir_option


@click.command()
@click.option("--quarter", metavar="2026Q3", help="The quarter under review. Default: that of the release served.")
@click.option("--level", type=click.Choice(["open", "partnership"]), default="partnership", show_default=True,
              help="Exact figures for the partnership, or protected ones for everybody.")  # fmt: skip
@click.option("--agency", metavar="AGENCY", help="Only a feedback page for one agency, such as prisons.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the files go. Default: packs/ in the data directory.",
)
@data_dir_option
def command(quarter: str | None, level: str, agency: str | None, out: Path | None, data_dir: Path) -> None:
    """Make the pack of a quarter: PDF, workbook and scrutiny sheet, and the public summary from the open level.

    The public summary is always a file of its own from the open level; no other file mixes two levels.
    """
    from common import paths
    from pack import files as packs
    from release import files

    release = packs.release_of(data_dir, quarter)
    source = files.open_level(data_dir, level, release)
    made = list(packs.for_agency(source, agency) if agency else packs.of_level(source))
    if not agency and level != "open":
        made += [
            one for one in packs.of_level(files.open_level(data_dir, "open", source.id)) if "public-summary" in one[0]
        ]
    folder = out or paths.private(data_dir / "packs") / source.reporting_quarter
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in made:
        content = make()
        (folder / name).write_bytes(content)
        click.echo(f"{name}  {len(content) / 1000:,.0f} kB", err=True)
    kind = "synthetic" if source.synthetic else "real"
    many = f"{len(made)} file" + ("" if len(made) == 1 else "s")
    click.echo(
        f"Made the pack of {source.period(source.reporting_quarter).label} from release {source.id} ({kind}): {many} in {folder}."
    )
