"""The Handshake verb: every way a TLS server can behave, on loopback."""

import asyncio
import ssl
import struct

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from hushmap.model import Failure
from hushmap.net import handshake as room
from hushmap.net.clock import Clock
from hushmap.net.connect import connect
from hushmap.net.handshake import Wish, certificate, handshake
from hushmap.net.mask import Own
from hushmap.net.trust import Trust

SERVER_HELLO = b"\x16\x03\x03\x00\x04\x02\x00\x00\x00"
ALERT_UNRECOGNIZED = b"\x15\x03\x03\x00\x02\x02\x70"


async def _hold(reader, writer):
    await reader.read()


def _shake(
    pki, listening, *, handler=_hold, tls=None, sni="a.example", verify=True, limit=5.0, name=None, offset=None
):
    async def go():
        async with listening(handler, tls) as port:
            clock = Clock()
            _, sock = await connect("127.0.0.1", port, clock=clock, own=Own(), limit=5.0)
            wish = Wish(
                address="127.0.0.1", port=port, sni=sni, name=name, verify=verify, timeout=limit, offset=offset
            )
            with sock:
                step, channel = await handshake(sock, wish, clock=clock, trust=Trust(str(pki.roots)), own=Own())
                assert (channel is None) == (step.failure is not None)
                if channel is not None:
                    channel.close()
            return step

    return asyncio.run(go())


@pytest.mark.parametrize("tls12", [False, True])
def test_a_good_server_is_valid(pki, listening, tls12):
    """Version, cipher and chain are recorded; the chain holds under the run's roots, not under the system's."""
    step = _shake(pki, listening, tls=pki.context("a.example", tls12=tls12))
    assert step.failure is None
    assert step.version == ("TLSv1.2" if tls12 else "TLSv1.3")
    assert step.cipher
    assert step.spoke
    assert (step.valid, step.valid_system, step.alert) == (True, False, None)
    assert [item.subject for item in step.chain] == ["CN=leaf", "CN=Test authority"]
    assert step.chain[0].names == ("a.example",)
    assert step.chain[0].not_before < step.chain[0].not_after


BAD = {
    "expired": ({"days": -0.5}, Failure.INVALID_CERTIFICATE),
    "not yet valid": ({"start": 1.0}, Failure.INVALID_CERTIFICATE),
    "self-signed": ({"self_signed": True}, Failure.UNKNOWN_AUTHORITY),
}


@pytest.mark.parametrize("tls12", [False, True])
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_certificate_fails_with_its_chain(pki, listening, kind, tls12):
    """The server spoke, its chain is recorded, and the failure says what was wrong."""
    how, failure = BAD[kind]
    step = _shake(pki, listening, tls=pki.context("a.example", tls12=tls12, **how))
    assert (step.failure, step.spoke, step.valid) == (failure, True, False)
    assert step.chain[0].subject == "CN=leaf"
    assert step.detail.startswith("verify ")


def test_a_certificate_for_another_name_fails(pki, listening):
    """The chain holds, the name does not."""
    step = _shake(pki, listening, tls=pki.context("a.example"), sni="b.example")
    assert (step.failure, step.spoke, step.valid) == (Failure.INVALID_HOSTNAME, True, False)


@pytest.mark.parametrize("kind", BAD)
def test_without_verify_the_handshake_completes_and_validity_is_still_told(pki, listening, kind):
    """`verify=False` asks for no opinion from the handshake, and the record still has an honest one."""
    step = _shake(pki, listening, tls=pki.context("a.example", **BAD[kind][0]), verify=False)
    assert (step.failure, step.valid, step.spoke) == (None, False, True)
    assert step.chain
    good = _shake(pki, listening, tls=pki.context("a.example"), verify=False)
    assert (good.failure, good.valid) == (None, True)
    other = _shake(pki, listening, tls=pki.context("a.example"), verify=False, sni="b.example")
    assert (other.failure, other.valid) == (None, False)


