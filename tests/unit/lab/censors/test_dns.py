"""Injected, lost and diverted lookups as functions; what is forged is read by dnspython, which shares no code."""

from ipaddress import ip_address

import dns.flags
import dns.message
import dns.rcode
import pytest

from hushmap.lab import packet as p
from hushmap.lab.censors.catalogue import faults
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.censors.rule import SETTLED
from hushmap.wire import dns as ours

FALSE = ("203.0.113.66", "203.0.113.67", "203.0.113.68", "2001:db8:66::1")
NAMED = {"names": ["blocked.example"], "words": ["kw-one"]}
ISP = ip_address("198.51.100.53").packed
SILENT = {
    "dns-nxdomain": ("dns.nxdomain", dns.rcode.NXDOMAIN),
    "dns-refused": ("dns.refused", dns.rcode.REFUSED),
    "dns-servfail": ("dns.servfail", dns.rcode.SERVFAIL),
    "dns-empty": ("dns.empty", dns.rcode.NOERROR),
}
BY_ADDRESS = {
    "dns-injection": ("dns.injection", FALSE),
    "dns-notice": ("dns.tamper.blockpage", FALSE),
    "dns-bogon": ("dns.tamper.bogon", ("10.10.34.34", "127.0.0.1", "0.0.0.0", "fc00::1")),
}
INJECTING = {
    **{kind: {} for kind in SILENT},
    **{kind: {"addresses": list(each)} for kind, (_, each) in BY_ADDRESS.items()},
}
EVERY = {**INJECTING, "dns-drop": {}, "dns-intercept": {"to": ["198.51.100.53"]}}


def ask(talk, rule, name, qtype="A", ident=77, **more):
    """What the rule says to a question."""
    flow = talk.flow(more.get("port", 53), protocol=p.UDP)
    return talk.show(rule, flow, talk.datagram(ours.query(name, qtype, ident), **more))


def answers(action):
    """The injected answers, as dnspython reads them."""
    packets = [p.parse(each.raw, outward=False) for each in action.inject]
    return [(packet, dns.message.from_wire(packet.payload)) for packet in packets]


@pytest.mark.parametrize("kind", BY_ADDRESS)
@pytest.mark.parametrize("name", ["blocked.example", "www.blocked.example", "x-kw-one.fine.example"])
def test_three_false_answers_come_to_one_question(talk, kind, name):
    """Each from the address asked, one after the other: also where no resolver is."""
    mechanism, pool = BY_ADDRESS[kind]
    action = ask(talk, talk.rule(kind, addresses=list(pool), **NAMED), name)
    seen = answers(action)
    assert [[str(item) for rrset in said.answer for item in rrset] for _, said in seen] == [
        [each] for each in pool[:3]
    ]
    assert {(said.id, str(said.question[0].name)) for _, said in seen} == {(77, f"{name}.")}
    assert [said.answer[0].ttl for _, said in seen] == [60, 61, 62]
    assert {(at.source, at.sport, at.target, at.dport) for at, _ in seen} == {(talk.server, 53, talk.client, 40000)}
    assert [each.delay for each in action.inject] == sorted(each.delay for each in action.inject)
    assert action.drop is (kind != "dns-injection"), "the classic injector lets the query go on"
    assert (action.sighting.mechanism, action.sighting.what) == (mechanism, name)


@pytest.mark.parametrize("kind", BY_ADDRESS)
def test_ipv6_addresses_are_forged_too(talk, kind):
    """A question for AAAA gets the v6 answers; one for neither passes."""
    rule = talk.rule(kind, addresses=list(BY_ADDRESS[kind][1]), **NAMED)
    ((_, said),) = answers(ask(talk, rule, "blocked.example", "AAAA"))
    assert str(said.answer[0][0]) == BY_ADDRESS[kind][1][3]
    assert ask(talk, rule, "blocked.example", "MX") is None


def test_a_bogon_is_forged_even_if_none_is_given(talk):
    """This computer's own address, as Turkmenistan's injector says (refs/BEYOND 2.5)."""
    rule = talk.rule("dns-bogon", record_ttl=300, ident=30000, ttl=128, answers=1, **NAMED)
    ((packet, said),) = answers(ask(talk, rule, "blocked.example"))
    assert (str(said.answer[0][0]), said.answer[0].ttl) == ("127.0.0.1", 300)
    assert (int.from_bytes(packet.raw[4:6], "big"), packet.raw[8]) == (30000, 128)


