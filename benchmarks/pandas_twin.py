"""index_event for the area cohort in pandas, vectorised as well as a careful analyst would: the yardstick for the SQL.

It makes every column that the SQL makes, from the same tables, and a test holds the two equal row for row.
"""

import datetime as dt

import numpy as np
import pandas as pd

from metrics.offences import kind as offence_kind
from metrics.ogrs3 import band, category, probability

OPEN = pd.Timestamp("2200-01-01")
GRAVITY = {"custody": 1, "suspended": 2, "community": 3, "fine": 4, "discharge": 5, "other": 6, "caution": 7}
KEYS = ["person_key", "index_date"]
READ = {
    "person": "person_key, sex, ethnicity, date_of_birth, date_of_death, sanctions_before, first_sanction_date",
    "offence": "person_key, occasion_key, offence_date, proven_date, outcome, sentence_date, disposal, offence_district, "
    "sentence_days, offence_code, offence_group, recordable, breach, in_custody",
    "custody_spell": "person_key, kind, start_date, end_date, release_type, sentence_days",
    "residence": "person_key, district, from_date, to_date",
    "supervision_spell": "person_key, start_date, end_date",
    "scheme_episode": "person_key, scheme, category, managing_district, start_date, end_date",
    "scheme_state": "person_key, scheme, kind, value, from_date, to_date",
    "need": "person_key, pathway, assessed_on, level",
}
"""The tables that the twin needs and, as a careful analyst would, only the columns that it needs."""
COLUMNS = [
    "person_key", "period", "index_date", "index_kind", "sex", "ethnicity", "age_band", "age_group", "young_adult",
    "home_district", "managing_district", "offence_district", "disposal", "sentence_length", "statutory", "prior_band",
    "category", "tier", "strand", "scheme", "need", "reoffended", "reoffences", "reconviction_occasions",
    "acquisitive_reoffences", "severity", "days_to_first",
    "days_observed", "days_in_custody", "days_at_liberty", "liberty_offences", "ogrs_category", "ogrs_band", "ogrs3",
]  # fmt: skip


def index_event(
    tables: dict[str, pd.DataFrame], cutoff: dt.date, follow_up_days: int = 365, waiting_days: int = 183
) -> pd.DataFrame:
    """One row for each person and quarter of the area cohort (children and adults together), in COLUMNS."""
    end = pd.Timestamp(cutoff)
    tables = {name: _same_unit(frame) for name, frame in tables.items()}
    stays = _stays(tables["custody_spell"], end)
    proofs = _proofs(tables["offence"], stays, end)
    proofs = proofs.merge(_kinds(tables["offence"]), on=["offence_code", "offence_group"], how="left")
    counted = proofs[proofs["counts"]]
    court = _court(counted)
    entries = _entries(proofs, court, stays, tables, end)
    for found in (
        _reoffences(entries, counted, follow_up_days, waiting_days),
        _custody(entries, stays, tables["person"], end, follow_up_days),
        _person(entries, tables["person"]),
        _home(entries, stays, tables["residence"]),
        _statutory(entries, tables["supervision_spell"]),
        _scheme(entries, tables["scheme_episode"], tables["scheme_state"], end),
        _need(entries, tables["need"]),
        _ogrs(entries, counted, court, stays, tables["person"], end, follow_up_days),
    ):
        entries = entries.merge(found, on=KEYS, how="left", validate="one_to_one")
    entries["prior_band"] = _prior_band(entries, counted)
    days = entries["sentence_days"]
    length = np.select(
        [entries["disposal"] != "custody", days < 365, days < 1460, days >= 1460],
        ["not_custody", "under_12_months", "12_months_to_4_years", "4_years_or_more"], "not_known",
    )  # fmt: skip
    entries["sentence_length"] = length
    whole = ["reoffences", "reconviction_occasions", "acquisitive_reoffences", "days_in_custody", "liberty_offences"]
    words = {"home_district": "not_known", "offence_district": "not_known", "managing_district": "none", "category": "none",
             "tier": "none", "strand": "none"}  # fmt: skip
    entries = entries.fillna(dict.fromkeys(whole, 0) | words | {"severity": 0}).astype(dict.fromkeys(whole, "int64"))
    entries["severity"] = entries["severity"] / 100
    if not _kinds(tables["offence"])["told"].any():
        entries[["acquisitive_reoffences", "severity"]] = None
    unsupervised = "not_known" if tables["supervision_spell"].empty else "not_statutory"
    entries["statutory"] = entries["statutory"].fillna(unsupervised)
    entries["reoffended"] = entries["reoffences"] > 0
    entries["days_at_liberty"] = entries["days_observed"] - entries["days_in_custody"]
    if tables["custody_spell"].empty:
        entries[["days_in_custody", "days_at_liberty", "liberty_offences"]] = None
    for name in ("scheme", "need"):
        entries[name] = entries[name].where(entries[name].notna(), pd.Series([()] * len(entries), index=entries.index))
    return entries[COLUMNS]


