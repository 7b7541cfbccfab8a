"""Both detectors over one stream."""

from hushmap.analysis import Point
from hushmap.analysis.turning import LEAST_SESSIONS, PER_SESSION, Turning, told, turns

HOUR = 3_600_000_000


def points(text, *, every=HOUR, who="a", first=0):
    """A course: x fails."""
    return [
        Point(at=first + every * place, record=f"{who} {first} {place}", failing=char == "x", who=who)
        for place, char in enumerate(text)
    ]


def test_a_burst_is_told_in_part():
    """Of one session no more than three attempts are told, and of the next three again."""
    burst = [*points("x" * 9, every=HOUR // 60), *points("x" * 9, every=HOUR // 60, first=HOUR)]
    assert [one.session for one in told(burst)] == [0] * PER_SESSION + [1] * PER_SESSION


def test_a_turn_has_its_place_and_its_alarms():
    """The change stands where it was, the quick alarm is no later than the sure one, and so for the lifting."""
    kept, (turn,) = turns(points("." * 50 + "x" * 30 + "." * 40))
    assert (turn.change, turn.lifted, len(kept)) == (50, 80, 120)
    assert 50 < turn.alarm <= turn.confirmed < 80 <= turn.lifting_alarm <= turn.lifting_confirmed


def test_an_alarm_looks_at_nothing_behind_it():
    """Told only what came before its alarm, a turn has the same alarm."""
    course = points("." * 50 + "x" * 30)
    (turn,) = turns(course)[1]
    (again,) = turns(course[: turn.alarm + 1])[1]
    assert (again.alarm, again.change) == (turn.alarm, turn.change)
    assert turns(course[: turn.alarm])[1] == []


def test_three_sessions_must_fail():
    """Two sessions of failures, of three attempts each, wait for a third."""
    quiet = points("." * 50)
    bursts = [points("xxx", every=HOUR // 60, first=HOUR * (60 + number)) for number in range(LEAST_SESSIONS)]
    two = [*quiet, *bursts[0], *bursts[1]]
    assert turns(two)[1] == []
    assert len(turns([*two, *bursts[2]])[1]) == 1


def test_a_lifting_that_is_not_confirmed_and_does_not_last_is_none():
    """Failures that are back before the lifting was confirmed go on with the incident."""
    (turn,) = turns(points("." * 50 + "x" * 30 + "." * 5 + "x" * 30))[1]
    assert (turn.change, turn.lifted) == (50, None)


def test_what_gets_worse_is_not_lifted():
    """A blocking that grows from a third of attempts to nearly all of them is one incident that goes on."""
    (turn,) = turns(points("." * 60 + "x.." * 50 + "xxxxxxxxx." * 30))[1]
    assert (turn.lifted, turn.lifting_alarm) == (None, None)


def test_provisional_incidents_are_not_joined():
    """Two short ones that were never confirmed are two: that the first was real is not known."""
    noisy = ("." * 19 + "x") * 4
    found = turns(points(noisy + "..xxxx" + noisy * 3 + "..xxxx" + noisy))[1]
    assert len(found) >= 1
    assert all(turn.confirmed is None for turn in found)


def test_each_further_incident_has_half_the_chance():
    """After each confirmed lifting the chance of a false alarm that is left is half of what it was."""
    turning = Turning(1e-3)
    assert turning._share() == 1e-3
    for one in told(points(("." * 50 + "x" * 30) * 2 + "." * 50)):
        turning.tell(one)
    assert [turn.lifting_confirmed is not None for turn in turning.turns] == [True, True]
    assert turning._share() == 1e-3 / 4
