"""The Exchange verb, on loopback."""

import asyncio
import errno
import socket

import pytest

from hushmap.model import Failure, Transport
from hushmap.net import exchange as room
from hushmap.net.clock import Clock
from hushmap.net.connect import connect
from hushmap.net.exchange import datagram, exchange
from hushmap.net.mask import Own
from hushmap.wire import stun, tor


def _exchange(listening, handler, payload=b"hello", *, limit=5.0, quiet=0.05, most=100, whole=False):
    async def go():
        async with listening(handler) as port:
            clock = Clock()
            _, sock = await connect("127.0.0.1", port, clock=clock, own=Own(), limit=5.0)
            with sock:
                return await exchange(
                    sock, "127.0.0.1", port, payload, clock=clock, limit=limit, quiet=quiet, most=most, whole=whole
                )

    return asyncio.run(go())


async def _echo(reader, writer):
    while data := await reader.read(100):
        writer.write(data)


def test_an_echo_comes_back_whole(listening):
    """As many bytes as were sent end the step at once."""
    step = _exchange(listening, _echo, quiet=5.0)
    assert (step.failure, step.received) == (None, b"hello")
    assert step.t - step.t0 < 4


def test_a_banner_ends_with_quiet(listening):
    """A short answer without a close is complete when nothing more comes."""

    async def banner(reader, writer):
        writer.write(b"hi")
        await reader.read()

    step = _exchange(listening, banner)
    assert (step.failure, step.received) == (None, b"hi")


def test_a_close_after_a_word_is_complete_and_before_it_an_end(listening):
    """FIN after something is the end of an answer; FIN alone is no answer."""

    async def word(reader, writer):
        await reader.read(100)
        writer.write(b"bye")

    async def mute(reader, writer):
        await reader.read(100)

    assert _exchange(listening, word).received == b"bye"
    assert _exchange(listening, word).failure is None
    assert _exchange(listening, mute).failure is Failure.EOF


def test_a_reset_is_a_reset_even_after_a_word(listening, reset):
    """An injected RST races the server's own words."""

    async def handler(reader, writer):
        await reader.read(100)
        reset(writer)

    step = _exchange(listening, handler)
    assert (step.failure, step.detail) == (Failure.RESET, "ECONNRESET")


def test_silence_is_a_time_out(listening):
    """Nothing within the limit."""

    async def mute(reader, writer):
        await reader.read(100)
        await reader.read()

    assert _exchange(listening, mute, limit=0.05).failure is Failure.TIMEOUT


def test_no_more_is_kept_than_the_bound(listening):
    """A peer that does not stop is left."""

    async def flood(reader, writer):
        writer.write(b"x" * 5000)
        await reader.read()

    step = _exchange(listening, flood, payload=b"y" * 10000, most=64)
    assert (step.failure, len(step.received)) == (None, 64)


def test_without_a_payload_the_banner_is_awaited(listening):
    """An empty payload asks what the server says by itself."""

    async def banner(reader, writer):
        writer.write(b"220 ready")
        await reader.read()

    step = _exchange(listening, banner, payload=b"")
    assert (step.failure, step.received) == (None, b"220 ready")


def test_the_kernels_time_out_is_no_quiet_end(monkeypatch):
    """ETIMEDOUT of a dead connection is a failure, not the end of an answer."""

    async def dead(sock, size):
        raise TimeoutError(errno.ETIMEDOUT, "x")

    async def go():
        monkeypatch.setattr(asyncio.get_running_loop(), "sock_recv", dead)
        with pytest.raises(TimeoutError):
            await room._next(None, 5.0)

    asyncio.run(go())


STUN = stun.request(b"transaction1")


def _datagram(answer, payload=b"hello", *, limit=2.0, **more):
    """Ask a peer on loopback, whose `answer(data, count)` gives the datagrams that it says."""

    class Peer(asyncio.DatagramProtocol):
        count = 0

        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, data, addr):
            self.count += 1
            for said in answer(data, self.count):
                self.transport.sendto(said, addr)

    async def go():
        transport, peer = await asyncio.get_running_loop().create_datagram_endpoint(Peer, local_addr=("127.0.0.1", 0))
        port = transport.get_extra_info("sockname")[1]
        try:
            step = await datagram("127.0.0.1", port, payload, clock=Clock(), own=Own(), limit=limit, most=100, **more)
        finally:
            transport.close()
        return step, peer.count

    return asyncio.run(go())


def test_a_datagram_is_answered():
    """The first answer ends the step; more than the bound is not kept."""
    step, count = _datagram(lambda data, _: [data + b" back", b"late"])
    assert (step.failure, step.received, step.transport, count) == (None, b"hello back", Transport.UDP, 1)
    step, _ = _datagram(lambda _, __: [b"x" * 500])
    assert step.received == b"x" * 100


def test_a_lost_datagram_is_sent_again():
    """Four times in all; silence is a time-out."""
    step, count = _datagram(lambda data, count: [data] if count == 3 else [], limit=0.5)
    assert (step.failure, step.received, count) == (None, b"hello", 3)
    step, count = _datagram(lambda _, __: [], limit=0.2)
    assert (step.failure, step.received, count) == (Failure.TIMEOUT, b"", 4)


def test_the_answer_must_be_of_the_protocol_asked():
    """What is none is passed over while there is time, and told if nothing better comes; the question rests then."""
    right = b"\x01\x01\x00\x00" + STUN[4:]
    step, _ = _datagram(lambda _, __: [b"noise", right + b""], STUN)
    assert (step.failure, step.protocol, step.received) == (None, "stun", right)
    step, count = _datagram(lambda _, __: [b"noise"], STUN, limit=0.2)
    assert (step.failure, step.protocol, step.received, count) == (None, None, b"noise", 1)


def test_icmp_says_that_nobody_listens():
    """A closed port is a refusal, not a silence; a source port of one's own that is taken is our failure."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        step, _ = _datagram(lambda _, __: [], limit=0.2, source_port=port)
        assert (step.failure, step.detail) == (Failure.ADDRESS_NOT_AVAILABLE, "EADDRINUSE")

    async def closed():
        return await datagram("127.0.0.1", port, b"x", clock=Clock(), own=Own(), limit=2.0, most=100)

    assert asyncio.run(closed()).failure is Failure.REFUSED


def test_an_answer_to_a_known_first_packet_is_named_and_what_tells_of_us_is_dropped(listening):
    """Over TCP too, where the whole answer is awaited if it is wanted."""

    async def directory(reader, writer):
        await reader.read(100)
        writer.write(b"HTTP/1.0 200 OK\r\nX-Your-Address-Is: 192.0.2.1\r\n\r\ndir-key-certificate-version 3\n" * 5)

    step = _exchange(listening, directory, tor.directory_request("192.0.2.9"), most=4096, whole=True)
    assert step.protocol == "tor_directory"
    assert b"192.0.2.1" not in step.received
