"""Bracketed pairs, read back from a record's trials and put to the sequential test.

A pair is: a baseline that passed on the subject's address; the subject; and, after a subject that was hit, a
baseline that passed on an address that the subject did not touch (METHOD 3). Subjects of one minute may share the
first of these, which then is among their causes. A pair whose baseline did not pass is
dropped, not counted: that is what keeps outages of seconds from becoming blocks. Inquiry and judge read pairs with
this one function, so what the run thought when it stopped is what anyone can compute again from the record.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from hushmap.detect.address import ours
from hushmap.detect.echo import foreign
from hushmap.detect.reactions import Reaction, reaction
from hushmap.model import Ask, Context, Failure, Knowledge, Role, Side, Step, Trial
from hushmap.sampling import ALPHA, F0_FLOOR, F1, F1_RESIDUAL, Decision, SequentialTest

QUESTION = "question"
"""`Trial.changed` of an attempt that answers a question of a game (course.py)."""
BLOCK_SECONDS = 60.0
"""Pairs that decide lie in at least two blocks this far apart (METHOD 3): route flaps and rate limits last less."""
MOST_NOISE = 0.49
"""f0 stays below f1; the test decides nothing above `F0_CEILING` anyway."""
LEAST_ALPHA = 1e-12
"""No record may ask for an impossible certainty, nor for none (a budget of 0 or less)."""
MOST_TARGETS = 10**9
"""There are fewer names in the world; a greater number does not come from a run."""
BRACKET_SECONDS = 60.0
"""A baseline older than this says nothing of the line at the subject's time (METHOD 3)."""
DIRECT_HITS = 2
"""How often an answer that nobody could have sent must be seen: once is direct evidence, twice is no stray packet."""


class PairState(StrEnum):
    """How far a pair has come."""

    OPEN = "open"
    PASSED = "passed"
    HIT = "hit"
    DROPPED = "dropped"


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """One bracketed pair: its trials so far and what they amount to."""

    number: int
    changed: str
    before: Trial | None = None
    subject: Trial | None = None
    after: Trial | None = None
    state: PairState = PairState.OPEN

    @property
    def alone(self) -> bool:
        """Whether nothing else was on the link during the subject."""
        return self.subject is not None and self.subject.in_flight == 0

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Those that were made."""
        return tuple(trial for trial in (self.before, self.subject, self.after) if trial is not None)


def proxied(trials: Iterable[Trial], context: Context) -> bool:
    """Whether an address that runs no resolver answered for a harmless name: somebody answers for every name.

    Outages can hide such an answer, so a baseline that got none is no proof of the contrary; one that got one is.
    """
    dark = context.dark
    asked = (trial for trial in trials if dark is not None and trial.ask.resolver == dark)
    return any(trial.role is Role.BASELINE and any(step.answers for step in trial.resolves) for trial in asked)


class PairTest(msgspec.Struct, frozen=True, kw_only=True):
    """All pairs about one subject ask, and where the sequential test stands."""

    subject: Ask
    changed: str
    pairs: tuple[Pair, ...]
    decision: Decision
    crossed: bool
    """The counts alone reach the upper boundary; blocks or quiet may still be missing."""
    spread: bool
    """The hits lie in two blocks, and one was alone on the link where it had to be."""
    error_bound: float
    direct: bool = False
    """Decided by answers that nobody could have sent who was asked: direct evidence, to which no bound belongs."""

    also: tuple[Pair, ...] = ()
    """Pairs that put the same change to an address of ours, and decided with these."""

    @property
    def hits(self) -> int:
        """Counted pairs whose subject was hit."""
        return sum(pair.state is PairState.HIT for pair in self.pairs)

    @property
    def in_all(self) -> tuple[int, int]:
        """(hits, counted pairs) of all that decided."""
        states = [pair.state for pair in (*self.pairs, *self.also)]
        hits = states.count(PairState.HIT)
        return hits, hits + states.count(PairState.PASSED)

    @property
    def counted(self) -> int:
        """Pairs that count at all."""
        return sum(pair.state in {PairState.HIT, PairState.PASSED} for pair in self.pairs)

    @property
    def hit_trials(self) -> tuple[Trial, ...]:
        """The subjects that were hit."""
        return tuple(pair.subject for pair in self.pairs if pair.state is PairState.HIT and pair.subject is not None)

    @property
    def proof(self) -> tuple[int, ...]:
        """Ids of all trials of the counted pairs."""
        counted = (pair for pair in (*self.pairs, *self.also) if pair.state in {PairState.HIT, PairState.PASSED})
        return tuple(dict.fromkeys(trial.id for pair in counted for trial in pair.trials))


def read_pairs(trials: Iterable[Trial], context: Context, knowledge: Knowledge) -> tuple[Pair, ...]:
    """The pairs among `trials` (already without void and undone ones), in order of their number."""
    groups: dict[int, list[Trial]] = {}
    for trial in trials:
        # Packets with a small TTL have pairs of their own (way.py).
        if trial.pair is not None and trial.side is Side.HERE and not trial.cooling and trial.ask.ttl is None:
            groups.setdefault(trial.pair, []).append(trial)
    openers = {trial.id: trial for members in groups.values() for trial in members if opens(trial)}
    return tuple(_pair(number, groups[number], openers, context, knowledge) for number in sorted(groups))


def opens(trial: Trial) -> bool:
    """Whether a trial of a pair is the baseline on the subject's address."""
    return trial.role is Role.BASELINE and not trial.bystander


