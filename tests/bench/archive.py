"""How fast measurements become an archive on this computer, against the bars: `python tests/bench/archive.py [--write]`.

Bars of issue "From runs to answers", on the measurements of 7 kB that measurements.py makes, moved to three days:

1. `hushmap archive add --jobs 2`, from its start to its end, on two processors: 8,000 measurements a second;
2. its memory, all of its processes together (each one's own): less than 1 GB; and hardly more for three times the input.

What the same two processes need to judge only is told beside, and what one process needs of the processor's time,
which depends less on what else the computer does. Exit code 1 where a bar is missed, 2 without the real data. `--write` keeps the table in docs/reference/benchmarks.toml.
"""

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2] / "src")]

import measurements
from table import TABLE, Row, machine, usual, write

RATE, MEMORY = 8_000, 1_000.0
"""Measurements a second, megabytes: the bars."""
BEST_OF = 3
ALONE = 10_000
"""Measurements by which the processor's time is told."""
DAYS = 3
"""OONI's files hold hours; measurements.py strews over years what would be one file a day and table."""
TITLE = "hushmap archive"
_DATE = re.compile(rb'("measurement_start_time":\s?")\d{4}-\d\d-\d\d')
_UID = re.compile(rb'("measurement_uid":\s?")')


@dataclass(frozen=True)
class Ran:
    """One command, from its start to its end."""

    seconds: float
    cpu: float
    """Seconds of the processor; not those of workers, which are no children of the command."""
    memory: float
    """Megabytes of all its processes at once, at the worst moment that was looked at."""


def strewn(lines: Path, out: Path, count: int, times: int) -> int:
    """Write `count` measurements `times` over, each with an id of its own, on a few days; how many there are."""
    written = 0
    with out.open("wb") as target:
        for turn in range(times):
            with lines.open("rb") as source:
                for line in islice(source, count):
                    day = b"2026-11-%02d" % (1 + written * DAYS // (count * times))
                    target.write(_UID.sub(rb"\g<1>%d-" % turn, _DATE.sub(rb"\g<1>" + day, line, count=1), count=1))
                    written += 1
    return written


def ran(*words: str | Path) -> Ran:
    """Run `hushmap` with these words."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "hushmap", *map(str, words)],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            env=usual(),
        )
        most, ended = [0.0], threading.Event()

        def look() -> None:
            while not ended.wait(0.2):
                most[0] = max(most[0], sum(map(_own, _family(process.pid))))

        watcher = threading.Thread(target=look)
        watcher.start()
        code = process.wait()
        ended.set()
        watcher.join()
    assert code == 0, words
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(time.perf_counter() - begun, cpu, most[0])


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
        others = [int(task.name) for task in Path(f"/proc/{pid}/task").iterdir() if task.name != str(pid)]
        for task in others:
            children += Path(f"/proc/{pid}/task/{task}/children").read_text("ascii").split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _own(pid: int) -> float:
    """Megabytes of a process, what it shares divided among those who do (PSS, proc(5))."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1000 if found else 0.0


def measured(lines: Path, count: int, folder: Path) -> list[Row]:
    """Both bars."""
    rows, memory = [], []
    for times in (1, 3):
        path, archive = folder / f"{times}.jsonl", folder / f"archive-{times}"
        number = strewn(lines, path, count, times)
        judged = ran("judge", path, "--jobs", "2")
        added = fastest(path, archive, BEST_OF if times == 1 else 1)
        disk = sum(one.stat().st_size for one in archive.rglob("*.parquet"))
        memory.append(added.memory)
        print(
            f"        {number:,}: judged only {number / judged.seconds:,.0f}/s, added {number / added.seconds:,.0f}/s; "
            f"{added.memory:,.0f} MB of memory; {disk / number:.0f} bytes each on the disk, with their steps",
            flush=True,
        )
        if times == 1:
            alone = cost(lines, min(count, ALONE), folder)
            print(f"        {alone}", flush=True)
            what = (
                f"`hushmap archive add --jobs 2` of {number:,} measurements of {path.stat().st_size / number:,.0f} "
                f"bytes (`judge --jobs 2` of the same: {number / judged.seconds:,.0f} records/s; {alone})"
            )
            speed = number / added.seconds
            rows.append(Row(what, f"{RATE:,} records/s", f"{speed:,.0f} records/s", speed >= RATE))
        path.unlink()
    what = f"its memory, all processes together, for three times as much ({memory[0]:,.0f} MB for one time)"
    rows.append(Row(what, f"{MEMORY:,.0f} MB", f"{memory[1]:,.0f} MB", max(memory) < MEMORY))
    return rows


def fastest(path: Path, archive: Path, times: int) -> Ran:
    """An import, the best of some: the others measure what else the computer was doing."""
    found = []
    for _ in range(times):
        shutil.rmtree(archive, ignore_errors=True)
        found.append(ran("archive", "add", path, "-o", archive, "--jobs", "2"))
    return min(found, key=lambda one: one.seconds)


def cost(lines: Path, count: int, folder: Path) -> str:
    """What one process needs of the processor's time for each measurement, least of two: its start is taken off."""
    few, many = folder / "few.jsonl", folder / "many.jsonl"
    strewn(lines, few, 100, 1)
    strewn(lines, many, count, 1)
    found = {}
    for verb in ("judge", "archive"):
        best = {}
        for path in (few, many) * 2:
            place = folder / f"alone-{len(list(folder.iterdir()))}"
            words = ("judge", path) if verb == "judge" else ("archive", "add", path, "-o", place)
            best[path] = min(best.get(path, float("inf")), ran(*words, "--jobs", "1").cpu)
            shutil.rmtree(place, ignore_errors=True)
        found[verb] = 1e6 * (best[many] - best[few]) / (count - 100)
    judged, added = found["judge"], found["archive"]
    return f"one process needs {judged:.0f} microseconds of the processor to judge one and {added:.0f} to add it"


def main() -> int:
    """Makes the files, measures, prints the table; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--limit", type=int, help="only so many measurements: a first look, no bar is met by it")
    parser.add_argument("--write", action="store_true", help=f"keep the table in {TABLE.name}")
    given = parser.parse_args()
    data = measurements.field_data()
    if data is None:
        print("there is no real data beside the checkout, nor where HUSHMAP_FIELD_DATA points")
        return 2
    lines, _ = measurements.made(data, measurements.cache())
    load = os.getloadavg()[0]
    print(f"{machine()}; load {load:.1f} before it began")
    with tempfile.TemporaryDirectory() as folder:
        rows = measured(lines, given.limit or measurements.COUNT, Path(folder))
    for row in rows:
        print(f"{row.verdict:7} {row.figure:>16}  bar {row.bar:15} {row.what}", flush=True)
    if given.write:
        write(TITLE, f"speed the best of {BEST_OF}, at a load of {load:.1f}", rows)
    return 1 if given.limit or not all(row.met for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
