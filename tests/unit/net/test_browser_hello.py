"""A hello that looks like a browser's: what goes out, and everything that can come of it, as in any handshake."""

import asyncio
import ssl

import pytest

from hushmap.model import Ask, Failure, Layer, Transport
from hushmap.net import Clock, Limits, Net, Own, browser_hello
from hushmap.wire import tls as wire_tls

needs_utls = pytest.mark.skipif(not browser_hello.has_browser_hello(), reason="the extra utls is not installed")


ECH = 0xFE0D


def _ask(
    pki, listening, *, handler=None, tls=None, sni="a.example", seen=None, timeout=5.0, hello="browser", **changes
):
    async def wait(reader, writer):
        if seen is not None:
            seen.append(await reader.read(65536))
        await reader.read()

    async def go():
        async with listening(handler or wait, tls) as port:
            net = Net(Clock(), limits=Limits(), roots=str(pki.roots), own=Own())
            ask = Ask(
                layer=Layer.TLS, address="127.0.0.1", port=port, sni=sni, hello=hello, timeout=timeout, **changes
            )
            return await net.ask(ask)

    outcome = asyncio.run(go())
    assert outcome.undone is None, outcome
    return outcome.steps[-1]


def _grease(hello):
    """Whether the hello offers a cipher suite that means nothing (RFC 8701); 43 bytes stand before the session id."""
    start = 5 + 4 + 2 + 32
    at = start + 1 + hello[start]
    suites = hello[at + 2 : at + 2 + int.from_bytes(hello[at : at + 2], "big")]
    pairs = zip(suites[::2], suites[1::2], strict=True)
    return any(high == low and low & 0x0F == 0x0A for high, low in pairs)


@needs_utls
def test_the_hello_is_another_than_ours_and_names_what_was_asked(pki, listening):
    """It offers GREASE and HTTP/2, is longer than a segment, and carries the server name as it is."""
    seen = []
    step = _ask(pki, listening, seen=seen, timeout=0.3)
    assert (step.failure, step.spoke) == (Failure.TIMEOUT, False)
    assert wire_tls.client_hello_sni(seen[0]) == ("ok", "a.example")
    assert _grease(seen[0])
    assert b"\x02h2\x08http/1.1" in seen[0]
    assert len(seen[0]) > 1460


def _extensions(hello):
    """The kinds of extensions of a hello, without GREASE; 43 bytes stand before the session id's own."""
    at = 43
    at += 1 + hello[at]
    at += 2 + int.from_bytes(hello[at : at + 2], "big")
    at += 1 + hello[at]
    end = at + 2 + int.from_bytes(hello[at : at + 2], "big")
    at, found = at + 2, set()
    while at < end:
        kind, size = (int.from_bytes(hello[at + k : at + k + 2], "big") for k in (0, 2))
        found |= set() if kind & 0x0F0F == 0x0A0A else {kind}
        at += 4 + size
    return found


@needs_utls
def test_the_three_arms_differ_by_the_encrypted_hello_alone():
    """With a decoy, without, and with a real one: all else that is offered is the same, and so is the outer name."""
    made = {}
    for hello in ("browser", "browser-plain", "browser-ech"):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        browser_hello.client(incoming, outgoing, "outer.example", hello)
        made[hello] = outgoing.read()
    assert {wire_tls.client_hello_sni(one) for one in made.values()} == {("ok", "outer.example")}
    kinds = {hello: _extensions(one) for hello, one in made.items()}
    assert kinds["browser"] == kinds["browser-ech"] == kinds["browser-plain"] | {ECH}
    assert ECH not in kinds["browser-plain"]
    assert not any(b"hidden" in one for one in made.values())
    assert all(len(one) > 1460 for one in made.values()), "the same number of segments"


@needs_utls
@pytest.mark.parametrize("hello", ["browser", "browser-plain", "browser-ech"])
def test_a_server_that_reads_no_encrypted_hello_answers_by_the_outer_name(pki, listening, hello):
    """Which is all that is asked: what stands in the way of the extension would have cut it."""
    step = _ask(pki, listening, tls=pki.context("a.example"), hello=hello)
    assert (step.failure, step.valid, step.spoke, step.alert) == (None, True, True, None)
    assert step.chain[0].names == ("a.example",)
    assert step.detail == ("by the outer name" if hello == "browser-ech" else None)


@needs_utls
@pytest.mark.parametrize("name", [None, "192.0.2.1", "bad\0name", "x" * 300, "\u00e4.example"])
def test_an_encrypted_hello_needs_an_outer_name(name):
    """Without one that can be sent there is nothing to stand in plain sight."""
    with pytest.raises(ValueError, match=r"outer name|as written"):
        browser_hello.client(ssl.MemoryBIO(), ssl.MemoryBIO(), name, "browser-ech")


