"""Replaces this computer's own addresses, at equal length, in everything that leaves the room.

A block page or a certificate may print the address of whoever asked, and a volunteer must not be found by it
(METHOD 5). Addresses are learned in memory only. What stays is place and length: a reader sees that something stood
there. Forms covered: text (all spellings of IPv6), hex, base64, URL-encoded, dashed, reverse names, and IPv4 inside
the NAT64 prefix; and all of these in a request that our echo says back in base64, since a proxy on the way may have
added to it. Loopback and unspecified addresses belong to everyone and are left alone.
"""

import base64
import ipaddress
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

import msgspec

from hushmap.model import (
    Answer,
    Certificate,
    Connect,
    Exchange,
    Fetch,
    Handshake,
    Hop,
    Page,
    Resolve,
    Step,
)

_IP = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052 well-known prefix
_KEPT_V4, _KEPT_V6 = 24, 48
_SUBSCRIBER = 56
"""Bits of an IPv6 address by which a line is told: what a home is given at least (RIPE-690 section 4)."""
"""A DNS answer that is our own address keeps its network, so that a rule can still place it."""


class Own:
    """The addresses of this computer, as far as they were learned."""

    def __init__(self, addresses: Iterable[str] = (), *, closed: bool = False) -> None:
        """`closed`: learn no more than these, as where this computer's address is no secret."""
        self._closed = False
        self._known: set[_IP] = set()
        self._dotted: set[str] = set()
        self._texts: set[str] = set()
        """All that was to be learned, as it came: a run tells the same few addresses thousands of times."""
        self._pattern: re.Pattern[bytes] | None = None
        self._needles: tuple[bytes, ...] = ()
        for address in addresses:
            self.learn(address)
        self._closed = closed

    def learn(self, text: str) -> None:
        """Add an address; what is no address, or everyone's, is not learned."""
        if self._closed or text in self._texts:
            return
        self._texts.add(text)
        try:
            address = ipaddress.ip_address(text.partition("%")[0])
        except ValueError:
            return
        if address.is_loopback or address.is_unspecified or address in self._known:
            return
        self._known.add(address)
        if address.version == 4:
            self._dotted.add(str(address))
        self._pattern = None

    def forget(self) -> None:
        """Know none again."""
        self._known.clear()
        self._dotted.clear()
        self._texts.clear()
        self._pattern = None

    def __contains__(self, text: str) -> bool:
        if ":" not in text:  # IPv4 has one spelling
            return text.partition("%")[0] in self._dotted
        try:
            return ipaddress.ip_address(text.partition("%")[0]) in self._known
        except ValueError:
            return False

    def _within(self, coded: bytes) -> bytes:
        """What is written in base64, masked as if it were not; what is cut off in mid-byte stays as it is."""
        whole = coded[: len(coded) - (len(coded) % 4 == 1)]
        told = base64.b64decode(whole + b"=" * (-len(whole) % 4))
        masked = self._plain(told)
        return coded if masked == told else base64.b64encode(masked)[: len(whole)] + coded[len(whole) :]

    def _plain(self, data: bytes) -> bytes:
        assert self._pattern is not None, "made before anything is looked at"
        lowered, longest = data.lower(), len(data)
        for needle in self._needles:
            if len(needle) > longest:
                return data
            if needle in lowered:
                break
        else:
            return data  # nearly always, and a hundred times faster than to ask the expression
        return self._pattern.sub(lambda match: b"x" * len(match.group()), data)

    def bytes(self, data: bytes) -> bytes:
        """`data` with every own address as a run of `x`."""
        if not self._known or not data:
            return data
        if self._pattern is None:
            self._pattern, self._needles = _pattern(self._known)
        if len(data) >= _CODED_LEAST and (_ECHOED[0] in data or _ECHOED[1] in data or _ECHOED[2] in data):
            within = _CODED.sub(lambda match: self._within(match.group()), data)
            data = data if within == data else within
        return self._plain(data)

    def text(self, text: str) -> str:
        """The same for text; lone surrogates survive."""
        data = text.encode("utf-8", "surrogatepass")
        masked = self.bytes(data)
        return text if masked == data else masked.decode("utf-8", "surrogatepass")

    def address(self, text: str) -> str:
        """A DNS answer's address: if it is ours, its network's first address."""
        if text not in self:
            return text
        kept = _KEPT_V6 if ":" in text else _KEPT_V4
        return str(ipaddress.ip_network(f"{text.partition('%')[0]}/{kept}", strict=False).network_address)

    def step(self, step: Step) -> Step:
        """`step` with every text that the network wrote masked; what was asked stays as asked."""
        if not self._known:
            return step
        detail = None if step.detail is None else self.text(step.detail)
        if isinstance(step, Resolve):
            answers = tuple(map(self._answer, step.answers))
            if detail == step.detail and answers == step.answers:
                return step
            return msgspec.structs.replace(step, answers=answers, detail=detail)
        if isinstance(step, Handshake):
            if detail == step.detail and self.clean(text for one in step.chain for text in _told(one)):
                return step
            chain = tuple(self._certificate(certificate) for certificate in step.chain)
            return msgspec.structs.replace(step, chain=chain, detail=detail)
        if isinstance(step, Fetch):
            if detail == step.detail and (step.page is None or self.clean(_written(step.page))):
                return step
            page = None if step.page is None else self._page(step.page)
            return msgspec.structs.replace(step, page=page, detail=detail)
        if isinstance(step, Exchange):
            return msgspec.structs.replace(step, received=self.bytes(step.received), detail=detail)
        if isinstance(step, Hop):
            router = None if step.router is None else self._router(step.router)
            return msgspec.structs.replace(step, router=router, received=self.bytes(step.received), detail=detail)
        assert isinstance(step, Connect)
        return msgspec.structs.replace(step, detail=detail)

    def clean(self, texts: Iterable[str]) -> bool:
        """Whether no own address stands in any of them, at one look; a line break parts them as their ends do."""
        data = "\n".join(texts).encode("utf-8", "surrogatepass")
        return self.bytes(data) is data

    def _answer(self, answer: Answer) -> Answer:
        plain = not (answer.cnames or answer.alpn or answer.hints or ":" in "".join(answer.addresses))
        if plain and self._dotted.isdisjoint(answer.addresses):
            return answer  # addresses of one spelling and nothing else: nearly every answer
        addresses = tuple(map(self.address, answer.addresses))
        cnames = tuple(map(self.text, answer.cnames))
        alpn, hints = tuple(map(self.text, answer.alpn)), tuple(map(self.address, answer.hints))
        if (addresses, cnames, alpn, hints) == (answer.addresses, answer.cnames, answer.alpn, answer.hints):
            return answer
        return msgspec.structs.replace(answer, addresses=addresses, cnames=cnames, alpn=alpn, hints=hints)

    def _router(self, text: str) -> str:
        """A router's address; one in the network of a subscriber's own IPv6 address names the subscriber."""
        six = [known for known in self._known if isinstance(known, ipaddress.IPv6Address)]
        router = ipaddress.ip_address(text.partition("%")[0])
        if any(router in ipaddress.ip_network(f"{known}/{_SUBSCRIBER}", strict=False) for known in six):
            return str(ipaddress.ip_network(f"{router}/{_KEPT_V6}", strict=False).network_address)
        return self.address(text)

    def _certificate(self, certificate: Certificate) -> Certificate:
        return msgspec.structs.replace(
            certificate,
            subject=self.text(certificate.subject),
            issuer=self.text(certificate.issuer),
            names=tuple(self.text(name) for name in certificate.names),
        )

    def _page(self, page: Page) -> Page:
        def masked(text: str | None) -> str | None:
            return None if text is None else self.text(text)

        return msgspec.structs.replace(
            page,
            header_names=tuple(self.text(name) for name in page.header_names),
            location=masked(page.location),
            server=masked(page.server),
            headers=tuple((name, self.text(value)) for name, value in page.headers),
            title=masked(page.title),
            body=masked(page.body),
        )


