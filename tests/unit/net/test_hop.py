"""The Hop verb on loopback, where every TTL reaches; routers are the lab's (tests/lab/test_hops.py) and a fake queue's."""

import asyncio
import contextlib
import errno
import socket
import struct

import pytest

from hushmap.model import Failure, Transport
from hushmap.net import Clock, Own, hop
from hushmap.net.connect import connect


def aim(port, **more):
    """Toward this computer."""
    given = {"address": "127.0.0.1", "ttl": 3, "limit": 2.0, "late": 0.05, "most": 16384} | more
    return hop.Aim(port=port, **given)


async def said(listening, handler, data=b"hello", **more):
    """What came of a payload to a server of this handler."""
    async with listening(handler) as port:
        _, sock = await connect("127.0.0.1", port, clock=Clock(), own=Own(), limit=2.0)
        with contextlib.closing(sock):
            found = await hop.payload(sock, aim(port, **more), data, clock=Clock())
            return found, sock.getsockopt(socket.IPPROTO_IP, socket.IP_TTL)


def test_a_syn_that_is_answered_has_reached_and_its_port_is_free_again(listening):
    """Twice from one port, without a wait in between: the first left no TIME_WAIT."""

    async def twice():
        async with listening(lambda reader, _writer: reader.read()) as port:
            with socket.socket() as free:
                free.bind(("", 0))
                own = free.getsockname()[1]
            wish = aim(port, source_port=own)
            return own, [await hop.syn(wish, clock=Clock(), own=Own()) for _ in range(2)]

    own, steps = asyncio.run(twice())
    for step in steps:
        assert (step.reached, step.failure, step.icmp, step.source_port, step.ttl) == (True, None, None, own, 3)


def test_a_syn_that_is_refused_has_reached_too():
    """A reset comes from where the packet went, or from somebody in its place."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        step = asyncio.run(hop.syn(aim(closed.getsockname()[1]), clock=Clock(), own=Own()))
    assert (step.reached, step.failure) == (True, Failure.REFUSED)


def test_a_packet_that_this_computer_cannot_send_is_its_own_failure():
    """A port in use, and an address of a link that was not said."""
    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        wish = aim(9, source_port=taken.getsockname()[1])
        assert asyncio.run(hop.syn(wish, clock=Clock(), own=Own())).failure is Failure.ADDRESS_NOT_AVAILABLE
    step = asyncio.run(hop.datagram(aim(9, address="fe80::1"), b"ab", clock=Clock(), own=Own()))
    assert step.failure is not None
    assert not step.reached


def test_an_answer_to_a_datagram_counts_if_it_has_the_questions_id(answering):
    """Somebody else's datagram is let fall; the first that answers is kept."""

    async def asked():
        async with answering(lambda data, _: [b"xx other", data + b" one", data + b" two"]) as (port, _):
            return await hop.datagram(aim(port), b"ab", clock=Clock(), own=Own())

    step = asyncio.run(asked())
    assert (step.reached, step.received, step.failure, step.transport) == (True, b"ab one", None, Transport.UDP)


