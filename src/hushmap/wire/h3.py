"""HTTP/3 on a QUIC connection, sans I/O: one request, and the response to it (RFC 9114).

The library aioquic knows the protocol; here is what a measurement adds: one stream, bounds on all that a server may
send beside its answer, and our failures. Fields are compressed by the static table alone: with a table of the
server's making 16 kB of references unfold to 64 MB.
"""

from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import QuicEvent, StreamDataReceived, StreamReset

from hushmap.model import Failure
from hushmap.wire.http import BODY_LIMIT
from hushmap.wire.streamed import Fields, Message

ALPN = H3_ALPN[0]
EVENTS = 4096
"""Pieces of streams, of one response: a body of the bound in whole datagrams is 110."""
FIELDS = 32 * 1024
"""Bytes of the request's stream before its header: compressed, so less than a header may be uncompressed."""
BESIDE = 64 * 1024
"""Bytes of all other streams: settings, and what the server pushes unasked."""


class _Static(H3Connection):
    """Offers no table for the server to fill."""

    @property
    def _max_table_capacity(self) -> int:
        return 0

    @_max_table_capacity.setter
    def _max_table_capacity(self, _: int) -> None:
        """The library's own number is not taken."""


class Reader(Message):
    """One exchange on a connection that stands: the request is queued at once, `take` takes what came."""

    def __init__(
        self, quic: QuicConnection, fields: Fields, body: bytes = b"", *, body_limit: int = BODY_LIMIT
    ) -> None:
        super().__init__(body_limit=body_limit)
        self._h3 = _Static(quic)
        self._stream = quic.get_next_available_stream_id()
        self._h3.send_headers(self._stream, fields, end_stream=not body)
        if body:
            self._h3.send_data(self._stream, body, end_stream=True)
        self._events = 0
        self._fields, self._beside = FIELDS, BESIDE

    def take(self, event: QuicEvent) -> None:
        """Take an event of the connection; its end is told by `eof`."""
        if self.done:
            return
        self._events += 1
        if isinstance(event, StreamReset) and event.stream_id == self._stream:
            self.fail(Failure.HTTP_INVALID, f"h3 reset {event.error_code:#x}")
            return
        if isinstance(event, StreamDataReceived) and not self._bounded(event):
            return
        for found in self._h3.handle_event(event):
            if not isinstance(found, HeadersReceived | DataReceived) or found.stream_id != self._stream:
                continue  # a push, or nothing of HTTP's
            if isinstance(found, HeadersReceived):
                self.head(found.headers)
            else:
                self.data(found.data)
            if found.stream_ended:
                self.end()

    def _bounded(self, event: StreamDataReceived) -> bool:
        """Whether there is room for a piece; what has none is not given to the library."""
        if event.stream_id != self._stream:
            self._beside -= len(event.data)
        elif self.status is None:
            self._fields -= len(event.data)
        if self._fields < 0:
            self.fail(Failure.HTTP_TOO_LARGE)
        elif self._beside < 0 or self._events > EVENTS:
            self.fail(Failure.HTTP_INVALID, "too much beside the answer")
        return not self.done
