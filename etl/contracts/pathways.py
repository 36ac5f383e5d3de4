"""Needs and what was offered: assessments, referrals, circumstances, and the directory of interventions."""

import dataframely as dy
import polars as pl

from etl.contracts import terms
from etl.contracts.columns import code, count, day, district, key, one_of, pence, truth


class Need(dy.Schema):
    """An assessed need on a pathway on a date. Level `none` records that it was assessed and not found."""

    person_key = key()
    pathway = one_of(terms.PATHWAYS)
    assessed_on = day()
    level = one_of(terms.NEED_LEVELS)
    priority = dy.Int64(nullable=True, min=1, max=9)


class InterventionSpell(dy.Schema):
    """A referral to a programme and what came of it. `goal_met`: whether the provider says that what it was for was reached."""

    person_key = key()
    programme = code()
    pathway = one_of(terms.PATHWAYS)
    referred_on = day()
    started_on = day(nullable=True)
    ended_on = day(nullable=True)
    outcome = one_of(terms.INTERVENTION_OUTCOMES, nullable=True)
    goal_met = truth(nullable=True)

    @dy.rule()
    def started_not_before_referred(cls) -> pl.Expr:
        return pl.col("started_on") >= pl.col("referred_on")

    @dy.rule()
    def ended_not_before_started(cls) -> pl.Expr:
        return pl.col("ended_on") >= pl.col("started_on")


class Circumstance(dy.Schema):
    """A dated circumstance: settled accommodation, work, a first benefit payment, mental-health contact."""

    person_key = key()
    domain = one_of(
        ("accommodation", "work_training", "benefit_claim", "benefit_payment", "mental_health_contact", "exclusion")
    )
    status = code()
    on_date = day()


class Programme(dy.Schema):
    """An entry in the directory of interventions. Eligibility is rules, not prose: sexes and an age range."""

    programme = code()
    title = dy.String(min_length=1, max_length=120)
    provider = code()
    sector = one_of(("statutory", "voluntary", "private"))
    pathway = one_of(terms.PATHWAYS)
    district = district()
    sex_served = one_of(("all", "female", "male"))
    age_from = dy.Int64(nullable=True, min=10, max=120)
    age_to = dy.Int64(nullable=True, min=10, max=120)
    capacity = count(nullable=True)
    drop_in = truth()
    unit_cost_pence = pence(nullable=True)
    price_year = code(nullable=True)
    funder = code(nullable=True)
    funding_ends = day(nullable=True)
    last_verified = day(nullable=True)

    @dy.rule()
    def age_to_not_below_age_from(cls) -> pl.Expr:
        return pl.col("age_to") >= pl.col("age_from")


class ProgrammeStart(dy.Schema):
    """A date on which a programme takes people in, and how many places it has."""

    programme = code()
    district = district()
    starts_on = day()
    places = count(nullable=True)
