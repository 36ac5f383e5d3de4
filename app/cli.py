"""`iom`: all that the analyst does, from agencies' files to a published figure.

Every command ends with a plain sentence of what it did and where. An error says what is wrong, where, what is
allowed and what to do, on standard error: exit 1, or 2 for wrong arguments and figures outside the lattice.
"""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import click

from app.calculate import command as calculate
from app.calibrate.command import calibrate
from app.desk_command import command as desk
from app.evaluate import command as evaluate
from app.options import data_dir_option
from app.pack_command import command as pack
from app.parameters_command import command as parameters
from app.pay import command as pay
from app.value import command as value
from common import paths, versions
from common.errors import ProblemError


class Commands(click.Group):
    """Prints problems as sentences, never as traces."""

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            return super().main(*args, **{**extra, "standalone_mode": False})
        except ProblemError as problem:
            from release.read import OutsideLatticeError

            click.echo(str(problem), err=True)
            sys.exit(2 if isinstance(problem, OutsideLatticeError) else problem.exit_code)
        except click.UsageError as wrong:
            click.echo(str(misused(wrong)), err=True)
            sys.exit(wrong.exit_code)
        except click.Abort:
            click.echo("Stopped.", err=True)
            sys.exit(1)


def misused(wrong: click.UsageError) -> ProblemError:
    """What click found wrong with a command line, said as every other problem is."""
    command = wrong.ctx.command_path if wrong.ctx else "iom"
    usage = wrong.ctx.get_usage().removeprefix("Usage: ") if wrong.ctx else "iom COMMAND"
    return ProblemError(
        what=wrong.format_message().rstrip("."),
        where="the command line",
        allowed=" ".join(usage.split()),
        remedy=f"see `{command} --help`",
    )


DATE = click.DateTime(formats=["%Y-%m-%d"])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="iom-performance")
def main() -> None:
    """The performance framework for Integrated Offender Management."""


@main.command()
@click.option("--people", default=8000, type=click.IntRange(min=1), show_default=True, help="People in the county.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same county.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where the raw extracts go.")
@click.option("--extracts-only", is_flag=True, help="Stop when the extracts are written.")
@data_dir_option
def demo(people: int, seed: int, out: Path | None, extracts_only: bool, data_dir: Path) -> None:
    """Write a synthetic county's raw extracts, load them and publish them."""
    from app.demo import EXTRACTS, make_demo

    files, release = make_demo(data_dir, people, seed, out=out, extracts_only=extracts_only, progress=_say)
    folder = out or data_dir / EXTRACTS
    if release is None:
        click.echo(f"Wrote {_n(files, 'extract')} of a synthetic county of {people:,} people to {folder}.")
    else:
        kept = f" to {folder}" if all(file.exists() for _, file in files) else ""  # a large county's are not kept
        click.echo(
            f"Wrote {_n(files, 'extract')} of a synthetic county of {people:,} people{kept}, loaded them, and"
            f" published them as release {release}, marked synthetic, in {paths.releases(data_dir)}."
        )


