"""Rules for one name over QUIC: silence is told from a server that does not speak it, and a name from an address.

Only silence counts, to the Initial or to what follows: an alert, a refusal, other versions are somebody's answer, and
most sites do not speak QUIC at all. To blame the name it must be met with silence at two servers that answer for
harmless names, the site's and one that does not know it (refs/BEYOND 2.8: b, c and d, bracketed by a). Where nobody
is reached over QUIC it is the network's doing, never a site's.
"""

import re
from functools import cached_property

from hushmap.detect.doubt import STUCK, Doubt
from hushmap.detect.hosts import host_in
from hushmap.detect.pairs import PairTest, read_tests
from hushmap.detect.reactions import Reaction, reaction
from hushmap.detect.ruling import Rule, Ruling, portal, twins
from hushmap.detect.traffic import SILENT_HITS
from hushmap.model import (
    Ask,
    Evidence,
    Failure,
    Knowledge,
    Layer,
    Outcome,
    Reason,
    Record,
    Role,
    Scope,
    Side,
    Transport,
    Trial,
    Where,
)
from hushmap.sampling import Decision

CONFIRMED_SECONDS = 5.0
"""In confirmation a peer must still answer so long after the Initial (METHOD 3): with less, 1 % of what is silenced
late would pass (refs/BEYOND 2.8)."""
SERVERS = 2
"""Servers that speak QUIC elsewhere and none of which is reached, before the network is said to carry none."""
_H3 = re.compile(r"(?:^|,)[ \t]*h3=")
"""An alternative of RFC 7838 section 3; drafts (h3-29) are none that we speak."""
_SHOWN = 3
"""Silences of the site before it is said to fail here."""


class Silence:
    """The counted trials of one name over QUIC, and the tests made of them."""

    def __init__(self, record: Record, knowledge: Knowledge) -> None:
        self.record, self.knowledge, self.context = record, knowledge, record.context
        self.trials = record.counted
        self.name = (host_in(record.target) if "://" in record.target else record.target) or record.target
        self.tests: tuple[PairTest, ...] = read_tests(self.trials, record.context, knowledge)

    @cached_property
    def quic(self) -> tuple[Trial, ...]:
        """Handshakes in datagrams, from wherever."""
        return tuple(trial for trial in self.trials if trial.ask.transport is Transport.QUIC)

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The site's, as far as anybody here was told."""
        return tuple(
            dict.fromkeys(
                address
                for trial in self.trials
                if trial.side is Side.HERE and trial.ask.name == self.name
                for step in trial.resolves
                for address in step.addresses
            )
        )

    @cached_property
    def site(self) -> tuple[Trial, ...]:
        """The site's own name at its own addresses, from here."""
        return tuple(trial for trial in self._named(Side.HERE) if trial.ask.address in self.addresses)

    @cached_property
    def elsewhere(self) -> tuple[Trial, ...]:
        """The same from the helper."""
        return self._named(Side.HELPER)

    @cached_property
    def baselines(self) -> tuple[Trial, ...]:
        """Harmless names at their own servers over QUIC, from here: who can be a twin at all."""
        return tuple(
            trial
            for trial in self.quic
            if trial.side is Side.HERE and trial.role is Role.BASELINE and trial.ask.address not in self.addresses
        )

    def says(self, trial: Trial) -> Reaction:
        """What one attempt says."""
        return reaction(trial, self.knowledge, self.context)

    @cached_property
    def passed(self) -> tuple[Trial, ...]:
        """The site itself, with a certificate that holds, reached over QUIC."""
        return tuple(trial for trial in self.site if _valid(trial) and self.says(trial) is Reaction.PASSED)

    @cached_property
    def silent(self) -> tuple[Trial, ...]:
        """Attempts from here that got no answer, at first or after the handshake."""
        return tuple(trial for trial in self.site if self.says(trial) is Reaction.HIT)

    @cached_property
    def speaking(self) -> dict[str, str]:
        """Servers reached over QUIC from here, with the harmless name that each has: address, name."""
        reached = (trial for trial in self.baselines if trial.pair is None and self.says(trial) is Reaction.PASSED)
        return {trial.ask.address or "": trial.ask.sni or "" for trial in reached}

    @cached_property
    def speaking_elsewhere(self) -> dict[str, str]:
        """Harmless servers that the helper reached over QUIC."""
        asked = (trial for trial in self.quic if trial.side is Side.HELPER and trial.role is Role.BASELINE)
        return {trial.ask.address or "": trial.ask.sni or "" for trial in asked if _spoke(trial)}

    @cached_property
    def advertised(self) -> bool:
        """Whether the site itself says that it speaks HTTP/3: in Alt-Svc, or in its HTTPS record."""
        pages = (trial.fetch.page for trial in self.trials if trial.fetch is not None and trial.handshake is not None)
        told = (value for page in pages if page is not None for name, value in page.headers if name == "alt-svc")
        records = (
            answer
            for trial in self.trials
            if trial.ask.name == self.name
            for step in trial.resolves
            for answer in step.answers
        )
        return any(_H3.search(value) for value in told) or any("h3" in answer.alpn for answer in records)

    @property
    def spoken(self) -> bool:
        """Whether the site is known to speak QUIC."""
        return self.advertised or any(map(_spoke, self.elsewhere))

    @cached_property
    def at_site(self) -> PairTest | None:
        """The name against harmless ones at the site's own server."""
        return next((test for test in self._about_name if test.subject.address in self.addresses), None)

    @cached_property
    def at_other(self) -> PairTest | None:
        """The name against harmless ones at a server that does not know it."""
        return next((test for test in self._about_name if test.subject.address not in self.addresses), None)

    @property
    def line(self) -> PairTest | None:
        """QUIC against TCP at a harmless server."""
        return next((test for test in self.tests if test.changed == "transport"), None)

    @property
    def stuck(self) -> bool:
        """Whether harmless names keep being met with silence at the site's own server."""
        twins_there = [
            trial
            for trial in self.quic
            if trial.pair is not None and trial.role is Role.BASELINE and trial.ask.address in self.addresses
        ]
        return len(twins_there) >= STUCK and all(self.says(trial) is not Reaction.PASSED for trial in twins_there)

    @property
    def blamed(self) -> bool:
        """Whether the name alone is met with silence: decided at one server, and borne out at the other.

        At a third party's server no more is asked than it takes. A site's server that leaves every other name
        unanswered cannot tell; then the other one decides, if the site is known to speak QUIC.
        """
        other = self.at_other
        if other is None:
            return False
        if _interfered(self.at_site):
            return other.hits >= SILENT_HITS and other.decision is not Decision.CLEAN
        return _interfered(other) and self.stuck and self.spoken

    @property
    def _about_name(self) -> list[PairTest]:
        return [test for test in self.tests if test.changed == "sni" and test.subject.sni == self.name]

    def _named(self, side: Side) -> tuple[Trial, ...]:
        return tuple(
            trial
            for trial in self.quic
            if trial.side is side and trial.role is not Role.BASELINE and trial.ask.sni == self.name
        )


