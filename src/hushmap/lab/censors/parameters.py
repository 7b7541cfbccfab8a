"""The parameters of a censor, as a `[[censor]]` of a scenario file gives them.

One Struct for all kinds, because a person reads and writes them in one table. Which kind takes which is written at
its class, and `catalogue.faults` refuses the others by name: a parameter that does nothing would make a censor that
does not do what its author believes.
"""

from typing import Annotated, Literal

import msgspec

from hushmap.lab.censors.flow import Renewal, Scope

Kind = Literal[
    "address-delay",
    "address-drop",
    "address-freeze",
    "address-prohibited",
    "address-reset",
    "address-throttle",
    "answer-drop",
    "answer-reset",
    "block-page",
    "body-close",
    "body-drop",
    "body-reset",
    "dns-bogon",
    "dns-drop",
    "dns-empty",
    "dns-encrypted",
    "dns-injection",
    "dns-intercept",
    "dns-notice",
    "dns-nxdomain",
    "dns-refused",
    "dns-servfail",
    "ech-alert",
    "ech-close",
    "ech-drop",
    "ech-reset",
    "geo-syn-drop",
    "geo-syn-reset",
    "header-close",
    "header-drop",
    "header-reset",
    "host-close",
    "host-drop",
    "host-reset",
    "host-throttle",
    "http-forged",
    "http-mend",
    "http-redirect",
    "http-rewrite",
    "payload-drop",
    "payload-reset",
    "port-drop",
    "port-reset",
    "portal",
    "quic-drop",
    "quic-sni-drop",
    "resolver-address",
    "resolver-bogon",
    "resolver-empty",
    "resolver-nxdomain",
    "resolver-other",
    "resolver-refused",
    "resolver-servfail",
    "resolver-silent",
    "response-close",
    "response-drop",
    "response-reset",
    "sni-alert",
    "sni-close",
    "sni-delay",
    "sni-drop",
    "sni-freeze",
    "sni-reset",
    "sni-throttle",
    "syn-drop",
    "syn-reset",
    "tls-mitm",
    "url-close",
    "url-drop",
    "url-reset",
]


def fields(*names: str) -> tuple[str, ...]:
    """Names of parameters, as the classes list them."""
    return names