@main.command()
@click.argument("mapping", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--as-at", type=DATE, help="The day the files reach to, where their names do not say.")
@click.option("--any-name", is_flag=True, help="Take files that are not named as the mapping's `files` pattern says.")
@data_dir_option
def load(mapping: Path, files: tuple[Path, ...], as_at: dt.datetime | None, any_name: bool, data_dir: Path) -> None:
    """Stage FILES through MAPPING.toml: typed, pseudonymised, checked; rows that break a rule are set aside."""
    from etl import quarantine
    from etl.mapping import read_mapping
    from etl.stage import stage

    parts = stage(read_mapping(mapping), files, data_dir, as_at.date() if as_at else None, any_name=any_name)
    for part in parts:
        click.echo(str(part))
        for line in quarantine.lines(part):
            click.echo(line)
    fresh = sum(part.fresh for part in parts)
    already = f"; {len(parts) - fresh} staged already" if fresh < len(parts) else ""
    click.echo(f"Staged {fresh} of {_n(parts, 'file')}{already}, in {paths.parts(data_dir)}. `iom publish` uses them.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@data_dir_option
def boundaries(file: Path, data_dir: Path) -> None:
    """Keep the districts' boundaries out of a GeoJSON FILE, for the map; without them it is drawn as tiles."""
    from etl.boundaries import load_boundaries

    districts = load_boundaries(file, data_dir)
    click.echo(f"Kept the boundaries of {_n(districts, 'district')} in {data_dir}. The next `iom publish` uses them.")


@main.command()
@click.argument("file")
@data_dir_option
def withdraw(file: str, data_dir: Path) -> None:
    """Take a staged FILE (its name) out; the next publish is without it, and the old store is deleted then."""
    from etl.parts import withdraw as take_out

    parts = take_out(data_dir, file)
    click.echo(f"Withdrew {_n(parts, 'staged part')} of {file} from {paths.parts(data_dir)}. Now run `iom publish`.")


@main.command()
@click.option("--cutoff", type=DATE, help="The day the data reaches. Default: what every contributing source reaches.")
@click.option("--label", help="What readers see as the release's name.")
@data_dir_option
def publish(cutoff: dt.datetime | None, label: str | None, data_dir: Path) -> None:
    """Check, derive facts into a new store, compute both levels, and make the release the one served."""
    from app.publish import publish as run

    made = run(data_dir, cutoff.date() if cutoff else None, label, _say)
    kind = "synthetic" if made.synthetic else "real extracts: served on this machine only"
    click.echo(f"Published release {made.release} ({kind}), data to {made.cutoff}, in {made.folder}.")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON list.")
@click.option("--keep", type=click.IntRange(min=1), metavar="N",
              help="Delete all but the newest N first. The one served is never deleted.")  # fmt: skip
@data_dir_option
def releases(as_json: bool, keep: int | None, data_dir: Path) -> None:
    """List the releases, oldest first."""
    from release import files

    root = files.releases_root(data_dir)
    if keep is not None:
        gone = files.remove_old(data_dir, keep)
        named = f": {', '.join(gone)}" if gone else ""
        click.echo(f"Deleted {_n(gone, 'old release')} from {root}{named}.", err=as_json)
    try:
        current = files.current_release(data_dir)
    except ProblemError as lost:  # listed all the same: `iom use` needs an ID
        click.echo(str(lost), err=True)
        current = None
    rows = []
    for name in versions.list_versions(root):
        about = files.manifest(root / name)
        told = {key: about.get(key) for key in ("label", "cutoff", "synthetic", "created", "code_version")}
        rows.append({"id": name, "current": current is not None and name == current.name, **told})
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        kind = "synthetic" if row["synthetic"] else "real"
        click.echo(f"{'*' if row['current'] else ' '} {row['id']}  data to {row['cutoff']}  {kind}  {row['label']}")
    serving = f"; {current.name} is served" if current else ""
    click.echo(f"{_n(rows, 'release')} in {root}{serving}.")


@main.command()
@click.argument("release")
@data_dir_option
def use(release: str, data_dir: Path) -> None:
    """Serve the release of this ID."""
    from release import files

    folder = files.release_folder(data_dir, release)
    if wrong := versions.verify(folder):
        raise ProblemError(
            what=f"The release {release} is damaged: {'; '.join(wrong)}",
            where=str(folder),
            allowed="a release whose files are as they were published",
            remedy="use another, or publish again",
        )
    versions.point(folder.parent, release)
    click.echo(f"Release {release} is now the one served from {folder.parent}.")


@main.command()
@data_dir_option
def check(data_dir: Path) -> None:
    """Check contracts, reconciliation and checksums of the staged parts, the current store and the release."""
    from app.checks import conflicts, problems

    found, looked_at = problems(data_dir)
    for problem in found:
        click.echo(str(problem), err=True)
    if found:
        raise ProblemError(
            what=f"{_n(found, 'problem')} found in {looked_at}",
            where=str(data_dir),
            allowed="none",
            remedy="put right what is named above, then publish again",
        )
    for told in conflicts(data_dir):
        click.echo(told)
    click.echo(f"Checked {looked_at} in {data_dir}: nothing is wrong.")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON list of the definitions.")
@data_dir_option
def indicators(as_json: bool, data_dir: Path) -> None:
    """The catalogue of indicators."""
    from metrics.catalogue import FOLDER, catalogue

    known = list(catalogue().values())
    if as_json:
        click.echo("[" + ",\n".join(definition.as_json() for definition in known) + "]")
        return
    for d in known:
        click.echo(f"{d.id:30}{d.title} ({d.unit}; {d.polarity.replace('_', ' ')})")
    click.echo(f"{_n(known, 'indicator')}, defined in {FOLDER}.")


@main.command()
@click.argument("indicator")
@click.option("--by", multiple=True, metavar="DIMENSION", help="Break down by this; may be given twice.")
@click.option("--where", multiple=True, metavar="KEY=VALUE", help="Only this group; cohort=NAME chooses the cohort.")
@click.option("--quarter", metavar="latest|2014Q1|all", help="The latest complete quarter, one quarter (or a year or three"
              " years, by its id), or all quarters one by one. Without it all complete cohorts are pooled.")  # fmt: skip
@click.option("--level", type=click.Choice(["open", "partnership"]), default="partnership", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="A JSON list of figures and nothing else.")
@click.option("--release", metavar="ID", help="Another release than the one served.")
@click.option("--from-store", is_flag=True, help="Compute it afresh from the store, over any breakdown.")
@click.option("--follow-up", type=click.IntRange(min=1), metavar="DAYS", help="With --from-store: days of follow-up.")
@click.option(
    "--waiting", type=click.IntRange(min=0), metavar="DAYS", help="With --from-store: days to wait for proof."
)
@click.option("--cohort", metavar="NAME", help="The cohort: the same as --where cohort=NAME.")
@data_dir_option
def figure(  # noqa: PLR0917  click gives each option by name
    indicator: str,
    by: tuple[str, ...],
    where: tuple[str, ...],
    quarter: str | None,
    level: str,
    as_json: bool,
    release: str | None,
    from_store: bool,
    follow_up: int | None,
    waiting: int | None,
    cohort: str | None,
    data_dir: Path,
) -> None:
    """Any figure that the pages show, or with --from-store any figure at all.

    The level is the exact one (partnership) unless --level open is given: whoever runs this has the data.
    """
    from app import figure as ask

    question = ask.question(indicator, by, where, quarter, cohort)
    if from_store:
        if release:
            raise click.UsageError("--release and --from-store exclude each other: a store is not a release.")
        found = ask.from_store(data_dir, question, follow_up, waiting)
        place = "computed from the store"
    else:
        if follow_up is not None or waiting is not None:
            raise click.UsageError("--follow-up and --waiting need --from-store: a release has its own definitions.")
        found = ask.from_release(data_dir, question, level, release)
        place = f"{level} level"
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], indent=1, ensure_ascii=False))
        return
    for line in ask.lines(found):
        click.echo(line)
    about = f"release {found[0].release}, data to {found[0].cutoff}" if found else "no release"
    whom = f" for the cohort {found[0].cohort}" if found else ""
    if whom and question.cohort is None:
        whom += ", which is shown unless --cohort names another"
    click.echo(f"{_n(found, 'figure')} of {indicator}{whom}, {place}, {about}, in {data_dir}.")


