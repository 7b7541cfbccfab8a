"""Lookups inside TLS: honest servers, hostile ones and broken ones, on loopback."""

import asyncio
import socket
import struct

import h2.config
import h2.connection
import h2.events
import pytest

from hushmap.model import Answer, Ask, Connect, Failure, Fetch, Handshake, Layer, Resolve
from hushmap.net import Clock, Limits, Net, Own
from hushmap.wire import dns, http

NAME = "a.example"
GOOD = ("192.0.2.1", "2001:db8::1")


def reply_to(query, addresses=GOOD):
    """What an honest resolver says."""
    return dns.reply(query, addresses)


def over_tls(answer, seen=None):
    """A server of DNS over TLS: each message is answered by `answer(query)`, bytes as they are sent."""

    async def serve(reader, writer):
        while True:
            try:
                size = int.from_bytes(await reader.readexactly(2), "big")
                query = await reader.readexactly(size)
            except asyncio.IncompleteReadError:
                return
            if seen is not None:
                seen.append(query)
            said = answer(query)
            if said is None:
                return
            writer.write(said)
            await writer.drain()

    return serve


def framed(message):
    """A message as a stream has it."""
    return struct.pack("!H", len(message)) + message


def over_https(answer, seen=None):
    """A server of DNS over HTTPS: `answer(query)` gives status and body."""

    async def serve(reader, writer):
        found = http.RequestReader()
        while not found.done:
            found.feed(await reader.read(65536) or b"")
        if seen is not None:
            seen.append(found.request)
        status, body = answer(found.request.body)
        writer.write(http.response_bytes(status, [("Content-Type", "application/dns-message")], body))
        await writer.drain()

    return serve


def ask(listening, pki, handler, resolver, *, names=("dns.example",), limits=None, qtype="A", **more):
    """What becomes of a lookup at a server; `{port}` in `resolver` is its port."""

    async def go():
        context = pki.context(*names, **more)
        async with listening(handler, context) as port:
            net = Net(Clock(), roots=str(pki.roots), own=Own(), limits=limits)
            return await net.ask(Ask(layer=Layer.DNS, name=NAME, qtype=qtype, resolver=resolver.format(port=port)))

    return asyncio.run(go())


DOT = "tls://dns.example:{port}#127.0.0.1"
DOH = "https://dns.example:{port}/dns-query#127.0.0.1"


def test_over_tls_every_act_is_a_step(listening, pki):
    """Connect, Handshake, Resolve; the question is padded, and the server's name is in the hello."""
    seen = []
    outcome = ask(listening, pki, over_tls(lambda query: framed(reply_to(query)), seen), DOT)
    assert [type(step) for step in outcome.steps] == [Connect, Handshake, Resolve]
    _, hello, resolve = outcome.steps
    assert (hello.sni, hello.valid, resolve.failure, resolve.addresses) == ("dns.example", True, None, ("192.0.2.1",))
    assert resolve.resolver.startswith("tls://dns.example:")
    assert [len(query) for query in seen] == [128]
    assert resolve.t0 <= resolve.answers[0].t <= resolve.t


def test_over_https_a_fetch_carries_the_question(listening, pki):
    """Connect, Handshake, Fetch, Resolve: a POST of the message, whose id is 0 (RFC 8484 section 4.1)."""
    seen = []
    outcome = ask(listening, pki, over_https(lambda query: (200, reply_to(query)), seen), DOH)
    assert [type(step) for step in outcome.steps] == [Connect, Handshake, Fetch, Resolve]
    assert (outcome.steps[2].page.status, outcome.steps[3].addresses) == (200, ("192.0.2.1",))
    (request,) = seen
    assert (request.method, request.target, request.body[:2]) == ("POST", "/dns-query", b"\0\0")
    assert request.header("content-type") == request.header("accept") == "application/dns-message"


def test_over_https_a_server_that_chooses_http_2_is_asked_in_it(listening, pki):
    """Some answer nothing less (RFC 8484 section 5.2); the fields and the message are the same."""
    seen = []

    async def serve(reader, writer):
        server = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        server.initiate_connection()
        writer.write(server.data_to_send())
        query = b""
        while data := await reader.read(65536):
            for event in server.receive_data(data):
                seen.append(event)
                query += event.data if isinstance(event, h2.events.DataReceived) else b""
                if isinstance(event, h2.events.StreamEnded):
                    server.send_headers(1, [(":status", "200"), ("content-type", "application/dns-message")])
                    server.send_data(1, reply_to(query), end_stream=True)
            writer.write(server.data_to_send())

    context = pki.context("dns.example", cn="h2")
    context.set_alpn_protocols(["h2"])
    outcome = ask(listening, pki, serve, DOH, cn="h2")
    assert (outcome.steps[1].alpn, outcome.steps[2].protocol) == ("h2", "h2")
    assert outcome.steps[3].addresses == ("192.0.2.1",)
    (head,) = [event for event in seen if isinstance(event, h2.events.RequestReceived)]
    assert dict(head.headers)[b":path"] == b"/dns-query"
    assert dict(head.headers)[b"content-type"] == b"application/dns-message"


