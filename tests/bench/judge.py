"""How fast measurements are judged on this computer, against the bars: `python tests/bench/judge.py [--write]`.

Bars of issue "OONI data in and out", on the files that measurements.py makes:

1. decoding, mapping and rules, measurements of 7 kB, one process: 8,000 a second;
2. judging the same file with two processes, as `hushmap judge --jobs 2` does: 1.7 times as fast as with one;
3. measurements with pages, every fingerprint loaded: 60 MB a second;
4. 1,700 patterns on a page of 50 kB: less than 1 ms.

Each is the best of three passes: the others measure what else the computer was doing; the time of the processor
alone is told beside. Exit code 1 where a bar is missed, 2 without the real data. `--write` keeps the table in
docs/reference/benchmarks.toml, of which `make docs` makes the page; `--profile` shows instead in which functions the
time of the first and the third goes.
"""

import argparse
import cProfile
import os
import pstats
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2] / "src")]

import measurements
from table import TABLE, Row, machine, usual, write

from hushmap.catalog import fingerprints
from hushmap.codec import Document, documents, read_ooni_lines
from hushmap.detect import judge_all
from hushmap.detect.notices import notice
from hushmap.judge.cutting import together, undisturbed
from hushmap.model import Knowledge, Page, Record

BEST_OF = 3
RATE, SPEEDUP, VOLUME, MATCH = 8_000, 1.7, 60.0, 1.0
"""Records a second, times, MB a second, milliseconds: the bars."""
PAGE_BYTES = 50_000
PATTERNS = 1_700
"""At least so many patterns have to be loaded for the fourth to count."""
TITLE = "hushmap judge"


@dataclass(frozen=True)
class Pass:
    """One pass over a file."""

    records: int
    size: int
    seconds: float
    cpu: float
    """Seconds of the processor, in this process."""
    outcomes: Counter[str]


def one_pass(path: Path, knowledge: Knowledge) -> Pass:
    """Decode, map and judge every line in this process, as many at once as `hushmap judge` does."""
    outcomes: Counter[str] = Counter()
    begun, cpu = time.perf_counter(), time.process_time()
    with undisturbed(), path.open("rb") as stream:
        for pieces in together(documents(stream, path.name)):
            lines = [(piece.data, piece.offset) for piece in pieces if isinstance(piece, Document)]
            records = read_ooni_lines(lines, file=path.name, digest=False)
            verdicts = judge_all([record for record in records if isinstance(record, Record)], knowledge)
            assert len(verdicts) == len(pieces), records
            outcomes.update([verdict.outcome for verdict in verdicts])
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    return Pass(outcomes.total(), path.stat().st_size, seconds, cpu, outcomes)


def whole(path: Path, jobs: int) -> float:
    """Seconds of `hushmap judge PATH --jobs N`, from its start to its end."""
    command = [sys.executable, "-m", "hushmap", "judge", str(path), "--jobs", str(jobs)]
    with tempfile.TemporaryDirectory() as folder:  # where it would set aside what cannot be read
        begun = time.perf_counter()
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=True, env=usual())
        seconds = time.perf_counter() - begun
        assert not list(Path(folder).iterdir()), done.stdout
    return seconds


def best(passes: Callable[[], Pass]) -> Pass:
    """The fastest of three."""
    return min((passes() for _ in range(BEST_OF)), key=lambda found: found.seconds)


def rate(path: Path, knowledge: Knowledge) -> Row:
    """Bar 1."""
    found = best(lambda: one_pass(path, knowledge))
    speed = found.records / found.seconds
    shown = ", ".join(f"{count / found.records:.0%} {name}" for name, count in found.outcomes.most_common())
    print(f"        outcomes: {shown}; {found.records / found.cpu:,.0f} a second of the processor")
    what = f"decode, map and rules in one process: {found.records:,} measurements of {found.size / found.records:,.0f} bytes"
    return Row(what, f"{RATE:,} records/s", f"{speed:,.0f} records/s", speed >= RATE)


def speedup(path: Path) -> Row:
    """Bar 2: in turns, so that what else the computer does meets both."""
    with path.open("rb") as stream:
        records = sum(1 for _ in stream)
    turns = [(whole(path, 1), whole(path, 2)) for _ in range(BEST_OF)]
    one, two = (min(seconds) for seconds in zip(*turns, strict=True))
    print(f"        the whole command: {records / one:,.0f} records/s in one process, {records / two:,.0f} in two")
    what = (
        f"`hushmap judge --jobs 2` beside `--jobs 1`, the same measurements ({records / two:,.0f} records/s in two)"
    )
    return Row(what, f"{SPEEDUP} times", f"{one / two:.2f} times", one / two >= SPEEDUP)


