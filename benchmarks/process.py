"""Run a command as a process of its own and say how long it took and how much memory it reached."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    seconds: float
    peak_mb: float
    output: str


def run(*args: str) -> Run:
    """Run `python ARGS`; a failure raises with the command's own error text.

    The peak is the largest resident set of the process or of any process that it waited for.
    """
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, *args], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        output = child.stdout.read()
        _, code, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(code)
    if child.returncode:
        raise RuntimeError(f"{' '.join(args[:4])} … exited {child.returncode}")
    return Run(time.perf_counter() - began, usage.ru_maxrss / 1024, output)
