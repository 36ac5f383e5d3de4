"""The police's extracts: crimes and outcomes by person, custody records, nominals, addresses, IDIOM."""

import numpy as np
import polars as pl

from etl.synthetic import faults as f
from etl.synthetic import fixed_list, scheme_tables, tables
from etl.synthetic.calendar import CUTOFF, FAR, START, as_dates
from etl.synthetic.chance import stream
from etl.synthetic.extract import UK, Extract, text, with_people
from etl.synthetic.people import ETHNICITIES
from etl.synthetic.places import HOME_LABELS, HOMES
from etl.synthetic.simulation import Block

_PLACE = dict(zip(HOMES, HOME_LABELS, strict=True))
_SELF_DEFINED = {
    "white": "White",
    "asian": "Asian",
    "black": "Black",
    "mixed": "Mixed",
    "other": "Other",
    "not_known": "Not stated",
}
_DISPOSAL = {
    "custody": "IMM CUST", "suspended": "SSO", "community": "COMM ORDER", "fine": "FINE", "discharge": "DISCHARGE",
    "other": "OTHER", "caution": "CAUTION",
}  # fmt: skip


def extracts(block: Block, ids: pl.DataFrame, offences: pl.DataFrame) -> list[Extract]:
    """All of the police's files for a block."""
    # Crimes elsewhere reach the force through the national computer, not through its own crime system.
    away = pl.col("place") == "out_of_area"
    return [
        _nominals(block, ids),
        _addresses(block, ids),
        _crimes(block, ids, offences.filter(~away)),
        _elsewhere(block, ids, offences.filter(away)),
        _custody(block, ids),
        _idiom(block, ids),
        fixed_list.extract(block, ids),
    ]


def _nominals(block: Block, ids: pl.DataFrame) -> Extract:
    people, past = block.people, tables.sanctions(block)
    frame = ids.select(
        pl.col("pnc").alias("PNC ID"), pl.col("surname").str.to_uppercase().alias("Surname"), pl.col("forename").alias("Forename(s)"),
        pl.col("born").alias("DOB"),
    ).with_columns(
        pl.Series("Sex", np.where(people.female, "F", "M")),
        pl.Series("Self Defined Ethnicity", np.array(ETHNICITIES)[people.ethnicity]).replace(_SELF_DEFINED),
        as_dates(people.died).alias("Deceased Date"),
        past["first"].alias("First Sanction Date"),
        past["before"].alias("Sanctions Before 01/10/2014"),
    )  # fmt: skip
    # A tenth of histories were not back-record converted: how many there were is not known, never nil.
    gap = pl.int_range(pl.len()) % 13 == 5
    frame = text(frame).with_columns(
        pl.when(gap)
        .then(pl.lit(""))
        .otherwise(pl.col("Sanctions Before 01/10/2014"))
        .alias("Sanctions Before 01/10/2014")
    )
    # A nominal is somebody's only row here, so the file's faults are repeats of a row.
    return Extract("pnc_nominals", "pnc_nominals", frame, faults=(f.DUPLICATE,))


def _addresses(block: Block, ids: pl.DataFrame) -> Extract:
    people = block.people
    moved = np.flatnonzero(people.moves <= CUTOFF)
    size = len(people)
    first = np.full(size, START - 3650)
    frame = pl.DataFrame(
        {
            "person": np.concatenate([np.arange(size), moved]),
            "from": as_dates(np.concatenate([first, people.moves[moved]])),
            "to": as_dates(
                np.concatenate([np.where(people.moves <= CUTOFF, people.moves, FAR), np.full(len(moved), FAR)])
            ),
            "place": np.array(HOME_LABELS)[np.concatenate([people.home, people.second_home[moved]])],
        }
    ).sort("person", "from")
    frame = text(with_people(frame, ids, "pnc", "surname", "address", "postcode")).select(
        pl.col("pnc").alias("PNC ID"), pl.col("surname").alias("Surname"), pl.col("address").alias("Address"),
        pl.col("postcode").alias("Postcode"), pl.col("place").alias("LA"), pl.col("from").alias("From"), pl.col("to").alias("To"),
    )  # fmt: skip
    found = (
        f.bad_date("From", "residence", "from_date"), f.unknown_code("LA", "residence", "district", "South Holland?", "see notes"),
        f.dates_reversed("From", "To", "residence", "to not before from"), f.DUPLICATE,
    )  # fmt: skip
    return Extract("police_address", "police_address", frame, faults=found, spare="PNC ID")


