"""Helpers of ill will: whoever holds the pinned key may still say anything."""

import asyncio
import itertools
import ssl

import pytest

from attackers import GRACE, SHARE, attacking, costing, held
from hushmap.model import Ask, Layer
from hushmap.net import Clock, Limits, Own, pin_of
from hushmap.net.helper import HelperClient
from hushmap.net.resolve import Resolver
from hushmap.net.trust import Trust
from hushmap.wire.helper import HelperSpec

ASK = Ask(layer=Layer.TCP, address="198.51.100.1", port=443)
NOW = '"now":"2026-11-22T11:00:00Z"'
DEEP = 100_000


def _called(forge, said, *, then=b""):
    """What a client makes of a helper that answers every request with `said`, and then `then` without an end."""
    pem = forge.certificate()
    context = forge.context(pem)
    pin = pin_of(ssl.PEM_cert_to_DER_cert(pem.decode()))

    def serve(connection):
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(65536)
            secure.sendall(said)
            for piece in itertools.repeat(then):
                if not piece:
                    break
                secure.sendall(piece)

    async def go(port):
        clock, limits, own = Clock(), Limits().scaled(SHARE), Own()
        spec = HelperSpec(host="127.0.0.1", port=port, token="token-of-the-test", pin=pin)
        client = HelperClient(
            spec, clock=clock, limits=limits, own=own, resolver=Resolver(clock, limits, own), trust=Trust()
        )
        with costing() as cost:
            reply = await client.call((ASK,))
        return reply, cost

    with attacking(serve) as port:
        reply, cost = asyncio.run(go(port))
    held(cost, 3 * (Limits().helper + Limits().connect + Limits().handshake) + GRACE)
    return reply


def _http(body):
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


SAID = {
    "no JSON": "<html>",
    "nothing": "",
    "another kind of value": "[1,2]",
    "null": "null",
    "deep nesting": "[" * DEEP,
    "deep nesting in a field that nobody knows": '{"x":' * DEEP,
    "answers without an end": '{"answers":[' + "{}," * 300_000 + "{}]," + NOW + "}",
    "steps without an end": '{"answers":[{"steps":[' + '{"step":"connect","t0":0,"t":0,"address":"a","port":1},' * 15_000,
    "words without an end": '{"answers":[{"steps":[{"step":"resolve","t0":0,"t":0,"resolver":"a","name":"a","qtype":"A","answers":[{"t":0,"addresses":['
    + '"ab",' * 200_000,
    "a date that is none": '{"answers":[{}],"now":"tomorrow"}',
    "a year that is none": '{"answers":[{}],"now":"0000-00-00T00:00:00Z"}',
    "numbers that are none": '{"answers":[{"steps":[{"step":"connect","t0":1e999,"t":-1e999,"address":"a","port":1}]}],' + NOW + "}",
    "a port of 400 digits": '{"answers":[{"steps":[{"step":"connect","t0":0,"t":0,"address":"a","port":' + "9" * 400 + "}]}]," + NOW + "}",
    "half a character": '{"answers":[{"undone":"\\ud800"}],' + NOW + "}",
    "a step of no kind": '{"answers":[{"steps":[{"step":"shell","t0":0,"t":0}]}],' + NOW + "}",
    "too many answers": '{"answers":[{},{}],' + NOW + "}",
    "too few answers": '{"answers":[],' + NOW + "}",
}  # fmt: skip


@pytest.mark.parametrize("what", SAID)
def test_a_reply_that_makes_no_sense_is_no_evidence(forge, what):
    """It is a reason why the ask stayed undone; nothing of it enters a record."""
    reply = _called(forge, _http(SAID[what].encode()))
    assert reply.answers == ()
    assert (reply.undone or "").startswith("helper_"), reply
    assert len(reply.detail or "") <= 300


ENDLESS = {
    "body": (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536),
    "header": (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 4096),
    "provisional answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 4096),
    "white space": (b"HTTP/1.1 200 OK\r\n\r\n", b" " * 65536),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_a_reply_without_an_end_is_a_silent_helper(forge, what):
    """Bounded in bytes, and no part of it is taken for the whole."""
    said, then = ENDLESS[what]
    reply = _called(forge, said, then=then)
    assert (reply.answers, reply.undone) == ((), "helper_silent"), reply
