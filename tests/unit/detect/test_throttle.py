"""Rules for rates; whole conversations are tests/playbooks/test_throttle.py."""

import msgspec
import pytest

from hushmap.detect import judge
from hushmap.detect.throttle import THROTTLE_RULES, Rates, _kbit
from hushmap.model import Context, Knowledge, Outcome, Reason, Void
from rates import Flow
from trials import record
from unit.detect.test_streams import OURS, POLICED, SUBJECT, TWIN, transfer

ALONE = Context()
HELPED = Context(helper=OURS)
FAST = Flow()


def rates(*trials, context=HELPED):
    """A record of the experiment."""
    return record(*trials, experiment="throttle", context=context)


def alternations(*flows, twin=FAST):
    """Alternations of these flows about the name."""
    return [
        made
        for number, flow in enumerate(flows)
        for made in (
            transfer(2 * number, flow, at=30.0 * number, pair=number),
            transfer(2 * number + 1, twin, TWIN, at=30.0 * number, pair=number),
        )
    ]


@pytest.mark.parametrize(
    ("context", "trials", "reason"),
    [
        (msgspec.structs.replace(HELPED, budget_spent=True), (), Reason.BUDGET),
        (ALONE, (), Reason.NO_HELPER),
        (msgspec.structs.replace(HELPED, voids=(Void(trial=1, reason="network_lost"),)), (), Reason.NETWORK_LOST),
        (HELPED, (), Reason.BUDGET),
        (HELPED, alternations(Flow(stop=100)), Reason.HELPER_SILENT),
    ],
)
def test_nothing_counted_says_why(context, trials, reason):
    """The run's own limits, no helper, a lost line, no bytes for so many targets, a helper that gives no download."""
    verdict = judge(rates(*trials, context=context), Knowledge())
    assert (verdict.outcome, verdict.reason, verdict.rule) == (
        Outcome.INSUFFICIENT, reason, "rate.nothing-counted",
    )  # fmt: skip


def test_a_portal_comes_before_any_rate():
    """Whatever ran under a portal is the portal's."""
    context = msgspec.structs.replace(HELPED, portal=True)
    verdict = judge(rates(*alternations(*[POLICED] * 6), context=context), Knowledge())
    assert (verdict.rule, verdict.mechanisms) == ("rate.portal", ("portal",))


def test_too_few_or_too_uneven_rates_decide_nothing():
    """The counts say how many were slow; without a helper that is the reason."""
    verdict = judge(rates(*alternations(*[POLICED] * 3)), Knowledge())
    assert (verdict.outcome, verdict.reason, verdict.counts.subject) == (Outcome.INSUFFICIENT, Reason.BUDGET, (3, 3))
    verdict = judge(rates(*alternations(*[Flow()] * 3)), Knowledge())
    assert verdict.counts.subject == (0, 0)
    verdict = judge(rates(*alternations(*[Flow()] * 3), context=ALONE), Knowledge())
    assert verdict.reason is Reason.NO_HELPER


def test_an_address_alone_that_is_not_slow_decides_nothing():
    """Without the name's own question there is nothing that could be fine."""
    trials = [msgspec.structs.replace(trial, changed="address") for trial in alternations(*[Flow()] * 6)]
    verdict = judge(rates(*trials), Knowledge())
    assert (verdict.rule, verdict.proof) == ("rate.undecided", ())


def test_an_arm_is_what_was_begun():
    """The alternations of the name; none before any was asked."""
    assert Rates(rates(*alternations(Flow())), Knowledge()).name.subject == SUBJECT
    assert Rates(rates(), Knowledge()).name is None


def test_a_small_rate_keeps_its_digits():
    """Below 10 kbit/s a whole number would be too rough; thousands are marked."""
    assert (_kbit(900.0), _kbit(17_500.0), _kbit(1_000_000.0)) == ("7.2", "140", "8,000")


def test_every_record_gets_a_rule():
    """The last rule of the table matches whatever is left."""
    assert judge(rates(*alternations(Flow(), POLICED)), Knowledge()).rule == THROTTLE_RULES[-1].id
