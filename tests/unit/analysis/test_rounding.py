"""Times that were rounded down: an interval reaches to where they may have been."""

import pandas as pd

from hushmap.analysis import changes
from hushmap.analysis.rounding import DAY, HOUR, rounded, widened
from hushmap.analysis.stream import SECOND
from unit.analysis.courses import course

COPY, BY_DAY, OWN = "20261121T2200Z-0123456789ab", "20261122T0000Z-0123456789ab", "20261121T2200Z-3f9c"


def at(text):
    """A time of this room."""
    return int(pd.Timestamp(text, tz="UTC").timestamp()) * SECOND


def times(*rows):
    """A frame of runs and starts."""
    return pd.DataFrame([{"run": run, "started": pd.Timestamp(text, tz="UTC")} for run, text in rows])


def test_a_copy_is_known_by_the_id_of_its_run():
    """By the hour unless all its times are midnights; the runs of this computer are as exact as they are written."""
    found = rounded(
        times(
            (COPY, "2026-11-21T22:00:00"),
            (COPY, "2026-11-22T00:00:00"),
            (BY_DAY, "2026-11-23T00:00:00"),
            (BY_DAY, "2026-11-24T00:00:00"),
            (OWN, "2026-11-21T20:00:00"),
        )
    )
    assert found == {
        at("2026-11-21T22:00:00"): HOUR,
        at("2026-11-22T00:00:00"): HOUR,
        at("2026-11-23T00:00:00"): DAY,
        at("2026-11-24T00:00:00"): DAY,
    }


def test_what_is_not_sharp_was_not_rounded():
    """And where nothing is known of runs, nothing is."""
    assert rounded(times((COPY, "2026-11-21T22:30:00"))) == {}
    assert rounded(pd.DataFrame({"started": []})) == {}
    assert rounded(times((OWN, "2026-11-21T22:00:00"), (None, "2026-11-21T22:00:00"))) == {}


COURSE = "." * 30 + "x" * 30 + "." * 30


def test_an_incident_of_a_copy_reaches_to_the_end_of_the_hour():
    """What was last seen is at the earliest, what was first seen at the latest; its id and all counts stay."""
    (own,) = changes(course(COURSE, run=OWN)).incidents
    (copy,) = changes(course(COURSE, run=COPY)).incidents
    hour = HOUR - SECOND
    assert copy.onset_last_working == own.onset_last_working
    assert copy.lifting_last_failing == own.lifting_last_failing
    assert copy.onset_first_failing == own.onset_first_failing + hour
    assert copy.lifting_first_working == own.lifting_first_working + hour
    assert copy.onset_alarm == own.onset_alarm + hour
    assert (copy.id, copy.attempts, copy.share) == (own.id, own.attempts, own.share)
    assert widened(own, {}) is own


def test_what_was_first_seen_is_no_later_than_the_alarm_that_it_raised():
    """A time at midnight may be rounded by a day, those after it by an hour: the alarm bounds the first failure."""
    (own,) = changes(course(COURSE, run=OWN)).incidents
    widths = {own.onset_first_failing: DAY, own.onset_alarm: HOUR, own.lifting_first_working: DAY}
    wide = widened(own, widths)
    assert wide.onset_alarm == own.onset_alarm + HOUR - SECOND
    assert wide.onset_first_failing == min(own.onset_confirmed, wide.onset_alarm)
    assert own.onset_first_failing < wide.onset_first_failing < own.onset_first_failing + DAY
    assert wide.lifting_first_working <= min(wide.lifting_alarm, wide.lifting_confirmed)
