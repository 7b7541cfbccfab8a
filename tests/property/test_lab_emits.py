"""What the lab's path emits, for every kind of censor and both families, as public parsers and strict stacks take it."""

import functools
import socket

import msgspec
import pytest

import strangers
from hushmap.lab import packet as p
from hushmap.lab.addresses import CLIENT, CLIENT6
from hushmap.lab.censors.catalogue import CATALOGUE, RESOLVER_KINDS, RULES, faults
from hushmap.lab.censors.hello import handshake, read
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.scenario import parse_scenario
from hushmap.lab.services.dns import Zone
from hushmap.lab.services.pages import NOTICE
from talking import Talk, Truth

NAME, WORD = "blocked.example", "kw-one"
SERVER = {4: "198.51.100.20", 6: "2001:db8:2::20"}
OURS = {4: CLIENT, 6: CLIENT6}
ELSEWHERE = ["198.51.100.53", "2001:db8:2::53"]
NEEDED = {
    "names": [NAME],
    "words": [WORD],
    "addresses": list(SERVER.values()),
    "ports": [443],
    "location": "http://notice.isp.example/",
    "to": ELSEWHERE,
}
"""What is given to a kind that needs it."""
SMALL = {kind: {"burst_kb": 1.0} for kind in ("sni-throttle", "host-throttle", "address-throttle")}
SMALL |= {"dns-encrypted": {"names": [NAME]}, "http-rewrite": {"replacement": "kw-two"}}
SMALL |= {"http-mend": {"replacement": "kw-two"}}
STYLED = {
    "ttl": 100, "ident": 4660, "df": True, "sides": "client", "resets": 2, "advance": False, "bare_resets": True,
    "reset_payload": "6869", "authoritative": True, "answers": 2, "mirror": 1, "late": 2, "record_ttl": 300,
    "location": f"http://notice.isp.example/{'x' * 3000}", "status": 451, "alert": 112, "residual_s": 5.0, "reassembly": "tcp",
}  # fmt: skip
"""As another maker's box would look, of what a kind takes; and beside the path, if it can stand there."""
AT, HOPS = 3, 8
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 25000\r\n\r\n" + WORD.encode().ljust(25000)
REQUEST = f"POST /{WORD} HTTP/1.1\r\nHost: {NAME}\r\nX-Note: {WORD}\r\nContent-Length: {len(WORD)}\r\n\r\n{WORD}"
ALL = [(kind, family, styled) for kind in sorted(RULES) for family in (4, 6) for styled in (False, True)]


def censor_of(kind, *, styled):
    """A censor of this kind with what it needs; of another style too."""
    entry = CATALOGUE[kind]
    given = {group[0]: NEEDED[group[0]] for group in entry.needs} | SMALL.get(kind, {})
    if styled:
        given |= {name: value for name, value in STYLED.items() if name in entry.takes}
        given["on_path"] = not entry.in_path
    return {"kind": kind, "at": AT, **given}


@functools.cache
def questions():
    """The two queries of the client, by the port from which each is asked."""
    return {40001: strangers.query(NAME, "A", 4660), 40002: strangers.query(NAME, "AAAA", 22136)}


def resolve(payload, port):
    """What a server says to a datagram: a resolver answers with no records, others nothing."""
    if port != 53:
        return None
    message = strangers.quietly("dns.message")
    return message.make_response(message.from_wire(payload)).to_wire()


def conversation(family, *censors, seed=1, path=""):
    """All that can be censored, said twice, through a path with these censors."""
    scenario = parse_scenario(f'name = "x"\n[path]\n{path}')
    scenario = msgspec.structs.replace(scenario, censor=tuple(msgspec.convert(each, Censor) for each in censors))
    kind = socket.AF_INET if family == 4 else socket.AF_INET6
    client, server = (socket.inet_pton(kind, address[family]) for address in (OURS, SERVER))
    talk = Talk(scenario, answers=lambda ours: PAGE if ours[1] == 80 else bytes(25000), resolve=resolve, seed=seed)
    for port, query in questions().items():
        talk.datagram(0.0, (client, port), (server, 53), query.to_wire())
    for version in (1, 2):
        for datagram in strangers.initials(NAME, version):
            talk.datagram(0.0, (client, 40002 + version), (server, 443), datagram)
    said = {443: strangers.hello(NAME), 80: REQUEST.encode(), 853: strangers.hello(NAME)}
    for turn in (0, 1):
        for number, (port, words) in enumerate(said.items()):
            talk.connect(2.0 * turn, (client, 41000 + 10 * turn + number), (server, port), words)
    return talk.run()


