"""Extracts of prison, youth justice, MI-Case, health and the voluntary provider."""

import numpy as np
import polars as pl

from etl.contracts.terms import PATHWAYS
from etl.synthetic import faults as f
from etl.synthetic import scheme_tables, tables
from etl.synthetic.calendar import as_dates
from etl.synthetic.chance import stream
from etl.synthetic.county_tables import PATHWAY_LABELS
from etl.synthetic.directory import PROGRAMMES
from etl.synthetic.extract import ISO, Extract, some, text, with_people
from etl.synthetic.referrals import THRESHOLD
from etl.synthetic.simulation import Block

_LABELS = [PATHWAY_LABELS[pathway] for pathway in PATHWAYS]
_CODES = np.array([programme.code for programme in PROGRAMMES])
_PATHWAY = np.array([PATHWAY_LABELS[programme.pathway] for programme in PROGRAMMES])
_FEED = np.array([programme.feed for programme in PROGRAMMES])


def extracts(
    block: Block,
    ids: pl.DataFrame,
    *,
    orders: pl.DataFrame,
    episodes: pl.DataFrame,
    custody: pl.DataFrame,
    known: pl.Series,
    changes: pl.DataFrame,
) -> list[Extract]:
    """All of these agencies' files for a block. `known` are the people in probation's caseload or register."""
    referred = scheme_tables.referrals(block)
    feed = _FEED[referred["programme"].to_numpy()]
    needs = scheme_tables.assessments(block, episodes, orders)
    return [
        _prison(ids, custody),
        _youth(ids, orders.filter(pl.col("kind") == "Youth order"), episodes.filter(pl.col("name") == "DETER")),
        _needs(ids, needs, known),
        _circumstances(ids, scheme_tables.circumstances(block, episodes, custody), known, changes),
        _referrals("micase_referrals", ids, referred.filter(pl.Series(feed == "probation")), known),
        _referrals("health_referrals", ids, referred.filter(pl.Series(feed == "health")), known),
        _contacts(block, ids, known),
        _provider(ids, referred.filter(pl.Series(feed == "provider")), known),
        _mentoring(block, ids, referred),
    ]


def _case_ids(frame: pl.DataFrame, ids: pl.DataFrame, known: pl.Series, dates: str = "%d/%m/%Y") -> pl.DataFrame:
    """CRN for those whom probation knows, with the PNC number now and then; PNC alone for the others."""
    frame = with_people(frame, ids, "crn", "pnc", "noms", "yot", "provider", "surname", "forename", "born")
    known_here = pl.col("person").is_in(known.implode())
    often = pl.int_range(pl.len()) % 7 == 0
    frame = frame.with_columns(
        pl.when(known_here).then(pl.col("crn")).otherwise(pl.lit("")).alias("case"),
        pl.when(known_here & ~often).then(pl.lit("")).otherwise(pl.col("pnc")).alias("police"),
    )
    return text(frame, dates)


def _prison(ids: pl.DataFrame, custody: pl.DataFrame) -> Extract:
    frame = with_people(custody, ids, "noms", "pnc", "surname", "forename", "born")
    frame = text(frame, "%d-%b-%Y").select(
        pl.col("noms").alias("NOMS No"), some(custody, "pnc", "person", 0.06).alias("PNC"), pl.col("surname").alias("Family Name"),
        pl.col("forename").alias("Given Name"), pl.col("born").alias("DoB"), pl.col("prison").alias("Establishment"),
        pl.col("kind").alias("Custody Type"), pl.col("start").alias("Received"), pl.col("end").alias("Discharged"),
        pl.col("release").str.replace_all("_", " ").alias("Discharge Reason"),
        pl.when(pl.col("days") == "0").then(pl.lit("")).otherwise(pl.col("days")).alias("Sentence (days)"),
        pl.col("first").alias("First Notified Release"), pl.col("first_on").alias("First Notified On"),
        pl.col("last").alias("Latest Notified Release"), pl.col("last_on").alias("Latest Notified On"),
        pl.col("police").alias("Police Informed"),
    )  # fmt: skip
    found = (
        f.bad_date("Received", "custody_spell", "start_date"), f.unknown_code("Custody Type", "custody_spell", "kind", "Civil", "JR?"),
        f.missing_ids("NOMS No|PNC", "custody_spell"), f.dates_reversed("Received", "Discharged", "custody_spell", "end not before start"),
        f.bad_number("Sentence (days)", "custody_spell", "sentence_days"), f.WRONG_WIDTH, f.DUPLICATE,
    )  # fmt: skip
    return Extract("prison_spells", "prison_spells", frame, encoding="cp1252", faults=found, spare="NOMS No")


