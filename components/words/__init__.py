"""Figures in words. Knows nothing of Streamlit: the pages, the downloads and the pack all speak through it.

One idea a file; everything is called through this package.
"""

from components.words.areas import *  # noqa: F403
from components.words.changes import *  # noqa: F403
from components.words.counted import *  # noqa: F403
from components.words.figures import *  # noqa: F403
from components.words.glossary import *  # noqa: F403
from components.words.groups import *  # noqa: F403
from components.words.levels import *  # noqa: F403
from components.words.luck import *  # noqa: F403
from components.words.missing import *  # noqa: F403
from components.words.openings import *  # noqa: F403
from components.words.pathways import *  # noqa: F403
from components.words.places import *  # noqa: F403
from components.words.quality import *  # noqa: F403
from components.words.sentences import *  # noqa: F403
from components.words.summary import *  # noqa: F403
