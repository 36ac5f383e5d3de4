"""Being on a scheme: episodes, the dated states within them, ratings, selection, conferences."""

import dataframely as dy
import polars as pl

from etl.contracts import terms
from etl.contracts.columns import code, count, day, district, key, local_key, one_of


class SchemeEpisode(dy.Schema):
    """A spell on a scheme: `start_date` is its first day, `end_date` the first day no longer on it."""

    person_key = key()
    scheme = one_of(terms.SCHEMES)
    category = one_of(terms.CATEGORIES, nullable=True)
    entry_route = one_of(terms.ENTRY_ROUTES, nullable=True)
    lead_agency = one_of(terms.AGENCIES, nullable=True)
    managing_district = district()
    start_date = day()
    end_date = day(nullable=True)
    exit_reason = one_of(terms.EXIT_REASONS, nullable=True)

    @dy.rule()
    def end_not_before_start(cls) -> pl.Expr:
        return pl.col("end_date") >= pl.col("start_date")


class SchemeState(dy.Schema):
    """A dated state within an episode: tier, strand, consent, or a reset of the plan. Tier codes run from the most intensive
    to the least in the order of their names. A review that was held is a new row, changed or not, with the day that the next is
    due."""

    person_key = key()
    scheme = one_of(terms.SCHEMES)
    kind = one_of(terms.STATE_KINDS)
    value = code()
    from_date = day()
    to_date = day(nullable=True)
    review_due = day(nullable=True)

    @dy.rule()
    def to_not_before_from(cls) -> pl.Expr:
        return pl.col("to_date") >= pl.col("from_date")


class RagRating(dy.Schema):
    """A red, amber or green rating of compliance with the scheme, of risk, and jointly."""

    person_key = key()
    rated_on = day()
    compliance = one_of(terms.RAG, nullable=True)
    risk = one_of(terms.RAG, nullable=True)
    overall = one_of(terms.RAG)


class SelectionDecision(dy.Schema):
    """A decision to select or de-select, with the score and threshold it was taken against."""

    person_key = key()
    decided_on = day()
    score = dy.Float64(nullable=True, min=0, max=10_000)
    score_version = code(nullable=True)
    threshold = dy.Float64(nullable=True, min=0, max=10_000)
    district = district()
    decision = one_of(("selected", "not_selected", "retained", "de_selected"))
    proposing_agency = one_of(terms.AGENCIES, nullable=True)


class CaseConference(dy.Schema):
    """A multi-agency case conference: due, held, and how many agencies came of those invited."""

    conference_key = local_key()
    district = district()
    due_on = day()
    held_on = day(nullable=True)
    agencies_invited = count()
    agencies_attending = count(nullable=True)
    people_discussed = count(nullable=True)

    @dy.rule()
    def attending_not_above_invited(cls) -> pl.Expr:
        return pl.col("agencies_attending") <= pl.col("agencies_invited")
