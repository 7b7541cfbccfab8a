"""Hushmap measures which sites and words are blocked on a network, how, and how sure that is.

The house, floor by floor (an import goes down, never up; `[tool.hushmap.floors]` in pyproject.toml is the law):

    0  model        nouns: Ask, Step, Trial, Record, Verdict, Deck, Knowledge
    1  wire         network bytes <-> values       sampling  sequential tests, intervals
       catalog      reads probes/
    2  codec        file bytes <-> Record          detect    trials + Knowledge -> Verdict
       net          the only measuring room with sockets
    3  experiments  pure inquiries                 runs      the run folder
    4  runner       the only loop                  judge     records -> verdicts
       servers      the helper
    7  report       the page                       lab       the simulated network
    8  cli          one file per verb

This file is the top of it for programs: `inputs` is the one place where a PATH becomes something to read, and `open`
the one where it becomes tables.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hushmap.analysis import Opened
    from hushmap.runs import Input

__all__ = ["__version__", "inputs", "open"]

__version__ = "0.1.0"


def inputs(
    path: str | Path,
    say: Callable[[str], None] = lambda _: None,
    leads: Callable[[str, str], bool] = lambda _, __: False,
) -> "Iterator[Input]":
    """What can be read at a PATH: a file, a folder, `s3://bucket/prefix` or `https://host/file`, in a fixed order.

    Nothing is read before an input is opened; of a folder or a prefix the names are listed as they are asked for.
    `say` is told of waiting. `leads` says whether a redirect to another host is followed, by the address that was
    asked for and the one that it leads to; by default none is.

    Raises:
        RunsError: There is nothing there, or it cannot be had; one line with the remedy.
    """
    rooms: Any = sys.modules[__name__]
    found: Iterator[Input]
    if "://" in (text := str(path)) and not Path(path).exists():
        found = rooms.remote.inputs(text, say, leads)
    else:
        found = rooms.runs.inputs(Path(path))
    return found


def open(  # noqa: A001 (as `gzip.open` and `io.open`: it is written with the package's name before it)
    paths: str | Path | Iterable[str | Path],
    *,
    engine: str = "duckdb",
    say: Callable[[str], None] = lambda _: None,
    leads: Callable[[str, str], bool] = lambda _, __: False,
) -> "Opened":
    """The tables of one PATH or of several: archives, run folders, files and folders of records, `s3://`, `https://`.

    `hushmap.open("results/runs").verdicts` is an ibis table, `.frame("verdicts", country=("XE",))` a pandas frame;
    so are `.incidents()` and `.rates(["day", "asn"])`.
    What is no archive is judged when a table of it is asked for first, with the shipped and fetched fingerprints;
    `say` is told of that. `engine` is `duckdb`, or `spark://HOST:PORT` of a cluster.

    Raises:
        RunsError: There is nothing at a PATH, or the engine cannot be had.
    """
    rooms: Any = sys.modules[__name__]
    several = [paths] if isinstance(paths, str | Path) else [*paths]
    sources = [
        rooms.archive.source(
            path,
            partial(inputs, path, say, leads),
            rooms.remote.bucket_place(str(path), say)
            if str(path).startswith("s3://") and not Path(path).exists()
            else None,
        )
        for path in several
    ]
    opened: Opened = rooms.archive.open_tables(
        sources,
        lambda: rooms.catalog.fingerprints(rooms.runs.fetched("fingerprints")),
        engine=engine,
        say=say,
        kind=rooms.analysis.Opened,
    )
    return opened


def __getattr__(name: str) -> Any:
    """The rooms that open a PATH are loaded when there is one: no other import of ours pays for them."""
    if name not in {"analysis", "archive", "catalog", "remote", "runs"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")