def test_without_sni_the_name_is_checked_afterwards(pki, listening):
    """No name is sent, and the certificate must still be for the wanted one."""
    seen = []

    def remember(sock, name, context):
        seen.append(name)

    context = pki.context("a.example", "c.example")
    context.sni_callback = remember
    good = _shake(pki, listening, tls=context, sni=None, name="a.example")
    bad = _shake(pki, listening, tls=context, sni=None, name="b.example")
    nameless = _shake(pki, listening, tls=context, sni=None)
    context.sni_callback = None
    assert seen == [None, None, None]
    assert (good.failure, good.valid, good.sni) == (None, True, None)
    assert (bad.failure, bad.valid, bad.detail) == (Failure.INVALID_HOSTNAME, False, "checked after the handshake")
    assert (nameless.failure, nameless.valid) == (None, True)


def test_a_wrong_clock_is_corrected(pki, listening):
    """A certificate that this computer's wrong clock calls expired is valid at the helper's time, and the reverse."""
    past = -7 * 86400.0
    step = _shake(pki, listening, tls=pki.context("a.example", start=-10.0, days=-5.0), offset=past)
    assert (step.failure, step.valid) == (None, True)
    step = _shake(pki, listening, tls=pki.context("a.example"), offset=60 * 86400.0)
    assert (step.failure, step.valid) == (Failure.INVALID_CERTIFICATE, False)


def test_an_alert_is_told_by_number(pki, listening):
    """A server that refuses a name by alert spoke TLS."""

    async def refuse(reader, writer):
        await reader.read(1)
        writer.write(ALERT_UNRECOGNIZED)
        await writer.drain()
        await reader.read()

    step = _shake(pki, listening, handler=refuse)
    assert (step.failure, step.alert, step.spoke) == (Failure.TLS_ALERT, 112, True)
    assert (step.chain, step.valid) == ((), None)


def test_a_real_servers_alert_is_told_by_number(pki, listening):
    """OpenSSL's own refusal of a name gives the same."""
    context = pki.context("alert.example")
    context.sni_callback = lambda sock, name, inner: ssl.ALERT_DESCRIPTION_ACCESS_DENIED

    async def serve(reader, writer):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = context.wrap_bio(incoming, outgoing, server_side=True)
        incoming.write(await reader.read(65536))
        with pytest.raises(ssl.SSLError):
            server.do_handshake()
        writer.write(outgoing.read())
        await writer.drain()
        await reader.read()

    step = _shake(pki, listening, handler=serve)
    assert (step.failure, step.alert, step.spoke) == (Failure.TLS_ALERT, 49, True)


def test_close_notify_instead_of_a_hello_is_an_end(pki, listening):
    """A goodbye is a close, with alert number 0."""

    async def leave(reader, writer):
        await reader.read(1)
        writer.write(b"\x15\x03\x03\x00\x02\x01\x00")
        await writer.drain()
        await reader.read()

    step = _shake(pki, listening, handler=leave)
    assert (step.failure, step.alert, step.spoke) == (Failure.EOF, 0, True)


def _cutting(reset, said, how):
    async def handler(reader, writer):
        await reader.read(1)
        if said:
            writer.write(said)
            await writer.drain()
        if how == "reset":
            if said:  # the client must have read it before the reset throws it away
                await reader.read(65536)
                await asyncio.sleep(0.05)
            reset(writer)
        elif how == "silence":
            await reader.read()

    return handler


@pytest.mark.parametrize("said", [b"", SERVER_HELLO[:5] + b"\x02"])
@pytest.mark.parametrize(
    ("how", "failure"), [("reset", Failure.RESET), ("close", Failure.EOF), ("silence", Failure.TIMEOUT)]
)
def test_a_cut_is_told_with_whether_the_server_had_spoken(pki, listening, reset, said, how, failure):
    """RST, FIN and silence each have their failure; a part of a ServerHello before it is `spoke`."""
    limit = 0.3 if how == "silence" else 5.0
    handler = _cutting(reset, said, how)
    if how == "close" and not said:
        # Closing with the ClientHello unread makes the kernel reset: read it whole first.
        async def handler(reader, writer):
            await reader.read(65536)

    if how == "close" and said:

        async def handler(reader, writer):
            await reader.read(65536)
            writer.write(said)
            await writer.drain()

    step = _shake(pki, listening, handler=handler, limit=limit)
    assert (step.failure, step.spoke) == (failure, bool(said))
    assert step.chain == ()