@pytest.mark.parametrize("address", ["203.0.113.1", "2001:db8::1", "9.9.9.9"])
def test_a_bogon_must_be_one(address):
    """Addresses of documentation stand for public ones in a lab."""
    censor = Censor(kind="dns-bogon", names=("a.example",), addresses=(address,))
    assert list(faults(censor)) == [f"address {address} is no bogon"]


@pytest.mark.parametrize("kind", SILENT)
@pytest.mark.parametrize("qtype", ["A", "AAAA", "MX", "HTTPS"])
def test_a_forged_refusal_answers_every_type(talk, kind, qtype):
    """With its rcode and no record."""
    mechanism, rcode = SILENT[kind]
    action = ask(talk, talk.rule(kind, **NAMED), "www.blocked.example", qtype)
    ((_, said),) = answers(action)
    assert (said.rcode(), said.answer, said.flags & dns.flags.QR) == (rcode, [], dns.flags.QR)
    assert (action.sighting.mechanism, action.drop) == (mechanism, True)


def test_how_answers_look_and_race_are_parameters(talk):
    """One to three; one mirrors the query's TTL, one loses the race; AA, DF and identification tell injectors apart."""
    rule = talk.rule(
        "dns-injection",
        addresses=list(FALSE),
        mirror=2,
        late=3,
        late_s=0.3,
        authoritative=True,
        df=True,
        ident=7,
        **NAMED,
    )
    action = ask(talk, rule, "blocked.example")
    assert [each.mirror for each in action.inject] == [False, True, False]
    assert [each.delay for each in action.inject] == [0.0, pytest.approx(0.0005), 0.3]
    for packet, said in answers(action):
        assert said.flags & dns.flags.AA
        assert (packet.raw[6] & 0x40, int.from_bytes(packet.raw[4:6], "big")) == (0x40, 7)
    one = talk.rule("dns-injection", addresses=list(FALSE), answers=1, **NAMED)
    assert len(ask(talk, one, "blocked.example").inject) == 1


@pytest.mark.parametrize("field", ["mirror", "late"])
def test_an_answer_that_is_spoken_of_must_be_there(field):
    """The second of one is none."""
    censor = Censor(kind="dns-injection", names=("a.example",), addresses=FALSE, answers=1, **{field: 2})
    assert list(faults(censor)) == [f"{field} 2 is not among its 1 answers"]


@pytest.mark.parametrize("kind", EVERY)
def test_other_questions_pass(talk, kind):
    """Another name, what is no question, an answer either way; another port settles; the twin passes the very query."""
    rule = talk.rule(kind, **EVERY[kind], **NAMED)
    reply = ours.reply(ours.query("blocked.example", "A", 1), ("203.0.113.1",))
    flow = talk.flow(53, protocol=p.UDP)
    assert ask(talk, rule, "fine.example") is None
    for payload in (b"", b"no question"):
        assert talk.show(rule, flow, talk.datagram(payload)) is None
    assert talk.show(rule, flow, talk.datagram(reply, outward=False)) is None
    assert ask(talk, rule, "blocked.example", port=5300) is SETTLED
    assert ask(talk, talk.rule(kind, **EVERY[kind], names=["other.example"]), "blocked.example") is None


@pytest.mark.parametrize("kind", INJECTING)
def test_an_answer_sent_outward_is_no_question(talk, kind):
    """A server's own reply to somebody is let pass."""
    reply = ours.reply(ours.query("blocked.example", "A", 1), ("203.0.113.1",))
    rule = talk.rule(kind, **EVERY[kind], **NAMED)
    assert talk.show(rule, talk.flow(53, protocol=p.UDP), talk.datagram(reply)) is None


def test_ports_of_queries_may_be_others(talk):
    """A filter of another port looks there."""
    assert ask(talk, talk.rule("dns-nxdomain", ports=[5300], **NAMED), "blocked.example", port=5300).inject


def test_a_query_is_lost(talk):
    """By datagram the query alone; nothing is injected."""
    action = ask(talk, talk.rule("dns-drop", **NAMED), "blocked.example")
    assert (action.drop, action.silence, action.inject) == (True, False, ())
    assert action.sighting.mechanism == "dns.timeout"


