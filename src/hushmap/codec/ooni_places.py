"""Hosts, addresses, ports and failures as OONI's data spell them -> as a record does.

Every endpoint of every measurement passes here, so the plain forms are told by a look at their characters, and only
the odd ones are parsed in full. A host that cannot be read is "": a strange redirect is a finding, no damage.
"""

import ipaddress
import re
from functools import lru_cache

from hushmap.model import Failure
from hushmap.wire import names, ooni_names, url

_CACHE = 4096
"""Hosts and IPv6 addresses that are remembered: those of one measurement recur in it a dozen times."""
_DETAIL = 300
"""Characters of a failure text that are kept."""
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = re.compile(rf"(?:{_OCTET}\.){{3}}{_OCTET}").fullmatch
_PORTS = {str(port): port for port in range(1, 65536)}
"""Port numbers as they are written; a dict tells a number from other text and from one out of range at once."""


def is_address(text: str) -> bool:
    """Whether `text` is an IP address."""
    return _is_ipv6(text) if ":" in text else _IPV4(text) is not None


@lru_cache(_CACHE)
def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def endpoint(text: str, path: str) -> tuple[str, int]:
    """Address and port of `192.0.2.1:443` or `[2001:db8::1]:443`, found at `path`."""
    address, colon, number = text.rpartition(":")
    port = _PORTS.get(number)
    if not colon or port is None:
        raise ValueError(f"{text!a:.80} is no address with a port - at `{path}`")
    return address[1:-1] if address[:1] == "[" and address[-1] == "]" else address, port


def port_of(value: int | str | None, path: str) -> int:
    """A port that is a number or its text."""
    port = value if type(value) is int else _PORTS.get(str(value))
    if port is None or not 0 <= port < 65536:
        raise ValueError(f"{value!a:.40} is no port - at `{path}`")
    return port


@lru_cache(_CACHE)
def host(text: str) -> str:
    """The host of a URL: A-labels in lower case, or an address; "" if there is none."""
    scheme, colon, rest = text.partition("://")
    if colon:
        authority = rest.partition("/")[0]
        plain = authority.replace(".", "").replace("-", "")
        # A last digit may be of a port or of an address in an odd form: those take the long way.
        if plain.isalpha() and plain.isascii() and authority[0] not in ".-" and scheme.lower() in url.PORTS:
            return authority.lower()
    try:
        return url.parse(text).host
    except ValueError:
        return ""


@lru_cache(_CACHE)
def name(text: str) -> str:
    """A name that was looked up, as it went on the wire: A-labels in lower case, no final dot."""
    if text.isascii():
        return text.lower().removesuffix(".")
    try:
        return names.ascii_name(text).lower()
    except ValueError:
        return text


def failed(text: str) -> tuple[Failure, str | None]:
    """The failure that `text` names, and `text` itself where our name for it says less."""
    known = ooni_names.FROM_OONI.get(text)
    return (known, None) if known is not None else (ooni_names.from_ooni(text) or Failure.UNKNOWN, text[:_DETAIL])