@functools.cache
def talked(kind, family, styled):
    """The conversation beside a censor of this kind."""
    return conversation(family, censor_of(kind, styled=styled))


def ends(seen):
    """(at the client, its end, the other) of a packet."""
    said = p.parse(seen.raw)
    return seen.at_client, (said.target, said.dport), (said.source, said.sport)


@pytest.mark.parametrize(("kind", "family", "styled"), ALL)
def test_every_forged_packet_is_well_formed(kind, family, styled):
    """Lengths and checksums are what scapy would write; who may be a tap sends something; the box is there to act."""
    talk = talked(kind, family, styled)
    assert list(faults(msgspec.convert(censor_of(kind, styled=styled), Censor))) == []
    assert {event["kind"] for event in talk.truth.events} <= {kind, "residual"}
    assert talk.truth.events
    assert talk.seen or CATALOGUE[kind].in_path
    for seen in talk.seen:
        read = strangers.packet(seen.raw)
        assert read.version == family
        assert seen.by[0] in {kind, "residual"}
        assert (read.dst if seen.at_client else read.src) == OURS[family]


@pytest.mark.parametrize(("kind", "family", "styled"), ALL)
def test_every_stack_under_attack_believes_it(kind, family, styled):
    """Each has a socket for what it gets, and of each act at least one packet hits: number, flags and all."""
    believed = {}
    for seen in talked(kind, family, styled).seen:
        assert seen.verdict != "nobody", strangers.packet(seen.raw).summary()
        if seen.verdict:
            believed.setdefault(ends(seen), set()).add(seen.verdict)
    for verdicts in believed.values():
        assert "accepted" in verdicts
    if kind in {"tls-mitm", "http-rewrite", "http-mend", "sni-delay", "address-delay", "dns-intercept"}:
        assert set().union(*believed.values()) == {"accepted"}, "what is led, changed or held up is all taken"


@pytest.mark.parametrize(("kind", "family", "styled"), ALL)
def test_forged_segments_look_as_their_style_says(kind, family, styled):
    """Flags that a stack sends, no options on what is forged, TTL, identification and the do-not-fragment bit."""
    censor = msgspec.convert(censor_of(kind, styled=styled), Censor)
    looks = {"ttl", "ident"} <= set(CATALOGUE[kind].takes)
    for seen in talked(kind, family, styled).seen:
        read = strangers.packet(seen.raw)
        tcp = read.getlayer("TCP")
        if tcp is not None:
            assert str(tcp.flags) in {"R", "RA", "A", "PA", "FA", "FPA", "S", "SA"}
            assert (tcp.reserved, tcp.urgptr) == (0, 0)
            assert not {"S", "F"} <= set(str(tcp.flags))
            if "R" in str(tcp.flags) and looks and seen.at_client:
                assert bytes(tcp.payload) == bytes.fromhex(censor.reset_payload)
        if looks and not censor.mirror:
            at = HOPS if CATALOGUE[kind].server else AT
            assert p.ttl_of(seen.raw) == censor.ttl - (at if seen.at_client else HOPS - at)
        if looks and family == 4:
            assert (read.id, "DF" in read.flags) == (censor.ident, censor.df)