def test_garbage_is_a_failed_handshake(pki, listening):
    """What is no TLS is a protocol failure, and nobody spoke."""

    async def babble(reader, writer):
        await reader.read(65536)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        await reader.read()

    step = _shake(pki, listening, handler=babble)
    assert (step.failure, step.spoke, step.alert) == (Failure.TLS_FAILED, False, None)
    assert step.detail


@pytest.mark.parametrize("name", ["a\0b.example", "x" * 64 + ".example", "", ".a.example"])
def test_a_name_that_cannot_be_sent_is_a_value_error(pki, listening, name):
    """No ClientHello can carry it: that is the ask's fault, told before a byte is sent."""
    with pytest.raises(ValueError, match=r"cannot be sent"):
        _shake(pki, listening, sni=name)


@pytest.mark.parametrize("how", [{"cn": "192.0.2.17"}, {"ip": "192.0.2.17"}])
def test_a_certificate_that_tells_our_address_has_no_digest(pki, how):
    """Kept are place and length, and no hash of what was masked."""
    made, _ = pki.leaf("a.example", **how)
    der = made.public_bytes(Encoding.DER)
    plain, masked = certificate(der, Own()), certificate(der, Own(("192.0.2.17",)))
    assert (len(plain.sha256), masked.sha256) == (64, "")
    assert "192.0.2.17" not in masked.subject
    assert len(masked.subject) == len(plain.subject)


def test_a_certificate_that_cannot_be_read_keeps_its_digest():
    """Damaged bytes are a certificate without names, not an exception."""
    odd = certificate(b"nothing", Own())
    assert (odd.subject, odd.names, len(odd.sha256)) == ("", (), 64)


def test_a_certificate_without_alternative_names_has_none(pki):
    """The authority's own certificate names no host."""
    assert certificate(pki.ca.public_bytes(Encoding.DER), Own()).names == ()


def test_names_are_bounded(pki):
    """At most 50 names are kept."""
    made, _ = pki.leaf(*(f"{number}.example" for number in range(60)))
    assert len(certificate(made.public_bytes(Encoding.DER), Own()).names) == 50
    assert isinstance(made, x509.Certificate)


class _Public:
    """Python 3.13's SSLObject."""

    def get_unverified_chain(self):
        return [b"one", b"two"]


class _Leaf:
    """A Python that shows nothing but a leaf."""

    def __init__(self, version, leaf=b"leaf"):
        self._version, self._leaf = version, leaf

    def version(self):
        return self._version

    def getpeercert(self, *, binary_form):
        return self._leaf


def test_the_chain_is_read_by_whatever_this_python_offers():
    """The public call where there is one; else the leaf of a finished handshake; else nothing."""
    assert room._chain(_Public()) == (b"one", b"two")
    assert room._chain(_Leaf("TLSv1.3")) == (b"leaf",)
    assert room._chain(_Leaf("TLSv1.3", None)) == ()
    assert room._chain(_Leaf(None)) == ()


def test_a_reset_peer_does_not_mind_our_alert(pki, listening, reset):
    """Sending our own alert to a peer that is gone changes nothing."""

    async def babble(reader, writer):
        await reader.read(65536)
        writer.write(struct.pack("!BHH", 22, 0x0303, 4) + b"junk")
        await writer.drain()
        reset(writer)

    step = _shake(pki, listening, handler=babble)
    assert step.failure in {Failure.TLS_FAILED, Failure.RESET}


@pytest.mark.parametrize("number", [21, 99, 120, 121])
def test_an_alert_of_an_unusual_number_is_an_alert(pki, listening, number):
    """Also one that this Python's ssl has no word for: the record itself is read."""

    async def refuse(reader, writer):
        await reader.read(1)
        writer.write(bytes((21, 3, 3, 0, 2, 2, number)))
        await writer.drain()
        await reader.read()

    step = _shake(pki, listening, handler=refuse)
    assert (step.failure, step.alert, step.spoke) == (Failure.TLS_ALERT, number, True)
