"""Who people are: links between agencies' identifiers, demographics, where they live, named cohorts."""

import dataframely as dy
import polars as pl

from etl.contracts import terms
from etl.contracts.columns import code, count, day, district, key, one_of


class IdentityLink(dy.Schema):
    """That one agency's identifier is a person. Merges and splits are dated rows."""

    id_kind = one_of(terms.ID_KINDS)
    id_key = key()
    person_key = key()
    from_date = day(nullable=True)
    action = one_of(("same", "split"))


class Person(dy.Schema):
    """A person. `sanctions_before` counts sanction occasions before the store's history begins;
    missing means that history is truncated, never that there is none."""

    person_key = key()
    sex = one_of(terms.SEXES)
    ethnicity = one_of(terms.ETHNICITIES)
    date_of_birth = day(nullable=True)
    date_of_death = day(nullable=True)
    first_sanction_date = day(nullable=True)
    sanctions_before = count(nullable=True)

    @dy.rule()
    def death_not_before_birth(cls) -> pl.Expr:
        return pl.col("date_of_death") >= pl.col("date_of_birth")


class Residence(dy.Schema):
    """A home district over time. `to_date` is the first day no longer there; missing means still there."""

    person_key = key()
    district = district()
    from_date = day()
    to_date = day(nullable=True)

    @dy.rule()
    def to_not_before_from(cls) -> pl.Expr:
        return pl.col("to_date") >= pl.col("from_date")


class CohortMember(dy.Schema):
    """A person placed in a named cohort from outside: a programme's list, a fixed date, a published data set."""

    person_key = key()
    cohort = code()
    index_date = day()
    group_name = one_of(("treatment", "comparison", "none"))
    extra = code(nullable=True)
    age_at_index = dy.Int64(nullable=True, min=10, max=120)


class CohortDefinition(dy.Schema):
    """A named cohort's follow-up and waiting days, and what its source holds, from the mapping that fills it."""

    cohort = code()
    title = dy.String(min_length=1, max_length=120)
    follow_up_days = dy.Int64(min=1, max=3660)
    waiting_days = dy.Int64(min=0, max=3660)
    holds = one_of(terms.HOLDS)
