"""The Exchange verb, on loopback."""

import asyncio
import errno

import pytest

from hushmap.model import Failure
from hushmap.net import exchange as room
from hushmap.net.clock import Clock
from hushmap.net.connect import connect
from hushmap.net.exchange import exchange
from hushmap.net.mask import Own


def _exchange(listening, handler, payload=b"hello", *, limit=5.0, quiet=0.05, most=100):
    async def go():
        async with listening(handler) as port:
            clock = Clock()
            _, sock = await connect("127.0.0.1", port, clock=clock, own=Own(), limit=5.0)
            with sock:
                return await exchange(
                    sock, "127.0.0.1", port, payload, clock=clock, limit=limit, quiet=quiet, most=most
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