@pytest.mark.parametrize("resolver", [DOT, DOH])
def test_both_families_are_two_questions(listening, pki, resolver):
    """Each question has its own connection, and its own steps."""
    serve = over_tls(lambda query: framed(reply_to(query)))
    if resolver is DOH:
        serve = over_https(lambda query: (200, reply_to(query)))
    outcome = ask(listening, pki, serve, resolver, qtype="A+AAAA")
    found = [step for step in outcome.steps if isinstance(step, Resolve)]
    assert [step.addresses for step in found] == [("192.0.2.1",), ("2001:db8::1",)]
    assert sum(isinstance(step, Handshake) for step in outcome.steps) == 2


def test_a_resolver_known_by_its_address_needs_a_certificate_for_it(listening, pki):
    """No name is sent, and the certificate must hold for the address."""
    serve = over_tls(lambda query: framed(reply_to(query)))
    good = ask(listening, pki, serve, "tls://127.0.0.1:{port}", ip="127.0.0.1")
    bad = ask(listening, pki, serve, "tls://127.0.0.1:{port}")
    assert (good.steps[1].sni, good.steps[1].valid, good.steps[2].addresses) == (None, True, ("192.0.2.1",))
    assert [step.failure for step in bad.steps] == [None, Failure.INVALID_HOSTNAME]


@pytest.mark.parametrize(
    ("how", "failure"),
    [({"days": -0.5}, Failure.INVALID_CERTIFICATE), ({"self_signed": True}, Failure.UNKNOWN_AUTHORITY)],
)
@pytest.mark.parametrize("resolver", [DOT, DOH])
def test_who_shows_no_certificate_that_holds_is_not_asked(listening, pki, resolver, how, failure):
    """The strict profile: the handshake fails, and no question is sent."""
    seen = []
    outcome = ask(listening, pki, over_tls(lambda _: None, seen), resolver, **how)
    assert [step.failure for step in outcome.steps] == [None, failure]
    assert not seen


def test_a_closed_port_is_a_failed_connect(net):
    """A step like any other, and none after it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    outcome = asyncio.run(net.ask(Ask(layer=Layer.DNS, name=NAME, resolver=DOT.format(port=port))))
    assert [(type(step), step.failure) for step in outcome.steps] == [(Connect, Failure.REFUSED)]


OTHER = dns.reply(dns.query("b.example", "A", 7), ["192.0.2.66"])
MANY = dns.query(NAME, "A", 0)[12:]


def crowd(query):
    """An answer that fills its message with addresses."""
    head = query[:2] + struct.pack("!5H", 0x8180, 1, 4000, 0, 0)
    return head + MANY + b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc0\x00\x02\x01" * 4000


def loop(query):
    """An answer whose record's name points at itself."""
    return query[:2] + struct.pack("!5H", 0x8180, 1, 1, 0, 0) + MANY + struct.pack("!H", 0xC000 | 12 + len(MANY))


