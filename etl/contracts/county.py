"""The county around the scheme: costs, partners, plans, targets, population, other areas, recorded crime."""

import dataframely as dy

from etl.contracts import terms
from etl.contracts.columns import code, count, day, district, local_key, one_of, pence, truth

QUARTER = r"^\d{4}Q[1-4]$"


class Cost(dy.Schema):
    """A cost line, in pence at a price year. In-kind and mainstream money are recorded and told apart."""

    scheme = one_of(terms.SCHEMES, nullable=True)
    programme = code(nullable=True)
    tier = code(nullable=True)
    district = district()
    agency = one_of(terms.AGENCIES)
    quarter = dy.String(regex=QUARTER)
    kind = one_of(("running", "set_up", "in_kind"))
    additional = truth()
    funder = code(nullable=True)
    pence = pence()
    price_year = dy.String(regex=r"^\d{4}/\d{2}$")


class Partner(dy.Schema):
    """An agency in the partnership: agreement, clearance, co-location, link worker, extracts."""

    agency = one_of(terms.AGENCIES)
    organisation = code()
    agreement_signed = day(nullable=True)
    cleared = truth(nullable=True)
    colocated_posts = dy.Float64(nullable=True, min=0, max=1000)
    link_worker = truth(nullable=True)
    extracts_due = count(nullable=True)
    extracts_received = count(nullable=True)


class Action(dy.Schema):
    """A line of the action plan."""

    action_key = local_key()
    district = district(nullable=True)
    indicator = code(nullable=True)
    owner_agency = one_of(terms.AGENCIES)
    opened_on = day()
    due_on = day()
    closed_on = day(nullable=True)
    status = one_of(("open", "on_track", "late", "done", "dropped"))


class Target(dy.Schema):
    """What a partnership expects of an indicator, or of a standing figure, which has no cohort. A missing target is not a failure."""

    indicator = code()
    cohort = code(nullable=True)
    district = district(nullable=True)
    from_date = day()
    to_date = day(nullable=True)
    value = dy.Float64()


class Population(dy.Schema):
    """Residents by district, age and sex, for rates per resident."""

    district = district()
    year = dy.Int64(min=1900, max=2100)
    sex = one_of(terms.SEXES)
    age_from = dy.Int64(min=0, max=120)
    age_to = dy.Int64(min=0, max=120)
    residents = dy.Int64(min=0)


class Benchmark(dy.Schema):
    """Another area's published figure on a named definition; the note says where that differs from ours."""

    indicator = code()
    area = code()
    cohort = code()
    period = code()
    value = dy.Float64()
    numerator = dy.Float64(nullable=True)
    denominator = dy.Float64(nullable=True)
    source = dy.String(min_length=1, max_length=200)
    definition_note = dy.String(nullable=True, max_length=300)


class RecordedCrime(dy.Schema):
    """An incident of police recorded crime, with no person: context only."""

    month = day()
    district = district()
    crime_type = code()
    outcome = code(nullable=True)


class Event(dy.Schema):
    """A dated note for charts: a change of policy, a scheme's start."""

    on_date = day()
    title = dy.String(min_length=1, max_length=120)
    district = district(nullable=True)
