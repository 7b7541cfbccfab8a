"""Rules for rates: does what names the site, or comes from its address, run slower than a like transfer, or stop?

`slowed` and `frozen` are of streams that ran in turn (detect.streams). Toward an address of ours, and toward the
site's own server under another name, one name is all that differs, so that the name is to blame. Toward the site's
address everything differs from our echo: that a helper elsewhere is served well leaves a refusal by the site's own
side as another explanation, as with any failure at an address (METHOD 1), and the sentence says so.

The outcome is `degraded` also for a freeze: the connection stands and bytes come, as people on such lines say it, "it
loads and then it does not". What would be `blocked` is a transfer of which nothing comes, and other rules see that.
"""

from functools import cached_property

from hushmap.detect.address import ours
from hushmap.detect.ruling import Rule, Ruling, portal
from hushmap.detect.streams import HALF, LEAST_SECONDS, SLOW, WINDOW, Arm, Stream, stream_of
from hushmap.model import Ask, Evidence, Knowledge, Layer, Outcome, Reason, Record, Role, Side, Where
from hushmap.sampling import Ratio

NAMES = ("sni", "host")
"""Changes that keep server and bytes."""
_KBIT = 8 / 1000


class Rates:
    """The arms of one target."""

    def __init__(self, record: Record, knowledge: Knowledge) -> None:
        self.record, self.context, self.knowledge = record, record.context, knowledge
        self.trials = record.counted

    def arm(self, changed: str) -> Arm | None:
        """The alternations in which one thing was changed; `None` before any was begun."""
        asks = [trial.ask for trial in self.trials if trial.changed == changed and trial.role is not Role.BASELINE]
        return Arm(asks[0], changed, self.trials, self.context.scale) if asks else None

    @cached_property
    def name(self) -> Arm | None:
        """The arm in which the name alone was changed."""
        return next((arm for changed in NAMES if (arm := self.arm(changed)) is not None), None)

    @cached_property
    def address(self) -> Arm | None:
        """The arm of the site's own address."""
        return self.arm("address")

    @cached_property
    def elsewhere(self) -> Stream | None:
        """The same object as the helper got it."""
        asked = [trial for trial in self.trials if trial.side is Side.HELPER and trial.ask.layer is Layer.HTTP]
        return next((found for trial in asked if (found := stream_of(trial)) is not None), None)

    @property
    def worth_asking(self) -> bool:
        """Whether one look at the site's address found it slower than our echo and than the helper did."""
        arm, there = self.address, self.elsewhere
        if arm is None or there is None or there.stopped is not None:
            return False
        return any(subject.rate < HALF * min(twin.rate, there.rate) for subject, twin in arm.pairs)

    @property
    def slow_here(self) -> bool:
        """Whether the site's address looks slow or stops here, its name does not, and the helper is served better.

        Far away is not slow: a rate is the reason only where a transfer was long, and below what any line may be.
        """
        arm, there, name = self.address, self.elsewhere, self.name
        if arm is None or not arm.suspected or there is None or there.stopped is not None:
            return False
        if name is None or not name.enough or name.suspected:
            return False  # what comes from the address names the site, too
        if arm.stops:
            return there.size > WINDOW[1]
        long = sum(stream.seconds * arm.scale >= LEAST_SECONDS for stream in arm.subjects)
        slow = sum(stream.rate <= SLOW * arm.scale for stream in arm.subjects)
        crawl = 2 * min(long, slow) > len(arm.pairs)
        return crawl and max(stream.rate for stream in arm.subjects) < HALF * there.rate


def _nothing(rates: Rates) -> Ruling | None:
    if any(arm is not None and arm.pairs for arm in (rates.name, rates.address)):
        return None
    context = rates.context
    if context.budget_spent:
        reason = Reason.BUDGET
    elif ours(context) is None:
        reason = Reason.NO_HELPER
    elif context.voids:
        reason = Reason.NETWORK_LOST
    else:
        reason = Reason.HELPER_SILENT if rates.name is not None else Reason.BUDGET
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=reason)


def _degraded(arm: Arm, evidence: Evidence, mechanisms: tuple[str, ...], hits: int, facts: dict[str, str]) -> Ruling:
    controlled = evidence is Evidence.CONTROLLED
    return Ruling(
        outcome=Outcome.DEGRADED,
        evidence=evidence,
        mechanisms=mechanisms,
        where=Where.PATH if controlled else Where.UNKNOWN,
        proof=arm.proof,
        hits=(hits, len(arm.pairs)),
        harmless=(0, len(arm.pairs)),
        facts=facts | _twin(arm),
    )


def _twin(arm: Arm) -> dict[str, str]:
    """The harmless names of the other arm, where only the name differs."""
    names = {stream.trial.ask.sni or _host(stream.trial.ask) for stream in arm.twins}
    return {"baseline": ", ".join(sorted(names))} if arm.changed in NAMES else {}


