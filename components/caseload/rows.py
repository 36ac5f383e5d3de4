"""What the page of the caseload reads: who is on it, who comes and goes, ratings, consent, decisions, and where places are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components import data, headlines
from components.compliance import Group
from components.judge import Row, few
from metrics.places.share import Counted, Share
from metrics.places.share import shares as shares_of
from release.read import CohortInfo, Reader

CASELOAD, ADULTS = "caseload", "adults"
AT_END, IN_CUSTODY, JOINED, LEFT = "people_at_quarter_end", "share_in_custody", "joined_scheme", "left_scheme"
GROUPS = (
    ("Who is on the scheme", "On the last day of the quarter.",
     (AT_END, IN_CUSTODY, "without_statutory", "time_on_scheme_so_far")),
    ("Who comes and who goes", "Is there room for the people who offend most now?",
     (JOINED, LEFT, "joined_per_100_left", "people_selected", "people_de_selected", "time_on_scheme", "came_back",
      "returned_in_12_months", "transferred_in", "transferred_out")),
    ("Does the scale slide?", "Intensity should follow the person, up and down.",
     ("stepped_down", "stepped_up", "reviews_overdue", "free_6_months_top_tier", "free_12_months_top_tier")),
    ("Red, amber and green", "Compliance with the scheme and the partners' view of risk, together.",
     ("rated_red", "rated_green", "rating_improved", "rating_worsened")),
    ("Score and judgement", "Which of the two selects?",
     ("decided_against_score", "selected_below_threshold", "above_threshold_not_selected")),
    ("Consent", "Given, refused or not sought.", ("consent_given", "consent_refused", "refused_in_catch_control")),
)  # fmt: skip
"""The measures of the page's table, group by group: a title, what is asked, and the indicators."""
EVERY_KIND = ("quarter", "year", "three_years", "all")


@dataclass(frozen=True, slots=True)
class Stock:
    """People on the scheme on the last day of a quarter, and how many of them were in custody (None: not known)."""

    period: str
    label: str
    people: int
    inside: int | None


@dataclass(frozen=True, slots=True)
class Flow:
    """People who joined and left in a period. `net` is what the two come to, of rounded counts at the open level."""

    period: str
    label: str
    joined: int
    left: int

    @property
    def net(self) -> int:
        return self.joined - self.left