@needs_utls
def test_a_certificate_that_holds_is_told_with_its_facts(pki, listening):
    """Version, cipher, protocol, chain and validity are what they are for our own hello."""
    step = _ask(pki, listening, tls=pki.context("a.example"))
    assert (step.failure, step.valid, step.version) == (None, True, "TLSv1.3")
    assert step.chain[0].names == ("a.example",)
    assert step.cipher
    assert step.spoke


@needs_utls
@pytest.mark.parametrize("verify", [True, False])
def test_a_certificate_for_another_name_is_judged_as_ever(pki, listening, verify):
    """By the run's own roots and rules, whatever the library thinks; a failure only where it was wanted to hold."""
    step = _ask(pki, listening, tls=pki.context("b.example"), verify=verify)
    assert (step.failure, step.valid) == (Failure.INVALID_HOSTNAME if verify else None, False)
    assert len(step.chain) >= 1


@needs_utls
@pytest.mark.parametrize("number", [40, 112, 120, 121])
def test_an_alert_comes_with_its_number(pki, listening, number):
    """In answer to the hello, readable for anyone."""

    async def refuse(reader, writer):
        await reader.read(65536)
        writer.write(bytes((21, 3, 3, 0, 2, 2, number)))
        await reader.read()

    step = _ask(pki, listening, handler=refuse)
    assert (step.failure, step.alert, step.spoke) == (Failure.TLS_ALERT, number, True)


@needs_utls
def test_a_reset_and_a_close_are_told_apart(pki, listening, reset):
    """What a censor of names does to the connection is told as for any handshake."""

    async def cut(reader, writer):
        await reader.read(65536)
        reset(writer)

    async def leave(reader, writer):
        while len(await reader.read(65536)) == 65536:
            pass

    async def garbage(reader, writer):
        await reader.read(65536)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()

    assert _ask(pki, listening, handler=cut).failure is Failure.RESET
    assert _ask(pki, listening, handler=leave).failure in {Failure.EOF, Failure.RESET}
    step = _ask(pki, listening, handler=garbage)
    assert (step.failure, step.spoke, step.detail) == (Failure.TLS_FAILED, False, "boringssl 247")


@needs_utls
@pytest.mark.parametrize("name", ["bad\0name", "x" * 300, "\u00e4.example"])
def test_a_name_that_would_be_left_out_is_no_ask(name):
    """The library drops what it does not like: a hello without the name must not pass for one with it."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with pytest.raises(ValueError, match=r"server_hostname|as written"):
        browser_hello.client(incoming, outgoing, name)


@needs_utls
@pytest.mark.parametrize("name", [None, "192.0.2.1", "2001:db8::1"])
def test_an_address_is_no_name(name):
    """As in every TLS library: it is not sent (RFC 6066 section 3)."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    browser_hello.client(incoming, outgoing, name)
    assert wire_tls.client_hello_sni(outgoing.read()) == ("ok", None)


def _undone(**changes):
    ask = Ask(**{"layer": Layer.TLS, "address": "127.0.0.1", "port": 443, "hello": "browser", **changes})
    outcome = asyncio.run(Net(Clock(), own=Own()).ask(ask))
    assert outcome.steps == ()
    return outcome.undone, outcome.detail


def test_without_the_extra_it_is_unsupported_and_says_what_helps(monkeypatch):
    """No packet is sent, and nothing else in its place."""
    monkeypatch.setattr(browser_hello, "has_browser_hello", lambda: False)
    assert _undone() == ("unsupported", "pip install 'hushmap[utls]'")


CANNOT = [
    {"hello": "fox"},
    {"layer": Layer.HTTP, "url": "https://a.example/"},
    {"transport": Transport.QUIC},
    {"ttl": 3},
    {"alpn": ("h2",)},
]


@pytest.mark.parametrize("changes", CANNOT)
def test_more_than_a_handshake_is_a_bad_ask(changes, monkeypatch):
    """A browser's hello brings its own protocols, and there is one of them."""
    monkeypatch.setattr(browser_hello, "has_browser_hello", lambda: True)
    assert _undone(**changes)[0] == "bad_ask"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SSL operation: error:10000458:SSL routines", (Failure.TLS_ALERT, "boringssl 1112", 112)),
        ("SSL operation: error:100000f7:SSL routines", (Failure.TLS_FAILED, "boringssl 247", None)),
        ("no number", (Failure.TLS_FAILED, "SSLError", None)),
    ],
)
def test_an_error_is_read_by_its_number(text, told):
    """BoringSSL packs the alert into the reason; words are not looked at."""
    assert browser_hello.of_tls(ssl.SSLError(text)) == told