@pytest.mark.parametrize("pieces", [1, 3])
def test_a_query_by_tcp_is_lost_with_its_connection(talk, pieces):
    """However it is cut; other names and what is no query settle."""
    rule = talk.rule("dns-drop", **NAMED)

    def stream(payload):
        return len(payload).to_bytes(2, "big") + payload

    *before, last = talk.feed(rule, stream(ours.query("blocked.example", "A", 1)), pieces=pieces, port=53)
    assert before == [None] * (pieces - 1)
    assert (last.drop, last.silence) == (True, True)
    assert talk.feed(rule, stream(ours.query("fine.example", "A", 1)), port=53) == [SETTLED]
    assert talk.feed(rule, stream(b"nonsense"), port=53) == [SETTLED]
    assert talk.feed(rule, stream(ours.query("blocked.example", "A", 1)), port=5353) == [SETTLED]


def test_an_intercepted_query_goes_elsewhere_and_its_answer_comes_back(talk):
    """Only addresses are changed; the client sees the resolver that it asked, and the truth has one act."""
    rule = talk.rule("dns-intercept", to=["198.51.100.53"], **NAMED)
    action = ask(talk, rule, "blocked.example")
    led = p.parse(action.replace)
    assert (led.source, led.sport, led.target, led.dport) == (talk.client, 40000, ISP, 53)
    assert dns.message.from_wire(led.payload).id == 77
    assert (action.drop, action.sighting.mechanism) == (False, "dns.intercepted")
    answer = talk.datagram(ours.reply(led.payload, ("198.51.100.9",)), outward=False, server=ISP)
    back = talk.show(rule, talk.flow(53, protocol=p.UDP, server=ISP), answer)
    seen = p.parse(back.replace, outward=False)
    assert (seen.source, seen.sport, seen.target, seen.dport) == (talk.server, 53, talk.client, 40000)
    assert str(dns.message.from_wire(seen.payload).answer[0][0]) == "198.51.100.9"
    assert back.sighting is None


def test_interception_leaves_the_rest_alone(talk):
    """A query that goes there anyway, one of another family, and answers that nobody was led to."""
    rule = talk.rule("dns-intercept", to=["198.51.100.53"], **NAMED)
    assert ask(talk, rule, "blocked.example", server=ISP) is None
    query = ours.query("blocked.example", "A", 1)
    six = [ip_address(text).packed for text in ("2001:db8::2", "2001:db8::53")]
    packet = p.parse(p.udp((six[0], 1), (six[1], 53), query))
    assert rule.inspect(packet, talk.flow(53, protocol=p.UDP, server=six[1]), 0.0) is None
    stray = talk.datagram(ours.reply(query, ()), outward=False, server=ISP)
    assert rule.inspect(stray, talk.flow(53, protocol=p.UDP, server=ISP), 0.0) is None
    assert rule.inspect(talk.segment(port=53), talk.flow(53), 0.0) is SETTLED


def test_encrypted_lookups_are_refused(talk):
    """A connection to port 853 is reset at its SYN, one to a listed resolver at its hello; nothing else is."""
    rule = talk.rule("dns-encrypted", names=["resolver.example"])
    flow = talk.flow(853)
    refused = talk.show(rule, flow, talk.segment(port=853, seq=1000, ack=0, flags=p.SYN))
    assert p.parse(refused.inject[0].raw, outward=False).flags == p.RST | p.ACK
    assert (refused.sighting.mechanism, refused.sighting.what) == ("dns.encrypted", "port 853")
    assert talk.show(rule, flow, talk.segment(port=853, flags=p.SYN | p.ACK, outward=False)) is None
    (action,) = talk.feed(rule, talk.hello("resolver.example"))
    assert (action.sighting.mechanism, action.sighting.what) == ("dns.encrypted", "resolver.example")
    assert talk.feed(rule, talk.hello("fine.example")) == [SETTLED]
    assert talk.feed(talk.rule("dns-encrypted"), talk.hello("resolver.example")) == [SETTLED]
    assert talk.show(rule, talk.flow(853, protocol=p.UDP), talk.datagram(b"x", port=853)) is SETTLED
