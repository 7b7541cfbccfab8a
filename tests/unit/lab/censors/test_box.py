"""A censor at its place: what a tap cannot do, what is remembered, what is forgotten."""

from ipaddress import ip_address

import pytest

from hushmap.lab import packet as p
from hushmap.lab.censors import box as box_module
from hushmap.lab.censors.box import IDLE_S, Box
from hushmap.lab.censors.flow import Burn
from hushmap.lab.censors.rule import SETTLED, Action, Injection, Sighting

C4, S4 = ip_address("198.18.0.2").packed, ip_address("198.51.100.20").packed
C6, S6 = ip_address("2001:db8::2").packed, ip_address("2001:db8:2::20").packed


FORGED = (Injection(b"forged", outward=False),)


class OnWord:
    """Acts on packets that hold a word, with a given action; settles on the word `fine`."""

    kind = "word"

    def __init__(self, word=b"word", inject=FORGED, **action):
        self.word = word
        self.action = Action(Sighting("x.y", word.decode()), inject, **action)
        self.asked = 0

    def inspect(self, packet, flow, now):
        self.asked += 1
        if self.word in packet.payload:
            return self.action
        return SETTLED if b"fine" in packet.payload else None


def segment(payload=b"", *, flags=p.ACK, client=C4, server=S4, outward=True, cport=1, port=443, seq=10, ttl=64):
    """One TCP segment between client and server."""
    ends = ((client, cport), (server, port)) if outward else ((server, port), (client, cport))
    return p.tcp(*ends, seq=seq, ack=1, flags=flags, payload=payload, ttl=ttl)


def datagram(payload, *, port=443, outward=True):
    """One datagram between client and server."""
    ends = ((C4, 1), (S4, port)) if outward else ((S4, port), (C4, 1))
    return p.udp(*ends, payload)


def box(*rules, on_path=False, hops=8):
    """A box with these rules."""
    log = []
    made = Box(
        rules, at=3, hops=hops, on_path=on_path, log=lambda kind, sighting, packet: log.append((kind, sighting.what))
    )
    return made, log


@pytest.mark.parametrize(("client", "server"), [(C4, S4), (C6, S6)])
def test_in_the_path_it_drops_and_silences(client, server):
    """After a hit with silence nothing of that flow passes in either direction; a new connection does."""
    censor, log = box(OnWord(drop=True, silence=True))
    ends = {"client": client, "server": server}
    assert censor.see(segment(flags=p.SYN, **ends), 0.0, outward=True).forward
    assert not censor.see(segment(b"a word", **ends), 0.1, outward=True).forward
    assert not censor.see(segment(b"answer", outward=False, **ends), 0.2, outward=False).forward
    assert not censor.see(segment(b"fine", **ends), 0.3, outward=True).forward
    assert censor.see(segment(flags=p.SYN, cport=2, **ends), 0.4, outward=True).forward
    assert log == [("word", "word")]


def test_a_tap_injects_and_never_drops():
    """The same rule on the path: the packet goes on beside the injected one, and the flow is not silenced."""
    censor, _ = box(OnWord(drop=True, silence=True), on_path=True)
    passage = censor.see(segment(b"a word"), 0.0, outward=True)
    assert passage.forward
    assert passage.inject
    assert censor.see(segment(b"more"), 0.1, outward=True).forward


def test_a_tap_neither_holds_nor_changes():
    """Whatever a rule would have it do."""
    changing = OnWord(inject=(), replace=segment(b"other"), hold=1.0)
    censor, _ = box(changing, on_path=True)
    passage = censor.see(segment(b"a word"), 0.0, outward=True)
    assert (passage.forward, passage.inject, passage.instead, passage.hold) == (True, (), None, 0.0)


@pytest.mark.parametrize("outward", [True, False])
def test_a_packet_that_waits_or_changes_goes_on_after_its_time(outward):
    """What every rule lets it wait is added up; each still sees it as it came."""
    new = segment(b"other", outward=outward)
    censor, log = box(OnWord(inject=(), replace=new, hold=0.25), last := OnWord(b"a word", inject=(), hold=0.5))
    passage = censor.see(segment(b"a word", outward=outward), 0.0, outward=outward)
    assert (passage.forward, passage.inject, passage.instead, passage.hold) == (True, (), new, 0.75)
    assert passage.by == ("word", Sighting("x.y", "a word"))
    assert last.asked == 1
    assert log == [("word", "word")]


