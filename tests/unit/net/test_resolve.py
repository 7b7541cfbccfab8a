"""The Resolve verb: real datagrams on loopback."""

import asyncio
import socket

import pytest

from hushmap.model import Failure
from hushmap.net import resolve as room
from hushmap.net.clock import Clock
from hushmap.net.limits import Limits
from hushmap.net.mask import Own
from hushmap.net.resolve import Resolver, parse_qtypes, parse_resolver
from hushmap.wire import dns

PATIENT = Limits(dns=5.0, late=0.05, late_suspicious=0.3)


def _resolve(answering, handler, limits=PATIENT, *, host="127.0.0.1", qtype="A", limit=None, times=1):
    async def go():
        async with answering(handler, host) as (port, seen):
            resolver = Resolver(Clock(), limits, Own())
            place = f"udp://[{host}]:{port}" if ":" in host else f"udp://{host}:{port}"
            for _ in range(times):
                step = await resolver.resolve("a.example", qtype, place, limit)
            return step, seen

    return asyncio.run(go())


def _good(query, count):
    return [dns.reply(query, ["198.51.100.1", "2001:db8::1"])]


@pytest.mark.parametrize(
    ("host", "qtype", "address"), [("127.0.0.1", "A", "198.51.100.1"), ("::1", "AAAA", "2001:db8::1")]
)
def test_an_answer_comes_with_its_time_and_ttl(answering, host, qtype, address):
    """Over IPv4 with the TTL, over IPv6 with the hop limit of the datagram."""
    step, seen = _resolve(answering, _good, host=host, qtype=qtype)
    assert (step.failure, step.addresses, step.sent, len(seen)) == (None, (address,), 1, 1)
    assert step.answers[0].ttl == 64
    assert step.t0 <= step.answers[0].t <= step.t


def test_late_and_duplicate_answers_are_kept_apart(answering):
    """Every reply within the wait is an answer of its own, in order; the first is what a program would take."""

    def twice(query, count):
        return [
            dns.reply(query, ["198.51.100.7"]),
            dns.reply(query, ["198.51.100.1"]),
            dns.reply(query, ["198.51.100.1"]),
        ]

    step, _ = _resolve(answering, twice)
    assert [answer.addresses for answer in step.answers] == [("198.51.100.7",), ("198.51.100.1",), ("198.51.100.1",)]
    assert step.addresses == ("198.51.100.7",)
    assert step.t - step.answers[0].t >= PATIENT.late * 0.9


def test_a_suspicious_answer_is_waited_on_for_longer(answering):
    """After a bogon the true answer is given more time."""
    plain, _ = _resolve(answering, _good)
    bogon, _ = _resolve(answering, lambda query, count: [dns.reply(query, ["10.10.34.34"])])
    assert plain.t - plain.answers[0].t < PATIENT.late_suspicious
    assert bogon.t - bogon.answers[0].t >= PATIENT.late_suspicious * 0.9


def test_a_lost_query_is_sent_again(answering):
    """Only the third datagram is answered, and that is enough."""
    step, seen = _resolve(answering, lambda query, count: _good(query, count) if count == 3 else [], limit=0.5)
    assert (step.failure, step.sent, len(seen)) == (None, 3, 3)
    assert len(set(seen)) == 1


def test_silence_is_a_time_out_after_every_send(answering):
    """At least three sends within the time-out, whatever it is."""
    step, seen = _resolve(answering, lambda query, count: [], limit=0.2)
    assert (step.failure, step.answers, step.sent, len(seen)) == (Failure.TIMEOUT, (), 4, 4)
    assert 0.2 <= step.t - step.t0 < 2


@pytest.mark.parametrize(
    ("rcode", "failure"),
    [(2, Failure.SERVFAIL), (3, Failure.NXDOMAIN), (5, Failure.DNS_REFUSED), (0, Failure.NO_ANSWER)],
)
def test_a_negative_answer_is_the_steps_failure(answering, rcode, failure):
    """The first answer decides, and it is kept."""
    step, _ = _resolve(answering, lambda query, count: [dns.reply(query, [], rcode=rcode)])
    assert (step.failure, step.answers[0].failure) == (failure, failure)


def test_junk_and_foreign_replies_are_passed_over(answering):
    """A reply to another question before the true one changes nothing."""

    def mixed(query, count):
        foreign = dns.reply(dns.query("b.example", "A", 1), ["198.51.100.9"])
        return [b"", b"junk", foreign, *_good(query, count)]

    step, _ = _resolve(answering, mixed)
    assert [answer.addresses for answer in step.answers] == [("198.51.100.1",)]


def _free_port(kind):
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def _ask(resolver_text, limits=PATIENT, interface=None, limit=None, qtype="A"):
    async def go():
        resolver = Resolver(Clock(), limits, Own(), interface)
        return await resolver.resolve("a.example", qtype, resolver_text, limit)

    return asyncio.run(go())


def test_a_port_that_nobody_listens_on_refuses():
    """ICMP port unreachable ends the lookup soon, as a refusal."""
    step = _ask(f"udp://127.0.0.1:{_free_port(socket.SOCK_DGRAM)}")
    assert (step.failure, step.detail, step.answers) == (Failure.REFUSED, "ECONNREFUSED", ())
    assert step.t - step.t0 < 2


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_missing_interface_is_a_failure_of_the_step(transport):
    """What this computer cannot do is a value too."""
    step = _ask(f"{transport}://127.0.0.1:53", interface="nosuch0")
    assert step.failure in {Failure.NETWORK_DOWN, Failure.PERMISSION_DENIED}
    assert step.answers == ()


