"""HTTP/2 as bytes <-> values, sans I/O: one request, and the response to it (RFC 9113).

The library h2 knows the protocol; here is what a measurement adds: one stream, a bound on everything that a server
may send beside its answer, and our failures. What a server does inside its own TLS is its own act, so a stream that
it ends with an error is no lost connection.
"""

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import ConnectionTerminated, DataReceived, Event, ResponseReceived, StreamEnded, StreamReset
from h2.exceptions import DenialOfServiceError, FrameTooLargeError, ProtocolError
from h2.settings import SettingCodes
from hyperframe.frame import Frame, GoAwayFrame

from hushmap.model import Failure
from hushmap.wire.http import BODY_LIMIT, HEADER_LIMIT
from hushmap.wire.streamed import Fields, Message

ALPN = "h2"
EVENTS = 4096
"""Frames that mean anything, of one response: a body of the bound in pieces of 100 bytes is 1,300. Floods of pings,
settings and empty frames end here, and so does what is owed in answer."""
EXTRA = 4 * HEADER_LIMIT
"""Bytes that may come beside the body: headers, padding, settings."""

_PIECE = 16 * 1024
_STREAM = 1
_TYPE_AT, _SETTINGS_FRAME = 3, b"\x04"
"""A server's first frame is SETTINGS (RFC 9113 section 3.4); the library would take other words for a long frame."""
_SETTINGS: dict[SettingCodes | int, int] = {
    SettingCodes.ENABLE_PUSH: 0,
    SettingCodes.MAX_HEADER_LIST_SIZE: HEADER_LIMIT,
    SettingCodes.HEADER_TABLE_SIZE: 4096,
}


class _Connection(H2Connection):
    """Goes on after a graceful GOAWAY (RFC 9113 section 6.8), which the library takes for the end."""

    def _receive_goaway_frame(self, frame: GoAwayFrame) -> tuple[list[Frame], list[Event]]:
        if frame.error_code == ErrorCodes.NO_ERROR and frame.last_stream_id >= _STREAM:
            return [], []
        return super()._receive_goaway_frame(frame)


class Reader(Message):
    """One exchange: `reply` is what is to be sent, `feed` what came; never raises for what it is."""

    def __init__(self, fields: Fields, body: bytes = b"", *, body_limit: int = BODY_LIMIT) -> None:
        super().__init__(body_limit=body_limit)
        self._h2 = _Connection(H2Configuration(client_side=True, header_encoding=None))
        self._h2.local_settings.update(_SETTINGS)
        self._h2.initiate_connection()
        self._h2.send_headers(_STREAM, fields, end_stream=not body)
        self._waiting = body
        self._push()
        self._events = 0
        self._start = b""
        self._bytes = body_limit + EXTRA

    def reply(self) -> bytes:
        """What is to be sent now: the request, then what is owed to the server's frames."""
        return self._h2.data_to_send()

    def feed(self, data: bytes) -> None:
        """Take what came; what follows a whole message is ignored. Empty data is not the end, `eof` is."""
        self._bytes -= len(data)
        self._start += data[: _TYPE_AT + 1 - len(self._start)]
        if self._start[_TYPE_AT:] not in {b"", _SETTINGS_FRAME}:
            self.fail(Failure.HTTP_INVALID, "no HTTP/2")
        for at in range(0, len(data), _PIECE):
            if self.done:
                return
            self._take(data[at : at + _PIECE])
        if self._bytes < 0:
            self.fail(Failure.HTTP_INVALID, "too much beside the answer")

    def _take(self, piece: bytes) -> None:
        try:
            for event in self._h2.receive_data(piece):
                self._events += 1
                self._read(event)
            self._push()
        except (DenialOfServiceError, FrameTooLargeError) as error:
            self.fail(Failure.HTTP_TOO_LARGE, type(error).__name__)
        except ProtocolError as error:
            self.fail(Failure.HTTP_INVALID, type(error).__name__)
        if self._events > EVENTS:
            self.fail(Failure.HTTP_INVALID, "a flood of frames")

    def _read(self, event: Event) -> None:
        if isinstance(event, ResponseReceived):
            self.head((bytes(name), bytes(value)) for name, value in event.headers)
        elif isinstance(event, DataReceived):
            self.data(event.data)
            self._h2.acknowledge_received_data(event.flow_controlled_length, _STREAM)
        elif isinstance(event, StreamEnded):
            self.end()
        elif isinstance(event, StreamReset):
            self.fail(Failure.HTTP_INVALID, f"h2 reset {_code(event.error_code)}")
        elif isinstance(event, ConnectionTerminated) and event.error_code != ErrorCodes.NO_ERROR:
            self.fail(Failure.HTTP_INVALID, f"h2 goaway {_code(event.error_code)}")

    def _push(self) -> None:
        """Send of the request's body what the server has room for."""
        if not self._waiting or self.done:
            return
        room = min(self._h2.local_flow_control_window(_STREAM), self._h2.max_outbound_frame_size)
        if room > 0:
            piece, self._waiting = self._waiting[:room], self._waiting[room:]
            self._h2.send_data(_STREAM, piece, end_stream=not self._waiting)
            self._push()


def _code(code: int | None) -> str:
    """An error code as a number: a name would be the library's word."""
    return "none" if code is None else f"{int(code):#x}"
