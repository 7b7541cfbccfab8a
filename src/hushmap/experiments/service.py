"""The `service` experiment: can a messenger, a resolver or a way around be used from here as from elsewhere?

Each endpoint is asked for what a live one answers, here and at the helper: pages as `web` asks them, the rest by a
connection, a handshake or the first packet of their own protocol. Pairs are spent only where a group of endpoints is
unmet, on what fails of it; a door that nobody needs is told, and not knocked at again.
"""

import hashlib
from base64 import b64decode
from collections.abc import Iterator

import msgspec

from hushmap.detect import Contact, Leg, Using, resolver_of
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Want
from hushmap.experiments.survey import DARK_SECONDS, visitable
from hushmap.experiments.web import Web
from hushmap.model import SYSTEM_RESOLVER, Ask, Endpoint, Layer, Live, Side, Target, Transport, is_public
from hushmap.wire import openvpn, stun, tor, wireguard

MAX_ATTEMPTS = 400
"""Attempts about one service, at most: a survey of 16 endpoints is 100, and 20 pairs of three settle each of five."""
DIRECTORY_BYTES = 4096
"""Of a Tor directory's answer: the head, and the line by which the document is known."""


class Service(Web):
    """One service, endpoint by endpoint."""

    experiment = "service"
    most = MAX_ATTEMPTS

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        if target.service is None:
            raise ValueError("a service is asked about by its definition")
        super().__init__(Target(experiment="service", text="https://service/"), conditions, first_id)
        self.target = target

    def wanted(self) -> Iterator[Want]:
        """The survey of every endpoint, then what settles those that the service cannot do without."""
        using = Using(self.record(), self.conditions.knowledge)
        surveys = [[*self._knock(contact)] for contact in using.contacts]
        for wants in surveys:
            yield from wants
        awaited = any(attempt.round == 0 and attempt.pair is None for attempt in self.pending)
        if awaited or not all(self._known(want) for wants in surveys for want in wants):
            return
        for contact in using.wanting:
            for doubt in contact.questions():
                yield from self._settle(doubt)
            if contact.leg is not None:
                yield from self._isolation(contact.leg)

    def _knock(self, contact: Contact) -> Iterator[Want]:
        """The survey of one endpoint."""
        endpoint = contact.endpoint
        if contact.leg is None:
            yield from self._ask(endpoint, endpoint.address or "")
        elif contact.is_web:
            yield from self._survey(contact.leg)
        else:
            yield from self._lookups(contact.leg)
            for address in self._places(contact.leg):
                yield from self._ask(endpoint, address)

    def _lookups(self, leg: Leg) -> Iterator[Want]:
        """The name here, where no resolver runs, and at the helper; elsewhere too if nothing usable came."""
        known = self.conditions
        first = self._lookup(leg, known.resolvers[0])
        yield first
        if known.dark is not None:
            seconds = DARK_SECONDS / known.scale
            ask = Ask(layer=Layer.DNS, name=leg.host, qtype="A", resolver=known.dark, timeout=seconds)
            yield Want(ask=ask, role=self.role)
        if known.helper:
            yield msgspec.structs.replace(self._lookup(leg, SYSTEM_RESOLVER), side=Side.HELPER)
        if self._over(first) and not self._usable(leg, leg.offered_here):
            for resolver in known.resolvers[1:]:
                yield self._lookup(leg, resolver)
            for resolver in known.comparison_resolvers:
                yield msgspec.structs.replace(self._lookup(leg, resolver), changed="resolver")

    def _lookup(self, leg: Leg, resolver: str) -> Want:
        qtype = "A+AAAA" if self.conditions.ipv6 else "A"
        return Want(ask=Ask(layer=Layer.DNS, name=leg.host, qtype=qtype, resolver=resolver), role=self.role)

    def _usable(self, leg: Leg, addresses: tuple[str, ...]) -> tuple[str, ...]:
        """Those of some addresses at which the endpoint may be, IPv4 first."""
        kept = [
            address
            for address in addresses
            if leg.wrong(address) is None and visitable(address, ipv6=self.conditions.ipv6)
        ]
        return tuple(sorted(kept, key=lambda address: ":" in address))

    def _places(self, leg: Leg) -> tuple[str, ...]:
        """Where the endpoint is asked: one address that programs here would use, else one that others named."""
        if not all(self._over(want) for want in self._lookups(leg)):
            return ()
        own = self._usable(leg, leg.offered_here)
        return (own or self._usable(leg, (*leg.told, *leg.compared)))[:1]

    def _ask(self, endpoint: Endpoint, address: str) -> Iterator[Want]:
        ask = ask_of(endpoint, address, self._harmless)
        if ask is None or not visitable(address, ipv6=self.conditions.ipv6):
            return
        yield Want(ask=ask, role=self.role)
        if self.conditions.helper and is_public(address):
            yield Want(ask=ask, role=self.role, side=Side.HELPER)

    @property
    def _harmless(self) -> str | None:
        """A name that any resolver may be asked for."""
        return next((baseline.name for baseline in self.conditions.baselines), None)


def ask_of(endpoint: Endpoint, address: str, harmless: str | None) -> Ask | None:
    """What an endpoint that serves no page is asked at an address; `None` where there is nothing harmless to ask."""
    if endpoint.answers is Live.DNS:
        resolver = resolver_of(endpoint)
        return None if harmless is None else Ask(layer=Layer.DNS, name=harmless, qtype="A", resolver=resolver)
    if endpoint.answers is Live.TCP:
        return Ask(layer=Layer.TCP, address=address, port=endpoint.port, host=endpoint.name)
    if endpoint.answers is Live.TLS:
        verify = endpoint.verify and endpoint.name is not None
        return Ask(layer=Layer.TLS, address=address, port=endpoint.port, sni=endpoint.name, verify=verify)
    return Ask(
        layer=Layer.RAW,
        address=address,
        port=endpoint.port,
        host=endpoint.name,
        transport=endpoint.transport,
        payload=payload_of(endpoint),
        most=DIRECTORY_BYTES,
    )


def payload_of(endpoint: Endpoint) -> bytes:
    """The first packet of an endpoint's protocol; its free parts follow from the endpoint: asks stay equal."""
    seed = hashlib.sha256(f"{endpoint.answers} {endpoint.text}".encode()).digest()
    if endpoint.answers is Live.STUN:
        return stun.request(seed[: stun.TRANSACTION])
    if endpoint.answers is Live.WIREGUARD:
        return wireguard.initiation(seed, None if endpoint.key is None else b64decode(endpoint.key))
    if endpoint.answers is Live.OPENVPN:
        packet = openvpn.reset(seed[: openvpn.SESSION])
        return packet if endpoint.transport is Transport.UDP else openvpn.framed(packet)
    return tor.directory_request(endpoint.name or endpoint.address or "")