@main.command()
@click.option(
    "--rate", type=click.FloatRange(0, 100), metavar="%", help="Reoffending rate expected without the programme."
)
@click.option("--reoffences", type=click.FloatRange(0), metavar="N", help="Or reoffences per 100 people without it.")
@click.option(
    "--shape", default=0.55, show_default=True, help="Negative binomial shape of reoffences: less is a longer tail."
)
@click.option(
    "--fall", type=click.FloatRange(0, 100), metavar="%", help="The fall hoped for, in % of what is expected."
)
@click.option("--people", type=click.IntRange(1), help="People analysed. Default: 60, 200 and 1,000.")
@click.option("--controls", default=10.0, show_default=True, help="Controls to each person.")
@click.option("--repeats", default=1.0, show_default=True, help="Entries a person, or people an officer or hostel.")
@click.option(
    "--likeness", default=0.0, show_default=True, help="How alike those are, 0 to 1 (intraclass correlation)."
)
@click.option("--power", "wanted", default=80.0, show_default=True, metavar="%", help="How often it should be found.")
@click.option("--json", "as_json", is_flag=True, help="The answer as data.")
def power(as_json: bool, wanted: float, **asked: Any) -> None:
    """How many people would it take to find a fall, or what fall could so many people show?"""
    from app.power import answer, lines

    found = answer(power=wanted, **asked)
    click.echo(json.dumps(found, indent=1) if as_json else "\n".join(lines(found)))


@main.group(invoke_without_command=True)
@data_dir_option
@click.pass_context
def areas(context: click.Context, data_dir: Path) -> None:
    """List other partnerships' open releases; `iom areas add FILE` takes one in, `iom areas remove NAME` takes it out."""
    context.obj = data_dir
    if context.invoked_subcommand is None:
        from release import other_areas

        known = other_areas.areas(data_dir)
        for one in known:
            kind = "synthetic" if one.synthetic else "real"
            click.echo(f"{one.area}  release {one.release}  data to {one.cutoff}  {kind}  {one.figures:,} figures")
        click.echo(f"{_n(known, 'other area')} in {other_areas.folder(data_dir)}.")


@areas.command("add")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def add_area(data_dir: Path, file: Path) -> None:
    """Take in the open.duckdb of another partnership's release: checked, copied, and never opened again."""
    from release import other_areas

    area = other_areas.add(data_dir, file)
    click.echo(
        f"Took in {area.figures:,} figures of {area.indicators} indicators from release {area.release} of {area.area},"
        f" data to {area.cutoff}, in {other_areas.folder(data_dir)}."
    )


@areas.command("remove")
@click.argument("area")
@click.pass_obj
def remove_area(data_dir: Path, area: str) -> None:
    """Take out an AREA that was added."""
    from release import other_areas

    other_areas.remove(data_dir, area)
    click.echo(f"Took {area} out of {other_areas.folder(data_dir)}.")


main.add_command(evaluate, "evaluate")
main.add_command(desk, "desk")
main.add_command(calibrate)
main.add_command(calculate, "calculate")
main.add_command(pay, "pay")
main.add_command(pack, "pack")
main.add_command(parameters, "parameters")
main.add_command(value, "value")


def _say(step: str, done: float) -> None:
    click.echo(f"{100 * done:3.0f}%  {step}", err=True)


def _n(things: Any, word: str) -> str:
    return f"{len(things)} {word}" + ("" if len(things) == 1 else "s")


if __name__ == "__main__":
    main()
