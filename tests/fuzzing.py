"""Runs a parser over many hostile inputs, in blocks that are made from their number, and tallies what came.

A fault is any exception that `Parser.read` lets out (an oracle's AssertionError too), a MemoryError below the ceiling,
or an input that takes longer than it may. Each is told once, by its last place in our code, with the number of an
input that brings it about.
"""

import random
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from parsers import PARSERS, Parser

BLOCK = 1_000
"""Inputs that one task makes and reads."""

SLOW = 3.0
"""Seconds of the processor's time that one input may take, so that no neighbour counts; inputs have at most a few
hundred kilobytes."""
HANG = 30
"""Seconds after which reading is broken off."""
CEILING = 2 << 30
"""Bytes of address space that reading may take beyond what the process had: no bomb goes off below it unseen."""


class _HangError(BaseException):
    """Reading was broken off; no parser may catch it."""


@dataclass
class Tally:
    """What came of many inputs."""

    inputs: int = 0
    values: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    peak_mb: float = 0.0
    faults: dict[str, str] = field(default_factory=dict)
    """The fault in words -> `BLOCK:NUMBER` of the first input that showed it."""

    def add(self, other: "Tally") -> None:
        """Take the counts of another tally in."""
        self.inputs += other.inputs
        self.values += other.values
        self.refused += other.refused
        self.seconds += other.seconds
        self.slowest = max(self.slowest, other.slowest)
        self.peak_mb = max(self.peak_mb, other.peak_mb)
        for fault, where in other.faults.items():
            self.faults.setdefault(fault, where)


def _chance(parser: Parser, seed: int, block: int) -> random.Random:
    return random.Random(f"{seed} {parser.name} {block}")


def input_of(parser: Parser, seed: int, block: int, number: int) -> bytes:
    """One input again."""
    rng = _chance(parser, seed, block)
    for _ in range(number):
        parser.make(rng)
    return parser.make(rng)


def block_of(parser: Parser, seed: int, block: int, count: int = BLOCK) -> Tally:
    """Make and read the inputs of one block in this process."""
    rng, tally = _chance(parser, seed, block), Tally()
    begun = time.perf_counter()
    for number in range(count):
        data = parser.make(rng)
        start = time.process_time()
        try:
            signal.setitimer(signal.ITIMER_REAL, HANG)
            found = parser.read(data)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever is let out is what is looked for; panics of Rust too
            tally.faults.setdefault(_place(error), f"{block}:{number}")
        else:
            if isinstance(found, ValueError):
                tally.refused += 1
            else:
                tally.values += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        took = time.process_time() - start
        tally.slowest = max(tally.slowest, took)
        if took > SLOW:
            tally.faults.setdefault(f"{took:.1f} s for one input of {len(data)} bytes", f"{block}:{number}")
    tally.inputs, tally.seconds = count, time.perf_counter() - begun
    tally.peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return tally


def _place(error: BaseException) -> str:
    """The exception and the last lines of ours that it went through."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/src/hushmap/" in frame.filename]
    frames = frames or traceback.extract_tb(error.__traceback__)
    at = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames[-2:]))
    words = " ".join(ascii(str(error)).split())[:160]
    return (
        f"{type(error).__name__}: {words} at {at}"
        if not isinstance(error, AssertionError)
        else (f"AssertionError {words} at {at}")
    )


def _broken_off(*_: object) -> None:
    raise _HangError("reading was broken off")


@contextmanager
def bounded() -> Iterator[None]:
    """Reading in this process is broken off in time, and cannot take more memory than the ceiling."""
    before = signal.signal(signal.SIGALRM, _broken_off)
    limits = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + CEILING, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)
        signal.signal(signal.SIGALRM, before)


def _task(work: tuple[str, int, int, int]) -> Tally:
    name, seed, block, count = work
    with bounded():
        return block_of(PARSERS[name], seed, block, count)


def fuzz(name: str, count: int, seed: int, jobs: int = 1, *, progress: bool = False) -> Tally:
    """Read `count` hostile inputs with one parser; `progress` tells on standard error how far it is."""
    works = [(name, seed, block, min(BLOCK, count - at)) for block, at in enumerate(range(0, count, BLOCK))]
    total, begun = Tally(), time.perf_counter()
    if jobs == 1:
        tallies = map(_task, works)
        _collect(total, tallies, count, name, progress=progress)
    else:
        with get_context("fork").Pool(jobs) as pool:
            _collect(total, pool.imap(_task, works), count, name, progress=progress)
    total.seconds = time.perf_counter() - begun
    return total


def _collect(total: Tally, tallies: Iterator[Tally], count: int, name: str, *, progress: bool) -> None:
    for tally in tallies:
        total.add(tally)
        if progress and total.inputs % (20 * BLOCK) == 0:
            sys.stderr.write(f"\r{name}: {total.inputs:,} of {count:,}")
            sys.stderr.flush()
    if progress:
        sys.stderr.write("\r" + " " * 60 + "\r")
