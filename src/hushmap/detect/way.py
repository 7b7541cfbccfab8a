"""What probes with small TTLs show of the way to one target: its hops, what each probe met, where that happened.

The way itself is learned from harmless packets, before the name is sent at all. A probe of the subject counts only
with a harmless one just before it, with the same TTL and ports, that met what such a packet has always met there: so
a router's limit, a lost line or what a censor remembers of the probe before is not held against the name.
"""

from functools import cached_property

import msgspec

from hushmap.detect.pairs import sequential
from hushmap.detect.reactions import Reaction, reaction
from hushmap.model import (
    CUT,
    LOCAL,
    Context,
    Failure,
    Hop,
    Knowledge,
    Layer,
    Role,
    Side,
    Trial,
)
from hushmap.sampling import LOST, LOST_REPEATED, Decision, Located, Probe, locate, tells

TALKATIVE = 0.7
"""A router that tells of so many expired packets is expected to tell of the next one."""
BLOCK_SECONDS = 60.0
"""Pairs that decide lie in two blocks (METHOD 3)."""
SWEEPS = 3
"""How often a hop that says nothing is asked before it is taken to be silent (refs/BEYOND 2.1)."""
FAST = 0.75
"""An answer that comes in this share of the time that the nearer router's own error takes was sent before it."""
_CUT = CUT | {Failure.TLS_ALERT, Failure.REFUSED}
_ALERT = b"\x15"
"""RFC 8446 5.1, the content type."""
_ENDED = frozenset({Failure.RESET, Failure.EOF, Failure.REFUSED, Failure.ABORTED})


class Met(msgspec.Struct, frozen=True, kw_only=True):
    """What one packet with a small TTL met."""

    ttl: int
    told: bool
    """Somebody on the way said that it ended there."""
    answered: bool
    """Something answered in the target's place, in words or by ending the connection."""
    ended: bool
    """That answer was a reset, an end without a word, or a TLS alert."""
    router: str | None
    seconds: float


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A harmless probe and the subject's, with one TTL."""

    number: int
    harmless: Met | None
    """`None`: its connection failed."""
    subject: Met | None
    trials: tuple[Trial, ...]
    bystander: bool | None = None
    """Whether an ordinary visit elsewhere worked right after a silence; `None`: not asked yet."""


def met(trial: Trial) -> Met | None:
    """What the packet of a trial met; `None` where it was not sent."""
    hop = trial.hop
    if hop is None or hop.failure in LOCAL:
        return None
    shakes = trial.ask.layer is Layer.TLS or (trial.ask.url or "").startswith("https:")
    refused = hop.icmp in {(3, 3), (1, 4)}  # "port unreachable": the place itself
    return Met(
        ttl=hop.ttl,
        told=hop.icmp is not None and not refused,
        answered=hop.reached,
        ended=hop.reached and (hop.failure in _ENDED or (shakes and hop.received.startswith(_ALERT))),
        router=hop.router if _expired(hop) else None,
        seconds=hop.t - hop.t0,
    )


def _expired(hop: Hop) -> bool:
    return hop.icmp == ((3, 0) if ":" in hop.address else (11, 0))