def _told(certificate: Certificate) -> tuple[str, ...]:
    """The texts that a certificate's author chose."""
    return (certificate.subject, certificate.issuer, *certificate.names)


def _written(page: Page) -> Iterator[str]:
    """The texts of a page that the network wrote."""
    yield from page.header_names
    yield from (value for _, value in page.headers)
    yield from filter(None, (page.location, page.server, page.title, page.body))


def _pattern(addresses: Iterable[_IP]) -> tuple[re.Pattern[bytes], tuple[bytes, ...]]:
    """One expression for all forms of all addresses, and what it cannot match without, in lower case.

    The longest form of a place wins.
    """
    forms: set[tuple[str, str]] = set()
    for address in addresses:
        forms |= _forms_v4(address) if isinstance(address, ipaddress.IPv4Address) else _forms_v6(address)
    ordered = sorted(forms, key=lambda form: (-len(form[0]), form))
    either = "|".join(_BOUNDS[kind].replace("@", re.escape(text)) for text, kind in ordered)
    needles = sorted({text.lower().encode() for text, _ in forms}, key=len)
    least = [needle for at, needle in enumerate(needles) if not any(short in needle for short in needles[:at])]
    return re.compile(either.encode(), re.IGNORECASE), tuple(least)


_BOUNDS = {
    # A form counts only where it stands for itself: 192.0.2.1 is not in 192.0.2.17, nor in 1.192.0.2.1.
    "dotted": r"(?<![0-9])(?<![0-9]\.)@(?!\.?[0-9])",
    "dashed": r"(?<![0-9])(?<![0-9]-)@(?!-?[0-9])",
    "colons": r"(?<![0-9a-f:])@(?![0-9a-f:])",
    "hex": r"(?<![0-9a-f])@(?![0-9a-f])",
    "base64": r"(?<![A-Za-z0-9+/_-])(?-i:@)",
    "plain": r"@",
}