def _pair(
    number: int, members: list[Trial], openers: dict[int, Trial], context: Context, knowledge: Knowledge
) -> Pair:
    def says(trial: Trial) -> Reaction:
        return reaction(trial, knowledge, context)

    subject = next((trial for trial in members if trial.role is not Role.BASELINE), None)
    before = next(filter(opens, members), None if subject is None else _lent(subject, openers))
    after = next((trial for trial in members if trial.bystander), None)
    state = PairState.OPEN
    late = before is not None and subject is not None and _apart(before, subject, context)
    late = late or (subject is not None and after is not None and _apart(subject, after, context))
    silent = before is None or late or says(before) is not Reaction.PASSED
    if subject is None:
        state = PairState.DROPPED if silent else PairState.OPEN
    elif silent or says(subject) is Reaction.SILENT:
        state = PairState.DROPPED
    elif says(subject) is Reaction.PASSED:
        state = PairState.PASSED
    elif after is not None:
        state = PairState.HIT if says(after) is Reaction.PASSED else PairState.DROPPED
    changed = members[0].changed or ""
    return Pair(number=number, changed=changed, before=before, subject=subject, after=after, state=state)


def _lent(subject: Trial, openers: dict[int, Trial]) -> Trial | None:
    """The baseline of an earlier pair of the same question, which the subject names as its cause."""
    asked = (subject.changed, subject.ask.address)
    found = (openers[cause] for cause in subject.causes if cause in openers)
    return next((one for one in found if (one.changed, one.ask.address) == asked), None)


def _apart(one: Trial, other: Trial, context: Context) -> bool:
    """Whether too long passed between two trials of a pair."""
    return (other.t0 - one.t) * context.scale > BRACKET_SECONDS


def sequential(context: Context, *, residual: bool) -> SequentialTest:
    """The run's sequential test: its own f0, an alpha lowered by many targets, and the f1 of METHOD 3."""
    f0 = min(max(context.f0, F0_FLOOR), MOST_NOISE)
    return SequentialTest(f0=f0, f1=F1_RESIDUAL if residual else F1, alpha=min(ALPHA, share_of_alpha(context)))


def sharing(context: Context) -> int:
    """Among how many targets the run's error budget is shared, whatever a damaged record says."""
    return min(max(1, context.targets), MOST_TARGETS)


def share_of_alpha(context: Context) -> float:
    """The part of the run's error budget that one target may spend (METHOD 3)."""
    return max(LEAST_ALPHA, min(context.alpha, 1.0) / sharing(context))


