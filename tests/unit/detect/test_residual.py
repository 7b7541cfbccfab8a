"""What goes on being blocked after a trigger, read back from rounds written down by hand."""

import msgspec
import pytest

from hushmap.detect import judge
from hushmap.detect.reactions import Reaction
from hushmap.detect.residual import ARMS, Follow, Lingering, held
from hushmap.detect.saying import say
from hushmap.model import Context, Evidence, Failure, Outcome, Reason, Role, Void
from trials import CONTEXT, ELSEWHERE, HARMLESS, NAME, NOTHING, OURS, connected, record, shaken

CALM = {"sni": HARMLESS, "role": Role.BASELINE, "address": OURS}


def at(trial, t0):
    """The same trial at another time; a handshake takes a second."""
    steps = tuple(msgspec.structs.replace(step, t0=t0, t=t0 + 1.0) for step in trial.steps)
    return msgspec.structs.replace(trial, t0=t0, t=t0 + 1.0, steps=steps)


def rounds(number, start, *, cut=(), arms=ARMS, kind="after", after=2.0, trigger=Failure.RESET, beside=None):
    """One round: what was cut in it, by arm."""
    made, first = [], 100 * number
    sham = kind == Follow.SHAM
    if sham:
        made.append(
            at(
                shaken(first, trigger if trigger is not Failure.RESET else None, **CALM, pair=number, changed="sham"),
                start,
            )
        )
    else:
        made.append(at(shaken(first, None, **CALM, pair=number, changed="sni"), start - 2))
        made.append(at(shaken(first + 1, trigger, OURS, pair=number, changed="sni"), start))
        near = CALM | {"address": ELSEWHERE}
        made.append(at(shaken(first + 2, beside, **near, pair=number, changed="sni", bystander=True), start + 1))
    if kind in {Follow.AGAIN, Follow.PROBE}:
        more = CALM if kind == Follow.PROBE else {"address": OURS}
        made.append(at(shaken(first + 3, Failure.RESET, **more, pair=number, changed=kind, cooling=True), start + 10))
    for place, arm in enumerate(arms):
        failure = Failure.RESET if arm in cut else None
        follow = shaken(first + 10 + place, failure, **CALM, pair=number, changed=str(arm), cooling=not sham)
        made.append(at(follow, start + 1 + after))
    made.append(
        at(
            shaken(first + 20, beside, **CALM | {"address": ELSEWHERE}, pair=number, changed="beside", cooling=True),
            start + 1 + after,
        )
    )
    return made


CONTROLS = [at(shaken(number, None, **CALM, changed="control"), float(number)) for number in (1, 2, 3)]


def whole(*some, context=CONTEXT, cut=("tuple", "source_port")):
    """Three rounds of either kind after the controls, and then some."""
    made = list(CONTROLS)
    for number in range(1, 7):
        sham = number % 2 == 0
        made += rounds(number, 100.0 * number, kind="sham" if sham else "after", cut=() if sham else cut)
    for trials in some:
        made += trials
    return record(*made, experiment="residual", target=NAME, context=context)


def seen(*some, **more):
    """What is read from them."""
    return Lingering(whole(*some, **more), NOTHING)


@pytest.mark.parametrize(
    ("cut", "scope", "arm"),
    [
        ((), "nothing", Follow.SOURCE_PORT),
        (("tuple",), "4-tuple", Follow.TUPLE),
        (("tuple", "source_port"), "3-tuple", Follow.SOURCE_PORT),
        (("tuple", "source_port", "port"), "2-tuple", Follow.SOURCE_PORT),
    ],
)
def test_the_scope_is_the_smallest_tuple_that_stays_blocked(cut, scope, arm):
    """Three rounds of each kind decide where nothing is lost."""
    found = seen(cut=cut)
    assert (found.scope, found.arm, found.after_harmless) == (scope, arm, False)
    assert [each.kind for each in found.rounds] == ["after", "sham"] * 3


def test_two_rounds_are_too_few():
    """And so are rounds with a harmless name in the trigger's place that were not made."""
    two = record(
        *CONTROLS, *rounds(1, 100.0, cut=ARMS), *rounds(2, 200.0, cut=ARMS), experiment="residual", target=NAME
    )
    assert Lingering(two, NOTHING).scope is None
    assert Lingering(two, NOTHING).facts == {}
    three = msgspec.structs.replace(two, trials=(*two.trials, *rounds(3, 300.0, cut=ARMS)))
    assert Lingering(three, NOTHING).scope is None


def test_a_line_too_bad_for_the_test_decides_no_scope():
    """f0 as high as what a censor hits."""
    assert seen(context=msgspec.structs.replace(CONTEXT, f0=0.7)).scope is None


def test_a_round_counts_only_with_its_controls():
    """No other server beside it; the trigger passed; a void trial; a harmless name that was cut itself."""
    context = msgspec.structs.replace(CONTEXT, voids=(Void(trial=901, reason="residual"),))
    found = seen(
        rounds(7, 700.0, beside=Failure.TIMEOUT),
        rounds(8, 800.0, trigger=None),
        rounds(9, 900.0),
        rounds(10, 1000.0, kind="sham", trigger=Failure.EOF),
        [shaken(1101, None, **CALM, pair=11, changed="sni")],
        rounds(12, 1200.0)[3:],
        context=context,
    )
    assert [each.number for each in found.rounds] == [1, 2, 3, 4, 5, 6]


