"""FLOOR 2: the only measuring room with sockets.

asking     Net: Ask -> steps              clock     the one Clock
resolve connect handshake fetch exchange  one verb a file          encrypted  lookups inside TLS (doq: QUIC)
lookup     one DNS question on its way     datagram  all of them heard at once
system     getaddrinfo
helper     asks carried out elsewhere     failures  errno, ssl, getaddrinfo -> Failure, one table
mask       own addresses never leave      host      facts of this computer
trust      does a chain hold              channel   bytes, plain or in TLS
limits     how long, how much             shift     times from another clock's zero
neighbours addresses of our own networks  browse   a page with its redirects, for others
browser_hello  a ClientHello like a browser's
discreet   Net that names no post
quic       a handshake in datagrams, and the link that stands      h3     Fetch over it
page       what is kept of a response
"""

from importlib import import_module
from typing import Any

_HOME = {
    "CLOCK_SLACK": "trust",
    "DATAGRAM_SENDS": "exchange",
    "HELPER_SILENT": "helper",
    "HELPER_TRIES": "helper",
    "ROUNDS": "datagram",
    "SENDS": "datagram",
    "Browsed": "browse",
    "Clock": "clock",
    "Curve": "page",
    "Discreet": "discreet",
    "HelperSpec": "helper",
    "Host": "host",
    "Limits": "limits",
    "Lookup": "lookup",
    "Net": "asking",
    "OoniSpec": "ooni_helper",
    "PUBLIC_HELPERS": "ooni_helper",
    "Outcome": "asking",
    "Own": "mask",
    "TLS_LIBRARY": "trust",
    "USER_AGENT": "fetch",
    "fingerprint": "host",
    "has_browser_hello": "browser_hello",
    "headers_of": "fetch",
    "host_facts": "host",
    "own_networks": "neighbours",
    "page_of": "page",
    "parse_helper": "ooni_helper",
    "parse_resolver": "resolve",
    "parse_spec": "helper",
    "patience": "datagram",
    "pin_of": "helper",
    "shifted": "shift",
    "source_for": "host",
    "spare_neighbours": "neighbours",
}

__all__ = [
    "CLOCK_SLACK",
    "DATAGRAM_SENDS",
    "HELPER_SILENT",
    "HELPER_TRIES",
    "PUBLIC_HELPERS",
    "ROUNDS",
    "SENDS",
    "TLS_LIBRARY",
    "USER_AGENT",
    "Browsed",
    "Clock",
    "Curve",
    "Discreet",
    "HelperSpec",
    "Host",
    "Limits",
    "Lookup",
    "Net",
    "OoniSpec",
    "Outcome",
    "Own",
    "fingerprint",
    "has_browser_hello",
    "headers_of",
    "host_facts",
    "own_networks",
    "page_of",
    "parse_helper",
    "parse_resolver",
    "parse_spec",
    "patience",
    "pin_of",
    "shifted",
    "source_for",
    "spare_neighbours",
]


def __getattr__(name: str) -> Any:
    """The public names, each loaded when it is first wanted (PEP 562): `hushmap plan` needs no TLS."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
