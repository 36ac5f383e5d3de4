"""`iom desk`: starts the analyst's desk (app/desk.py) on the loopback address, and on no other."""

import os
import sys
from pathlib import Path

import click

from common import paths

ADDRESS = "127.0.0.1"
MOST_MEGABYTES = 25
"""The largest list that may be uploaded: several times what 200,000 rows come to."""


@click.command()
@click.option("--port", default=8502, show_default=True, type=click.IntRange(1, 65535), help="Where on this machine.")
@click.option("--data-dir", metavar="DIR", type=click.Path(path_type=Path, file_okay=False),
              help="Where parts, stores and releases are kept (or set IOM_DATA_DIR). Default: data/local in the project.")  # fmt: skip
def command(port: int, data_dir: Path | None) -> None:
    """Serve the analyst's desk: the dashboard with pages that open the store. On this machine only."""
    click.echo(f"The desk is at http://{ADDRESS}:{port} on this machine only. Stop it with Ctrl+C.", err=True)
    os.execve(sys.executable, [sys.executable, *arguments(port)], environment(data_dir))


def arguments(port: int) -> list[str]:
    """What Streamlit is started with. An option on its command line outweighs its files and variables."""
    options = {
        "server.address": ADDRESS, "server.port": port, "server.maxUploadSize": MOST_MEGABYTES,
        "server.enableXsrfProtection": "true", "server.enableCORS": "true", "client.showErrorDetails": "none",
    }  # fmt: skip
    told = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    return ["-m", "streamlit", "run", str(paths.REPO / "app" / "desk.py"), *told]


def environment(data_dir: Path | None) -> dict[str, str]:
    """This process's variables with the data directory as asked. Streamlit reads its settings where it is started."""
    chosen = dict(os.environ)
    if paths.was_configured(data_dir):
        chosen[paths.VARIABLE] = str(paths.data_dir(data_dir))
    if key := chosen.get(paths.KEY_VARIABLE):
        chosen[paths.KEY_VARIABLE] = str(Path(key).expanduser().resolve())
    os.chdir(paths.REPO)
    return chosen
