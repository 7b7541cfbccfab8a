"""Asks with a small TTL, through the room's one door, on loopback."""

import asyncio

import pytest

from hushmap.model import Ask, Connect, Failure, Hop, Layer, Transport
from hushmap.net import hop
from hushmap.wire import dns, tls


def one(net, ask):
    """What came of an ask."""
    return asyncio.run(net.ask(ask))


async def served(net, listening, heard, **ask):
    """The steps of an ask to a server that keeps what it hears."""

    async def handler(reader, _writer):
        heard.append(await reader.read(4096))

    async with listening(handler) as port:
        outcome = await net.ask(Ask(address="127.0.0.1", port=port, ttl=9, **ask))
        assert outcome.undone is None
        return outcome.steps


def test_each_layer_says_its_own_first_words_after_a_handshake(net, listening):
    """The ClientHello names the server, the request its host, raw bytes are themselves; a SYN needs no handshake."""
    heard = []
    for ask in (
        {"layer": Layer.TLS, "sni": "news-one.example"},
        {"layer": Layer.HTTP, "url": "https://news-one.example/", "sni": "news-one.example"},
        {"layer": Layer.HTTP, "url": "http://news-one.example/here"},
        {"layer": Layer.RAW, "payload": b"words"},
    ):
        first, second = asyncio.run(served(net, listening, heard, **ask))
        assert isinstance(first, Connect)
        assert isinstance(second, Hop)
        assert (second.reached, second.failure, second.ttl) == (True, Failure.EOF, 9)
    assert [tls.client_hello_sni(data) for data in heard[:2]] == [("ok", "news-one.example")] * 2
    assert heard[2].startswith(b"GET /here HTTP/1.1\r\nHost: news-one.example\r\n")
    assert heard[3] == b"words"
    (only,) = asyncio.run(served(net, listening, [], layer=Layer.TCP))
    assert isinstance(only, Hop)
    assert only.reached


def test_a_question_goes_as_a_datagram_and_so_do_raw_bytes_over_udp(net, answering):
    """One question, one answer; nobody repeats it."""

    async def asked(**ask):
        async with answering(lambda data, _: [data]) as (port, seen):
            if "name" in ask:
                ask["resolver"] = f"udp://127.0.0.1:{port}"
            outcome = await net.ask(Ask(ttl=2, address=None if "name" in ask else "127.0.0.1", port=port, **ask))
            return outcome.steps, seen

    (step,), seen = asyncio.run(asked(layer=Layer.DNS, name="news-one.example"))
    assert dns.question(seen[0])[1] == "news-one.example"
    assert (len(seen), step.reached, step.transport) == (1, True, Transport.UDP)
    (step,), seen = asyncio.run(asked(layer=Layer.RAW, payload=b"words, and more of them", transport=Transport.UDP))
    assert (seen, step.received) == ([b"words, and more of them"], b"words, and m"), (
        "no more is kept than tells what it is"
    )


def test_a_connection_that_fails_is_all_there_is(net):
    """Without a handshake there is no first word."""
    outcome = one(net, Ask(layer=Layer.TLS, address="127.0.0.1", port=9, sni="a.example", ttl=3))
    (step,) = outcome.steps
    assert (type(step), step.failure) == (Connect, Failure.REFUSED)


@pytest.mark.parametrize("ttl", [0, 256])
def test_a_ttl_that_no_packet_has_is_a_bad_ask(net, ttl):
    """1 to 255."""
    assert one(net, Ask(layer=Layer.TCP, address="127.0.0.1", port=9, ttl=ttl)).undone == "bad_ask"


def test_a_name_that_cannot_be_sent_is_a_bad_ask(net, listening):
    """As for a whole handshake."""

    async def asked():
        async with listening(lambda reader, _: reader.read()) as port:
            return await net.ask(Ask(layer=Layer.TLS, address="127.0.0.1", port=port, sni="nul\0.example", ttl=3))

    assert asyncio.run(asked()).undone == "bad_ask"


def test_where_errors_of_routers_are_not_told_it_is_unsupported(net, monkeypatch):
    """Another platform, and QUIC, whose library has the socket."""
    ask = Ask(layer=Layer.TLS, address="127.0.0.1", port=9, sni="a.example", ttl=3, transport=Transport.QUIC)
    assert one(net, ask).undone == "unsupported"
    monkeypatch.setattr(hop, "able", lambda: False)
    assert one(net, Ask(layer=Layer.TCP, address="127.0.0.1", port=9, ttl=3)).undone == "unsupported"