def _kinds(offences: pd.DataFrame) -> pd.DataFrame:
    """What each code and group tells of an offence."""
    found = offences[["offence_code", "offence_group"]].drop_duplicates()
    kinds = [offence_kind(None if pd.isna(code) else code, group) for code, group in found.itertuples(index=False)]
    return found.assign(
        severity=[one.severity for one in kinds], acquisitive=[one.acquisitive for one in kinds], told=[one.told for one in kinds]
    )  # fmt: skip


def _same_unit(frame: pd.DataFrame) -> pd.DataFrame:
    """Every date in one unit: pandas refuses to join dates of different units."""
    dates = [name for name in frame.columns if name.endswith(("_date", "_on")) or name.startswith("date_of")]
    return frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[us]") for name in dates})


def _stays(spells: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    spells = spells.loc[
        spells["start_date"] <= end, ["person_key", "kind", "start_date", "end_date", "release_type", "sentence_days"]
    ].copy()
    spells["end_date"] = spells["end_date"].where(spells["end_date"] <= end, OPEN).fillna(OPEN)
    spells = spells.sort_values(["person_key", "start_date", "end_date"], ignore_index=True)
    reach = spells.groupby("person_key")["end_date"].cummax().shift()
    fresh = (spells["person_key"] != spells["person_key"].shift()) | (
        spells["start_date"] > reach + pd.Timedelta(days=1)
    )
    spells["stay"] = fresh.cumsum()
    spells["sentenced"], spells["recalled"] = spells["kind"] == "sentence", spells["kind"] == "recall"
    spells["ending"] = spells["release_type"].map({"time_served": 1, "transfer": 2}).fillna(0)
    last = (
        spells.sort_values(["stay", "end_date", "ending"])
        .drop_duplicates("stay", keep="last")
        .set_index("stay")["ending"]
    )
    stays = spells.groupby("stay").agg(
        person_key=("person_key", "first"), start=("start_date", "min"), end=("end_date", "max"),
        sentenced=("sentenced", "any"), recalled=("recalled", "any"),
    )  # fmt: skip
    stays["ending"] = last
    length = {
        kind: spells[spells["kind"] == kind].groupby("stay")["sentence_days"].max() for kind in ("sentence", "recall")
    }
    stays["sentence_days"] = length["sentence"].reindex(stays.index).fillna(length["recall"].reindex(stays.index))
    return stays


def _proofs(offences: pd.DataFrame, stays: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    kept = (
        offences["outcome"].isin(["convicted", "cautioned"])
        & (offences["proven_date"] <= end)
        & (offences["offence_date"] <= end)
    )
    proofs = offences.loc[kept].copy()
    convicted = proofs["outcome"] == "convicted"
    proofs["day"] = proofs["sentence_date"].where(convicted).fillna(proofs["proven_date"])
    proofs["occasion"] = proofs["occasion_key"].fillna(proofs["proven_date"].dt.strftime("%Y-%m-%d"))
    proofs["disposal"] = proofs["disposal"].where(convicted, "caution").where(proofs["day"] <= end)
    proofs["counts"] = proofs["recordable"].astype(bool) & ~proofs["breach"].astype(bool)
    proofs = proofs.reset_index(drop=True)
    near = proofs.loc[proofs["counts"], ["person_key", "offence_date"]].reset_index().merge(
        stays[["person_key", "start", "end"]], on="person_key"
    )  # fmt: skip
    inside = near.loc[(near["start"] < near["offence_date"]) & (near["offence_date"] < near["end"]), "index"]
    proofs["inside"] = proofs["in_custody"].astype(bool) | proofs.index.isin(inside)
    counted = proofs[proofs["counts"]]
    first = counted.groupby(["person_key", "occasion"], as_index=False).agg(occasion_day=("proven_date", "min"))
    first["before"] = first.groupby("person_key")["occasion_day"].rank(method="min") - 1
    return proofs.merge(first, on=["person_key", "occasion"], how="left")


def _court(counted: pd.DataFrame) -> pd.DataFrame:
    """The gravest proof of each person's day in court."""
    court = counted[
        ["person_key", "day", "outcome", "disposal", "offence_date", "offence_district", "sentence_days", "before",
         "offence_code", "proven_date"]
    ]  # fmt: skip
    codes = {code: category(code) for code in court["offence_code"].dropna().unique()}
    court = court.assign(
        gravity=court["disposal"].map(GRAVITY).fillna(8), short=-court["sentence_days"].fillna(-1),
        ogrs_category=court["offence_code"].map(codes),
    )  # fmt: skip
    order = ["gravity", "offence_date", "offence_district", "short", "before", "ogrs_category", "proven_date"]
    return court.sort_values(order).drop_duplicates(["person_key", "day"])


def _entries(
    proofs: pd.DataFrame, court: pd.DataFrame, stays: pd.DataFrame, tables: dict[str, pd.DataFrame], end: pd.Timestamp
) -> pd.DataFrame:
    deaths = tables["person"][["person_key", "date_of_death"]]
    prison = proofs.loc[
        (proofs["disposal"] == "custody") & (proofs["outcome"] == "convicted"), ["person_key", "day"]
    ].drop_duplicates()
    sentences = court[court["disposal"] == "custody"]
    releases = pd.concat(
        [_releases(stays, prison, sentences, deaths, end), _served_before(stays, sentences, deaths, end)]
    )
    court = court.merge(prison.assign(prison=True), on=["person_key", "day"], how="left")
    court = court[court["disposal"].notna() & (court["disposal"] != "custody") & court["prison"].isna()]
    court = court.assign(order=np.where(court["outcome"] == "convicted", 2, 3), sentence_days=np.nan, since=pd.NaT)
    kept = ["person_key", "index_date", "order", "disposal", "offence_district", "sentence_days", "before", "since"]
    events = pd.concat([releases[kept], court.rename(columns={"day": "index_date"})[kept]])
    events["period"] = events["index_date"].dt.year.astype(str) + "Q" + events["index_date"].dt.quarter.astype(str)
    events = events.sort_values(["person_key", "index_date", "order"]).drop_duplicates(["person_key", "period"])
    events["index_kind"] = events["order"].map({1: "release", 2: "conviction", 3: "caution"})
    return events.drop(columns="order").reset_index(drop=True)


def _living(frame: pd.DataFrame, deaths: pd.DataFrame, day: str, end: pd.Timestamp) -> pd.DataFrame:
    frame = frame.merge(deaths, on="person_key", how="left")
    died = frame["date_of_death"].where(frame["date_of_death"] <= end)
    return frame[~(died <= frame[day])].reset_index(drop=True)


def _releases(
    stays: pd.DataFrame, prison: pd.DataFrame, sentences: pd.DataFrame, deaths: pd.DataFrame, end: pd.Timestamp
) -> pd.DataFrame:
    ended = _living(stays[(stays["end"] < OPEN) & (stays["ending"] != 2)], deaths, "end", end).reset_index(names="stay")
    passed = ended[["stay", "person_key", "start", "end"]].merge(prison, on="person_key")
    passed = passed[(passed["day"] >= passed["start"]) & (passed["day"] <= passed["end"])].groupby("stay")["day"].max()
    ended["sentence_day"] = passed.reindex(ended["stay"]).to_numpy()
    served = (
        ended["sentence_day"]
        .fillna(ended["end"])
        .where(ended["ending"] == 1, ended["end"].where(ended["sentence_day"] == ended["end"]))
    )
    ended["index_date"] = ended["end"].where(ended["sentenced"], served.where(~ended["recalled"]))
    ended = ended[ended["index_date"].notna()]
    told = ended[["stay", "person_key", "start", "index_date"]].merge(
        sentences[["person_key", "day", "offence_district", "sentence_days", "before"]], on="person_key"
    )
    told = told[(told["day"] >= told["start"] - pd.Timedelta(days=1)) & (told["day"] <= told["index_date"])]
    told = told.sort_values("day").drop_duplicates("stay", keep="last").set_index("stay")
    told = told[["offence_district", "sentence_days", "before"]].rename(columns={"sentence_days": "court_days"})
    ended = ended.join(told, on="stay")
    ended["sentence_days"] = ended["sentence_days"].fillna(ended["court_days"])
    return ended.rename(columns={"start": "since"}).assign(order=1, disposal="custody")


def _served_before(
    stays: pd.DataFrame, sentences: pd.DataFrame, deaths: pd.DataFrame, end: pd.Timestamp
) -> pd.DataFrame:
    """Sentenced to custody while free, half of it or more served on remand since the offence, in stays that had ended."""
    found = _living(sentences[sentences["day"] <= end], deaths, "day", end).reset_index(names="sentence")
    near = found[["sentence", "person_key", "day", "offence_date"]].merge(
        stays[["person_key", "start", "end", "sentenced", "recalled"]], on="person_key"
    )
    held = near.loc[(near["start"] <= near["day"] + pd.Timedelta(days=1)) & (near["end"] >= near["day"]), "sentence"]
    before = near[
        ~near["sentenced"] & ~near["recalled"] & (near["start"] >= near["offence_date"]) & (near["end"] < near["day"])
    ]
    served = (before["end"] - before["start"]).dt.days.groupby(before["sentence"]).sum()
    found["served"] = served.reindex(found["sentence"]).to_numpy()
    found = found[(found["served"] * 2 >= found["sentence_days"]) & ~found["sentence"].isin(held)]
    return found.rename(columns={"day": "index_date"}).assign(order=1, since=pd.NaT)


def _prior_band(entries: pd.DataFrame, counted: pd.DataFrame) -> np.ndarray:
    """Occasions before the index offence's own; without an index offence, before custody began or the index date."""
    unknown = entries.loc[entries["before"].isna(), ["person_key", "index_date", "since"]].reset_index(names="entry")
    unknown["until"] = unknown["since"].fillna(unknown["index_date"])
    occasions = counted[["person_key", "occasion", "occasion_day"]].drop_duplicates(["person_key", "occasion"])
    pairs = unknown.merge(occasions[["person_key", "occasion_day"]], on="person_key")
    counts = pairs[pairs["occasion_day"] < pairs["until"]].groupby("entry").size()
    before = entries["before"].fillna(counts.reindex(entries.index)).fillna(0)
    prior = entries["sanctions_before"] + before
    return np.select(
        [prior.isna(), prior == 0, prior <= 2, prior <= 6, prior <= 10], ["not_known", "0", "1-2", "3-6", "7-10"], "11+"
    )


def _reoffences(entries: pd.DataFrame, counted: pd.DataFrame, follow_up: int, waiting: int) -> pd.DataFrame:
    pairs = entries[KEYS].merge(
        counted[
            ["person_key", "offence_date", "proven_date", "occasion", "outcome", "inside", "severity", "acquisitive"]
        ],
        on="person_key",
    )
    pairs["days"] = (pairs["offence_date"] - pairs["index_date"]).dt.days
    proven = (pairs["proven_date"] - pairs["index_date"]).dt.days <= follow_up + waiting
    pairs = pairs[pairs["days"].between(1, follow_up) & proven]
    pairs = pairs.assign(at_liberty=~pairs["inside"])
    found = pairs.groupby(KEYS).agg(
        reoffences=("days", "size"), days_to_first=("days", "min"), liberty_offences=("at_liberty", "sum"),
        acquisitive_reoffences=("acquisitive", "sum"), severity=("severity", "sum"),
    )  # fmt: skip
    convicted = pairs[pairs["outcome"] == "convicted"].drop_duplicates([*KEYS, "occasion"])
    found["reconviction_occasions"] = convicted.groupby(KEYS).size()
    return found.reset_index()


def _custody(
    entries: pd.DataFrame, stays: pd.DataFrame, people: pd.DataFrame, end: pd.Timestamp, follow_up: int
) -> pd.DataFrame:
    found = entries[["person_key", "index_date"]].merge(people[["person_key", "date_of_death"]], how="left")
    died = found["date_of_death"].where(found["date_of_death"] <= end)
    found["days_observed"] = np.minimum(
        follow_up, np.minimum((end - found["index_date"]).dt.days, (died - found["index_date"]).dt.days.fillna(10**6))
    ).clip(lower=0)
    pairs = found.merge(stays[["person_key", "start", "end"]], on="person_key")
    first = (pairs["start"] - pairs["index_date"]).dt.days.clip(lower=1)
    last = np.minimum((pairs["end"] - pairs["index_date"]).dt.days, pairs["days_observed"] + 1)
    pairs["days_in_custody"] = (last - first).clip(lower=0)
    inside = pairs.groupby(["person_key", "index_date"])["days_in_custody"].sum()
    found = found.drop(columns="date_of_death").astype({"days_observed": "int64"})
    return found.merge(inside.reset_index(), on=["person_key", "index_date"], how="left")


def _person(entries: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    found = entries[KEYS].merge(
        people[["person_key", "sex", "ethnicity", "date_of_birth", "sanctions_before"]], on="person_key", how="left"
    )
    day, born = found["index_date"].dt, found["date_of_birth"].dt
    age = day.year - born.year - (day.month * 100 + day.day < born.month * 100 + born.day).astype(int)
    age = age.where(age.between(10, 120))
    edges, bands = (
        [10, 15, 18, 21, 25, 30, 35, 40, 50, 121],
        ["10-14", "15-17", "18-20", "21-24", "25-29", "30-34", "35-39", "40-49", "50+"],
    )
    found["age_band"] = pd.cut(age, edges, right=False, labels=bands).astype(object).fillna("not_known")
    found["age_group"] = np.select([age.isna(), age < 18], ["not_known", "child"], "adult")
    found["young_adult"] = np.select([age.isna(), age.between(18, 25)], ["not_known", "yes"], "no")
    return found.drop(columns="date_of_birth").fillna({"sex": "not_known", "ethnicity": "not_known"})


def _home(entries: pd.DataFrame, stays: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    found = entries[["person_key", "index_date"]]
    inside = found.merge(stays[["person_key", "start", "end"]], on="person_key")
    inside = inside[(inside["start"] < inside["index_date"]) & (inside["index_date"] <= inside["end"])]
    before = inside.groupby(["person_key", "index_date"])["start"].min().reset_index()
    found = found.merge(before, how="left")
    found["asked"] = (found["start"] - pd.Timedelta(days=1)).fillna(found["index_date"])
    homes = homes.sort_values(["from_date", "to_date", "district"], na_position="last").drop_duplicates(
        ["person_key", "from_date"], keep="last"
    )
    placed = pd.merge_asof(
        found.sort_values("asked"), homes[["person_key", "from_date", "district"]].sort_values("from_date"),
        left_on="asked", right_on="from_date", by="person_key",
    )  # fmt: skip
    return placed.rename(columns={"district": "home_district"})[["person_key", "index_date", "home_district"]]


def _statutory(entries: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    pairs = entries[KEYS].merge(orders, on="person_key")
    covers = (pairs["start_date"] <= pairs["index_date"]) & ~(pairs["end_date"] <= pairs["index_date"])
    return pairs.loc[covers, KEYS].drop_duplicates().assign(statutory="statutory")


def _scheme(entries: pd.DataFrame, episodes: pd.DataFrame, states: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """Every scheme that was open; the episode that places the person is IOM's first, then the latest begun."""
    pairs = entries[KEYS].merge(episodes, on="person_key")
    ended = pairs["end_date"].where(pairs["end_date"] <= end)
    pairs = pairs[(pairs["start_date"] <= pairs["index_date"]) & ~(ended <= pairs["index_date"])]
    pairs = pairs.assign(other=pairs["scheme"] != "iom", began=-pairs["start_date"].astype("int64"))
    pairs = pairs.sort_values([*KEYS, "other", "began", "scheme", "managing_district"])
    first = pairs.drop_duplicates(KEYS)[[*KEYS, "scheme", "category", "managing_district"]].fillna(
        {"category": "not_known"}
    )
    told = first[[*KEYS, "scheme"]].merge(states, on=["person_key", "scheme"])
    told = told[(told["from_date"] <= told["index_date"]) & ~(told["to_date"] <= told["index_date"])]
    told = told.assign(began=-told["from_date"].astype("int64")).sort_values([*KEYS, "began", "value"])
    for kind in ("tier", "strand"):
        latest = told[told["kind"] == kind].drop_duplicates(KEYS)[[*KEYS, "value"]]
        first = first.merge(latest.rename(columns={"value": kind}), on=KEYS, how="left")
    every = pairs.drop_duplicates([*KEYS, "scheme"]).sort_values([*KEYS, "scheme"]).groupby(KEYS)["scheme"].agg(tuple)
    return first.drop(columns="scheme").merge(every.reset_index(), on=KEYS)


def _need(entries: pd.DataFrame, needs: pd.DataFrame) -> pd.DataFrame:
    pairs = entries[KEYS].merge(needs, on="person_key")
    days = (pairs["index_date"] - pairs["assessed_on"]).dt.days
    pairs = pairs[days.between(0, 365)]
    pairs = pairs.assign(none=pairs["level"] == "none").sort_values(["assessed_on", "none"], ascending=[False, True])
    latest = pairs.drop_duplicates([*KEYS, "pathway"])
    found = latest[~latest["none"]].sort_values([*KEYS, "pathway"])
    return found.groupby(KEYS)["pathway"].agg(tuple).rename("need").reset_index()


def _years(born: pd.Series, day: pd.Series) -> pd.Series:
    """Completed years."""
    late = born.dt.month * 100 + born.dt.day > day.dt.month * 100 + day.dt.day
    return (day.dt.year - born.dt.year - late).where(born.notna() & day.notna())


def _ogrs(  # noqa: PLR0917
    entries: pd.DataFrame, counted: pd.DataFrame, court: pd.DataFrame, stays: pd.DataFrame, people: pd.DataFrame,
    end: pd.Timestamp, follow_up: int,
) -> pd.DataFrame:  # fmt: skip
    """Category, band and probability, from the sanction that the index date follows and those before it."""
    ended = stays.loc[stays["sentenced"], ["person_key", "start", "end"]].rename(columns={"end": "index_date"})
    found = entries[KEYS].merge(ended, on=KEYS, how="left")
    pairs = found.merge(court, on="person_key")
    inside = (pairs["disposal"] == "custody") & (pairs["day"] >= pairs["start"] - pd.Timedelta(days=1))
    pairs = pairs[(pairs["day"] <= pairs["index_date"]) & (pairs["start"].isna() | inside)]
    found = pairs.sort_values("day").drop_duplicates(KEYS, keep="last")
    firsts = counted.groupby("person_key")["occasion_day"].min().rename("first_day").reset_index()
    convicted = counted[counted["outcome"] == "convicted"].groupby("person_key")["occasion_day"].min()
    found = found.merge(firsts, on="person_key").merge(
        convicted.rename("convicted_day").reset_index(), on="person_key", how="left"
    )
    asked = ["person_key", "sex", "date_of_birth", "sanctions_before", "first_sanction_date"]
    found = found.merge(people[asked], on="person_key")
    earlier = found["sanctions_before"]
    told = found["first_sanction_date"].where(found["first_sanction_date"] <= np.minimum(end, found["proven_date"]))
    told = np.minimum(told, found["first_day"]).where(told.notna())
    first = found["first_day"].where(earlier == 0, told)
    cautioned = (found["outcome"] == "cautioned") & (earlier == 0) & ~(found["convicted_day"] <= found["day"])
    one, two = probability(
        sex=found["sex"].to_numpy(), age=_years(found["date_of_birth"], found["index_date"]),
        age_at_conviction=_years(found["date_of_birth"], found["proven_date"]),
        age_first_sanction=_years(found["date_of_birth"], first), previous_sanctions=earlier + found["before"],
        category=found["ogrs_category"].where(found["ogrs_category"].notna(), None).tolist(), cautioned_only=cautioned,
    )  # fmt: skip
    scored = found[KEYS].assign(
        ogrs_category=found["ogrs_category"].fillna("not_known"),
        ogrs_band=band(two),
        ogrs3=one if follow_up <= 365 else two,
    )
    return (
        entries[KEYS]
        .merge(scored, on=KEYS, how="left")
        .fillna({"ogrs_category": "not_known", "ogrs_band": "not_scorable"})
    )
