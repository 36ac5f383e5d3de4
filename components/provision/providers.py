"""Providers side by side: what they list, and how people sent to them fare. Never a ranking: they are sent different people."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from components import data
from components.judge import Row
from components.markup import intervals
from components.markup.plain import others
from components.provision.parts import framed, heads_of, line_of, sub
from components.provision.rows import Labels
from release.infos import IndicatorInfo
from release.read import Reader

MEASURES = ("waiting_days", "lost_while_waiting", "completed_of_ended", "goal_met_of_ended")
"""What a provider may be asked about, of the measures that the release has by provider."""
BY = "provider"
FIRST = 8
"""As many providers as stand on the page at once."""


@dataclass(frozen=True)
class Measured:
    """One measure by provider: its figures over the latest whole year, by provider."""

    info: IndicatorInfo
    period: str
    rows: dict[str, Row]


def measured(source: Reader) -> list[Measured]:
    """Every measure that the release has by provider, over the latest whole year; none at the open level."""
    made = []
    known = {info.id: info for info in source.indicators()}
    for info in (known[name] for name in MEASURES if name in known):
        for cohort in source.cohorts(info.id):
            period = source.latest_complete(cohort.id, "year")
            if period and (BY,) in source.tables(info.id, cohort.id, "year"):
                rows = data.rows(source, info.id, cohort.id, [period], by=BY) or ()
                made.append(Measured(info, source.period(period).label, {row["val1"]: row for row in rows}))
    return made


def by_provider(entries: Sequence[Row], found: Sequence[Measured], names: Labels) -> str:
    """A provider a row, in alphabetical order: programmes, districts, how many entries are verified, and each measure; the
    first at once and the rest on request."""
    every = sorted({e["provider"] for e in entries}, key=str.casefold)
    rest = others(len(every) - FIRST, _side_by_side(every[FIRST:], entries, found))
    return _side_by_side(every[:FIRST], entries, found) + rest


def _side_by_side(these: Sequence[str], entries: Sequence[Row], found: Sequence[Measured]) -> str:
    body = ""
    for provider in these:
        mine = [e for e in entries if e["provider"] == provider]
        good = sum(e["verified"] == "recently" for e in mine)
        cells = [
            ("Programmes", ' class="num"', f"{len({e['programme'] for e in mine})}"),
            ("Districts", ' class="num"', f"{len({e['district'] for e in mine})}"),
            ("Entries verified", ' class="num"', f"{good} of {len(mine)}"),
        ]
        cells += [(one.info.title, ' class="num"', intervals.value_cell(one.rows.get(provider))) for one in found]
        body += line_of(f"{escape(provider)}{sub(escape(mine[0]['sector']) + ' sector')}", cells)
    heads = ["Provider", "Programmes", "Districts", "Entries verified", *(one.info.title for one in found)]
    return framed("stack providers", "Providers", heads_of(heads, range(1, len(heads))), body) if body else ""


def rows_of(found: Sequence[Measured], entries: Sequence[Row]) -> list[Row]:
    """The figures of the providers shown, for the download."""
    kept = {e["provider"] for e in entries}
    return [row for one in found for provider, row in one.rows.items() if provider in kept]
