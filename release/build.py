"""Building a release: every figure of the lattice and every model output, at both levels, as aggregates only.

Called with a folder that is built aside (common.versions); whoever calls it makes the release current.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from common import versions
from metrics.catalogue import catalogue
from metrics.payment.rule import rules
from metrics.provision.tables import tables as provision_tables
from metrics.value.parameters import parameters
from release import provision
from release.about import about, sources
from release.comparisons import Comparing
from release.exact import exact_figures, published_cohorts
from release.governance import governance_tables
from release.models import at_level, model_tables
from release.payment import payment_tables
from release.protected import protected_level
from release.value import Value
from release.write import write

Progress = Callable[[str, float], None]


def build(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    release_id: str,
    *,
    label: str,
    data_dir: Path | None = None,
    previous: Path | None = None,
    progress: Progress = lambda step, done: None,
) -> dict[str, Any]:
    """Write partnership.duckdb, open.duckdb and manifest.json into `folder`, from a store whose facts are derived.

    `data_dir` may hold a comparisons.toml and a parameters.csv of its own. A comparison whose people, facts and method
    are those of the `previous` release (its folder) is taken from there. The others are worked out by a process beside
    the figures.
    """
    told = about(con, release_id, label)
    chosen = published_cohorts(con)
    paying, known = rules(data_dir), parameters(data_dir)  # a mistake in one is told before anything is worked out
    progress("Describing the people to compare", 0.0)
    with Comparing(con, told["cutoff"], data_dir, previous) as comparing:
        progress("Computing the partnership figures", 0.15)
        exact = exact_figures(con, chosen)
        progress("Computing the open figures", 0.55)
        protected = protected_level(con, chosen, exact)
        progress("Forecasting, and looking before and after", 0.7)
        models = model_tables(con, told["cutoff"])
        progress("Comparing like with like", 0.75)
        models |= comparing.tables()
    progress("Working out value for money", 0.85)
    value = Value(con, told["cutoff"], known)
    offered = provision_tables(con, told["cutoff"])
    for level, made in (("partnership", exact.partnership()), ("open", protected)):
        progress(f"Writing the {level} level", 0.9 if level == "partnership" else 0.95)
        shown = at_level(models, level, made[0])
        shown |= payment_tables(paying, shown, made[0], level=level)
        shown |= value.tables(level, shown)
        shown |= governance_tables(con, told["cutoff"], shown)
        shown |= provision.at_level(offered, level)
        write(
            con,
            folder / f"{level}.duckdb",
            told | {"level": level},
            chosen,
            made,
            models=shown,
        )
    manifest = told | {
        "cutoff": told["cutoff"].isoformat(),
        "created": told["created"].isoformat(),
        "sources": sources(con),
        "definitions": {d.id: d.version for d in catalogue().values()},
    }
    versions.write_manifest(folder, manifest)
    return manifest
