"""What the justice system recorded: offences, custody, supervision, arrests, contacts, enforcement."""

import dataframely as dy
import polars as pl

from etl.contracts import terms
from etl.contracts.columns import code, count, day, district, key, local_key, one_of, truth


class Offence(dy.Schema):
    """An offence. `occasion_key` joins offences sentenced together. Only `convicted` and `cautioned` are proof.

    `scheme_told_to_court`: whether the court had it before it, at sentence, that the person was on a scheme; missing
    where nobody recorded it.
    """

    offence_key = local_key()
    occasion_key = local_key(nullable=True)
    person_key = key()
    offence_date = day()
    offence_district = district()
    arrest_date = day(nullable=True)
    first_hearing_date = day(nullable=True)
    proven_date = day(nullable=True)
    outcome = one_of(terms.OUTCOMES)
    sentence_date = day(nullable=True)
    disposal = one_of(terms.DISPOSALS, nullable=True)
    sentence_days = count(nullable=True)
    offence_code = code(nullable=True)
    offence_group = one_of(terms.OFFENCE_GROUPS)
    recordable = truth()
    breach = truth()
    in_custody = truth()
    court = code(nullable=True)
    result_recorded_date = day(nullable=True)
    scheme_told_to_court = truth(nullable=True)
    record_source = one_of(("national", "local"))

    @dy.rule()
    def proof_is_dated(cls) -> pl.Expr:
        return ~pl.col("outcome").is_in(["convicted", "cautioned"]) | pl.col("proven_date").is_not_null()

    @dy.rule()
    def proven_not_before_offence(cls) -> pl.Expr:
        return pl.col("proven_date") >= pl.col("offence_date")

    @dy.rule()
    def sentence_not_before_offence(cls) -> pl.Expr:
        return pl.col("sentence_date") >= pl.col("offence_date")


class CustodySpell(dy.Schema):
    """A spell in custody. `end_date` is the day of prison release; missing means still inside."""

    person_key = key()
    kind = one_of(terms.CUSTODY_KINDS)
    start_date = day()
    end_date = day(nullable=True)
    establishment = code(nullable=True)
    release_type = one_of(terms.RELEASE_TYPES, nullable=True)
    release_first_notified = day(nullable=True)
    first_notified_on = day(nullable=True)
    release_last_notified = day(nullable=True)
    last_notified_on = day(nullable=True)
    police_told_on = day(nullable=True)
    sentence_days = count(nullable=True)

    @dy.rule()
    def end_not_before_start(cls) -> pl.Expr:
        return pl.col("end_date") >= pl.col("start_date")


class SupervisionSpell(dy.Schema):
    """An order or licence: a person is statutory on a date covered by one."""

    person_key = key()
    kind = one_of(terms.SUPERVISION_KINDS)
    requirements = code(nullable=True)
    provider = code(nullable=True)
    start_date = day()
    end_date = day(nullable=True)

    @dy.rule()
    def end_not_before_start(cls) -> pl.Expr:
        return pl.col("end_date") >= pl.col("start_date")


class Arrest(dy.Schema):
    """An arrest, with the drug test and mental-health contact that may follow it."""

    person_key = key()
    arrest_date = day()
    district = district()
    drug_test = one_of(("not_tested", "positive", "negative", "refused"), nullable=True)
    mental_health_screened = truth(nullable=True)
    mental_health_contact_on = day(nullable=True)


class Appointment(dy.Schema):
    """A required contact."""

    person_key = key()
    due_on = day()
    agency = one_of(terms.AGENCIES)
    result = one_of(("kept", "acceptable_absence", "missed"))


class EnforcementEvent(dy.Schema):
    """A breach, recall or warrant. `executed_on` is the day it ended; a result of `withdrawn` says that it was not carried out."""

    person_key = key()
    kind = one_of(("breach", "recall", "warrant"))
    identified_on = day()
    issued_on = day(nullable=True)
    executed_on = day(nullable=True)
    result = code(nullable=True)

    @dy.rule()
    def issued_not_before_identified(cls) -> pl.Expr:
        return pl.col("issued_on") >= pl.col("identified_on")