def _crime_columns(block: Block, ids: pl.DataFrame, offences: pl.DataFrame, force: str) -> pl.DataFrame:
    frame = with_people(offences, ids, "pnc", "surname", "forename", "born")
    block_mark = f"{block.number:04d}"
    return text(frame).select(
        (pl.lit(f"{force}/{block_mark}") + pl.col("ref").str.zfill(8)).alias("Crime Ref"),
        pl.when(pl.col("occasion") == "-1").then(pl.lit("")).otherwise(pl.lit(f"ASN{block_mark}") + pl.col("occasion").str.zfill(7)).alias("Case Ref"),
        pl.col("pnc").alias("PNC ID"), pl.col("surname").alias("Surname"), pl.col("forename").alias("Forename"),
        pl.col("born").alias("DOB"), pl.col("title").alias("Offence"), pl.col("code").alias("HO Code"),
        pl.col("group").alias("Crime Group"), pl.col("offence_date").alias("Offence Date"),
        pl.col("place").replace(_PLACE).alias("LA"), pl.col("arrest_date").alias("Arrest Date"),
        pl.col("first_hearing").alias("First Hearing"), pl.col("result").alias("Result"), pl.col("proven_date").alias("Proven Date"),
        pl.col("sentence_date").alias("Sentence Date"), pl.col("disposal").replace(_DISPOSAL).alias("Disposal"),
        pl.when(pl.col("sentence_days") == "0").then(pl.lit("")).otherwise(pl.col("sentence_days")).alias("Sentence Days"),
        pl.col("court").alias("Court"), pl.col("recorded_date").alias("Result Recorded"),
        pl.when(pl.col("recordable") == "true").then(pl.lit("Y")).otherwise(pl.lit("N")).alias("Recordable"),
        pl.when(pl.col("inside") == "true").then(pl.lit("Y")).otherwise(pl.lit("N")).alias("In Custody"),
        pl.col("told_court").alias("Scheme Told To Court"),
    )  # fmt: skip


_CRIME_FAULTS = (
    f.bad_date("Offence Date", "offence", "offence_date"),
    f.unknown_code("LA", "offence", "offence_district", "Cambs", "Pboro", "???"),
    f.unknown_code("Disposal", "offence", "disposal", "SEE NOTES", "IMM CUSTT"),
    f.missing_ids("PNC ID", "offence"),
    f.dates_reversed("Offence Date", "Proven Date", "offence", "proven not before offence"),
    f.WRONG_WIDTH,
    f.DUPLICATE,
)


def _crimes(block: Block, ids: pl.DataFrame, offences: pl.DataFrame) -> Extract:
    frame = _crime_columns(block, ids, offences, "35")
    return Extract("police_crime", "police_crime", frame, faults=_CRIME_FAULTS, spare="PNC ID")


def _elsewhere(block: Block, ids: pl.DataFrame, offences: pl.DataFrame) -> Extract:
    # What the court was told is in the local case file alone.
    frame = _crime_columns(block, ids, offences, "PNC").drop("Scheme Told To Court")
    return Extract("pnc_disposals", "pnc_disposals", frame, faults=_CRIME_FAULTS[:4], spare="PNC ID")


def _custody(block: Block, ids: pl.DataFrame) -> Extract:
    frame = text(with_people(tables.arrests(block), ids, "pnc", "surname", "forename", "born"))
    frame = frame.select(
        (pl.lit(f"CR{block.number:04d}-") + pl.col("number").str.zfill(7)).alias("Custody Ref"),
        pl.col("pnc").alias("PNC ID"), pl.col("surname").alias("Surname"), pl.col("forename").alias("Forename"),
        pl.col("born").alias("DOB"), pl.col("arrest").alias("Arrest Date"), pl.col("place").replace(_PLACE).alias("LPA"),
        pl.col("test").alias("Drug Test"), pl.col("screened").alias("MH Screen"), pl.col("contact").alias("L&D Contact"),
    )  # fmt: skip
    found = (
        f.bad_date("Arrest Date", "arrest", "arrest_date"), f.unknown_code("Drug Test", "arrest", "drug_test", "POS?", "void"),
        f.missing_ids("PNC ID", "arrest"), f.WRONG_WIDTH, f.DUPLICATE,
    )  # fmt: skip
    return Extract("police_custody", "police_custody", frame, faults=found, spare="PNC ID")


def _idiom(block: Block, ids: pl.DataFrame) -> Extract:
    rng = stream(block.seed, block.number, "idiom")
    frame = with_people(scheme_tables.decisions(block), ids, "pnc", "noms", "surname", "forename")
    known = (block.spells["person"].unique()).implode()
    noms = (
        pl.when(pl.col("person").is_in(known) & pl.Series(rng.random(frame.height) < 0.7))
        .then(pl.col("noms"))
        .otherwise(pl.lit(""))
    )
    frame = text(frame.with_columns(noms.alias("noms")), UK).select(
        (pl.lit(f"SD{block.number:04d}-") + pl.col("number").str.zfill(7)).alias("Decision Ref"),
        pl.col("pnc").alias("PNC ID"), pl.col("noms").alias("Prison No"), pl.col("surname").alias("Surname"),
        pl.col("forename").alias("Forename"), pl.col("on").alias("Decision Date"), pl.col("score").alias("Score"),
        pl.col("version").alias("Matrix"), pl.col("threshold").alias("Threshold"), pl.col("place").alias("LPA"),
        pl.col("decision").str.replace("_", " ").str.to_titlecase().alias("Decision"), pl.col("agency").alias("Proposed By"),
    )  # fmt: skip
    found = (
        f.bad_number("Score", "selection_decision", "score", "not a number"), f.bad_date("Decision Date", "selection_decision", "decided_on"),
        f.unknown_code("Decision", "selection_decision", "decision", "Deferred", "TBC"), f.missing_ids("PNC ID|Prison No", "selection_decision"),
        f.DUPLICATE,
    )  # fmt: skip
    return Extract("idiom", "idiom_selection", frame, faults=found, spare="PNC ID")
