"""The tunnel's relay, with sockets in the places of devices; a real one is shown in tests/lab."""

import socket
import threading

import pytest

from hushmap.lab import tunnel as module
from hushmap.lab.tunnel import GATEWAY, INSIDE, MTU, PORT, SERVER, TUNNEL, relay


def datagrams():
    """A socket on loopback."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    made.settimeout(5)
    return made


def test_packets_go_in_and_out_once_the_other_end_is_known():
    """Before it spoke nothing can be sent to it; it ends with its tunnel."""
    device, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    wire, other = datagrams(), datagrams()
    worker = threading.Thread(target=relay, args=(device.fileno(), wire, None))
    worker.start()
    with device, end, wire, other:
        end.settimeout(5)
        end.send(b"to nobody yet")
        other.sendto(b"in", wire.getsockname())
        assert end.recv(100) == b"in"
        end.send(b"out")
        assert other.recv(100) == b"out"
        end.shutdown(socket.SHUT_RDWR)
        worker.join(5)
        assert not worker.is_alive()


@pytest.fixture
def made(monkeypatch):
    """What was asked of the kernel, and what the relay was given."""
    asked = []

    class Line:
        def __getattr__(self, name):
            return lambda *args, **more: asked.append((name, *args, *more.items()))

    class Wire:
        def __init__(self, *kind):
            asked.append(("socket", *kind[1:]))

        def __getattr__(self, name):
            return lambda *args: asked.append((name, *args))

    monkeypatch.setattr(module, "open_tun", lambda name: asked.append(("tun", name)) or 9)
    monkeypatch.setattr(module, "Netlink", Line)
    monkeypatch.setattr(module.socket, "socket", Wire)
    monkeypatch.setattr(module.os, "set_blocking", lambda *args: asked.append(("blocking", *args)))
    monkeypatch.setattr(module.threading.Thread, "start", lambda thread: asked.append(("relay", thread._args[2])))
    return asked


def test_the_clients_end_takes_the_default_route(made):
    """But for its own datagrams, which are bound to the device of before."""
    module.join()
    assert ("tun", TUNNEL) in made
    assert ("default", TUNNEL, INSIDE, ("replace", True)) in made
    bound = next(row for row in made if row[0] == "setsockopt")
    assert bound == ("setsockopt", socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"wan")
    assert made[-1] == ("relay", (SERVER, PORT))


def test_the_servers_end_knows_the_way_back(made):
    """A route to the client's address in the tunnel, and no peer before it speaks."""
    module.serve()
    assert ("up", TUNNEL, ("mtu", MTU)) in made
    assert ("address", TUNNEL, GATEWAY, ("peer", INSIDE)) in made
    assert ("bind", (SERVER, PORT)) in made
    assert made[-1] == ("relay", None)