def _valid(trial: Trial) -> bool:
    return trial.handshake is not None and trial.handshake.valid is True


def _spoke(trial: Trial) -> bool:
    return trial.handshake is not None and trial.handshake.failure is None


def initial(address: str, name: str, scale: float, *, port: int = 443) -> Ask:
    """A handshake over QUIC as confirmation has it."""
    return Ask(
        layer=Layer.TLS,
        transport=Transport.QUIC,
        address=address,
        port=port,
        sni=name,
        verify=False,
        dwell=CONFIRMED_SECONDS / scale,
    )


def quic_doubts(seen: Silence) -> tuple[Doubt, ...]:
    """The pairs that would settle why the site is silent over QUIC; none where it does not speak it."""
    if not seen.silent:
        return ()
    if not seen.speaking:
        return _of_line(seen)
    if seen.elsewhere and not seen.spoken:
        return ()
    scale, raised = seen.context.scale, []
    address = seen.silent[0].ask.address or ""
    if not _decided(seen.at_site) and not seen.stuck:
        raised.append(Doubt(changed="sni", subject=initial(address, seen.name, scale)))
    elif (_cut_at_site(seen) or seen.stuck) and not (_decided(seen.at_other) or seen.blamed):
        other = next((place for place in seen.speaking if place not in seen.addresses), None)
        if other is not None and len(seen.speaking) >= SERVERS:
            raised.append(Doubt(changed="sni", subject=initial(other, seen.name, scale)))
    return tuple(raised)


def _of_line(seen: Silence) -> tuple[Doubt, ...]:
    """Is it the protocol? Asked where a harmless server is known to speak it."""
    if len(seen.speaking_elsewhere) < SERVERS or _decided(seen.line):
        return ()
    address, name = next(iter(seen.speaking_elsewhere.items()))
    return (Doubt(changed="transport", subject=initial(address, name, seen.context.scale)),)


def _decided(test: PairTest | None) -> bool:
    return test is not None and test.decision in {Decision.INTERFERED, Decision.CLEAN}


def _interfered(test: PairTest | None) -> bool:
    return test is not None and test.decision is Decision.INTERFERED


def _cut_at_site(seen: Silence) -> bool:
    return _interfered(seen.at_site)


def _nothing(seen: Silence) -> Ruling | None:
    if seen.site:
        return None
    context = seen.context
    reason = Reason.BUDGET if context.budget_spent else Reason.NETWORK_LOST if context.voids else Reason.NO_RULE
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=reason)


