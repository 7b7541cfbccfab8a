"""The Resolve verb over QUIC (RFC 9250): one question on a stream of its own, on a link that stands."""

from aioquic.quic.events import StreamDataReceived, StreamReset

from hushmap.model import Failure
from hushmap.net import failures
from hushmap.net.lookup import DATAGRAM, Lookup
from hushmap.net.quic import FloodError, Link


async def ask(link: Link, lookup: Lookup, deadline: float) -> None:
    """Put the question, take one message; the link is used up. Its id must be 0 (RFC 9250 section 4.2.1)."""
    stream = link.connection.get_next_available_stream_id()
    message = lookup.message
    link.connection.send_stream_data(stream, len(message).to_bytes(2, "big") + message, end_stream=True)
    data, ended = bytearray(), False
    try:
        while not ended and (len(data) < 2 or len(data) < 2 + int.from_bytes(data[:2], "big")):
            for event in await link.turn(deadline):
                if isinstance(event, StreamDataReceived) and event.stream_id == stream:
                    data += event.data[: DATAGRAM + 2 - len(data)]
                    ended = ended or event.end_stream
                ended = ended or (isinstance(event, StreamReset) and event.stream_id == stream)
            if link.ended is not None and not ended:
                lookup.failure, lookup.detail = _ended(link)
                return
    except FloodError:
        lookup.failure, lookup.detail = Failure.DNS_MISBEHAVING, "a flood of datagrams"
        return
    except OSError as error:
        lookup.failure, lookup.detail = failures.of_os(error, ipv6=":" in link.address)
        return
    lookup.read(bytes(data[2 : 2 + int.from_bytes(data[:2], "big")]), None)
    if not lookup.answers:
        lookup.failure = Failure.DNS_MISBEHAVING


def _ended(link: Link) -> tuple[Failure, str]:
    """A connection that ended before its answer: by a stateless reset, or by a close with a code."""
    assert link.ended is not None
    if link.reset:
        return Failure.RESET, "stateless reset"
    return Failure.EOF, f"doq {link.ended.error_code:#x}"
