"""How long until the first reoffence: the section of a page."""

import polars as pl

from components import charts, headlines, markup, page, words
from release.read import CohortInfo, Reader


def until_first(source: Reader, cohort: CohortInfo, where: dict[str, str]) -> tuple[str, pl.DataFrame]:
    """How long until the first reoffence: the curve's measure, and the curve."""
    timed, period, curve = headlines.survival(source, cohort, where)
    if not curve.is_empty():
        page.heading("How long until the first reoffence?", words.survival_of(source.period(period).label))
        page.chart(
            charts.survival(curve, cohort.follow_up_days),
            words.alt_survival(curve, words.who(cohort.title)),
            "survival",
        )
        page.show(markup.details("Show these figures as a table", markup.curve_table(curve)))
    return timed, curve
