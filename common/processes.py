"""Worker processes that start from nothing, whatever program they serve."""

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from types import ModuleType


def workers(count: int) -> ProcessPoolExecutor:
    """So many processes, spawned (a fork after Polars has started its threads can wait for ever) and started at once."""
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"))
    with _no_main():
        for _ in range(count):  # each task finds the earlier processes still starting, and begins one of its own
            pool.submit(int)
    return pool


@contextmanager
def _no_main() -> Iterator[None]:
    """A spawned process imports its parent's main module first. Streamlit puts the page that it runs there, which fails
    or worse runs outside it: the processes are given none. What they are handed must not be defined in it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
