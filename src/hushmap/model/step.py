"""One network act and its one outcome.

Every step has `t0` (start) and `t` (end) in seconds since the run began, on one clock, and exactly one outcome:
`failure is None` or a `Failure`. Steps after a failed one are absent, not empty. All text from the network is
bounded and masked before it gets here.
"""

import msgspec

from hushmap.model.ask import Transport
from hushmap.model.failure import Failure


class Answer(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """One DNS reply as it arrived: late and duplicate replies are further answers of the same step."""

    t: float
    """Arrival, seconds since the run began."""
    rcode: int | None = None
    """`None` from the system resolver, which hides it."""
    addresses: tuple[str, ...] = ()
    cnames: tuple[str, ...] = ()
    ttl: int | None = None
    """IP TTL or hop limit of the datagram, where the kernel tells it."""
    record_ttl: int | None = None
    """Smallest TTL among the address records, seconds."""
    alpn: tuple[str, ...] = ()
    """Protocols that an HTTPS record offers (RFC 9460), at most 8."""
    hints: tuple[str, ...] = ()
    """Addresses that it hints at, at most 8; nobody connects to them for that."""
    ech: bool = False
    """It holds a configuration for an encrypted ClientHello."""
    flags: int | None = None
    """The DNS header's flags word: part of an injector's fingerprint (refs/BEYOND 2.5)."""
    failure: Failure | None = None
    """This reply's own outcome (NXDOMAIN, no address ...)."""


class Certificate(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """What one certificate of a chain says of itself."""

    sha256: str
    """Hex digest of the DER bytes."""
    subject: str
    issuer: str
    names: tuple[str, ...] = ()
    """DNS names of subjectAltName, at most 50."""
    not_before: str = ""
    not_after: str = ""
    """Validity, `YYYY-MM-DDTHH:MM:SSZ`."""


class Listing(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """What a page of search results lists (`Ask.extract`), of as many results as were asked for."""

    found: int = 0
    sources: int = 0
    """Results of which the page says whose they are."""
    listed: int = 0
    """Those of sources that the platform's manifest lists."""
    items: tuple[str, ...] = ()
    """Keyed hashes, in order: two pages of one run can be compared by them, and nobody can be found."""
    notice: str | None = None
    """The platform's own words where it leaves something out, at most 300 characters."""
    unplaced: bool = False
    """Words of a known notice stand outside the results, and where the platform's own stand is not known: they may be
    somebody's who quotes them, so that they are not kept."""
    blocked_by: str | None = None
    """Who says of himself that he blocks it (RFC 7725 4)."""


class Page(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """Facts of a response that can be compared without keeping it. Hashes are of masked bytes."""

    status: int
    header_names: tuple[str, ...] = ()
    """Lower-cased, in order."""
    location: str | None = None
    server: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    """Values, by lower-cased name, of headers that a fingerprint may ask for; not those of a person's session."""
    title: str | None = None
    body_length: int = 0
    body_sha256: str = ""
    truncated: bool = False
    """The body was longer than was read, or ended early."""
    sketch: tuple[int, ...] = ()
    """Min-hash of word shingles, 16 numbers; equal positions estimate likeness."""
    signs: tuple[str, ...] = ()
    """Names of the signs that it bears, of those that were asked for (`Ask.extract`)."""
    listing: Listing | None = None
    body: str | None = None
    """Kept (at most 128 kB) only for a block-page candidate of a non-risky category."""


class _Step(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True, tag_field="step"):
    t0: float
    t: float
    failure: Failure | None = None
    detail: str | None = None
    """The errno, alert or library code behind the failure; for people, never for rules."""


class Resolve(_Step, frozen=True, gc=False, tag="resolve", omit_defaults=True, kw_only=True):
    """One query and all its answers. `failure` is that of the first answer, or a time-out if none came."""

    resolver: str
    name: str
    qtype: str
    answers: tuple[Answer, ...] = ()
    sent: int = 1
    """How many times the query was sent."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of the first answer: what a program here would have used."""
        return self.answers[0].addresses if self.answers else ()


class Connect(_Step, frozen=True, gc=False, tag="connect", omit_defaults=True, kw_only=True):
    """One TCP connection."""

    address: str
    port: int


class Handshake(_Step, frozen=True, gc=False, tag="handshake", omit_defaults=True, kw_only=True):
    """One TLS handshake: on the connection before it, or in datagrams of its own (transport quic)."""

    address: str
    port: int
    transport: Transport = Transport.TCP
    sni: str | None = None
    version: str | None = None
    cipher: str | None = None
    alpn: str | None = None
    """The protocol that the server chose (RFC 7301)."""
    alert: int | None = None
    """The alert's number (RFC 8446 section 6), where the peer sent one."""
    spoke: bool = False
    """The peer sent a TLS record: ServerHello or alert. Its author is not proven by that."""
    chain: tuple[Certificate, ...] = ()
    valid: bool | None = None
    """Chain and name hold under bundled Mozilla roots (or the run's own roots); `None`: no chain seen."""
    valid_system: bool | None = None
    """The same under this computer's store; a difference is a finding."""


class Fetch(_Step, frozen=True, gc=False, tag="fetch", omit_defaults=True, kw_only=True):
    """One HTTP exchange; no redirect is followed."""

    url: str
    protocol: str | None = None
    """`h2` or `h3`; `None` is HTTP/1.1."""
    method: str = "GET"
    host: str | None = None
    """The Host header, where it is not the URL's."""
    page: Page | None = None
    """Present once a status line and headers came, even if the body then failed."""
    curve: tuple[tuple[float, int], ...] = ()
    """Byte arrival: (seconds since t0, total bytes so far), at most 64 points."""


class Exchange(_Step, frozen=True, gc=False, tag="exchange", omit_defaults=True, kw_only=True):
    """Raw bytes sent on a connection or in a datagram, and what came back, at most 16 kB."""

    address: str
    port: int
    transport: Transport = Transport.TCP
    received: bytes = b""
    protocol: str | None = None
    """What kind of answer it is, where it fits what was sent: `stun`, `wireguard`, `openvpn`, `tor_directory`."""


class Hop(_Step, frozen=True, gc=False, tag="hop", omit_defaults=True, kw_only=True):
    """One packet with a small TTL and what answered it; a router's ICMP is a value, not a failure.

    `failure` is the TCP reply's (refused, reset, closed), or a time-out if nothing came at all. `t` is when the first
    of router's message and answer came; the other one is awaited a little longer.
    """

    address: str
    port: int
    ttl: int
    transport: Transport = Transport.TCP
    router: str | None = None
    """Who sent the ICMP message."""
    icmp: tuple[int, int] | None = None
    """Its type and code (RFC 792, RFC 4443): 11,0 and 3,0 (IPv6) are time exceeded.

    `(-1, -1)`: one came, and the kernel does not say which, nor from whom: the packet went over a TCP connection.
    """
    reached: bool = False
    """Something answered in the place of the address asked: SYN-ACK, RST, FIN, data, or a datagram."""
    received: bytes = b""
    """The first bytes of that answer, at most 16 kB."""
    source_port: int = 0


Step = Resolve | Connect | Handshake | Fetch | Exchange | Hop
