"""The helper's client, against a server that a test scripts."""

import asyncio
import base64

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from hushmap.model import Ask, Connect, Layer
from hushmap.net.clock import Clock
from hushmap.net.helper import HelperClient, pin_of
from hushmap.net.limits import Limits
from hushmap.net.mask import Own
from hushmap.net.resolve import Resolver
from hushmap.net.trust import Trust
from hushmap.wire import helper as wire_helper
from hushmap.wire import http as wire_http
from hushmap.wire.helper import HelperAnswer, HelperReply, HelperSpec

ASK = Ask(layer=Layer.TCP, address="198.51.100.1", port=443)
STEP = Connect(t0=0.5, t=1.0, address="198.51.100.1", port=443, detail="192.0.2.17")


def _reply(clock, **changes):
    fields = {"answers": (HelperAnswer(steps=(STEP,)),), "now": clock.iso(), "reached": True, "reached_ago": 2.0}
    return wire_helper.encode_reply(HelperReply(**(fields | changes)))


def _serving(make, seen):
    """A handler that answers each request with what `make(how many)` gives: status and body, or None to hang up."""

    async def handler(reader, writer):
        request = wire_http.RequestReader()
        while not request.done:
            data = await reader.read(65536)
            if not data:
                return
            request.feed(data)
        seen.append(request.request)
        made = make(len(seen))
        if made is not None:
            writer.write(wire_http.response_bytes(made[0], (("Connection", "close"),), made[1]))
            await writer.drain()

    return handler


def _call(pki, listening, make, *, limits=None, own=None, pin=None, asks=(ASK,), host="127.0.0.1", addresses=None):
    seen = []
    clock = Clock()
    context = pki.context("helper.example")
    limits = limits or Limits(helper=0.05)

    async def go():
        async with listening(_serving(lambda count: make(clock, count), seen), context) as port:
            right = pin or await _pin_shown(port)
            spec = HelperSpec(host=host, port=port, token="token-of-the-test", pin=right)
            own_ = own or Own()
            resolver = Resolver(clock, limits, own_)
            if addresses is not None:
                resolver.resolve = addresses
            client = HelperClient(
                spec, clock=clock, limits=limits, own=own_, resolver=resolver, trust=Trust(str(pki.roots))
            )
            before = clock.now()
            return await client.call(asks), client, before

    reply, client, before = asyncio.run(go())
    return reply, client, seen, before


async def _pin_shown(port):
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    pin = pin_of(writer.get_extra_info("ssl_object").getpeercert(True))
    writer.close()
    return pin


def test_asks_are_posted_and_answers_come_on_the_runs_clock_masked(pki, listening):
    """Token and path as agreed; step times are shifted to the run clock; our own address is masked here too."""
    reply, client, seen, before = _call(
        pki, listening, lambda clock, count: (200, _reply(clock)), own=Own(("192.0.2.17",))
    )
    request = seen[-1]
    assert (request.method, request.target) == ("POST", "/v1/ask")
    assert request.header("authorization") == "Bearer token-of-the-test"
    assert wire_helper.decode_request(request.body).asks == (ASK,)
    step = reply.answers[0].steps[0]
    assert step.t0 >= before + 0.5
    assert step.t - step.t0 == pytest.approx(0.5)
    assert step.detail == "x" * 10
    assert (reply.undone, reply.reached, reply.reached_ago) == (None, True, 2.0)
    assert abs(client.clock_offset) < 2


def test_the_address_that_the_helper_sees_is_masked_from_then_on(pki, listening):
    """Behind a NAT nothing here knows it; whatever a proxy writes of it is not kept."""
    own = Own(())

    def told(clock, _count):
        status, reply = 200, wire_helper.decode_reply(_reply(clock))
        return status, wire_helper.encode_reply(msgspec.structs.replace(reply, seen="192.0.2.17"))

    reply, *_ = _call(pki, listening, told, own=own)
    assert reply.answers[0].steps[0].detail == "x" * 10
    assert "192.0.2.17" in own


def test_a_wrong_key_is_a_silent_helper_and_is_not_asked_again(pki, listening):
    """Whoever answers with another key gets no token, and is not our helper."""
    reply, client, seen, _ = _call(pki, listening, lambda clock, count: (200, _reply(clock)), pin="0" * 64)
    assert (reply.undone, reply.detail, seen) == ("helper_silent", "pin", [])
    assert client.clock_offset is None


@pytest.mark.parametrize("status", [401, 403, 413])
def test_a_refusal_is_told_with_its_status(pki, listening, status):
    """The helper is there and will not."""
    reply, _, seen, _ = _call(pki, listening, lambda clock, count: (status, b""))
    assert (reply.undone, len(seen)) == (f"helper_refused:{status}", 1)


