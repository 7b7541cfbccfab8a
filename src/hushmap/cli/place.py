"""Where a run is carried out and with whose help: options first, then settings, then what this computer says.

Nothing here sends a packet. A helper that is named by a host name is looked up by `run`, after the consent.
"""

import os
import re
from ipaddress import ip_address
from pathlib import Path

import msgspec

from hushmap.cli.fault import Fault
from hushmap.cli.options import Wishes
from hushmap.lab import TOKEN_FILE, TOKEN_NAME
from hushmap.model import SYSTEM_RESOLVER, Vantage, is_address
from hushmap.net import HelperSpec, Host, OoniSpec, host_facts, parse_helper, parse_resolver
from hushmap.runner import VantageError, find_vantage
from hushmap.runs import Settings, fetched

_RESOLVER = re.compile(
    r"(?:(udp|tcp)://)?(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+|[0-9a-fA-F:]+:[0-9a-fA-F:.]*))(?::(\d{1,5}))?"
)

_PORT = re.compile(r"[1-9]\d{0,3}|[1-5]\d{4}|6(?:[0-4]\d{3}|5(?:[0-4]\d{2}|5(?:[0-2]\d|3[0-5])))")
_INSIDE_TLS = ("tls://", "https://", "quic://")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """The surroundings of a run."""

    network: str | None = None
    """As declared: what consents are kept by."""
    vantage: Vantage
    resolvers: tuple[str, ...]
    """Whose answers are measured: `system` first."""
    other_resolvers: tuple[str, ...] = ()
    helper: HelperSpec | OoniSpec | None = None
    address: tuple[str, int] | None = None
    """A server of the person's own that takes words, where there is no helper."""
    harmless: str = "www.example.com"
    """The name by whose page a helper of OONI's kind shows that it is online; a run takes its deck's."""
    host: Host
    mmdb: str | None = None
    """A table that tells whose network an address is in."""
    roots: str | None = None
    scale: float = 1.0


def look_around(wishes: Wishes, settings: Settings, host: Host | None = None) -> Place:
    """The surroundings, from options, settings and this computer.

    Raises:
        Fault: Something that was typed cannot be used.
    """
    host = host_facts() if host is None else host
    network = " ".join((wishes.network or settings.network or "").split()) or None
    mmdb = settings.mmdb or next(iter(fetched("asn")), None)
    declared = wishes.resolvers or ((settings.resolver,) if settings.resolver else ())
    try:
        vantage = find_vantage(
            network=network,
            country=wishes.country or settings.country,
            resolver=", ".join(declared) or None,
            mmdb=mmdb,
            address=next(iter(host.sources), None),
            resolver_address=next(iter(host.resolvers), None),
        )
    except VantageError as error:
        raise Fault(str(error)) from None
    return Place(
        network=network,
        vantage=vantage,
        resolvers=(SYSTEM_RESOLVER, *dict.fromkeys(map(resolver_url, declared))),
        other_resolvers=tuple(dict.fromkeys(map(resolver_url, wishes.other_resolvers))),
        helper=None if wishes.address else helper_spec(wishes.helper or settings.helper),
        address=own_address(wishes),
        host=host,
        mmdb=None if mmdb is None else str(mmdb),
        roots=_roots(wishes.roots),
        scale=_scale(wishes.scale),
    )


def resolver_url(text: str) -> str:
    """The URL of a DNS server as people write it: `192.0.2.53`, `tcp://[2001:db8::53]`, `tls://dns.example#192.0.2.53`.

    One that speaks TLS needs its address beside its name: looking the name up would ask those who are in question.
    """
    text = text.strip()
    if text.startswith(_INSIDE_TLS):
        return _encrypted(text)
    match = _RESOLVER.fullmatch(text)
    fault = Fault(f"{text[:60]!r} is no DNS server; write its address, e.g. --resolver 192.0.2.53")
    if match is None:
        raise fault
    scheme, bracketed, bare, port = match.groups()
    try:
        address = ip_address(bracketed or bare)
    except ValueError:
        raise fault from None
    if port is not None and not 0 < int(port) < 65536:
        raise fault
    shown = f"[{address}]" if address.version == 6 else str(address)
    return f"{scheme or 'udp'}://{shown}:{port or 53}"


def _encrypted(text: str) -> str:
    try:
        found = parse_resolver(text)
    except ValueError:
        raise Fault(
            f"{text[:60]!r} is no DNS server; write e.g. tls://dns.example#192.0.2.53 or "
            "https://dns.example/dns-query#192.0.2.53"
        ) from None
    if not found.address:
        raise Fault(
            f"{text[:60]!r} has no address, and its name would have to be looked up by those who are in question; "
            f"write {found.text[:60]}#ADDRESS"
        )
    return str(found.text)


def helper_spec(text: str | None) -> HelperSpec | OoniSpec | None:
    """The helper of a settings string; no message repeats one that holds a secret."""
    if not text:
        return None
    try:
        return parse_helper(text)
    except ValueError as error:
        remedy = (
            "copy the whole string that hushmap serve helper printed, or give ooni, or the https:// URL of another"
        )
        raise Fault(f"--helper: {error}; {remedy}") from None


def own_address(wishes: Wishes) -> tuple[str, int] | None:
    """Address and port of a server that takes words in place of a helper."""
    if wishes.address is None:
        return None
    if wishes.helper is not None:
        raise Fault("--address and --helper both say where words go; give one")
    host, _, port = wishes.address.strip().rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not is_address(bare) or (":" in bare) is not host.startswith("[") or not _PORT.fullmatch(port):
        form = "write e.g. 192.0.2.10:80 or [2001:db8::1]:80"
        raise Fault(f"--address {wishes.address[:60]!r} is no address with a port; {form}")
    return str(ip_address(bare)), int(port)


def helper_words(text: str | None) -> tuple[str, ...]:
    """The option as it may be shown again: a helper of one's own is a secret, one of OONI's kind is not."""
    if not text:
        return ()
    return ("--helper", text.strip() if isinstance(helper_spec(text), OoniSpec) else "…")


def _roots(path: str | None) -> str | None:
    if path is None:
        return None
    try:
        text = Path(path).read_bytes()
    except OSError as error:
        raise Fault(f"--roots: {path}: {error.strerror}; give a PEM file that can be read") from None
    if b"-----BEGIN CERTIFICATE-----" not in text:
        raise Fault(f"--roots: {path}: holds no certificate; give a PEM file")
    return path


def in_lab(root: Path = Path("/")) -> bool:
    """Whether this is a lab: its word lies in the private /run of its client, and in this process's environment.

    An address proves nothing, nor does a variable alone: on a real network neither may switch pauses off, or head a
    page as the lab's.
    """
    ours = os.environ.get(TOKEN_NAME, "")
    try:
        theirs = (root / TOKEN_FILE.lstrip("/")).read_text("ascii")
    except (OSError, ValueError):
        return False
    return bool(ours) and ours == theirs


def _scale(scale: float) -> float:
    if scale == 1.0:
        return 1.0
    if not in_lab():
        raise Fault(
            "--scale is for the lab only: on a real network pauses protect others, and pairs need their minutes"
        )
    if not 1.0 <= scale <= 100.0:
        raise Fault("--scale is a number from 1 to 100")
    return scale
