"""Answers name lookups in place of the resolver, from a place on the path."""

from collections.abc import Iterable
from itertools import islice

from hushmap.lab.censors.rule import SETTLED, Action, Answer, Flow, Injection, Sighting, match
from hushmap.lab.packet import UDP, Packet, udp
from hushmap.wire import dns

_SPACING = 0.0005
"""Seconds between the answers of several injectors on one path; own knowledge, unchecked."""


class DnsInjection:
    """One forged answer per address, to any resolver and also to an address that runs none.

    Source: refs/BEYOND 2.5 (three injectors on the path, so one to three answers to a query; a query to an address
    without a resolver is answered too); the true answer arrives later. Types without a forged address pass.
    """

    kind = "dns-injection"

    def __init__(
        self, names: Iterable[str], words: Iterable[str], addresses: Iterable[str], *, answers: int = 3
    ) -> None:
        self._names = frozenset(names)
        self._words = tuple(words)
        pool = tuple(addresses)
        self._pools = {
            "A": tuple(islice((address for address in pool if ":" not in address), answers)),
            "AAAA": tuple(islice((address for address in pool if ":" in address), answers)),
        }

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Forge an answer per address to a query for a listed name."""
        del now
        if packet.protocol != UDP or flow.sport != 53:
            return SETTLED
        if not packet.outward:
            return None
        try:
            _, name, qtype = dns.question(packet.payload)
            pool = self._pools.get(qtype, ())
            if not pool or match(name, self._names, self._words) is None:
                return None
            answers = [dns.reply(packet.payload, (address,), ttl=60 + number) for number, address in enumerate(pool)]
        except ValueError:  # no query: an injector lets it pass
            return None
        server, client = (packet.target, packet.dport), (packet.source, packet.sport)
        inject = tuple(
            Injection(udp(server, client, answer), outward=False, delay=number * _SPACING)
            for number, answer in enumerate(answers)
        )
        return Action(Sighting("dns.injection", name), inject)
