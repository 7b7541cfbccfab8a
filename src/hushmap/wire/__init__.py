"""FLOOR 1: network bytes <-> values, without a socket or a clock.

dns    queries, answers, replies        tls    the name in a ClientHello, alerts
http   requests and responses (h11)     url    URLs of the web as values
html   facts of a page                  names  host names as they go on the wire
helper what is asked of a helper        json   Structs as JSON, faults as one line
ooni_names  our failures <-> OONI's df-007     ooni_helper  OONI's test-helper protocol
cookies     of one page load    certificate  what one says of itself (loaded when first wanted)
bulk   a download of known size
echo   what the helper's says back       icmp   errors of routers, as the kernel tells them
greeting   first packets of stun, wireguard, openvpn and tor's directory, and their answers

Rooms import the modules: `from hushmap.wire import dns, http`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hushmap.wire import (
    bulk,
    cookies,
    dns,
    echo,
    greeting,
    helper,
    html,
    http,
    icmp,
    json,
    names,
    ooni_helper,
    ooni_names,
    openvpn,
    stun,
    tls,
    tor,
    url,
    wireguard,
)

if TYPE_CHECKING:
    from hushmap.wire import certificate

__all__ = [
    "bulk",
    "certificate",
    "cookies",
    "dns",
    "echo",
    "greeting",
    "helper",
    "html",
    "http",
    "icmp",
    "json",
    "names",
    "ooni_helper",
    "ooni_names",
    "openvpn",
    "resolver",
    "stun",
    "tls",
    "tor",
    "url",
    "wireguard",
]


def __getattr__(name: str) -> Any:
    """`certificate` is loaded when it is first wanted (PEP 562): its library costs half the start of a program."""
    if name != "certificate":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")
