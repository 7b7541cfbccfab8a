"""Lookups over QUIC, on loopback."""

import asyncio
import struct

import pytest
from aioquic.quic.events import StreamDataReceived

from hushmap.model import Ask, Failure, Handshake, Layer, Resolve, Transport
from hushmap.net import Clock, Limits, Net, Own
from hushmap.net import quic as quic_room
from hushmap.wire import dns
from quicserver import Peer, configuration, serving

QUICK = Limits(dwell=0.02, exchange=0.5)


def framed(message):
    """A message as a stream has it."""
    return struct.pack("!H", len(message)) + message


def good(query):
    """What an honest resolver says."""
    return framed(dns.reply(query, ["192.0.2.1", "2001:db8::1"]))


def ask(pki, act, *, qtype="A", limits=QUICK, seen=None, **leaf):
    """What becomes of a lookup; `act(end, stream, query, peer)` is what the server does with a question."""

    def on_event(peer, end, event):
        if isinstance(event, StreamDataReceived) and event.data:
            if seen is not None:
                seen.append(event)
            act(end, event.stream_id, event.data[2:], peer)

    async def go():
        async with serving(Peer(configuration(pki, "dns.example", alpn=("doq",), **leaf), on_event=on_event)) as port:
            net = Net(Clock(), roots=str(pki.roots), own=Own(), limits=limits)
            resolver = f"quic://dns.example:{port}#127.0.0.1"
            return (await net.ask(Ask(layer=Layer.DNS, name="a.example", qtype=qtype, resolver=resolver))).steps

    return asyncio.run(go())


def says(make):
    """A server that sends what `make(query)` gives, and ends the stream."""
    return lambda end, stream, query, peer: end.send_stream_data(stream, make(query), end_stream=True)


def test_over_quic_there_is_no_connect(pki):
    """Handshake in datagrams, then Resolve; the id is 0, the question padded, its stream ended behind it."""
    seen = []
    hello, resolve = ask(pki, says(good), seen=seen)
    assert (type(hello), hello.transport, hello.alpn, hello.valid) == (Handshake, Transport.QUIC, "doq", True)
    assert (type(resolve), resolve.failure, resolve.addresses) == (Resolve, None, ("192.0.2.1",))
    (event,) = seen
    assert (event.data[:4], len(event.data), event.end_stream) == (b"\x00\x80\x00\x00", 130, True)


def test_both_families_are_two_connections(pki):
    """Each question has its own."""
    steps = ask(pki, says(good), qtype="A+AAAA")
    assert [step.addresses for step in steps if isinstance(step, Resolve)] == [("192.0.2.1",), ("2001:db8::1",)]


def test_who_shows_no_certificate_that_holds_is_not_asked(pki):
    """The strict profile, over QUIC as over TCP."""
    seen = []
    (hello,) = ask(pki, says(good), days=-0.5, seen=seen)
    assert (hello.failure, seen) == (Failure.INVALID_CERTIFICATE, [])


@pytest.mark.parametrize(
    ("make", "failure"),
    [
        (lambda _: b"", Failure.DNS_MISBEHAVING),
        (lambda _: b"\x00", Failure.DNS_MISBEHAVING),
        (lambda query: good(query)[:-3], Failure.DNS_MISBEHAVING),
        (lambda _: framed(b"<html>"), Failure.DNS_MISBEHAVING),
        (lambda query: framed(dns.reply(b"\x00\x07" + query[2:], ["192.0.2.1"])), Failure.DNS_MISBEHAVING),
        (lambda query: framed(dns.reply(query, [], rcode=5)), Failure.DNS_REFUSED),
    ],
)
def test_what_is_no_answer_is_a_failed_lookup(pki, make, failure):
    """The server spoke, and what it said is the failure of the last step."""
    steps = ask(pki, says(make))
    assert [step.failure for step in steps] == [None, failure]


def test_an_answer_in_pieces_without_an_end_is_an_answer(pki):
    """Its length says where it ends."""

    def drip(end, stream, query, peer):
        data = good(query)
        for at in range(0, len(data), 7):
            end.send_stream_data(stream, data[at : at + 7])
            peer.send(end)

    assert ask(pki, drip)[1].addresses == ("192.0.2.1",)


def test_how_a_question_ends_without_an_answer(pki, monkeypatch):
    """The server resets the stream, closes the connection, resets it, says nothing, or floods."""

    def reset(end, stream, query, peer):
        end.reset_stream(stream, 2)

    def close(end, stream, query, peer):
        end.close(error_code=3)

    def stateless(end, stream, query, peer):
        token = end._host_cids[0].stateless_reset_token
        place = next(place for place, one in peer.ends.items() if one is end)
        peer.transport.sendto(b"\x40" + bytes(40) + token, place)

    def silent(end, stream, query, peer):
        peer.deaf_from = 0

    def flood(end, stream, query, peer):
        monkeypatch.setattr(quic_room, "DATAGRAMS", 1)

    found = [ask(pki, act)[-1] for act in (reset, close, stateless, silent, flood)]
    assert [(step.failure, step.detail) for step in found] == [
        (Failure.DNS_MISBEHAVING, None),
        (Failure.EOF, "doq 0x3"),
        (Failure.RESET, "stateless reset"),
        (Failure.TIMEOUT, None),
        (Failure.DNS_MISBEHAVING, "a flood of datagrams"),
    ]
    assert all(isinstance(step, Resolve) for step in found)