def volume(path: Path, knowledge: Knowledge) -> Row:
    """Bar 3."""
    found = best(lambda: one_pass(path, knowledge))
    speed = found.size / found.seconds / 1e6
    shown = ", ".join(f"{count / found.records:.0%} {name}" for name, count in found.outcomes.most_common())
    print(f"        outcomes: {shown}; {found.size / found.cpu / 1e6:,.0f} MB a second of the processor")
    loaded = f"{len(knowledge.fingerprints):,} fingerprints loaded"
    what = f"the same of {found.records:,} measurements with pages of 20 to 80 kB over plain HTTP, {loaded}"
    return Row(what, f"{VOLUME:.0f} MB/s", f"{speed:,.0f} MB/s", speed >= VOLUME)


def matching(data: Path, knowledge: Knowledge) -> Row:
    """Bar 4: pages that differ, each looked at once a pass."""
    rng, bodies = random.Random(1), measurements.bodies(data)
    texts = []
    for _ in range(200):
        body = rng.choice(bodies)
        pieces = [piece for piece, _ in rng.sample(body.chunks, len(body.chunks))]
        texts.append(("".join(pieces) * 20)[:PAGE_BYTES])

    def one() -> Pass:
        # Fresh values: what was found of a page is remembered by its identity.
        pages = [Page(status=200, body=text, title="News", server="nginx") for text in texts]
        begun = time.perf_counter()
        hits = Counter(str(notice(page, knowledge) is not None) for page in pages)
        return Pass(len(pages), 0, time.perf_counter() - begun, 0.0, hits)

    found = best(one)
    milliseconds = found.seconds / found.records * 1000
    what = f"{len(knowledge.fingerprints):,} patterns on a page of {PAGE_BYTES // 1000} kB"
    enough = len(knowledge.fingerprints) >= PATTERNS
    return Row(what, f"{MATCH:.0f} ms", f"{milliseconds:.2f} ms", enough and milliseconds < MATCH)


def profiled(path: Path, knowledge: Knowledge, by: str) -> None:
    """The functions in which most time goes, with all that is loaded once already loaded."""
    one_pass(path, knowledge)
    profile = cProfile.Profile()
    profile.runcall(one_pass, path, knowledge)
    pstats.Stats(profile).sort_stats(by).print_stats(45)


@contextmanager
def begins(paths: list[Path], count: int | None) -> Iterator[list[Path]]:
    """The first `count` lines of each of `paths`, as files; all of them if it is `None`."""
    if count is None:
        yield paths
        return
    with tempfile.TemporaryDirectory() as folder:
        cut = [Path(folder) / path.name for path in paths]
        for path, short in zip(paths, cut, strict=True):
            with path.open("rb") as stream, short.open("wb") as out:
                out.writelines(islice(stream, count))
        yield cut


def arguments_of() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--limit", type=int, help="only so many measurements: a first look, no bar is met by it")
    parser.add_argument("--out", type=Path, default=None, help="where the made files are kept")
    parser.add_argument("--write", action="store_true", help=f"keep the table in {TABLE.name}")
    parser.add_argument("--profile", choices=("tottime", "cumtime"), nargs="?", const="tottime")
    return parser.parse_args()


def main() -> int:
    """Makes the files, measures, prints the table; the exit code."""
    arguments = arguments_of()
    data = measurements.field_data()
    if data is None:
        print("there is no real data beside the checkout, nor where HUSHMAP_FIELD_DATA points")
        return 2
    made = measurements.made(data, arguments.out or measurements.cache())
    own, every = fingerprints(), fingerprints(sorted((data / "fingerprints").glob("*.csv")))
    limit = arguments.limit or (4_000 if arguments.profile else None)
    with begins(made, limit) as (lines, pages):
        if arguments.profile:
            profiled(lines, own, arguments.profile)
            profiled(pages, every, arguments.profile)
            return 0
        print(f"{machine()}; load {os.getloadavg()[0]:.1f} before it began; best of {BEST_OF}")
        rows = []
        for measure in (
            lambda: rate(lines, own),
            lambda: speedup(lines),
            lambda: volume(pages, every),
            lambda: matching(data, every),
        ):
            rows.append(row := measure())
            print(f"{row.verdict:7} {row.figure:>16}  bar {row.bar:15} {row.what}", flush=True)
    if arguments.write:
        write(TITLE, f"best of {BEST_OF} passes each", rows)
    return 1 if limit or not all(row.met for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
