"""What the scheme's own records hold: episodes, dated states, decisions, contacts, needs, circumstances."""

import datetime as dt
from collections.abc import Iterator

import numpy as np
import polars as pl

from etl.synthetic import after_prison
from etl.synthetic.calendar import CUTOFF, FAR, START, as_dates, day
from etl.synthetic.chance import pick, stream
from etl.synthetic.places import HOME_LABELS, LABELS, THRESHOLD
from etl.synthetic.referrals import NOT_STARTED
from etl.synthetic.schemes import DECISIONS, DETER, EXITS, IOM, ROUTES
from etl.synthetic.simulation import Block
from etl.synthetic.truth import SCHEMES

NEW_CATEGORIES = day(dt.date(2021, 1, 1))
"""The national fixed, flex and free replaced local names here."""
REVIEW_EVERY = 91
ON_TIME = np.array([0.82, 0.74, 0.61, 0.78, 0.85, 0.70])
"""Share of reviews of the tier that each district makes by the day that they are due."""
KEPT = np.array([0.72, 0.69, 0.61, 0.70, 0.73, 0.66])
"""Share of required contacts kept by the people whom each district manages; an eighth are missed for a good reason."""
EXCUSED = 0.13
CAUGHT = 0.85
"""Share of those who refuse consent who are moved to catch and control, as the policy has it."""


def episodes(block: Block) -> pl.DataFrame:
    """Spells on a scheme that touch the period; the scheme as each agency's register words it."""
    rng = stream(block.seed, block.number, "episodes")
    found = block.episodes.filter((pl.col("end") >= START) & (pl.col("start") <= CUTOFF)).sort(
        "person", "scheme", "start"
    )
    found = found.unique(["person", "scheme", "start"], keep="last", maintain_order=True)
    size = found.height
    scheme, start, end = (found[name].to_numpy() for name in ("scheme", "start", "end"))
    open_still = end > CUTOFF
    draw = rng.random(size)
    rank = np.where(draw < 0.45, 0, np.where(draw < 0.88, 1, 2))
    category = np.where(
        start >= NEW_CATEGORIES,
        np.array(["Fixed", "Flex", "Free"])[rank],
        np.array(["Priority", "Standard", "Voluntary"])[rank],
    )
    agency = np.array(["Police", "Probation", "Council"])[pick(rng.random(size), np.array([0.45, 0.5, 0.05]))]
    agency = np.where(scheme == DETER, "Youth Justice", agency)
    return found.select("person", "scheme", "district").with_columns(
        name=pl.Series(np.array([name.upper() for name in SCHEMES])[scheme]),
        category=pl.Series(np.where(scheme == IOM, category, "")),
        route=pl.Series(np.array(ROUTES)[found["route"].to_numpy()]),
        agency=pl.Series(agency),
        place=pl.Series(np.array(LABELS)[np.minimum(found["district"].to_numpy(), 5)]),
        start=as_dates(start),
        end=as_dates(np.where(open_still, FAR, end)),
        exit=pl.Series(np.where(open_still, "", np.array([*EXITS, ""])[found["reason"].to_numpy()])),
        from_day=pl.Series(start),
        to_day=pl.Series(np.minimum(end, CUTOFF + 1)),
        draw=pl.Series(draw),
    )


def states(block: Block, spells: pl.DataFrame) -> pl.DataFrame:
    """Tier, strand and consent through each IOM episode: set at the start, changed at some reviews.

    The tier is marked anew at every review, changed or not, with the day that the next is due.
    """
    rng = stream(block.seed, block.number, "states")
    iom = spells.filter((pl.col("scheme") == IOM) & (pl.col("to_day") > pl.col("from_day")))
    who, start, stop = (iom[name].to_numpy() for name in ("person", "from_day", "to_day"))
    place = np.minimum(iom["district"].to_numpy(), 5)
    ended = iom["end"].is_not_null().to_numpy()
    size = len(who)
    change = np.sort(start[:, None] + (150 + 500 * rng.random((size, 2))).astype(int), axis=1)
    rows = []
    kinds = (
        ("Tier", ["T1", "T2", "T3"], [0.35, 0.40, 0.25], 2),
        ("Consent", ["Consented", "Not sought", "Refused"], [0.72, 0.16, 0.12], 0),
        ("Strand", ["Prevent and deter", "Catch and control", "Rehabilitate and resettle"], [0.2, 0.45, 0.35], 1),
    )
    caught = np.zeros(size, bool)
    for label, values, share, changes in kinds:
        value = pick(rng.random(size), np.array(share))
        if label == "Consent":
            caught = (value == 2) & (rng.random(size) < CAUGHT)
        begin = start.copy()
        for step in range(changes + 1):
            over = change[:, step] if step < changes else np.full(size, FAR)
            until = np.where(over < stop, over, stop)
            alive = begin < stop
            last = until >= stop
            closed = np.where(last & ~ended, FAR, until)
            said = np.where(caught, 1, value) if label == "Strand" else value
            found = (who[alive], np.array(values)[said][alive], begin[alive], closed[alive])
            if label == "Tier":
                rows += [(np.full(len(part[0]), label), *part) for part in _reviewed(block, step, place[alive], found)]
            else:
                rows.append((np.full(alive.sum(), label), *found, np.full(alive.sum(), FAR)))
            begin = until
            value = (value + 1 + (rng.random(size) < 0.4)) % len(values)
    kind, who, value, begin, until, review = (np.concatenate([row[i] for row in rows]) for i in range(6))
    frame = pl.DataFrame(
        {
            "person": who,
            "kind": kind,
            "value": value,
            "from": as_dates(begin),
            "to": as_dates(until),
            "review": as_dates(review),
        }
    )
    return frame.sort("person", "kind", "from")


