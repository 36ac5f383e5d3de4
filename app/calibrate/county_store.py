"""A synthetic county straight into a store's tables, without files: what `iom demo` would load, less its deliberate faults.

For judging methods over many seeds: two seconds a county of 8,000 people instead of half a minute. The planted truth is
the caller's, so the same county can be had with nothing working in it.
"""

import datetime as dt

import duckdb
import numpy as np
import polars as pl

from etl.contracts import TABLES
from etl.contracts.terms import PATHWAYS
from etl.synthetic import scheme_tables, tables, truth
from etl.synthetic.calendar import CUTOFF, EPOCH, FAR, START, as_dates
from etl.synthetic.directory import PROGRAMMES
from etl.synthetic.people import ETHNICITIES
from etl.synthetic.places import DISTRICTS, HOMES, LABELS
from etl.synthetic.simulation import Block, simulate
from etl.synthetic.truth import SCHEMES

CUTOFF_DATE = EPOCH + dt.timedelta(days=CUTOFF)
_OUTCOME = {
    "Convicted": "convicted", "Caution": "cautioned", "Not guilty": "not_proven", "NFA": "not_proven",
    "Community resolution": "community_resolution", "PND": "penalty_notice", "Awaiting result": "pending",
}  # fmt: skip


def county_store(
    people: int, seed: int, planted: truth.Truth | None = None, *, on_paper: bool = False
) -> duckdb.DuckDBPyConnection:
    """A store in memory of a county of so many people, under its seed's own truth or another; IOM `on_paper` alone or not."""
    block = simulate(people, seed, planted or truth.draw(seed), on_paper=on_paper)
    con = duckdb.connect()
    for name, schema in TABLES.items():
        con.register("_empty", schema.create_empty().drop("person_key", strict=False).to_arrow())
        con.execute(f'CREATE TABLE "{name}" AS SELECT * FROM _empty')
        if "person_key" in schema.columns():
            con.execute(f'ALTER TABLE "{name}" ADD COLUMN person_key BIGINT')
        con.unregister("_empty")
    con.execute("CREATE TABLE geography (district VARCHAR, label VARCHAR)")
    con.executemany("INSERT INTO geography VALUES (?, ?)", list(zip(DISTRICTS, LABELS, strict=True)))
    for name, frame in _tables(block).items():
        con.register("_rows", frame.to_arrow())
        con.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM _rows')
        con.unregister("_rows")
    return con


def _tables(block: Block) -> dict[str, pl.DataFrame]:
    people = block.people
    size = len(people)
    past = tables.sanctions(block)
    offences = tables.offences(block)
    orders = tables.supervision(block)
    events = tables.enforcement(block, orders)
    offences = pl.concat([offences, tables.breach_offences(block, events)], how="vertical_relaxed")
    spells = scheme_tables.episodes(block)
    custody = tables.custody(block)
    moved = np.flatnonzero(people.moves <= CUTOFF)
    proven = offences["result"].is_in(["Convicted", "Caution"])
    disposal = pl.when(pl.col("disposal").is_in(["", "none"])).then(None).otherwise(pl.col("disposal"))
    assessed = scheme_tables.assessments(block, spells, orders)
    referred = scheme_tables.referrals(block)
    codes = np.array([programme.code for programme in PROGRAMMES])
    paths = np.array([programme.pathway for programme in PROGRAMMES])
    return {
        "person": pl.DataFrame({
            "person_key": np.arange(size), "sex": np.where(people.female, "female", "male"),
            "ethnicity": np.array(ETHNICITIES)[people.ethnicity], "date_of_birth": as_dates(people.born),
            "date_of_death": as_dates(people.died), "first_sanction_date": past["first"], "sanctions_before": past["before"],
        }),
        "residence": pl.DataFrame({
            "person_key": np.concatenate([np.arange(size), moved]),
            "district": np.array(HOMES)[np.concatenate([people.home, people.second_home[moved]])],
            "from_date": as_dates(np.concatenate([np.full(size, START - 3650), people.moves[moved]])),
            "to_date": as_dates(np.concatenate([np.where(people.moves <= CUTOFF, people.moves, FAR), np.full(len(moved), FAR)])),
        }),
        "offence": offences.select(
            pl.col("ref").cast(pl.String).alias("offence_key"),
            pl.when(pl.col("occasion") >= 0).then(pl.col("occasion").cast(pl.String)).alias("occasion_key"),
            pl.col("person").alias("person_key"), "offence_date", pl.col("place").alias("offence_district"), "arrest_date",
            pl.col("first_hearing").alias("first_hearing_date"),
            pl.when(proven).then("proven_date").alias("proven_date"), pl.col("result").replace_strict(_OUTCOME).alias("outcome"),
            "sentence_date", disposal.alias("disposal"), "sentence_days", pl.col("code").alias("offence_code"),
            pl.col("group").alias("offence_group"), "recordable", "breach", pl.col("inside").alias("in_custody"),
            pl.lit("local").alias("record_source"),
        ),
        "custody_spell": custody.select(
            pl.col("person").alias("person_key"), pl.col("kind").replace_strict({"Remand": "remand", "Sentenced": "sentence", "Recall": "recall"}),
            pl.col("start").alias("start_date"), pl.col("end").alias("end_date"),
            pl.when(pl.col("release") != "").then(pl.col("release")).alias("release_type"),
            pl.when(pl.col("days") > 0).then(pl.col("days")).alias("sentence_days"),
        ),
        "supervision_spell": orders.select(
            pl.col("person").alias("person_key"), pl.lit("licence").alias("kind"), pl.col("start").alias("start_date"), pl.col("end").alias("end_date")
        ),
        "arrest": tables.arrests(block).select(
            pl.col("person").alias("person_key"), pl.col("arrest").alias("arrest_date"), pl.col("place").alias("district")
        ),
        "scheme_episode": spells.select(
            pl.col("person").alias("person_key"), pl.Series(np.array(SCHEMES)[spells["scheme"].to_numpy()]).alias("scheme"),
            pl.Series(np.array(HOMES)[spells["district"].to_numpy()]).alias("managing_district"),
            pl.col("start").alias("start_date"), pl.col("end").alias("end_date"),
            pl.when(pl.col("exit") != "").then(pl.col("exit")).alias("exit_reason"),
        ),
        "need": pl.concat([
            assessed.select(
                pl.col("person").alias("person_key"), pl.lit(pathway).alias("pathway"), pl.col("on").alias("assessed_on"),
                pl.col(f"level_{place}").str.to_lowercase().alias("level"),
            )
            for place, pathway in enumerate(PATHWAYS)
        ]),
        "intervention_spell": referred.select(
            pl.col("person").alias("person_key"), pl.Series(codes[referred["programme"].to_numpy()]).alias("programme"),
            pl.Series(paths[referred["programme"].to_numpy()]).alias("pathway"), pl.col("referred").alias("referred_on"),
            pl.col("started").alias("started_on"), pl.col("ended").alias("ended_on"),
        ),
        "programme": pl.DataFrame([
            {"programme": p.code, "title": p.title, "provider": p.provider, "sector": p.sector, "pathway": p.pathway,
             "district": DISTRICTS[d], "sex_served": p.sex, "drop_in": p.drop_in}
            for p in PROGRAMMES for d in p.districts
        ]),
    }  # fmt: skip
