"""Times in which nobody measured."""

from hushmap.analysis import streams
from hushmap.analysis.silence import LEAST, SHORTEST, silences
from unit.analysis.courses import at, course


def found(text, until=None, **fields):
    """The silences of a course."""
    (stream,) = streams(course(text, **fields))
    return silences(stream, stream.points[-1].at if until is None else until)


def test_a_gap_far_longer_than_usual_is_a_silence():
    """Ten days after four attempts a day are told, with the sessions that were to be expected."""
    (one,) = found("." * 40 + " " * 40 + "." * 10)
    assert (one.since, one.until, one.ended, one.seen) == (at(39), at(80), True, 0)
    assert round(one.expected) == 41


def test_a_usual_gap_is_none():
    """Gaps as long as some before are no silence, nor is a night."""
    assert found((".    " * 12) + ".") == []
    assert found("." * 60 + " " * 12 + ".", every=3600) == []
    assert at(4) - at(0) == SHORTEST


def test_few_attempts_say_nothing_of_what_is_usual():
    """Before the eleventh session there is no usual pace."""
    assert found("." * LEAST + " " * 400 + ".") == []
    assert len(found("." * (LEAST + 1) + " " * 400 + ".")) == 1


def test_thinning_is_one_silence():
    """An attempt a fortnight after four a day is one silence that goes on, with those attempts in it."""
    (one,) = found("." * 40 + (" " * 55 + ".") * 5)
    assert (one.since, one.until, one.seen) == (at(39), at(39 + 56 * 5), 4)


def test_a_silence_may_go_on_to_the_end():
    """Where others measure on, a stream that ended is silent until then."""
    (one,) = found("." * 40, until=at(100))
    assert (one.since, one.until, one.ended) == (at(39), at(100), False)


def test_two_silences_are_two():
    """What is measured as usual in between parts two silences."""
    assert [one.seen for one in found("." * 40 + " " * 60 + "." * 20 + " " * 60 + "..")] == [0, 0]