def _reviewed(
    block: Block, step: int, place: np.ndarray, marked: tuple[np.ndarray, ...]
) -> Iterator[tuple[np.ndarray, ...]]:
    """A tier's stretches, each from one review to the next (person, value, from, to, review due), till it ends."""
    rng = stream(block.seed, block.number, f"reviews {step}")
    who, value, begin, until = marked
    while len(who):
        due = begin + REVIEW_EVERY
        late = 1 + np.minimum(-21 * np.log1p(-rng.random(len(who))), 150).astype(int)
        done = due + np.where(rng.random(len(who)) < ON_TIME[place], -rng.integers(0, 15, len(who)), late)
        goes_on = done < np.minimum(until, CUTOFF + 1)
        yield who, value, begin, np.where(goes_on, done, until), due
        place, who, value, begin, until = (part[goes_on] for part in (place, who, value, done, until))


def _through(start: np.ndarray, stop: np.ndarray, every: int, first: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Dates at regular steps through spells: (index of the spell, day)."""
    count = np.maximum(0, (np.minimum(stop, CUTOFF + 1) - start - first + every - 1) // every)
    index = np.repeat(np.arange(len(start)), count)
    step = np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count)
    return index, start[index] + first + step * every


def decisions(block: Block) -> pl.DataFrame:
    """Selection decisions with the score and threshold they were taken against, refusals too."""
    rng = stream(block.seed, block.number, "decisions")
    found = block.decisions.filter((pl.col("day") >= START) & (pl.col("day") <= CUTOFF)).sort("day", "person")
    size, place = found.height, found["district"].to_numpy()
    on = found["day"].to_numpy()
    return pl.DataFrame(
        {
            "person": found["person"], "number": np.arange(size), "on": as_dates(on),
            "score": found["score"].to_numpy().astype(float), "threshold": THRESHOLD[np.minimum(place, 5)],
            "version": np.where(on < NEW_CATEGORIES, "matrix-2", "matrix-3"), "place": np.array(LABELS)[np.minimum(place, 5)],
            "decision": np.array(DECISIONS)[found["decision"].to_numpy()],
            "agency": np.array(["Police", "Probation", "Council", "Prison"])[pick(rng.random(size), np.array([0.55, 0.35, 0.05, 0.05]))],
        }
    )  # fmt: skip


def appointments(block: Block, spells: pl.DataFrame, custody: pl.DataFrame) -> pl.DataFrame:
    """Required contacts of the last two years while on IOM and not in custody, every third week."""
    rng = stream(block.seed, block.number, "appointments")
    since = CUTOFF - 730
    iom = spells.filter((pl.col("scheme") == IOM) & (pl.col("to_day") > since))
    index, on = _through(np.maximum(iom["from_day"].to_numpy(), since), iom["to_day"].to_numpy(), 21, 5)
    frame = pl.DataFrame({"person": iom["person"].to_numpy()[index], "due": as_dates(on)}).with_row_index("i")
    held = frame.join(custody.select("person", "start", "end"), on="person").filter(
        (pl.col("start") <= pl.col("due")) & (pl.col("end").is_null() | (pl.col("end") > pl.col("due")))
    )
    frame = frame.join(held.select("i"), on="i", how="anti").sort("i")
    size = frame.height
    kept = KEPT[np.minimum(iom["district"].to_numpy()[index], 5)][frame["i"].to_numpy()]
    chances = np.stack([kept, np.full(size, EXCUSED), 1 - EXCUSED - kept], axis=1)
    return frame.select("person", "due").with_columns(
        agency=pl.Series(np.array(["Probation", "Police", "Health"])[pick(rng.random(size), np.array([0.6, 0.25, 0.15]))]),
        result=pl.Series(np.array(["Attended", "Acceptable absence", "Failed to attend"])[pick(rng.random(size), chances)]),
    )  # fmt: skip


def assessments(block: Block, spells: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """Needs on all nine pathways: on joining a scheme, each year on it, and at the start of two orders in five."""
    rng = stream(block.seed, block.number, "assessments")
    index, on = _through(spells["from_day"].to_numpy(), spells["to_day"].to_numpy(), 330, 7)
    who = spells["person"].to_numpy()[index]
    chosen = orders.filter(pl.Series(rng.random(orders.height) < 0.4))
    who, on = (
        np.concatenate([who, chosen["person"].to_numpy()]),
        np.concatenate([on, chosen["from_day"].to_numpy() + 10]),
    )
    kept = (on >= START) & (on <= CUTOFF)
    who, on = who[kept], on[kept]
    need = block.people.needs[who] + 0.10 * rng.standard_normal((len(who), 9))
    need[:, 8] = np.where(block.people.female[who], need[:, 8], 0.0)
    level = np.where(need < 0.36, 0, np.where(need < 0.62, 1, 2))
    order = np.argsort(np.argsort(-need, axis=1), axis=1) + 1
    frame = pl.DataFrame({"person": who, "on": as_dates(on)})
    words = np.array(["None", "Some", "Significant"])
    for i in range(9):
        frame = frame.with_columns(
            pl.Series(f"level_{i}", words[level[:, i]]),
            pl.Series(f"order_{i}", np.where(level[:, i] > 0, order[:, i], 0)),
        )
    return frame.sort("person", "on").unique(["person", "on"], maintain_order=True)


def circumstances(block: Block, spells: pl.DataFrame, custody: pl.DataFrame) -> pl.DataFrame:
    """Where people managed live and work, twice a year and after prison, and benefits claimed and first paid then."""
    rng = stream(block.seed, block.number, "circumstances")
    managed = spells.filter(pl.col("scheme") == IOM)
    index, on = _through(managed["from_day"].to_numpy(), managed["to_day"].to_numpy(), 182, 20)
    who = managed["person"].to_numpy()[index]
    size = len(who)
    settled = rng.random(size) > block.people.needs[who, 1] * 0.8
    working = rng.random(size) > 0.25 + block.people.needs[who, 2] * 0.6
    parts: list[tuple[np.ndarray, ...]] = [
        (who, on, np.full(size, "Accommodation"), np.where(settled, "Settled", np.where(rng.random(size) < 0.7, "Temporary", "Rough sleeping"))),
        (who, on + 1, np.full(size, "Employment"), np.where(working, "Work or training", "Neither")),
    ]  # fmt: skip
    out = custody.filter(
        pl.col("end").is_not_null()
        & (pl.col("kind") == "Sentenced")
        & pl.col("person").is_in(managed["person"].unique().implode())
    )
    who, left = out["person"].to_numpy(), out["end"].cast(pl.Int32).to_numpy().astype(np.int64)
    claimed = left + rng.integers(0, 12, len(who))
    paid = claimed + 20 + rng.integers(0, 25, len(who))
    claimed, paid = after_prison.claimed_in_prison(block, out, left, claimed, paid)
    parts += after_prison.recorded(block, who, left)
    parts.append((who, claimed, np.full(len(who), "Benefit claim"), np.full(len(who), "Claimed")))
    parts.append((who, paid, np.full(len(who), "Benefit payment"), np.full(len(who), "First payment")))
    who, on, domain, status = (np.concatenate([part[i] for part in parts]) for i in range(4))
    frame = pl.DataFrame({"person": who, "domain": domain, "status": status, "on": as_dates(on), "day": on})
    frame = frame.filter((pl.col("day") >= START) & (pl.col("day") <= CUTOFF)).drop("day")
    return frame.unique(["person", "domain", "on"], maintain_order=True).sort("person", "on", "domain")


def referrals(block: Block) -> pl.DataFrame:
    """Referrals as known at the cut-off: those still waiting or still on a programme have no end."""
    found = block.referrals.filter((pl.col("referred") >= START) & (pl.col("referred") <= CUTOFF))
    found = found.sort("referred", "person", "programme").unique(
        ["person", "programme", "referred"], maintain_order=True
    )
    started, ended, outcome = (found[name].to_numpy() for name in ("started", "ended", "outcome"))
    begun, over = started <= CUTOFF, ended <= CUTOFF
    words = np.array(["Completed", "Dropped out", "Removed", "Did not start", "In progress"])
    # Somebody not taken in never started, and the referral is closed on the day that this was settled.
    never = outcome == NOT_STARTED
    text = np.where(over & (begun | never), words[outcome], np.where(begun, "In progress", ""))
    people, who, on = block.people, found["person"].to_numpy(), found["referred"].to_numpy()
    home = np.where(on < people.moves[who], people.home[who], people.second_home[who])
    return found.select("person", "programme").with_columns(
        goal=pl.Series(after_prison.goals(block, found, home, over & begun)),
        number=pl.Series(np.arange(found.height)),
        score=pl.Series(np.floor(1000 * (1 - found["lot"].to_numpy())) / 10),
        home=pl.Series(np.array(HOME_LABELS)[home]),
        referred=as_dates(found["referred"].to_numpy()),
        started=as_dates(np.where(begun, started, FAR)),
        ended=as_dates(np.where(over & (begun | never), ended, FAR)),
        outcome=pl.Series(text),
    )
