"""rtnetlink messages, byte by byte against the kernel's own structures; what they do is shown in tests/lab."""

import errno
import struct

import pytest

from hushmap.lab import netlink
from hushmap.lab.namespaces import RefusedError


class Kernel:
    """Stands for the socket: keeps what is sent, answers with an error number."""

    number = 0

    def __init__(self, *_):
        self.sent = []

    def send(self, data):
        self.sent.append(data)

    def recv(self, _):
        return struct.pack("=IHHIIi", 36, 2, 0, 0, 0, -self.number) + bytes(16)

    def close(self):
        self.sent.append(b"closed")


@pytest.fixture
def kernel(monkeypatch):
    """A kernel that says yes, and the netlink that speaks to it."""
    made = Kernel()
    monkeypatch.setattr(netlink.socket, "socket", lambda *_: made)
    monkeypatch.setattr(netlink.socket, "if_nametoindex", lambda _: 7)
    return made


def attributes(data):
    """The attributes that follow a header."""
    found = {}
    while data:
        size, kind = struct.unpack_from("=HH", data)
        found[kind] = data[4:size]
        data = data[(size + 3) & ~3 :]
    return found


def test_messages_say_their_length_and_kind(kernel):
    """Every message is as long as it says, asks for an acknowledgement, and names the device."""
    line = netlink.Netlink()
    line.up("wan")
    line.address("wan", "198.18.0.2")
    line.address("wan", "2001:db8::2")
    line.default("wan", "198.18.0.2")
    line.close()
    *messages, closed = kernel.sent
    heads = [struct.unpack_from("=IHH", message) for message in messages]
    assert [head[0] for head in heads] == [len(message) for message in messages]
    assert [head[1] for head in heads] == [16, 20, 20, 24]
    assert all(head[2] & 0x5 == 0x5 for head in heads)
    assert closed == b"closed"
    assert attributes(messages[1][24:])[1] == bytes((198, 18, 0, 2))
    assert attributes(messages[2][24:])[8] == struct.pack("=I", 2), "no duplicate address detection"
    assert attributes(messages[3][28:]) == {4: struct.pack("=I", 7), 7: bytes((198, 18, 0, 2))}


def test_a_default_route_is_replaced_or_cut(kernel):
    """The same route, by another flag or another message."""
    line = netlink.Netlink()
    line.default("tun-vpn", "198.18.3.2", replace=True)
    line.cut("wan", "2001:db8::2")
    replaced, cut = kernel.sent
    assert struct.unpack_from("=IHH", replaced)[1:] == (24, 0x505)
    assert struct.unpack_from("=IHH", cut)[1:] == (25, 0x5)


def test_a_no_of_the_kernel_is_a_refusal(kernel):
    """Its error number is kept."""
    kernel.number = errno.EPERM
    with pytest.raises(RefusedError) as refused:
        netlink.Netlink().up("wan")
    assert (refused.value.step, refused.value.errno) == ("network setup", errno.EPERM)
