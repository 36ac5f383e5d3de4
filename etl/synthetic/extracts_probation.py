"""Probation's extracts from nDelius, as workbooks with title rows and dates as text."""

import polars as pl

from etl.synthetic import faults as f
from etl.synthetic import scheme_tables
from etl.synthetic.extract import UK, Extract, some, text, with_people
from etl.synthetic.ratings import ratings
from etl.synthetic.simulation import Block

_TITLES = ("NPS East of England - {0}", "Extracted 30/09/2026 from nDelius. OFFICIAL-SENSITIVE", "")


def _titles(name: str) -> tuple[str, ...]:
    return (_TITLES[0].format(name), *_TITLES[1:])


def extracts(
    block: Block,
    ids: pl.DataFrame,
    *,
    orders: pl.DataFrame,
    episodes: pl.DataFrame,
    events: pl.DataFrame,
    custody: pl.DataFrame,
    known: pl.Series,
) -> list[Extract]:
    """All of probation's workbooks for a block. `known` are the people in its caseload or register."""
    adults = episodes.filter(pl.col("name") != "DETER")
    return [
        _caseload(ids, orders),
        _register(ids, adults),
        _states(ids, scheme_tables.states(block, episodes)),
        _ratings(ids, ratings(block, episodes)),
        _appointments(ids, scheme_tables.appointments(block, episodes, custody)),
        _enforcement(ids, events, known),
    ]


