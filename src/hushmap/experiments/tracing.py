"""Turning "it is cut off" into a link: the way without the name first, then pairs with small TTLs, one at a time.

Packets with the same ports cannot be under way at once, and a router's limit must not be met more often by one of a
pair than by the other: so there is one packet at a time, and the same pause before each.
"""

import ipaddress
from collections.abc import Iterator

import msgspec

from hushmap.detect import AGREE, Reaction, Way
from hushmap.experiments.conversation import Conversation, Want
from hushmap.experiments.cooldown import BURN_SECONDS
from hushmap.experiments.pairing import FIRST_BLOCK, visit
from hushmap.model import IDS_PER_TARGET, Ask, Failure, Layer, Role, Side, Trial

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
BLOCK_SECONDS = 60.0
FIRST_PORT, PORTS = 20_000, 12_000
"""Own ports: below those that Linux gives away, so that no connection of others is in the way."""


class Tracing:
    """The way of one conversation to one target. Holds nothing: all is read from what was told."""

    def __init__(self, talk: Conversation, first_id: int) -> None:
        self._talk = talk
        self.port = FIRST_PORT + first_id // IDS_PER_TARGET * 37 % PORTS
        """The one port from which all packets of this way come, for a filter or router that shares its load."""

    @property
    def way(self) -> Way:
        """The way as it is known by now."""
        return Way(self._talk.counted, self._talk.context, self._talk.conditions.knowledge)

    def wants(self, subject: Ask, changed: str) -> Iterator[Want]:
        """The way, then pairs, until the link is decided and what happens there is."""
        yield from self.sweep(subject, changed)
        if self.sweeping(subject, changed) is not None:
            return
        way = self.way
        found = way.located
        if found is None or way.dropped >= DROPPED:
            return
        if found.ask is not None:
            yield from self._pair(way, subject, changed, found.ask)
        elif way.inside and not way.decided and (changed == "address" or len(way.forged) < SWEEPS):
            yield from self._pair(way, subject, changed, found.before)
        elif way.inside and changed == "address" and (ttl := _nearer(way)) is not None:
            yield from self._pair(way, subject, changed, ttl)
        elif way.beyond:
            yield from self._again(way, subject, changed)

    def sweep(self, subject: Ask, changed: str) -> Iterator[Want]:
        """The way alone, without anything of the subject's."""
        wanted = self.sweeping(subject, changed)
        if wanted is not None:
            yield wanted

    def sweeping(self, subject: Ask, changed: str) -> Want | None:
        """The next harmless packet by which the way is learned; `None` once it is known, or given up."""
        template = self._harmless(subject, changed)
        if template is None:
            return None
        way = self.way
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
                    return self._swept(template, ttl, turn, rest + GAP_SECONDS / self._talk.conditions.scale)
        return None

    def _swept(self, template: Ask, ttl: int, turn: int, not_before: float) -> Want:
        return Want(ask=self._short(template, ttl), role=Role.BASELINE, round=turn, not_before=not_before)

    def _short(self, ask: Ask, ttl: int) -> Ask:
        """The same with a small TTL, from the one port that all packets of this way have."""
        taken = {Failure.ADDRESS_NOT_AVAILABLE}
        moved = sum(trial.hop is not None and trial.hop.failure in taken for trial in self._talk.trials)
        return msgspec.structs.replace(ask, ttl=ttl, source_port=self.port + moved)

    def _harmless(self, subject: Ask, changed: str) -> Ask | None:
        """A harmless packet on the same way: a SYN where there is a connection, or the twin itself."""
        if changed in {"sni", "host"}:
            return Ask(layer=Layer.TCP, address=subject.address, port=subject.port)
        return self._twin(subject, changed)

    def _twin(self, subject: Ask, changed: str) -> Ask | None:
        if changed != "address":
            return self._talk.twin(subject, changed, 0)
        mine = ipaddress.ip_address(subject.address or "")
        places = [found for baseline in self._talk.conditions.baselines for found in baseline.addresses]
        near = [
            found for found in map(ipaddress.ip_address, places) if found.version == mine.version and found != mine
        ]
        if not near:
            return None
        nearest = min(near, key=lambda found: int(found) ^ int(mine))
        return msgspec.structs.replace(subject, address=str(nearest), port=443)

    # Pairs

    def _pair(self, way: Way, subject: Ask, changed: str, ttl: int) -> Iterator[Want]:
        """What the open pair lacks, or the first of the next one."""
        scale = self._talk.conditions.scale
        last = way.pairs[-1] if way.pairs else None
        if last is not None:
            members = last.trials
            asked = next((trial for trial in members if trial.role is not Role.BASELINE), None)
            if asked is None and way.usual(last.harmless):
                at = members[0].ask.ttl or 0
                gap = GAP_SECONDS * (1 + last.number % 2) / scale  # uneven, or a limit could tell the two apart
                yield self._member(
                    last.number, self._short(subject, at), changed, members, role=self._talk.role,
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
        rest = [trial.t for trial in self._talk.counted if trial.ask.ttl == ttl]
        start = max(rest, default=0.0) + GAP_SECONDS / scale
        if way.dropped and last is not None:
            start = max(start, last.trials[-1].t + min(BURN_SECONDS, WAIT_SECONDS * 2 ** (way.dropped - 1)) / scale)
        second = len(way.hits) >= FIRST_BLOCK and len(way.forged) < SWEEPS  # of losses, some come a minute later
        if second:
            start = max(start, min(trial.t0 for pair in way.hits for trial in pair.trials) + BLOCK_SECONDS / scale)
        number = 1 + max((trial.pair or 0 for trial in self._talk.trials), default=0)
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
        for baseline in self._talk.conditions.baselines:
            for address in baseline.addresses:
                if address != subject.address:
                    if subject.layer is Layer.DNS:
                        return Ask(layer=Layer.TCP, address=address, port=443)
                    return visit(subject, baseline, address)
        return None

    def _again(self, way: Way, subject: Ask, changed: str) -> Iterator[Want]:
        """Only packets that could go on past the target were cut: is that still so, or passes more than was cut?"""
        made = [trial for trial in self._talk.counted if trial.ask == subject and _alone(trial)]
        told = [way.says(trial) for trial in made]
        passed, hits = told.count(Reaction.PASSED), told.count(Reaction.HIT)
        if not made or passed > hits or hits >= SWEEPS or len(made) >= 2 * SWEEPS:
            return
        rest = made[-1].t + WAIT_SECONDS * 2 ** len(made) / self._talk.conditions.scale
        yield Want(ask=subject, role=self._talk.role, round=len(made), changed=changed, not_before=rest)


def _alone(trial: Trial) -> bool:
    """Whether it was sent from here, in no pair."""
    return trial.pair is None and trial.side is Side.HERE


def _nearer(way: Way) -> int | None:
    """A talkative hop short of the link at which the subject's packets were not seen yet.

    Two hops in common say that harmless packets to another address go the same way (detect/outside.py).
    """
    found = way.located
    seen = {pair.subject.ttl for pair in way.good if pair.subject is not None and pair.subject.told}
    if found is None or len(seen) >= AGREE:
        return None
    tried = [pair.trials[0].ask.ttl for pair in way.pairs]
    left = (ttl for ttl in range(found.after - 1, 0, -1) if ttl not in seen and tried.count(ttl) < SWEEPS)
    return next((ttl for ttl in left if way.heard(ttl)[1]), None)
