"""How long pages take: on the server (a whole run of the shell and page) and in a browser (until the page is drawn).

    python -m benchmarks.pages DATA_DIR [--runs N]

Server time is one run of the shell and the page, with another district each time: the first runs of each read the
release, later ones its caches, as readers' do. It is taken inside Streamlit's script runner, so the test harness's own
work (about 0.2 s a run) is left out. Prints one JSON object.
"""

import argparse
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("quarter", "reoffending", "districts", "schemes", "behind", "pathways", "data_quality", "definitions")
# the test harness runs pages without a browser, and Streamlit would say so on every line
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
FILTERS = (
    {},
    {"district": "peterborough"},
    {"district": "fenland"},
    {"district": "cambridge"},
    {"district": "huntingdonshire"},
)
BROWSER = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


def server_times(runs: int) -> dict[str, list[float]]:
    """Milliseconds of each page's runs, by the script's own clock, one warm-up run of each page left out."""
    from streamlit.runtime.scriptrunner import script_runner
    from streamlit.testing.v1 import AppTest

    took: list[float] = []
    inner = script_runner.exec_func_with_error_handling

    def timed(*args: Any) -> Any:
        began = time.perf_counter()
        try:
            return inner(*args)
        finally:
            took.append((time.perf_counter() - began) * 1000)

    script_runner.exec_func_with_error_handling = timed
    found: dict[str, list[float]] = {}
    for page in PAGES:
        took.clear()
        for turn in range(runs + 1):
            app = AppTest.from_file(str(ROOT / "app" / "shell.py"), default_timeout=120)
            for name, value in FILTERS[turn % len(FILTERS)].items():
                app.query_params[name] = value
            app.switch_page(str(ROOT / "pages" / f"{page}.py"))
            app.run()
            if app.exception:
                raise RuntimeError(f"{page} raised: {app.exception[0].message}")
        found[page] = took[1:]
    return found


def browser_times(data_dir: str, runs: int) -> dict[str, list[float]]:
    """Milliseconds from opening a page's address to its small print being drawn, caches of the browser warm."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        return {}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)]
    options = ["--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    environment = os.environ | {"IOM_DATA_DIR": data_dir}
    server = subprocess.Popen([*command, *options], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    found: dict[str, list[float]] = {}
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium, args=list(BROWSER))
            tab = browser.new_page(viewport={"width": 1440, "height": 900})
            _wait_for(port)
            for page in PAGES:
                address = f"http://127.0.0.1:{port}/" + ("" if page == "quarter" else page)
                times = []
                for _ in range(runs + 1):
                    began = time.perf_counter()
                    tab.goto(address)
                    tab.locator(".foot").wait_for(timeout=60_000)
                    times.append((time.perf_counter() - began) * 1000)
                found[page] = times[1:]
            browser.close()
    finally:
        server.terminate()
        server.wait(10)
    return found


def _wait_for(port: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the dashboard did not start")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data_dir")
    parser.add_argument("--runs", type=int, default=15)
    asked = parser.parse_args()
    os.environ["IOM_DATA_DIR"] = asked.data_dir
    server = server_times(asked.runs)
    browser = browser_times(asked.data_dir, max(3, asked.runs // 3))
    print(json.dumps({"server_ms": server, "browser_ms": browser}))


if __name__ == "__main__":
    main()
