"""Connections bounded in number, rate and time, and a graceful end."""

import asyncio
import socket

import pytest

from hushmap.net import Clock
from hushmap.servers.listening import Listener, ServeError
from hushmap.servers.rate import Buckets


def _listener(handler, *, most=10, seconds=5.0, burst=100.0):
    return Listener(handler, most=most, seconds=seconds, rates=Buckets(0.0, burst, Clock()))


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


async def _said(talk, port):
    try:
        return await talk(port, b"x")
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
