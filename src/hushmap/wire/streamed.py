"""One HTTP message in frames, as HTTP/2 and HTTP/3 carry it: the request's fields, and the response as it comes.

Both protocols have the same fields and the same life of a message (RFC 9113 section 8, RFC 9114 section 4), so both
readers fill one shape, which has the facts of `http.ResponseReader` and its bounds.
"""

from collections.abc import Iterable

from hushmap.model import Failure
from hushmap.wire.http import BODY_LIMIT, HEADER_LIMIT, Headers, request_bytes, texts

Fields = list[tuple[bytes, bytes]]

_CONNECTION = frozenset({"connection", "host", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"})
"""RFC 9113 section 8.2.2: what speaks of an HTTP/1.1 connection has no place in a frame; the host is a field of its
own."""


def request_fields(method: str, authority: str, target: str, headers: Headers, *, body: bytes = b"") -> Fields:
    """The fields of a request over TLS, in order; what only HTTP/1.1 has is left out.

    Raises:
        ValueError: A part would not be one request in HTTP/1.1 either.
    """
    request_bytes(method, target, authority, headers)
    fields = [(":method", method), (":scheme", "https"), (":authority", authority), (":path", target)]
    fields += [(name.lower(), value) for name, value in headers if name.lower() not in _CONNECTION]
    if body and all(name != "content-length" for name, _ in fields):
        fields.append(("content-length", f"{len(body)}"))
    return [(name.encode("utf-8"), value.strip().encode("utf-8")) for name, value in fields]


class Message:
    """One response, as far as it has come; never raises for what it is."""

    def __init__(self, *, body_limit: int = BODY_LIMIT) -> None:
        self._limit = body_limit
        self._body = bytearray()
        self.status: int | None = None
        self.headers: list[tuple[str, str]] = []
        """Names in lower case, in order; without what begins with a colon."""
        self.complete = False
        self.truncated = False
        """The body is longer than the bound, or ended early."""
        self.failure: Failure | None = None
        self.detail: str | None = None

    @property
    def body(self) -> bytes:
        """What has come of the body, at most the bound."""
        return bytes(self._body)

    @property
    def done(self) -> bool:
        """Nothing that still comes would change anything."""
        return self.complete or self.truncated or self.failure is not None

    def header(self, name: str) -> str | None:
        """The first header of that name, given in lower case."""
        return next((value for key, value in self.headers if key == name), None)

    def head(self, fields: Iterable[tuple[bytes, bytes]]) -> None:
        """Take a block of fields: an interim answer or trailers change nothing."""
        if self.done or self.status is not None:
            return
        found = texts(fields)
        if sum(len(name) + len(value) for name, value in found) > HEADER_LIMIT:
            self.fail(Failure.HTTP_TOO_LARGE)
            return
        said = next((value for name, value in found if name == ":status"), "")
        if len(said) != 3 or not said.isascii() or not said.isdigit() or said[0] == "0":
            self.fail(Failure.HTTP_INVALID, "no status")
            return
        if said[0] != "1":
            self.status = int(said)
            self.headers = [(name.lower(), value) for name, value in found if not name.startswith(":")]

    def data(self, piece: bytes) -> None:
        """Take a piece of the body; before any header it is none."""
        if self.done:
            return
        if self.status is None:
            self.fail(Failure.HTTP_INVALID, "a body before its header")
            return
        room = self._limit - len(self._body)
        self._body += piece[:room]
        self.truncated = len(piece) > room

    def end(self) -> None:
        """The message ended where it should, or before it began."""
        if not self.done:
            self.complete = self.status is not None
            if not self.complete:
                self.fail(Failure.EOF)

    def fail(self, failure: Failure, detail: str | None = None) -> None:
        """It ends here, short of its end; the first reason stands."""
        if not self.done:
            self.failure, self.detail = failure, detail
            self.truncated = self.status is not None

    def eof(self) -> None:
        """The connection ended."""
        self.fail(Failure.EOF)
