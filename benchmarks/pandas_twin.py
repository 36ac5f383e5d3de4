"""index_event for the area cohort in pandas, vectorised as well as a careful analyst would: the yardstick for the SQL.

It computes who enters (first release, conviction or caution of each quarter), what followed (reoffences, occasions,
days to the first, days in custody), age and home district. The SQL that it is timed against does more.
"""

import datetime as dt

import numpy as np
import pandas as pd

OPEN = pd.Timestamp("2200-01-01")
GRAVITY = {"custody": 1, "suspended": 2, "community": 3, "fine": 4, "discharge": 5, "other": 6, "caution": 7}
COLUMNS = [
    "person_key", "period", "index_date", "index_kind", "disposal", "age", "home_district",
    "reoffences", "reconviction_occasions", "days_to_first", "days_observed", "days_in_custody",
]  # fmt: skip


def index_event(
    tables: dict[str, pd.DataFrame], cutoff: dt.date, follow_up_days: int = 365, waiting_days: int = 183
) -> pd.DataFrame:
    """One row for each person and quarter of the area cohort (children and adults together), in COLUMNS."""
    end = pd.Timestamp(cutoff)
    tables = {name: _same_unit(frame) for name, frame in tables.items()}
    stays = _stays(tables["custody_spell"], end)
    proofs = _proofs(tables["offence"], end)
    entries = _entries(proofs, stays, tables, end)
    for name, found in (
        ("reoffences", _reoffences(entries, proofs, follow_up_days, waiting_days)),
        ("custody", _custody(entries, stays, tables["person"], end, follow_up_days)),
        ("age", _age(entries, tables["person"])),
        ("home", _home(entries, stays, tables["residence"])),
    ):
        entries = entries.merge(
            found, on=["person_key", "index_date"], how="left", validate="one_to_one", suffixes=("", f"_{name}")
        )
    filled = {"reoffences": 0, "reconviction_occasions": 0, "days_in_custody": 0, "home_district": "not_known"}
    return entries.fillna(filled).astype(
        {"reoffences": "int64", "reconviction_occasions": "int64", "days_in_custody": "int64"}
    )[COLUMNS]


def _same_unit(frame: pd.DataFrame) -> pd.DataFrame:
    """Every date in one unit: pandas refuses to join dates of different units."""
    dates = [name for name in frame.columns if name.endswith("_date") or name.startswith("date_of")]
    return frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[us]") for name in dates})


def _stays(spells: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    spells = spells.loc[
        spells["start_date"] <= end, ["person_key", "kind", "start_date", "end_date", "release_type"]
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
    return stays


def _proofs(offences: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
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
    return proofs


def _entries(
    proofs: pd.DataFrame, stays: pd.DataFrame, tables: dict[str, pd.DataFrame], end: pd.Timestamp
) -> pd.DataFrame:
    prison = proofs.loc[
        (proofs["disposal"] == "custody") & (proofs["outcome"] == "convicted"), ["person_key", "day"]
    ].drop_duplicates()
    ended = stays[(stays["end"] < OPEN) & (stays["ending"] != 2)].merge(
        tables["person"][["person_key", "date_of_death"]], how="left"
    )
    died = ended["date_of_death"].where(ended["date_of_death"] <= end)
    ended = ended[~(died <= ended["end"])].reset_index(drop=True).reset_index(names="stay")
    passed = ended.merge(prison, on="person_key")
    passed = passed[(passed["day"] >= passed["start"]) & (passed["day"] <= passed["end"])].groupby("stay")["day"].max()
    ended["sentence_day"] = passed.reindex(ended["stay"]).to_numpy()
    served = (
        ended["sentence_day"]
        .fillna(ended["end"])
        .where(ended["ending"] == 1, ended["end"].where(ended["sentence_day"] == ended["end"]))
    )
    ended["index_date"] = ended["end"].where(ended["sentenced"], served.where(~ended["recalled"]))
    releases = ended.loc[ended["index_date"].notna(), ["person_key", "index_date"]].assign(order=1, disposal="custody")

    court = proofs.loc[proofs["counts"], ["person_key", "day", "outcome", "disposal"]].copy()
    court["gravity"] = court["disposal"].map(GRAVITY).fillna(8)
    court = court.sort_values("gravity", kind="stable").drop_duplicates(["person_key", "day"])
    court = court.merge(prison.assign(prison=True), on=["person_key", "day"], how="left")
    court = court[court["disposal"].notna() & (court["disposal"] != "custody") & court["prison"].isna()]
    court["order"] = np.where(court["outcome"] == "convicted", 2, 3)
    events = pd.concat(
        [releases, court.rename(columns={"day": "index_date"})[["person_key", "index_date", "order", "disposal"]]]
    )
    events["period"] = events["index_date"].dt.to_period("Q").astype(str)
    events = events.sort_values(["person_key", "index_date", "order"]).drop_duplicates(["person_key", "period"])
    events["index_kind"] = events["order"].map({1: "release", 2: "conviction", 3: "caution"})
    return events.drop(columns="order").reset_index(drop=True)


def _reoffences(entries: pd.DataFrame, proofs: pd.DataFrame, follow_up: int, waiting: int) -> pd.DataFrame:
    pairs = entries[["person_key", "index_date"]].merge(
        proofs.loc[proofs["counts"], ["person_key", "offence_date", "proven_date", "occasion", "outcome"]],
        on="person_key",
    )
    pairs["days"] = (pairs["offence_date"] - pairs["index_date"]).dt.days
    proven = (pairs["proven_date"] - pairs["index_date"]).dt.days <= follow_up + waiting
    pairs = pairs[pairs["days"].between(1, follow_up) & proven]
    keys = ["person_key", "index_date"]
    found = pairs.groupby(keys).agg(reoffences=("days", "size"), days_to_first=("days", "min"))
    convicted = pairs[pairs["outcome"] == "convicted"].drop_duplicates([*keys, "occasion"])
    found["reconviction_occasions"] = convicted.groupby(keys).size()
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


def _age(entries: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    found = entries[["person_key", "index_date"]].merge(people[["person_key", "date_of_birth"]], how="left")
    day, born = found["index_date"].dt, found["date_of_birth"].dt
    early = day.month * 100 + day.day < born.month * 100 + born.day
    found["age"] = day.year - born.year - early.astype(int)
    return found.drop(columns="date_of_birth")


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
