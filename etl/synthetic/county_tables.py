"""The county around the people: costs, partners, plans, targets, population, conferences, the directory."""

import datetime as dt

import polars as pl

from etl.contracts.terms import PATHWAYS
from etl.synthetic.chance import stream
from etl.synthetic.directory import PROGRAMMES
from etl.synthetic.places import DISTRICTS, EAST, HOME_SHARE, LABELS, SOUTH, places

PATHWAY_LABELS = dict(
    zip(
        PATHWAYS,
        ("Enforcement", "Accommodation", "Education, training and employment", "Health", "Substance misuse", "Finance",
         "Children and families", "Attitudes and thinking", "Women"),
        strict=True,
    )
)  # fmt: skip
TIER_COST = {"T1": 5200, "T2": 2600, "T3": 900}
TIER_SHARE = {"T1": 0.35, "T2": 0.40, "T3": 0.25}
MAINSTREAM = ("HMPPS",)
"""Funders whose programmes run on budgets that would be there without the partnership: no additional cash."""
HELD_FOR_IT = 0.4
"""The share of a programme's places that the directory holds open for people on a scheme; the rest are others'."""
UNCHECKED = {("YOUTH_MENTOR", EAST), ("YOUTH_MENTOR", SOUTH), ("MONEY_ADVICE", EAST)}
"""Entries of the directory that nobody has ever verified."""
RESIDENTS = {
    "cambridge": 145_700, "east_cambridgeshire": 87_800, "fenland": 102_500, "huntingdonshire": 180_800,
    "south_cambridgeshire": 162_000, "peterborough": 215_700,
}  # fmt: skip
"""Usual residents at the 2021 Census (ONS), to the nearest hundred."""
_AGE_SHARE = {(0, 9): 0.118, (10, 14): 0.060, (15, 17): 0.035, (18, 24): 0.088, (25, 34): 0.137, (35, 49): 0.199, (50, 64): 0.190, (65, 120): 0.173}  # fmt: skip


def quarters() -> list[tuple[str, dt.date]]:
    """Every quarter of the period: its id and first day."""
    found, year, number = [], 2014, 4
    while (year, number) <= (2026, 3):
        found.append((f"{year}Q{number}", dt.date(year, 3 * number - 2, 1)))
        year, number = (year + 1, 1) if number == 4 else (year, number + 1)
    return found


def price_year(first: dt.date) -> str:
    """The financial year, April to March, that a quarter lies in: '2023/24'."""
    start = first.year if first.month >= 4 else first.year - 1
    return f"{start}/{(start + 1) % 100:02d}"


def _pounds(amount: float) -> str:
    return f"£{amount:,.2f}"


def scheme_costs(people: int, seed: int) -> pl.DataFrame:
    """The IOM budget by quarter, district and tier, with set-up, in-kind and mainstream lines told apart."""
    rng = stream(seed, 0, "scheme costs")
    rows = []
    shares = {"Police": 0.48, "Probation": 0.37, "Council": 0.15}
    for quarter, first in quarters():
        price = (1.022) ** (first.year - 2014)
        for place, capacity in enumerate(places(people)):
            for tier, cost in TIER_COST.items():
                amount = capacity * TIER_SHARE[tier] * cost / 4 * price * (0.95 + 0.1 * rng.random())
                for agency, share in shares.items():
                    new = "Yes" if agency == "Council" or (agency == "Police" and tier == "T1") else "No"
                    rows.append(("IOM", quarter, LABELS[place], tier, agency, "Running", new,
                                 "PCC" if agency == "Council" else agency, _pounds(amount * share), price_year(first)))  # fmt: skip
            rows.append(("IOM", quarter, LABELS[place], "", "Police", "In kind", "No", "Police",
                         _pounds(420 + 35 * capacity * price), price_year(first)))  # fmt: skip
            if quarter in ("2014Q4", "2021Q1"):
                rows.append(("IOM", quarter, LABELS[place], "", "Council", "Set-up", "Yes", "PCC",
                             _pounds(1500 + 260 * capacity), price_year(first)))  # fmt: skip
    names = ("Scheme", "Quarter", "LA", "Tier", "Agency", "Type", "Additional?", "Funder", "Amount", "Price Year")
    return pl.DataFrame(rows, schema=list(names), orient="row")