def test_one_that_waits_may_be_answered_too():
    """A further rule injects: the packet goes on changed, and after its time, beside what is injected."""
    new = segment(b"other")
    censor, _ = box(OnWord(inject=(), replace=new, hold=0.25), OnWord(b"a word"))
    passage = censor.see(segment(b"a word"), 0.0, outward=True)
    assert (passage.forward, passage.instead, passage.hold) == (True, new, 0.25)
    assert passage.inject


def test_a_mirrored_answer_has_what_is_left_of_the_question():
    """The TTL of the query at this place, so that the answer seems to come from twice as far (refs/BEYOND 2.5)."""
    forged = Injection(datagram(b"answer", outward=False), outward=False, mirror=True)
    censor, _ = box(OnWord(inject=(forged,)), on_path=True)
    for ttl, left in ((64, 61), (4, 1), (1, 1)):
        raw = p.with_ttl(datagram(b"word"), ttl)
        (sent,) = censor.see(raw, 0.0, outward=True).inject
        assert p.ttl_of(sent.raw) == left


def test_a_settled_flow_is_asked_about_no_more():
    """Once every rule has seen enough, packets pass without being parsed, and what was kept of it is let go."""
    rule = OnWord()
    censor, _ = box(rule)
    censor.see(segment(b"fine"), 0.0, outward=True)
    asked = rule.asked
    assert censor.see(segment(b"word"), 0.1, outward=True).inject == ()
    assert rule.asked == asked
    (flow,) = censor._flows.values()
    assert flow.sent == b""


def test_a_repeated_hit_is_acted_on_and_logged_once():
    """A retransmission is answered again, for the first forged packet may be lost; the log has one line a flow."""
    censor, log = box(OnWord(drop=True))
    for _ in range(3):
        assert censor.see(segment(b"word"), 0.0, outward=True).inject
    assert len(log) == 1


def test_every_question_by_datagram_is_logged():
    """Datagrams on one pair of ports are questions of their own."""
    censor, log = box(OnWord())
    for _ in range(3):
        censor.see(datagram(b"word", port=53), 0.0, outward=True)
    assert len(log) == 3


def test_what_belongs_to_an_act_is_not_told_twice():
    """An action without a sighting is done and not logged."""
    rule = OnWord(drop=True)
    rule.action = Action(None, drop=True)
    censor, log = box(rule)
    assert not censor.see(segment(b"word"), 0.0, outward=True).forward
    assert log == []


def test_a_burned_tuple_hits_the_next_connection_and_then_no_more():
    """Residual blocking is for (client, server, port): another port passes, and so does the same one later."""
    censor, log = box(OnWord(burn=Burn(2.0)))
    censor.see(segment(b"word"), 0.0, outward=True)
    hit = censor.see(segment(flags=p.SYN, cport=2), 1.0, outward=True)
    assert not hit.forward
    assert p.parse(hit.inject[0].raw, outward=False).flags == p.RST | p.ACK
    assert censor.see(segment(flags=p.SYN, cport=3, port=80), 1.0, outward=True).forward
    assert not censor.see(segment(flags=p.SYN, cport=2), 1.9, outward=True).forward
    assert censor.see(segment(flags=p.SYN, cport=2), 2.1, outward=True).forward, "a repeated SYN after its time"
    assert ("residual", "198.51.100.20:443") in log


@pytest.mark.parametrize(("renewed", "blocked"), [("by-hits", False), ("by-triggers", True), ("no", False)])
def test_a_trigger_on_a_burned_tuple_may_extend_it(renewed, blocked):
    """Data out of nowhere on a blocked tuple: some censors start the time anew (refs/KEYWORDS 1: Kazakhstan)."""
    censor, _ = box(OnWord(burn=Burn(2.0, renewed=renewed)))
    censor.see(segment(b"word"), 0.0, outward=True)
    censor.see(segment(b"word", cport=2), 1.5, outward=True)
    assert censor.see(segment(flags=p.SYN, cport=3), 3.0, outward=True).forward is not blocked


def test_harmless_data_on_a_burned_tuple_extend_nothing():
    """Only a trigger does."""
    censor, _ = box(OnWord(burn=Burn(2.0, renewed="by-triggers")))
    censor.see(segment(b"word"), 0.0, outward=True)
    censor.see(segment(b"x", cport=2), 1.5, outward=True)
    assert censor.see(segment(flags=p.SYN, cport=3), 3.0, outward=True).forward


