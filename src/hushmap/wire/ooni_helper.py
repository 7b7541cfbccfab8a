"""OONI's test-helper protocol as bytes <-> values, both directions, and where such helpers are (refs/OONI 1.3).

A probe posts one URL and the endpoints that it found; the helper answers what it met itself: names, connections,
handshakes, one page after all redirects. Reading is lenient, for helpers of ten years are about: what is null or
absent keeps its default, what is not known is passed over. Writing is exact, for OONI's tools read it. The names of
failures are the old ones, which differ from a probe's, so that only "failed or not" can be compared.
"""

import ipaddress
import re
from enum import IntFlag
from typing import Annotated, Any, TypeVar

import msgspec

from hushmap.model import Failure, Layer
from hushmap.wire import url as wire_url
from hushmap.wire.json import one_line, to_json
from hushmap.wire.ooni_names import TO_OONI, from_ooni

METHOD = "POST"
PATH = "/"
JSON = "application/json"

REQUEST_BYTES = 64 * 1024
"""Longest request: a URL of 8 kB, three headers and a hundred endpoints are below 16 kB."""
REPLY_BYTES = 1024 * 1024
"""Longest reply: a page's headers are bounded at 64 kB by most servers, the rest is some hundred bytes an address."""
ENDPOINTS = 64
"""Endpoints in one request: a probe asks three resolvers and has some ten addresses."""
HEADER_TEXT = 1024
"""Characters of a header that a helper sends on for a probe."""
ENTRIES = 512
"""Entries of any list or table of a message that is read."""
BODY_BYTES = 1 << 20
"""Bytes of a page that are read here. OONI's helper reads 1 << 24, its probe 1 << 19, and they compare only what came
whole: a body of the probe's is at most half of this bound, and a longer one differs by more than the 0.7 that OONI
asks for (refs/OONI 2.4), read to its end or not. Nothing is judged otherwise, and a stranger costs 1 MB, not 16."""

HONOURED = ("Accept", "Accept-Language", "User-Agent")
"""Headers of a probe that its helper sends (refs/OONI 1.3)."""

PUBLIC = (
    "https://0.th.ooni.org",
    "https://1.th.ooni.org",
    "https://2.th.ooni.org",
    "https://3.th.ooni.org",
    "https://5.th.ooni.org",
)
"""OONI's public helpers: `test_helpers.backend.address` of measurements that OONI published from 2022 to 2025 names
0, 1, 2 and 5; 3 is own knowledge, unchecked."""
NAMED = "ooni"
"""What stands for the first of them."""

_Number = Annotated[int, msgspec.Meta(ge=-1, le=2**53)]
"""What any reader of JSON keeps whole."""

_TITLE = re.compile(r"<title>([^<]{1,512})</title>", re.IGNORECASE)
"""What OONI's tools take for a page's title (refs/OONI 2.4): no attribute, no fold, nothing resolved."""
_ENDPOINT = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9.]{7,15})):([0-9]{1,5})")
_PORTS = {"http": ((80, False), (443, True)), "https": ((443, True),)}


class Flag(IntFlag):
    """`ip_info`'s flags (refs/OONI 1.3)."""

    BY_PROBE = 1
    BY_HELPER = 2
    BOGON = 4
    VALID = 8
    """A handshake there showed a certificate that holds for the name."""


class OoniRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a probe asks."""

    http_request: str
    """The URL."""
    http_request_headers: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    tcp_connect: tuple[str, ...] = ()
    """`ADDRESS:PORT` of what the probe found."""
    x_quic_enabled: bool = False


class Tcp(msgspec.Struct, frozen=True, kw_only=True):
    """One connection."""

    status: bool = False
    failure: str | None = None


class Tls(msgspec.Struct, frozen=True, kw_only=True):
    """One handshake; it verifies."""

    server_name: str = ""
    status: bool = False
    failure: str | None = None


class Http(msgspec.Struct, frozen=True, kw_only=True):
    """The page at the end of all redirects; -1 where there is none."""

    body_length: _Number = -1
    discovered_h3_endpoint: str = ""
    failure: str | None = None
    title: str = ""
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    status_code: _Number = -1
    x_body_is_truncated: bool | msgspec.UnsetType = msgspec.UNSET
    """(ours) The body is longer than `body_length`."""


class Dns(msgspec.Struct, frozen=True, kw_only=True):
    """The helper's own lookup."""

    failure: str | None = None
    addrs: tuple[str, ...] = ()


class IpInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one address."""

    asn: _Number = 0
    """0: unknown."""
    flags: _Number = 0


class OoniReply(msgspec.Struct, frozen=True, kw_only=True):
    """What a helper answers."""

    tcp_connect: dict[str, Tcp] = msgspec.field(default_factory=dict)
    tls_handshake: dict[str, Tls] = msgspec.field(default_factory=dict)
    quic_handshake: dict[str, Tls] = msgspec.field(default_factory=dict)
    http_request: Http = msgspec.field(default_factory=Http)
    http3_request: Http | None = None
    dns: Dns = msgspec.field(default_factory=Dns)
    ip_info: dict[str, IpInfo] = msgspec.field(default_factory=dict)


class OoniSpec(msgspec.Struct, frozen=True, kw_only=True):
    """Where a helper of OONI's kind is; its certificate vouches for it, no key and no token."""

    url: str
    """`https://HOST[:PORT]/PATH`."""

    @property
    def at(self) -> wire_url.Url:
        """The same, read."""
        return wire_url.parse(self.url)

    @property
    def host(self) -> str:
        """Its name or address."""
        return self.at.host

    @property
    def name(self) -> str:
        """As people say it: without the scheme."""
        at = self.at
        return at.authority + at.path.rstrip("/")

    @property
    def ooni(self) -> bool:
        """Whether OONI runs it."""
        return self.host == "ooni.org" or self.host.endswith((".ooni.org", ".ooni.io"))


def is_ooni_spec(text: str) -> bool:
    """Whether a settings string means a helper of this kind."""
    return text.strip() == NAMED or text.strip().lower().startswith("https://")


def parse_ooni_spec(text: str) -> OoniSpec:
    """The helper that `ooni`, or a URL, names.

    Raises:
        ValueError: Neither.
    """
    text = text.strip()
    if text == NAMED:
        return OoniSpec(url=wire_url.parse(PUBLIC[0]).text)
    at = wire_url.parse(text)
    if at.scheme != "https":
        raise ValueError(f"a helper's URL begins with https://; {text!a:.120} does not")
    return OoniSpec(url=at.text)


def ports_of(page: wire_url.Url) -> tuple[tuple[int, bool], ...]:
    """(port, whether with TLS) of what a helper tries for a URL: its own port, or for plain HTTP both."""
    if page.port != wire_url.PORTS[page.scheme]:
        return ((page.port, page.scheme == "https"),)
    return _PORTS[page.scheme]


def endpoint_text(address: str, port: int) -> str:
    """`ADDRESS:PORT`, IPv6 in brackets: a key of the reply's tables."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def parse_endpoint(text: str) -> tuple[str, int]:
    """(address, port); ValueError if it is none. The address in its short form, so that spellings agree."""
    match = _ENDPOINT.fullmatch(text)
    if match is None or not 0 < int(match[3]) < 65536:
        raise ValueError(f"{text!a:.80} is no endpoint ADDRESS:PORT")
    try:
        return str(ipaddress.ip_address(match[1] or match[2])), int(match[3])
    except ValueError as error:
        raise ValueError(f"{text!a:.80} has no address that can be read") from error


_V = TypeVar("_V")


def by_endpoint(table: dict[str, _V]) -> dict[tuple[str, int], _V]:
    """A reply's table by (address, port); keys that are none are passed over."""
    found: dict[tuple[str, int], _V] = {}
    for text, value in table.items():
        try:
            found[parse_endpoint(text)] = value
        except ValueError:
            continue
    return found


