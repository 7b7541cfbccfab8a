"""Tests of hushmap.detect.calibrating; what a whole record shows is tested with the experiment that makes it."""

import pytest

from hushmap.detect import Calibrated, Planted, separators
from hushmap.detect.calibrating import HITS, LOOKS, pack_length
from hushmap.model import Ask, Connect, Context, Exchange, Failure, Knowledge, Layer, Place, Record, Role, Trial
from hushmap.sampling import Decision

OURS = "203.0.113.10"


def trial(number, why, round_=0, *, cut=False, t=0.0, **more):
    """One attempt on a bare connection."""
    end = Failure.RESET if cut else None
    answer = b"" if cut else b"said"
    steps = (
        Connect(t0=t, t=t + 0.1, address=OURS, port=7),
        Exchange(t0=t + 0.1, t=t + 0.2, address=OURS, port=7, received=answer, failure=end),
    )
    canary = why in {Planted.CANARY, Planted.PORT, Planted.POSITION, Planted.APART}
    role = Role.CANARY if canary else Role.BASELINE
    ask = Ask(layer=Layer.RAW, address=OURS, port=7, payload=b"x")
    return Trial(id=number, ask=ask, role=role, changed=why.value, round=round_, steps=steps, t0=t, t=t + 0.2, **more)


def seen(*trials, layer="tcp-payload", **context):
    """What they show."""
    record = Record(
        id="r-1", run="r", experiment="calibrate", target="canary", started="", ended="", run_started="", layer=layer,
        canary=True, trials=trials, context=Context(**context),
    )  # fmt: skip
    return Calibrated(record, Knowledge())


def test_names_are_shorter_than_texts_and_have_dots():
    """What a host name can hold."""
    assert separators(Place.TLS_SNI)[0] == "."
    assert pack_length(Place.TLS_SNI) < pack_length(Place.HTTP_BODY)


def test_nothing_planted_is_nothing_known():
    """No canary fired, whatever the place; not even if nobody knows the place."""
    for layer in ("tcp-payload", "nowhere", None):
        known = seen(layer=layer).calibration
        assert (known.fired, known.packs, known.ports, known.misses) == (False, False, (), (0, 0))


def test_one_hit_of_many_is_no_firing():
    """Lines lose packets."""
    one = seen(trial(1, Planted.CANARY, 0, cut=True), *(trial(2 + n, Planted.CANARY, 1 + n) for n in range(12)))
    assert one.decision is Decision.CLEAN
    assert not one.fired


def test_on_a_line_that_loses_half_nothing_fires():
    """Nothing could be decided there."""
    assert seen(trial(1, Planted.CANARY, cut=True), f0=0.6).decision is Decision.UNDECIDABLE


def test_without_harmless_text_that_passed_a_canary_has_not_fired():
    """Whatever was cut might have been cut for anything."""
    hits = [trial(n, Planted.CANARY, n, cut=True) for n in range(4)]
    assert not seen(*hits).fired
    assert seen(*hits, *(trial(10 + n, Planted.CONTROL, n) for n in range(3))).fired


@pytest.mark.parametrize(
    ("cut", "ends", "high"), [((2.0, 4.0), True, 8.0), ((2.0,), True, 4.0), ((2.0, 4.0), False, None)]
)
def test_how_long_it_lasts_lies_between_what_was_cut_and_what_passed(cut, ends, high):
    """Two passes in a row are the end; without them there is none."""
    trials = [trial(100 + n, Planted.CONTROL, n) for n in range(3)]
    for number in range(HITS):
        start = 1000.0 * number
        trials.append(trial(number, Planted.CANARY, number, cut=True, t=start))
        after = [(gap, True) for gap in cut]
        after += [(2 * cut[-1], False), (4 * cut[-1], False)] if ends else [(2 * cut[-1], False)]
        for look, (gap, held) in enumerate(after):
            at = start + 0.2 + gap
            trials.append(trial(200 + 10 * number + look, Planted.SAME, number * LOOKS + look, cut=held, t=at))
    residual = seen(*trials).residual
    assert residual.scope == "3-tuple"
    assert residual.low == pytest.approx(cut[-1])
    assert residual.high == (None if high is None else pytest.approx(high))


def followed(number, looks, again=None):
    """A hit, and what was looked at after it: at which look, and of one flow or two whether they were cut."""
    begun = 1000.0 * number
    made = [trial(number, Planted.CANARY, number, cut=True, t=begun)]
    for why, cuts in ((Planted.SAME, looks), (Planted.AGAIN, again or looks)):
        for look, cut in cuts.items():
            identity = 1000 * (1 + (why is Planted.AGAIN)) + 10 * number + look
            made.append(trial(identity, why, number * LOOKS + look, cut=cut, t=begun + 0.2 + 2.0 * 2**look))
    return made


HELD = {0: True, 1: True, 2: True, 3: False, 4: False}
"""Cut 2, 4 and 8 s after a hit, and not any more."""


@pytest.mark.parametrize(
    ("last", "again", "prolonged"),
    [
        ({2: True, 3: False, 4: False}, None, False),
        ({2: False, 3: False}, {2: True, 3: False}, False),
        ({2: False, 3: False}, None, True),
        ({2: False, 3: False}, {3: False}, None),
        ({3: False, 4: False}, None, None),
    ],
)
def test_what_is_held_only_while_it_is_looked_at_was_made_to_last_by_looking(last, again, prolonged):
    """The last hit is left alone as long as both others were held; one flow alone may pass by chance."""
    control = [trial(100 + n, Planted.CONTROL, n) for n in range(3)]
    known = seen(*control, *followed(0, HELD), *followed(1, HELD), *followed(2, last, again))
    assert known.unlooked == 2
    assert known.residual.prolonged is prolonged
    assert known.residual.scope == "3-tuple"


def test_where_some_that_followed_passed_nothing_is_said_of_looking():
    """Two flows more may have had luck as well."""
    some = HELD | {1: False}
    control = [trial(100 + n, Planted.CONTROL, n) for n in range(3)]
    last = {2: False, 3: False}
    assert seen(*control, *followed(0, some), *followed(1, HELD), *followed(2, last)).residual.prolonged is None
    short = {0: True, 1: False, 2: False}
    assert seen(*control, *followed(0, short), *followed(1, HELD), *followed(2, short)).unlooked == 0