def test_a_busy_helper_is_asked_again(pki, listening):
    """429 is waited out; the third answer counts."""
    reply, _, seen, _ = _call(pki, listening, lambda clock, count: (429, b"") if count < 3 else (200, _reply(clock)))
    assert (reply.undone, len(seen)) == (None, 3)


def test_a_helper_that_hangs_up_or_stops_in_the_middle_is_silent_after_three_tries(pki, listening):
    """Bursts of loss are survived by trying again; after that nothing is known."""
    reply, _, seen, _ = _call(pki, listening, lambda clock, count: None)
    assert (reply.undone, len(seen)) == ("helper_silent", 3)


BAD_REPLIES = [
    lambda clock: b"no json",
    lambda clock: _reply(clock, now="yesterday"),
    lambda clock: _reply(clock, answers=()),
]


@pytest.mark.parametrize("make", BAD_REPLIES)
def test_a_reply_that_makes_no_sense_is_a_refusal(pki, listening, make):
    """Damaged JSON, a time that is none, another number of answers: nothing of it is used."""
    reply, client, _, _ = _call(pki, listening, lambda clock, count: (200, make(clock)))
    assert reply.undone == "helper_refused:reply"
    assert reply.detail
    assert client.clock_offset is None


def test_a_slow_helper_is_silent_after_the_worst_case_of_its_asks(pki, listening):
    """The wait covers what the asks may take, and no more."""

    async def mute(reader, writer):
        await reader.read()

    limits = Limits(connect=0.2, handshake=5, system=0.02, helper=0.05)
    ask = Ask(layer=Layer.TCP, address="198.51.100.1", port=443, timeout=0.02)

    async def go():
        async with listening(mute, pki.context("helper.example")) as port:
            spec = HelperSpec(host="127.0.0.1", port=port, token="token-of-the-test", pin=await _pin_shown(port))
            clock = Clock()
            client = HelperClient(
                spec,
                clock=clock,
                limits=limits,
                own=Own(),
                resolver=Resolver(clock, limits, Own()),
                trust=Trust(str(pki.roots)),
            )
            return await client.call((ask,))

    reply = asyncio.run(go())
    assert (reply.undone, reply.detail) == ("helper_silent", "TimeoutError")


def test_a_name_is_looked_up_and_each_address_tried(pki, listening):
    """The helper's name may have an address that does not answer."""

    async def addresses(name, qtype, resolver):
        assert name == "helper.example"
        return type("Step", (), {"addresses": ("127.0.0.1",) if qtype == "AAAA" else ("127.0.0.2",)})()

    reply, _, seen, _ = _call(
        pki, listening, lambda clock, count: (200, _reply(clock)), host="helper.example", addresses=addresses
    )
    assert (reply.undone, len(seen)) == (None, 1)
    assert seen[0].host.startswith("helper.example:")


def test_a_name_without_an_address_is_a_silent_helper(pki, listening):
    """No address, no helper; and no request was made."""

    async def nothing(name, qtype, resolver):
        return type("Step", (), {"addresses": ()})()

    reply, _, seen, _ = _call(
        pki, listening, lambda clock, count: (200, b""), host="helper.example", addresses=nothing
    )
    assert (reply.undone, reply.detail, seen) == ("helper_silent", "no address", [])


def test_a_server_without_tls_is_a_silent_helper(pki, listening):
    """Something else on the helper's port."""

    async def babble(reader, writer):
        await reader.read(65536)
        writer.write(b"SSH-2.0-test\r\n")
        await writer.drain()

    async def go():
        async with listening(babble) as port:
            spec = HelperSpec(host="127.0.0.1", port=port, token="token-of-the-test", pin="0" * 64)
            clock, limits = Clock(), Limits()
            client = HelperClient(
                spec,
                clock=clock,
                limits=limits,
                own=Own(),
                resolver=Resolver(clock, limits, Own()),
                trust=Trust(str(pki.roots)),
            )
            return await client.call(())

    reply = asyncio.run(go())
    assert reply.undone == "helper_silent"
    assert reply.detail.startswith("handshake: ")


def test_the_pin_is_of_the_key(pki):
    """Another certificate over the same key has the same pin; what is no certificate has none."""
    der = pki.ca.public_bytes(Encoding.DER)
    assert len(pin_of(der)) == 64
    assert pin_of(None) == pin_of(b"junk") == ""
    assert base64.b16decode(pin_of(der).upper())
