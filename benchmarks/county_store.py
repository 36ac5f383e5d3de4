"""See app/calibrate/county_store.py."""

from app.calibrate.county_store import CUTOFF_DATE, county_store

__all__ = ["CUTOFF_DATE", "county_store"]
