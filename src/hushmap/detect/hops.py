"""Rules for the `hops` experiment: is a name, or an address, cut off here, and between which two hops?

A packet that cannot have come as far as the target was answered by somebody else: that is proof by itself. Where
packets with the name are only lost, pairs of the same TTL have to show it, as anywhere. No address is said to be
blocked for being silent behind some hop, unless the way shows that this hop lies outside the target's own network.
"""

from functools import cached_property

import msgspec

from hushmap.detect.hosts import host_in
from hushmap.detect.outside import Prefixes, lost_outside
from hushmap.detect.pairs import DIRECT_HITS, proxied
from hushmap.detect.reactions import Reaction
from hushmap.detect.ruling import Rule, Ruling, action, portal, triggered
from hushmap.detect.way import SWEEPS, Way
from hushmap.model import (
    Ask,
    Evidence,
    Knowledge,
    Layer,
    Outcome,
    Reason,
    Record,
    Role,
    Scope,
    Side,
    Trial,
    Where,
    is_address,
)


class Hopping:
    """The counted trials of one target, and what its way shows."""

    def __init__(self, record: Record, knowledge: Knowledge) -> None:
        self.record, self.context = record, record.context
        self.trials = record.counted
        self.way = Way(self.trials, record.context, knowledge)
        self.prefixes = Prefixes(record.context.prefixes)

    @cached_property
    def asked(self) -> tuple[Trial, ...]:
        """The whole attempts that the question is about: forged lookups, else visits, else connections."""
        lookups = self._whole(Layer.DNS)
        if any(self.way.says(trial) is Reaction.HIT for trial in lookups):
            return lookups
        visits = self._whole(Layer.TLS) + self._whole(Layer.HTTP)
        connections = self._whole(Layer.TCP)
        said = [self.way.says(trial) for trial in connections]
        opened = Reaction.PASSED in said and said.count(Reaction.PASSED) >= said.count(Reaction.HIT)
        named = not is_address(host_in(self.record.target) or self.record.target)
        return visits if visits or (opened and named) else connections

    def _whole(self, layer: Layer) -> tuple[Trial, ...]:
        return tuple(trial for trial in self.way.whole if trial.ask.layer is layer)

    @cached_property
    def hit(self) -> tuple[Trial, ...]:
        """Whole attempts that were cut off or answered falsely."""
        return tuple(trial for trial in self.asked if self.way.says(trial) is Reaction.HIT)

    @cached_property
    def passed(self) -> tuple[Trial, ...]:
        """Whole attempts that got through to the site: none where another's certificate was shown."""
        foreign = {t.id for t in self.asked if t.handshake is not None and t.handshake.valid is False}
        return tuple(t for t in self.asked if self.way.says(t) is Reaction.PASSED and t.id not in foreign)

    @cached_property
    def compared(self) -> tuple[Trial, ...]:
        """What came of the same attempt from the helper."""
        asks = {_anywhere(trial.ask) for trial in self.hit}
        return tuple(t for t in self.trials if t.side is Side.HELPER and _anywhere(t.ask) in asks)

    @property
    def elsewhere(self) -> bool:
        """Whether it worked from the helper: what fails for everyone is no block (METHOD 1)."""
        return any(trial.steps and trial.failed is None for trial in self.compared)

    @property
    def quiet(self) -> int:
        """Harmless lookups that met the silence that belongs to an address without a resolver."""
        dark = self.context.dark
        asked = (t for t in self.trials if t.role is Role.BASELINE and dark is not None and t.ask.resolver == dark)
        return sum(self.way.says(trial) is Reaction.PASSED for trial in asked)

    @property
    def changed(self) -> str:
        """What the subject's probes have that harmless ones have not: sni, host, name or address."""
        return self.hit[0].changed or "" if self.hit else ""

    @cached_property
    def mechanisms(self) -> tuple[str, ...]:
        """What happened to a whole attempt, with its trigger where pairs isolated it."""
        if not self.hit:
            return ()
        name = action(self.hit[0], dark=self.context.dark)
        if name is None:
            return ()
        isolated = len(self.way.forged) >= SWEEPS or (self.way.inside and self.way.decided)
        return (triggered(name, self.changed) if isolated and self.changed in {"sni", "host"} else name,)

    @property
    def proof(self) -> tuple[int, ...]:
        """Trials of the pairs on both sides of the link."""
        found = self.way.link
        near = (
            ()
            if found is None
            else tuple(
                pair for pair in self.way.good if pair.subject and pair.subject.ttl in {found.after, found.before}
            )
        )
        return tuple(trial.id for pair in near for trial in pair.trials) or tuple(trial.id for trial in self.hit)


