"""A ClientHello that looks like a browser's, for the handshake verb; needs the extra `utls`.

What a path does may depend on who seems to ask (METHOD 3: truth is per client configuration): programs with OpenSSL's
hello are cut here and there where browsers are not, or the other way round. The package `utls` brings BoringSSL with
the shape of a recent Chrome: GREASE, extensions in a shuffled order, post-quantum key share, a decoy of an encrypted
hello. It works in memory, so that the bytes are moved, counted and timed as those of any handshake: time-out, reset,
close, alert and chain are told as there.

Of encrypted hellos (ECH) there are three arms, all else alike: `browser` has the decoy that browsers send (GREASE),
`browser-plain` has no such extension, `browser-ech` a real one, under a key that nobody holds. A server that cannot
read it goes on by the outer name, as it must, and that is all that is asked: no server here can read one.

What it is not: a browser. TCP's options are this computer's, no page is fetched (who offers HTTP/2 has to speak it),
and whether the hello equals Chrome's in every byte was not checked against a Chrome. A chain is judged by the same
roots and rules as ever (net.trust), after the handshake.
"""

import functools
import hashlib
import importlib.util
import re
import ssl
import struct
from typing import Any

from hushmap.model import Ask, Failure, Layer, Transport, is_address
from hushmap.net import failures
from hushmap.wire import tls as wire_tls

_FOUND = importlib.util.find_spec("utls") is not None
if _FOUND:
    import utls

BROWSER, PLAIN, SEALED = "browser", "browser-plain", "browser-ech"
"""`Ask.hello` of one that looks like a browser's; of the same without the decoy; and with a real encrypted hello."""
_HIDDEN = "hidden.invalid"
"""The name inside of what is encrypted (RFC 2606): nobody can read it."""
_NOBODYS_KEY = hashlib.sha256(b"a public key whose private key nobody has").digest()
_CONFIG, _X25519, _HKDF_SHA256, _AES_128_GCM = 0xFE0D, 0x20, 1, 1
"""The extension's number, and a suite that every such client has (own knowledge, unchecked)."""
_LONGEST = 253
"""RFC 1035: characters of a name. What a configuration holds is one byte long."""
_ECH_REJECTED = 319
"""The reason of a handshake that the server ended well by the outer name (boringssl: SSL_R_ECH_REJECTED)."""
REMEDY = "pip install 'hushmap[utls]'"
_SHAPE = "chrome:stable"
_DER = 2  # ENCODING_DER, as in CPython's _ssl
_CODE = re.compile(r"error:[0-9A-Fa-f]{5}([0-9A-Fa-f]{3})")
"""An error's packed number, of which the last twelve bits are the reason (boringssl: include/openssl/err.h)."""
_ALERTS = 1000
"""Reasons above are 1000 + the alert's number (include/openssl/ssl.h: SSL_AD_REASON_OFFSET)."""


def has_browser_hello() -> bool:
    """Whether such a hello can be sent here."""
    return _FOUND


def check(ask: Ask) -> None:
    """ValueError if `ask` wants a hello that there is not, or more after it than a handshake."""
    if ask.hello not in {None, BROWSER, PLAIN, SEALED}:
        raise ValueError(f"{ask.hello!a:.40} is nobody's hello; it is {BROWSER}, {PLAIN}, {SEALED}, or left out")
    if ask.hello is None:
        return
    if ask.layer is not Layer.TLS or ask.transport is not Transport.TCP or ask.ttl is not None or ask.alpn:
        raise ValueError("a browser's hello is sent in a handshake over TCP, with the browser's own ALPN")


@functools.cache
def _context(*, decoy: bool) -> Any:
    context = utls.SSLContext(utls.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = utls.CERT_NONE
    shape = utls.get_preset(_SHAPE).to_dict()
    context.set_fingerprint(utls.Fingerprint.from_dict({**shape, "ech": "grease" if decoy else "off"}))
    return context


def _sized(width: int, data: bytes) -> bytes:
    return len(data).to_bytes(width, "big") + data


def configuration(name: str) -> bytes:
    """What a server that reads encrypted hellos would publish, were its outer name `name` (draft-ietf-tls-esni 4)."""
    suites = struct.pack(">HH", _HKDF_SHA256, _AES_128_GCM)
    number = hashlib.sha256(name.encode()).digest()[:1]
    key = number + struct.pack(">H", _X25519) + _sized(2, _NOBODYS_KEY) + _sized(2, suites)
    contents = key + b"\0" + _sized(1, name.encode()) + _sized(2, b"")  # no least length of the name, no extensions
    return _sized(2, struct.pack(">H", _CONFIG) + _sized(2, contents))


def client(incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, name: str | None, hello: str = BROWSER) -> ssl.SSLObject:
    """A client whose hello, in plain sight naming `name`, waits in `outgoing`.

    Raises:
        ValueError: The name cannot be sent as it is. (The library would leave it out, or send something else.)
    """
    context, shown = _context(decoy=hello != PLAIN), name
    if hello == SEALED:
        if name is None or is_address(name) or len(name) > _LONGEST or not name.isascii():
            raise ValueError("an outer name is needed")
        context, shown = context.set_ech_configs(configuration(name)), _HIDDEN
    tls: ssl.SSLObject = context.wrap_bio(incoming, outgoing, server_hostname=shown)
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        made = outgoing.read()
    else:
        raise AssertionError("a handshake ended before it began")
    sent = wire_tls.client_hello_sni(made)
    if sent != ("ok", None if name is not None and is_address(name) else name):
        raise ValueError("it would not be sent as written")
    outgoing.write(made)
    return tls


def ended_by_outer_name(error: ssl.SSLError) -> bool:
    """Whether the server went through the handshake, and only did not read what was encrypted."""
    return _reason(error) == _ECH_REJECTED


def chain(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    """The certificates that the peer sent, DER."""
    found: Any = tls
    return tuple(item.public_bytes(_DER) for item in found.get_unverified_chain())


def of_tls(error: ssl.SSLError) -> tuple[Failure, str, int | None]:
    """The failure, detail and alert number of an operation that raised `error`: by number, as ever."""
    reason = _reason(error)
    if reason is None:
        return failures.of_tls(error)
    alert = reason - _ALERTS if reason > _ALERTS else None
    return (Failure.TLS_FAILED if alert is None else Failure.TLS_ALERT), f"boringssl {reason}", alert


def _reason(error: ssl.SSLError) -> int | None:
    code = _CODE.search(str(error))
    return None if code is None else int(code[1], 16)
