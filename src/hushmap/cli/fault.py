"""How a verb ends when it cannot do what was asked: one line, and the exit code of UX 5.

What a person can put right is a `Fault` and never a traceback; anything else that escapes a verb is our bug.
"""

from enum import IntEnum

import click

from hushmap.cli import screen


class Exit(IntEnum):
    """Exit codes (UX 5)."""

    DONE = 0
    """Done, whatever was found."""
    NO = 1
    """A check said no."""
    USAGE = 2
    """Usage or bad input."""
    CONSENT = 3
    """No consent."""
    NOTHING = 4
    """Nothing was measured."""
    EARLY = 5
    """Ended early, can be resumed."""
    REFUSED = 6
    """This system refuses the lab."""
    INTERRUPTED = 130


class Fault(click.ClickException):
    """What is wrong and the remedy, on one line, with the exit code that it ends with."""

    def __init__(self, message: str, code: Exit = Exit.USAGE) -> None:
        """`message` may hold text from files or the network; it is made printable when it is shown."""
        super().__init__(message)
        self.exit_code = code  # type: ignore[misc]  # click reads it from the instance, and declares it on the class

    def show(self, file: object = None) -> None:  # noqa: ARG002 (click's signature; notes go to stderr)
        """Say it."""
        screen.note(f"hushmap: {' '.join(self.message.split())}")