@pytest.mark.parametrize(("family", "styled"), [(4, False), (4, True), (6, False), (6, True)])
@pytest.mark.parametrize("kind", [kind for kind in sorted(RULES) if CATALOGUE[kind].layer == "dns"])
def test_forged_answers_are_answers(kind, family, styled):
    """Of the id and the question that were asked, by dnspython's own measure; only as many as are wanted."""
    message = strangers.quietly("dns.message")
    given = {port: [] for port in questions()}
    for seen in talked(kind, family, styled).seen:
        said = p.parse(seen.raw)
        if seen.at_client and said.protocol == p.UDP and said.sport == 53:
            given[said.dport].append(message.from_wire(said.payload))
    for port, query in questions().items():
        for answer in given[port]:
            assert query.is_response(answer)
            assert all(record.rdtype == query.question[0].rdtype for record in answer.answer)
            assert all(record.name == query.question[0].name for record in answer.answer)
    counts = {len(answers) for answers in given.values()}
    if CATALOGUE[kind].in_path or kind == "dns-encrypted":
        assert counts == ({1} if kind == "dns-intercept" else {0})
    else:
        assert counts <= {1, 2, 3}
        assert 0 not in counts


WORDS = {
    "block-page": lambda status: (status, NOTICE),
    "http-forged": lambda status: (status, None),
    "http-redirect": lambda _: (302, b""),
    "portal": lambda _: (302, b""),
}


@pytest.mark.parametrize(("family", "styled"), [(4, False), (4, True), (6, False), (6, True)])
@pytest.mark.parametrize("kind", [*WORDS, "sni-alert", "ech-alert"])
def test_last_words_parse(kind, family, styled):
    """What the client has heard when the connection ends is one whole response, or one alert."""
    talk, censor = talked(kind, family, styled), msgspec.convert(censor_of(kind, styled=styled), Censor)
    port = 80 if kind in WORDS else 443
    mine = [each for (at_client, _, far), each in talk.connections.items() if at_client and far[1] == port]
    assert mine[0].state == "ended"
    for connection in mine:
        if connection.state == "reset":  # residual blocking: the second time there are no words
            assert censor.residual_s
            continue
        if kind not in WORDS:
            assert strangers.alert(connection.heard) == (2, censor.alert)
            continue
        status, headers, body = strangers.http_response(connection.heard)
        wanted, page = WORDS[kind](censor.status)
        assert status == wanted
        assert int(headers["Content-Length"]) == len(body)
        assert page is None or body == page
        assert headers.get("Location") == (censor.location or None)


@pytest.mark.parametrize("styled", [False, True])
@pytest.mark.parametrize("family", [4, 6])
def test_an_icmp_refusal_quotes_what_it_refuses(family, styled):
    """The packet as the client sent it, TTL apart, as much as the RFC allows, from a router, to the client."""
    talk = talked("address-prohibited", family, styled)
    quotes = [quoted(seen.raw, family, (3, 13) if family == 4 else (1, 1)) for seen in talk.seen]
    assert quotes
    for quote in quotes:
        whole = next(raw for sent, raw in talk.sent.items() if sent.startswith(p.with_ttl(quote, 1)))
        assert p.ttl_of(quote) == 64 - AT, "as it is at the third hop"
        assert len(quote) == min(len(whole), 548 if family == 4 else 1232)


def quoted(raw, family, what):
    """The quote of an ICMP error of this type and code, as scapy finds it."""
    read = strangers.packet(raw)
    error = read.payload
    assert (error.type, error.code) == what
    assert read.dst == OURS[family]
    assert "in ICMP" in error.payload.name
    return raw[(20 if family == 4 else 40) + 8 :]


@pytest.mark.parametrize("size", [0, 200, 1300])
@pytest.mark.parametrize("protocol", ["udp", "tcp"])
@pytest.mark.parametrize("family", [4, 6])
def test_a_router_at_which_the_ttl_ran_out_quotes_the_packet(family, protocol, size):
    """With the TTL that it had there (1), as much as the RFC allows; checksums of both are right."""
    kind = socket.AF_INET if family == 4 else socket.AF_INET6
    client, server = (socket.inet_pton(kind, address[family]) for address in (OURS, SERVER))
    talk = Talk(parse_scenario('name = "x"'), answers=None, resolve=None)
    for ttl in range(1, HOPS + 1):
        ends = (client, 40000), (server, 80)
        raw = (
            p.udp(*ends, bytes(size))
            if protocol == "udp"
            else p.tcp(*ends, seq=1, ack=0, flags=2, payload=bytes(size))
        )
        talk.at(float(ttl), p.with_ttl(raw, ttl), from_client=True)
    answers = talk.run().arrived[True]
    assert len(answers) == HOPS
    for number, answer in enumerate(answers, 1):
        quote = quoted(answer, family, (11, 0) if family == 4 else (3, 0))
        assert quote == p.with_ttl(raw, 1)[: 548 if family == 4 else 1232]
        assert p.ttl_of(answer) == 64 - (number - 1)