def test_a_duration_lies_between_what_was_cut_and_what_passed():
    """Seconds since the trigger at least where it was cut, at most where it passed."""
    looks = [
        rounds(
            10 + place,
            1000.0 + 400.0 * place,
            arms=(Follow.SOURCE_PORT,),
            after=after,
            cut=("source_port",) if after < 90 else (),
        )
        for place, after in enumerate((40.0, 80.0, 85.0, 85.0, 88.0, 88.0, 95.0, 95.0, 95.0, 100.0, 120.0, 120.0))
    ]
    found = seen(*looks)
    assert found.duration.low <= 90.0 <= (found.duration.high or 0.0)
    assert found.facts["lingers_high"] == f"{found.duration.high:.0f}"
    assert found.duration.looks == 15


def longer(kind, *held_at, after=200.0):
    """Rounds in which something came meanwhile; whether the late look was cut."""
    return [
        rounds(
            40 + place,
            9000.0 + 500.0 * place,
            arms=(Follow.SOURCE_PORT,),
            kind=kind,
            after=after,
            cut=("source_port",) if cut else (),
        )
        for place, cut in enumerate(held_at)
    ]


ENDS = [
    rounds(
        10 + place,
        1000.0 + 400.0 * place,
        arms=(Follow.SOURCE_PORT,),
        after=after,
        cut=("source_port",) if after < 90 else (),
    )
    for place, after in enumerate((80.0, 85.0, 85.0, 88.0, 88.0, *(94.0,) * 5, *(98.0,) * 4))
]


@pytest.mark.parametrize(
    ("kind", "looks", "found"),
    [
        ("again", (True, True, True), True), ("again", (True, True, False), True), ("probe", (False, False, False), False),
        ("again", (True, False, False), None), ("again", (True, True), None),
    ],
)  # fmt: skip
def test_whether_something_prolongs_it(kind, looks, found):
    """Three looks past its longest time: two of three are cut, or none is."""
    told = seen(*ENDS, *longer(kind, *looks))
    assert told.prolonged(kind) is found
    fact = {True: "longer", False: "same"}.get(found)
    assert told.facts.get(f"after_{kind}") == fact


def test_a_look_before_its_end_tells_nothing_of_prolonging():
    """Nor does one where no end is known."""
    assert seen(*ENDS, *longer("again", True, True, True, after=50.0)).prolonged("again") is None
    assert seen(*longer("again", True, True, True)).prolonged("again") is None


def test_what_follows_harmless_names_too_is_no_censor_of_the_name():
    """Somebody minds the number of flows: no statement."""
    made = list(CONTROLS)
    for number in range(1, 7):
        made += rounds(number, 100.0 * number, kind="sham" if number % 2 == 0 else "after", cut=ARMS)
    verdict = judge(record(*made, experiment="residual", target=NAME), NOTHING)
    assert (verdict.outcome, verdict.reason, verdict.rule) == (
        Outcome.INSUFFICIENT, Reason.SELF_INDUCED, "residual.after-harmless",
    )  # fmt: skip


def test_a_verdict_names_scope_and_interval_in_each_language():
    """Blocked, controlled; without five hits nothing is decided, and nothing is said to last."""
    verdict = judge(whole(*ENDS, *longer("again", False, False, False)), NOTHING)
    assert (verdict.outcome, verdict.evidence, verdict.rule) == (
        Outcome.BLOCKED, Evidence.CONTROLLED, "residual.measured",
    )  # fmt: skip
    assert verdict.mechanisms == ("tls.reset.sni",)
    told = say(verdict, whole(*ENDS)).sentence
    assert f"For {verdict.facts['lingers_low']} to {verdict.facts['lingers_high']} s after that, harmless" in told
    assert "did not make it last longer" in told
    assert "同一端口" in say(verdict, whole(*ENDS), "zh").sentence
    assert judge(whole(), NOTHING).rule == "send.budget"


@pytest.mark.parametrize(
    ("trial", "cut"),
    [
        (shaken(1, **CALM), False), (shaken(1, Failure.RESET, **CALM), True), (connected(1, Failure.REFUSED), True),
        (connected(1, Failure.NETWORK_DOWN), None), (shaken(1, Failure.UNKNOWN, **CALM), None),
    ],
)  # fmt: skip
def test_a_harmless_flow_is_cut_at_any_step(trial, cut):
    """But not by this computer, and not by what has no name."""
    says = Reaction.PASSED if trial.failed is None else Reaction.SILENT
    assert held(trial, says) is cut


def test_a_flow_that_says_nothing_is_no_look():
    """Its arm is left out of the round, which then tells nothing of the scope."""
    unknown = at(shaken(990, Failure.UNKNOWN, **CALM, pair=7, changed="port", cooling=True), 703.0)
    found = seen(rounds(7, 700.0, arms=(Follow.TUPLE,)), [unknown])
    assert set(found.rounds[-1].arms) == {"tuple"}


def test_a_trigger_without_a_handshake_began_with_its_connection():
    """A trial of another shape, as a damaged record may have it."""
    odd = [msgspec.structs.replace(trial, steps=trial.steps[:1]) for trial in rounds(7, 700.0)]
    assert Lingering(record(*odd, experiment="residual", target=NAME, context=Context()), NOTHING).rounds == ()


def test_harmless_flows_that_fail_beforehand_end_it():
    """No name was sent, and nothing is said of it."""
    failed = [shaken(number, Failure.RESET, **CALM, changed="control") for number in (1, 2, 3)]
    verdict = judge(record(*failed, experiment="residual", target=NAME), NOTHING)
    assert (verdict.rule, verdict.reason, verdict.counts.baseline) == ("residual.no-control", Reason.NO_RULE, (3, 3))


def test_what_was_cut_at_no_later_look_may_have_been_lost():
    """A scope without a time that it surely lasted is not told."""
    passes = [
        rounds(10 + place, 1000.0 + 400.0 * place, arms=(Follow.SOURCE_PORT,), after=0.5) for place in range(16)
    ]
    found = seen(*passes)
    assert (found.scope, found.duration.low, found.facts) == ("3-tuple", 0.0, {})
