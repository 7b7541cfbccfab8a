"""The Fetch verb over QUIC, on loopback."""

import asyncio
import os

import pytest
from aioquic.h3.connection import H3Connection
from aioquic.h3.events import HeadersReceived

from hushmap.model import Ask, Failure, Handshake, Layer, Transport
from hushmap.net import Clock, Limits, Net, Own
from hushmap.net import quic as quic_room
from quicserver import Peer, configuration, serving

PAGE = b"<title>Here</title>" + b"word " * 2000


def answering(act):
    """A server that does `act(h3, stream, peer, end)` with each request."""
    sessions = {}

    def on_event(peer, end, event):
        if id(end) not in sessions:
            sessions[id(end)] = H3Connection(end)
        h3 = sessions[id(end)]
        for found in h3.handle_event(event):
            if isinstance(found, HeadersReceived):
                act(h3, found.stream_id, peer, end)

    return on_event


def ask(pki, act, *, path="/", limits=None, **more):
    """The steps of one page load from such a server."""

    async def go():
        peer = Peer(configuration(pki, "a.example"), on_event=answering(act))
        async with serving(peer) as port:
            net = Net(Clock(), roots=str(pki.roots), own=Own(), limits=limits or Limits(dwell=0.02))
            page = Ask(
                layer=Layer.HTTP,
                transport=Transport.QUIC,
                address="127.0.0.1",
                port=port,
                url=f"https://a.example:{port}{path}",
                sni="a.example",
                **more,
            )
            out = await net.ask(page)
            assert out.undone is None, out.detail
            return out.steps

    return asyncio.run(go())


def whole(h3, stream, peer, end):
    """The page."""
    h3.send_headers(stream, [(b":status", b"200"), (b"server", b"here"), (b"alt-svc", b'h3=":443"')])
    h3.send_data(stream, PAGE, True)


def test_a_page_has_the_facts_of_any_page(pki):
    """Handshake in datagrams, then status, title, headers, body and its arrival."""
    hello, fetch = ask(pki, whole)
    assert isinstance(hello, Handshake)
    assert (hello.transport, hello.valid) == (Transport.QUIC, True)
    assert (fetch.failure, fetch.protocol) == (None, "h3")
    assert (fetch.page.status, fetch.page.title, fetch.page.server) == (200, "Here", "here")
    assert (fetch.page.body_length, fetch.page.truncated, fetch.page.body) == (len(PAGE), False, None)
    assert fetch.curve
    assert fetch.curve[-1][1] > len(PAGE)


def test_a_server_that_resets_the_stream_did_it_itself(pki):
    """Inside its own keys nobody else can."""
    _, fetch = ask(pki, lambda h3, stream, peer, end: end.reset_stream(stream, 0x10B))
    assert (fetch.failure, fetch.detail, fetch.page) == (Failure.HTTP_INVALID, "h3 reset 0x10b", None)


def test_a_server_that_closes_ended_it_early(pki):
    """Before the answer and within the body."""
    _, fetch = ask(pki, lambda h3, stream, peer, end: end.close(0x102))
    assert (fetch.failure, fetch.page) == (Failure.EOF, None)

    def cut(h3, stream, peer, end):
        h3.send_headers(stream, [(b":status", b"200")])
        h3.send_data(stream, b"abc", False)
        peer.send(end)
        end.close(0x100)

    _, fetch = ask(pki, cut)
    assert (fetch.failure, fetch.page.body_length, fetch.page.truncated) == (Failure.EOF, 3, True)


def test_a_server_that_falls_silent_is_a_time_out(pki):
    """The handshake was done, the answer never comes."""

    def deaf(h3, stream, peer, end):
        peer.deaf_from = 0

    _, fetch = ask(pki, deaf, limits=Limits(dwell=0.02, fetch=0.2))
    assert (fetch.failure, fetch.page) == (Failure.TIMEOUT, None)


def test_a_stateless_reset_ends_the_exchange(pki):
    """The server lost its state."""

    def lose(h3, stream, peer, end):
        token = end._host_cids[0].stateless_reset_token
        for place in peer.ends:
            peer.transport.sendto(b"\x40" + os.urandom(30) + token, place)
        peer.deaf_from = 0

    _, fetch = ask(pki, lose)
    assert (fetch.failure, fetch.detail) == (Failure.RESET, "stateless reset")


def test_a_flood_ends_the_exchange(pki, monkeypatch):
    """Noise without end is no censor."""
    monkeypatch.setattr(quic_room, "DATAGRAMS", 60)

    def flood(h3, stream, peer, end):
        for place in peer.ends:
            for _ in range(100):
                peer.transport.sendto(b"\x40" + os.urandom(40), place)
        peer.deaf_from = 0

    _, fetch = ask(pki, flood)
    assert (fetch.failure, fetch.detail) == (Failure.HTTP_INVALID, "a flood of datagrams")


def test_plain_http_has_no_quic(pki):
    """What cannot be asked is undone, not a failure of the network."""

    async def go():
        net = Net(Clock(), roots=str(pki.roots), own=Own())
        asks = [
            Ask(layer=Layer.HTTP, transport=Transport.QUIC, address="127.0.0.1", port=80, url="http://a.example/"),
            Ask(layer=Layer.TCP, transport=Transport.QUIC, address="127.0.0.1", port=80),
        ]
        return [(await net.ask(each)).undone for each in asks]

    assert asyncio.run(go()) == ["bad_ask", "bad_ask"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_handshake_that_failed_has_no_page(pki, method):
    """The certificate is for another name, so nothing is asked of that server."""
    steps = ask(pki, whole, method=method, payload=b"x" if method == "POST" else None, headers=(("Accept", "*/*"),))
    assert steps[-1].page.status == 200

    async def go():
        async with serving(Peer(configuration(pki, "b.example"))) as port:
            net = Net(Clock(), roots=str(pki.roots), own=Own(), limits=Limits(dwell=0.02))
            url = f"https://a.example:{port}/"
            page = Ask(
                layer=Layer.HTTP, transport=Transport.QUIC, address="127.0.0.1", port=port, url=url, sni="a.example"
            )
            return (await net.ask(page)).steps

    (hello,) = asyncio.run(go())
    assert hello.failure is Failure.INVALID_HOSTNAME
