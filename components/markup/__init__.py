"""Tables and small interval graphics as HTML: they print, reflow on a phone and read aloud. No Streamlit.

One idea a file; everything is called through this package.
"""

from components.markup.areas import *  # noqa: F403
from components.markup.definitions import *  # noqa: F403
from components.markup.groups import *  # noqa: F403
from components.markup.intervals import *  # noqa: F403
from components.markup.plain import *  # noqa: F403
from components.markup.quality import *  # noqa: F403
from components.markup.spark import *  # noqa: F403
from components.markup.summary import *  # noqa: F403
from components.markup.tables import *  # noqa: F403