def _host(ask: Ask) -> str:
    return (ask.url or "").partition("://")[2].partition("/")[0].partition(":")[0]


def _stopped(arm: Arm) -> dict[str, str]:
    sizes = sorted(stream.stopped or 0 for stream in arm.stops)
    return {"stopped": f"{sizes[len(sizes) // 2] / 1000:.0f}"}


def _speeds(arm: Arm) -> dict[str, str]:
    ratio = arm.ratio
    assert ratio is not None, "who is slowed has a ratio"
    own: Ratio = arm.rate
    return {
        "rate": _kbit(own.point),
        "rate_low": _kbit(own.low),
        "rate_high": _kbit(own.high),
        "base_rate": _kbit(own.point / ratio.point),
    }


def _kbit(rate: float) -> str:
    return f"{rate * _KBIT:.2g}" if rate * _KBIT < 10 else f"{round(rate * _KBIT):,}"


def _frozen_by_name(rates: Rates) -> Ruling | None:
    arm = rates.name
    if arm is None or not arm.frozen:
        return None
    facts = _stopped(arm) | {"named": _host(arm.subject)}
    return _degraded(arm, Evidence.CONTROLLED, ("tcp.freeze",), len(arm.stops), facts)


def _slowed_by_name(rates: Rates) -> Ruling | None:
    arm = rates.name
    if arm is None or not arm.slowed:
        return None
    return _degraded(arm, Evidence.CONTROLLED, _slowing(arm, arm.changed), arm.slow, _speeds(arm))


def _slowing(arm: Arm, trigger: str) -> tuple[str, ...]:
    """The trigger first; what holds bytes in a queue is said beside it."""
    return (f"throttle.{trigger}", "throttle.delay") if arm.queued else (f"throttle.{trigger}",)


def _frozen_by_address(rates: Rates) -> Ruling | None:
    arm = rates.address
    if arm is None or not arm.frozen or not rates.slow_here:
        return None
    return _degraded(arm, Evidence.COMPARISON, ("tcp.freeze",), len(arm.stops), _stopped(arm) | _apart())


def _slowed_by_address(rates: Rates) -> Ruling | None:
    arm = rates.address
    if arm is None or not arm.slowed or not rates.slow_here:
        return None
    return _degraded(arm, Evidence.COMPARISON, _slowing(arm, "ip"), arm.slow, _speeds(arm) | _apart())


def _apart() -> dict[str, str]:
    return {"server_too": "1"}


def _alike(rates: Rates) -> Ruling | None:
    arm = rates.name
    if arm is None or not arm.alike or rates.slow_here:
        return None
    return Ruling(
        outcome=Outcome.OK,
        proof=arm.proof,
        hits=(arm.slow, len(arm.pairs)),
        harmless=(0, len(arm.pairs)),
        facts=_twin(arm),
    )


def _no_helper(rates: Rates) -> Ruling | None:
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_HELPER) if ours(rates.context) is None else None


def _undecided(rates: Rates) -> Ruling:
    arm = rates.name
    slow = arm is not None and arm.slow > 0
    return Ruling(
        outcome=Outcome.INSUFFICIENT,
        reason=Reason.BUDGET,
        proof=arm.proof if arm is not None else (),
        hits=(arm.slow, len(arm.pairs)) if arm is not None and slow else None,
    )


THROTTLE_RULES: tuple[Rule, ...] = (
    Rule(id="rate.nothing-counted", what="No alternation of downloads could be counted.", applies=_nothing),
    Rule(id="rate.portal", what="A captive portal answers in place of the network.", applies=portal),
    Rule(
        id="rate.frozen",
        what="Downloads that name the site stop at 14 to 24 kB, under a harmless name they go on.",
        applies=_frozen_by_name,
    ),
    Rule(
        id="rate.slowed",
        what="Downloads that name the site run steadily at less than half of the rate under a harmless name.",
        applies=_slowed_by_name,
    ),
    Rule(
        id="rate.frozen-address",
        what="Pages from the site's address stop at 14 to 24 kB here, and not for the helper.",
        applies=_frozen_by_address,
    ),
    Rule(
        id="rate.slowed-address",
        what="Pages from the site's address run steadily slow here, our echo and the helper's page do not.",
        applies=_slowed_by_address,
    ),
    Rule(
        id="rate.alike",
        what="Downloads that name the site run at more than half of the rate under a harmless name.",
        applies=_alike,
    ),
    Rule(id="rate.no-helper", what="There was no server of one's own to compare with.", applies=_no_helper),
    Rule(id="rate.undecided", what="Rates were too uneven, or too few, to be told apart.", applies=_undecided),
)