def test_an_address_without_a_route_is_a_failure_of_the_step(monkeypatch):
    """The kernel's word at connect time is kept, and nothing was sent."""

    def refuse(sock, *, ipv6):
        raise OSError(101, "x")

    monkeypatch.setattr(room, "want_ttl", refuse)
    step = _ask("udp://127.0.0.1:53")
    assert (step.failure, step.detail) == (Failure.NETWORK_UNREACHABLE, "ENETUNREACH")


async def _tcp_reply(reader, writer, make):
    size = int.from_bytes(await reader.readexactly(2), "big")
    reply = make(await reader.readexactly(size))
    writer.write(reply[:1])
    await writer.drain()
    writer.write(reply[1:])


def _framed(message):
    return len(message).to_bytes(2, "big") + message


def _tcp(listening, make, limit=None):
    async def go():
        async with listening(lambda reader, writer: _tcp_reply(reader, writer, make)) as port:
            resolver = Resolver(Clock(), PATIENT, Own())
            return await resolver.resolve("a.example", "A", f"tcp://127.0.0.1:{port}", limit)

    return asyncio.run(go())


def test_a_resolver_over_tcp_answers_once(listening):
    """Length-prefixed both ways, read in pieces; no TTL is known."""
    step = _tcp(listening, lambda query: _framed(dns.reply(query, ["198.51.100.1"])))
    assert (step.failure, step.addresses, step.sent) == (None, ("198.51.100.1",), 1)
    assert step.answers[0].ttl is None


def test_a_resolver_over_tcp_can_fail_at_each_point(listening, reset):
    """Refused, closed, reset, silent, and answering something else."""
    refused = _ask(f"tcp://127.0.0.1:{_free_port(socket.SOCK_STREAM)}")
    assert (refused.failure, refused.detail) == (Failure.REFUSED, "connect: ECONNREFUSED")
    closed = _tcp(listening, lambda query: b"\x00\x50half")
    assert closed.failure is Failure.EOF
    foreign = _tcp(listening, lambda query: _framed(b"xx" if query[:2] != b"xx" else b"yy"))
    assert (foreign.failure, foreign.answers) == (Failure.DNS_MISBEHAVING, ())

    async def go(handler, limit):
        async with listening(handler) as port:
            resolver = Resolver(Clock(), PATIENT, Own())
            return await resolver.resolve("a.example", "A", f"tcp://127.0.0.1:{port}", limit)

    async def cut(reader, writer):
        await reader.read(100)
        reset(writer)

    async def mute(reader, writer):
        await reader.read()

    assert asyncio.run(go(cut, None)).failure is Failure.RESET
    assert asyncio.run(go(mute, 0.1)).failure is Failure.TIMEOUT


def test_a_full_backlog_is_a_time_out_of_the_lookup(monkeypatch):
    """A connection that never stands leaves no answer and no errno."""

    async def silent(*place, **how):
        return room.Resolve(t0=0, t=0, failure=Failure.TIMEOUT, resolver="", name="", qtype=""), None

    monkeypatch.setattr(room, "connect", silent)
    step = _ask("tcp://127.0.0.1:53")
    assert (step.failure, step.detail) == (Failure.TIMEOUT, "connect")


def test_the_system_resolver_is_asked_by_its_name(monkeypatch):
    """`system` goes to getaddrinfo, with the A-label form of the name."""
    seen = []

    async def fake(name, asked, qtype, *, clock, limit):
        seen.append((name, asked, qtype, limit))

    monkeypatch.setattr(room, "look_up", fake)
    asyncio.run(Resolver(Clock(), PATIENT, Own()).resolve("Bücher.example", "A", "system"))
    asyncio.run(Resolver(Clock(), PATIENT, Own()).resolve("a.example", "AAAA", "system", 3.0))
    assert seen == [
        ("Bücher.example", "xn--bcher-kva.example", "A", PATIENT.system),
        ("a.example", "a.example", "AAAA", 3.0),
    ]


def test_the_system_resolver_knows_only_addresses():
    """The call behind it cannot be asked for other records."""
    with pytest.raises(ValueError, match="A or AAAA"):
        _ask("system", qtype="CNAME")


def test_where_reads_a_resolver():
    """Transport, address without brackets, port."""
    assert parse_resolver("system").transport == "system"
    udp, tcp = parse_resolver("udp://192.0.2.53:53"), parse_resolver("tcp://[2001:DB8::53]:5353")
    assert (udp.transport, udp.address, udp.port) == ("udp", "192.0.2.53", 53)
    assert (tcp.transport, tcp.address, tcp.port) == ("tcp", "2001:db8::53", 5353)


WRONG = [
    None,
    "",
    "udp://192.0.2.53",
    "udp://a.example:53",
    "dot://192.0.2.53:853",
    "udp://999.0.2.53:53",
    "udp://192.0.2.53:0",
    "tcp://192.0.2.53:70000",
]


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_resolver_is_a_value_error(text):
    """One line, before anything is sent."""
    with pytest.raises(ValueError, match=r"is none|no IPv4 address|no number"):
        parse_resolver(text)


def test_an_ask_names_one_query_type_or_two():
    """Two joined by + are asked side by side; three, or one twice, are a fault of the ask."""
    assert (parse_qtypes("A"), parse_qtypes("A+AAAA")) == (("A",), ("A", "AAAA"))
    for text in ("A+A", "A+AAAA+HTTPS"):
        with pytest.raises(ValueError, match="no query type"):
            parse_qtypes(text)
