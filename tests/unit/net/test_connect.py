"""The Connect verb, on loopback."""

import asyncio
import errno
import socket

import pytest

from hushmap.model import LOCAL, Failure
from hushmap.net.clock import Clock
from hushmap.net.connect import connect, learn
from hushmap.net.mask import Own


def _connect(address, port, limit=5.0, interface=None, own=None):
    async def go():
        step, sock = await connect(address, port, clock=Clock(), own=own or Own(), limit=limit, interface=interface)
        if sock is not None:
            assert not sock.getblocking()
            sock.close()
        return step, sock

    return asyncio.run(go())


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_listener_is_reached_over_either_family(address):
    """A connection that stands is a step without a failure, and a socket."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family) as server:
        step, sock = _connect(address, server.getsockname()[1])
    assert step.failure is None
    assert sock is not None
    assert step.t >= step.t0


def test_a_closed_port_refuses():
    """RST in answer to SYN is a refusal, with its errno beside."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    step, sock = _connect("127.0.0.1", port)
    assert (step.failure, step.detail, sock) == (Failure.REFUSED, "ECONNREFUSED", None)


def test_silence_ends_at_the_limit():
    """A full backlog drops SYNs: no answer is a time-out."""
    with socket.socket() as server, socket.socket() as first, socket.socket() as second:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            filler.connect_ex(server.getsockname())
        step, sock = _connect("127.0.0.1", server.getsockname()[1], limit=0.1)
    assert (step.failure, step.detail, sock) == (Failure.TIMEOUT, None, None)
    assert step.t - step.t0 >= 0.1


def test_a_missing_interface_is_this_computers_failure():
    """Binding to an interface that is not there is local, whatever the kernel calls it."""
    step, _ = _connect("127.0.0.1", 1, interface="nosuch0")
    assert step.failure in LOCAL


def test_a_kernel_time_out_keeps_its_name(monkeypatch):
    """ETIMEDOUT from the kernel is a time-out too, and the detail tells whose."""

    async def dead(sock, place):
        raise TimeoutError(errno.ETIMEDOUT, "x")

    async def go():
        monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", dead)
        return await connect("127.0.0.1", 1, clock=Clock(), own=Own(), limit=5.0)

    step, sock = asyncio.run(go())
    assert (step.failure, step.detail, sock) == (Failure.TIMEOUT, "ETIMEDOUT", None)


def test_a_connection_teaches_the_own_address():
    """The source of a socket is learned, but talking to oneself teaches nothing."""

    class Sock:
        def getsockname(self):
            return ("192.0.2.17", 4)

    own = Own()
    learn(own, Sock(), "192.0.2.17")
    assert "192.0.2.17" not in own
    learn(own, Sock(), "192.0.2.1")
    assert "192.0.2.17" in own


def test_a_port_of_ones_own_can_be_used_again_at_once(listening):
    """Closed by a reset, it does not rest; the next connection to the same place comes from it too."""

    async def twice():
        async with listening(lambda reader, _: reader.read()) as port:
            with socket.socket() as free:
                free.bind(("", 0))
                own = free.getsockname()[1]
            ports = []
            for _ in range(2):
                step, sock = await connect("127.0.0.1", port, clock=Clock(), own=Own(), limit=2.0, source_port=own)
                assert step.failure is None
                ports.append(sock.getsockname()[1] - own)
                sock.close()
            return ports

    assert asyncio.run(twice()) == [0, 0]
