"""Connections bounded in number, rate and time, and a graceful end."""

import asyncio
import socket

import pytest

from hushmap.net import Clock
from hushmap.servers.listening import TRIES, Listener, ServeError, in_a_row
from hushmap.servers.rate import Buckets


def _listener(handler, *, most=10, seconds=5.0, burst=100.0, each=10):
    return Listener(handler, most=most, seconds=seconds, rates=Buckets(0.0, burst, Clock()), each=each)


async def _hello(reader, writer):
    writer.write(b"hello")


def test_a_connection_is_served_and_closed(talk):
    """What the handler wrote arrives before the end."""

    async def go():
        listener = _listener(_hello)
        port = await listener.start("127.0.0.1", 0)
        try:
            return await talk(port, b"x")
        finally:
            await listener.stop()

    assert asyncio.run(go()) == b"hello"


@pytest.mark.parametrize("bounds", [{"most": 0}, {"burst": 1.0}])
def test_one_too_many_is_let_go(talk, bounds):
    """Above the number or the rate a connection is closed without a word."""

    async def go():
        listener = _listener(_hello, **bounds)
        port = await listener.start("127.0.0.1", 0)
        try:
            return [await _said(talk, port) for _ in range(2)]
        finally:
            await listener.stop()

    assert asyncio.run(go())[1] == b""


def test_a_source_has_so_many_connections_and_leaves_room_for_others(talk):
    """One too many of one source is let go; another is served, and so is the first when one of its own has ended."""

    async def go():
        release, begun = asyncio.Event(), asyncio.Queue()

        async def work(reader, writer):
            await reader.read(1)
            begun.put_nowait(True)
            await release.wait()
            writer.write(b"hello")

        listener = _listener(work, each=2)
        port = await listener.start("127.0.0.1", 0)
        try:
            async with asyncio.timeout(10):
                held = [asyncio.ensure_future(_said(talk, port)) for _ in range(2)]
                await begun.get(), await begun.get()
                refused = await _said(talk, port)
                other = asyncio.ensure_future(_said(talk, port, local_addr=("127.0.0.2", 0)))
                await begun.get()
                release.set()
                served = await asyncio.gather(*held, other)
                if listener._tasks:
                    await asyncio.wait(listener._tasks)
                return refused, served, await _said(talk, port)
        finally:
            await listener.stop()

    assert asyncio.run(go()) == (b"", [b"hello"] * 3, b"hello")


def test_a_row_of_ports_is_one_listener(talk):
    """Each answers, and all share one bound of connections."""

    async def go(port):
        listener = _listener(_hello, burst=3.0)
        first = await listener.start("127.0.0.1", port, span=4)
        try:
            return first, [await _said(talk, first + number) for number in range(4)]
        finally:
            await listener.stop()

    first, said = asyncio.run(go(0))
    assert said == [b"hello"] * 3 + [b""]
    assert asyncio.run(go(first))[0] == first


class _Opened:
    def __init__(self, port):
        self.port, self.closed = port, False

    def close(self):
        self.closed = True


def _row(port, span, kernel, *, taken=()):
    """The ports that are had, with a kernel that chooses as it is told; and all that were opened."""
    opened = []

    async def listen(number):
        if number > 65535:
            raise OverflowError
        if number in taken:
            raise OSError(98, "in use")
        opened.append(_Opened(number or kernel.pop(0)))
        return opened[-1]

    async def go():
        return [each.port for each in await in_a_row("::1", port, span, listen, lambda each: each.port)]

    return go, opened


def test_a_row_begins_anew_where_a_neighbour_is_taken():
    """If the kernel may choose; what was opened for nothing is closed. Beyond the last port there is none."""
    go, opened = _row(0, 2, [1000, 65535, 2000], taken={1001})
    assert asyncio.run(go()) == [2000, 2001]
    assert [each.port for each in opened if each.closed] == [1000, 65535]


