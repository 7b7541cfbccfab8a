"""The `hops` experiment: between which two hops is a name, or an address, cut off?

First the way is learned by packets without the name; then the name is sent once as anybody would. Only if that is
cut off do probes with small TTLs follow, each beside a harmless one with the same TTL and ports. Every probe shows the
name as far as it goes, so each is a contact, and the localiser chooses those that tell most (sampling.locate).
"""

import ipaddress
from collections.abc import Generator, Iterator

import msgspec

from hushmap.detect import Hopping, Reaction, proxied, reaction
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Conversation, Want
from hushmap.experiments.cooldown import BURN_SECONDS
from hushmap.experiments.pairing import visit
from hushmap.experiments.survey import DARK_SECONDS
from hushmap.model import IDS_PER_TARGET, SYSTEM_RESOLVER, Ask, Failure, Layer, Role, Target, Trial, is_address
from hushmap.wire import names, url

FARTHEST = 30
"""What traceroute goes to; no way of the Internet is known to be longer. Own knowledge, unchecked."""
QUIET = 6
"""Hops in a row that say nothing, after which a way is given up."""
SWEEPS = 3
"""How often a silent hop is asked (refs/BEYOND 2.1: at least three votes a TTL)."""
GAP_SECONDS = 1.0
"""Between packets that end at one router: Linux lets one error a second go to one peer (refs/LAB 3)."""
WAIT_SECONDS = 2.0
"""After a pair that does not count the next one waits so long, and twice as long after each further one."""
DROPPED = 8
"""Pairs in a row that do not count, after which a way is given up: with doubling waits, some six minutes."""
TRIES = 3
BLOCK_SECONDS = 60.0
FIRST_PORT, PORTS = 20_000, 12_000
"""Own ports: below those that Linux gives away, so that no connection of others is in the way."""