def _inside(text: bytes, shift: int) -> bytes:
    """Base64 of a text behind `shift` others, of three alignments: the characters that its own bytes decide alone."""
    return base64.b64encode(b"\0" * shift + text)[-(-shift * 8 // 6) : (shift + len(text)) * 8 // 6]


_ECHOED = tuple(_inside(b"HTTP/", shift) for shift in range(3))
"""One of these is in every request that our echo says back (wire.echo), and without them nothing is decoded: three
needles more beside the forty that two addresses have."""
_CODED_LEAST = 32
"""Characters of base64 that the shortest request with an address in it has: 18 bytes, and 7 of the address."""
_CODED = re.compile(rb"[A-Za-z0-9+/]{%d,}" % _CODED_LEAST)


def _encoded(text: str, packed: bytes) -> set[tuple[str, str]]:
    """Forms that both families share: hex, base64 of the bytes and of the text, every byte URL-encoded."""
    forms = {(packed.hex(), "hex"), ("".join(f"%{byte:02x}" for byte in text.encode()), "plain")}
    whole = base64.b64encode(packed).decode().rstrip("=")
    forms |= {(whole, "base64"), (whole.replace("+", "-").replace("/", "_"), "base64")}
    return forms | {(_inside(text.encode(), shift).decode(), "plain") for shift in range(3)}


def _forms_v4(address: ipaddress.IPv4Address) -> set[tuple[str, str]]:
    text = str(address)
    octets = text.split(".")
    forms = {(text, "dotted"), (".".join(reversed(octets)), "dotted")}
    forms |= {("-".join(octets), "dashed"), ("-".join(reversed(octets)), "dashed")}
    forms.add((text.replace(".", "%2e"), "plain"))
    forms.add((".".join(f"{int(octet):03}" for octet in octets), "dotted"))
    forms.add((str(int(address)), "dotted"))  # as one number, which databases keep and URLs may hold
    translated = ipaddress.IPv6Address(int(_NAT64.network_address) | int(address))
    return forms | _encoded(text, address.packed) | _forms_v6(translated)


def _forms_v6(address: ipaddress.IPv6Address) -> set[tuple[str, str]]:
    groups = address.exploded.split(":")
    short = [group.lstrip("0") or "0" for group in groups]
    spellings = {str(address), address.exploded, ":".join(short)}
    forms = {(text, "colons") for text in spellings}
    forms |= {(quote(text, safe="").lower(), "plain") for text in spellings}
    forms |= {(text.replace(":", "-"), "dashed") for text in spellings}
    forms.add((".".join(reversed("".join(groups))), "plain"))
    return forms | _encoded(str(address), address.packed)