def read_tests(
    trials: Iterable[Trial], context: Context, knowledge: Knowledge, *, hellos: bool = False
) -> tuple[PairTest, ...]:
    """Every question that pairs were spent on, in order of first being asked.

    With our own hello; or, with `hellos`, with another client's (for a finding of ours they are read in `client`).
    """
    kept = tuple(trial for trial in trials if (trial.ask.hello is not None) is hellos)
    first = (trial for trial in kept if trial.round == 0 or trial.changed == QUESTION)
    busy = any(trial.in_flight for trial in first if trial.failed is not None)
    lasting = {trial.ask.address for trial in kept if trial.cooling and trial.failed is not None}
    planted = {ours(context)} if context.calibrations else set()  # what was planted there may have missed half
    answered = proxied(kept, context)
    groups: dict[Ask, list[Pair]] = {}
    for pair in read_pairs(kept, context, knowledge):
        if pair.subject is not None:
            groups.setdefault(pair.subject.ask, []).append(pair)
    return tuple(
        _dark_test(ask, tuple(pairs), context, answered=answered)
        if ask.resolver is not None and ask.resolver == context.dark
        else _test(
            ask,
            tuple(pairs),
            _at_ours(pairs, groups, context),
            context,
            quiet=busy,
            residual=ask.address in lasting | planted,
        )
        for ask, pairs in groups.items()
    )


def _at_ours(pairs: list[Pair], groups: dict[Ask, list[Pair]], context: Context) -> tuple[Pair, ...]:
    """The pairs that put the same change to an address of ours, if what was hit there ended as it does in `pairs`.

    They are trials of the same question on the same line: a name that is cut in two places needs fewer of each. Where
    ours was not hit so, nothing is known of the line by it: a server may refuse, and a censor look at addresses.
    """
    own = ours(context)
    if own is None or pairs[0].subject is None or pairs[0].subject.ask.address in {None, own}:
        return ()
    there = [
        pair
        for ask, made in groups.items()
        if ask.address == own and made[0].changed == pairs[0].changed
        for pair in made
    ]
    ends = {_end(pair) for pair in pairs if pair.state is PairState.HIT}
    alike = any(pair.state is PairState.HIT and _end(pair) in ends for pair in there)
    return tuple(there) if alike else ()


def _end(pair: Pair) -> tuple[type[Step], Failure | None] | None:
    """How the subject of a pair ended: at which step, and of what."""
    failed = pair.subject.failed if pair.subject is not None else None
    return None if failed is None else (type(failed), failed.failure)


def _dark_test(ask: Ask, pairs: tuple[Pair, ...], context: Context, *, answered: bool) -> PairTest:
    """No false failure can make an answer, so the sequential test's question does not arise."""
    test = sequential(context, residual=False)
    hits = sum(pair.state is PairState.HIT for pair in pairs)
    passed = sum(pair.state is PairState.PASSED for pair in pairs)
    crossed = hits >= DIRECT_HITS and not answered
    decision = Decision.INTERFERED if crossed else Decision.CLEAN if answered else test.decide(hits, passed)
    return PairTest(
        subject=ask, changed=pairs[0].changed, pairs=pairs, decision=decision, crossed=crossed, spread=True,
        error_bound=test.alpha, direct=True,
    )  # fmt: skip


def _test(
    ask: Ask,
    pairs: tuple[Pair, ...],
    at_ours: tuple[Pair, ...],
    context: Context,
    *,
    quiet: bool,
    residual: bool,
) -> PairTest:
    test = sequential(context, residual=residual)
    counted = [pair for pair in (*pairs, *at_ours) if pair.state in {PairState.HIT, PairState.PASSED}]
    hits = [pair for pair in counted if pair.state is PairState.HIT]
    decision = test.decide(len(hits), len(counted) - len(hits))
    crossed = decision is Decision.INTERFERED
    spread = in_two_blocks(hits, context.scale) and (not quiet or any(pair.alone for pair in hits))
    direct = _answered_by_others(hits, context)
    if direct:
        decision, crossed, spread = Decision.INTERFERED, True, True
    if crossed and not spread:
        decision = Decision.UNDECIDED
    return PairTest(
        subject=ask,
        changed=pairs[0].changed,
        pairs=pairs,
        decision=decision,
        crossed=crossed,
        spread=spread,
        error_bound=test.alpha,
        direct=direct,
        also=at_ours,
    )


def _answered_by_others(hits: list[Pair], context: Context) -> bool:
    """Whether our echo was answered for by somebody else: no loss can make such an answer."""
    return sum(pair.subject is not None and foreign(pair.subject, context) for pair in hits) >= DIRECT_HITS


def in_two_blocks(hits: list[Pair], scale: float) -> bool:
    """Whether the hits span at least two blocks."""
    times = [pair.subject.t0 for pair in hits if pair.subject is not None]
    return bool(times) and (max(times) - min(times)) * scale >= BLOCK_SECONDS