class Hops(Conversation):
    """One name, or one address, and the way to it."""

    experiment = "hops"

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        super().__init__(target, conditions, first_id)
        text = target.text if "://" in target.text else f"https://{target.text}/"
        self._page = url.parse(text)
        self._port = FIRST_PORT + first_id // IDS_PER_TARGET * 37 % PORTS

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
            twin = None if known.dark is None else self.twin(dark, "name", 0)
            if twin is not None:
                yield Want(ask=twin, role=Role.BASELINE, changed="name")
                if self._one(twin) is None or proxied(self.counted, self.context):
                    return
            resolver = next((one for one in self._resolvers() if one.startswith("udp://")), None)
            if resolver is not None:
                subject = Ask(layer=Layer.DNS, name=name, qtype="A", resolver=resolver)
                yield from self._localise(subject, "name")
            return
        for resolver in self._resolvers():
            ask = Ask(layer=Layer.DNS, name=name, qtype="A+AAAA" if known.ipv6 else "A", resolver=resolver)
            yield Want(ask=ask, role=self.role)
            found = self._one(ask)
            if found is None or any(step.addresses for step in found.resolves):
                return

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
        lookups = (step for trial in self.counted if trial.changed is None for step in trial.resolves)
        return next((step.addresses[0] for step in lookups if step.addresses), None)

    # Connections

    def _connection(self, address: str) -> Iterator[Want]:
        """Does the address answer; the way to it; is a visit that names the host cut off, and where."""
        syn = Ask(layer=Layer.TCP, address=address, port=self._page.port)
        said = yield from self._whole(syn, "address")
        if said is Reaction.HIT:
            yield from self._localise(syn, "address")
        if said is not Reaction.PASSED or is_address(self._page.host):
            return
        subject, changed = self._visit(address)
        yield from self._sweep(subject, changed)
        if self._sweeping(subject, changed) is not None:
            return
        said = yield from self._whole(subject, changed)
        if said is Reaction.HIT:
            yield from self._localise(subject, changed)

    def _visit(self, address: str) -> tuple[Ask, str]:
        """A visit as anybody's, but for its port: filters that share their load watch some ports and not others."""
        page, there = self._page, Ask(layer=Layer.TLS, address=address, port=self._page.port, source_port=self._port)
        if page.scheme == "https":
            return msgspec.structs.replace(there, sni=page.host, verify=False), "sni"
        return msgspec.structs.replace(there, layer=Layer.HTTP, url=page.text), "host"

    def _whole(self, ask: Ask, changed: str) -> Generator[Want, None, Reaction | None]:
        """Ask until it passed, or was hit (an address: twice), at most three times; what it came to."""
        needed = 2 if changed == "address" else 1
        for turn in range(TRIES):
            yield Want(ask=ask, role=self.role, round=turn, changed=changed)
            told = [self._says(trial) for trial in self._all(ask)]
            if len(told) <= turn:
                return None
            if Reaction.PASSED in told:
                return Reaction.PASSED
            if told.count(Reaction.HIT) >= needed:
                return Reaction.HIT
        return Reaction.SILENT

    # The way

    def _localise(self, subject: Ask, changed: str) -> Iterator[Want]:
        """The way, then pairs, until the link is decided and what happens there is."""
        yield from self._sweep(subject, changed)
        if self._sweeping(subject, changed) is not None:
            return
        seen = Hopping(self.record(), self.conditions.knowledge)
        found = seen.way.located
        if found is None or seen.way.dropped >= DROPPED:
            return
        if found.ask is not None:
            yield from self._pair(seen, subject, changed, found.ask)
        elif seen.inside and not seen.decided and (changed == "address" or len(seen.way.forged) < SWEEPS):
            yield from self._pair(seen, subject, changed, found.before, second=True)
        elif seen.beyond:
            yield from self._again(seen, subject, changed)

    def _sweep(self, subject: Ask, changed: str) -> Iterator[Want]:
        wanted = self._sweeping(subject, changed)
        if wanted is not None:
            yield wanted

    def _sweeping(self, subject: Ask, changed: str) -> Want | None:
        """The next harmless packet by which the way is learned; `None` once it is known, or given up."""
        template = self._harmless(subject, changed)
        if template is None:
            return None
        way = Hopping(self.record(), self.conditions.knowledge).way
        tried = [trial.ask.ttl or 0 for trial in way.sweeps]
        last = max(tried, default=0)
        silent = [ttl for ttl in range(1, (way.end or last + 1)) if not way.heard(ttl)[1]]
        quiet = last - max((ttl for ttl in range(1, last + 1) if ttl not in silent), default=0)
        if way.end is None and last < FARTHEST and quiet < QUIET:
            return self._swept(template, last + 1, 0, 0.0)
        for turn in range(1, SWEEPS):
            for ttl in silent:
                if tried.count(ttl) == turn:
                    rest = max(trial.t for trial in way.sweeps if trial.ask.ttl == ttl)
                    return self._swept(template, ttl, turn, rest + GAP_SECONDS / self.conditions.scale)
        return None

    def _swept(self, template: Ask, ttl: int, turn: int, not_before: float) -> Want:
        return Want(ask=self._short(template, ttl), role=Role.BASELINE, round=turn, not_before=not_before)

    def _short(self, ask: Ask, ttl: int) -> Ask:
        """The same with a small TTL, from the one port that all packets of this way have."""
        taken = {Failure.ADDRESS_NOT_AVAILABLE}
        moved = sum(trial.hop is not None and trial.hop.failure in taken for trial in self.trials)
        return msgspec.structs.replace(ask, ttl=ttl, source_port=self._port + moved)

    def _harmless(self, subject: Ask, changed: str) -> Ask | None:
        """A harmless packet on the same way: a SYN where there is a connection, or the twin itself."""
        if changed in {"sni", "host"}:
            return Ask(layer=Layer.TCP, address=subject.address, port=subject.port)
        return self._twin(subject, changed)

    def _twin(self, subject: Ask, changed: str) -> Ask | None:
        if changed != "address":
            return self.twin(subject, changed, 0)
        mine = ipaddress.ip_address(subject.address or "")
        places = [found for baseline in self.conditions.baselines for found in baseline.addresses]
        near = [
            found for found in map(ipaddress.ip_address, places) if found.version == mine.version and found != mine
        ]
        if not near:
            return None
        nearest = min(near, key=lambda found: int(found) ^ int(mine))
        return msgspec.structs.replace(subject, address=str(nearest), port=443)

    # Pairs

    def _pair(self, seen: Hopping, subject: Ask, changed: str, ttl: int, *, second: bool = False) -> Iterator[Want]:
        """What the open pair lacks, or the first of the next one."""
        way, scale = seen.way, self.conditions.scale
        last = way.pairs[-1] if way.pairs else None
        if last is not None:
            members = last.trials
            asked = next((trial for trial in members if trial.role is not Role.BASELINE), None)
            if asked is None and way.usual(last.harmless):
                at = members[0].ask.ttl or 0
                gap = GAP_SECONDS * (1 + last.number % 2) / scale  # uneven, or a limit could tell the two apart
                yield self._member(
                    last.number, self._short(subject, at), changed, members, role=self.role,
                    not_before=members[-1].t + gap,
                )  # fmt: skip
                return
            silent = last.subject is not None and not (last.subject.told or last.subject.answered)
            beside = self._elsewhere(subject)
            if silent and last.bystander is None and beside is not None:
                yield self._member(last.number, beside, changed, members, role=Role.BASELINE, bystander=True)
                return
        twin = self._twin(subject, changed)
        if twin is None:
            return
        rest = [trial.t for trial in self.counted if trial.ask.ttl == ttl]
        start = max(rest, default=0.0) + GAP_SECONDS / scale
        if way.dropped and last is not None:
            start = max(start, last.trials[-1].t + min(BURN_SECONDS, WAIT_SECONDS * 2 ** (way.dropped - 1)) / scale)
        if second and seen.hit:
            start = max(start, seen.hit[0].t0 + BLOCK_SECONDS / scale)
        number = 1 + max((trial.pair or 0 for trial in self.trials), default=0)
        yield Want(
            ask=self._short(twin, ttl), role=Role.BASELINE, round=1, pair=number, changed=changed, not_before=start,
            alone=second,
        )  # fmt: skip

    def _member(self, number: int, ask: Ask, changed: str, members: tuple[Trial, ...], **more: object) -> Want:
        causes = tuple(trial.id for trial in members)
        want = Want(ask=ask, round=1, pair=number, changed=changed, causes=causes, alone=members[0].alone)
        return msgspec.structs.replace(want, **more)

    def _elsewhere(self, subject: Ask) -> Ask | None:
        """An ordinary visit to a baseline's own server: is the line up?"""
        for baseline in self.conditions.baselines:
            for address in baseline.addresses:
                if address != subject.address:
                    if subject.layer is Layer.DNS:
                        return Ask(layer=Layer.TCP, address=address, port=443)
                    return visit(subject, baseline, address)
        return None

    def _again(self, seen: Hopping, subject: Ask, changed: str) -> Iterator[Want]:
        """Only packets that could go on past the target were cut: is that still so?"""
        made = self._all(subject)
        if seen.passed or len(seen.hit) >= SWEEPS or len(made) >= 2 * SWEEPS:
            return
        rest = made[-1].t + WAIT_SECONDS * 2 ** len(made) / self.conditions.scale
        yield Want(ask=subject, role=self.role, round=len(made), changed=changed, not_before=rest)

    # What was told

    def _one(self, ask: Ask) -> Trial | None:
        return next(iter(self._all(ask)), None)

    def _all(self, ask: Ask) -> list[Trial]:
        return [trial for trial in self.counted if trial.ask == ask and trial.pair is None]

    def _says(self, trial: Trial) -> Reaction:
        return reaction(trial, self.conditions.knowledge, self.context)
