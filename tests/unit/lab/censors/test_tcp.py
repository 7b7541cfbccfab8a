"""Rules on connections by address, port and raw bytes, as functions."""

import pytest

from hushmap.lab import packet as p
from hushmap.lab.censors.rule import SETTLED
from hushmap.lab.censors.tcp import Payload

LISTED = {"addresses": ["198.51.100.20"]}
PORTS = {"ports": [443, 8443]}
OPENING = {"syn-reset": LISTED, "syn-drop": LISTED, "port-reset": PORTS}


def syn(talk, **more):
    """The opening of a connection."""
    return talk.segment(seq=1000, ack=0, flags=p.SYN, **more)


@pytest.mark.parametrize(
    ("kind", "mechanism", "what", "flags"),
    [
        ("syn-reset", "tcp.refused", "198.51.100.20", [p.RST | p.ACK]),
        ("syn-drop", "tcp.timeout", "198.51.100.20", []),
        ("port-reset", "tcp.port", "port 443", [p.RST | p.ACK]),
    ],
)
def test_a_syn_is_answered_with_a_reset_or_lost(talk, kind, mechanism, what, flags):
    """One forged reset to the client or none; the SYN is dropped where the censor is in the path."""
    action = talk.show(talk.rule(kind, **OPENING[kind]), talk.flow(), syn(talk))
    assert [p.parse(each.raw, outward=False).flags for each in action.inject] == flags
    assert (action.drop, action.silence) == (True, False)
    assert (action.sighting.mechanism, action.sighting.what) == (mechanism, what)


@pytest.mark.parametrize("kind", OPENING)
def test_what_opens_nothing_passes(talk, kind):
    """Segments of a connection, and those that come back."""
    rule = talk.rule(kind, **OPENING[kind])
    assert talk.show(rule, talk.flow(), talk.segment()) is None
    assert talk.show(rule, talk.flow(), talk.segment(flags=p.SYN | p.ACK, outward=False)) is None
    assert talk.show(rule, talk.flow(), talk.segment(flags=p.SYN | p.ACK)) is None


@pytest.mark.parametrize("kind", ["syn-reset", "syn-drop", "address-reset"])
def test_other_connections_settle(talk, kind):
    """Another address, another protocol, another port where ports are given; and the twin."""
    rule = talk.rule(kind, ports=[443], **LISTED)
    assert talk.show(talk.rule(kind, addresses=["198.51.100.99"]), talk.flow(), syn(talk)) is SETTLED
    assert talk.show(rule, talk.flow(), talk.datagram(b"", port=443)) is SETTLED
    assert talk.show(rule, talk.flow(80), syn(talk, port=80)) is SETTLED
    assert talk.show(rule, talk.flow(443), syn(talk)) is not SETTLED


def test_an_address_is_reset_at_the_first_data_whatever_they_say(talk):
    """The handshake passes, what comes back too; then both ends are reset, with residual blocking if asked for."""
    rule, flow = talk.rule("address-reset", residual_s=3.0, **LISTED), talk.flow()
    assert talk.show(rule, flow, syn(talk)) is None
    assert talk.show(rule, flow, talk.segment(flags=p.SYN | p.ACK, outward=False)) is None
    assert talk.show(rule, flow, talk.segment()) is None
    assert talk.show(rule, flow, talk.segment(b"hello", outward=False)) is None
    action = talk.show(rule, flow, talk.segment(b"anything"))
    assert (len(action.inject), action.drop, action.burn.seconds) == (5, True, 3.0)
    assert action.sighting.mechanism == "tcp.reset"


def test_a_closed_port_is_closed_for_every_address(talk):
    """SYNs and datagrams alike are lost on the way out; answers and other ports pass."""
    rule = talk.rule("port-drop", **PORTS)
    for packet in (syn(talk), talk.segment(b"x"), talk.datagram(b"x", port=443)):
        action = talk.show(rule, talk.flow(443, protocol=packet.protocol), packet)
        assert (action.drop, action.silence, action.sighting.mechanism) == (True, False, "tcp.port")
    assert talk.show(rule, talk.flow(443), talk.segment(outward=False)) is None
    assert talk.show(rule, talk.flow(80), syn(talk, port=80)) is SETTLED
    echo = p.parse(p.ip(talk.client, talk.server, p.ICMP, b"\x08\0\0\0"))
    assert talk.show(rule, talk.flow(0, protocol=p.ICMP), echo) is SETTLED
    assert talk.show(talk.rule("port-reset", **PORTS), talk.flow(80), syn(talk, port=80)) is SETTLED


@pytest.mark.parametrize("kind", ["payload-reset", "payload-drop"])
@pytest.mark.parametrize("port", [7, 443, 9999])
def test_a_word_in_raw_bytes_is_found_on_any_port(talk, kind, port):
    """Over segments too, in any case; other words and the twin pass."""
    rule = talk.rule(kind, words=["kw-raw"])
    first, last = talk.feed(rule, b"xx KW-RAW", pieces=2, port=port)
    assert first is None
    assert (
        last.sighting.mechanism == {"payload-reset": "tcp.reset.payload", "payload-drop": "tcp.timeout.payload"}[kind]
    )
    assert last.silence is (kind == "payload-drop")
    assert talk.feed(rule, b"another", port=port) == [None]
    assert talk.feed(talk.rule(kind, words=["other"]), b"xx kw-raw", port=port) == [None]
    assert talk.feed(talk.rule(kind, words=["kw-raw"], ports=[80]), b"kw-raw", port=port) == [SETTLED]


def test_words_may_trigger_only_together(talk):
    """All of `also` beside one of `words`."""
    rule = talk.rule("payload-reset", words=["first", "second"], also=["key"])
    assert talk.feed(rule, b"first", port=7) == [None]
    assert talk.feed(rule, b"a key alone", port=7) == [None]
    assert talk.feed(rule, b"KEY and second", port=7)[0].sighting.what == "second"
    assert Payload.ports == ()


@pytest.mark.parametrize(
    ("kind", "mechanism"), [("answer-reset", "tcp.reset.answer"), ("answer-drop", "tcp.timeout.answer")]
)
def test_a_word_in_what_a_server_says_is_found_on_any_port(talk, kind, mechanism):
    """In either encoding, over segments; what the client says, and the twin, pass."""
    rule = talk.rule(kind, words=["测试词甲"], encodings=["gb18030"])
    said = "前测试词甲".encode("gb18030")
    first, last = talk.feed(rule, said, pieces=2, port=7, outward=False)
    assert first is None
    assert (last.sighting.mechanism, last.sighting.what) == (mechanism, "测试词甲")
    assert talk.feed(rule, said, port=7) == [None]
    assert talk.feed(talk.rule(kind, words=["other"]), said, port=7, outward=False) == [None]