def programme_costs(people: int, seed: int) -> pl.DataFrame:
    """What the council and partners pay for programmes, by quarter and district served."""
    rng = stream(seed, 0, "programme costs")
    rows = []
    for quarter, first in quarters():
        for programme in PROGRAMMES:
            for place in programme.districts:
                share = programme.capacity * people / 8000 / len(programme.districts)
                amount = programme.unit_cost * share / 4 * (0.8 + 0.4 * rng.random()) * 1.02 ** (first.year - 2018)
                agency = {"voluntary": "Voluntary", "private": "Private"}.get(programme.sector, "Council")
                new = "No" if programme.funder in MAINSTREAM else "Yes"
                rows.append((programme.code, programme.title, quarter, LABELS[place], agency, new, programme.funder,
                             _pounds(amount), price_year(first)))  # fmt: skip
    names = ("Programme Code", "Programme", "Quarter", "LA", "Agency", "Additional?", "Funder", "Amount", "Price Year")
    return pl.DataFrame(rows, schema=list(names), orient="row")


def partners() -> pl.DataFrame:
    """Who is in the partnership, what they have signed, and what extracts they owe and have sent."""
    rows = [
        ("Police", "Cambridgeshire Constabulary", "01/10/2014", "Yes", "6", "Yes", "4", "4"),
        ("Probation", "Probation Service East", "01/10/2014", "Yes", "5", "Yes", "6", "6"),
        ("Prison", "HMP Peterborough", "12/01/2015", "Yes", "1", "Yes", "1", "1"),
        ("Prison", "HMP Bedford", "12/01/2015", "No", "0", "No", "1", "1"),
        ("Council", "Peterborough City Council", "01/10/2014", "Yes", "2", "Yes", "3", "3"),
        ("Council", "Cambridgeshire County Council", "15/04/2015", "Yes", "1", "Yes", "2", "2"),
        ("Council", "Fenland District Council", "03/06/2016", "No", "0.5", "No", "1", "0"),
        ("Council", "Cambridge City Council", "15/04/2015", "Yes", "0.5", "Yes", "1", "1"),
        ("Health", "NHS Trust", "09/09/2019", "No", "0.5", "Yes", "1", "1"),
        ("Health", "Change Together", "11/02/2018", "Yes", "1", "Yes", "1", "1"),
        ("Voluntary", "Opportunity East", "11/02/2018", "Yes", "0.5", "Yes", "1", "1"),
        ("Voluntary", "Fenbridge Housing", "20/05/2020", "No", "0", "Yes", "1", "1"),
        ("Youth Justice", "Youth Justice Service", "01/10/2014", "Yes", "1", "Yes", "1", "1"),
        ("Court", "HM Courts and Tribunals Service", "", "", "", "No", "1", "0"),
        ("Health", "Integrated Care Board", "", "", "0", "No", "1", "0"),
    ]
    names = ("Sector", "Organisation", "Agreement Signed", "Vetted", "Co-located FTE", "Link Worker", "Due", "Received")
    return pl.DataFrame(rows, schema=list(names), orient="row")


def directory() -> pl.DataFrame:
    """The directory of interventions: one row for each programme and district it serves, so that gaps show."""
    rows = []
    for number, programme in enumerate(PROGRAMMES):
        shares = HOME_SHARE[list(programme.districts)] / HOME_SHARE[list(programme.districts)].sum()
        for place, share in zip(programme.districts, shares, strict=True):
            checked = dt.date(2026, 1 + number % 9, 3 + number)
            known = "" if (programme.code, place) in UNCHECKED else checked.strftime("%d/%m/%Y")
            ends = programme.funding_ends.strftime("%d/%m/%Y") if programme.funding_ends else ""
            oldest = "" if programme.ages[1] == 99 else str(programme.ages[1])
            rows.append((
                programme.code, programme.title, programme.provider, programme.sector.title(), PATHWAY_LABELS[programme.pathway],
                LABELS[place], {"all": "Anyone", "female": "Women", "male": "Men"}[programme.sex], str(programme.ages[0]),
                oldest, str(max(1, round(HELD_FOR_IT * programme.capacity * share))), "Yes" if programme.drop_in else "No",
                _pounds(programme.unit_cost), "2025/26", programme.funder, ends, known,
                "01223 555 0100",
            ))  # fmt: skip
    names = ("Code", "Intervention", "Provider", "Sector", "Pathway", "Area", "Who for", "Age from", "Age to", "Places",
             "Drop-in", "Unit cost", "Price year", "Funder", "Funded until", "Last checked", "Telephone")  # fmt: skip
    return pl.DataFrame(rows, schema=list(names), orient="row")


def starts(seed: int) -> pl.DataFrame:
    """When programmes that run as groups take people in."""
    rng = stream(seed, 0, "starts")
    rows = []
    for programme in PROGRAMMES:
        every = programme.starts_every
        for place in programme.districts if every else ():
            on = dt.date(2025, 10, 6) + dt.timedelta(days=int(rng.integers(0, every or 1)))
            while on < dt.date(2027, 2, 1):
                rows.append((programme.code, LABELS[place], on.strftime("%d/%m/%Y"), str(int(rng.integers(2, 7)))))
                on += dt.timedelta(days=int((every or 1) + rng.integers(-3, 18)))
    return pl.DataFrame(rows, schema=["Code", "Area", "Starts", "Places"], orient="row")