@pytest.mark.parametrize(
    ("port", "kernel", "taken", "said"),
    [
        (1000, [], {1001}, "cannot listen on ::1 port 1001: Address already in use"),
        (1000, [], {1000}, "cannot listen on ::1 port 1000: Address already in use"),
        (65535, [], set(), "cannot listen on ::1 port 65536"),
        (0, [1000] * TRIES, {1001}, "cannot listen on ::1 port 1001: Address already in use"),
        (0, [], {0}, "cannot listen on ::1 port 0: Address already in use"),
    ],
)
def test_a_port_of_a_row_that_cannot_be_had_is_named(port, kernel, taken, said):
    """Nothing stays open."""
    go, opened = _row(port, 2, kernel, taken=taken)
    with pytest.raises(ServeError, match=said):
        asyncio.run(go())
    assert all(each.closed for each in opened)


async def _said(talk, port, **how):
    try:
        return await talk(port, b"x", **how)
    except ConnectionResetError:
        return b""


def test_an_answer_arrives_although_more_was_sent_than_read(talk):
    """Closing with bytes unread would send RST over the answer: they are read first."""

    async def refuse(reader, writer):
        await reader.read(1)
        writer.write(b"no")

    async def go():
        listener = _listener(refuse)
        port = await listener.start("127.0.0.1", 0)
        try:
            return await talk(port, b"x" * 200_000)
        finally:
            await listener.stop()

    assert asyncio.run(go()) == b"no"


def test_a_slow_connection_is_cut(talk):
    """A handler has its seconds and no more."""

    async def wait(reader, writer):
        await asyncio.Event().wait()

    async def go():
        listener = _listener(wait, seconds=0.05)
        port = await listener.start("127.0.0.1", 0)
        try:
            return await _said(talk, port)
        finally:
            await listener.stop()

    assert asyncio.run(go()) == b""


def test_stopping_lets_work_end_and_then_cuts_it(talk):
    """Within the grace an answer still goes out; after it nothing is waited for."""

    async def go(grace, release_first):
        started, release = asyncio.Event(), asyncio.Event()

        async def work(reader, writer):
            started.set()
            await release.wait()
            writer.write(b"done")

        listener = _listener(work)
        port = await listener.start("127.0.0.1", 0)
        asked = asyncio.ensure_future(_said(talk, port))
        await started.wait()
        if release_first:
            asyncio.get_running_loop().call_later(0.01, release.set)
        await listener.stop(grace)
        return await asked

    assert asyncio.run(go(5.0, True)) == b"done"
    assert asyncio.run(go(0.02, False)) == b""


def test_an_address_that_is_none_is_told_in_words(monkeypatch):
    """What the name lookup says is handed on, not a number of its own as if it were an errno."""

    async def fail(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(asyncio, "start_server", fail)
    with pytest.raises(ServeError, match=r"cannot listen on nowhere\.example port 1: Name or service not known$"):
        asyncio.run(_listener(_hello).start("nowhere.example", 1))


def test_a_port_that_is_taken_is_told(talk):
    """One line with address, port and reason; stopping what never started is no error."""

    async def go():
        first, second = _listener(_hello), _listener(_hello)
        port = await first.start("127.0.0.1", 0)
        try:
            await second.start("127.0.0.1", port)
        finally:
            await second.stop()
            await first.stop()

    with pytest.raises(ServeError, match=r"cannot listen on 127.0.0.1 port \d+: Address already in use"):
        asyncio.run(go())


def test_a_port_without_the_right_to_it_names_the_remedy(monkeypatch):
    """A low port needs a right, and the message says so."""

    async def refuse(*how, **more):
        raise PermissionError(13, "x")

    monkeypatch.setattr(asyncio, "start_server", refuse)
    with pytest.raises(ServeError, match="needs the right to bind it"):
        asyncio.run(_listener(_hello).start("127.0.0.1", 80))
