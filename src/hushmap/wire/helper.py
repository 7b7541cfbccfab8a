"""Our helper's protocol: what is asked of it, what it answers, and the one string that tells a client where it is.

A helper is a computer elsewhere that carries out the same Asks. One request holds many asks, so that asking
elsewhere costs one connection; answers come in the order of the asks. It is `POST /v1/ask` over TLS with a pinned
key, because the networks that are measured may also sit between us and the helper.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from hushmap.model import Ask, Step
from hushmap.wire.json import from_json, to_json
from hushmap.wire.url import host_of

PATH = "/v1/ask"
METHOD = "POST"

ASK_LIMIT = 64
"""Asks in one request: a whole survey of one site, and little enough for one reply to stay small."""

MESSAGE_BYTES = 8 * 1024 * 1024
"""Longest request or reply: 64 asks with a certificate chain and page facts are below 1 MB."""


ANSWER_BYTES = 1024 * 1024
"""Longest reply to one ask: a body of 128 kB, ten certificates of 50 names and the facts of a page are a third."""

ECHOES = ("http", "tls", "tcp", "quic")
"""What an echo may speak."""
SPAN_LIMIT = 128
"""Ports that one echo may have: a residual block of 90 s by port (refs/KEYWORDS 2.3) is then waited for elsewhere."""

_VALUES = 64 * 1024
"""Values in a reply, counted by their commas: 64 asks whose chains have all the names that are kept come to half of
it. Two bytes of JSON can be fifty of memory, so a bound in bytes is none for what is made of them."""


class HelperRequest(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a client asks of its helper."""

    asks: tuple[Ask, ...]
    run_t: float = 0.0
    """The client's run clock when it sent this, seconds; for the helper's own log of times only."""