@dataclass(frozen=True, slots=True)
class Parts:
    """A group's people in parts that make up all of them, such as red, amber and green."""

    label: str
    counts: tuple[int, ...]

    @property
    def whole(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class CaseloadShare:
    """A district's share of the people on the scheme beside its share of proven reoffences, both in %, with the latter's
    95% limits."""

    label: str
    people: int
    of_people: float
    offences: float
    of_offences: Share

    @property
    def stands(self) -> str:
        """more, fewer or about: the share of places against the interval of the share of reoffences."""
        if self.of_people > self.of_offences.upper:
            return "more"
        return "fewer" if self.of_people < self.of_offences.lower else "about"


def cohort_of(source: Reader, indicator: str) -> CohortInfo | None:
    """The cohort that a measure of this page is about, or None where the release does not have the measure."""
    if indicator not in {info.id for info in source.indicators()}:
        return None
    return next(iter(source.cohorts(indicator)), None)


def kinds(source: Reader, where: Mapping[str, str]) -> list[str]:
    """The kinds of period that the page can be read over, the shortest first."""
    return source.period_kinds(JOINED, CASELOAD, list(where)) if cohort_of(source, JOINED) else []


def groups(source: Reader, district: str, kind: str) -> tuple[list[Group], list[str]]:
    """The measures group by group over one kind of period, those that lack it over the next that they have; and the
    titles of those that this level does not show for the choice."""
    made, missing = [], []
    order = (kind, *(other for other in EVERY_KIND if other != kind))
    for title, question, indicators in GROUPS:
        lines = []
        for indicator in indicators:
            cohort = cohort_of(source, indicator)
            if cohort is None:
                continue
            where = {cohort.district_dimension: district} if district else {}
            line = headlines.headline(source, indicator, cohort, where, district, kinds=order)
            if line:
                lines.append(line)
            else:
                missing.append(source.indicator(indicator).title)
        if lines:
            made.append(Group(title, question, tuple(lines)))
    return made, missing


def place_in_time(period: str) -> int:
    """A whole number that grows by one from each quarter, or year, to the next."""
    year, _, quarter = period.partition("Q")
    return 4 * int(year) + int(quarter) if quarter else int(period[:4])


def unbroken(found: Sequence[Flow], most: int) -> list[Flow]:
    """The latest periods without a gap between them, so many at the most."""
    kept = list(found[-1:])
    for one in reversed(found[:-1]):
        if len(kept) == most or place_in_time(one.period) != place_in_time(kept[0].period) - 1:
            break
        kept.insert(0, one)
    return kept


def stock(source: Reader, where: Mapping[str, str]) -> list[Stock]:
    """The caseload at each quarter's end, the oldest first; nothing where the level has no such table."""
    everybody = _rows(source, AT_END, where)
    inside = {row["period"]: row["numerator"] for row in _rows(source, IN_CUSTODY, where)}
    return [
        Stock(row["period"], row["period_label"], int(row["value"]), _whole(inside.get(row["period"])))
        for row in everybody
        if row["value"] is not None
    ]


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def flows(source: Reader, where: Mapping[str, str], kind: str) -> list[Flow]:
    """Who joined and who left in each period of a kind, the oldest first, where both are known."""
    left = {row["period"]: row["value"] for row in _rows(source, LEFT, where, kind)}
    return [
        Flow(row["period"], row["period_label"], int(row["value"]), int(left[row["period"]]))
        for row in _rows(source, JOINED, where, kind)
        if row["value"] is not None and left.get(row["period"]) is not None
    ]


def _rows(source: Reader, indicator: str, where: Mapping[str, str], kind: str = "quarter") -> list[Row]:
    if cohort_of(source, indicator) is None or kind == "all":
        return []
    return data.rows(source, indicator, CASELOAD, kind=kind, where=where) or []


def _split(  # noqa: PLR0917  a table is asked for by all of these
    source: Reader, indicator: str, cohort: str, period: str | None, by: str, where: Mapping[str, str] | None = None
) -> list[Row]:
    """A measure by one breakdown (or by none); nothing where the release has no such period, breakdown or table."""
    if period is None or (by and by not in {dimension.id for dimension in source.dimensions()}):
        return []
    return data.rows(source, indicator, cohort, [period], by=by, where=where) or []


def held_by(source: Reader, by: str, where: Mapping[str, str]) -> list[Row]:
    """The people on the scheme at the reporting quarter's end by one breakdown, groups that nobody is in left out."""
    cohort = source.cohort(CASELOAD)
    period = headlines.latest(source, cohort, "quarter")
    found = _split(source, AT_END, CASELOAD, period, by, where)
    side = "1" if found and found[0]["dim1"] == by else "2"
    return [{**row, "label": row[f"label{side}"]} for row in found or [] if row["value"]]


def reasons(source: Reader, where: Mapping[str, str]) -> list[Row]:
    """Why people left in the latest year, the most usual reason first."""
    cohort = source.cohort(CASELOAD)
    period = headlines.latest(source, cohort, "year")
    found = _split(source, LEFT, CASELOAD, period, "exit_reason", where)
    side = "1" if found and found[0]["dim1"] == "exit_reason" else "2"
    kept: list[Row] = [
        {**row, "label": row[f"label{side}"]} for row in found or [] if row["value"] and row[f"val{side}"] != "none"
    ]
    return sorted(kept, key=lambda row: -row["value"])


def by_rating(source: Reader) -> tuple[list[Row], Row | None]:
    """Reoffending after each rating, red first, over the latest pooled period that shows it; and for everybody rated."""
    return _followed(source, "reoffended_after_rating", "rating")


def by_decision(source: Reader) -> tuple[list[Row], Row | None]:
    """Reoffending after each kind of decision, over the latest pooled period that shows it; and for everybody decided on."""
    return _followed(source, "reoffended_after_decision", "decided")


def _followed(source: Reader, indicator: str, by: str) -> tuple[list[Row], Row | None]:
    """The shortest pooled period in which every group has enough people to judge; else the longest with two groups."""
    cohort = cohort_of(source, indicator)
    shown: tuple[list[Row], Row | None] = ([], None)
    if cohort is None:
        return shown
    for kind in ("year", "three_years", "all"):
        period = headlines.latest(source, cohort, kind)
        rows = _split(source, indicator, cohort.id, period, by)
        kept: list[Row] = [
            {**row, "label": row["label1"]} for row in rows if row["val1"] != "none" and row["value"] is not None
        ]
        if period and len(kept) > 1:
            overall = data.rows(source, indicator, cohort.id, [period])
            shown = kept, overall[0] if overall else None
            if not any(few(row) for row in kept):
                break
    return shown


def ratings_by_district(source: Reader) -> list[Parts]:
    """People rated red, amber and green by district, and all together first."""
    return _parts(source, "rated_red", "rated_green", "managing_district")


def consent_by_strand(source: Reader, where: Mapping[str, str]) -> list[Parts]:
    """People who refused consent, of whom it was not sought, and who gave it, by strand, and all together first."""
    return _parts(source, "consent_refused", "consent_given", "strand", where)


def _parts(source: Reader, first: str, last: str, by: str, where: Mapping[str, str] | None = None) -> list[Parts]:
    """Three parts of each group at the reporting quarter's end: two that are measured and what they leave in the middle."""
    if cohort_of(source, first) is None or cohort_of(source, last) is None:
        return []
    period = headlines.latest(source, source.cohort(CASELOAD), "quarter")
    if period is None:
        return []
    made = []
    for split in ("", by):
        ones = _split(source, first, CASELOAD, period, split, where)
        others = _split(source, last, CASELOAD, period, split, where)
        for one, other in zip(ones, others, strict=True):
            side = "1" if one["dim1"] == by else "2"
            if one["numerator"] is None or other["numerator"] is None or not one["denominator"]:
                continue
            label = one[f"label{side}"] if split else "Everybody"
            middle = int(one["denominator"] - one["numerator"] - other["numerator"])
            made.append(Parts(label, (int(one["numerator"]), max(middle, 0), int(other["numerator"]))))
    return made


def shares(source: Reader) -> tuple[list[CaseloadShare], str, str]:
    """Each district's share of places and of adults' proven reoffences, with the two periods; nothing where either is missing.

    Places are people at the reporting quarter's end, or where the level has no such table those of the latest year.
    """
    frequency = "reoffences_per_100"
    known = {cohort.id for cohort in source.cohorts()}
    if ADULTS not in known or cohort_of(source, AT_END) is None or cohort_of(source, frequency) is None:
        return [], "", ""
    places, offences = _places(source), _by_home(source, frequency)
    labels = [name for name in places if name in offences]
    if len(labels) < 2 or len(labels) < len(places):
        return [], "", ""
    counted = [_counted(name, offences[name]) for name in labels]
    whole = sum(int(places[name]["value"]) for name in labels)
    made = [
        CaseloadShare(share.place, int(places[share.place]["value"]), 100 * places[share.place]["value"] / whole, one.count, share)
        for share, one in zip(shares_of(counted), counted, strict=True)
    ]  # fmt: skip
    return made, places[labels[0]]["period_label"], offences[labels[0]]["period_label"]


def _places(source: Reader) -> dict[str, Row]:
    cohort = source.cohort(CASELOAD)
    for indicator, kind in ((AT_END, "quarter"), ("people_on_scheme", "year")):
        period = headlines.latest(source, cohort, kind)
        rows = data.rows(source, indicator, CASELOAD, [period], by="managing_district") if period else None
        if found := _inside(rows):
            return found
    return {}


def _by_home(source: Reader, indicator: str) -> dict[str, Row]:
    cohort = source.cohort(ADULTS)
    period = headlines.latest(source, cohort, "year")
    return _inside(data.rows(source, indicator, ADULTS, [period], by="home_district") if period else None)


def _inside(rows: Sequence[Row] | None) -> dict[str, Row]:
    """The districts of the area that have a figure, by name."""
    area = data.tiles()
    return {row["label1"]: row for row in rows or () if row["value"] is not None and (not area or row["val1"] in area)}


def _counted(name: str, row: Row) -> Counted:
    """The reoffences of a district with the limits of its frequency."""
    count = float(row["numerator"] if row["numerator"] is not None else row["value"] * row["denominator"] / 100)
    low, high = (row[end] if row[end] is not None else row["value"] for end in ("lower", "upper"))
    if not row["value"]:
        return Counted(name, 0.0, 0.0, high * (row["denominator"] or 0) / 100)
    return Counted(name, count, count * low / row["value"], count * high / row["value"])