def page_title(body: bytes) -> str:
    """A page's title as OONI's tools read it, for them to compare; empty if they find none."""
    match = _TITLE.search(body.decode("utf-8", "replace"))
    return match[1] if match is not None else ""


def header_name(name: str) -> str:
    """A header's name as OONI's helper writes it: `content-type` is `Content-Type`."""
    return "-".join(part.capitalize() for part in name.split("-"))


_BROAD = {
    Layer.DNS: "unknown_error",
    Layer.TCP: "connect_error",
    Layer.HTTP: "unknown_error",
}
_SERVER_FAILED = frozenset({Failure.DNS_REFUSED, Failure.SERVFAIL, Failure.DNS_MISBEHAVING, Failure.DNS_TEMPORARY})
_LOOKUP = _SERVER_FAILED | {Failure.NXDOMAIN, Failure.NO_ANSWER}


def failure_name(layer: Layer, failure: Failure | None) -> str | None:
    """How a helper names a failure; `None` is success. A lookup without an address is one to OONI: an empty answer.

    The names are those of refs/OONI 1.3; which failure gets which is own knowledge, unchecked.
    """
    if failure is None or (layer is Layer.DNS and failure is Failure.NO_ANSWER):
        return None
    if layer is Layer.TLS:
        return TO_OONI[failure]
    if failure is Failure.TIMEOUT:
        return "generic_timeout_error"
    if layer is Layer.DNS:
        named = {Failure.NXDOMAIN: "dns_name_error"} | dict.fromkeys(_SERVER_FAILED, "dns_server_failure")
        return named.get(failure, _BROAD[layer])
    if failure is Failure.REFUSED:
        return "connection_refused_error"
    if layer is Layer.HTTP and failure in _LOOKUP:
        return "dns_lookup_error"
    return _BROAD[layer]


def failure_of(status: bool, text: str | None) -> Failure | None:
    """The failure that a helper tells; a broad name of old (`connect_error`) is UNKNOWN, which equals nothing."""
    if text is None:
        return None if status else Failure.UNKNOWN
    return from_ooni(text)


def encode_request(request: OoniRequest) -> bytes:
    """The body of a request; ValueError for what JSON cannot hold."""
    return to_json(request)


def decode_request(data: bytes) -> OoniRequest:
    """What a probe asks; ValueError, one line, if it is nothing or too much."""
    raw = _json(data, REQUEST_BYTES)
    if isinstance(raw, dict) and isinstance(headers := raw.get("http_request_headers"), dict):
        # one value may come bare; a header without any asks nothing
        listed = {name: [value] if isinstance(value, str) else value for name, value in headers.items()}
        raw["http_request_headers"] = listed
    request = _typed(raw, OoniRequest)
    if len(request.tcp_connect) > ENDPOINTS:
        raise ValueError(f"{len(request.tcp_connect)} endpoints in one request; at most {ENDPOINTS} may be")
    return request


def encode_reply(reply: OoniReply) -> bytes:
    """The body of a reply; ValueError for what JSON cannot hold."""
    return to_json(reply)


def decode_reply(data: bytes) -> OoniReply:
    """What a helper says; ValueError, one line, if it is nothing."""
    return _typed(_json(data, REPLY_BYTES), OoniReply)


_T = TypeVar("_T", OoniRequest, OoniReply)


def _typed(raw: Any, kind: type[_T]) -> _T:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise ValueError(one_line(str(error))) from error


def _json(data: bytes, limit: int) -> Any:
    if len(data) > limit:
        raise ValueError(f"a message of {len(data)} bytes is longer than {limit}")
    try:
        return _without_nulls(msgspec.json.decode(data))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(one_line(str(error))) from error


def _without_nulls(value: Any) -> Any:
    """The value without what is null in it, which is as good as absent, and without endless tables."""
    if isinstance(value, dict | list) and len(value) > ENTRIES:
        raise ValueError(f"{len(value)} entries in one place of a message; at most {ENTRIES} may be")
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value if item is not None]
    return value