class HelperAnswer(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What became of one ask. Times of steps are seconds since the helper began to work on the request."""

    steps: tuple[Step, ...] = ()
    undone: str | None = None


class HelperReply(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a helper answers: as many answers as there were asks, in their order."""

    answers: tuple[HelperAnswer, ...] = ()
    now: str
    """The helper's own UTC, `YYYY-MM-DDTHH:MM:SSZ`: trusted by its pinned key, it corrects the client's clock."""
    reached: bool | None = None
    """Whether the helper last reached a harmless name, which proves it online; `None`: it has not tried."""
    reached_ago: float | None = None
    """Seconds since then."""
    software: str = ""
    seen: str | None = None
    """The address from which the request came, whatever NAT is on the way: so that the client can mask it."""


class HelperSpec(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Where a helper is and how it is known: one string that a person pastes into the settings."""

    host: str
    """A name or an address; IPv6 without brackets."""
    port: int
    token: str
    pin: str
    """SHA-256 of the key's SubjectPublicKeyInfo, hex (RFC 7469 has the same hash in base64)."""
    http_port: int | None = None
    tls_port: int | None = None
    tcp_port: int | None = None
    quic_port: int | None = None
    """The echo ports for words; `None`: it has none. QUIC's is UDP, and says nothing after its handshake."""
    span: int = 1
    """How many ports each echo has, from that one on."""
    dark: bool = False
    """Its port 53 never answers, so whoever answers there is on the path."""

    def __repr__(self) -> str:
        # The token is a secret, and reprs end in logs.
        return f"HelperSpec({self.host!r}, {self.port})"

    @property
    def echoes(self) -> dict[str, int]:
        """The first port of each echo, by what it speaks."""
        ports = zip(ECHOES, (self.http_port, self.tls_port, self.tcp_port, self.quic_port), strict=True)
        return {name: port for name, port in ports if port is not None}

    @property
    def text(self) -> str:
        """The settings string; `parse_spec` reads it back."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        more = "".join(f"&{name}={port}" for name, port in self.echoes.items())
        more += f"&span={self.span}" if self.span > 1 else ""
        dark = "&dark=1" if self.dark else ""
        return f"hushmap://{self.token}@{host}:{self.port}#sha256={self.pin}{more}{dark}"


_SHAPE = "hushmap://TOKEN@HOST:PORT#sha256=HEX"
_SPEC = re.compile(r"hushmap://([A-Za-z0-9._~-]{8,128})@([^@#/?\s]{1,300}):([0-9]{1,5})#([!-~]{1,400})")
"""The token is made of RFC 3986 unreserved characters: it goes unescaped into this string and into a header."""
_PIN = re.compile(r"[0-9a-f]{64}")
_PORT = re.compile(r"[0-9]{1,5}")
_SPAN = re.compile(r"[0-9]{1,3}")
_PORTS = 65536

_request_decoder = msgspec.json.Decoder(HelperRequest)
_reply_decoder = msgspec.json.Decoder(HelperReply)


def parse_spec(text: str) -> HelperSpec:
    """The helper that a settings string names. No message repeats the string: it holds a secret.

    Raises:
        ValueError: Not such a string.
    """
    match = _SPEC.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"a helper is written {_SHAPE}; this is not")
    token, host, port, rest = match.groups()
    options = _options(rest)
    pin = options.pop("sha256", "").lower()
    if _PIN.fullmatch(pin) is None:
        raise ValueError("a helper's sha256 has 64 hexadecimal digits; this one has not")
    dark = options.pop("dark", "0")
    if dark not in {"0", "1"}:
        raise ValueError("a helper's dark is 0 or 1; this is neither")
    ports: dict[str, Any] = {f"{name}_port": _port(options.pop(name)) for name in ECHOES if name in options}
    span = options.pop("span", "1")
    if _SPAN.fullmatch(span) is None or not 0 < int(span) <= SPAN_LIMIT:
        raise ValueError(f"a helper's span is 1 to {SPAN_LIMIT} ports; {span!a:.20} is not")
    if options:
        known = ", ".join(("sha256", *ECHOES, "span", "dark"))
        raise ValueError(f"a helper has no setting {min(options)!a:.40}; known are {known}")
    if any(first + int(span) > _PORTS for first in ports.values()):
        raise ValueError(f"a helper's echo has {span} ports, but not so many are left above its first")
    return HelperSpec(
        host=host_of(host), port=_port(port), token=token, pin=pin, span=int(span), dark=dark == "1", **ports
    )


def _options(rest: str) -> dict[str, str]:
    pairs = parse_qsl(rest, keep_blank_values=True)
    options = dict(pairs)
    if len(options) != len(pairs):
        raise ValueError("a helper's setting stands twice in its string")
    return options


def _port(text: str) -> int:
    if _PORT.fullmatch(text) is None or not 0 < int(text) < 65536:
        raise ValueError(f"a port is a number from 1 to 65535; {text!a:.20} is not")
    return int(text)


def encode_request(request: HelperRequest) -> bytes:
    """The body of a request; ValueError for what JSON cannot hold."""
    return to_json(request)


def decode_request(data: bytes) -> HelperRequest:
    """What a request's body asks; ValueError, one line, if it is none or asks too much at once."""
    _bounded(data)
    request = from_json(data, _request_decoder)
    if len(request.asks) > ASK_LIMIT:
        raise ValueError(f"{len(request.asks)} asks in one request; at most {ASK_LIMIT} may be")
    return request


def encode_reply(reply: HelperReply) -> bytes:
    """The body of a reply; ValueError for what JSON cannot hold."""
    return to_json(reply)


def decode_reply(data: bytes) -> HelperReply:
    """What a reply's body says; ValueError, one line, if it is none."""
    _bounded(data)
    if data.count(b",") > _VALUES:
        raise ValueError(f"a helper's reply has more than {_VALUES} values")
    reply = from_json(data, _reply_decoder)
    to_json(reply)  # what no file could hold must not enter a run
    ports = (getattr(step, "port", 0) for answer in reply.answers for step in answer.steps)
    if not all(0 <= port < 65536 for port in ports):
        raise ValueError("a helper's reply has a port that is no number below 65536")
    return reply


def _bounded(data: bytes) -> None:
    if len(data) > MESSAGE_BYTES:
        raise ValueError(f"a helper's message of {len(data)} bytes is longer than {MESSAGE_BYTES}")
