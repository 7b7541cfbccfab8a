"""One stream's incidents."""

from hushmap.analysis import Sure, found, streams
from hushmap.analysis.incident import overlap
from unit.analysis.courses import at, course

QUIET = "." * 60


def of(text, **fields):
    """The incidents of a course."""
    (stream,) = streams(course(text, **fields))
    return found(stream)


def test_an_incident_says_what_of_its_attempts_failed():
    """Counts are from the first seen failing to the last, and those that were judged blocked stand apart."""
    (one,) = of(QUIET + "xuxxux" * 5 + QUIET)
    assert (one.failing, one.attempts, one.blocked) == (30, 30, 20)
    assert (one.failing_sessions, one.sessions, one.lines) == (30, 30, 1)
    assert one.mechanisms == ("tls.reset.sni", "tcp.timeout")
    assert one.share == 1.0
    assert not one.partial


def test_a_session_counts_by_its_first_attempt():
    """Who tries again after a failure adds attempts and no session."""
    (one,) = of(QUIET + "xxxxxxxx" * 10, every=300)
    assert one.failing > one.failing_sessions
    assert one.sessions <= 8


def test_an_incident_that_goes_on_counts_to_the_end():
    """Without a lifting every attempt to the end is counted, and the last seen failing is told."""
    (one,) = of(QUIET + "x" * 30 + ".")
    assert (one.attempts, one.failing, one.lifting, one.last_failing) == (31, 30, None, at(89))
    assert one.lifting_alarm is None


def test_an_id_lasts_as_long_as_the_first_failure_is_the_same():
    """More attempts after it keep the id; another network has another."""
    (before,), (after,) = of(QUIET + "x" * 10), of(QUIET + "x" * 30 + QUIET)
    (elsewhere,) = of(QUIET + "x" * 30, asn=64502)
    assert before.id == after.id != elsewhere.id


def test_no_share_is_made_of_nothing():
    """An incident without a session has share 0 and is not divided by it."""
    (one,) = of(QUIET + "x" * 30)
    empty = type(one)(**{name: getattr(one, name) for name in one.__struct_fields__} | {"sessions": 0})
    assert empty.share == 0


def test_incidents_overlap_as_far_as_is_known():
    """Two that share some time overlap; one that goes on overlaps with everything behind its onset."""
    first, second = of(QUIET + "x" * 30 + QUIET + "x" * 30)
    (open_,) = of(QUIET + "x" * 90)
    (standing,) = of("x" * 90)
    assert not overlap(first, second)
    assert not overlap(second, first)
    assert overlap(open_, first)
    assert overlap(open_, second)
    assert overlap(standing, open_)


def test_what_one_way_says_alone_is_found():
    """Lookups that began to fail where handshakes had always failed are an incident of lookups."""
    whole, single = of("x" * 80 + "d" * 40)
    assert (whole.way, whole.status) == ("any", Sure.STANDING)
    assert (single.way, single.onset_first_failing) == ("dns", at(80))
    assert single.mechanisms == ("dns.nxdomain",)


def test_a_provisional_way_is_not_told_beside_another():
    """One way of failing that comes and is not confirmed adds nothing to an incident that goes on."""
    assert [one.way for one in of("x" * 40 + "d")] == ["any"]
