"""Refusing to serve real figures to anybody but this machine, until the attack gate and sign-in exist.

A release from real extracts is served only by a server bound to the loopback address, to a browser on this
machine, with no proxy between. Anything that cannot be told counts as not the loopback.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from common.errors import ProblemError
from release.read import Reader

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""Headers by which a proxy shows itself: a proxy on this machine may serve the world."""
START = "stop the server and start it with: streamlit run dashboard.py --server.address 127.0.0.1"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept to this machine: why, until when, and how to start a server that keeps it so."""

    reason: str
    until: str
    start: str


RELEASE = Kept(
    "This release is made from real extracts, so it is shown on this machine only",
    ", until the attack gate and sign-in exist",
    START,
)
DESK = Kept(
    "The analyst's desk opens the store, so it is shown on this machine only", "", "stop the server and run `iom desk`"
)


def check_may_serve(reader: Reader) -> None:
    """Raise ProblemError unless this release may be shown to whoever is asking now. A synthetic one always may."""
    if not reader.synthetic:
        address = st.config.get_option("server.address")
        refuse_unless_loopback(address, st.context.ip_address, dict(st.context.headers))


def check_desk() -> None:
    """Raise ProblemError unless the desk, which opens the store, is asked for on this machine: synthetic or not."""
    address = st.config.get_option("server.address")
    refuse_unless_loopback(address, st.context.ip_address, dict(st.context.headers), DESK)


def refuse_unless_loopback(
    address: str | None, client: str | None = None, headers: Mapping[str, str] | None = None, kept: Kept = RELEASE
) -> None:
    """Raise ProblemError unless the server listens on the loopback only and the browser is on this machine.

    `address` is the server's own (None: every network it is on); `client` the browser's (None: the same machine,
    as Streamlit tells it).
    """
    reason = kept.reason
    if not is_loopback(address):
        where = "every network address" if address in (None, "", "0.0.0.0", "::") else "a network address"
        raise ProblemError(
            what=f"{reason}, and this server listens on {where}",
            where="the server's address",
            allowed=f"127.0.0.1, ::1 or localhost{kept.until}",
            remedy=kept.start,
        )
    if client is not None and not is_loopback(client):
        raise ProblemError(
            what=f"{reason}, and this request came from another",
            where="the browser's address",
            allowed="a browser on the machine that runs the server",
            remedy="open it there",
        )
    named = {name.lower() for name in headers or {}}
    if named & set(FORWARDED):
        raise ProblemError(
            what=f"{reason}, and this request came through a proxy",
            where="the request's headers",
            allowed="a browser on this machine with no proxy between",
            remedy="open the server's own address on this machine",
        )


def is_loopback(address: str | None) -> bool:
    """Whether an address is this machine's own loopback."""
    if not address:
        return False
    if address == "localhost":
        return True
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback
