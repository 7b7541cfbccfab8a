"""PATHs of the command line -> tables, for every verb that asks some."""

from pathlib import Path
from typing import TYPE_CHECKING

from hushmap import archive
from hushmap.cli import screen
from hushmap.cli.archive import place
from hushmap.cli.given import STDIN, given
from hushmap.cli.knowing import knowledge
from hushmap.runs import inputs, is_bundle

if TYPE_CHECKING:
    from hushmap.archive import Source, Tables


def opened(paths: tuple[str, ...], marks: tuple[Path, ...] = (), engine: str = "duckdb") -> "Tables":
    """The tables of all that was given; notes of what had to be judged go to stderr.

    Raises:
        Fault: There is nothing at a PATH.
        RunsError: An archive or the engine cannot be had.
    """
    sources = [source(text) for text in paths]
    copies = sum(is_bundle(text) for text in paths)
    if 0 < copies < len(paths):
        _note("a published copy has record ids of its own: with the run that it was made of, both are counted")
    return archive.open_tables(sources, lambda: knowledge(marks), engine=engine, say=_note)


def source(text: str) -> "Source":
    """What one PATH is."""
    one = given(text)
    if one.run is not None:
        run = one.run
        return archive.source(run, lambda: inputs(run))
    if text == STDIN:
        return archive.Source(name=text, inputs=one.inputs)
    bucket = text.startswith("s3://") and not Path(text).exists()
    return archive.source(text, one.inputs, place(text) if bucket else None)


def _note(text: str) -> None:
    screen.note(f"hushmap: {text}")
