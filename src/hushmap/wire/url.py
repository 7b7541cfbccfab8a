"""URLs of the web as values: scheme, host, port, path; written back as a request needs them.

Only http and https, no user and password: a list row or a `Location` that is anything else is an error of one line
(or, for a redirect, a fact that the caller records). Reading follows RFC 3986 with the repairs that every browser
makes (WHATWG URL): other scripts become A-labels, characters that a request line cannot hold become percent codes.
"""

import ipaddress
import re
from urllib.parse import quote, urljoin

import msgspec

from hushmap.wire.names import ascii_name

PORTS = {"http": 80, "https": 443}

URL_LIMIT = 8192
"""RFC 9110 section 4.1 asks for at least 8000; longer ones are attacks or mistakes."""

_SHAPE = re.compile(r"(https?)://([^/?#\\]*)([^#]*)(?:#.*)?", re.IGNORECASE | re.DOTALL)
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]@]+)(?::([0-9]{0,5}))?")
_PATH_SAFE = "/?%:@!$&'()*+,;=-._~[]|"
"""RFC 3986 pchar, `/` and `?`, an existing percent code, and two that servers take bare."""


class Url(msgspec.Struct, frozen=True, kw_only=True):
    """One http or https URL."""

    scheme: str
    host: str
    """A-labels in lower case, or an address; IPv6 without brackets."""
    port: int
    path: str
    """With its query; begins with `/`. It is the request target."""

    @property
    def authority(self) -> str:
        """The Host header: host, with the port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme and authority."""
        return f"{self.scheme}://{self.authority}"

    @property
    def text(self) -> str:
        """The whole URL; `parse` reads it back as the same value."""
        return self.origin + self.path


def parse(text: str) -> Url:
    """The URL that `text` is.

    Raises:
        ValueError: Not an http or https URL.
    """
    text = text.strip()
    if len(text) > URL_LIMIT:
        raise ValueError(f"a URL of {len(text)} characters is longer than {URL_LIMIT}")
    if any(char < " " or char == "\x7f" for char in text):
        raise ValueError(f"{text!a:.120} has a control character")
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!a:.120} is no http:// or https:// URL")
    scheme, authority, path = match[1].lower(), match[2], match[3]
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise ValueError(f"{text!a:.120} has no host and port that can be read")
    port = int(parts[2]) if parts[2] else PORTS[scheme]
    if not 0 < port < 65536:
        raise ValueError(f"{text!a:.120} has a port that is no number from 1 to 65535")
    return Url(scheme=scheme, host=host_of(parts[1]), port=port, path=_path(path))


def join(base: Url, location: str) -> Url:
    """Where `location`, found at `base`, leads (RFC 3986 section 5).

    Raises:
        ValueError: It leads to no http or https URL.
    """
    location = location.strip()
    if len(location) > URL_LIMIT:
        raise ValueError(f"a location of {len(location)} characters is longer than {URL_LIMIT}")
    if any(char < " " or char == "\x7f" for char in location):
        raise ValueError(f"{location!a:.120} has a control character")
    try:
        absolute = urljoin(base.text, location)
    except ValueError as error:
        raise ValueError(f"{location!a:.120} is no location: {ascii(str(error))[1:-1]:.120}") from error
    return parse(absolute)


def host_of(text: str) -> str:
    """A host as a value: address in its short text form (brackets off), or name of A-labels in lower case.

    Raises:
        ValueError: Neither.
    """
    if text.startswith("["):
        try:
            return str(ipaddress.IPv6Address(text[1:].removesuffix("]")))
        except ValueError as error:
            raise ValueError(f"{text!a:.60} is no IPv6 address") from error
    name = ascii_name(text).lower()
    # WHATWG URL 3.5: a host whose last label is a number is an IPv4 address. Its odd forms (127.1, 0x7f.1) would
    # send a program elsewhere than a reader thinks, so only the plain one is taken.
    if name.rpartition(".")[2].isdigit() or re.fullmatch(r"0x[0-9a-f]*", name.rpartition(".")[2]):
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError as error:
            raise ValueError(f"{text!a:.60} is no IPv4 address, and no name ends in a number") from error
    return name


def _path(text: str) -> str:
    path = text if text.startswith("/") else "/" + text
    return quote(path, safe=_PATH_SAFE, errors="strict")
