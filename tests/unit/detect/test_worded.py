"""Tests of hushmap.detect.worded."""

import pytest

from hushmap.detect.worded import Worded, calibration_of, direction_of, moment, open_reason
from hushmap.model import Ask, Calibration, Context, Knowledge, Layer, Place, Reason, Record, Trial, Trigger, Void


def record(**more):
    """A record about words."""
    fields = {"id": "r-1", "run": "r", "experiment": "screen", "target": "x", "started": "", "ended": ""}
    return Record(**(fields | {"run_started": "2026-11-21T00:00:00Z"} | more))


def test_a_calibration_belongs_to_a_place_and_an_encoding():
    """Another writing is another calibration."""
    known = {
        "http-path": Calibration(place="http-path"),
        "http-path/gb18030": Calibration(place="http-path", fired=True),
    }
    context = Context(calibrations=known)
    assert not calibration_of(record(layer="http-path", context=context)).fired
    assert calibration_of(record(layer="http-path", encoding="gb18030", context=context)).fired
    assert calibration_of(record(layer="tls-sni", context=context)) is None


@pytest.mark.parametrize(
    ("place", "direction"),
    [(Place.HTTP_PATH, "client_to_server"), (Place.TCP_ANSWER, "server_to_client"), ("elsewhere", "client_to_server"),
     (None, "client_to_server")],
)  # fmt: skip
def test_a_place_has_a_direction(place, direction):
    """Of a place that nobody knows, the usual one."""
    assert direction_of(place) == direction


def test_seconds_of_a_run_are_moments_of_the_world():
    """Where the record says when its run began, and the number is no nonsense."""
    assert moment(record(), 61.5) == "2026-11-21T00:01:01Z"
    assert moment(record(run_started="yesterday"), 1.0) == ""
    assert moment(record(), 1e300) == ""


def test_why_something_was_left_open():
    """Limits first, then a line that was lost at the end, then what our own hits are held against us for."""
    trials = tuple(Trial(id=number, ask=Ask(layer=Layer.TCP)) for number in (1, 2))

    def why(*void, controls_failed=False, **context):
        voids = tuple(Void(trial=number, reason=reason) for number, reason in void)
        left = record(trials=trials, context=Context(voids=voids, **context))
        return open_reason(left, controls_failed=controls_failed)

    lost, held = (2, "network_lost"), (1, "residual")
    assert why(lost, controls_failed=True, budget_spent=True) is Reason.BUDGET
    assert why(lost, held, controls_failed=True) is Reason.NETWORK_LOST
    assert why((1, "network_lost")) is Reason.BUDGET
    assert why(held) is Reason.SELF_INDUCED
    assert why(controls_failed=True) is Reason.SELF_INDUCED
    assert why() is Reason.BUDGET


def test_nothing_is_settled_where_nothing_was_asked():
    """No pairs, no test."""
    seen = Worded(record(layer="http-path"), Knowledge())
    assert seen.controls == (0, 0)
    assert not seen.holds(None)


def test_what_was_not_put_to_pairs_is_no_trigger():
    """However often the game says so."""
    seen = Worded(record(layer="http-path"), Knowledge())
    alone = Trial(id=1, ask=Ask(layer=Layer.HTTP, url="http://a.example/kw"))
    assert seen.proven(alone, Trigger(kind="word", parts=("kw",), place="")) is None
