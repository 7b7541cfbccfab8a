"""A ClientHello that looks like a browser's, for the handshake verb; needs the extra `utls`.

What a path does may depend on who seems to ask (METHOD 3: truth is per client configuration): programs with OpenSSL's
hello are cut here and there where browsers are not, or the other way round. The package `utls` brings BoringSSL with
the shape of a recent Chrome: GREASE, extensions in a shuffled order, post-quantum key share, a decoy of an encrypted
hello. It works in memory, so that the bytes are moved, counted and timed as those of any handshake: time-out, reset,
close, alert and chain are told as there.

What it is not: a browser. TCP's options are this computer's, no page is fetched (who offers HTTP/2 has to speak it),
and whether the hello equals Chrome's in every byte was not checked against a Chrome. A chain is judged by the same
roots and rules as ever (net.trust), after the handshake.
"""

import functools
import importlib.util
import re
import ssl
from typing import Any

from hushmap.model import Ask, Failure, Layer, Transport, is_address
from hushmap.net import failures
from hushmap.wire import tls as wire_tls

_FOUND = importlib.util.find_spec("utls") is not None
if _FOUND:
    import utls

BROWSER = "browser"
"""`Ask.hello` of one that looks like a browser's."""
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
    if ask.hello not in {None, BROWSER}:
        raise ValueError(f"{ask.hello!a:.40} is nobody's hello; it is browser, or left out")
    if ask.hello is None:
        return
    if ask.layer is not Layer.TLS or ask.transport is not Transport.TCP or ask.ttl is not None or ask.alpn:
        raise ValueError("a browser's hello is sent in a handshake over TCP, with the browser's own ALPN")


@functools.cache
def _context() -> Any:
    context = utls.SSLContext(utls.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = utls.CERT_NONE
    context.set_fingerprint(_SHAPE)
    return context


def client(incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, name: str | None) -> ssl.SSLObject:
    """A client whose hello, naming `name`, waits in `outgoing`.

    Raises:
        ValueError: The name cannot be sent as it is. (The library would leave it out, or send something else.)
    """
    tls: ssl.SSLObject = _context().wrap_bio(incoming, outgoing, server_hostname=name)
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        hello = outgoing.read()
    else:
        raise AssertionError("a handshake ended before it began")
    sent = wire_tls.client_hello_sni(hello)
    if sent != ("ok", None if name is not None and is_address(name) else name):
        raise ValueError("it would not be sent as written")
    outgoing.write(hello)
    return tls


def chain(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    """The certificates that the peer sent, DER."""
    found: Any = tls
    return tuple(item.public_bytes(_DER) for item in found.get_unverified_chain())


def of_tls(error: ssl.SSLError) -> tuple[Failure, str, int | None]:
    """The failure, detail and alert number of an operation that raised `error`: by number, as ever."""
    code = _CODE.search(str(error))
    if code is None:
        return failures.of_tls(error)
    reason = int(code[1], 16)
    alert = reason - _ALERTS if reason > _ALERTS else None
    return (Failure.TLS_FAILED if alert is None else Failure.TLS_ALERT), f"boringssl {reason}", alert
