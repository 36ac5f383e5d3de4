"""Payment by results on a page: which contract, what it would be paid, and what luck alone would be paid. No Streamlit."""
