"""Times, addresses of the web and texts of the network, as coarse as they may leave.

A clock in a page, a validity that began with the handshake and a session in a query tell as much as a log line: each
is rounded or masked, at equal length where it stands in a text. Pure.
"""

import re
from collections.abc import Callable

HOUR, DAY = "hour", "day"
PRECISIONS = (HOUR, DAY)

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}):\d{2}:\d{2}Z")
_CLOCK = re.compile(r"(?<![A-SU-Za-z0-9_:.])[0-2]?\d:[0-5]\d(?::[0-5]\d)?(?![\d:])")
"""A time of the day in a text: 22:33, 22:33:07, T22:33; not the end of an address with its port."""
_DOTTED = re.compile(r"(?<![\d.])[0-2]\d\.[0-5]\d\.[0-5]\d(?![\d.])")
"""The same with dots and seconds, as some countries write it; without seconds it may be any number."""
_STAMP = re.compile(r"(?<![\da-f])1[5-9]\d{8}(?:\d{3})?(?![\da-f])")
"""Seconds or milliseconds since 1970, of the years 2017 to 2033."""
_EMAIL = re.compile(r"[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
_HOME = re.compile(r"(?:/home/|/Users/|[A-Za-z]:\\+Users\\+|file:///)[^\s\"'<>/\\]+", re.IGNORECASE)
"""A folder of a person's own."""
_PAIR = re.compile(r"([?&;#]|%3f|%26)([^=&;#?\s\"'<>]{1,64})(=|%3d)([^&;#\s\"'<>]*)", re.IGNORECASE)
_TELLING = re.compile(
    r"tok|sess|sid|auth|key|pass|pwd|sig|hash|user|uid|login|account|mail|phone|tel|msisdn|imsi|imei|mac|ip$|^ip|addr"
    r"|client|subscriber|customer|name|code|ticket|nonce|secret|cookie|^id$|[_-]id$",
    re.IGNORECASE,
)
"""Names of query fields whose values are somebody's."""
_OPAQUE = re.compile(r"(?=.*\d)[A-Za-z0-9_%+/=.-]{12,}|\d{6,}")
"""A value that nobody would type."""
_ENCRYPTED = re.compile(r"((?:tls|quic|https)://)([^/:#\[\]]+|\[[^\]]*\])(:\d+)?(/[^#]*)?(#.*)?")
_ACCOUNT = re.compile(r"([^.]*\d[^.]*)\.(?=[^.]+\.[^.]+\.)")
"""A first label with a digit, before three more."""
_USERINFO = re.compile(r"(?<=://)(?!x+@)[^/\s@]+@")
_USERS = re.compile(
    r"/(?:~[^/?#]+|@[^/?#]+|(?:u|user|users|usr|profile|profiles|member|members|account|accounts|people)/[^/?#]+)",
    re.IGNORECASE,
)
"""A path on which somebody is named."""


def moment(iso: str, precision: str) -> str:
    """A time rounded down; empty where it is none."""
    found = _ISO.fullmatch(iso)
    if found is None:
        return ""
    return f"{found[1]}T{'00' if precision == DAY else found[2]}:00:00Z"


def _crossed(found: re.Match[str]) -> str:
    return "x" * len(found[0])


def query(text: str) -> str:
    """`text` with the values of queries masked that are, or look like, somebody's."""

    def masked(found: re.Match[str]) -> str:
        sign, name, equals, value = found.groups()
        hide = _TELLING.search(name) or _OPAQUE.fullmatch(value)
        return f"{sign}{name}{equals}{'x' * len(value) if hide else value}"

    return _PAIR.sub(masked, text)


def written(text: str) -> str:
    """A text of the network, without stamps and tokens too."""
    return query(_STAMP.sub(_crossed, plain(text)))


def plain(text: str) -> str:
    """Any text without times of the day, mail addresses, logins and a person's folders."""
    for pattern in (_USERINFO, _EMAIL, _HOME):
        text = pattern.sub(_crossed, text)
    for clock in (_CLOCK, _DOTTED):
        text = clock.sub(lambda found: re.sub(r"\d", "x", found[0]), text)
    return text


def resolver(url: str, home: Callable[[str], bool]) -> str:
    """A resolver inside TLS without what is a person's account there; one at `home` without its name too.

    Services give each customer a path or a name of their own.
    """
    found = _ENCRYPTED.fullmatch(url)
    if found is None:
        return url
    scheme, host, port, path, address = (part or "" for part in found.groups())
    if address and home(address[1:]):
        host = "resolver.example"
    elif _ACCOUNT.match(host):
        host = _ACCOUNT.sub(lambda one: "x" * len(one[1]) + ".", host)
    if path not in {"", "/", "/dns-query"}:
        path = "/" + "x" * (len(path) - 1)
    return f"{scheme}{host}{port}{path}{address}"


def names_somebody(text: str) -> bool:
    """Whether what was asked for names a person: a login, somebody's path, a folder of their own."""
    return bool(_USERS.search(text)) or tells_login(text)


def tells_login(text: str) -> bool:
    """Whether a text holds a login, or the path of a person's own folder."""
    return bool(_USERINFO.search(text) or _HOME.search(text))
