"""The echo that speaks QUIC: a handshake for any name, and no more bytes than it may send."""

import asyncio
import contextlib
import socket

import pytest
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection

from hushmap.model import Ask, Handshake, Layer, Transport
from hushmap.net import Clock, Limits, Net, Own
from hushmap.servers import quic
from hushmap.servers.identity import identity
from hushmap.servers.listening import ServeError
from hushmap.servers.quic import QuicEcho
from hushmap.servers.rate import Buckets

PLACE = ("127.0.0.1", 443)


@contextlib.asynccontextmanager
async def echoing(tmp_path, *, span=1, rate=1000.0, scale=1.0):
    """An echo on loopback, and what it has under way."""
    echo = QuicEcho(identity(tmp_path, "echo"), Buckets(rate, rate, Clock()), scale=scale)
    await echo.start("127.0.0.1", 0, span)
    try:
        yield echo
    finally:
        await echo.stop()


def initial(name="a.example"):
    """The first datagrams of a client."""
    client = QuicConnection(configuration=QuicConfiguration(alpn_protocols=["h3"], server_name=name))
    client.connect(PLACE, 0.0)
    return [data for data, _ in client.datagrams_to_send(0.0)]


async def heard(port, datagrams, seconds=0.3, source="127.0.0.1"):
    """What comes back to datagrams of one socket that then says nothing more."""
    loop = asyncio.get_running_loop()
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sock:
        sock.setblocking(False)
        sock.bind((source, 0))
        sock.connect(("127.0.0.1", port))
        for data in datagrams:
            await loop.sock_sendall(sock, data)
        came = []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    came.append(await loop.sock_recv(sock, 65535))
        return came


def shaken(port, name, **more):
    """The handshake step of an ask."""

    async def go():
        net = Net(Clock(), limits=Limits(dwell=0.2), own=Own())
        ask = Ask(
            layer=Layer.TLS, transport=Transport.QUIC, address="127.0.0.1", port=port, sni=name, verify=False, **more
        )
        outcome = await net.ask(ask)
        return outcome.steps[-1]

    return go()


def test_any_name_gets_a_handshake_that_lasts(tmp_path):
    """On every port of the row; the client still gets an answer a while after its Initial."""

    async def go():
        async with echoing(tmp_path, span=3) as echo:
            names = ("anything.example", "word.test", None)
            return [await shaken(echo.port + number, name) for number, name in enumerate(names)]

    for step in asyncio.run(go()):
        assert isinstance(step, Handshake)
        assert (step.failure, step.alpn, step.version) == (None, "h3", "QUICv1")


def test_who_proves_no_address_gets_three_times_what_came_at_most(tmp_path):
    """Whoever forges an address cannot have more sent there, however long the echo waits for an answer."""

    async def go():
        async with echoing(tmp_path) as echo:
            sent = initial()
            return sent, await heard(echo.port, sent, 2.5)

    sent, came = asyncio.run(go())
    assert came
    assert sum(map(len, came)) <= 3 * sum(map(len, sent))


def test_what_begins_no_connection_gets_no_answer(tmp_path):
    """Short, of another version, or noise; and nothing of it is remembered."""

    async def go():
        async with echoing(tmp_path) as echo:
            (first, *_) = initial()
            others = [first[:1199], first[:1] + b"\x0a\x0a\x0a\x0a" + first[5:], bytes(1200), b"", b"\xc0", b"hello"]
            came = await heard(echo.port, others)
            return came, len(echo._ends)

    assert asyncio.run(go()) == ([], 0)


def test_an_initial_that_cannot_be_read_gets_no_answer(tmp_path):
    """Its head is right, its keys are not."""

    async def go():
        async with echoing(tmp_path) as echo:
            (first, *_) = initial()
            came = await heard(echo.port, [first[:40] + bytes(len(first) - 40), first[:200] + bytes(1000)])
            return came, len(echo._ends)

    assert asyncio.run(go()) == ([], 0)


