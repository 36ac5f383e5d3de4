"""Every agency's raw extracts of one block, and of the county around it."""

import polars as pl

from etl.synthetic import (
    extracts_county,
    extracts_police,
    extracts_probation,
    extracts_services,
    scheme_tables,
    tables,
)
from etl.synthetic.extract import Extract
from etl.synthetic.identifiers import changes, identifiers
from etl.synthetic.simulation import Block


def of_block(block: Block) -> list[Extract]:
    """What police, probation, prison, youth justice, health and providers send about a block of people."""
    ids = identifiers(block.people, block.seed, block.number)
    orders = tables.supervision(block)
    episodes = scheme_tables.episodes(block)
    custody = tables.custody(block)
    breaches = tables.enforcement(block, orders)
    offences = pl.concat([tables.offences(block), tables.breach_offences(block, breaches)])
    # Everybody that probation knows has both a case and a police number in its caseload or register.
    known = pl.concat(
        [
            orders.filter(pl.col("kind") != "Youth order").select("person"),
            episodes.filter(pl.col("name") != "DETER").select("person"),
        ]
    )["person"].unique()
    merged = changes(ids, known, block.seed, block.number)
    return [
        *extracts_police.extracts(block, ids, offences),
        *extracts_probation.extracts(
            block, ids, orders=orders, episodes=episodes, events=breaches, custody=custody, known=known
        ),
        extracts_probation.identity_changes(ids, merged),
        *extracts_services.extracts(
            block, ids, orders=orders, episodes=episodes, custody=custody, known=known, changes=merged
        ),
    ]


def of_county(people: int, seed: int) -> list[Extract]:
    """What is not about people: costs, partners, the directory, plans, targets, events, residents."""
    return extracts_county.extracts(people, seed)
