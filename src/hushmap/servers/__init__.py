"""FLOOR 4: what a person runs for others: the helper and its echo ports.

helper     carries out asks from elsewhere    echo       words come back as they arrived
guard      which addresses and ports          rate       how much in a time
identity   key, certificate, token            listening  bounded connections, graceful stop
quic       handshakes in datagrams, for any name
"""

from importlib import import_module
from typing import Any

_HOME = {
    "SPAN_LIMIT": "helper",
    "HelperServer": "helper",
    "HelperSettings": "helper",
    "ServeError": "listening",
}

__all__ = ["SPAN_LIMIT", "HelperServer", "HelperSettings", "ServeError"]


def __getattr__(name: str) -> Any:
    """The public names, each loaded when it is first wanted (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