def _named(frame: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    return text(with_people(frame, ids, "crn", "pnc", "noms", "surname", "forename", "born"))


_WHO = (
    pl.col("crn").alias("CRN"), pl.col("surname").alias("Surname"), pl.col("forename").alias("Forename"),
)  # fmt: skip


def _caseload(ids: pl.DataFrame, orders: pl.DataFrame) -> Extract:
    frame = _named(orders.filter(pl.col("kind") != "Youth order"), ids).select(
        *_WHO, some(orders, "pnc", "person", 0.03).alias("PNC ID"), pl.col("born").alias("DOB"),
        pl.col("kind").alias("Order Type"), pl.col("requirement").alias("Main Requirement"), pl.lit("NPS").alias("Provider"),
        pl.col("start").alias("Start Dt"), pl.col("end").alias("Expected End Dt"),
    )  # fmt: skip
    found = (
        f.bad_date("Start Dt", "supervision_spell", "start_date"),
        f.unknown_code("Order Type", "supervision_spell", "kind", "Order (unspecified)", "CO??"),
        f.missing_ids("CRN|PNC ID", "supervision_spell"),
        f.dates_reversed("Start Dt", "Expected End Dt", "supervision_spell", "end not before start"),
        f.DUPLICATE,
    )
    return Extract("ndelius_caseload", "ndelius_caseload", frame, "xlsx", sheet="Caseload",
                   titles=_titles("Current and past caseload"), faults=found, spare="CRN")  # fmt: skip


UNLED = {"Fenland": 0.24, "Huntingdonshire": 0.13}
"""The share of registrations that name no lead agency; elsewhere 5%."""


def _lead() -> pl.Expr:
    """The agency that leads, left empty on some: which follows from a row's position, so that it needs no chance of its own."""
    share = pl.col("place").replace_strict(UNLED, default=0.05, return_dtype=pl.Float64)
    unled = pl.int_range(pl.len()) * 2_654_435_761 % 2**32 < share * 2**32
    return pl.when(unled).then(pl.lit("")).otherwise(pl.col("agency"))


def _register(ids: pl.DataFrame, episodes: pl.DataFrame) -> Extract:
    frame = _named(episodes, ids).select(
        *_WHO, some(episodes, "pnc", "person", 0.02).alias("PNC ID"), pl.col("name").alias("Scheme"),
        pl.col("category").alias("Category"), pl.col("route").str.replace_all("_", " ").alias("Entry Route"),
        _lead().alias("Lead Agency"), pl.col("place").alias("LDU"), pl.col("start").alias("Registered"),
        pl.col("end").alias("De-registered"), pl.col("exit").str.replace_all("_", " ").alias("Reason"),
    )  # fmt: skip
    found = (
        f.bad_date("Registered", "scheme_episode", "start_date"), f.unknown_code("Reason", "scheme_episode", "exit_reason", "see contact log"),
        f.missing_ids("CRN|PNC ID", "scheme_episode"), f.dates_reversed("Registered", "De-registered", "scheme_episode", "end not before start"),
        f.DUPLICATE,
    )  # fmt: skip
    return Extract("ndelius_register", "ndelius_iom_register", frame, "xlsx", sheet="Registrations",
                   titles=_titles("IOM and other registrations"), faults=found, spare="CRN")  # fmt: skip


def _states(ids: pl.DataFrame, states: pl.DataFrame) -> Extract:
    frame = _named(states, ids).select(
        *_WHO, pl.col("kind").alias("Marker"), pl.col("value").alias("Value"), pl.col("from").alias("From"),
        pl.col("to").alias("To"), pl.col("review").alias("Next Review"),
    )  # fmt: skip
    found = (
        f.bad_date("From", "scheme_state", "from_date"), f.unknown_code("Value", "scheme_state", "value", "T9", "unsure"),
        f.dates_reversed("From", "To", "scheme_state", "to not before from"), f.missing_ids("CRN", "scheme_state"), f.DUPLICATE,
    )  # fmt: skip
    return Extract("ndelius_markers", "ndelius_iom_markers", frame, "xlsx", sheet="Tier strand consent",
                   titles=_titles("IOM tier, strand and consent"), faults=found, spare="CRN")  # fmt: skip


def _ratings(ids: pl.DataFrame, rated: pl.DataFrame) -> Extract:
    frame = _named(rated, ids).select(
        *_WHO, pl.col("on").alias("Rated"), pl.col("compliance").alias("Compliance"), pl.col("risk").alias("Risk"),
        pl.col("overall").alias("Overall RAG"),
    )  # fmt: skip
    found = (
        f.bad_date("Rated", "rag_rating", "rated_on"), f.unknown_code("Overall RAG", "rag_rating", "overall", "Blue", "R/A"),
        f.missing_ids("CRN", "rag_rating"), f.DUPLICATE,
    )  # fmt: skip
    return Extract(
        "ndelius_rag",
        "ndelius_rag",
        frame,
        "xlsx",
        sheet="RAG",
        titles=_titles("IOM ratings"),
        faults=found,
        spare="CRN",
    )


def _appointments(ids: pl.DataFrame, appointments: pl.DataFrame) -> Extract:
    frame = _named(appointments, ids).select(
        *_WHO, pl.col("due").alias("Appointment Dt"), pl.col("agency").alias("With"), pl.col("result").alias("Outcome"),
    )  # fmt: skip
    found = (
        f.bad_date("Appointment Dt", "appointment", "due_on"), f.unknown_code("Outcome", "appointment", "result", "DNA", "rescheduled?"),
        f.missing_ids("CRN", "appointment"), f.DUPLICATE,
    )  # fmt: skip
    return Extract("ndelius_appointments", "ndelius_appointments", frame, "xlsx", sheet="Appointments",
                   titles=_titles("Required contacts, last two years"), faults=found, spare="CRN")  # fmt: skip


def _enforcement(ids: pl.DataFrame, events: pl.DataFrame, known: pl.Series) -> Extract:
    # Warrants come from the court with the police number alone; so do recalls of people not in the caseload.
    police = (pl.col("kind") == "Warrant") | ~pl.col("person").is_in(known.implode())
    numbered = events.with_columns(police=police)
    frame = _named(numbered, ids).select(
        pl.when(pl.col("police") == "true").then(pl.lit("")).otherwise(pl.col("crn")).alias("CRN"),
        pl.when(pl.col("police") == "true").then(pl.col("pnc")).otherwise(pl.lit("")).alias("PNC ID"),
        pl.col("surname").alias("Surname"), pl.col("kind").alias("Type"), pl.col("identified").alias("Identified"),
        pl.col("issued").alias("Issued"), pl.col("executed").alias("Executed"), pl.col("result").alias("Result"),
    )  # fmt: skip
    found = (
        f.bad_date("Identified", "enforcement_event", "identified_on"), f.unknown_code("Type", "enforcement_event", "kind", "Breach/recall", "Other"),
        f.missing_ids("CRN|PNC ID", "enforcement_event"),
        f.dates_reversed("Identified", "Issued", "enforcement_event", "issued not before identified"), f.DUPLICATE,
    )  # fmt: skip
    return Extract("ndelius_enforcement", "ndelius_enforcement", frame, "xlsx", sheet="Enforcement",
                   titles=_titles("Breach, recall and warrants"), faults=found)  # fmt: skip


def identity_changes(ids: pl.DataFrame, changes: pl.DataFrame) -> Extract:
    """Cases merged, and police numbers taken off a case that they did not belong to. A lost row here would lose or
    double a person, so the file has no faults."""
    frame = text(with_people(changes, ids, "crn"), UK).select(
        pl.col("crn").alias("CRN"), pl.col("earlier").alias("Other CRN"), pl.col("police").alias("PNC ID"),
        pl.col("change").alias("Change"), pl.col("on").alias("Decided"),
    )  # fmt: skip
    return Extract("ndelius_identity", "ndelius_identity", frame)
