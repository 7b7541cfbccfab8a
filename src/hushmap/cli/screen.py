"""The two streams: data on stdout, everything else on stderr, and nothing that could take over a terminal.

Text from the network or a file may hold escape sequences; whatever is printed goes through `printable` here, so that
no verb has to think of it. Colour is decoration only: it is left out where NO_COLOR is set (no-color.org) or the
stream is no terminal, and no meaning hangs on it.
"""

import contextlib
import os
import sys
from collections.abc import Iterable
from typing import Any

import click
import msgspec

WIDTH = 100
"""Columns of a text; mock-ups of UX 1 are 120 wide, and many terminals are not."""


def printable(text: str) -> str:
    """`text` with every character that is no mark on paper escaped."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def out(lines: Iterable[str]) -> None:
    """Print lines of a result."""
    for line in lines:
        click.echo(printable(line))


def out_json(value: Any) -> None:
    """Print one JSON value on one line."""
    click.echo(msgspec.json.encode(value).decode())


def out_lines(data: bytes) -> None:
    """Print lines of JSON that are made already."""
    if data:
        click.echo(data, nl=False)


def note(text: str = "") -> None:
    """Print a line that is no result."""
    click.echo(printable(text), err=True)


def notes(lines: Iterable[str]) -> None:
    """Print lines that are no result."""
    for line in lines:
        note(line)


def at_terminal() -> bool:
    """Whether a person can be asked: they see stderr and type into stdin."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def lively() -> bool:
    """Whether a line on stderr may be redrawn."""
    return sys.stderr.isatty() and os.environ.get("TERM", "") != "dumb"


def redraw(text: str) -> None:
    """Put a line that is no result in the place of the last one; only where the screen is `lively`."""
    click.echo(f"\r{printable(text):{WIDTH - 1}.{WIDTH - 1}}", err=True, nl=False)


def prepare() -> None:
    """Let no character of a result break a stream whose encoding lacks it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def unwritten(error: OSError) -> bool:
    """Whether this is stdout's fault (a full disk): it was raised where click prints, as all of our text is."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code is click.echo.__code__


def silence() -> None:
    """Let what is still buffered for a reader who left go nowhere, instead of failing at exit."""
    with contextlib.suppress(OSError, ValueError):  # a stream of a test has no descriptor, and needs no silencing
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
