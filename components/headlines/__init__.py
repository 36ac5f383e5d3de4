"""The quarter's measures, each on its own clock, with the figure before, the change and the status.

Process measures show the reporting quarter. Reoffending shows the latest cohort whose follow-up is complete:
a quarter for the area cohorts, four pooled quarterly cohorts (a year) for schemes. Where a level holds no
figure for so short a period, the shortest period that has one is shown, and named beside the figure.

One idea a file; everything is called through this package.
"""

from components.headlines.actions import *  # noqa: F403
from components.headlines.areas import *  # noqa: F403
from components.headlines.groups import *  # noqa: F403
from components.headlines.pathways import *  # noqa: F403
from components.headlines.periods import *  # noqa: F403
from components.headlines.places import *  # noqa: F403
from components.headlines.quality import *  # noqa: F403
from components.headlines.quarter import *  # noqa: F403
from components.headlines.summary import *  # noqa: F403
from components.headlines.told import *  # noqa: F403
