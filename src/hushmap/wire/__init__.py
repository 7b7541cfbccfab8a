"""FLOOR 1: network bytes <-> values, without a socket or a clock.

dns    queries, answers, replies        tls    the name in a ClientHello, alerts
http   requests and responses (h11)     url    URLs of the web as values
html   facts of a page                  names  host names as they go on the wire
helper what is asked of a helper        json   Structs as JSON, faults as one line
ooni_names  our failures <-> OONI's df-007     ooni_helper  OONI's test-helper protocol
cookies     of one page load    certificate  what one says of itself (loaded when first wanted)
bulk   a download of known size
carrying  a word as each place of a message holds it    variants  what links words that filters may tell apart
echo   what the helper's says back       icmp   errors of routers, as the kernel tells them
h2 h3      one exchange of HTTP in frames (streamed: what both share)      quic   what it says without keys
greeting   first packets of stun, wireguard, openvpn and tor's directory, and their answers

Rooms import the modules: `from hushmap.wire import dns, http`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hushmap.wire import (
    bulk,
    carrying,
    cookies,
    dns,
    echo,
    greeting,
    helper,
    html,
    http,
    icmp,
    json,
    listing,
    names,
    ooni_helper,
    ooni_names,
    openvpn,
    resolver,
    signs,
    streamed,
    stun,
    tls,
    tor,
    url,
    variants,
    wireguard,
)

if TYPE_CHECKING:
    from hushmap.wire import certificate, h2, h3, quic

_LATE = frozenset({"certificate", "h2", "h3", "quic"})

__all__ = [
    "bulk",
    "carrying",
    "certificate",
    "cookies",
    "dns",
    "echo",
    "greeting",
    "h2",
    "h3",
    "helper",
    "html",
    "http",
    "icmp",
    "json",
    "listing",
    "names",
    "ooni_helper",
    "ooni_names",
    "openvpn",
    "quic",
    "resolver",
    "signs",
    "streamed",
    "stun",
    "tls",
    "tor",
    "url",
    "variants",
    "wireguard",
]


def __getattr__(name: str) -> Any:
    """Some are loaded when they are first wanted (PEP 562): their libraries cost half the start of a program."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")
