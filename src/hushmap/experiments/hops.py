"""The `hops` experiment: between which two hops is a name, or an address, cut off?

First the way is learned by packets without the name; then the name is sent once as anybody would. Only if that is
cut off do probes with small TTLs follow (tracing), each beside a harmless one with the same TTL and ports. Every
probe shows the name as far as it goes, so each is a contact, and those that tell most are chosen (sampling.locate).
"""

from collections.abc import Generator, Iterator

import msgspec

from hushmap.detect import Reaction, proxied, reaction
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Conversation, Want
from hushmap.experiments.survey import DARK_SECONDS
from hushmap.experiments.tracing import Tracing
from hushmap.model import SYSTEM_RESOLVER, Ask, Layer, Role, Side, Target, Trial, is_address, is_public
from hushmap.wire import names, url

TRIES = 3
"""Attempts that say nothing before the question is given up."""


class Hops(Conversation):
    """One name, or one address, and the way to it."""

    experiment = "hops"

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        super().__init__(target, conditions, first_id)
        text = target.text if "://" in target.text else f"https://{target.text}/"
        self._page = url.parse(text)
        self._tracing = Tracing(self, first_id)

    def wanted(self) -> Iterator[Want]:
        """One thing after the other: packets with the same ports cannot be under way at once."""
        if self.pending:
            return
        if not is_address(self._page.host):
            yield from self._question()
        address = self._address()
        if address is None or self._forged():
            return
        yield from self._connection(address)

    # Lookups

    def _question(self) -> Iterator[Want]:
        """Does anybody answer for the name at an address where no resolver is? If so, where; else its address."""
        name, known = names.ascii_name(self._page.host), self.conditions
        if known.dark is not None:
            seconds = DARK_SECONDS / known.scale
            dark = Ask(layer=Layer.DNS, name=name, qtype="A", resolver=known.dark, timeout=seconds)
            yield Want(ask=dark, role=self.role, changed="name")
            if self._one(dark) is None:
                return
            if self._forged():
                yield from self._injected(dark)
                return
        for resolver in self._resolvers():
            ask = Ask(layer=Layer.DNS, name=name, qtype="A+AAAA" if known.ipv6 else "A", resolver=resolver)
            yield Want(ask=ask, role=self.role)
            found = self._one(ask)
            if found is None or any(map(is_public, _addresses(found))):
                return

    def _injected(self, dark: Ask) -> Iterator[Want]:
        """Does it answer for harmless names too, twice each by turns, since one answer may be lost; if not, where?"""
        twin = self.twin(dark, "name", 0)
        if twin is None:
            return
        for turn, ask, role in ((0, twin, Role.BASELINE), (1, dark, self.role), (1, twin, Role.BASELINE)):
            yield Want(ask=ask, role=role, round=turn, changed="name")
            if len(self._all(ask)) <= turn or proxied(self.counted, self.context):
                return
        resolver = next((one for one in self._resolvers() if one.startswith("udp://")), None)
        if resolver is not None:
            subject = Ask(layer=Layer.DNS, name=dark.name, qtype="A", resolver=resolver)
            yield from self._tracing.wants(subject, "name")

    def _resolvers(self) -> tuple[str, ...]:
        """Whom to ask for an address: somebody else first, since the provider's own answer may be the lie."""
        known = self.conditions
        return (*known.comparison_resolvers, *known.resolvers) or (SYSTEM_RESOLVER,)

    def _forged(self) -> bool:
        return any(
            trial.ask.resolver == self.conditions.dark and self._says(trial) is Reaction.HIT
            for trial in self.counted
            if trial.ask.layer is Layer.DNS and trial.changed == "name" and trial.ask.ttl is None
        )

    def _address(self) -> str | None:
        if is_address(self._page.host):
            return self._page.host.strip("[]")
        found = (address for trial in self.counted if trial.changed is None for address in _addresses(trial))
        return next(filter(is_public, found), None)

    # Connections

    def _connection(self, address: str) -> Iterator[Want]:
        """Does the address answer; the way to it; is a visit that names the host cut off, and where."""
        syn = Ask(layer=Layer.TCP, address=address, port=self._page.port)
        said = yield from self._whole(syn, "address")
        if said is Reaction.HIT:
            yield from self._traced(syn, "address")
        if said is not Reaction.PASSED or is_address(self._page.host):
            return
        subject, changed = self._visit(address)
        yield from self._tracing.sweep(subject, changed)
        if self._tracing.sweeping(subject, changed) is not None:
            return
        said = yield from self._whole(subject, changed)
        if said is Reaction.HIT:
            yield from self._traced(subject, changed)

    def _traced(self, subject: Ask, changed: str) -> Iterator[Want]:
        """Does it work elsewhere at this time; and where is it cut off? What fails for everyone is no block."""
        if self.conditions.helper:
            there = msgspec.structs.replace(subject, source_port=None)
            want = Want(ask=there, role=self.role, side=Side.HELPER)
            yield want
            if not self._over(want):
                return
        yield from self._tracing.wants(subject, changed)

    def _visit(self, address: str) -> tuple[Ask, str]:
        """A visit as anybody's, but for its port: filters that share their load watch some ports and not others."""
        page, there = (
            self._page,
            Ask(layer=Layer.TLS, address=address, port=self._page.port, source_port=self._tracing.port),
        )
        if page.scheme == "https":
            return msgspec.structs.replace(there, sni=page.host, verify=False), "sni"
        return msgspec.structs.replace(there, layer=Layer.HTTP, url=page.text), "host"

    def _whole(self, ask: Ask, changed: str) -> Generator[Want, None, Reaction | None]:
        """Ask until it passed, or was hit (an address: twice), at most three times; what it came to.

        Of an address that was hit first, one pass is no more than the hit: a forged answer may be lost, too.
        """
        needed = 2 if changed == "address" else 1
        for turn in range(TRIES):
            yield Want(ask=ask, role=self.role, round=turn, changed=changed)
            told = [
                self._says(trial) for trial in self._all(ask)[: turn + 1]
            ]  # what comes later is for another question
            if len(told) <= turn:
                return None
            passed, hits = told.count(Reaction.PASSED), told.count(Reaction.HIT)
            if passed > hits:
                return Reaction.PASSED
            if hits >= needed and hits > passed:
                return Reaction.HIT
        return Reaction.PASSED if passed else Reaction.SILENT

    # What was told

    def _one(self, ask: Ask) -> Trial | None:
        return next(iter(self._all(ask)), None)

    def _all(self, ask: Ask) -> list[Trial]:
        return [t for t in self.counted if t.ask == ask and t.pair is None and t.side is Side.HERE]

    def _says(self, trial: Trial) -> Reaction:
        return reaction(trial, self.conditions.knowledge, self.context)


def _addresses(trial: Trial) -> tuple[str, ...]:
    """All addresses that a lookup gave."""
    return tuple(address for step in trial.resolves for address in step.addresses)