def test_each_source_begins_so_many_connections_and_all_together_no_more(tmp_path, monkeypatch):
    """Beyond its rate a source is not answered, nor anybody while too many prove nothing."""

    async def go(rate):
        async with echoing(tmp_path, rate=rate) as echo:
            for number in range(6):
                await heard(echo.port, initial(f"n{number}.example"), 0.05)
            return len(echo._ends)

    assert asyncio.run(go(2.0)) <= 3
    monkeypatch.setattr(quic, "UNPROVEN", 2)
    assert asyncio.run(go(1000.0)) == 2


def test_a_source_that_proves_nothing_leaves_room_for_others(tmp_path):
    """Of one only so many are unproven at once, more where time is scaled; another still gets its handshake."""

    async def go(**how):
        async with echoing(tmp_path, **how) as echo:
            for number in range(12):
                await heard(echo.port, initial(f"n{number}.example"), 0.02, source="127.0.0.2")
            return len(echo._ends), (await shaken(echo.port, "a.example")).failure

    assert asyncio.run(go()) == (quic.UNPROVEN_EACH, None)
    assert asyncio.run(go(scale=2.0)) == (12, None)


def test_all_together_begin_so_many_connections(tmp_path, monkeypatch):
    """Sources can be forged, and each costs the same before anything is known of it, be it readable or not."""
    monkeypatch.setattr(quic, "BEGUN", 2.0)
    made = []
    monkeypatch.setattr(quic, "QuicConnection", lambda **how: made.append(1) or QuicConnection(**how))
    monkeypatch.setattr(Clock, "now", lambda self: 0.0)

    async def go():
        async with echoing(tmp_path) as echo:
            (first, *_) = initial()
            for number in range(2, 8):
                await heard(echo.port, [first[:40] + bytes(len(first) - 40)], 0.02, source=f"127.0.0.{number}")

    asyncio.run(go())
    assert len(made) == 2


def test_a_connection_that_proves_nothing_is_soon_forgotten(tmp_path, monkeypatch):
    """And one that stands lasts no longer than it may."""
    monkeypatch.setattr(quic, "UNPROVEN_SECONDS", 0.1)
    monkeypatch.setattr(quic, "LIFE_SECONDS", 0.8)

    async def go():
        async with echoing(tmp_path) as echo:
            forgotten, forget = asyncio.Queue(), echo._forget
            echo._forget = lambda key: (forget(key), forgotten.put_nowait(key))
            await heard(echo.port, initial(), 0.02)
            async with asyncio.timeout(20):
                await forgotten.get()
            first = len(echo._ends)
            step = await shaken(echo.port, "a.example")
            async with asyncio.timeout(20):
                await forgotten.get()
            return first, step.failure, len(echo._ends)

    assert asyncio.run(go()) == (0, None, 0)


def test_no_more_connections_stand_than_may(tmp_path, monkeypatch):
    """The one too many is let go."""
    monkeypatch.setattr(quic, "PROVEN", 0)

    async def go():
        async with echoing(tmp_path) as echo:
            step = await shaken(echo.port, "a.example", timeout=0.6)
            return step.failure, len(echo._ends)

    failure, left = asyncio.run(go())
    assert failure is not None
    assert left == 0


def test_a_flood_on_one_connection_ends_it(tmp_path, monkeypatch):
    """After so many datagrams nothing more is said."""
    monkeypatch.setattr(quic, "DATAGRAMS", 1)

    async def go():
        async with echoing(tmp_path) as echo:
            await heard(echo.port, initial(), 0.05)
            return len(echo._ends)

    assert asyncio.run(go()) == 0


def test_a_library_that_trips_costs_its_connection_only(tmp_path, monkeypatch):
    """What a client sends must not end the server."""

    def trip(*_):
        raise ValueError

    monkeypatch.setattr(QuicConnection, "receive_datagram", trip)

    async def go():
        async with echoing(tmp_path) as echo:
            await heard(echo.port, initial(), 0.05)
            return len(echo._ends)

    assert asyncio.run(go()) == 0


def test_a_port_that_is_taken_is_a_fault_of_one_line(tmp_path):
    """As of any server."""

    async def go():
        async with echoing(tmp_path) as echo:
            other = QuicEcho(identity(tmp_path, "echo"), Buckets(1.0, 1.0, Clock()))
            with pytest.raises(ServeError, match=f"port {echo.port}: Address already in use"):
                await other.start("127.0.0.1", echo.port)

    asyncio.run(go())
