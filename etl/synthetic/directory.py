"""The directory of interventions: programmes, whom and where they serve, and the gaps between them."""

import datetime as dt
from dataclasses import dataclass

from etl.synthetic.places import CAMBRIDGE, EAST, FENLAND, HUNTS, PETERBOROUGH, SOUTH

ALL = (CAMBRIDGE, EAST, FENLAND, HUNTS, SOUTH, PETERBOROUGH)


@dataclass(frozen=True)
class Programme:
    """One programme; `feed` is the agency whose extract carries its referrals."""

    code: str
    title: str
    provider: str
    sector: str
    pathway: str
    districts: tuple[int, ...]
    feed: str
    wait_days: int
    length_days: int
    unit_cost: int
    capacity: int
    sex: str = "all"
    ages: tuple[int, int] = (18, 99)
    drop_in: bool = False
    funder: str = "PCC"
    funding_ends: dt.date | None = None
    starts_every: int | None = None
    """Days between the starts of a programme that runs as a group; None for one that takes people as they come."""


PROGRAMMES = (
    Programme("GPS_TAG", "Voluntary GPS tagging", "Cambridgeshire Constabulary", "statutory", "enforcement",
              ALL, "probation", 12, 120, 640, 40),
    Programme("INTENSIVE_SUP", "Intensive supervision and control", "Probation Service", "statutory", "enforcement",
              (PETERBOROUGH, FENLAND, CAMBRIDGE), "probation", 9, 150, 1150, 30, funder="HMPPS"),
    Programme("HOUSING_LINK", "Housing link worker", "Fenbridge Housing", "voluntary", "accommodation",
              (PETERBOROUGH, FENLAND, CAMBRIDGE), "provider", 24, 90, 820, 60,
              funding_ends=dt.date(2027, 3, 31)),
    Programme("RENT_DEPOSIT", "Rent deposit guarantee", "City Homes Trust", "voluntary", "accommodation",
              (CAMBRIDGE, SOUTH, HUNTS), "provider", 35, 60, 950, 25, funding_ends=dt.date(2026, 12, 31)),
    Programme("WORK_READY", "Work ready", "Opportunity East", "voluntary", "education_training_employment",
              ALL, "provider", 21, 84, 430, 80, drop_in=True),
    Programme("BUILD_SKILLS", "Construction skills card", "Opportunity East", "voluntary",
              "education_training_employment", (PETERBOROUGH, FENLAND), "provider", 40, 56, 1240, 24, starts_every=91),
    Programme("FORENSIC_MH", "Forensic mental health clinic", "NHS Trust", "statutory", "health",
              (CAMBRIDGE, HUNTS, SOUTH, EAST), "health", 48, 150, 2100, 30, funder="ICB"),
    Programme("HEALTH_LINK", "Health and liaison link worker", "NHS Trust", "statutory", "health",
              ALL, "health", 18, 70, 390, 70, funder="ICB"),
    Programme("RECOVERY_HUB", "Recovery hub", "Change Together", "voluntary", "substance_misuse",
              ALL, "health", 14, 120, 880, 120, drop_in=True, funder="Public Health"),
    Programme("RESI_REHAB", "Residential rehabilitation", "Fen House", "private", "substance_misuse",
              (CAMBRIDGE, PETERBOROUGH), "health", 60, 90, 9800, 8, funder="Public Health"),
    Programme("ALCOHOL_BRIEF", "Alcohol brief intervention", "Change Together", "voluntary", "substance_misuse",
              (PETERBOROUGH, FENLAND, HUNTS), "health", 10, 28, 150, 60, funder="Public Health", starts_every=28),
    Programme("MONEY_ADVICE", "Money and debt advice", "Citizens Advice", "voluntary", "finance",
              ALL, "provider", 16, 45, 210, 90, drop_in=True),
    Programme("BENEFIT_GATE", "Benefits at the gate", "Jobcentre Outreach", "statutory", "finance",
              (PETERBOROUGH, FENLAND), "provider", 8, 30, 120, 50, funder="DWP"),
    Programme("FAMILY_TIES", "Family ties", "Ormiston Families", "voluntary", "children_families",
              (PETERBOROUGH, CAMBRIDGE, HUNTS, FENLAND), "provider", 30, 100, 760, 30, starts_every=63),
    Programme("PARENTING", "Parenting inside and out", "Ormiston Families", "voluntary", "children_families",
              (PETERBOROUGH, EAST), "provider", 33, 70, 540, 20, starts_every=70),
    Programme("THINK_SKILLS", "Thinking skills", "Probation Service", "statutory", "attitudes_thinking",
              ALL, "probation", 45, 80, 1350, 60, funder="HMPPS", starts_every=42),
    Programme("MENTORING", "Peer mentoring", "St Giles East", "voluntary", "attitudes_thinking",
              ALL, "provider", 20, 180, 690, 70, funding_ends=dt.date(2027, 9, 30)),
    Programme("RESTORATIVE", "Restorative justice conference", "PCC restorative team", "statutory",
              "attitudes_thinking", (CAMBRIDGE, PETERBOROUGH, HUNTS), "probation", 38, 40, 1020, 20),
    Programme("YOUTH_MENTOR", "Youth mentor", "Youth Justice Service", "statutory", "attitudes_thinking",
              ALL, "probation", 14, 120, 700, 40, ages=(10, 17), funder="Council"),
    Programme("WOMENS_CENTRE", "Women's centre", "Together Women East", "voluntary", "women",
              (PETERBOROUGH, CAMBRIDGE), "provider", 12, 140, 1080, 40, sex="female", drop_in=True),
    Programme("WOMENS_OUTREACH", "Women's outreach", "Together Women East", "voluntary", "women",
              (FENLAND, HUNTS), "provider", 19, 90, 840, 20, sex="female", funding_ends=dt.date(2027, 3, 31), starts_every=56),
)  # fmt: skip
