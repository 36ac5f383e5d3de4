"""A release from real extracts is served on this machine only."""

from pathlib import Path

import pytest
import streamlit as st

from common.errors import ProblemError
from components import guard
from release import files
from tests.release import literal


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.9", "::1", "[::1]", "localhost", "::ffff:127.0.0.1"])
def test_the_loopback_is_served(address: str) -> None:
    guard.refuse_unless_loopback(address)


@pytest.mark.parametrize(
    "address", [None, "", "0.0.0.0", "::", "10.1.2.3", "192.168.0.4", "example.org", "127.0.0.1.example.org",
                "unix:///tmp/x.sock", "localhost.example.org"]
)  # fmt: skip
def test_anything_else_is_refused_with_what_to_do(address: str | None) -> None:
    with pytest.raises(ProblemError, match=r"--server\.address 127\.0\.0\.1"):
        guard.refuse_unless_loopback(address)


def test_a_browser_elsewhere_or_behind_a_proxy_is_refused() -> None:
    with pytest.raises(ProblemError, match="came from another"):
        guard.refuse_unless_loopback("127.0.0.1", "10.1.2.3")
    with pytest.raises(ProblemError, match="through a proxy"):
        guard.refuse_unless_loopback("127.0.0.1", None, {"X-Forwarded-For": "10.1.2.3"})
    guard.refuse_unless_loopback("127.0.0.1", "127.0.0.1", {"Host": "127.0.0.1:8501"})


@pytest.mark.parametrize("level", files.LEVELS)
def test_the_release_decides(tmp_path: Path, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    literal.write(tmp_path / "real", synthetic=False)
    literal.write(tmp_path / "made", synthetic=True)
    monkeypatch.setattr(st.config, "get_option", lambda name: {"server.address": None}[name])
    guard.check_may_serve(files.open_level(tmp_path / "made", level))
    with pytest.raises(ProblemError, match="every network address"):
        guard.check_may_serve(files.open_level(tmp_path / "real", level))