def actions() -> pl.DataFrame:
    """The action plan of the strategic group."""
    rows = [
        ("A1", "Peterborough", "started_of_referred", "Council", "14/04/2026", "30/09/2026", "", "On track"),
        ("A2", "Peterborough", "need_identified", "Health", "14/04/2026", "31/08/2026", "", "Late"),
        ("A3", "Fenland", "waiting_days", "Health", "14/01/2026", "30/06/2026", "", "Late"),
        ("A4", "Fenland", "referred_of_need", "Probation", "14/07/2026", "31/12/2026", "", "Open"),
        ("A5", "", "friday_releases", "Prison", "14/01/2026", "30/09/2026", "21/08/2026", "Done"),
        ("A6", "Cambridge", "completed_of_started", "Voluntary", "14/07/2026", "31/01/2027", "", "Open"),
        ("A7", "Huntingdonshire", "people_on_scheme", "Police", "14/10/2025", "31/03/2026", "20/03/2026", "Done"),
        ("A8", "", "reoffending_rate", "Probation", "14/10/2025", "31/03/2027", "", "On track"),
        ("A9", "East Cambridgeshire", "left_scheme", "Police", "14/10/2025", "31/03/2026", "", "Dropped"),
    ]
    names = ("Ref", "Area", "Measure", "Owner", "Opened", "Due", "Closed", "Status")
    return pl.DataFrame(rows, schema=list(names), orient="row")


def targets() -> pl.DataFrame:
    """What the partnership expects; some districts and measures have no target."""
    rows = [
        ("reoffending_rate", "scheme", "", "01/04/2023", "", "45"),
        ("reoffending_rate", "adults", "", "01/04/2023", "", "27"),
        ("friday_releases", "prison_releases", "", "01/04/2023", "", "10"),
    ]
    rows += [
        ("started_of_referred", "caseload", "", "01/04/2023", "", "75"),
        ("waiting_days", "referrals", "", "01/04/2024", "", "21"),
    ]
    rows += [
        ("reoffending_rate", "scheme", LABELS[place], "01/04/2023", "", str(goal))
        for place, goal in ((0, 44), (2, 46), (3, 44), (5, 48))
    ]
    rows += [
        ("completed_of_started", "caseload", "", "01/04/2021", "31/03/2025", "55"),
        ("completed_of_started", "caseload", "", "01/04/2025", "", "60"),
    ]
    rows += [("referred_of_need", "caseload", "", "01/04/2024", "", "50")]
    rows += [
        ("directory_verified", "", "", "01/04/2025", "", "90"),
        ("pathways_without_provision", "", "", "01/04/2025", "", "0"),
    ]
    rows += [
        ("reviews_overdue", "caseload", "", "01/04/2024", "", "5"),
        ("returned_in_12_months", "leavers_followed", "", "01/04/2024", "", "20"),
    ]
    rows += [
        (measure, cohort, "", "01/04/2024", "", goal)
        for measure, cohort, goal in (
            ("appointments_kept", "required_contacts", "80"), ("breach_to_enforcement", "enforcement", "10"),
            ("scheme_status_before_court", "court_results", "85"), ("unexpected_releases", "prison_releases", "5"),
            ("police_told_before_release", "prison_releases", "95"), ("reviews_on_time", "reviews", "90"),
            ("conferences_on_time", "conferences", "80"),
            ("unmet_need", "caseload", "65"), ("lost_while_waiting", "wait_ends", "20"),
            ("settled_on_release", "after_prison", "80"), ("paid_within_7_days", "after_prison", "60"),
        )
    ]  # fmt: skip
    rows += [
        ("conference_attendance", "conferences", "", "01/04/2024", "", "85"),
        ("lead_professional_named", "lead_professionals", "", "01/04/2024", "", "95"),
        ("extracts_received", "", "", "01/04/2025", "", "95"),
    ]
    return pl.DataFrame(rows, schema=["Measure", "Cohort", "Area", "From", "To", "Value"], orient="row")  # fmt: skip


