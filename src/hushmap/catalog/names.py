"""Whether a piece of text is a public host name or web address, and if not, why not, in words for its author.

`wire.url` takes an address apart for the network; this decides whether a *list* may hold it. Two things differ: a
list must not point at the reader's own network (a home router, a printer, an intranet), and the reason is told.
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

import idna

MAX_URL = 2_000
"""Longest web address in a list; many servers and logs stop near 2,000 (RFC 9110 4.1 asks for 8,000)."""

MAX_NAME = 253
"""RFC 1035 2.3.4 gives 255 octets on the wire, which is 253 characters."""

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_LOCAL = ("localhost", "local", "localdomain", "lan", "home", "internal", "intranet", "home.arpa", "onion", "invalid")
"""Names that the public DNS never answers (RFC 6761, 6762, 7686, 8375; ICANN's `internal`; what routers use)."""

_PORTS = {"http": 80, "https": 443}


class NameFaultError(ValueError):
    """What is wrong, and the remedy, as two arguments."""


def ascii_name(name: str) -> str:
    """The A-labels of `name`, lower-case; `NameFaultError` unless it is valid labels (RFC 1123, RFC 5891)."""
    if name.isascii():
        ascii_form = name.lower()
    else:
        try:
            ascii_form = idna.encode(name, uts46=True).decode()
        except (idna.IDNAError, UnicodeError):
            raise NameFaultError("is not a valid host name", "check its spelling") from None
    labels = ascii_form.split(".")
    if len(ascii_form) > MAX_NAME or any(len(label) > 63 for label in labels):
        raise NameFaultError("is too long for a host name", "a label holds 63 characters, a name 253")
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise NameFaultError("is not a valid host name", "labels hold letters, digits and hyphens")
    return ascii_form


def public_name(name: str) -> str:
    """The A-labels of `name` if it can be a public site's; `NameFaultError` otherwise."""
    ascii_form = ascii_name(name)
    labels = ascii_form.split(".")
    if labels[-1].isdigit() or labels[-1].startswith("0x"):
        raise NameFaultError("is an address, not a name", "write the site's name")
    if len(labels) == 1 or any(ascii_form == local or ascii_form.endswith(f".{local}") for local in _LOCAL):
        raise NameFaultError("is not a name of the public internet", "write a full name such as www.example.com")
    return ascii_form


def public_host(host: str) -> str:
    """`host` of a web address: a public name, or the text of a global IP address."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return public_name(host)
    if not address.is_global or address.is_multicast:
        raise NameFaultError("is not an address of the public internet", "remove it: it says nothing about blocking")
    return str(address)


def _split(url: str) -> SplitResult:
    if len(url) > MAX_URL:
        raise NameFaultError(f"is longer than {MAX_URL:,} characters", "shorten it")
    if not url.isprintable() or re.search(r"[\s\\<>\"]", url):
        raise NameFaultError("holds a space or a character that no web address has", "percent-encode it")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NameFaultError("is not a web address", "write it as https://www.example.com/") from None
    if parts.scheme not in _PORTS:
        raise NameFaultError("does not begin with http:// or https://", "write it as https://www.example.com/")
    if port == 0:
        raise NameFaultError("names port 0", "write a port from 1 to 65535, or none")
    if "@" in parts.netloc:
        raise NameFaultError("holds a user name", "remove everything up to the @")
    if not parts.hostname:
        raise NameFaultError("names no host", "write it as https://www.example.com/")
    return parts


def web_address(url: str) -> tuple[str, str]:
    """`url` as it would be asked (lower-case host, no default port, a path, no fragment) and its host in A-labels.

    Raises:
        NameFaultError: with what is wrong and the remedy.
    """
    parts = _split(url)
    host = (parts.hostname or "").removesuffix(".")
    ascii_form = public_host(host)
    written = f"[{host}]" if ":" in host else host
    if parts.port is not None and parts.port != _PORTS[parts.scheme]:
        written += f":{parts.port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{written}{parts.path or '/'}{query}", ascii_form


_TLS_PORTS = {"tls": 853, "quic": 853, "https": 443}
"""RFC 7858, RFC 9250, RFC 8484."""


def encrypted_resolver(text: str) -> str:
    """The resolver that is asked inside TLS as it would be asked; its address is looked up, so none is given.

    Raises:
        NameFaultError: with what is wrong and the remedy.
    """
    form = "write tls://dns.example, quic://dns.example or https://dns.example/dns-query"
    if len(text) > MAX_URL or not text.isprintable() or re.search(r"[\s\\<>\"@]", text):
        raise NameFaultError("is no resolver that is asked inside TLS", form)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise NameFaultError("is no resolver that is asked inside TLS", form) from None
    if parts.scheme not in _TLS_PORTS or not parts.hostname or port == 0:
        raise NameFaultError("is no resolver that is asked inside TLS", form)
    if (parts.scheme == "https") is not bool(parts.path) or (parts.query and not parts.path) or parts.fragment:
        raise NameFaultError("has a path where none belongs, or none where one does, or an address", form)
    written = "" if port in {None, _TLS_PORTS[parts.scheme]} else f":{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{public_name(parts.hostname)}{written}{parts.path}{query}"
