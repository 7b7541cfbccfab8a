"""What others measured of the same host on the same network."""

from datetime import date

from bursts import frame, hourly, row
from hushmap.analysis import MIN_N, theirs

FIRST, LAST = date(2026, 10, 31), date(2026, 11, 4)


def test_shares():
    """By our rules and by their own conclusion, of bursts, with days and gaps."""
    rows = [*hourly(6, "Unreachable from here"), *hourly(2, "Blocked", session="b"), row(1440 * 2, "Not decided")]
    claims = [*["anomaly"] * 7, "accessible", "no verdict"]
    told = theirs(frame(rows), FIRST, LAST, claims)
    assert (told.measurements, told.left_out, told.days) == (9, 1, 2)
    assert told.gaps == "2026-10-31; 2026-11-02; 2026-11-04"
    blocked, unreachable = told.ours
    assert (blocked.k, blocked.n, blocked.share) == (2, 8, 0.25)
    assert unreachable.k == 6
    assert (told.claim.found, told.claim.k, told.claim.n) == ("anomaly", 7, 8)
    assert told.claim.low < told.claim.share < told.claim.high


def test_few():
    """Few bursts have no share, and are counted; twenty of one tester are one."""
    told = theirs(frame([row(i / 10) for i in range(20)]), FIRST, LAST)
    assert told.claim is None
    assert (told.ours[0].n, told.ours[0].share, told.ours[0].low) == (1, None, None)
    assert told.measurements == 20
    assert MIN_N > 1


def test_down():
    """What OONI found down, or did not decide, is in no denominator."""
    told = theirs(frame(hourly(3, "Reachable")), FIRST, LAST, ["down", "no verdict", "accessible"])
    assert (told.claim.k, told.claim.n) == (0, 1)


def test_period():
    """What is older or newer is not there; nothing is nothing, and not zero."""
    assert theirs(frame(hourly(3)), date(2026, 12, 1), date(2026, 12, 30)) is None
    assert theirs(frame([]), FIRST, LAST) is None
