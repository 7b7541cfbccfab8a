"""DNS injection as a function."""

from ipaddress import ip_address

import pytest

from hushmap.lab import packet as p
from hushmap.lab.censors.dns import DnsInjection
from hushmap.lab.censors.rule import SETTLED, Flow
from hushmap.wire import dns

C, S = ip_address("198.18.0.2").packed, ip_address("203.0.113.10").packed
FALSE = ("203.0.113.66", "203.0.113.67", "203.0.113.68", "2001:db8:66::1")
RULE = DnsInjection(["blocked.example"], ["kw-one"], FALSE)
TWIN = DnsInjection([], [], FALSE)


def ask(payload, *, outward=True, port=53):
    """A datagram between client and server, with its flow."""
    ends = ((C, 5353), (S, port)) if outward else ((S, port), (C, 5353))
    return p.parse(p.udp(*ends, payload), outward=outward), Flow(C, S, 5353, port, 0.0)


@pytest.mark.parametrize("name", ["blocked.example", "www.blocked.example", "x-kw-one.fine.example"])
def test_three_false_answers_come_to_one_question(name):
    """Each from the address asked, one after the other, none dropped: also where no resolver is."""
    packet, flow = ask(dns.query(name, "A", 77))
    action = RULE.inspect(packet, flow, 0.0)
    answers = [p.parse(each.raw, outward=False) for each in action.inject]
    seen = [dns.parse(answer.payload) for answer in answers]
    assert [answer.addresses for _, _, _, answer in seen] == [(address,) for address in FALSE[:3]]
    assert {(ident, asked) for ident, asked, _, _ in seen} == {(77, name)}
    assert {(answer.source, answer.sport, answer.target, answer.dport) for answer in answers} == {(S, 53, C, 5353)}
    assert [each.delay for each in action.inject] == sorted(each.delay for each in action.inject)
    assert not action.drop
    assert (action.sighting.mechanism, action.sighting.what) == ("dns.injection", name)


def test_ipv6_addresses_are_forged_too():
    """A question for AAAA gets the v6 answers."""
    packet, flow = ask(dns.query("blocked.example", "AAAA", 1))
    (only,) = RULE.inspect(packet, flow, 0.0).inject
    assert dns.parse(p.parse(only.raw, outward=False).payload)[3].addresses == ("2001:db8:66::1",)


def test_how_many_answers_is_a_parameter():
    """One injector gives one answer."""
    packet, flow = ask(dns.query("blocked.example", "A", 1))
    assert len(DnsInjection(["blocked.example"], [], FALSE, answers=1).inspect(packet, flow, 0.0).inject) == 1


@pytest.mark.parametrize(
    "payload", [dns.query("fine.example", "A", 1), dns.query("blocked.example", "MX", 1), b"", b"no question"]
)
def test_other_questions_pass(payload):
    """Another name, another type, and what is no question."""
    packet, flow = ask(payload)
    assert RULE.inspect(packet, flow, 0.0) is None


def test_an_answer_is_no_question():
    """A reply sent outward (a server's own) and one that comes back are let pass."""
    reply = dns.reply(dns.query("blocked.example", "A", 1), ("203.0.113.1",))
    assert RULE.inspect(*ask(reply), 0.0) is None
    assert RULE.inspect(*ask(reply, outward=False), 0.0) is None


def test_other_ports_and_protocols_settle():
    """Only port 53 by datagram is looked at."""
    packet, flow = ask(dns.query("blocked.example", "A", 1), port=5300)
    assert RULE.inspect(packet, flow, 0.0) is SETTLED
    segment = p.parse(p.tcp((C, 1), (S, 53), seq=1, ack=1, flags=p.ACK))
    assert RULE.inspect(segment, Flow(C, S, 1, 53, 0.0), 0.0) is SETTLED


def test_the_twin_without_names_does_nothing():
    """The same packet, the uncensored rule: no action."""
    assert TWIN.inspect(*ask(dns.query("blocked.example", "A", 1)), 0.0) is None