def events() -> pl.DataFrame:
    """Dated notes for charts."""
    rows = [
        ("01/02/2015", "Supervision after short sentences begins", ""),
        ("01/04/2017", "PPO scheme closes", ""),
        ("01/04/2019", "DIP and the One Service close", "Peterborough"),
        ("23/03/2020", "First lockdown: courts and programmes restricted", ""),
        ("01/01/2021", "Fixed, flex and free replace local categories", ""),
        ("26/06/2021", "Probation services unified", ""),
        ("01/09/2023", "Prison and probation co-located in Peterborough", "Peterborough"),
        ("10/09/2024", "Early prison releases begin (SDS40)", ""),
        ("01/04/2025", "Women's outreach opens", "Fenland"),
    ]
    return pl.DataFrame(rows, schema=["Date", "Note", "Area"], orient="row")


def population() -> pl.DataFrame:
    """Residents by district, year, sex and age band: the 2021 Census totals, grown by 0.7% a year, shared by age."""
    rows = []
    for year in range(2014, 2027):
        for district in DISTRICTS:
            total = RESIDENTS[district] * 1.007 ** (year - 2021)
            for (low, high), share in _AGE_SHARE.items():
                for sex, half in (("F", 0.502), ("M", 0.498)):
                    label = LABELS[DISTRICTS.index(district)]
                    rows.append((label, str(year), sex, str(low), str(high), str(round(total * share * half))))
    return pl.DataFrame(rows, schema=["Area", "Year", "Sex", "Age from", "Age to", "Residents"], orient="row")


def conferences(people: int, seed: int) -> pl.DataFrame:
    """Monthly multi-agency case conferences in each district: due, held, and who came."""
    rng = stream(seed, 0, "conferences")
    rows = []
    for place, capacity in enumerate(places(people)):
        for step in range(144):
            year, month = divmod(9 + step, 12)
            due = dt.date(2014 + year, month + 1, int(8 + rng.integers(0, 12)))
            late = int(rng.choice([0, 0, 0, 0, 3, 7, 14]))
            held = due + dt.timedelta(days=late)
            done = rng.random() < (0.8 if dt.date(2020, 3, 1) < due < dt.date(2020, 9, 1) else 0.96)
            invited = int(rng.integers(6, 11))
            came = invited - int(rng.integers(0, 4))
            known = done and held <= dt.date(2026, 9, 30)
            rows.append((f"CC-{place}{step:03d}", LABELS[place], due.strftime("%d/%m/%Y"), held.strftime("%d/%m/%Y") if known else "",
                         str(invited), str(came) if known else "", str(int(capacity * 0.4) + 1) if known else ""))  # fmt: skip
    names = ("Ref", "LA", "Due", "Held", "Invited", "Attended", "People Discussed")
    return pl.DataFrame(rows, schema=list(names), orient="row")


# England and Wales, April to March, children and adults: people, reoffenders, reoffences; a year pools four quarterly cohorts.
NATIONAL = {
    "2012/13": (628761, 194500, 668502), "2013/14": (599297, 186582, 663973), "2014/15": (557726, 167316, 614038),
    "2015/16": (523366, 154375, 584231), "2016/17": (475135, 139611, 559659), "2017/18": (431391, 125829, 508151),
    "2018/19": (401404, 112507, 447872),
}  # fmt: skip


def benchmarks() -> pl.DataFrame:
    """Published national figures that stand beside the county's (Ministry of Justice)."""
    early, pooled = (
        "Breach left out; one cohort of a year, each person once",
        "Four quarterly cohorts pooled: a person may enter once a quarter",
    )
    rows = [
        ("reoffending_rate", "England and Wales", "area", "2011Q3-2012Q2", "26.2", "", "590000", "MoJ proven reoffending, July 2011 to June 2012", early),
        ("reoffences_per_reoffender", "England and Wales", "area", "2011Q3-2012Q2", "2.9", "450000", "", "MoJ proven reoffending, July 2011 to June 2012", early),
        ("reoffending_rate", "England and Wales", "scheme", "2009", "56", "", "10635", "PPO cohort 2009", "Everybody on a PPO scheme on 1 February 2009"),
        ("reoffences_per_reoffender", "England and Wales", "scheme", "2009", "4.3", "", "", "PPO cohort 2009", "Everybody on a PPO scheme on 1 February 2009"),
    ]  # fmt: skip
    for year, (people, reoffenders, reoffences) in NATIONAL.items():
        for measure, top, bottom, scale in (
            ("reoffending_rate", reoffenders, people, 100), ("reoffences_per_100", reoffences, people, 100),
            ("reoffences_per_reoffender", reoffences, reoffenders, 1),
        ):  # fmt: skip
            value = f"{scale * top / bottom:.2f}"
            source = "MoJ proven reoffending statistics, annual tables"
            rows.append((measure, "England and Wales", "area", year, value, str(top), str(bottom), source, pooled))
    names = ("Measure", "Area", "Cohort", "Period", "Value", "Numerator", "Denominator", "Source", "Definition note")
    return pl.DataFrame(rows, schema=list(names), orient="row")
