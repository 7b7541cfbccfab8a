"""Whether a certificate chain holds for a name, under which roots, at which time.

A handshake that must complete whatever the certificate says (`verify=False`) leaves OpenSSL without an opinion, and
Python offers no call that checks a chain afterwards. So the recorded chain is shown once more, in memory, to a
verifying client by a server that goes no further than its Certificate message: in TLS 1.2 that message is plaintext,
comes before any proof of the key, and OpenSSL checks the chain and the name when it arrives (RFC 5246 section 7.4.2).
The verdict is OpenSSL's own, under the very contexts that handshakes use, and no packet is sent. The key itself was
proven in the real handshake.

`valid` is by the bundled Mozilla roots, or the run's own; the system store is asked beside (METHOD 4). Time is
corrected where the helper showed this computer's clock to be wrong: then OpenSSL is told not to look at dates, and
the leaf's are compared here.
"""

import contextlib
import ssl
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import certifi
from cryptography import x509

from hushmap.model import Failure
from hushmap.net import failures

TLS_LIBRARY = ssl.OPENSSL_VERSION
"""Named in every record: truth is per client configuration (METHOD 3)."""
ALPN = ("http/1.1",)
"""What we speak; part of the client configuration that a record is true for."""

_NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME, openssl/x509_vfy.h; Python gives it no name."""

CLOCK_SLACK = 90.0
"""Seconds by which this computer's clock may be off before its word on dates is not taken: certificates are dated
to the day, and the helper tells its time to the second over a round trip."""

_RECORD = 16384  # RFC 5246 section 6.2.1
_RENEGOTIATION_INFO = b"\xff\x01\x00\x01\x00"  # RFC 5746: OpenSSL 3 goes no further without it
_CIPHERS = (b"\xc0\x2b", b"\xc0\x2f")
"""ECDHE with ECDSA, then RSA (RFC 5289): OpenSSL wants the suite to fit the certificate's key."""


_REMEMBERED, _REMEMBERED_S, _REMEMBERED_BYTES = 256, 60.0, 16_384
"""Verdicts on chains that are kept, for a minute at most, and none on a chain longer than public ones are: what is
asked in pairs shows the same few chains again and again, and each verdict costs as much as a handshake."""


class Trust:
    """The contexts of one run, made once and beforehand: reading a root store costs 20 ms (LAB 4)."""

    def __init__(self, roots: str | None = None) -> None:
        self.roots = certifi.where() if roots is None else roots
        self._bundled = _context(self.roots, timed=True)
        self._system = _context(None, timed=True)
        self._remembered = lru_cache(_REMEMBERED)(lambda context, chain, name, _: _shown(context, chain, name))
        self._made: dict[tuple[bool, bool, tuple[str, ...]], ssl.SSLContext] = {(True, True, ALPN): self._bundled}

    @property
    def _timeless(self) -> ssl.SSLContext:
        return self.context(verify=True, offset=2 * CLOCK_SLACK)

    def context(self, *, verify: bool, offset: float | None = None, alpn: tuple[str, ...] = ALPN) -> ssl.SSLContext:
        """The context for a handshake that offers `alpn`; made once for each, since they are a context's own."""
        kind = (verify, not verify or not self.corrects(offset), alpn)
        if kind not in self._made:
            self._made[kind] = _context(self.roots, timed=kind[1], alpn=alpn) if verify else _unverified(alpn)
        return self._made[kind]

    def check(self, chain: tuple[bytes, ...], name: str | None, offset: float | None = None) -> Failure | None:
        """`None` if `chain` holds for `name`, else why not; without a name only the chain is checked."""
        if offset is None or not self.corrects(offset):
            return self._holds(self._bundled, chain, name)
        return self._holds(self._timeless, chain, name) or _dated(chain[0], offset)

    def check_system(self, chain: tuple[bytes, ...], name: str | None) -> bool:
        """The same under this computer's own store and clock."""
        return self._holds(self._system, chain, name) is None

    def _holds(self, context: ssl.SSLContext, chain: tuple[bytes, ...], name: str | None) -> Failure | None:
        if sum(map(len, chain)) > _REMEMBERED_BYTES:
            return _shown(context, chain, name)
        return self._remembered(context, chain, name, int(time.time() // _REMEMBERED_S))

    def corrects(self, offset: float | None) -> bool:
        """Whether this computer's clock is too far off to be asked about dates."""
        return offset is not None and abs(offset) > CLOCK_SLACK


def _dated(leaf: bytes, offset: float) -> Failure | None:
    """A failure if `leaf` is out of date at the corrected time; authorities' certificates live for years."""
    now = datetime.now(UTC) + timedelta(seconds=offset)
    try:
        parsed = x509.load_der_x509_certificate(leaf)
    except ValueError:
        return Failure.INVALID_CERTIFICATE
    good = parsed.not_valid_before_utc <= now <= parsed.not_valid_after_utc
    return None if good else Failure.INVALID_CERTIFICATE


def _unverified(alpn: tuple[str, ...]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(list(alpn))
    return context


def _context(roots: str | None, *, timed: bool, alpn: tuple[str, ...] = ALPN) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if roots is None:
        context.set_default_verify_paths()
    else:
        context.load_verify_locations(cafile=roots)
    context.set_alpn_protocols(list(alpn))
    if not timed:
        context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    return context


def client(
    context: ssl.SSLContext, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, name: str | None
) -> ssl.SSLObject:
    """A client of `context` that names `name`; without a name only the chain can be checked."""
    if name is not None or not context.check_hostname:
        return context.wrap_bio(incoming, outgoing, server_hostname=name)
    context.check_hostname = False
    try:
        return context.wrap_bio(incoming, outgoing)  # an SSLObject keeps the flags of its birth
    finally:
        context.check_hostname = True


def _shown(context: ssl.SSLContext, chain: tuple[bytes, ...], name: str | None) -> Failure | None:
    """Show `chain` to a client of `context` that wants `name`."""
    for cipher in _CIPHERS:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        reader = client(context, incoming, outgoing, name)
        with contextlib.suppress(ssl.SSLWantReadError):
            reader.do_handshake()
        incoming.write(_flight(chain, cipher))
        try:
            reader.do_handshake()
        except ssl.SSLWantReadError:
            return None  # it accepted the certificate and waits for the key exchange
        except ssl.SSLCertVerificationError as error:
            return failures.of_certificate(error)[0]
        except ssl.SSLError:
            continue  # the suite does not fit the key; or OpenSSL cannot read the certificate under any
    return Failure.INVALID_CERTIFICATE


def _flight(chain: tuple[bytes, ...], cipher: bytes) -> bytes:
    """ServerHello and Certificate as TLS 1.2 records."""
    hello = b"\x03\x03" + bytes(32) + b"\x00" + cipher + b"\x00" + _vector(_RENEGOTIATION_INFO, 2)
    certificates = _vector(b"".join(_vector(certificate, 3) for certificate in chain), 3)
    messages = b"\x02" + _vector(hello, 3) + b"\x0b" + _vector(certificates, 3)
    parts = [messages[start : start + _RECORD] for start in range(0, len(messages), _RECORD)]
    return b"".join(b"\x16\x03\x03" + _vector(part, 2) for part in parts)


def _vector(data: bytes, size: int) -> bytes:
    return len(data).to_bytes(size, "big") + data