def _name(seen: Silence) -> Ruling | None:
    if not seen.blamed:
        return None
    test = seen.at_site if _cut_at_site(seen) else seen.at_other
    assert test is not None, "it was decided"
    return Ruling(
        outcome=Outcome.BLOCKED,
        evidence=Evidence.CONTROLLED,
        mechanisms=("quic.timeout.sni",),
        scope=Scope.QUIC,
        where=Where.PATH,
        test=test,
        facts=twins(test),
    )


def _all(seen: Silence) -> Ruling | None:
    """Where it happens is not known: a home router may do it as well as a provider."""
    if seen.speaking or seen.passed or not _interfered(seen.line):
        return None
    tried = {trial.ask.address for trial in (*seen.baselines, *seen.site)}
    return Ruling(
        outcome=Outcome.BLOCKED,
        evidence=Evidence.CONTROLLED,
        mechanisms=("quic.all",),
        scope=Scope.QUIC,
        test=seen.line,
        facts={"servers": f"{len(tried)}"},
    )


def _reached(seen: Silence) -> Ruling | None:
    answered = seen.at_site if _decided(seen.at_site) else seen.at_other
    if not seen.passed or (seen.silent and (answered is None or answered.decision is not Decision.CLEAN)):
        return None
    return Ruling(
        outcome=Outcome.OK,
        evidence=Evidence.COMPARISON if any(map(_spoke, seen.elsewhere)) else Evidence.NONE,
        proof=tuple(trial.id for trial in seen.passed),
        hits=(len(seen.silent), len(seen.site)),
    )


def _not_spoken(seen: Silence) -> Ruling | None:
    """Nobody saw the site speak QUIC: not from here, not from elsewhere, and it does not say so."""
    if seen.passed or seen.spoken or _cut_at_site(seen):
        return None
    if not seen.elsewhere and not (seen.speaking and (seen.stuck or not seen.silent)):
        return None
    return Ruling(
        outcome=Outcome.INSUFFICIENT,
        reason=Reason.NO_QUIC,
        where=Where.SERVER,
        proof=tuple(trial.id for trial in (*seen.site, *seen.elsewhere)),
        hits=(len(seen.site), len(seen.site)),
    )


def _unreachable(seen: Silence) -> Ruling | None:
    """Silence here, an answer elsewhere; whose doing it is was not shown, and the server may refuse this network."""
    reached = [trial for trial in seen.elsewhere if _spoke(trial)]
    if not reached or len(seen.silent) < _SHOWN or seen.passed or not seen.speaking:
        return None
    return Ruling(
        outcome=Outcome.UNREACHABLE,
        evidence=Evidence.COMPARISON,
        scope=Scope.QUIC,
        test=seen.at_site if _cut_at_site(seen) else None,
        proof=tuple(trial.id for trial in (*seen.silent, *reached)),
        hits=(len(seen.silent), len(seen.site)),
    )


def _one_point(seen: Silence) -> Ruling | None:
    """It says that it speaks QUIC, and the only comparison point gets no answer either."""
    silent = any(
        trial.handshake is not None and trial.handshake.failure is Failure.TIMEOUT for trial in seen.elsewhere
    )
    if seen.passed or not silent:
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.ONE_POINT, hits=(len(seen.site), len(seen.site)))


def _helper(seen: Silence) -> Ruling | None:
    if seen.elsewhere or seen.tests or not seen.silent:
        return None
    reason = Reason.NO_HELPER if seen.context.helper is None else Reason.HELPER_SILENT
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=reason)


def _rest(seen: Silence) -> Ruling:
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.BUDGET if seen.tests else Reason.NO_RULE)


QUIC_RULES: tuple[Rule, ...] = (
    Rule(id="quic.nothing-counted", what="No handshake over QUIC from here could be counted.", applies=_nothing),
    Rule(id="quic.portal", what="A captive portal answers in place of the network.", applies=portal),
    Rule(
        id="quic.name",
        what="Initials with the name are met with silence, with harmless ones they are not, at two servers.",
        applies=_name,
    ),
    Rule(
        id="quic.all",
        what="Nobody is reached over QUIC, and harmless servers are over TCP at the same addresses.",
        applies=_all,
    ),
    Rule(
        id="quic.reached", what="The site answered over QUIC, and still a while after the Initial.", applies=_reached
    ),
    Rule(id="quic.not-spoken", what="Nobody saw the site speak QUIC.", applies=_not_spoken),
    Rule(
        id="quic.unreachable",
        what="The site is silent here over QUIC and answers the helper; the name alone was not shown to be why.",
        applies=_unreachable,
    ),
    Rule(
        id="quic.one-point",
        what="The site says that it speaks QUIC and is silent for the helper too.",
        applies=_one_point,
    ),
    Rule(id="quic.helper-silent", what="There was no comparison point to ask.", applies=_helper),
    Rule(id="quic.undecided", what="Attempts were used up, or no rule decides what was seen.", applies=_rest),
)
