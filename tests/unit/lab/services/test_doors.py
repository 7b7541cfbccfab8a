"""The lab's servers that are no web servers, on loopback."""

import asyncio

import pytest

from hushmap.lab.scenario_doors import Door
from hushmap.lab.services.doors import Doors, binding, directory, said
from hushmap.model import Ask, Failure, Layer, Transport
from hushmap.net import Clock, Limits, Net, Own
from hushmap.wire import stun, tor

ASKED = stun.request(b"transaction1")


@pytest.mark.parametrize("asker", [("192.0.2.1", 32853), ("2001:db8::1", 32853)])
def test_a_binding_response_tells_the_askers_address_masked(asker):
    """RFC 8489 14.2; what is no request gets no answer."""
    answer = binding(ASKED, asker)
    assert stun.answers(ASKED, answer)
    assert answer[20:22] == b"\x00\x20"
    assert int.from_bytes(answer[26:28], "big") ^ 0x2112 == asker[1]
    assert binding(b"hello", asker) is None


def test_a_directory_answers_a_whole_request_for_a_document():
    """And tells who asked, which no record may keep."""
    request = tor.directory_request("192.0.2.9")
    answer = directory(request, "192.0.2.1")
    assert tor.answers(request, answer)
    assert b"192.0.2.1" in answer
    assert b"192.0.2.1" not in tor.bare(answer)
    assert directory(request[:-1], "192.0.2.1") is None
    assert directory(b"GET / HTTP/1.0\r\n\r\n", "192.0.2.1") is None
    assert said(Door(address="192.0.2.9", port=1), b"hello", ("192.0.2.1", 1)) is None


def test_doors_are_served():
    """Each by its protocol: the measuring room's own verbs find them live; a door that says nothing takes what comes."""

    async def go():
        doors = (
            Door(address="127.0.0.1", port=45781, says="stun"),
            Door(address="127.0.0.1", port=45782, says="tor_directory"),
            Door(address="127.0.0.1", port=45783),
        )
        served = Doors(doors)
        await served.serve()
        net = Net(Clock(), own=Own(), limits=Limits().scaled(20))
        raw = {"layer": Layer.RAW, "address": "127.0.0.1"}
        try:
            calls = await net.ask(Ask(**raw, port=45781, transport=Transport.UDP, payload=ASKED))
            noise = await net.ask(Ask(**raw, port=45781, transport=Transport.UDP, payload=b"noise", timeout=0.1))
            keys = await net.ask(Ask(**raw, port=45782, payload=tor.directory_request("127.0.0.1"), most=4096))
            left = await net.ask(Ask(**raw, port=45783, payload=b"hello", timeout=0.2))
            empty = await net.ask(Ask(**raw, port=45783, payload=b"", timeout=0.1))
        finally:
            await served.close()
        return calls, noise, keys, left, empty

    calls, noise, keys, left, empty = asyncio.run(go())
    assert calls.steps[0].protocol == "stun"
    assert noise.steps[0].failure is Failure.TIMEOUT
    assert keys.steps[1].protocol == "tor_directory"
    assert left.steps[1].failure is Failure.TIMEOUT
    assert empty.steps[1].failure is Failure.TIMEOUT