def test_datagrams_of_the_very_flow_are_under_residual_blocking():
    """They have no new beginning: after the trigger, which passes, the client's are lost until the time is over."""
    censor, log = box(OnWord(inject=(), burn=Burn(2.0, way="drop", onset=0.5)))
    seen = [
        censor.see(datagram(payload), now, outward=True).forward
        for payload, now in ((b"word", 0.0), (b"x", 0.4), (b"x", 0.6), (b"x", 2.4), (b"x", 2.6))
    ]
    assert seen == [True, True, False, False, True]
    assert censor.see(datagram(b"answer", outward=False), 1.0, outward=False).forward
    assert log == [("word", "word"), ("residual", "198.51.100.20:443"), ("residual", "198.51.100.20:443")]


def test_a_port_may_be_used_again_for_a_new_connection():
    """A SYN on a settled or silenced flow begins a new one."""
    censor, _ = box(OnWord(drop=True, silence=True))
    censor.see(segment(b"word"), 0.0, outward=True)
    assert censor.see(segment(flags=p.SYN, seq=999), 1.0, outward=True).forward
    assert censor.see(segment(b"else", seq=1000), 1.1, outward=True).forward


def test_idle_flows_are_forgotten():
    """After the idle time the table holds only what still lives."""
    censor, _ = box(OnWord(burn=Burn(1.0)))
    for port in range(100):
        censor.see(segment(b"word", cport=port), 0.0, outward=True)
    censor.see(segment(cport=5000), IDLE_S + 1, outward=True)
    assert len(censor._flows) == 1
    assert len(censor._burns) == 0


def test_a_full_table_loses_its_oldest(monkeypatch):
    """The table never grows beyond its bound."""
    monkeypatch.setattr(box_module, "FLOWS_MAX", 10)
    censor, _ = box(OnWord())
    for port in range(1, 30):
        censor.see(segment(cport=port), 0.0, outward=True)
    assert len(censor._flows) == 10
    assert max(flow.cport for flow in censor._flows.values()) == 29


def test_packets_without_ports_are_shown_and_not_remembered():
    """ICMP, fragments and scraps reach the rules as packets without a flow."""
    rule = OnWord()
    censor, _ = box(rule)
    fragment = bytearray(datagram(b"word"))
    fragment[6] = 0x20
    assert censor.see(p.ip(C4, S4, p.ICMP, b"\x08\0\0\0"), 0.0, outward=True).forward
    assert censor.see(p.ip(C6, S6, p.ICMP6, b"\x80\0\0\0"), 0.0, outward=True).forward
    assert censor.see(bytes(fragment), 0.0, outward=True).forward
    assert rule.asked == 3
    assert censor.see(segment()[:24], 0.0, outward=True).forward, "cut off: the receiving kernel refuses it"
    assert censor._flows == {}


def test_extension_headers_hide_nothing():
    """A segment behind IPv6 options belongs to the same flow (RFC 8200 4)."""
    censor, _ = box(OnWord(drop=True))
    plain = segment(b"word", client=C6, server=S6)
    options = bytes((p.TCP, 0)) + bytes(6)
    longer = plain[:4] + (len(plain) - 32).to_bytes(2, "big") + b"\x3c" + plain[7:40] + options + plain[40:]
    assert censor.see(segment(client=C6, server=S6), 0.0, outward=True).forward
    assert not censor.see(longer, 0.1, outward=True).forward
    assert len(censor._flows) == 1


def test_a_flow_seen_first_from_the_server_has_the_same_ends():
    """After a restart of the table the client stays the client."""
    censor, _ = box(OnWord())
    censor.see(segment(b"x", outward=False), 0.0, outward=False)
    (flow,) = censor._flows.values()
    assert (flow.client, flow.server, flow.cport, flow.sport) == (C4, S4, 1, 443)
    censor.see(segment(b"y"), 0.0, outward=True)
    assert len(censor._flows) == 1


def test_a_fault_in_a_rule_is_raised_with_its_name():
    """The lab stops loudly, and says which censor broke."""

    class Broken(OnWord):
        kind = "broken"

        def inspect(self, packet, flow, now):
            raise ZeroDivisionError

    censor, _ = box(OnWord(), Broken())
    with pytest.raises(ZeroDivisionError) as caught:
        censor.see(segment(), 0.0, outward=True)
    assert caught.value.__notes__ == ["in the censor broken, 3 hops from the client"]
