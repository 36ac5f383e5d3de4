"""A synthetic county put straight into a store, without its extracts: what tests of planted effects look at."""

import duckdb
import polars as pl

from etl.synthetic import scheme_tables, tables
from etl.synthetic.calendar import as_dates
from etl.synthetic.places import HOMES
from etl.synthetic.simulation import Block
from etl.synthetic.truth import SCHEMES
from tests.facts.stores import empty_store

OUTCOMES = {
    "Convicted": "convicted", "Caution": "cautioned", "Not guilty": "not_proven", "NFA": "not_proven",
    "Awaiting result": "pending", "Community resolution": "community_resolution", "PND": "penalty_notice",
}  # fmt: skip


def store_of(block: Block) -> duckdb.DuckDBPyConnection:
    """The block's people, offences, custody, episodes and homes as canonical rows."""
    con = empty_store()
    people = block.people
    size = len(people)
    _insert(
        con,
        "person",
        pl.DataFrame({"person_key": range(size)}).select(
            pl.col("person_key").cast(pl.String),
            sex=pl.Series(people.female).replace_strict({True: "female", False: "male"}, return_dtype=pl.String),
            ethnicity=pl.lit("not_known"),
            date_of_birth=as_dates(people.born),
            date_of_death=as_dates(people.died),
            sanctions_before=pl.Series(block.sanctions_before).cast(pl.Int64),
        ),
    )
    homes = pl.Series([home.lower().replace(" ", "_") for home in HOMES])
    _insert(
        con,
        "residence",
        pl.DataFrame({"person_key": range(size)}).select(
            pl.col("person_key").cast(pl.String), district=homes.gather(people.home), from_date=as_dates(people.born)
        ),
    )
    offences = tables.offences(block).with_columns(outcome=pl.col("result").replace_strict(OUTCOMES))
    proven = pl.col("outcome").is_in(["convicted", "cautioned"])
    _insert(
        con,
        "offence",
        offences.select(
            pl.col("person").cast(pl.String).alias("person_key"),
            pl.col("ref").cast(pl.String).alias("offence_key"),
            pl.when(pl.col("occasion") >= 0).then(pl.col("occasion").cast(pl.String)).alias("occasion_key"),
            "offence_date",
            pl.lit("fenland").alias("offence_district"),
            pl.when(proven).then("proven_date").alias("proven_date"),
            pl.when(pl.col("outcome") == "convicted").then("sentence_date").alias("sentence_date"),
            "outcome",
            pl.when((pl.col("outcome") == "convicted") & (pl.col("disposal") != ""))
            .then(pl.col("disposal").str.to_lowercase())
            .alias("disposal"),
            pl.when(pl.col("sentence_days") > 0).then(pl.col("sentence_days")).alias("sentence_days"),
            pl.lit("theft").alias("offence_group"),
            "recordable",
            "breach",
            pl.col("inside").alias("in_custody"),
            pl.lit("national").alias("record_source"),
        ),
    )
    kinds = {"Remand": "remand", "Sentenced": "sentence", "Recall": "recall"}
    _insert(
        con,
        "custody_spell",
        tables.custody(block).select(
            pl.col("person").cast(pl.String).alias("person_key"),
            pl.col("kind").replace_strict(kinds),
            pl.col("start").alias("start_date"),
            pl.col("end").alias("end_date"),
            pl.when(pl.col("release") != "").then(pl.col("release")).alias("release_type"),
            pl.when(pl.col("days") > 0).then(pl.col("days")).alias("sentence_days"),
        ),
    )
    _insert(
        con,
        "scheme_episode",
        scheme_tables.episodes(block).select(
            pl.col("person").cast(pl.String).alias("person_key"),
            pl.col("scheme").replace_strict(dict(enumerate(SCHEMES))),
            homes.gather(scheme_tables.episodes(block)["district"]).alias("managing_district"),
            pl.col("start").alias("start_date"),
            pl.col("end").alias("end_date"),
        ),
    )
    return con


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    con.register("_rows", rows.to_arrow())
    con.execute(f'INSERT INTO "{table}" BY NAME SELECT * FROM _rows')
    con.unregister("_rows")