@pytest.mark.parametrize("family", [4, 6])
def test_without_a_censor_nothing_is_forged_and_all_is_well_formed(family):
    """The twin of all of the above: every packet of the conversation, aged, and nobody's."""
    talk = conversation(family)
    assert talk.seen == []
    assert talk.truth.events == []
    assert {each.state for each in talk.connections.values()} == {"open"}
    assert all(each.heard == (PAGE if far[1] == 80 else bytes(25000))
               for (at_client, _, far), each in talk.connections.items() if at_client)  # fmt: skip
    for raw in (*talk.arrived[True][::40], *talk.arrived[False][::40]):
        strangers.packet(raw)


UNSTEADY = {"misses": 0.4, "flows": 0.7}


def test_equal_seeds_act_equally():
    """Every kind at once, each missing some of its hits, on a line with loss: byte for byte, and at the same times.

    Another seed acts otherwise. With kernels at the ends their ports and times differ, and with them what is missed.
    """
    censors = [censor_of(kind, styled=False) | UNSTEADY for kind in sorted(RULES) if not RULES[kind].server]
    one, same, other = (conversation(4, *censors, seed=seed, path="loss = 0.1\nburst = 2.0") for seed in (7, 7, 8))
    assert one.truth.events
    assert (one.truth.events, one.seen, one.arrived) == (same.truth.events, same.seen, same.arrived)
    assert one.truth.events != other.truth.events


@pytest.mark.parametrize("kind", sorted(RESOLVER_KINDS))
def test_a_lying_resolver_answers_what_was_asked(kind):
    """By dnspython's own measure; or it says nothing."""
    needed = {group[0]: NEEDED[group[0]] for group in CATALOGUE[kind].needs}
    scenario = parse_scenario('name = "x"')
    censor = msgspec.convert({"kind": kind, **needed}, Censor)
    zone = Zone(msgspec.structs.replace(scenario, censor=(censor,)), Truth(), frozenset({CLIENT}))
    for query in questions().values():
        said = zone.answer(query.to_wire(), CLIENT, isp=True)
        if said is None:
            assert "timeout" in CATALOGUE[kind].mechanisms[0]
        else:
            assert query.is_response(strangers.quietly("dns.message").from_wire(said))


@pytest.mark.parametrize("version", [1, 2])
def test_a_stranger_s_hello_is_read_in_quic_and_in_tls(version):
    """A name in aioquic's Initials silences them, of the versions that this censor reads; tlslite-ng's hello is read."""
    censor = {"kind": "quic-sni-drop", "names": [NAME], "versions": [version]}
    talk = conversation(4, censor)
    assert [event["what"] for event in talk.truth.events] == [NAME]
    arrived = {p.parse(raw).sport for raw in talk.arrived[False] if p.parse(raw).dport == 443}
    assert {40003, 40004} - arrived == {40002 + version}
    message, _ = handshake(strangers.hello(NAME))
    assert read(message).name == NAME


@pytest.mark.parametrize("at", [2, 10, 24, 36])
def test_the_strangers_see_a_wrong_byte(at):
    """A length, a checksum, a port: what is changed behind its checksum's back is found."""
    raw = p.tcp((bytes(4), 1), (bytes(4), 2), seq=1, ack=2, flags=p.ACK, payload=b"payload")
    strangers.packet(raw)
    with pytest.raises(AssertionError):
        strangers.packet(raw[:at] + bytes((raw[at] ^ 1,)) + raw[at + 1 :])