def _anywhere(ask: Ask) -> Ask:
    """The same ask without the port that only this computer's packets need to have in common."""
    return msgspec.structs.replace(ask, source_port=None)


def _nothing(seen: Hopping) -> Ruling | None:
    if seen.hit or seen.passed:
        return None
    context = seen.context
    reason = Reason.BUDGET if context.budget_spent else Reason.NETWORK_LOST if context.voids else Reason.NO_RULE
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=reason)


def _proxied(seen: Hopping) -> Ruling | None:
    """Somebody answers for every name at an address that runs no resolver, so an answer says nothing of this one."""
    if not proxied(seen.trials, seen.context):
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_RULE, mechanisms=("dns.intercepted",))


def _passed(seen: Hopping) -> Ruling | None:
    if not seen.passed or len(seen.hit) >= len(seen.passed):
        return None
    return Ruling(
        outcome=Outcome.OK,
        proof=tuple(trial.id for trial in seen.passed),
        hits=(len(seen.hit), len(seen.passed) + len(seen.hit)),
    )


def _link(seen: Hopping) -> Ruling | None:
    """Short of the target, by name: answers that it cannot have given, or losses that no line explains."""
    if not seen.way.inside or not seen.hit or seen.changed == "address" or seen.way.copied:
        return None
    direct = len(seen.way.forged) >= SWEEPS
    if not direct and not seen.way.decided:
        return None
    link = seen.way.link
    before_all = link is not None and link.before == 1
    return Ruling(
        outcome=Outcome.BLOCKED,
        evidence=Evidence.DIRECT if direct else Evidence.CONTROLLED,
        mechanisms=seen.mechanisms,
        scope=Scope.ALL,
        where=Where.HOST if before_all else Where.PATH if link is not None and link.after else Where.UNKNOWN,
        proof=seen.proof,
        hits=seen.way.counts,
        facts=seen.way.facts,
    )


def _copied(seen: Hopping) -> Ruling | None:
    """Forged answers that tell nothing of where they were made: their TTL is the packet's own."""
    if seen.passed or seen.changed == "address" or not seen.way.copied:
        return None
    return Ruling(
        outcome=Outcome.BLOCKED,
        evidence=Evidence.DIRECT,
        mechanisms=seen.mechanisms,
        where=Where.PATH,
        proof=tuple(trial.id for pair in seen.way.forged for trial in pair.trials),
        hits=(len(seen.way.forged), len(seen.way.forged)),
        facts={"copied": "1"},
    )


def _injected(seen: Hopping) -> Ruling | None:
    """An address without a resolver answered for the name and not for harmless ones: proof, wherever it was made.

    Twice each: one harmless query may be lost where somebody answers every one.
    """
    if seen.changed != "name" or seen.way.link is None or min(len(seen.hit), seen.quiet) < DIRECT_HITS:
        return None
    return Ruling(
        outcome=Outcome.BLOCKED,
        evidence=Evidence.DIRECT,
        mechanisms=seen.mechanisms,
        scope=Scope.ALL,
        where=Where.PATH,
        proof=tuple(trial.id for trial in seen.hit),
        hits=(len(seen.hit), len(seen.hit)),
        facts={"dark": "1"},
    )


