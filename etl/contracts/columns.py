"""Column types that several tables share."""

import datetime as dt

import dataframely as dy

EARLIEST = dt.date(1900, 1, 1)
LATEST = dt.date(2100, 1, 1)


def key(*, nullable: bool = False) -> dy.String:
    """A pseudonym: 64 hexadecimal digits of HMAC-SHA256."""
    return dy.String(nullable=nullable, regex=r"^[0-9a-f]{64}$")


def local_key(*, nullable: bool = False) -> dy.String:
    """A key that a mapping made up or an agency's own reference, hashed like an identifier."""
    return dy.String(nullable=nullable, min_length=1, max_length=80)


def day(*, nullable: bool = False) -> dy.Date:
    return dy.Date(nullable=nullable, min=EARLIEST, max=LATEST)


def one_of(values: tuple[str, ...], *, nullable: bool = False) -> dy.String:
    """Text held to a closed list. A regex rather than an Enum, so that the broken rule is named for the value."""
    return dy.String(nullable=nullable, regex="^(" + "|".join(values) + ")$", metadata={"allowed": values})


def code(*, nullable: bool = False) -> dy.String:
    """A short local code (a tier, a programme, a score version): letters, digits and _ - . / only."""
    return dy.String(nullable=nullable, regex=r"^[A-Za-z0-9][A-Za-z0-9_./ -]{0,59}$")


def district(*, nullable: bool = False) -> dy.String:
    """A district's slug, or one of the three ways of having none."""
    return dy.String(nullable=nullable, regex=r"^[a-z][a-z0-9_]{1,59}$", metadata={"lookup": "district"})


def count(*, nullable: bool = False) -> dy.Int64:
    return dy.Int64(nullable=nullable, min=0, max=1_000_000)


def pence(*, nullable: bool = False) -> dy.Int64:
    return dy.Int64(nullable=nullable, min=-(10**15), max=10**15)


def truth(*, nullable: bool = False) -> dy.Bool:
    return dy.Bool(nullable=nullable)
