"""A real server on a free loopback port, and a real browser in front of it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.release import literal

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "artefacts"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
KNOWN_NOISE = ("/_stcore/health", "/_stcore/host-config")
"""On a deep link Streamlit's own front end first asks beneath the page's path, is told 404, and asks again at the root."""


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; without one the browser tests are skipped, except in CI, where that is a failure."""
    found = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else shutil.which("chromium")
    if found is None:
        reason = "no Chromium at /usr/bin/chromium or on the PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and CI must run the browser tests")
        pytest.skip(reason)
    return found


class Server:
    """The dashboard, started as a reader would start it, upon a release."""

    def __init__(
        self, data_dir: Path | None, log: Path, address: str = "127.0.0.1", *, root: Path = ROOT, **variables: str
    ) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = log.open("wb")
        chosen = {name: value for name, value in os.environ.items() if name != "IOM_DATA_DIR"}
        if data_dir:
            chosen["IOM_DATA_DIR"] = str(data_dir)
        options = ["--server.port", str(self.port), "--server.headless", "true", "--server.address", address]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "dashboard.py", *options],
            cwd=root,
            env={**chosen, **variables},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def url(self, path: str = "") -> str:
        """The address of a page."""
        return f"http://127.0.0.1:{self.port}/{path}"

    def wait(self) -> None:
        """Until it answers."""
        for _ in range(300):
            try:
                urllib.request.urlopen(self.url("_stcore/health"), timeout=1)
                return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("the server did not start within 30 seconds")

    def stop(self) -> None:
        """End the process that was started, and no other."""
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the hand-written release."""
    place = tmp_path_factory.mktemp("browser-data")
    literal.write(place)
    return place


@pytest.fixture
def first_start(chromium: str, tmp_path: Path) -> Iterator[Server]:
    """A server on a copy of the program without any data, as on a stranger's machine; its county is small."""
    clone = tmp_path / "clone"
    for folder in (".streamlit", "app", "common", "components", "data/reference", "etl", "metrics", "pages", "release"):
        shutil.copytree(ROOT / folder, clone / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "dashboard.py", clone)
    shutil.copy(ROOT / "pyproject.toml", clone)
    server = Server(None, tmp_path / "server.log", root=clone, IOM_DEMO_PEOPLE="300", PYTHONPATH=str(clone))
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.fixture
def just_started(chromium: str, data_dir: Path, tmp_path: Path) -> Iterator[Server]:
    """A server that nobody has visited yet."""
    server = Server(data_dir, tmp_path / "server.log")
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def server(chromium: str, data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests that do not ask for a fresh one."""
    running = Server(data_dir, tmp_path_factory.mktemp("log") / "server.log")
    try:
        running.wait()
        yield running
    finally:
        running.stop()


@pytest.fixture
def exposed(chromium: str, tmp_path: Path) -> Iterator[Server]:
    """A server on every network address, upon a release that says it is made from real extracts."""
    literal.write(tmp_path / "data", synthetic=False)
    server = Server(tmp_path / "data", tmp_path / "server.log", address="0.0.0.0")
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A fresh tab with no memory, whose console must stay free of errors."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda m: errors.append(f"{m.text} {m.location.get('url', '')}") if m.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    real = [e for e in errors if not any(noise in e for noise in KNOWN_NOISE)]
    assert not real, real
