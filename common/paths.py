"""Where things are: the data directory and its folders, and the committed reference files."""

import os
import stat
from pathlib import Path

from common.errors import ProblemError

REPO = Path(__file__).resolve().parents[1]
VARIABLE = "IOM_DATA_DIR"
KEY_VARIABLE = "IOM_KEY_FILE"
PARTS = "parts"
STORES = "stores"
RELEASES = "releases"
REVIEW = "review"
TMP = "tmp"
KEY_FILE = "identity.key"
STORE_FILE = "store.duckdb"


def data_dir(option: str | Path | None = None) -> Path:
    """The data directory: the option, else the environment variable IOM_DATA_DIR, else `data/local`."""
    chosen = option or os.environ.get(VARIABLE)
    return Path(chosen).expanduser().resolve() if chosen else REPO / "data" / "local"


def was_configured(option: str | Path | None = None) -> bool:
    """Whether somebody chose the data directory. The demo is built only where nobody did."""
    return bool(option or os.environ.get(VARIABLE))


def private(folder: Path) -> Path:
    """A folder, made if need be, that its owner alone may enter: what lies in it is about people."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = stat.S_IMODE(folder.stat().st_mode)
    if os.name != "nt" and mode & 0o077:
        try:
            folder.chmod(mode & ~0o077)
        except PermissionError:
            raise ProblemError(
                "others can enter a folder of personal data", str(folder), "its owner alone",
                "have its owner run chmod 700 on it",
            ) from None  # fmt: skip
    return folder


def parts(root: Path) -> Path:
    return root / PARTS


def stores(root: Path) -> Path:
    return root / STORES


def releases(root: Path) -> Path:
    return root / RELEASES


def review(root: Path) -> Path:
    """What the partnership writes beside its releases: actions, commentary, the self-assessment."""
    return root / REVIEW


def tmp(root: Path) -> Path:
    return root / TMP


def key_file(root: Path) -> Path:
    """The secret key of the pseudonyms: IOM_KEY_FILE, else `identity.key` beside (never in) the store."""
    chosen = os.environ.get(KEY_VARIABLE)
    return Path(chosen).expanduser().resolve() if chosen else root / KEY_FILE


def reference(name: str) -> Path:
    """A committed reference file, such as `geography.csv`."""
    return REPO / "data" / "reference" / name
