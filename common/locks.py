"""One writer at a time: a lock that the operating system lets go of however the process that holds it ends."""

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from common.errors import ProblemError

PAUSE = 0.02
"""Seconds between two tries."""


@contextlib.contextmanager
def held(file: Path, wait: float = 10.0) -> Iterator[None]:
    """Hold the lock of this file, waiting up to so many seconds for whoever has it."""
    with file.open("a+b") as stream:
        until = time.monotonic() + wait
        while not _taken(stream.fileno()):
            if time.monotonic() >= until:
                raise ProblemError(
                    "somebody else is writing there now",
                    str(file.parent),
                    "one writer at a time",
                    "try again in a moment",
                )
            time.sleep(PAUSE)
        try:
            yield
        finally:
            _let_go(stream.fileno())


def _taken(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _let_go(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_UN)
