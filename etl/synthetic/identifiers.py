"""Identifiers, names and addresses of synthetic people: plausible shapes, all invented, all dropped on loading."""

import numpy as np
import polars as pl

from etl.synthetic.calendar import CUTOFF, as_dates
from etl.synthetic.chance import stream
from etl.synthetic.people import People

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
SURNAMES = (
    "Abbott", "Ahmed", "Bailey", "Baker", "Begum", "Bell", "Brand", "Carter", "Chapman", "Clarke", "Cole", "Cooper",
    "Da Silva", "Dean", "Ellis", "Evans", "Fernández", "Fisher", "Garner", "Gonçalves", "Green", "Hall", "Harper",
    "Hussain", "Ivanov", "Jackson", "Jones", "Kaya", "Khan", "King", "Lambert", "Lee", "Marsh", "Mills", "Müller",
    "Nkosi", "Novák", "Núñez", "O'Brien", "O'Connor", "Owen", "Palmer", "Patel", "Petrov", "Price", "Quinn",
    "Reeve", "Roberts", "Rossi", "Sánchez", "Shah", "Smith", "Stone", "Šimek", "Taylor", "Thorpe", "Turner",
    "Vella", "Walker", "Ward", "White", "Wójcik", "Wright", "Young", "Žukauskas",
)  # fmt: skip
MEN = ("Adam", "Ali", "Ben", "Callum", "Carl", "Daniel", "Dean", "François", "George", "Hamza", "Jack", "James", "José",
       "Kai", "Kyle", "Lee", "Liam", "Marek", "Mason", "Omar", "Paul", "René", "Ryan", "Sam", "Tom", "Zoltán")  # fmt: skip
WOMEN = ("Aisha", "Amy", "Beth", "Chantelle", "Chloë", "Dana", "Ellie", "Emma", "Gemma", "Hélène", "Jade", "Kelly",
         "Laura", "Leah", "Maria", "Mia", "Niamh", "Renée", "Sadia", "Sara", "Tia", "Zoë")  # fmt: skip
STREETS = ("Lincoln Road", "Mill Road", "Station Road", "High Street", "Church Lane", "Bridge Street", "Park Road",
           "Norwich Road", "Elm Avenue", "The Drove", "Queen's Gardens", "Fletton Close")  # fmt: skip
BLOCK = 50_000
"""People in a block; the identifiers of a block leave room for so many."""


def identifiers(people: People, seed: int, block: int) -> pl.DataFrame:
    """One row a person in order: identifiers of every agency, name, date of birth and address."""
    size = len(people)
    rng = stream(seed, block, "names")
    number = block * BLOCK + np.arange(size)
    # A multiplier that shares no factor with the range scatters the numbers without repeating one.
    spread = (number * 7_368_787 + 1_234_567) % 26_000_000
    names = np.where(
        people.female,
        np.array(WOMEN)[rng.integers(0, len(WOMEN), size)],
        np.array(MEN)[rng.integers(0, len(MEN), size)],
    )
    streets = np.array(STREETS)[rng.integers(0, len(STREETS), size)]
    year = 75 + rng.integers(0, 50, size)
    check = pl.Series(np.array(list(_LETTERS))[number % len(_LETTERS)])
    letters = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))

    def padded(values: np.ndarray, digits: int) -> pl.Expr:
        return pl.lit(pl.Series(values.astype(np.int64))).cast(pl.String).str.zfill(digits)

    def plain(values: np.ndarray) -> pl.Expr:
        return pl.lit(pl.Series(values))

    frame = pl.DataFrame({"person": np.arange(size)}).with_columns(
        pnc=padded(year % 100, 2) + "/" + padded(spread % 26_000_000, 8) + plain(check.to_numpy()),
        crn=plain(letters[spread // 1_000_000]) + padded(spread % 1_000_000, 6),
        yot=pl.lit("YOT") + padded(number, 7),
        provider=pl.lit("CP-") + padded(number * 3 + 11, 8),
        surname=plain(np.array(SURNAMES)[rng.integers(0, len(SURNAMES), size)]),
        forename=plain(names),
        born=pl.lit(as_dates(people.born)),
        address=padded(1 + rng.integers(0, 180, size), 1) + " " + plain(streets),
        postcode=pl.lit("PE") + padded(1 + rng.integers(0, 30, size), 1) + " 9" + plain(letters[rng.integers(0, 26, size)])
        + plain(letters[rng.integers(0, 26, size)]),
    )  # fmt: skip
    return frame.with_columns(noms=_noms(number))


def changes(ids: pl.DataFrame, known: pl.Series, seed: int, block: int) -> pl.DataFrame:
    """Cases that probation later merged or took apart: person, change, the other identifier, and the day.

    Merged: somebody had an earlier case number, used until that day. Unlinked: somebody's case had carried the
    police number of another person.
    """
    rng = stream(seed, block, "identity changes")
    people = rng.permutation(np.sort(known.to_numpy()))
    merged = people[: len(people) // 60 + 1]
    wrong = people[len(people) // 60 + 1 :][: len(people) // 120 + 1]
    other = np.roll(people, 1)[len(people) // 60 + 1 :][: len(wrong)]
    # Numbers from 20 million up belong to nobody: a county has at most five million people.
    spread = ((20_000_000 + block * BLOCK + merged) * 7_368_787 + 1_234_567) % 26_000_000
    earlier = [f"{chr(65 + number // 1_000_000)}{number % 1_000_000:06d}" for number in spread.tolist()]
    frame = pl.DataFrame(
        {
            "person": np.concatenate([merged, wrong]),
            "change": ["Merged"] * len(merged) + ["Unlinked"] * len(wrong),
            "earlier": earlier + [""] * len(wrong),
            "on": as_dates(CUTOFF - rng.integers(1, 1500, len(merged) + len(wrong))),
        }
    )
    police = ids["pnc"].gather(other) if len(wrong) else pl.Series([], dtype=pl.String)
    return frame.with_columns(pl.Series("police", [""] * len(merged) + police.to_list(), dtype=pl.String))


def _noms(number: np.ndarray) -> pl.Series:
    """A prison number: letter, four digits, two letters, one to one with the person's number."""
    letters = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    scattered = (number * 7_368_787 + 99_991) % 175_760_000
    digits, rest = scattered % 10_000, scattered // 10_000
    frame = pl.DataFrame(
        {"a": letters[rest % 26], "d": digits, "b": letters[rest // 26 % 26], "c": letters[rest // 676 % 26]}
    )
    return frame.select(pl.col("a") + pl.col("d").cast(pl.String).str.zfill(4) + pl.col("b") + pl.col("c"))["a"]
