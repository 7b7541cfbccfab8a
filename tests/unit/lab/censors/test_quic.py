"""Rules on QUIC, as functions and in their box."""

import pytest

from hushmap.lab import packet as p
from hushmap.lab.censors.box import Box
from hushmap.lab.censors.catalogue import build, faults
from hushmap.lab.censors.initial import V1, V2
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.censors.rule import SETTLED

NAMED = {"names": ["named.example"]}


def flow_of(talk, **more):
    """A QUIC flow."""
    return talk.flow(protocol=p.UDP, **more)


def first(talk, name="named.example", *, cut=None, **more):
    """The client's first flight: one datagram, or the hello cut over two."""
    message = talk.message(name, padding=100)
    if cut is None:
        return [talk.datagram(talk.initial(talk.crypto(message), **more), port=443)]
    at = message.index(name.encode()) + cut
    parts = ((message[:at], 0), (message[at:], at))
    return [
        talk.datagram(talk.initial(talk.crypto(part, offset), number=number, **more), port=443)
        for number, (part, offset) in enumerate(parts)
    ]


def show(talk, rule, packets, flow=None):
    """The rule's answers to packets of one flow."""
    flow = flow or flow_of(talk)
    return [talk.show(rule, flow, packet) for packet in packets]


@pytest.mark.parametrize("version", [V1, V2])
def test_a_listed_name_is_silenced(talk, version):
    """The Initial and all that follows; nothing is injected."""
    (action,) = show(talk, talk.rule("quic-sni-drop", **NAMED), first(talk, "www.named.example", version=version))
    assert (action.drop, action.silence, action.inject, action.burn) == (True, True, (), None)
    assert (action.sighting.mechanism, action.sighting.what) == ("quic.timeout.sni", "www.named.example")


def test_other_names_and_the_twin_settle(talk):
    """Another name, no name, no ClientHello, another port, TCP."""
    rule = talk.rule("quic-sni-drop", **NAMED)
    assert show(talk, rule, first(talk, "fine.example")) == [SETTLED]
    assert show(talk, talk.rule("quic-sni-drop", names=["other.example"]), first(talk)) == [SETTLED]
    for message in (talk.message(None), b"\2\0\0\1x"):
        assert show(talk, rule, [talk.datagram(talk.initial(talk.crypto(message)), port=443)]) == [SETTLED]
    assert show(talk, rule, [talk.datagram(b"x", port=53)], talk.flow(53, protocol=p.UDP)) == [SETTLED]
    assert talk.show(rule, talk.flow(), talk.segment(b"x")) is SETTLED


def test_a_hello_over_two_datagrams_is_put_together_or_not(talk):
    """The name lies across the cut: who does not reassemble never sees it; cut behind it he does."""
    whole, alone = (talk.rule("quic-sni-drop", reassembly=make, **NAMED) for make in ("records", "none"))
    before, action = show(talk, whole, first(talk, cut=3))
    assert before is None
    assert action.sighting.what == "named.example"
    assert show(talk, alone, first(talk, cut=3)) == [None, None]
    assert show(talk, alone, first(talk, cut=13))[0].drop
    answers = show(talk, alone, first(talk, "fine.example") * 8)
    assert answers == [None] * 7 + [SETTLED]


def test_a_hello_that_never_ends_is_given_up(talk):
    """After so many datagrams the flow passes."""
    rule, half = talk.rule("quic-sni-drop", **NAMED), talk.message("named.example", padding=500)[:30]
    packets = [talk.datagram(talk.initial(talk.crypto(half), number=n), port=443) for n in range(8)]
    assert show(talk, rule, packets) == [None] * 7 + [SETTLED]
    assert show(talk, rule, [talk.datagram(b"noise", port=443)] * 8) == [None] * 7 + [SETTLED]


def test_versions_are_those_that_it_reads(talk):
    """The Great Firewall reads version 1 only (refs/BEYOND 2.8)."""
    rule = talk.rule("quic-sni-drop", versions=[1], **NAMED)
    assert show(talk, rule, first(talk, version=V2)) == [None]
    assert show(talk, rule, first(talk, version=V1))[0].drop


def test_low_client_ports_may_be_exempt(talk):
    """Flows whose source port is not above the destination's (refs/BEYOND 2.8)."""
    rule = talk.rule("quic-sni-drop", high_port=True, **NAMED)
    assert show(talk, rule, first(talk), flow_of(talk, cport=443)) == [SETTLED]
    assert show(talk, rule, first(talk), flow_of(talk, cport=444))[0].drop


def test_another_datagram_first_may_exempt_the_flow(talk):
    """Where it does not, the Initial behind it is found; what the server sends changes nothing."""
    packets = [talk.datagram(b"0123456789", port=443), *first(talk)]
    assert show(talk, talk.rule("quic-sni-drop", first_only=True, **NAMED), packets)[0] is SETTLED
    before, action = show(talk, talk.rule("quic-sni-drop", **NAMED), packets)
    assert before is None
    assert action.drop
    assert show(talk, talk.rule("quic-sni-drop", **NAMED), [talk.datagram(b"x", port=443, outward=False)]) == [None]


def test_as_the_great_firewall_does_it(talk):
    """The Initial arrives; after the onset the client's datagrams are lost for the time, for any name on the tuple."""
    censor = Censor(kind="quic-sni-drop", names=("named.example",), residual_s=2.0, onset_s=0.11, versions=(1,))
    assert list(faults(censor)) == []
    log = []
    box = Box(
        [build(censor)], at=3, hops=8, on_path=False, log=lambda kind, sighting, _: log.append(sighting.mechanism)
    )
    (hello,) = first(talk)
    follow = [talk.datagram(b"0123456789", port=443), talk.datagram(b"reply", port=443, outward=False)]
    other = talk.datagram(b"0123456789", port=443, cport=50000)
    seen = [
        box.see(packet.raw, now, outward=packet.outward).forward
        for packet, now in (
            *((hello, 0.0), (follow[0], 0.05), (follow[0], 0.2), (follow[1], 0.3), (other, 1.0)),
            *((follow[0], 2.05), (follow[0], 2.2)),
        )
    ]
    assert seen == [True, True, False, True, False, False, True]
    assert log == ["quic.timeout.sni"] * 4, "what residual blocking does is told by its cause"


def test_an_onset_needs_residual_blocking():
    """Without it there is nothing that could begin later."""
    censor = Censor(kind="quic-sni-drop", names=("a.example",), onset_s=0.1)
    assert list(faults(censor)) == ["onset_s means nothing without residual_s"]


def test_all_of_quic_is_lost_on_its_port(talk):
    """What goes out; what comes back passes, for nothing will; other ports and TCP do."""
    rule = talk.rule("quic-drop")
    (action,) = show(talk, rule, [talk.datagram(b"anything", port=443)])
    assert (action.drop, action.silence, action.sighting.mechanism) == (True, False, "quic.all")
    assert show(talk, rule, [talk.datagram(b"x", port=443, outward=False)]) == [None]
    assert show(talk, rule, [talk.datagram(b"x")], talk.flow(53, protocol=p.UDP)) == [SETTLED]
    assert talk.show(rule, talk.flow(), talk.segment(b"x")) is SETTLED
    assert show(talk, talk.rule("quic-drop", ports=[8443]), [talk.datagram(b"x", port=443)]) == [SETTLED]
    wide = talk.rule("quic-drop", every_port=True)
    assert show(talk, wide, [talk.datagram(b"x", port=8443)], talk.flow(8443, protocol=p.UDP))[0].drop