def groups(*needed: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Groups of parameters, of each of which one must be given."""
    return needed


Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0)]
Kilobytes = Annotated[float, msgspec.Meta(gt=0)]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Word = Annotated[str, msgspec.Meta(min_length=1)]


class Censor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rule and where it stands. Censors at one place and of one manner are one box, in this order."""

    kind: Kind
    at: int = 3
    """Stands after this many hops from the client."""
    on_path: bool = False
    """A tap, that injects and cannot discard; else it is in the path."""

    names: tuple[Word, ...] = ()
    """Domains with all that is under them, unless `matching` reads them otherwise; `.` is every name."""
    matching: Literal["domain", "exact", "under", "beginning", "ending", "label"] = "domain"
    """It acts on a listed name with all under it, on itself alone, on what is under it alone, or on every name that
    begins with its letters, ends with them, or has a label that begins with them."""
    words: tuple[Word, ...] = ()
    """Parts of a name, a URL, a header, a body; any of them triggers."""
    also: tuple[Word, ...] = ()
    """Words of which each must stand there too, or nothing is triggered; they may share letters."""
    unless: tuple[Word, ...] = ()
    """Words of which any lifts it: where one stands, nothing is triggered. In a stream without an end it lifts what
    comes with it or behind it."""
    ordered: bool = False
    """The word and those of `also` must come in this order, each behind the end of the one before."""
    cased: bool = False
    """It tells capital letters from small ones; in names nobody does."""
    first_bytes: Annotated[int, msgspec.Meta(ge=0)] = 0
    """It looks at so many bytes of the place at most; 0: at all."""
    bounded: bool = False
    """It finds a word only where the place begins or behind what is neither letter nor digit."""
    score: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    """It looks for no whole word: it acts where this share of the pairs of bytes of its words stands; 0: on words."""
    spread: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    """So far below that score it begins to act on some flows, and so far above it acts on all."""
    addresses: tuple[str, ...] = ()
    """What it drops or resets, or forges as an answer."""
    ports: tuple[Port, ...] = ()
    """Server ports that it looks at; none given: the protocol's own."""
    every_port: bool = False
    """It looks at all of them."""
    header: str = ""
    """The only request header that it looks at; none given: all but Host."""
    where: Literal["host", "url"] = "host"
    """Where a notice's trigger stands."""
    part: Literal["url", "path", "query"] = "url"
    """Of a URL it looks at path and query, or at one of them."""
    escapes: bool | None = None
    """It undoes percent-escapes before it looks; not said: in URLs and in bodies of requests."""
    encodings: tuple[Literal["utf-8", "gb18030"], ...] = ("utf-8",)
    """How it expects words to be written."""
    punycode: bool = False
    """It reads labels of other scripts (RFC 3492) before it looks for words in a name."""
    versions: tuple[Literal[1, 2], ...] = (1, 2)
    """The QUIC versions that it reads."""

    reassembly: Literal["records", "tcp", "none"] = "records"
    """It puts TCP segments and TLS records together, segments alone, or neither."""
    hellos: Literal["all", "plain", "grease"] = "all"
    """The ClientHellos it acts on: all, those without GREASE (RFC 8701) as most programs', with it as browsers'."""
    fragments: bool = False
    """It puts the fragments of IP datagrams together before it looks; else it lets them pass."""
    bare_header: bool = False
    """It sees only TCP segments whose header has no options."""
    handshake: bool = False
    """It needs to have seen the client's SYN; else data alone are enough."""
    high_port: bool = False
    """It looks only at flows whose client port is above the server's."""
    first_only: bool = False
    """A first datagram that is none of its protocol exempts the flow."""

    answers: Annotated[int, msgspec.Meta(ge=1, le=3)] = 3
    mirror: Annotated[int, msgspec.Meta(ge=0, le=3)] = 0
    """Which of the answers leaves with the TTL of the query; 0: none."""
    late: Annotated[int, msgspec.Meta(ge=0, le=3)] = 0
    """Which of the answers comes late enough to lose the race; 0: none."""
    late_s: Seconds = 0.2
    record_ttl: Annotated[int, msgspec.Meta(ge=0, le=86400)] = 60
    """Of the first forged answer, in seconds; each further one has a second more."""
    authoritative: bool = False
    """Forged answers have the AA flag."""
    sides: Literal["both", "client"] = "both"
    """Who gets forged resets."""
    resets: Annotated[int, msgspec.Meta(ge=1, le=3)] = 3
    advance: bool = True
    """Resets come at advancing sequence numbers."""
    bare_resets: bool = False
    """Resets have no ACK."""
    reset_payload: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{2}){0,64}$")] = ""
    """What resets carry, in hexadecimal."""
    ttl: Annotated[int, msgspec.Meta(ge=1, le=255)] = 64
    """Of forged packets, where they are sent."""
    ident: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0
    df: bool = False
    alert: Annotated[int, msgspec.Meta(ge=0, le=255)] = 40
    """The TLS alert (IANA); 40 is handshake_failure."""
    status: Literal[200, 403, 451] = 403
    """Of a forged response."""
    location: str = ""
    """Where a forged redirect leads."""
    replacement: str = ""
    """What stands in the place of a word that was rewritten, cut or padded to its length."""
    to: tuple[str, ...] = ()
    """The service of the lab that a flow is led to; one of each family."""
    trusted: bool = False
    """That service's certificates are issued by a root that the client trusts."""

    rate_kbit: Annotated[float, msgspec.Meta(gt=0)] = 140.0
    """Kilobits a second that pass, in each direction."""
    burst_kb: Kilobytes = 8.0
    """What passes at once after a pause."""
    queue_kb: Kilobytes = 64.0
    """What waits at most, before packets are lost after all."""
    delay_s: Seconds = 0.0
    """What every packet waits besides."""
    after_kb: tuple[Kilobytes, Kilobytes] = (16.0, 20.0)
    """A flow freezes when the server has sent so much; where between the two is the flow's own lot."""

    residual_s: Seconds = 0.0
    """A hit goes on blocking its tuple for so long, whatever is sent there."""
    residual_scope: Scope = "3-tuple"
    residual_renewed: Renewal = "by-hits"
    """What starts the time anew: `no`; a hit on a flow still free; a trigger on a blocked tuple too."""
    follow_ups: Share = 1.0
    """Share of the flows that follow which residual blocking hits."""
    onset_s: Seconds = 0.0
    """Residual blocking begins so long after the trigger, which itself passes."""

    misses: Share = 0.0
    """Share of hits that it overlooks, drawn for each flow or question."""
    flows: Share = 1.0
    """Share of flows that it sees at all: by hash of addresses and ports, the same at every attempt."""
    day_s: Seconds = 0.0
    """Length of a day of the lab, on the path's clock; 0: it acts at all times."""
    active_s: tuple[Seconds, Seconds] = (0.0, 0.0)
    """From when to when in a day it acts."""
