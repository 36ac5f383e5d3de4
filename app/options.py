"""Options that several commands take."""

from collections.abc import Callable
from typing import Any

import click

from common import paths


def data_dir_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """--data-dir, on every command, or the environment variable IOM_DATA_DIR."""
    return click.option(
        "--data-dir",
        metavar="DIR",
        callback=lambda _context, _parameter, value: paths.data_dir(value),
        help="Where parts, stores and releases are kept (or set IOM_DATA_DIR). Default: data/local in the project.",
    )(command)
