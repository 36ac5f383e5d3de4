"""The program itself: the shell of the dashboard, the command line, publishing and the demonstration."""

import os

# Comparisons are worked out side by side, each with matrices of a hundred columns: further threads within one of them
# only wait for each other (a release's comparisons took three times the processor time). Read when numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
