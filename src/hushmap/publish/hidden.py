"""What must not leave, and every form in which it could: texts and addresses that are told for this one publishing.

A run masks this computer's own addresses before anything is written, but it was made elsewhere than where it is
published, perhaps, and a page may have printed what nobody thought of then. So what is known now (addresses, the
helper's token, the home folder) is looked for once more, as text, percent-encoded, hexadecimal, base64 and reversed,
and inside whatever is written in base64. It becomes a run of `x` of the same length: lengths are evidence.
"""

import base64
import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import quote

LEAST = 4
"""Characters of a text that is looked for: shorter ones stand in any page by chance."""
_CODED = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
"""What may be base64 and long enough to hold an address."""
_FORWARDED = re.compile(
    rb"(?P<name>(?:forwarded|(?:x-)?(?:forwarded-for|real-ip|client-ip|cluster-client-ip)|true-client-ip) *[:=] *)"
    rb"(?P<value>[^\r\n]+)",
    re.IGNORECASE,
)
"""Where a proxy on the way writes whose request it was (RFC 7239 and its forerunners), though nobody told it."""

_ADDRESS = r"(?<![0-9a-z:])(?<![0-9]\.)@(?![0-9a-z:]|\.[0-9])"
_PLAIN = r"@"
_BELOW = r"(?<![0-9a-z:])@[0-9a-f:-]*"
"""An address of IPv6 by its first half: a line has a /64 of its own (RFC 6177), with all addresses in it."""
_MAPPED = ("::ffff", "64:ff9b:")
"""How a server that speaks IPv6 writes an address of IPv4 (RFC 4291, RFC 6052)."""


class Hidden:
    """Texts and addresses that must not leave."""

    def __init__(self, texts: Iterable[str] = (), addresses: Iterable[str] = ()) -> None:
        """Of addresses those are left out that everybody has, and what is none."""
        forms: set[tuple[bytes, str]] = set()
        raw: set[bytes] = set()
        for text in texts:
            if len(text) >= LEAST:
                forms |= {(form, _PLAIN) for form in _forms(text)}
        for address in addresses:
            found = _address_forms(address)
            raw |= {ipaddress.ip_address(address.partition("%")[0]).packed} if found else set()
            forms |= found
        ordered = sorted(forms, key=lambda form: (-len(form[0]), form))
        self._pattern: re.Pattern[bytes] | None = None
        if ordered:
            either = "|".join(bounds.replace("@", re.escape(form.decode("latin-1"))) for form, bounds in ordered)
            self._pattern = re.compile(either.encode("latin-1"), re.IGNORECASE)
        self._raw = re.compile(b"|".join(map(re.escape, sorted(raw)))) if raw else None
        """Addresses as headers of packets hold them: in bytes only, for four letters may be one."""

    def masked(self, data: bytes) -> bytes:
        """Bytes with each of them as a run of `x`, within base64 too."""
        if self._raw is not None:
            data = self._raw.sub(lambda found: b"x" * len(found[0]), data)
        return self._everywhere(data)

    def text(self, text: str) -> str:
        """The same of a text; lone surrogates survive."""
        data = text.encode("utf-8", "surrogatepass")
        masked = self._everywhere(data)
        return text if masked == data else masked.decode("utf-8", "replace")

    def _everywhere(self, data: bytes) -> bytes:
        return _CODED.sub(lambda found: self._within(found[0]), self._plain(data)) if data else data

    def holds(self, text: str) -> bool:
        """Whether any of them is in a text."""
        return self.text(text) != text

    def _plain(self, data: bytes) -> bytes:
        data = _FORWARDED.sub(lambda found: found["name"] + b"x" * len(found["value"]), data)
        return data if self._pattern is None else self._pattern.sub(lambda found: b"x" * len(found[0]), data)

    def _within(self, coded: bytes) -> bytes:
        """What is written in base64, masked as if it were not; what is cut off in mid-byte stays as it is."""
        bare = coded.rstrip(b"=")
        whole = bare[: len(bare) - (len(bare) % 4 == 1)]
        url = b"-" in whole or b"_" in whole
        standard = whole.replace(b"-", b"+").replace(b"_", b"/") + b"=" * (-len(whole) % 4)
        told = base64.b64decode(standard)
        masked = self._plain(told)
        if masked == told:
            return coded
        again = (base64.urlsafe_b64encode if url else base64.b64encode)(masked)[: len(whole)]
        return again + coded[len(whole) :]


def _forms(text: str) -> set[bytes]:
    """A text, percent-encoded, in hexadecimal, in base64 at each of its three alignments, and reversed."""
    data = text.encode("utf-8", "surrogatepass")
    forms = {data, quote(data, safe="").encode(), "".join(f"%{byte:02x}" for byte in data).encode(), data[::-1]}
    forms |= {data.hex().encode()}
    return forms | {_inside(data, shift) for shift in range(3) if len(data) > LEAST}


def _inside(data: bytes, shift: int) -> bytes:
    """The characters of base64 that `data` behind `shift` other bytes decides alone."""
    return base64.b64encode(b"\0" * shift + data)[-(-shift * 8 // 6) : (shift + len(data)) * 8 // 6]


def _address_forms(text: str) -> set[tuple[bytes, str]]:
    """The forms of an address; none of one that is everybody's."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return set()
    if address.is_loopback or address.is_unspecified or address.is_multicast:
        return set()
    if isinstance(address, ipaddress.IPv4Address):
        parts = str(address).split(".")
        spelled = {".".join(parts), "-".join(parts), ".".join(parts[::-1]), "-".join(parts[::-1])}
        spelled |= {"%2e".join(parts), ".".join(f"{int(part):03}" for part in parts), str(int(address))}
        low = f"{address.packed[:2].hex().lstrip('0') or '0'}:{address.packed[2:].hex().lstrip('0') or '0'}"
        spelled |= {f"{six}:{four}" for six in _MAPPED for four in (str(address), low)}
    else:
        groups = address.exploded.split(":")
        short = ":".join(group.lstrip("0") or "0" for group in groups)
        spelled = {str(address), address.exploded, short, ".".join(reversed("".join(groups)))}
        spelled |= {one.replace(":", "-") for one in spelled}
    below: set[tuple[bytes, str]] = set()
    if isinstance(address, ipaddress.IPv6Address):
        halves = (":".join(groups[:4]), ":".join(group.lstrip("0") or "0" for group in groups[:4]))
        below = {(f"{half}:".replace(":", sign).encode(), _BELOW) for half in halves for sign in ":-"}
    bounded = below | {(one.encode(), _ADDRESS) for one in spelled} | {(address.packed.hex().encode(), _ADDRESS)}
    coded = {form for one in spelled for form in _forms(one) - {one.encode()}}
    return bounded | {(form, _PLAIN) for form in coded}