def _youth(ids: pl.DataFrame, orders: pl.DataFrame, episodes: pl.DataFrame) -> Extract:
    parts = [
        orders.select("person", pl.lit("Youth order").alias("type"), "start", "end", pl.lit("").alias("place"), pl.lit("").alias("exit")),
        episodes.select("person", pl.lit("Deter").alias("type"), "start", "end", "place", "exit"),
    ]  # fmt: skip
    frame = pl.concat(parts).sort("person", "start", "type")
    wide = text(with_people(frame, ids, "yot", "pnc", "surname", "forename", "born"))
    wide = wide.select(
        pl.col("yot").alias("YOT Ref"), some(frame, "pnc", "person", 0.05).alias("PNC No"), pl.col("surname").alias("Surname"),
        pl.col("forename").alias("First name"), pl.col("born").alias("Date of birth"), pl.col("type").alias("Intervention"),
        pl.col("place").alias("District"), pl.col("start").alias("Start"), pl.col("end").alias("End"),
        pl.col("exit").str.replace_all("_", " ").alias("Closure"),
    )  # fmt: skip
    found = (
        f.bad_date("Start", "supervision_spell", "start_date"), f.unknown_code("Intervention", "", "(whole row)", "Out of court (old)"),
        f.missing_ids("YOT Ref|PNC No", "supervision_spell"), f.DUPLICATE,
    )  # fmt: skip
    return Extract("youth_justice", "youth_justice", wide, faults=found, spare="YOT Ref")


def _needs(ids: pl.DataFrame, needs: pl.DataFrame, known: pl.Series) -> Extract:
    levels = [pl.col(f"level_{i}").alias(label) for i, label in enumerate(_LABELS)]
    orders = [
        pl.when(pl.col(f"order_{i}") == "0").then(pl.lit("")).otherwise(pl.col(f"order_{i}")).alias(f"{label} priority")
        for i, label in enumerate(_LABELS)
    ]
    frame = _case_ids(needs, ids, known).select(
        pl.col("case").alias("CRN"), pl.col("police").alias("PNC"), pl.col("surname").alias("Surname"),
        pl.col("on").alias("Assessed"), *levels, *orders,
    )  # fmt: skip
    found = (
        f.bad_date("Assessed", "need", "assessed_on"), f.unknown_code("Health", "need", "level", "Sig/Some", "?"),
        f.missing_ids("CRN|PNC", "need"), f.WRONG_WIDTH, f.DUPLICATE,
    )  # fmt: skip
    return Extract("micase_needs", "micase_needs", frame, faults=found)


def _circumstances(ids: pl.DataFrame, found_out: pl.DataFrame, known: pl.Series, changes: pl.DataFrame) -> Extract:
    """MI-Case's circumstances, with case numbers that were merged later and police numbers of somebody else."""
    later = found_out.join(changes, on="person", how="left", maintain_order="left", suffix="_changed")
    wrong = pl.Series(later["police"].fill_null("") != "") & later["person"].is_first_distinct()
    early = later.select((pl.col("earlier").fill_null("") != "") & (pl.col("on") < pl.col("on_changed"))).to_series()
    frame = _case_ids(found_out, ids, known)
    frame = frame.with_columns(
        pl.when(early).then(later["earlier"]).otherwise(pl.col("case")).alias("case"),
        pl.when(wrong).then(later["police"]).when(early).then(pl.lit("")).otherwise(pl.col("police")).alias("police"),
    )
    frame = frame.select(
        pl.col("case").alias("CRN"), pl.col("police").alias("PNC"), pl.col("surname").alias("Surname"),
        pl.col("domain").alias("Area of life"), pl.col("status").alias("Status"), pl.col("on").alias("Date"),
    )  # fmt: skip
    found = (
        f.bad_date("Date", "circumstance", "on_date"), f.unknown_code("Area of life", "circumstance", "domain", "Misc", "Housing/ETE"),
        f.missing_ids("CRN|PNC", "circumstance"), f.DUPLICATE,
    )  # fmt: skip
    return Extract("micase_circumstances", "micase_circumstances", frame, faults=found)


def _referral_columns(ids: pl.DataFrame, referred: pl.DataFrame, known: pl.Series, dates: str) -> pl.DataFrame:
    programme = referred["programme"].to_numpy()
    frame = referred.with_columns(code=pl.Series(_CODES[programme]), pathway=pl.Series(_PATHWAY[programme])).drop(
        "programme"
    )
    return _case_ids(frame, ids, known, dates).select(
        pl.col("case").alias("CRN"), pl.col("police").alias("PNC"), pl.col("provider").alias("Client Ref"),
        pl.col("surname").alias("Surname"), pl.col("forename").alias("First name"), pl.col("code").alias("Programme"),
        pl.col("pathway").alias("Pathway"), pl.col("referred").alias("Referred"), pl.col("started").alias("Started"),
        pl.col("ended").alias("Ended"), pl.col("outcome").alias("Outcome"), pl.col("goal").alias("Goal met"),
    )  # fmt: skip


