"""How something elsewhere fails: for good, or in a way that may pass.

Both are one line that names the address and the remedy. What may pass carries how long the other side asked to be
left alone, so that whoever tries again is as polite as it was asked to be.
"""

import logging
from collections.abc import Callable, Iterator

import stamina

from hushmap.runs import RunsError

ATTEMPTS = 5
"""Of one request; with the pauses below that is about half a minute of a network that is down."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0
"""Seconds between attempts where the other side did not say."""
ENOUGH = 120.0
"""Seconds; whoever asks to be left alone for longer is asked again by the person, later."""

logging.getLogger("stamina").addHandler(logging.NullHandler())  # it would tell of each pause on stderr, in its words


class PassingError(RunsError):
    """It may work if it is tried again."""

    def __init__(self, where: object, what: str, remedy: str, wait: float | None = None) -> None:
        """`wait`: seconds that the other side asked for."""
        super().__init__(where, what, remedy)
        self.what = what
        self.wait = wait


class GoneError(RunsError):
    """The server is there, and says that what was asked for is not."""


Say = Callable[[str], None]
"""Takes a line for people, about what is going on."""


def silent(_: str) -> None:
    """Tell nobody."""


Leads = Callable[[str, str], bool]
"""Says whether an address may lead to another host; told are the address that was asked for, and where it leads."""


def nowhere(_asked: str, _target: str) -> bool:
    """No address leads to another host."""
    return False


def attempts(say: Say = silent, times: int = ATTEMPTS) -> Iterator[stamina.Attempt]:
    """Attempts at something that may raise `PassingError`; the last one's error is the caller's.

    `say` is told why there is another.
    """
    tried = 0

    def pause(error: Exception) -> bool | float:
        nonlocal tried
        tried += 1
        if not isinstance(error, PassingError) or (error.wait or 0.0) > ENOUGH or tried == times:
            return False
        if error.wait is None:
            say(f"{error.where}: {error.what}; trying again")
            return True
        say(f"{error.where} asks to be left alone for {error.wait:.0f} s")
        return error.wait

    return iter(
        stamina.retry_context(
            on=pause, attempts=times, timeout=None, wait_initial=FIRST_PAUSE, wait_max=LONGEST_PAUSE
        )
    )