class Way:
    """The counted trials of one target, read as a way with hops."""

    def __init__(self, trials: tuple[Trial, ...], context: Context, knowledge: Knowledge) -> None:
        self.trials, self.context, self.knowledge = trials, context, knowledge
        here = [trial for trial in trials if trial.side is Side.HERE]
        self.whole = [
            trial
            for trial in here
            if trial.role is not Role.BASELINE and trial.ask.ttl is None and trial.changed is not None
        ]
        """The subject's attempts without a limit; a lookup that only finds its address changes nothing."""
        self._short = [trial for trial in here if trial.ask.ttl is not None]

    @cached_property
    def sweeps(self) -> tuple[Trial, ...]:
        """Harmless packets with each TTL, by which the way was learned."""
        return tuple(trial for trial in self._short if trial.pair is None and trial.role is Role.BASELINE)

    @cached_property
    def end(self) -> int | None:
        """The smallest TTL that reaches the target; `None`: none did."""
        reached = [seen.ttl for seen in map(met, self.sweeps) if seen and seen.answered and not seen.ended]
        return min(reached, default=None)

    def heard(self, ttl: int) -> tuple[int, int]:
        """(harmless packets that ended at this hop, those of which a router said so)."""
        seen = [found for found in self._harmless if found.ttl == ttl]
        return len(seen), sum(found.told for found in seen)

    @cached_property
    def _harmless(self) -> list[Met]:
        """All harmless packets but those that somebody answered short of the target."""
        found = [*map(met, self.sweeps), *(pair.harmless for pair in self.pairs)]
        return [seen for seen in found if seen is not None and not (seen.answered and seen.ttl < (self.end or 0))]

    @cached_property
    def routers(self) -> dict[int, str]:
        """The address that each hop answered from, first come."""
        names: dict[int, str] = {}
        for trial in self._short:
            seen = met(trial)
            if seen is not None and seen.router is not None:
                names.setdefault(seen.ttl, seen.router)
        return names

    def tells(self, ttl: int) -> float:
        """The chance that the router at this hop tells of the next packet."""
        return tells(*self.heard(ttl))

    # Pairs

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Every pair that was begun, in order."""
        members: dict[int, list[Trial]] = {}
        short = {trial.pair for trial in self._short}
        for trial in self.trials:
            if trial.pair is not None and trial.pair in short:
                members.setdefault(trial.pair, []).append(trial)
        return tuple(self._pair(number, tuple(trials)) for number, trials in sorted(members.items()))

    def _pair(self, number: int, trials: tuple[Trial, ...]) -> Pair:
        before = next((trial for trial in trials if trial.role is Role.BASELINE and not trial.bystander), None)
        subject = next((trial for trial in trials if trial.role is not Role.BASELINE), None)
        beside = next((trial for trial in trials if trial.bystander), None)
        return Pair(
            number=number,
            harmless=None if before is None else met(before),
            subject=None if subject is None else met(subject),
            trials=trials,
            bystander=None if beside is None else self.says(beside) is Reaction.PASSED,
        )

    def usual(self, seen: Met | None) -> bool:
        """Whether a harmless probe met what such packets meet there."""
        if seen is None or self.end is None:
            return False
        if seen.ttl >= self.end:
            return seen.answered
        if seen.answered:
            return False
        return seen.told or self.tells(seen.ttl) < TALKATIVE

    @cached_property
    def good(self) -> tuple[Pair, ...]:
        """Pairs that count: the harmless probe met the usual, and a silence was none of the line's."""
        return tuple(
            pair
            for pair in self.pairs
            if pair.subject is not None
            and self.usual(pair.harmless)
            and (pair.subject.told or pair.subject.answered or pair.bystander is True)
        )

    def probe(self, seen: Met) -> Probe:
        """One probe of the subject, in the words of the localiser."""
        assert self.end is not None, "without an end there are no pairs"
        if seen.ttl < self.end:
            return Probe(ttl=seen.ttl, told=seen.told, forged=seen.answered)
        return Probe(ttl=self.end, told=seen.told or (seen.answered and not seen.ended), forged=seen.ended)

    @property
    def tail(self) -> bool:
        """Whether at the target's own TTL its answer can be told from a forged one: where the subject is cut off."""
        cut = [pair.subject for pair in self.good if pair.subject is not None and pair.subject.ttl < (self.end or 0)]
        words = any(seen.answered and not seen.ended for seen in cut)
        hits = [trial.failed for trial in self.whole if self.says(trial) is Reaction.HIT]
        return not words and all(step is not None and step.failure in _CUT for step in hits)

    @cached_property
    def located(self) -> Located | None:
        """Where the subject's packets meet something that harmless ones do not; `None` without a way."""
        if self.end is None or self.end < 2:
            return None
        last = self.end if self.tail else self.end - 1
        probes = [self.probe(pair.subject) for pair in self.good if pair.subject is not None]
        repeated = any(pair.subject is not None and self._repeats(pair) for pair in self.good)
        harmless = {ttl: self.heard(ttl) for ttl in range(1, self.end)}
        if self.tail:
            harmless[last] = self._at_the_end()
        return locate(
            [probe for probe in probes if probe.ttl <= last],
            harmless,
            last,
            lost=LOST_REPEATED if repeated else LOST,
        )

    def _repeats(self, pair: Pair) -> bool:
        return any(trial.connect is not None for trial in pair.trials if not trial.bystander)

    def _at_the_end(self) -> tuple[int, int]:
        """(harmless probes that reached the target, those that it answered in words)."""
        seen = [pair.harmless for pair in self.pairs if pair.harmless is not None and pair.harmless.ttl == self.end]
        return len(seen), sum(found.answered and not found.ended for found in seen)

    # What the pairs come to

    @cached_property
    def hits(self) -> tuple[Pair, ...]:
        """Counted pairs short of the target in which the subject met what the harmless probe did not."""
        return tuple(pair for pair in self.good if self._hit(pair))

    def _hit(self, pair: Pair) -> bool:
        seen, before = pair.subject, pair.harmless
        if seen is None or before is None or self.end is None or seen.ttl >= self.end:
            return False
        return seen.answered or (before.told and not seen.told)

    @cached_property
    def forged(self) -> tuple[Pair, ...]:
        """Those in which something answered in the place of a target that the packet cannot have reached."""
        return tuple(pair for pair in self.hits if pair.subject is not None and pair.subject.answered)

    @property
    def behind(self) -> tuple[Pair, ...]:
        """Counted pairs whose packets went past the link, as narrow as it is by now, and not as far as the target."""
        found, end = self.located, self.end
        if found is None or end is None:
            return ()
        return tuple(pair for pair in self.good if pair.subject and found.before <= pair.subject.ttl < end)

    @property
    def manner(self) -> str:
        """`in-path`: the packet itself went no further; `on-path`: it did, beside a forged answer; or empty.

        A reset ends a TCP socket before the next router's error comes: of those alone nothing is known.
        """
        met_ = [(pair.harmless, pair.subject) for pair in self.behind if pair in self.hits]
        both = [subject for _, subject in met_ if subject and subject.answered and subject.told]
        stopped = [subject for before, subject in met_ if before and before.told and subject and not subject.ended]
        return "on-path" if both else "in-path" if len(stopped) >= SWEEPS else ""

    @property
    def copied(self) -> bool:
        """Whether forged answers came sooner than the nearer router's own error: they were sent from before it.

        An injector that gives its answer the TTL of the packet is so far away as it looks, twice (refs/BEYOND 2.5).
        """
        found = self.located
        if found is None or not self.forged or not found.after:
            return False
        nearer = [
            seen.seconds
            for seen in map(met, self.trials)
            if seen is not None and seen.told and not seen.answered and found.after <= seen.ttl
        ]
        answers = [pair.subject.seconds for pair in self.forged if pair.subject is not None]
        return len(answers) >= SWEEPS and bool(nearer) and max(answers) < FAST * min(nearer)

    @property
    def dropped(self) -> int:
        """Pairs in a row, the last ones, that do not count."""
        counted = {pair.number for pair in self.good}
        number = 0
        for pair in reversed(self.pairs):
            if pair.number in counted:
                break
            number += 1
        return number

    def says(self, trial: Trial) -> Reaction:
        """What a whole attempt says."""
        return reaction(trial, self.knowledge, self.context)

    @property
    def link(self) -> Located | None:
        """What was located, as narrow as it is by now; `None` before three pairs counted."""
        return self.located if len(self.good) >= SWEEPS else None

    @property
    def inside(self) -> bool:
        """Whether it lies short of the target: a router that answers harmless packets is behind it."""
        found, end = self.link, self.end
        return found is not None and end is not None and found.before < end

    @property
    def beyond(self) -> bool:
        """Whether the subject is cut off only when its packets could go further than the target."""
        found, end = self.link, self.end
        return found is not None and end is not None and found.after >= end

    @property
    def decided(self) -> bool:
        """Whether losses behind the link are no chance: the run's sequential test, and two blocks."""
        hits = [pair for pair in self.behind if pair in self.hits]
        times = [trial.t0 for pair in hits for trial in pair.trials]
        if not times or (max(times) - min(times)) * self.context.scale < BLOCK_SECONDS:
            return False
        test = sequential(self.context, residual=False)
        return test.decide(len(hits), len(self.behind) - len(hits)) is Decision.INTERFERED

    @property
    def facts(self) -> dict[str, str]:
        """The link in words."""
        found, way = self.located, self
        if found is None or way.end is None:
            return {}
        facts = {
            "hop_from": f"{found.after}",
            "hop_to": f"{min(found.before, way.end)}",  # what acts past the target has no hop to be named
            "hops": f"{way.end}",
            "router_from": way.routers.get(found.after, ""),
            "router_to": way.routers.get(found.before, "") if found.before < way.end else "",
            "manner": way.manner,
        }
        return {name: value for name, value in facts.items() if value}

    @property
    def counts(self) -> tuple[int, int]:
        """(cut off, tried) behind the link."""
        return sum(pair in self.hits for pair in self.behind), len(self.behind)
