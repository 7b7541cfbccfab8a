"""Our times <-> OONI's: `2026-11-21T22:33:00Z` and seconds since the run's start, or a space and the measurement's.

OONI's readers date a measurement by its own start, and a run lasts hours. So each record's start is its zero, and the
run's start stands as `test_start_time`, from which the way back is counted. Both are whole seconds, and taking whole
seconds from a later time loses no bit of it.
"""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

_TIME = re.compile(r"(\d{1,4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)Z?", re.ASCII)


def moment(text: str, field: str) -> datetime:
    """The moment that a time of ours or OONI's names.

    Raises:
        ValueError: It names none.
    """
    match = _TIME.fullmatch(text)
    if match is not None:
        year, month, day, hour, minute, second = map(int, match.groups())
        with suppress(ValueError):  # a month 13
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    raise ValueError(f"{text!a:.40} is no time - at `$.{field}`")


def theirs(when: datetime) -> str:
    """A moment as OONI writes it."""
    return when.isoformat(sep=" ", timespec="seconds").removesuffix("+00:00")


def ours(when: datetime) -> str:
    """A moment as we write it."""
    return theirs(when).replace(" ", "T") + "Z"


def later(when: datetime, seconds: float) -> datetime:
    """So many seconds after a moment.

    Raises:
        ValueError: No calendar has that moment.
    """
    try:
        return when + timedelta(seconds=seconds)
    except OverflowError:
        raise ValueError("a test_runtime beyond all time - at `$.test_runtime`") from None
