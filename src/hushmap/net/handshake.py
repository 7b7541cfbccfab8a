"""The Handshake verb: one TLS handshake on an open connection, with whatever the server showed of itself.

A failure keeps all that was seen before it. `spoke` is a fact about bytes: a TLS handshake or alert record came back.
A certificate that does not hold is a failure only if the ask wanted it to hold; `valid` is filled in either way
(`trust`).
"""

import asyncio
import contextlib
import hashlib
import socket
import ssl

import msgspec

from hushmap.model import Certificate, Failure, Handshake
from hushmap.net import browser_hello, failures
from hushmap.net.channel import Channel, TlsChannel
from hushmap.net.clock import Clock
from hushmap.net.mask import Own
from hushmap.net.trust import ALPN, Trust, client
from hushmap.wire import certificate as wire_certificate
from hushmap.wire import tls as wire_tls

_SEEN = 16384
"""Bytes of the server's first flight that are looked at for its kind: one record (RFC 8446 section 5.1)."""
CHAIN = 10
"""Certificates of a chain that are kept; public chains have two to four."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What to say in the ClientHello and what to want of the certificate."""

    address: str
    port: int
    sni: str | None
    name: str | None
    """The name that the certificate must be for; usually the SNI."""
    verify: bool
    timeout: float
    alpn: tuple[str, ...] = ALPN
    """Protocols offered, best first."""
    offset: float | None = None
    """Correction of this computer's clock, seconds."""
    hello: str | None = None
    """Whose ClientHello it is to look like (net.browser_hello); `None`: our own."""


class _Seen:
    """What a handshake has come to so far."""

    def __init__(self) -> None:
        self.data = b""
        self.failure: Failure | None = None
        self.detail: str | None = None
        self.alert: int | None = None
        self.chain: tuple[bytes, ...] = ()
        self.ended = 0.0


async def handshake(
    sock: socket.socket, wish: Wish, *, clock: Clock, trust: Trust, own: Own
) -> tuple[Handshake, TlsChannel | None]:
    """Shake hands; a channel comes back only if the step did not fail. ValueError: the name cannot be sent."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        if wish.hello is None:
            context = trust.context(verify=wish.verify, offset=wish.offset, alpn=wish.alpn)
            tls = client(context, incoming, outgoing, wish.sni)
        else:
            tls = browser_hello.client(incoming, outgoing, wish.sni, wish.hello)
    except (TypeError, ValueError) as error:  # a null byte; a label that is none
        raise ValueError(f"{wish.sni!a:.120} cannot be sent as a server name") from error
    seen = _Seen()
    t0 = clock.now()
    await _shake(sock, tls, incoming, outgoing, wish, seen)
    seen.ended = clock.now()
    seen.chain = _chain(tls) if wish.hello is None else browser_hello.chain(tls)
    valid, valid_system = _judge_chain(seen, wish, trust)
    step = Handshake(
        t0=t0,
        t=seen.ended,
        failure=seen.failure,
        detail=seen.detail,
        address=wish.address,
        port=wish.port,
        sni=wish.sni,
        version=tls.version() if seen.failure is None else None,
        cipher=(tls.cipher() or (None,))[0] if seen.failure is None else None,
        alpn=tls.selected_alpn_protocol() if seen.failure is None else None,
        alert=seen.alert if seen.alert is not None else wire_tls.alert(seen.data),
        spoke=wire_tls.server_spoke(seen.data),
        chain=tuple(certificate(der, own) for der in seen.chain[:CHAIN]),
        valid=valid,
        valid_system=valid_system,
    )
    return step, None if seen.failure else TlsChannel(sock, tls, incoming, outgoing)


async def _shake(
    sock: socket.socket,
    tls: ssl.SSLObject,
    incoming: ssl.MemoryBIO,
    outgoing: ssl.MemoryBIO,
    wish: Wish,
    seen: _Seen,
) -> None:
    plain = Channel(sock)
    try:
        async with asyncio.timeout(wish.timeout):
            while True:
                wanting = False
                try:
                    tls.do_handshake()
                except ssl.SSLWantReadError:
                    wanting = True
                if data := outgoing.read():
                    await plain.send(data)
                if not wanting:
                    return
                data = await plain.receive()
                if not data:
                    seen.failure = Failure.EOF
                    return
                seen.data += data[: _SEEN - len(seen.data)]
                incoming.write(data)
    except ssl.SSLError as error:
        if wish.hello is not None and browser_hello.ended_by_outer_name(error):
            seen.detail = "by the outer name"
            return
        told = failures.of_tls if wish.hello is None else browser_hello.of_tls
        seen.failure, seen.detail, seen.alert = told(error)
        unnamed = seen.failure is Failure.TLS_FAILED and not getattr(error, "reason", None)
        if unnamed and wire_tls.alert(seen.data) is not None:
            seen.failure = Failure.TLS_ALERT  # of a number that this Python's ssl has no word for
        with contextlib.suppress(OSError):  # our own alert is a courtesy: the outcome is known
            sock.send(outgoing.read())
    except OSError as error:
        seen.failure, seen.detail = failures.of_os(error, ipv6=sock.family == socket.AF_INET6)


def _chain(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    """The certificates that the peer sent, DER, also when they did not hold.

    `get_unverified_chain` is public from Python 3.13 on; before, it is there without a promise (LAB 5), and a Python
    that lacks it still tells the leaf of a handshake that went through.
    """
    public = getattr(tls, "get_unverified_chain", None)
    if public is not None:
        return tuple(public())
    private = getattr(getattr(tls, "_sslobj", None), "get_unverified_chain", None)
    if private is not None:
        return tuple(ssl.PEM_cert_to_DER_cert(item.public_bytes()) for item in private() or ())
    leaf = tls.getpeercert(binary_form=True) if tls.version() else None
    return () if leaf is None else (leaf,)


def _judge_chain(seen: _Seen, wish: Wish, trust: Trust) -> tuple[bool | None, bool | None]:
    """Whether the chain holds, by the run's roots and by the system's; success may become a failure here."""
    if not seen.chain:
        return None, None
    name = wish.sni if wish.name is None else wish.name
    asked = wish.verify and wish.hello is None and name == wish.sni and not trust.corrects(wish.offset)
    verified = asked and seen.failure is None
    failure = None if verified else trust.check(seen.chain, name, wish.offset)
    if wish.verify and seen.failure is None and failure is not None:
        # OpenSSL was not asked: the hello was a browser's or without the name, or dates are at the corrected time.
        seen.failure, seen.detail = failure, "checked after the handshake"
    return failure is None, trust.check_system(seen.chain, name)


def certificate(der: bytes, own: Own) -> Certificate:
    """What a certificate says of itself; one that tells our address has no digest, which would tell it too."""
    found = wire_certificate.parse(der)
    if found is None:
        return Certificate(sha256=hashlib.sha256(own.bytes(der)).hexdigest(), subject="", issuer="")
    texts = (found.subject, found.issuer, *found.names)
    masked = texts if own.clean(texts) else tuple(map(own.text, texts))
    tells = masked != texts or any(address in own for address in found.addresses)
    subject, issuer, *names = (text[: wire_certificate.TEXT] for text in masked[: wire_certificate.NAMES + 2])
    return Certificate(
        sha256="" if tells else hashlib.sha256(der).hexdigest(),
        subject=subject,
        issuer=issuer,
        names=tuple(names),
        not_before=found.not_before,
        not_after=found.not_after,
    )