def test_a_closed_port_is_told_by_the_queue_with_its_sender():
    """ICMP port unreachable: type, code and address, and that it is an answer of the place itself."""
    with socket.socket(type=socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    step = asyncio.run(hop.datagram(aim(port), b"ab", clock=Clock(), own=Own()))
    assert (step.icmp, step.router, step.reached, step.failure) == ((3, 3), "127.0.0.1", True, Failure.REFUSED)


def test_silence_is_a_time_out(answering):
    """Nobody says anything within the limit."""

    async def asked():
        async with answering(lambda *_: []) as (port, _):
            return await hop.datagram(aim(port, limit=0.05), b"ab", clock=Clock(), own=Own())

    assert asyncio.run(asked()).failure is Failure.TIMEOUT


def test_data_that_answers_a_payload_is_kept_and_the_ttl_is_the_usual_one_again(listening):
    """At most so much of it; the reset that ends the connection must go the whole way."""

    async def handler(reader, writer):
        await reader.read(5)
        writer.write(b"0123456789")
        await writer.drain()
        await reader.read()

    step, ttl = asyncio.run(said(listening, handler, most=4))
    assert (step.reached, step.received, step.failure) == (True, b"0123", None)
    assert ttl > 3


def test_the_end_and_a_reset_are_answers_too(listening, reset):
    """FIN without data, FIN behind data, RST."""

    async def closes(reader, _writer):
        await reader.read(5)

    async def speaks(reader, writer):
        writer.write(await reader.read(5))

    async def resets(reader, writer):
        await reader.read(5)
        reset(writer)

    ended, _ = asyncio.run(said(listening, closes))
    spoke, _ = asyncio.run(said(listening, speaks))
    cut, _ = asyncio.run(said(listening, resets))
    assert (ended.reached, ended.failure) == (True, Failure.EOF)
    assert (spoke.reached, spoke.failure, spoke.received) == (True, None, b"hello")
    assert (cut.reached, cut.failure) == (True, Failure.RESET)


def test_a_connection_that_is_gone_is_told():
    """A payload on a closed socket is this computer's own failure."""
    sock = socket.socket()
    sock.close()
    step = asyncio.run(hop.payload(sock, aim(9), b"hello", clock=Clock()))
    assert step.failure is not None


class Queue:
    """A socket with things in its error queue, then with these to read."""

    type = socket.SOCK_DGRAM
    family = socket.AF_INET

    def __init__(self, errors, reads):
        self.errors, self.reads = list(errors), list(reads)

    def recvmsg(self, *_):
        if not self.errors:
            raise BlockingIOError
        return b"", [(socket.IPPROTO_IP, 11, self.errors.pop(0))], 0, None

    def recv(self, _):
        if not self.reads:
            raise BlockingIOError
        found = self.reads.pop(0)
        if isinstance(found, OSError):
            raise found
        return found


def queued(origin=2, kind=11):
    """An entry of the queue, from 192.0.2.1."""
    head = struct.pack("=IBBBBII", errno.EHOSTUNREACH, origin, kind, 0, 0, 0, 0)
    return head + struct.pack("=H", 2) + b"\0\0" + bytes([192, 0, 2, 1]) + bytes(8)


def seen_of(errors, reads, kind=socket.SOCK_DGRAM):
    """What is seen of such a socket."""
    sock = Queue(errors, reads)
    sock.type = kind
    seen = hop._Seen(aim(53), Clock(), Transport.UDP)
    hop._take_errors(sock, seen)
    over = hop._read(sock, seen, 16384, b"ab")
    return seen.step(), over


def test_a_router_and_an_answer_beyond_it_may_both_come():
    """On-path interference: one packet, an error of the router and a forged answer."""
    step, over = seen_of([queued(origin=1), queued(), queued(kind=3), b"short"], [OSError(113, ""), b"ab forged"])
    assert (step.router, step.icmp, step.reached, step.received) == ("192.0.2.1", (11, 0), True, b"ab forged")
    assert not over


def test_of_a_payload_the_kernel_tells_only_that_an_error_came():
    """EHOSTUNREACH without a word in the queue; the connection lives on, and a reset ends it."""
    step, over = seen_of([], [OSError(errno.EHOSTUNREACH, ""), OSError(errno.ECONNRESET, "")], socket.SOCK_STREAM)
    assert (step.icmp, step.router, step.reached, step.failure) == (hop.UNTOLD, None, True, Failure.RESET)
    assert over
    step, over = seen_of([], [OSError(errno.EHOSTUNREACH, "")], socket.SOCK_STREAM)
    assert (step.icmp, step.reached, step.failure, over) == (hop.UNTOLD, False, None, False)


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_a_ttl_is_the_sockets(family):
    """In both families."""
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        hop.limit_ttl(sock, 5)
        level, name = (
            (socket.IPPROTO_IP, socket.IP_TTL)
            if family == socket.AF_INET
            else (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS)
        )
        assert sock.getsockopt(level, name) == 5
