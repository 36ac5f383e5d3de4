"""What a comparison is made of: its people, who fell away before matching, and whose records it rests on."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from metrics.compare.plan import Comparison

ONE_SOURCE = 0.10
"""How far the two sides' shares of offences from the national record may lie apart."""


@dataclass(frozen=True, slots=True)
class Step:
    """How many of the people submitted were left after a step, and why the others were left out."""

    step: str
    people: int
    reason: str


def told(flow: Sequence[Step]) -> tuple[Step, ...]:
    """The steps, with a reason only where somebody was left out."""
    before = [flow[0].people, *(step.people for step in flow)]
    return tuple(
        step if step.people < last else replace(step, reason="") for step, last in zip(flow, before, strict=False)
    )


@dataclass(frozen=True, slots=True)
class Source:
    """Where the offences of each side come from: the share from the national record, before and after the date."""

    treated: float | None
    pool: float | None

    @property
    def same(self) -> bool:
        """Whether both sides' offences come from the same records, so that a difference is not of record-keeping."""
        if self.treated is None or self.pool is None:
            return True
        return abs(self.treated - self.pool) <= ONE_SOURCE


@dataclass(frozen=True, slots=True)
class Frame:
    """One comparison's people: a row for each person-evaluation, none of it an identifier.

    Columns of `people`: `cluster` (int, the person: the same for all their rows), `treated`, `joined_later` (not on it on
    the date, but within the follow-up), the `covariates`, the fields of plan.EXACT, and the outcomes: `reoffended`,
    `reoffences`, `occasions` (in court, where reoffences were convicted), `days_to_first` (null for none), `event` and `days_observed` (the day of the first reoffence where there
    is one, else the last day followed), `days_followed`, `severity` (weights of the Crime Severity Score, summed),
    `custody` (entered custody in the follow-up), `days_to_custody` (to the first entry), `days_at_liberty`,
    `liberty_offences`, `died`, `days_to_death`. What depends on custody is null without a prison extract. `submitted` people started; `flow` says who was left out before matching.
    """

    comparison: Comparison
    people: pl.DataFrame
    covariates: tuple[str, ...]
    flow: tuple[Step, ...]
    submitted: int
    source: Source

    @property
    def treated(self) -> int:
        """People of the comparison's subject who can be compared."""
        return int(self.people["treated"].sum())

    @property
    def joined_later(self) -> int:
        """People of the pool who joined within the follow-up of one of their dates."""
        return int(self.people.filter(pl.col("joined_later"))["cluster"].n_unique())

    def sha256(self) -> str:
        """A fingerprint of the rows and their order-free content: the same people and facts give the same."""
        digest = hashlib.sha256(self.comparison.as_json().encode())
        digest.update("|".join(self.people.columns).encode())
        digest.update(int(self.people.hash_rows(seed=1).sum() or 0).to_bytes(8, "big"))
        digest.update(str((self.people.height, self.treated, self.submitted, self.flow)).encode())
        return digest.hexdigest()


def source_of(rows: pl.DataFrame) -> Source:
    """The share of each side's offences, before and after the date, that the national record gave."""
    sums = {
        bool(side): (int(recorded or 0), int(national or 0))
        for side, recorded, national in rows.group_by("treated")
        .agg(pl.col("recorded").sum(), pl.col("recorded_national").sum())
        .iter_rows()
    }
    shares = {side: national / recorded if recorded else None for side, (recorded, national) in sums.items()}
    return Source(shares.get(True), shares.get(False))
