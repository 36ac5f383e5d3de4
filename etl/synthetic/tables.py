"""From the simulation's record to plain tables with dates: what each agency could have known by the cut-off."""

import numpy as np
import polars as pl

from etl.synthetic.calendar import CUTOFF, FAR, START, as_dates
from etl.synthetic.chance import pick, stream
from etl.synthetic.crimes import CODE, GROUP, IN_CUSTODY_KINDS, MIX, NOT_RECORDABLE, TITLE
from etl.synthetic.justice import CHARGED, DISPOSALS, RECALL, REMAND, SENTENCE, SUPERVISION_AFTER_SHORT
from etl.synthetic.places import HOME_SHARE, HOMES
from etl.synthetic.simulation import Block

OUTCOMES = ("Charged", "Caution", "Community resolution", "Penalty notice", "NFA")
COURTS = ("Cambridge Magistrates", "Peterborough Magistrates", "Huntingdon Magistrates", "Cambridge Crown",
          "Peterborough Crown")  # fmt: skip
TOLD_COURT = np.array([0.58, 0.50, 0.36, 0.52, 0.55, 0.44])
"""Share of people sentenced while on a scheme whose case file told the court so, by the district that manages them, ..."""
TOLD_COURT_GAINS = 0.02
"""... in 2014, and what each year since then has added."""

DATE_CHANGED = {"HMP Peterborough": 0.26, "HMP Bedford": 0.48, "HMP Littlehey": 0.22}
"""Share of spells whose first notified release date changes, by prison; elsewhere about a third."""


def _by(date: np.ndarray) -> np.ndarray:
    """A day that the cut-off has reached; others are not yet known."""
    return np.where(date <= CUTOFF, date, FAR)


def offences(block: Block) -> pl.DataFrame:
    """Every offence of the period, one row each, with what was known of it by the cut-off."""
    found = block.incidents.filter(pl.col("day") >= START).with_row_index("incident")
    occasions = block.occasions.select("occasion", "sentence", "disposal", "sentence_days")
    found = found.join(occasions, on="occasion", how="left").join(_told_court(block), on="occasion", how="left")
    found = found.sort("incident")
    found = found.with_columns(pl.col("sentence").fill_null(FAR), pl.col("sentence_days").fill_null(0))
    rng = stream(block.seed, block.number, "offences")
    each = found.select(pl.all().repeat_by("offences").explode())
    rank = each.select(pl.int_range(pl.len()).over("incident"))["literal"].to_numpy()
    people, who = block.people, each["person"].to_numpy()
    size = len(who)
    other = (np.cumsum(MIX / MIX.sum(axis=1, keepdims=True), axis=1)[people.kind[who]] < rng.random((size, 1))).sum(1)
    crime = np.where(rank == 0, each["crime"].to_numpy(), np.minimum(other, MIX.shape[1] - 1))
    inside = each["inside"].to_numpy().astype(bool)
    crime = np.where(inside, IN_CUSTODY_KINDS[rng.integers(0, 3, size)], crime)
    on = each["day"].to_numpy()
    home = np.where(on < people.moves[who], people.home[who], people.second_home[who])
    away = rng.random(size)
    place = np.where((away < 0.80) & (home != 7), home, pick(rng.random(size), HOME_SHARE[:7]))
    place = np.where(away > 0.95, 6, place)
    outcome, proven = each["outcome"].to_numpy(), each["proven"].to_numpy()
    disposal = each["disposal"].fill_null(-2).to_numpy()
    charged = outcome == CHARGED
    decided = proven <= CUTOFF
    acquitted = charged & decided & ((disposal == -1) | ((rank > 0) & (rng.random(size) < 0.04)))
    convicted = charged & decided & ~acquitted
    sentence = each["sentence"].to_numpy()
    sentenced = convicted & (sentence <= CUTOFF) & (disposal >= 0)
    cautioned = (outcome == 1) & decided
    # The police know of a resolution or notice at once; of a caution not yet given, nothing.
    text = np.select(
        [convicted, acquitted, cautioned, outcome == 2, outcome == 3, outcome == 4],
        ["Convicted", "Not guilty", "Caution", "Community resolution", "PND", "NFA"], "Awaiting result",
    )  # fmt: skip
    shown = np.where(sentenced, np.array([*DISPOSALS, "none"])[np.maximum(disposal, -1)], "")
    shown = np.where(cautioned, "caution", shown)
    known = convicted | acquitted | cautioned
    length = np.where(sentenced & (disposal <= 1), each["sentence_days"].to_numpy(), 0)
    arrest = _by(each["arrest"].to_numpy())
    # The result that is recorded is the last: the sentence where there is one.
    final = np.where(sentenced, sentence, proven)
    return pl.DataFrame(
        {
            "person": who,
            "ref": each["incident"].to_numpy() * 16 + rank,
            "occasion": np.where(charged, each["occasion"].to_numpy(), -1),
            "offence_date": as_dates(on),
            "place": np.array(HOMES)[place],
            "arrest_date": as_dates(arrest),
            "first_hearing": as_dates(np.where(charged, _by(each["first"].to_numpy()), FAR)),
            "proven_date": as_dates(np.where(convicted | cautioned, proven, FAR)),
            "result_date": as_dates(np.where(known, proven, FAR)),
            "recorded_date": as_dates(np.where(known, _by(final + rng.integers(0, 18, size)), FAR)),
            "sentence_date": as_dates(np.where(sentenced, sentence, np.where(cautioned, proven, FAR))),
            "result": text,
            "disposal": shown,
            "sentence_days": length,
            "code": CODE[crime],
            "title": TITLE[crime],
            "group": GROUP[crime],
            "recordable": crime != NOT_RECORDABLE,
            "breach": False,
            "inside": inside,
            "court": np.where(
                charged,
                np.array(COURTS)[np.where(disposal == 0, 2, 0) + (who + np.abs(each["occasion"].to_numpy())) % 2],
                "",
            ),
            "told_court": np.where(sentenced, each["told_court"].fill_null(""), ""),
        }
    )


