"""The shell of the analyst's desk: the dashboard with pages that open the store, on this machine only (`iom desk`)."""

from pathlib import Path

import streamlit as st
from starlette.formparsers import MultiPartParser

from app import frame
from app.desk_command import MOST_MEGABYTES
from common.errors import ProblemError
from components import guard, page

OWN = Path(__file__).resolve().with_name("desk_pages")

# The server would put an upload of more than 1 MB in a temporary file: a list is about people, and stays in memory
MultiPartParser.spool_max_size = (MOST_MEGABYTES + 1) * 1024**2

frame.begin("IOM performance: the analyst's desk")
try:
    guard.check_desk()
except ProblemError as problem:
    page.refused(problem, "The desk is not shown here")
own = {
    "review": "Actions and commentary",
    "self_assessment": "Self-assessment",
    "programme_check": "Programme check",
    "costs": "Costs",
    "parameters": "Parameters",
}
frame.show([st.Page(OWN / f"{name}.py", title=title) for name, title in own.items()])
