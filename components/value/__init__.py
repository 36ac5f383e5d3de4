"""Does it pay? What a scheme or programme cost, what that bought, how sure it is, and what if. No Streamlit."""

from components.value import accounts, beside, pictures, scenario, sentences, steps, tables
from components.value.cases import bar, case_of, figures, impact, paid, titles, used, why_not, with_results
from components.value.choices import Subject, Valued, periods, places, subjects, valued
from components.value.scenario import Outcome, published

SURE = (("ratio", "society"), ("breaking_even", "society"), ("harm", ""))
"""The three figures that say how sure it is, each with its account."""

__all__ = [
    "SURE",
    "Outcome",
    "Subject",
    "Valued",
    "accounts",
    "bar",
    "beside",
    "case_of",
    "figures",
    "impact",
    "paid",
    "periods",
    "pictures",
    "places",
    "published",
    "scenario",
    "sentences",
    "steps",
    "subjects",
    "tables",
    "titles",
    "used",
    "valued",
    "why_not",
    "with_results",
]
