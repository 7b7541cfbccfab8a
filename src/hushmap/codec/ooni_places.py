"""Hosts, addresses, ports and failures as OONI's data spell them -> as a record does.

Every endpoint of every measurement passes here, so the plain forms are told by a look at their characters, and only
the odd ones are parsed in full. A host that cannot be read is "": a strange redirect is a finding, no damage.
"""

import re
from functools import lru_cache

from hushmap.model import Failure, is_address
from hushmap.wire import names, ooni_names, url

_CACHE = 256
"""Hosts and names that are remembered: those of one measurement recur in it a dozen times, and hardly ever
in the next; a large table would only push other things out of the processor's own memory."""
_DETAIL = 300
"""Characters of a failure text that are kept."""
_PLAIN = re.compile(r"(?:[a-zA-Z0-9][a-zA-Z0-9-]{0,62}\.){1,4}[a-zA-Z]{2,20}").fullmatch
"""Names as nearly all are; what is longer, has a port or another script takes the long way."""
_PORTS = {str(port): port for port in range(1, 65536)}
"""Port numbers as they are written; a dict tells a number from other text and from one out of range at once."""


def endpoint(text: str, path: str, index: int | None = None) -> tuple[str, int]:
    """Address and port of `192.0.2.1:443` or `[2001:db8::1]:443`.

    Raises:
        ValueError: It is neither; the message names the `path`, where `[]` stands for `index`.
    """
    address, _, number = text.rpartition(":")
    port = _PORTS.get(number)
    if address[:1] == "[":
        address = address[1:-1] if address[-1] == "]" else ""
    if port is None or not address:
        raise ValueError(f"{text!a:.80} is no address with a port - at `{path.replace('[]', f'[{index}]')}`")
    return address, port


def port_of(value: int | str | None, index: int) -> int:
    """A port that is the text of a number, or no port."""
    port = _PORTS.get(str(value))
    if port is None:
        raise ValueError(f"{value!a:.40} is no port - at `$.test_keys.tcp_connect[{index}].port`")
    return port


@lru_cache(_CACHE)
def host(text: str) -> str:
    """The host of a URL: A-labels in lower case, or an address; "" if there is none."""
    scheme, _, rest = text.partition("://")
    authority = rest.partition("/")[0]
    if scheme in url.PORTS and (_PLAIN(authority) or (":" not in authority and is_address(authority))):
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