def _outside(seen: Hopping) -> Ruling | None:
    """An address whose packets end before a router of another network than its own (METHOD 1)."""
    if seen.changed != "address" or not seen.elsewhere or (seen.passed and not _answered_for(seen)):
        return None
    if not lost_outside(seen.way, seen.hit[0].ask.address or "", seen.prefixes):
        return None
    return Ruling(
        outcome=Outcome.BLOCKED,
        evidence=Evidence.CONTROLLED,
        mechanisms=seen.mechanisms,
        where=Where.PATH,
        proof=seen.proof,
        hits=seen.way.counts,
        facts=seen.way.facts,
    )


def _shut(seen: Hopping) -> bool:
    """Whether it does not get through, and nothing short of the target is shown to be the cause."""
    if not seen.hit or seen.way.link is None or seen.changed == "name":
        return False
    if seen.passed and not _answered_for(seen):
        return False
    if seen.changed != "address" and seen.way.inside:
        return False  # losses that are not decided yet
    return not seen.way.beyond or len(seen.hit) >= SWEEPS


def _answered_for(seen: Hopping) -> bool:
    """Whether an address that passed once is for the most part answered for, from short of it.

    Who forges answers beside the path is now and then too late, or not heard.
    """
    return seen.changed == "address" and len(seen.hit) > len(seen.passed) and len(seen.way.forged) >= SWEEPS


def _open(seen: Hopping) -> Ruling | None:
    """METHOD 1: fails here, works elsewhere, author unknown."""
    if not _shut(seen) or not seen.elsewhere:
        return None
    return Ruling(
        outcome=Outcome.UNREACHABLE,
        evidence=Evidence.COMPARISON,
        mechanisms=seen.mechanisms,
        proof=seen.proof,
        hits=(len(seen.hit), len(seen.hit)),
        facts={} if seen.way.beyond else seen.way.facts,
    )


def _uncompared(seen: Hopping) -> Ruling | None:
    """Who knows whether it works anywhere?"""
    if not _shut(seen):
        return None
    failed = any(trial.failed is not None for trial in seen.compared)
    silent = Reason.ONE_POINT if failed else Reason.HELPER_SILENT
    return Ruling(
        outcome=Outcome.INSUFFICIENT,
        reason=Reason.NO_HELPER if seen.context.helper is None else silent,
        mechanisms=seen.mechanisms,
        proof=seen.proof,
        hits=(len(seen.hit), len(seen.hit)),
        facts={} if seen.way.beyond else seen.way.facts,
    )


def _budget(seen: Hopping) -> Ruling:
    if not seen.way.sweeps or seen.way.end is None:
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_RULE, mechanisms=seen.mechanisms)
    return Ruling(
        outcome=Outcome.INSUFFICIENT,
        reason=Reason.BUDGET,
        mechanisms=seen.mechanisms,
        facts={} if seen.way.beyond else seen.way.facts,
    )


HOPS_RULES: tuple[Rule, ...] = (
    Rule(id="hops.nothing-counted", what="No attempt from here could be counted.", applies=_nothing),
    Rule(id="hops.portal", what="A captive portal answers in place of the network.", applies=portal),
    Rule(id="hops.proxied", what="An address without a resolver answers for harmless names too.", applies=_proxied),
    Rule(id="hops.passed", what="Whole attempts got through.", applies=_passed),
    Rule(
        id="hops.link",
        what="Packets with the name meet something between two hops that harmless ones do not meet.",
        applies=_link,
    ),
    Rule(
        id="hops.copied",
        what="Forged answers copy the TTL of the packet: they are proof, and tell no place.",
        applies=_copied,
    ),
    Rule(
        id="hops.injected",
        what="An address without a resolver answered for the name, and not for a harmless one; where is not shown.",
        applies=_injected,
    ),
    Rule(
        id="hops.outside",
        what="Packets to the address end before a router that belongs to another network than the address.",
        applies=_outside,
    ),
    Rule(
        id="hops.open",
        what="Nothing short of the target is shown to be the cause: it may be the target itself.",
        applies=_open,
    ),
    Rule(
        id="hops.uncompared",
        what="It does not get through here, and nothing shows that it works elsewhere.",
        applies=_uncompared,
    ),
    Rule(id="hops.budget", what="Attempts were used up before a link was decided.", applies=_budget),
)
