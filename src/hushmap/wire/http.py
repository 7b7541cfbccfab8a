"""HTTP/1.1 as bytes <-> values, sans I/O: h11 reads what comes, bounded in header and body; requests are a template.

A measurement must send exactly what it says it sends, also a Host or a path that a polite library would refuse, so
requests are written here after a check that they stay one request. What comes back is read by h11, whose faults
become our failures. Censors see parts of requests: beside the strict reader for servers there
is a lenient one for those.
"""

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus

import h11
import msgspec

from hushmap.model import Failure

HEADER_LIMIT = 64 * 1024
"""Bytes of a header: nginx takes 32 kB, Apache 8 kB a line, Chrome 256 kB; h11's own default is 16 kB."""
BODY_LIMIT = 128 * 1024
"""Bytes of a body that are read: what METHOD 5 allows to be kept of a block page."""

_AROUND = 2 * HEADER_LIMIT
"""Bytes that may stand before a header is whole, provisional answers (RFC 9110 section 15.2) among them, and around a
body, whose chunks have lengths and extensions: h11 bounds each of these but not their number. A page in chunks of ten
bytes has less."""
_PIECE = 16 * 1024
"""h11 checks its bound only when it wants more data, so it is fed in pieces below the bound."""

Headers = Sequence[tuple[str, str]]

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")
"""RFC 9110 section 5.6.2."""
_REQUEST_LINE = re.compile(
    rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,64})[ \t]+(\S(?:[^\r\n]*\S)?)[ \t]+HTTP/([0-9]\.[0-9])[ \t]*"
)
_BREAK = re.compile(r"[\r\n\0]")
"""What would end a header's line, or its reading."""
_BODILESS = frozenset({204, 304})


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request as far as it has come."""

    method: str
    target: str
    version: str = "1.1"
    headers: tuple[tuple[str, str], ...] = ()
    """Names in lower case, in order."""
    body: bytes = b""
    complete: bool = False
    """Header and body have come whole."""

    @property
    def host(self) -> str | None:
        """The first Host header."""
        return self.header("host")

    def header(self, name: str) -> str | None:
        """The first header of that name, given in lower case."""
        return next((value for key, value in self.headers if key == name), None)


def request_bytes(method: str, target: str, host: str, headers: Headers, body: bytes = b"") -> bytes:
    """One request; `Host` comes first, then `headers` as they are, then a Content-Length if there is a body.

    Text goes out as UTF-8. Nothing is escaped: the target is sent as given.

    Raises:
        ValueError: A part would break out of its place, or Host stands in `headers` too.
    """
    if _TOKEN.fullmatch(method) is None:
        raise ValueError(f"{method!a:.40} is no HTTP method")
    if not target or any(char <= " " or char == "\x7f" for char in target):
        raise ValueError(f"{target!a:.120} is no request target: it is empty or has a space or control character")
    if any(name.lower() == "host" for name, _ in headers):
        raise ValueError("Host is given by itself, not among the headers")
    lines = [f"{method} {target} HTTP/1.1", _header_line("Host", host)]
    lines += [_header_line(name, value) for name, value in headers]
    if body and not _has(headers, "content-length", "transfer-encoding"):
        lines.append(f"Content-Length: {len(body)}")
    return _head(lines) + body


def response_bytes(status: int, headers: Headers, body: bytes = b"") -> bytes:
    """One response, with a Content-Length where `headers` do not frame the body.

    Raises:
        ValueError: No final status, or a header would break out of its line.
    """
    if not 200 <= status <= 999:
        raise ValueError(f"{status} is no final HTTP status")
    reason = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    lines = [f"HTTP/1.1 {status} {reason}", *(_header_line(name, value) for name, value in headers)]
    if status not in _BODILESS and not _has(headers, "content-length", "transfer-encoding"):
        lines.append(f"Content-Length: {len(body)}")
    return _head(lines) + body


class _Reader:
    """What both readers share: bytes go in, events change the state, a protocol error is a failure."""

    def __init__(self, connection: h11.Connection, body_limit: int) -> None:
        self._h11 = connection
        self._limit = body_limit
        self._body = bytearray()
        self._fed = 0
        self._started = False  # the header came: a fault from here on cuts a body short
        self.complete = False
        """The message came whole."""
        self.truncated = False
        """The body is longer than the bound, or ended early."""
        self.failure: Failure | None = None

    @property
    def body(self) -> bytes:
        """What has come of the body, at most the bound."""
        return bytes(self._body)

    @property
    def done(self) -> bool:
        """Nothing that still comes would change anything."""
        return self.complete or self.truncated or self.failure is not None

    def feed(self, data: bytes) -> None:
        """Take what came; what follows a whole message is ignored. Empty data is not the end, `eof` is."""
        for at in range(0, len(data), _PIECE):
            if self.done:
                return
            piece = data[at : at + _PIECE]
            self._h11.receive_data(piece)
            self._read(at_end=False)
            self._fed += len(piece)
            self._bound()

    def _bound(self) -> None:
        """End what has no end though each of its parts is short."""
        if self.done:
            return
        if not self._started and self._fed > _AROUND:
            self.failure = Failure.HTTP_TOO_LARGE
        self.truncated = self._started and self._fed - len(self._body) > _AROUND

    def eof(self) -> None:
        """The peer closed: the end of a body without a length, of anything else too early."""
        if not self.done:
            self._h11.receive_data(b"")
            self._read(at_end=True)

    def _read(self, *, at_end: bool) -> None:
        try:
            while not self.done and self._take(self._h11.next_event()):
                pass
        except h11.RemoteProtocolError as error:
            self.truncated = self._started
            if error.error_status_hint == 431:
                self.failure = Failure.HTTP_TOO_LARGE
            else:
                self.failure = Failure.EOF if at_end else Failure.HTTP_INVALID

    def _take(self, event: object) -> bool:
        """Whether there may be another event."""
        if isinstance(event, h11.Data):
            room = self._limit - len(self._body)
            self._body += event.data[:room]
            self.truncated = len(event.data) > room
        elif isinstance(event, h11.EndOfMessage) or event is h11.PAUSED:  # paused: an answer to CONNECT has no body
            self.complete = True
        elif isinstance(event, h11.ConnectionClosed):
            self.failure = Failure.EOF
        return isinstance(event, h11.Event)


class ResponseReader(_Reader):
    """Reads one response from bytes as they come; never raises for what they are."""

    def __init__(self, method: str = "GET", *, body_limit: int = BODY_LIMIT) -> None:
        if _TOKEN.fullmatch(method) is None:
            raise ValueError(f"{method!a:.40} is no HTTP method")
        super().__init__(h11.Connection(h11.CLIENT, max_incomplete_event_size=HEADER_LIMIT), body_limit)
        # h11 reads a response only to a request that it sent; HEAD and CONNECT change how the body ends.
        self._h11.send(h11.Request(method=method, target="/", headers=[("Host", "")]))
        self._h11.send(h11.EndOfMessage())
        self.status: int | None = None
        self.headers: list[tuple[str, str]] = []
        """Names in lower case, in order."""

    def header(self, name: str) -> str | None:
        """The first header of that name, given in lower case."""
        return next((value for key, value in self.headers if key == name), None)

    def _take(self, event: object) -> bool:
        if isinstance(event, h11.Response):
            self._started = True
            self.status = event.status_code
            self.headers = texts(event.headers)
        return super()._take(event)


class RequestReader(_Reader):
    """Reads one request from bytes as they come, for servers; never raises for what they are.

    Its failure is HTTP_INVALID (answer 400), HTTP_TOO_LARGE (431) or EOF (the client left); a body beyond the bound
    is `truncated` (413).
    """

    def __init__(self, *, body_limit: int = BODY_LIMIT) -> None:
        super().__init__(h11.Connection(h11.SERVER, max_incomplete_event_size=HEADER_LIMIT), body_limit)
        self._head: h11.Request | None = None

    @property
    def request(self) -> Request | None:
        """The request, once its header came; its `complete` tells whether its body did."""
        if self._head is None:
            return None
        return Request(
            method=self._head.method.decode("ascii"),
            target=self._head.target.decode("ascii"),
            version=self._head.http_version.decode("ascii"),
            headers=tuple(texts(self._head.headers)),
            body=self.body,
            complete=self.complete,
        )

    def _take(self, event: object) -> bool:
        if isinstance(event, h11.Request):
            self._started = True
            self._head = event
        return super()._take(event)


def parse_request(data: bytes) -> Request | None:
    """What can be seen of a request in the bytes so far; `None` while (or if) there is no whole request line.

    Lenient, for censors: bare line feeds, odd spaces and broken header lines are read over, and a header that has not
    come whole is given as far as its lines are. `complete` is true when the header ended and a body of the stated
    length (or the last chunk) has come.
    """
    head, gap, body = _parted(data[: HEADER_LIMIT + 4], data)
    lines = head.split(b"\n")
    if not gap:
        lines.pop()  # the last line may not be whole
    match = _REQUEST_LINE.fullmatch(lines[0].removesuffix(b"\r")) if lines else None
    if match is None:
        return None
    headers: list[tuple[str, str]] = []
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            headers.append((_text(name.strip()).lower(), _text(value.strip())))
    seen = Request(method=_text(match[1]), target=_text(match[2]), version=_text(match[3]), headers=tuple(headers))
    if not gap:
        return seen
    whole, body = _bounded_body(seen, body)
    return msgspec.structs.replace(seen, body=body, complete=whole)


def _parted(start: bytes, data: bytes) -> tuple[bytes, bool, bytes]:
    """(header, whether it ended, what follows); the end is an empty line, with or without carriage returns."""
    end = re.search(rb"\r?\n\r?\n", start)
    if end is None:
        return start, False, b""
    return start[: end.start()], True, data[end.end() :]


def _bounded_body(request: Request, body: bytes) -> tuple[bool, bytes]:
    coding = request.header("transfer-encoding")
    if coding is not None and "chunked" in coding.lower():
        return body.endswith(b"0\r\n\r\n"), body
    stated = request.header("content-length") or "0"
    length = int(stated) if re.fullmatch(r"[0-9]{1,15}", stated) else 0
    return len(body) >= length, body[:length]


def _header_line(name: str, value: str) -> str:
    if _TOKEN.fullmatch(name) is None:
        raise ValueError(f"{name!a:.40} is no header name")
    if _BREAK.search(value):
        raise ValueError(f"the value of {name} has a line break or NUL")
    return f"{name}: {value}"


def _has(headers: Headers, *names: str) -> bool:
    return any(name.lower() in names for name, _ in headers)


def _head(lines: list[str]) -> bytes:
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")


def texts(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """Header names and values as text."""
    return [(_text(name), _text(value)) for name, value in headers]


def _text(raw: bytes) -> str:
    """Header text: UTF-8 where it is, else Latin-1, which any byte is (RFC 9110 section 5.5)."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
