"""Stand-ins for addresses near the person: the helper, the resolver at home, the routers of their own line.

A rule asks whether two addresses are the same, and whether one is public; it never asks which. So each such address
gets one stand-in for a whole run, of its own family and as public as itself, that occurs nowhere else in the run:
what is judged from the copy is what was judged from the run.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator

import msgspec

from hushmap.model import Ask, Hop, Record, is_address, is_public

_PUBLIC_4, _PUBLIC_6 = "192.0.2.0/24", "2001:db8:ffff::/64"
"""Documentation (RFC 5737, RFC 3849): nobody's."""
_NEAR_4, _NEAR_6 = "10.0.0.0/8", "fd00::/64"
"""Private use (RFC 1918, RFC 4193)."""
_PORT = re.compile(r"^([0-9.]+):[0-9]{1,5}$")
FIRST_PORT = 50_000
"""The first stand-in for a port of this side."""


class Names:
    """The stand-ins of one run."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        """`taken`: every text in which an address of the run may stand; no stand-in is one of them."""
        self._taken = set(taken)
        self.of: dict[str, str] = {}
        self._ports: dict[int, int] = {}
        self._pattern: re.Pattern[str] | None = None

    def public(self, address: str) -> None:
        """Give an address a stand-in that is public if it is."""
        near = not is_public(address)
        self._name(address, (_NEAR_6 if near else _PUBLIC_6) if ":" in address else _NEAR_4 if near else _PUBLIC_4)

    def near(self, address: str) -> None:
        """Give a router near the person a stand-in that is nobody's and not public."""
        self._name(address, _NEAR_6 if ":" in address else _NEAR_4)

    def _name(self, address: str, network: str) -> None:
        if address in self.of or not is_address(address):
            return
        hosts = ipaddress.ip_network(network).hosts()
        free = next(text for host in hosts if (text := str(host)) not in self._taken)
        self._taken.add(free)
        self.of[address] = free
        self._pattern = None

    def text(self, text: str) -> str:
        """`text` with each address that has a stand-in replaced, where it stands for itself."""
        if not self.of:
            return text
        if self._pattern is None:
            either = "|".join(
                re.escape(one) + (r"(?![0-9A-Fa-f:])" if ":" in one else r"(?![0-9]|\.[0-9])")
                for one in sorted(self.of, key=lambda one: (-len(one), one))
            )
            self._pattern = re.compile(rf"(?<![0-9A-Fa-f:])(?<![0-9]\.)(?:{either})")
        return self._pattern.sub(lambda found: self.of[found[0]], text)

    def any_in(self, prefix: str) -> bool:
        """Whether an address that has a stand-in lies in a prefix; of what is no prefix, yes."""
        if not _is_network(prefix):
            return True
        network = ipaddress.ip_network(prefix, strict=False)
        return any(
            parsed in network
            for one in self.of
            if (parsed := ipaddress.ip_address(one.partition("%")[0])).version == network.version
        )

    def port(self, port: int) -> int:
        """The stand-in of a port of this side: a provider's log of translations finds its line by it."""
        return self._ports.setdefault(port, FIRST_PORT + len(self._ports)) if port else port


def addresses_in(text: str) -> Iterator[str]:
    """The addresses that stand in a text of ours, such as a resolver's."""
    for word in re.split(r"[\s,#/\[\]@]+", text):
        bare = _PORT.sub(r"\1", word)
        if is_address(bare):
            yield bare


class Near(msgspec.Struct, kw_only=True):
    """What of one run is near the person, as its records tell."""

    helpers: set[str] = msgspec.field(default_factory=set)
    resolvers: set[str] = msgspec.field(default_factory=set)
    routers: set[str] = msgspec.field(default_factory=set)
    seen: set[str] = msgspec.field(default_factory=set)
    """Every address of the run: none of them may be a stand-in."""

    def look(self, record: Record, *, own_vantage: bool) -> None:
        """Learn what a record tells."""
        context, vantage = record.context, record.vantage
        if context.helper:
            self.helpers.update(addresses_in(context.helper))
        home = set(addresses_in(vantage.resolver or ""))
        self.resolvers |= {one for one in home if not own_vantage or not is_public(one)}
        for trial in record.trials:
            self._ask(trial.ask)
            for step in trial.steps:
                self.seen.update(addresses_of(step))
        self.routers |= set(near_routers(record, own_vantage=own_vantage))

    def _ask(self, ask: Ask) -> None:
        self.seen.update(addresses_of(ask))
        for one in addresses_in(ask.resolver or ""):
            if not is_public(one):
                self.resolvers.add(one)

    def names(self) -> Names:
        """Stand-ins for all of it, the same whenever they are made."""
        names = Names(self.seen | self.helpers | self.resolvers | self.routers)
        for one in sorted(self.helpers) + sorted(self.resolvers - self.helpers):
            names.public(one)
        for one in sorted(self.routers - self.helpers - self.resolvers):
            names.near(one)
        return names


def near_routers(record: Record, *, own_vantage: bool) -> Iterator[str]:
    """Routers by which a line could be found: those that are not public, and the first public one of each way.

    Unless the line's holder lets the network be named, all of its routers, and all of which nobody knows whose they
    are.
    """
    ways: dict[str, list[tuple[int, str]]] = {}
    for trial in record.trials:
        for step in trial.steps:
            if isinstance(step, Hop) and step.router:
                ways.setdefault(step.address, []).append((step.ttl, step.router))
    elsewhere = _Elsewhere(record)
    for way in ways.values():
        first = min((ttl for ttl, router in way if is_public(router)), default=0)
        for ttl, router in way:
            if ttl <= first or not is_public(router) or not (own_vantage or elsewhere.holds(router)):
                yield router


class _Elsewhere:
    """Networks that are known, and not the person's."""

    def __init__(self, record: Record) -> None:
        own = {record.vantage.asn, record.vantage.resolver_asn, 0}
        known = record.context.prefixes if record.vantage.asn is not None else ()
        self._networks = [
            ipaddress.ip_network(prefix, strict=False)
            for prefix, asn in known
            if asn not in own and _is_network(prefix)
        ]

    def holds(self, address: str) -> bool:
        """Whether an address is in one of them."""
        parsed = ipaddress.ip_address(address.partition("%")[0])
        return any(parsed in network for network in self._networks if network.version == parsed.version)


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def addresses_of(value: object) -> Iterator[str]:
    """Every address in a value of the model, to any depth."""
    if isinstance(value, str):
        yield from addresses_in(value)
    elif isinstance(value, tuple):
        for one in value:
            yield from addresses_of(one)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from addresses_of(getattr(value, name))
