"""The way to a helper: whose word counts, and how an exchange can end."""

import asyncio

import pytest

from hushmap.model import is_address
from hushmap.net.clock import Clock
from hushmap.net.limits import Limits
from hushmap.net.line import Line
from hushmap.net.mask import Own
from hushmap.net.resolve import Resolver
from hushmap.net.trust import Trust

DATA = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"


def _line(pki, port, host, *, accept=None, addresses=("127.0.0.1",)):
    clock, limits, own = Clock(), Limits(), Own()
    resolver = Resolver(clock, limits, own)

    async def resolve(name, qtype, where):
        return type("Step", (), {"addresses": addresses if qtype == "A" else ()})()

    resolver.resolve = resolve
    trust = Trust(str(pki.roots))
    return Line(host, port, clock=clock, limits=limits, own=own, resolver=resolver, trust=trust, accept=accept)


def _saying(data):
    async def handler(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(data)
        await writer.drain()

    return handler


def _exchange(
    pki, listening, data, *, host="helper.example", names=("helper.example",), accept=None, limit=5.0, ip=None
):
    async def go():
        async with listening(_saying(data), pki.context(*names, ip=ip)) as port:
            line = _line(pki, port, host, accept=accept)
            channel, trouble = await line.open()
            if channel is None:
                return None, trouble
            try:
                return await line.exchange(channel, DATA, limit=limit, body_limit=100)
            finally:
                channel.close()

    return asyncio.run(go())


@pytest.mark.parametrize("host", ["helper.example", "127.0.0.1"])
def test_a_certificate_that_holds_is_the_helper(pki, listening, host):
    """For its name, or for its address."""
    response = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    reader, trouble = _exchange(pki, listening, response, host=host, names=("helper.example",), ip="127.0.0.1")
    assert (reader.status, reader.body, trouble) == (200, b"ok", None)


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
def test_a_certificate_of_another_is_not(pki, listening, host):
    """Nothing is sent."""
    reader, trouble = _exchange(pki, listening, b"", host=host)
    assert (reader, trouble) == (None, "handshake: ssl_invalid_hostname")


def test_who_pins_a_key_asks_for_no_certificate(pki, listening):
    """The caller's word decides, also against."""
    response = b"HTTP/1.1 204 No\r\n\r\n"
    reader, _ = _exchange(pki, listening, response, names=("other.example",), accept=lambda channel: True)
    assert reader.status == 204
    assert _exchange(pki, listening, response, accept=lambda channel: False) == (None, "pin")


ENDS = [
    (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "eof_error"),
    (b"", "eof_error"),
    (b"junk\r\n\r\n", "http_invalid_response"),
]


@pytest.mark.parametrize(("data", "trouble"), ENDS)
def test_half_an_answer_is_none(pki, listening, data, trouble):
    """Cut short, nothing at all, or something else."""
    assert _exchange(pki, listening, data) == (None, trouble)


def test_silence_ends(pki, listening):
    """After the time that the caller gives."""

    async def mute(reader, writer):
        await reader.read()

    async def go():
        async with listening(mute, pki.context("helper.example")) as port:
            line = _line(pki, port, "helper.example")
            channel, _ = await line.open()
            try:
                return await line.exchange(channel, DATA, limit=0.05, body_limit=100)
            finally:
                channel.close()

    assert asyncio.run(go()) == (None, "TimeoutError")


def test_a_name_without_a_way_there_has_its_reason(pki):
    """No address; or nobody at it."""
    assert asyncio.run(_line(pki, 1, "a.example", addresses=()).open()) == (None, "no address")
    assert asyncio.run(_line(pki, 1, "a.example").open()) == (None, "connect: connection_refused")


def test_addresses_are_known_from_names():
    """Both families."""
    assert [is_address(host) for host in ("192.0.2.1", "2001:db8::1", "a.example")] == [True, True, False]
