"""Residual blocking: tuples of four, three and two, who renews them, and what is done on them."""

import pytest

from hushmap.lab import packet as p
from hushmap.lab.censors import residual
from hushmap.lab.censors.flow import Burn, Burned, Flow
from hushmap.lab.censors.forge import Style
from hushmap.lab.censors.residual import Burns, Residual, tuple_key
from hushmap.lab.censors.rule import SETTLED

RULE = Residual()
CAUSE = "tls.reset.sni"
C, S, T = b"\xc6\x12\0\2", b"\xc6\x33\x64\x14", b"\xc6\x33\x64\x15"


def burned(until, start=0.0, **burn):
    """A flow whose tuple is burned from then until then."""
    return Flow(C, S, 40000, 443, 0.0, burned=Burned(start, until, Burn(until, **burn), CAUSE))


def test_a_burned_tuple_is_reset_until_its_time(talk):
    """Before the end every segment of the client is reset, from then on none; before its beginning none either."""
    syn = talk.segment(seq=9, ack=0, flags=p.SYN)
    assert RULE.inspect(syn, burned(2.0), 1.9).sighting.what == "198.51.100.20:443"
    assert RULE.inspect(syn, burned(2.0), 1.9).inject
    assert RULE.inspect(syn, burned(2.0), 2.0) is SETTLED
    assert RULE.inspect(syn, burned(2.0, start=0.5), 0.4) is None


def test_returning_segments_and_resets_pass(talk):
    """Only what the client sends is answered, and a reset is not answered by a reset."""
    assert RULE.inspect(talk.segment(outward=False), burned(2.0), 1.0) is None
    assert RULE.inspect(talk.segment(flags=p.RST), burned(2.0), 1.0) is None


def test_datagrams_and_fresh_tuples_settle(talk):
    """Nothing was burned, or there is no connection to reset; where things are dropped, datagrams are too."""
    assert RULE.inspect(talk.segment(), Flow(C, S, 1, 443, 0.0), 0.0) is SETTLED
    assert RULE.inspect(talk.datagram(b"", port=443), burned(2.0), 1.0) is SETTLED
    action = RULE.inspect(talk.datagram(b"", port=443), burned(2.0, way="drop"), 1.0)
    assert (action.drop, action.inject, action.sighting.mechanism) == (True, (), CAUSE)


def test_the_resets_are_in_the_injectors_style(talk):
    """Whoever reset the hit resets what follows."""
    style = Style(resets=1, sides="client", ttl=9)
    (only,) = RULE.inspect(talk.segment(b"x"), burned(2.0, style=style), 1.0).inject
    assert only.raw[8] == 9


@pytest.mark.parametrize(
    ("scope", "shared"),
    [
        ("4-tuple", [True, False, False, False, False]),
        ("3-tuple", [True, True, False, False, False]),
        ("2-tuple", [True, True, True, True, False]),
    ],
)
def test_a_scope_is_what_flows_have_in_common(scope, shared):
    """The same flow; another client port; another server port; another protocol; another server."""
    burns = Burns(1)
    burns.add(Flow(C, S, 1, 443, 0.0), Burn(5.0, scope=scope), 0.0, CAUSE)
    others = [Flow(C, S, 1, 443, 0.0), Flow(C, S, 2, 443, 0.0), Flow(C, S, 2, 80, 0.0)]
    others += [Flow(C, S, 1, 443, 0.0, protocol=p.UDP), Flow(C, T, 1, 443, 0.0)]
    assert [burns.of(other, 1.0) is not None for other in others] == shared
    assert all(burns.of(other, 5.0) is None for other in others)


def test_a_hit_starts_the_time_anew_or_not():
    """By default it does; where re-triggering does not extend, the first time stands. After its end it begins again."""
    for renewed, until in (("by-hits", 7.0), ("by-triggers", 7.0), ("no", 5.0)):
        burns, flow = Burns(1), Flow(C, S, 1, 443, 0.0)
        first = burns.add(flow, Burn(5.0, renewed=renewed), 0.0, CAUSE)
        again = burns.add(flow, Burn(5.0, renewed=renewed), 2.0, "other")
        assert first is again
        assert first.cause == CAUSE, "the first hit's"
        assert first.until == until
        assert burns.add(flow, Burn(5.0, renewed=renewed), 20.0, CAUSE).until == 25.0


def test_a_late_onset_begins_later():
    """And ends later by as much."""
    begun = Burns(1).add(Flow(C, S, 1, 443, 0.0), Burn(5.0, onset=0.5), 1.0, CAUSE)
    assert (begun.start, begun.until) == (1.5, 6.5)


def test_sixty_percent_of_follow_ups_are_hit():
    """Which of them is a matter of their ports, and the same each time."""
    burns = Burns(1)
    burns.add(Flow(C, S, 1, 443, 0.0), Burn(5.0, share=0.6), 0.0, CAUSE)
    hit = [burns.of(Flow(C, S, port, 443, 0.0), 1.0) is not None for port in range(1000)]
    assert hit == [burns.of(Flow(C, S, port, 443, 0.0), 2.0) is not None for port in range(1000)]
    assert 550 < sum(hit) < 650


def test_the_table_is_bounded_and_swept(monkeypatch):
    """What is over goes; one more than fits replaces the oldest."""
    monkeypatch.setattr(residual, "TUPLES_MAX", 10)
    burns = Burns(1)
    for port in range(25):
        burns.add(Flow(C, S, 1, port, 0.0), Burn(5.0 if port < 20 else 50.0), 0.0, CAUSE)
    assert len(burns) == 10
    burns.sweep(6.0)
    assert len(burns) == 5
    assert burns.of(Flow(C, S, 1, 24, 0.0), 6.0) is not None


def test_a_key_tells_protocols_apart_where_ports_count():
    """TCP and QUIC to one port are burned apart, unless the two addresses are."""
    tcp, udp = Flow(C, S, 1, 443, 0.0), Flow(C, S, 1, 443, 0.0, protocol=p.UDP)
    assert tuple_key(tcp, "3-tuple") != tuple_key(udp, "3-tuple")
    assert tuple_key(tcp, "2-tuple") == tuple_key(udp, "2-tuple")