def _told_court(block: Block) -> pl.DataFrame:
    """The occasions on which somebody on a scheme was sentenced, and whether the court had that before it."""
    rng = stream(block.seed, block.number, "told court")
    found = block.occasions.select("occasion", "person", "sentence").join(
        block.episodes.select("person", "district", "start", "end"), on="person"
    )
    found = found.filter((pl.col("start") <= pl.col("sentence")) & (pl.col("sentence") < pl.col("end")))
    found = found.sort("occasion", "start").unique("occasion", keep="first", maintain_order=True)
    years = (found["sentence"].to_numpy() - START) / 365.25
    share = TOLD_COURT[np.minimum(found["district"].to_numpy(), 5)] + TOLD_COURT_GAINS * years
    return found.select("occasion", told_court=pl.Series(np.where(rng.random(found.height) < share, "Y", "N")))


def custody(block: Block) -> pl.DataFrame:
    """Spells in custody that touch the period, with release notifications for sentences and recalls."""
    rng = stream(block.seed, block.number, "custody")
    spells = block.spells.filter((pl.col("start") <= CUTOFF) & (pl.col("end") >= START)).sort("person", "start")
    spells = spells.unique(["person", "kind", "start"], keep="last", maintain_order=True)
    who, start = spells["person"].to_numpy(), spells["start"].to_numpy()
    size = len(who)
    kind, days = spells["kind"].to_numpy(), spells["sentence_days"].to_numpy()
    end = np.minimum(spells["end"].to_numpy(), np.maximum(block.people.died[who], start))
    out = end <= CUTOFF
    told = np.where(out, end, spells["due"].to_numpy())  # of those still inside, the day on which they are due out
    young = (start - block.people.born[who]) / 365.25 < 18
    prison = np.array(["HMP Peterborough", "HMP Bedford", "HMP Littlehey", "HMP Highpoint", "HMP Whitemoor"])[
        pick(rng.random(size), np.array([0.45, 0.2, 0.12, 0.15, 0.08]))
    ]
    prison = np.where(block.people.female[who], "HMP Peterborough Women", np.where(young, "YOI Wetherby", prison))
    choice = rng.random(size)
    release = np.select(
        [kind == REMAND, spells["time_served"].to_numpy() > 0, kind == RECALL, days >= 1461,
         (days < 365) & (end < SUPERVISION_AFTER_SHORT), (choice < 0.14) & (days < 1461)],
        ["bail", "time_served", "conditional", "parole", "at_sentence_end", "home_detention_curfew"], "conditional",
    )  # fmt: skip
    ends_in_court = (kind == REMAND) & np.isin(
        who * 100_000 + end,
        (spells.filter(pl.col("kind") == SENTENCE).select(pl.col("person") * 100_000 + pl.col("start")))[
            "person"
        ].to_numpy(),
    )
    release = np.where(ends_in_court, "transfer", release)
    notified = (kind != REMAND) & (told - start > 10)
    first_on = start + np.minimum(14, np.maximum((told - start) // 2, 1))
    changed = rng.random(size) < pl.Series(prison).replace_strict(DATE_CHANGED, default=0.34).to_numpy()
    first = np.where(changed, told + rng.integers(-30, 45, size), told)
    first = np.maximum(first, first_on)
    last_on = np.maximum(first_on, told - rng.integers(1, 40, size))
    notified &= first_on <= CUTOFF
    late = rng.random(size) < 0.07
    last = np.where(late & notified & changed, told + 1, told)
    police = np.maximum(told - rng.integers(-2, 21, size), start)
    police_told = notified & out & (rng.random(size) < 0.86)
    return pl.DataFrame(
        {
            "person": who,
            "kind": np.array(["", "Remand", "Sentenced", "Recall"])[kind],
            "start": as_dates(start),
            "end": as_dates(np.where(out, end, FAR)),
            "prison": prison,
            "release": np.where(out, release, ""),
            "first": as_dates(np.where(notified, first, FAR)),
            "first_on": as_dates(np.where(notified, first_on, FAR)),
            "last": as_dates(np.where(notified & (last_on <= CUTOFF), last, FAR)),
            "last_on": as_dates(np.where(notified, _by(last_on), FAR)),
            "police": as_dates(np.where(police_told, _by(police), FAR)),
            "days": np.where(days > 0, days, 0),
        }
    )


def supervision(block: Block) -> pl.DataFrame:
    """Orders and licences. Before February 2015 sentences under 12 months carried neither."""
    rng = stream(block.seed, block.number, "supervision")
    orders = block.occasions.filter(pl.col("disposal").is_in([1, 2]) & (pl.col("sentence") <= CUTOFF))
    who, start = orders["person"].to_numpy(), orders["sentence"].to_numpy()
    child = (start - block.people.born[who]) / 365.25 < 18
    name = np.where(orders["disposal"].to_numpy() == 1, "Suspended sentence order", "Community order")
    name = np.where(child, "Youth order", name)
    rows = [(who, start, orders["order_to"].to_numpy(), name)]
    out = block.spells.filter((pl.col("kind") == SENTENCE) & (pl.col("end") <= CUTOFF))
    who, start, days = (out[name].to_numpy() for name in ("person", "end", "sentence_days"))
    adult = (start - block.people.born[who]) / 365.25 >= 18
    supervised = adult & ((days >= 365) | (start >= SUPERVISION_AFTER_SHORT))
    who, start, days, began = who[supervised], start[supervised], days[supervised], out["start"].to_numpy()[supervised]
    ends = np.maximum(began + days, start + 1)
    rows.append((who, start, ends, np.full(len(who), "Licence")))
    short = (days < 730) & (ends < start + 365)
    rows.append((who[short], ends[short], start[short] + 365, np.full(short.sum(), "Post-sentence supervision")))
    who, start, ends, name = (np.concatenate([row[i] for row in rows]) for i in range(4))
    needed = np.array(["RAR 20 days", "Unpaid work 120h", "Drug rehabilitation", "Curfew", "Supervision only"])
    frame = pl.DataFrame(
        {
            "person": who,
            "kind": name,
            "start": as_dates(start),
            "end": as_dates(ends),
            "requirement": np.where(
                np.isin(name, ["Licence", "Post-sentence supervision"]),
                "Standard conditions",
                needed[rng.integers(0, 5, len(who))],
            ),
            "from_day": start,
            "to_day": ends,
        }
    )
    frame = frame.filter((pl.col("from_day") <= CUTOFF) & (pl.col("to_day") >= START))
    return frame.sort("person", "from_day", "kind").unique(["person", "kind", "from_day"], maintain_order=True)


def enforcement(block: Block, spells: pl.DataFrame) -> pl.DataFrame:
    """Breaches of orders, recalls, and warrants; a breach proved in court is a breach offence too."""
    rng = stream(block.seed, block.number, "enforcement")
    orders = spells.filter(pl.col("kind").is_in(["Community order", "Suspended sentence order"]))
    orders = orders.filter(pl.Series(rng.random(orders.height) < 0.24))
    start, stop = orders["from_day"].to_numpy(), np.minimum(orders["to_day"].to_numpy(), CUTOFF)
    seen = np.maximum(start + 10 + ((stop - start - 10) * rng.random(len(start))).astype(int), START)
    issued = seen + rng.integers(2, 25, len(start))
    done = issued + rng.integers(10, 60, len(start))
    proved = rng.random(len(start)) < 0.68
    parts = [
        (
            orders["person"].to_numpy(),
            np.full(len(start), "Breach"),
            seen,
            issued,
            done,
            np.where(proved, "proven", "withdrawn"),
        )
    ]
    recalls = block.recalls.filter(pl.col("day") >= START)
    on = recalls["day"].to_numpy()
    issued = on - rng.integers(0, 4, len(on))
    parts.append((recalls["person"].to_numpy(), np.full(len(on), "Recall"), issued - rng.integers(0, 3, len(on)), issued, on,
                  np.full(len(on), "returned")))  # fmt: skip
    missed = block.incidents.filter(
        (pl.col("outcome") == CHARGED) & (pl.col("mark") < 50_000_000) & (pl.col("day") >= START)
    )
    on = missed["first"].to_numpy()
    issued = on + rng.integers(0, 3, len(on))
    parts.append((missed["person"].to_numpy(), np.full(len(on), "Warrant"), on, issued, issued + rng.integers(2, 60, len(on)),
                  np.where(rng.random(len(on)) < 0.8, "executed", "withdrawn")))  # fmt: skip
    who, kind, seen, issued, done, result = (np.concatenate([part[i] for part in parts]) for i in range(6))
    frame = pl.DataFrame(
        {
            "person": who, "kind": kind, "identified": as_dates(seen), "issued": as_dates(_by(issued)),
            "executed": as_dates(_by(done)), "result": np.where(done <= CUTOFF, result, ""), "seen": seen, "done": done,
        }
    )  # fmt: skip
    return frame.filter(pl.col("seen") <= CUTOFF).sort("person", "seen", "kind")


def breach_offences(block: Block, events: pl.DataFrame) -> pl.DataFrame:
    """Breaches proved in court, as the police's crime file lists them."""
    rng = stream(block.seed, block.number, "breach offences")
    proved = events.filter((pl.col("kind") == "Breach") & (pl.col("result") == "proven") & (pl.col("done") <= CUTOFF))
    who, seen, done = proved["person"].to_numpy(), proved["seen"].to_numpy(), proved["done"].to_numpy()
    home = np.where(seen < block.people.moves[who], block.people.home[who], block.people.second_home[who])
    size = len(who)
    return pl.DataFrame(
        {
            "person": who, "ref": 8_000_000 + np.arange(size), "occasion": 8_000_000 + np.arange(size),
            "offence_date": as_dates(seen), "place": np.array(HOMES)[home],
            "arrest_date": as_dates(np.full(size, FAR)), "first_hearing": as_dates(done), "proven_date": as_dates(done),
            "result_date": as_dates(done), "recorded_date": as_dates(_by(done + 3)), "sentence_date": as_dates(done),
            "result": np.full(size, "Convicted"), "disposal": np.where(rng.random(size) < 0.5, "fine", "other"),
            "sentence_days": np.zeros(size, np.int64), "code": np.full(size, "66/91"),
            "title": np.full(size, "Breach of a community or suspended order"), "group": np.full(size, "breach"),
            "recordable": np.full(size, True), "breach": np.full(size, True), "inside": np.full(size, False),
            "court": np.array(COURTS)[who % 2], "told_court": np.full(size, ""),
        }
    )  # fmt: skip


def arrests(block: Block) -> pl.DataFrame:
    """Custody records: arrests with the drug test and mental-health screen that followed."""
    rng = stream(block.seed, block.number, "arrests")
    found = block.incidents.filter(
        (pl.col("arrest") >= START) & (pl.col("arrest") <= CUTOFF) & ~pl.col("inside").cast(pl.Boolean)
    )
    found = found.filter(pl.Series(rng.random(found.height) < 0.82))
    who, on = found["person"].to_numpy(), found["arrest"].to_numpy()
    size = len(who)
    home = np.where(on < block.people.moves[who], block.people.home[who], block.people.second_home[who])
    place = np.where(home < 6, home, pick(rng.random(size), HOME_SHARE[:6]))
    draw, drugs = rng.random(size), block.people.drugs[who]
    test = np.where(drugs, np.select([draw < 0.45, draw < 0.52, draw < 0.57], ["Positive", "Negative", "Refused"], "Not tested"),
                    np.select([draw < 0.05, draw < 0.30, draw < 0.32], ["Positive", "Negative", "Refused"], "Not tested"))  # fmt: skip
    screened = rng.random(size) < 0.7
    contact = screened & (rng.random(size) < 0.3 * block.people.needs[who, 3])
    return pl.DataFrame(
        {
            "person": who, "number": np.arange(size), "arrest": as_dates(on), "place": np.array(HOMES)[place], "test": test,
            "screened": np.where(screened, "Y", "N"),
            "contact": as_dates(np.where(contact, _by(on + rng.integers(0, 15, size)), FAR)),
        }
    )  # fmt: skip


def sanctions(block: Block) -> pl.DataFrame:
    """First sanction and the number before October 2014: history that the offence table does not reach."""
    first = np.where(block.first_sanction <= CUTOFF, block.first_sanction, FAR)
    return pl.DataFrame({"first": as_dates(first), "before": block.sanctions_before})
