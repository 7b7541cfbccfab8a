"""What one attempt asks of the network.

One flat Struct for every layer: an attempt is data that a plan can print, a journal can store and a helper can
carry out elsewhere. A field that a layer does not use keeps its default.
"""

from enum import StrEnum

import msgspec

from hushmap.model.platform import Extraction


class Transport(StrEnum):
    """What carries a connection."""

    TCP = "tcp"
    QUIC = "quic"
    """RFC 9000: layer tls is then one `Handshake` in datagrams, layer http an HTTP/3 `Fetch` after it."""
    UDP = "udp"
    """Datagrams of our own (layer raw): `Exchange` without a connection."""


class Layer(StrEnum):
    """How far up an attempt goes; each layer does the steps of those below that it needs."""

    DNS = "dns"
    """`Resolve` `name` at `resolver`; two steps for qtype A+AAAA."""
    TCP = "tcp"
    """`Connect` to `address`:`port`."""
    TLS = "tls"
    """`Connect`, `Handshake` naming `sni`."""
    HTTP = "http"
    """`Connect`, `Handshake` if `url` is https, `Fetch` of `url` from `address`."""
    RAW = "raw"
    """`Connect`, `Exchange` of `payload`."""


SYSTEM_RESOLVER = "system"
"""`Ask.resolver` for getaddrinfo: the cache, hosts file and search list that programs here really use."""


class Ask(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """All that one attempt asks. Equal asks ask the same thing."""

    layer: Layer
    name: str | None = None
    """The domain name to look up (layer dns)."""
    qtype: str = "A"
    """`A`, `AAAA` or `A+AAAA` (layer dns)."""
    resolver: str | None = None
    """`system`, `udp://ADDRESS:PORT` or `tcp://ADDRESS:PORT`, IPv6 in brackets; or who is asked inside TLS:
    `tls://HOST[:PORT][#ADDRESS]`, `quic://HOST[:PORT][#ADDRESS]` or `https://HOST[:PORT]/PATH[#ADDRESS]`. HOST, name
    or address, is whose certificate must hold; ADDRESS, without brackets, is where it is asked, and without one
    HOST is looked up first (layer dns; `wire.resolver` reads it)."""
    address: str | None = None
    """The IP address to connect to; text form, no brackets."""
    port: int | None = None
    source_port: int | None = None
    """The port of this side; `None` lets the kernel choose a fresh one."""
    transport: Transport = Transport.TCP
    alpn: tuple[str, ...] = ()
    """Protocols offered in the ClientHello, best first (RFC 7301); empty offers none over TCP, h3 over QUIC."""
    sni: str | None = None
    """The server name of the ClientHello; `None` sends none."""
    host: str | None = None
    """The Host header; by default the URL's."""
    method: str = "GET"
    url: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    """Headers beside Host, in order; empty means the client's defaults, for a form where there is a payload."""
    payload: bytes | None = None
    """What `Exchange` sends (layer raw), or the body of the request (layer http)."""
    hello: str | None = None
    """Whose ClientHello it is: `None` is this computer's TLS library, `browser` one that looks like a browser's, with
    the decoy of an encrypted hello (ECH); `browser-plain` is the same without, `browser-ech` with a real encrypted
    hello, which no server can read, `sni` being the outer name."""
    ttl: int | None = None
    """TTL or hop limit of the one packet that matters: the SYN (layer tcp), the question (dns), or what is sent first
    after an ordinary handshake (tls, http, raw). The act is then a `Hop`."""
    most: int | None = None
    """Bytes of the answer that are read at most; `None` takes the verb's own bound."""
    dwell: float | None = None
    """Seconds after a QUIC Initial at which the peer must still answer; layer raw over TCP: the silence after which
    what was answered counts as whole. `None` takes the verb's own."""
    verify: bool = True
    """Whether the certificate must hold for `sni`; the chain is recorded either way."""
    extract: Extraction | None = None
    """What of the page is to be a fact, beside those of every page (layer http)."""
    timeout: float | None = None
    """Seconds for each step; `None` takes the verb's own (METHOD 3, refs/STATISTICS 6)."""
