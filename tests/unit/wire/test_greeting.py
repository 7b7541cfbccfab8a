"""Tests of hushmap.wire.greeting."""

import random

from hushmap.wire import greeting, openvpn, stun, tor, wireguard

FIRST = {
    "stun": stun.request(bytes(12)),
    "wireguard": wireguard.initiation(b"seed"),
    "openvpn": openvpn.reset(bytes(8)),
    "tor_directory": tor.directory_request("192.0.2.9"),
}


def test_every_first_packet_is_known_by_its_protocol():
    """And by no other."""
    assert FIRST.keys() == greeting.PROTOCOLS.keys()
    for name, packet in FIRST.items():
        assert greeting.protocol_of(packet) == name
        assert sum(protocol.asks(packet) for protocol in greeting.PROTOCOLS.values()) == 1
    assert greeting.protocol_of(b"hello") is None


def test_an_answer_is_named_and_what_it_tells_of_the_asker_is_dropped():
    """What is no answer is dropped likewise; to bytes of no protocol everything is kept."""
    sent = FIRST["stun"]
    answer = b"\x01\x01\x00\x04" + sent[4:] + b"ADDR"
    assert greeting.read(sent, answer) == ("stun", answer[:20])
    assert greeting.read(sent, answer[1:]) == (None, answer[1:21])
    assert greeting.read(b"hello", b"hello") == (None, b"hello")


def test_only_a_first_packet_of_our_own_making_is_one():
    """Nothing longer, nothing of a protocol that goes over TCP, nothing else."""
    for name, packet in FIRST.items():
        assert greeting.first_datagram(packet) is (name != "tor_directory")
    assert greeting.first_datagram(openvpn.reset(bytes(8), b"k", 1))
    assert not greeting.first_datagram(openvpn.framed(openvpn.reset(bytes(8))) + bytes(100))
    long = FIRST["stun"][:2] + b"\x00\x08" + FIRST["stun"][4:] + bytes(8)
    assert greeting.protocol_of(long) == "stun"
    assert not greeting.first_datagram(long)
    assert not greeting.first_datagram(b"hello")


def test_no_bytes_are_too_odd():
    """Random answers and damaged ones never raise, and none is taken for an answer by chance."""
    rng = random.Random(7)
    for _ in range(3000):
        sent = rng.choice(list(FIRST.values()))
        size = rng.choice([0, 1, 2, 13, 14, 20, 26, 64, 92, 148])
        said, kept = greeting.read(sent, rng.randbytes(size))
        assert said is None
        assert len(kept) <= size
        greeting.protocol_of(sent[: rng.randint(0, len(sent))])
