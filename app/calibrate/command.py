"""`iom calibrate`: run the experiments, say which claims hold, exit 1 where one does not."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from app.calibrate.harness import FIGURES, PROMISE_NOTHING, Experiment, Found, carried_out
from common.errors import ProblemError


def experiments() -> list[Experiment]:
    """Every experiment there is, in order."""
    from app.calibrate import (
        counts,
        county,
        early_sight,
        expected,
        matched,
        places,
        threshold,
        times,
        value,
        value_county,
    )

    families = (counts, expected, places, early_sight, times, threshold, value, matched, county, value_county)
    return [experiment for family in families for experiment in family.experiments()]


@click.command()
@click.option(
    "--data-sets", type=click.IntRange(min=20), help="At most so many a claim. Default: 10,000 (200 counties)."
)
@click.option("--quick", is_flag=True, help="A small run, under 90 seconds of two cores, for gross faults: CI's.")
@click.option(
    "--only", multiple=True, metavar="NAME", help="Only experiments whose name begins so; may be given twice."
)
@click.option("--list", "listing", is_flag=True, help="Name the experiments and stop.")
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True)
@click.option("--seed", default=1, show_default=True, help="The first seed; the same seeds give the same answers.")
@click.option(
    "--keep", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Keep every answer there; a run broken off goes on from it. Empty it when a method has changed.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="A JSON list of findings and nothing else.")
def calibrate(  # noqa: PLR0917  click gives each option by name
    data_sets: int | None,
    quick: bool,
    only: tuple[str, ...],
    listing: bool,
    workers: int,
    seed: int,
    keep: Path | None,
    as_json: bool,
) -> None:
    """Prove the intervals and tests on invented data whose truth is known.

    Coverage of 95% intervals must lie between 94 and 96%, false alarms between 4 and 6%, give or take three Monte Carlo
    standard errors. What is known to fall short is held to what it reaches, and says so.
    """
    chosen = [e for e in experiments() if (not only or e.id.startswith(only)) and (e.quick or not quick)]
    if not chosen:
        raise ProblemError(
            what=f"No experiment begins with {', '.join(only)}",
            where="--only",
            allowed=", ".join(sorted({e.id for e in experiments()})),
            remedy="choose one of these, or leave --only out",
        )
    if listing:
        for experiment in chosen:
            click.echo(f"{experiment.id:40}{experiment.title} ({len(experiment.claims)} claims)")
        return
    found: list[Found] = []
    for some in carried_out(chosen, data_sets=data_sets, quick=quick, workers=workers, first_seed=seed, keep=keep):
        found += some
        if not as_json:
            for one in some:
                click.echo(line(one))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], indent=1))
    claims = [one for one in found if one.kind != "fact"]
    failed = [one for one in claims if not one.accepted]
    if failed:
        raise ProblemError(
            what=f"{len(failed)} of {len(claims)} claims do not hold: {_names(failed)}",
            where="iom calibrate",
            allowed="the range of each claim, give or take three Monte Carlo standard errors",
            remedy="mend the method, or state in app/calibrate/known.toml and on the page what it reaches and when",
        )
    if not as_json:
        short = sum(bool(one.known) for one in claims)
        held = f"; {short} of them to a range known to fall short" if short else ""
        click.echo(
            f"All {len(claims)} claims hold{held}, over {max(one.data_sets for one in found):,} data sets at most."
        )


def line(one: Found) -> str:
    """One claim: its share with the Monte Carlo error, the range, and whether it holds."""
    told_only = one.kind in PROMISE_NOTHING
    mark = "fact" if told_only else "FAILS" if not one.accepted else "known" if one.known else "holds"
    if one.share is None:
        return f"{mark:6}{one.experiment}: {one.claim}: no answer in {one.unanswered} data sets"
    size = f"{100 * one.share:6.1f}%" if one.kind not in FIGURES else f"{one.share:+7.3f}"
    error = f"{100 * one.error:.1f}" if one.kind not in FIGURES else f"{one.error:.3f}"
    rest = f", {one.unanswered} unanswered" if one.unanswered else ""
    why = f" ({one.known})" if one.known else ""
    told = f"{mark:6}{one.experiment}: {one.claim}: {size} \u00b1 {error}, of {one.data_sets:,}{rest}"
    return told if told_only else f"{told}; promised {_span(one)}{why}"


def _span(one: Found) -> str:
    if one.kind == "unbiased":
        return "0" if one.low == one.high else f"{one.low:+.1f} to {one.high:+.1f}"
    return f"{100 * one.low:.4g} to {100 * one.high:.4g}%"


def _names(failed: Sequence[Found]) -> str:
    some = ", ".join(f"{one.experiment}: {one.claim}" for one in failed[:5])
    return some + (f" and {len(failed) - 5} more" if len(failed) > 5 else "")
