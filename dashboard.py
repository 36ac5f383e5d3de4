"""The dashboard: `streamlit run dashboard.py`. The shell does the rest."""

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

# Streamlit leaves its own bundles uncompressed; over a council's network the first visit is 9 MB without this.
app = st.App("app/shell.py", middleware=[Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)])
