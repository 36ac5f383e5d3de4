"""Counties that several tests look at, made once a session."""

import pytest

from etl.synthetic import county, truth
from etl.synthetic.simulation import Block, simulate

PEOPLE = 6000
"""People where only the simulation runs and no file is written: two seconds."""


@pytest.fixture(scope="session")
def usual() -> Block:
    """A county under its own planted truth."""
    return simulate(PEOPLE, 5, truth.draw(5))


@pytest.fixture(scope="session")
def nothing_works() -> Block:
    """A county where no scheme or programme does anything."""
    return simulate(4000, 5, truth.without_effects(truth.draw(5)))


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """The extracts of a small county: the folder, and what `write` gave."""
    folder = tmp_path_factory.mktemp("county")
    return folder, county.write(folder, people=2000, seed=11)