HOSTILE = {
    "a name that points at itself": (loop, Failure.DNS_MISBEHAVING),
    "another question's answer": (lambda _: OTHER, Failure.DNS_MISBEHAVING),
    "our own question": (lambda query: query, Failure.DNS_MISBEHAVING),
    "half an answer": (lambda query: reply_to(query)[:-3], Failure.DNS_MISBEHAVING),
    "no bytes": (lambda _: b"", Failure.DNS_MISBEHAVING),
    "a page": (lambda _: b"<html>sign in</html>", Failure.DNS_MISBEHAVING),
    "no such name": (lambda query: dns.reply(query, [], rcode=3), Failure.NXDOMAIN),
    "a refusal": (lambda query: dns.reply(query, [], rcode=5), Failure.DNS_REFUSED),
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("resolver", [DOT, DOH])
def test_what_is_no_answer_is_a_failed_lookup(listening, pki, resolver, what):
    """Over either: the server spoke, and what it said is the failure of the last step."""
    say, failure = HOSTILE[what]
    serve = over_https(lambda query: (200, say(query))) if resolver is DOH else over_tls(lambda q: framed(say(q)))
    outcome = ask(listening, pki, serve, resolver)
    assert isinstance(outcome.steps[-1], Resolve)
    assert [step.failure for step in outcome.steps] == [*[None] * (len(outcome.steps) - 1), failure]


@pytest.mark.parametrize("resolver", [DOT, DOH])
def test_thousands_of_records_are_bounded(listening, pki, resolver):
    """A whole message of addresses is an answer, and a record keeps as many as a site can have."""
    serve = over_https(lambda query: (200, crowd(query))) if resolver is DOH else over_tls(lambda q: framed(crowd(q)))
    outcome = ask(listening, pki, serve, resolver)
    assert (outcome.steps[-1].failure, len(outcome.steps[-1].addresses)) == (None, 64)


@pytest.mark.parametrize("status", [301, 400, 403, 404, 415, 500])
def test_a_status_that_is_no_success_is_a_failed_lookup(listening, pki, status):
    """Whatever the body is: the status stands in the detail, for people."""
    outcome = ask(listening, pki, over_https(lambda query: (status, reply_to(query))), DOH)
    resolve = outcome.steps[-1]
    assert (resolve.failure, resolve.detail, resolve.answers) == (
        Failure.DNS_MISBEHAVING,
        f"status {status}",
        (),
    )
    assert outcome.steps[-2].page.status == status


def test_a_body_beyond_any_message_is_no_answer(listening, pki):
    """A message has at most 65,535 bytes; more is not read."""
    outcome = ask(listening, pki, over_https(lambda query: (200, reply_to(query) + bytes(200_000))), DOH)
    assert outcome.steps[-2].page.truncated
    assert outcome.steps[-2].page.body_length == 65535


def test_what_is_no_http_is_a_failed_fetch(listening, pki):
    """Then there is no lookup at all: nobody answered a question."""
    outcome = ask(listening, pki, over_tls(lambda query: framed(reply_to(query))), DOH, limits=Limits().scaled(20))
    assert [type(step) for step in outcome.steps] == [Connect, Handshake, Fetch]
    assert outcome.steps[-1].failure is not None


@pytest.mark.parametrize(
    ("said", "failure"), [(None, Failure.EOF), (b"\x00", Failure.TIMEOUT), (b"", Failure.TIMEOUT)]
)
def test_a_server_that_does_not_finish(listening, pki, said, failure):
    """It closes, or sends half a length, or nothing."""
    outcome = ask(listening, pki, over_tls(lambda _: said), DOT, limits=Limits().scaled(20))
    assert [type(step) for step in outcome.steps] == [Connect, Handshake, Resolve]
    assert (outcome.steps[-1].failure, outcome.steps[-1].answers) == (failure, ())


def test_a_broken_record_ends_the_stream(listening, pki):
    """What is no TLS any more is a failure by its own name."""

    async def serve(reader, writer):
        await reader.read(100)
        writer.transport.get_extra_info("socket")._sock.send(b"\x17\x03\x03\x00\x20" + bytes(32))
        await reader.read(100)

    outcome = ask(listening, pki, serve, DOT, limits=Limits().scaled(20))
    assert outcome.steps[-1].failure in {Failure.TLS_FAILED, Failure.TLS_ALERT}


def test_without_an_address_the_name_is_looked_up_first(net, monkeypatch):
    """The system resolver's lookup is the first step; where it fails it is the only one."""
    outcome = asyncio.run(net.ask(Ask(layer=Layer.DNS, name=NAME, resolver="tls://dns.invalid", timeout=1.0)))
    assert [(type(step), step.resolver) for step in outcome.steps] == [(Resolve, "system")]
    assert outcome.steps[0].failure is not None

    async def found(name, qtype, resolver, limit=None):
        answers = (Answer(t=0.0, addresses=("127.0.0.1",)),)
        return Resolve(t0=0.0, t=0.0, resolver=resolver, name=name, qtype=qtype, answers=answers)

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setattr(net._resolver, "resolve", found)
    outcome = asyncio.run(net.ask(Ask(layer=Layer.DNS, name=NAME, resolver=f"tls://dns.example:{port}")))
    assert [type(step) for step in outcome.steps] == [Resolve, Connect]


def test_what_cannot_be_asked_is_undone(net):
    """A guarded address, a TTL, a name that is none: nothing is sent."""
    net._guard = lambda address, port: "port" if port == 853 else None
    refused = asyncio.run(net.ask(Ask(layer=Layer.DNS, name=NAME, resolver="tls://dns.example#127.0.0.1")))
    assert refused.undone == "refused:port"
    hop = asyncio.run(net.ask(Ask(layer=Layer.DNS, name=NAME, resolver="https://dns.example/q#127.0.0.1", ttl=3)))
    assert hop.undone == "bad_ask"
    odd = asyncio.run(net.ask(Ask(layer=Layer.DNS, name="a..example", resolver="https://dns.example/q#127.0.0.1")))
    assert odd.undone == "bad_ask"
