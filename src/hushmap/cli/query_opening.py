"""PATHs of the command line -> tables, for every verb that asks some."""

from pathlib import Path
from typing import TYPE_CHECKING

from hushmap import archive
from hushmap.cli import screen
from hushmap.cli.given import STDIN, given, where
from hushmap.cli.knowing import knowledge

if TYPE_CHECKING:
    from hushmap.archive import Source, Tables


def opened(paths: tuple[str, ...], marks: tuple[Path, ...] = (), engine: str = "duckdb") -> "Tables":
    """The tables of all that was given; notes of what had to be judged go to stderr.

    Raises:
        Fault: There is nothing at a PATH.
        RunsError: An archive or the engine cannot be had.
    """
    sources = [source(text) for text in paths]
    return archive.open_tables(sources, lambda: knowledge(marks), engine=engine, say=_note)


def source(text: str) -> "Source":
    """What one PATH is."""
    one = given(text)
    if one.run is not None or text == STDIN or "://" in text:
        return archive.Source(name=text, run=one.run, inputs=one.inputs)
    return archive.source(where(text), one.inputs)


def _note(text: str) -> None:
    screen.note(f"hushmap: {text}")