_REFERRAL_FAULTS = (
    f.bad_date("Referred", "intervention_spell", "referred_on"),
    f.unknown_code("Outcome", "intervention_spell", "outcome", "Positive", "see file"),
    f.missing_ids("CRN|PNC", "intervention_spell"),
    f.dates_reversed("Referred", "Started", "intervention_spell", "started not before referred"),
    f.DUPLICATE,
)


def _referrals(name: str, ids: pl.DataFrame, referred: pl.DataFrame, known: pl.Series) -> Extract:
    health = name == "health_referrals"
    frame = _referral_columns(ids, referred, known, ISO if health else "%d/%m/%Y").drop("Client Ref")
    return Extract(name, name, frame, faults=_REFERRAL_FAULTS)


def _provider(ids: pl.DataFrame, referred: pl.DataFrame, known: pl.Series) -> Extract:
    frame = _referral_columns(ids, referred, known, "%d/%m/%Y")
    found = (
        _REFERRAL_FAULTS[0],
        _REFERRAL_FAULTS[1],
        f.missing_ids("CRN|PNC|Client Ref", "intervention_spell"),
        *_REFERRAL_FAULTS[3:],
    )
    return Extract("provider_referrals", "provider_referrals", frame, "ods", sheet="Referrals",
                   titles=("Change Together and partners: referrals and outcomes",), faults=found, spare="Client Ref")  # fmt: skip


def _mentoring(block: Block, ids: pl.DataFrame, referred: pl.DataFrame) -> Extract:
    """The mentoring provider's own list: who started, and who was referred and could not be taken on.

    Its assessment's score, against one threshold, decides: a discontinuity with the programme's own planted effect.
    """
    taken = pl.col("started").is_not_null()
    frame = referred.filter(pl.Series(_CODES[referred["programme"].to_numpy()] == "MENTORING"))
    frame = frame.filter(taken | (pl.col("outcome") == "Did not start")).with_columns(
        pl.when(taken).then(pl.lit("Mentored")).otherwise(pl.lit("Not taken on")).alias("group"),
        pl.when(taken).then("started").otherwise("ended").alias("date"),
    )
    frame = with_people(frame.unique("person", maintain_order=True), ids, "pnc", "provider", "surname", "born")
    age = ((pl.col("date") - pl.col("born")).dt.total_days() / 365.25).floor().cast(pl.Int64)
    frame = text(frame.with_columns(age.alias("age")), ISO).select(
        pl.col("provider").alias("Client Ref"), pl.col("pnc").alias("PNC"), pl.col("surname").alias("Surname"),
        pl.col("group").alias("Group"), pl.col("date").alias("Date"), pl.col("age").alias("Age"),
        pl.col("referred").alias("Assessed"), pl.col("score").alias("Score"), pl.lit(str(THRESHOLD)).alias("Threshold"),
        pl.col("home").alias("Home"),
    )  # fmt: skip
    found = (f.bad_date("Date", "cohort_member", "index_date"), f.DUPLICATE)
    return Extract("provider_mentoring", "provider_mentoring", frame, faults=found)


def _contacts(block: Block, ids: pl.DataFrame, known: pl.Series) -> Extract:
    """Mental-health contacts that followed an arrest."""
    rng = stream(block.seed, block.number, "health contacts")
    seen = tables.arrests(block).filter(pl.col("contact").is_not_null()).select("person", on="contact")
    later = seen["on"].cast(pl.Int32).to_numpy() + rng.integers(5, 60, seen.height)
    frame = seen.with_columns(
        as_dates(later).alias("on"),
        pl.Series("status", np.where(rng.random(seen.height) < 0.6, "Seen", "Did not attend")),
    )
    frame = frame.filter(pl.col("on") <= pl.date(2026, 9, 30)).unique(["person", "on"], maintain_order=True)
    frame = _case_ids(frame, ids, known, ISO).select(
        pl.col("case").alias("CRN"), pl.col("police").alias("PNC"), pl.col("surname").alias("Surname"),
        pl.col("on").alias("Contact date"), pl.col("status").alias("Outcome"),
    )  # fmt: skip
    found = (
        f.bad_date("Contact date", "circumstance", "on_date"),
        f.missing_ids("CRN|PNC", "circumstance"),
        f.DUPLICATE,
    )
    return Extract("health_contacts", "health_contacts", frame, faults=found)
