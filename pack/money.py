"""Pounds as a level may say them: at the open level to two significant figures, as `docs/disclosure.md` promises.

The release holds each cost there to two figures; a sum or a quotient of them comes out with more (£380,000 + £270,000 +
£112,000 = £762,000 where the exact level has £759,795), and would be read as if it were known to the pound.
"""

from components.judge import Row
from release.read import Reader

POUNDS = ("cost", "unit_cost", "unit_cost_low", "unit_cost_high", "set_up")
"""The amounts in a row of break-even."""
ENDS = ("value", "lower", "upper")
"""The amount and its interval in a row of costs and benefits."""


def amount(source: Reader, pounds: float) -> float:
    """An amount as its level may say it."""
    return float(f"{pounds:.1e}") if source.level == "open" else pounds


def said(source: Reader, row: Row, names: tuple[str, ...] = POUNDS) -> Row:
    """A row with its amounts as its level may say them, for a sentence: never for working anything out or judging it."""
    return {**row, **{name: amount(source, row[name]) for name in names if row.get(name) is not None}}
