"""Provision as a reader sees it: what is offered where, what is missing, the weeks ahead, the directory. No Streamlit."""

from components.provision.ahead import needs as by_need
from components.provision.ahead import releases as by_weekday
from components.provision.ahead import verdicts as by_verdict
from components.provision.frames import frames
from components.provision.pictures import alt_weeks, weeks
from components.provision.providers import by_provider, measured
from components.provision.rows import (
    STATES,
    Due,
    Labels,
    bare_after,
    directory,
    due,
    elsewhere,
    ending,
    forecast,
    found,
    labels,
    left_out,
    lines,
    needing,
    needs,
    using,
    waits,
    week_of,
    within,
)
from components.provision.tables import cover
from components.provision.tables import directory as by_programme
from components.provision.tables import elsewhere as by_absence
from components.provision.tables import funding as by_funding
from components.provision.tables import left_out as by_group
from components.provision.tables import waits as by_start

__all__ = [
    "STATES", "Due", "Labels", "alt_weeks", "bare_after", "by_absence", "by_funding", "by_group", "by_need", "by_programme",
    "by_provider", "by_start", "by_verdict", "by_weekday", "cover", "directory", "due", "elsewhere", "ending", "forecast", "found",
    "frames", "labels", "left_out", "lines", "measured", "needing", "needs", "using", "waits", "week_of", "weeks", "within",
]  # fmt: skip
