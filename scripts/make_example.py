#!/usr/bin/env python3
"""Makes results/example: a month of runs on invented networks, with their verdicts and their truth (`make example`).

The plan is src/hushmap/lab/example.toml. What was measured is kept under --work by the day and by the program's own
revision, so that a build that was ended goes on where it was. Times of the build itself are those of this computer.
"""

# ruff: noqa: T201, TID251  a script: printing is what it does, and it says how long it takes
import argparse
import gc
import hashlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import zstandard

from hushmap.catalog import fingerprints
from hushmap.codec import decode_line, encode_record
from hushmap.judge import judge_record
from hushmap.lab.example import Cycle, Example, cycles, load_example
from hushmap.lab.example_cycle import day_of, seed_of
from hushmap.lab.example_truth import Happened, happened, truth
from hushmap.lab.lab import LabRefusedError
from hushmap.lab.scoring_cell import Result, run_cell
from hushmap.lab.scoring_labels import Cell
from hushmap.lab.scoring_pool import side_by_side
from hushmap.lab.scoring_revision import revision
from hushmap.model import Record

ROOT = Path(__file__).resolve().parents[1]
OUT, WORK = ROOT / "results" / "example", ROOT / "build" / "example"
BEGIN, END = "<!-- made: begin -->", "<!-- made: end -->"
LIMIT = 5_000_000
"""Bytes of all that is committed."""
PACKETS = 70
"""Number of the cycle that is also carried out with packets: 18 November at noon, when most censors act."""
LABS = 8
"""Labs side by side: each waits for most of its minute, and a busy computer would make them late."""
LEVEL, WINDOW = 19, 25
"""zstd: hard, and with a window that holds a network's whole month, whose records repeat each other."""


class Packed(NamedTuple):
    """A file that was written."""

    name: str
    lines: int
    data: bytes


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of one network's day while the build goes on."""

    done: tuple[Happened, ...]
    records: str
    """Lines of records.jsonl."""


def main(words: Sequence[str] | None = None) -> int:
    """Measure what is missing, judge, write; 1 where the result is too large or a packet said otherwise."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--out", type=Path, default=OUT)
    options.add_argument("--work", type=Path, default=WORK)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--days", type=int, default=None, help="only so many days: for a look, not for the data")
    options.add_argument("--judge", action="store_true", help="judge what is there anew; measure nothing")
    options.add_argument("--no-packets", action="store_true", help="leave the kernel's lab out")
    given = options.parse_args(words)
    example = load_example()
    if given.judge:
        judged_anew(given.out)
        return 0
    since = time.monotonic()
    work = given.work / revision()
    work.mkdir(parents=True, exist_ok=True)
    days = range(example.days if given.days is None else min(given.days, example.days))
    whole = measured(example, work, days, given.jobs)
    files = written(example, work, days, given.out, given.jobs)
    packets = None if given.no_packets else by_packets(example, work, given.out)
    took = {"processor_s": processor_s(work, days, example)}
    if whole:
        took["whole_s"] = round(time.monotonic() - since)
    made = facts(example, given.out, files, packets, took)
    (given.out / "made.json").write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")
    page = given.out / "README.md"
    if page.exists():
        page.write_text(with_facts(page.read_text("utf-8"), made), "utf-8")
    size = sum(path.stat().st_size for path in given.out.rglob("*") if path.is_file())
    print(f"{size:,} bytes in {given.out.name}; {time.monotonic() - since:.0f} s", flush=True)
    return 1 if size > LIMIT or any(one["differ"] for one in packets or ()) else 0


# Measuring


def measured(example: Example, work: Path, days: Iterable[int], jobs: int) -> bool:
    """Every day of every network that is not there yet, in processes of their own; whether none was."""
    units = [(place.network.name, day) for day in days for place in example.places]
    left = [(name, day) for name, day in units if not day_file(work, name, day).exists()]
    began, told = time.monotonic(), 0.0
    print(f"{len(units)} days of networks, {len(units) - len(left)} of them there already", flush=True)
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin) as pool:
        running = [pool.submit(measure_day, work, name, day) for name, day in left]
        try:
            for number, one in enumerate(as_completed(running), 1):
                one.result()
                spent = time.monotonic() - began
                if spent - told > 10 or number == len(running):
                    told = spent
                    rest = spent / number * (len(running) - number)
                    print(f"  {number}/{len(running)} in {spent:.0f} s, about {rest:.0f} s left", flush=True)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return len(left) == len(units)


def _begin() -> None:
    """Ctrl-C means the process that was started, which ends its workers. They collect garbage between days only."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()


def day_file(work: Path, name: str, day: int) -> Path:
    """Where a day is kept."""
    return work / f"{name}-{day:02d}.json"


def measure_day(work: Path, name: str, day: int) -> None:
    """Measure a day and keep it, whole or not at all; one that another build has made meanwhile is left."""
    path = day_file(work, name, day)
    if path.exists():
        return
    kept = the_day(load_example(), name, day)
    half = path.with_suffix(f".{os.getpid()}.half")
    half.write_bytes(msgspec.json.encode(kept))
    half.replace(path)
    gc.collect()


def the_day(example: Example, name: str, day: int) -> Day:
    """One network's day."""
    place, done, lines = example.place(name), [], []
    for cycle, run in day_of(example, name, day):
        done.append(happened(place, cycle, run))
        lines += [encode_record(record) for record, _ in run.judged]
    return Day(done=tuple(done), records=b"".join(lines).decode())


def by_packets(example: Example, work: Path, out: Path) -> list[dict[str, Any]] | None:
    """One cycle of each network with packets between two kernels, beside what was written; `None` if refused."""
    found = {path.stem: path for path in work.glob("packets-*.json")}
    cells = {place.network.name: cell_of(example, place.network.name) for place in example.places}
    left = [cell for name, cell in cells.items() if f"packets-{name}" not in found]
    began = time.monotonic()

    def ran(cell: Cell, stop: threading.Event) -> Result:
        result = run_cell(cell, None, stop)
        if not result.error:
            (work / f"packets-{cell.name}.json").write_bytes(msgspec.json.encode(result))
        return result

    try:
        for number, result in enumerate(side_by_side(left, LABS, ran), 1):
            ending = f": {result.error}" if result.error else ""
            print(
                f"  packets {number}/{len(left)} {result.name} {time.monotonic() - began:.0f} s{ending}", flush=True
            )
    except LabRefusedError as refused:
        print(f"no packets here: {refused}")
        return None
    kept = {name: work / f"packets-{name}.json" for name in cells}
    results = {
        name: msgspec.json.decode(path.read_bytes(), type=Result) if path.exists() else None
        for name, path in kept.items()
    }
    return [compared(example, out, name, result) for name, result in results.items()]


def _cycle(example: Example, name: str) -> Cycle:
    return next(one for one in cycles(example, example.place(name).network) if one.number >= PACKETS)


def cell_of(example: Example, name: str) -> Cell:
    """The lab of one network's cycle."""
    place, cycle = example.place(name), _cycle(example, name)
    return Cell(name=name, scenario=place.at(cycle.began), seed=seed_of(place, cycle))


def compared(example: Example, out: Path, name: str, result: Result | None) -> dict[str, Any]:
    """What packets said of one cycle beside what stands in the data."""
    cycle = _cycle(example, name)
    told: dict[str, Any] = {"network": name, "run": cycle.run, "targets": 0, "differ": []}
    if result is None:
        return told | {"error": "the lab broke"}
    stored = {
        one["target"]: one for one in lines_of(out / "verdicts" / f"{name}.jsonl.zst") if _run(one) == cycle.run
    }
    for row in result.rows:
        mine = stored.get(row.target, {})
        pure = [mine.get("outcome"), *sorted(mine.get("mechanisms", []))]
        real = [row.said, *sorted(row.mechanisms)]
        if pure != real:
            told["differ"].append({"target": row.target, "stored": pure, "packets": real})
    return told | {"targets": len(result.rows)}


def _run(verdict: dict[str, Any]) -> str:
    return str(verdict["record"]).rpartition("-")[0]


# Writing


def written(example: Example, work: Path, days: Iterable[int], out: Path, jobs: int = 1) -> list[Packed]:
    """Records, verdicts and truth, from the days that are kept."""
    names = [place.network.name for place in example.places]
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("forkserver"), initializer=_begin) as pool:
        found = list(pool.map(written_network, names, repeat(work), repeat(tuple(days)), repeat(out)))
    told = truth(example, (one for done, _ in found for one in done))
    text = msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"
    (out / "truth.json").write_bytes(text)
    return [*(file for _, files in found for file in files), Packed("truth.json", text.count(b"\n"), text)]


def written_network(name: str, work: Path, days: Sequence[int], out: Path) -> tuple[list[Happened], list[Packed]]:
    """Records and verdicts of one network, and what became of its cycles."""
    kept = [msgspec.json.decode(day_file(work, name, day).read_bytes(), type=Day) for day in days]
    lines = "".join(day.records for day in kept).encode()
    done = [one for day in kept for one in day.done]
    return done, [packed(out, f"records/{name}.jsonl.zst", lines), _judged(out, name, lines)]


def processor_s(work: Path, days: Iterable[int], example: Example) -> int:
    """Seconds of processor time that all cycles took, whenever they were measured."""
    kept = (day_file(work, place.network.name, day) for place in example.places for day in days)
    days_kept = (msgspec.json.decode(path.read_bytes(), type=Day) for path in kept)
    return round(sum(one.seconds for day in days_kept for one in day.done))


def judged_anew(out: Path) -> None:
    """Verdicts of the records that are there, by today's rules."""
    for path in sorted((out / "records").glob("*.jsonl.zst")):
        _judged(out, path.name.removesuffix(".jsonl.zst"), unpacked(path))
    old = msgspec.json.decode((out / "made.json").read_bytes())
    files = [Packed(name, 0, (out / name).read_bytes()) for name in old["files"]]
    fresh = {one.name: old["files"][one.name] | _digest(one) for one in files}
    made = old | {"files": fresh, "outcomes": outcomes(out)}
    (out / "made.json").write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")
    page = out / "README.md"
    page.write_text(with_facts(page.read_text("utf-8"), made), "utf-8")


def _judged(out: Path, name: str, lines: bytes) -> Packed:
    known = fingerprints([])
    objects = (
        msgspec.json.encode(judge_record(record, known, source=f"{name}.jsonl.zst:{number}")) + b"\n"
        for number, record in enumerate(records(lines), 1)
    )
    return packed(out, f"verdicts/{name}.jsonl.zst", b"".join(objects))


def records(lines: bytes) -> Iterator[Record]:
    """The records of lines; amends are in them already."""
    for line in lines.splitlines(keepends=True):
        found = decode_line(line)
        assert isinstance(found, Record)
        yield found


def packed(out: Path, name: str, lines: bytes) -> Packed:
    """Write lines packed; equal lines give equal bytes where zstd is of one version."""
    parameters = zstandard.ZstdCompressionParameters.from_level(LEVEL, window_log=WINDOW, enable_ldm=True)
    data = zstandard.ZstdCompressor(compression_params=parameters).compress(lines)
    path = out / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return Packed(name, lines.count(b"\n"), data)


def unpacked(path: Path) -> bytes:
    """The lines of a packed file."""
    return zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes())


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """Each line of a packed file as it was written."""
    for line in unpacked(path).splitlines():
        yield msgspec.json.decode(line)


# Telling


def facts(
    example: Example, out: Path, files: Sequence[Packed], packets: list[dict[str, Any]] | None, took: dict[str, int]
) -> dict[str, Any]:
    """What the datasheet says of this build."""
    load = os.getloadavg()
    return {
        "networks": len(example.places),
        "cycles": sum(1 for place in example.places for _ in cycles(example, place.network)),
        "missed": sum(
            example.days * 24 // example.every_h - sum(1 for _ in cycles(example, place.network))
            for place in example.places
        ),
        "records": sum(one.lines for one in files if one.name.startswith("records/")),
        **took,
        "load": [round(one, 1) for one in load],
        "processors": os.cpu_count(),
        "outcomes": outcomes(out),
        "packets": packets,
        "files": {one.name: {"lines": one.lines} | _digest(one) for one in files},
    }


def _digest(one: Packed) -> dict[str, Any]:
    return {"bytes": len(one.data), "sha256": hashlib.sha256(one.data).hexdigest()}


def outcomes(out: Path) -> dict[str, int]:
    """How many verdicts have which outcome."""
    files = sorted((out / "verdicts").glob("*.jsonl.zst"))
    return dict(Counter(one["outcome"] for path in files for one in lines_of(path)).most_common())


def with_facts(page: str, made: dict[str, Any]) -> str:
    """The datasheet with what is true of this build between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + "\n\n" + "\n".join(fact_lines(made)) + "\n\n" + END + after


def fact_lines(made: dict[str, Any]) -> Iterator[str]:
    """The same as lines of a document."""
    yield f"- {made['networks']} networks, {made['cycles']:,} cycles ({made['missed']} more fell into times when the"
    yield f"  computer was off), {made['records']:,} records."
    yield "- Verdicts: " + ", ".join(f"{name} {number:,}" for name, number in made["outcomes"].items()) + "."
    size = sum(one["bytes"] for one in made["files"].values())
    yield f"- {size:,} bytes in {len(made['files'])} files."
    load = ", ".join(map(str, made["load"]))
    yield f"- Measuring took {made['processor_s']} s of processor time, on {made['processors']} processors whose load"
    yield f"  was {load} at the end; the whole build " + (
        f"took {made['whole_s']} s." if "whole_s" in made else "went on from an earlier one."
    )
    yield from packet_lines(made["packets"])
    yield ""
    yield "| file | lines | bytes | sha256 |"
    yield "| --- | ---: | ---: | --- |"
    for name, one in made["files"].items():
        yield f"| {name} | {one['lines']:,} | {one['bytes']:,} | `{one['sha256']}` |"


def packet_lines(packets: list[dict[str, Any]] | None) -> Iterator[str]:
    """What packets said beside the same cycle without them."""
    if packets is None:
        yield "- With packets: not measured in this build."
        return
    targets, differ = sum(one["targets"] for one in packets), [one for one in packets if one["differ"]]
    broken = [one["network"] for one in packets if "error" in one]
    equal = targets - sum(len(one["differ"]) for one in differ)
    yield f"- With packets, one cycle a network: {equal} of {targets} targets with the same outcome and mechanisms."
    if broken:
        yield f"  Not measured, since the lab broke: {', '.join(broken)}."
    for one in differ:
        for each in one["differ"]:
            said = [" ".join(map(str, each[side])) for side in ("stored", "packets")]
            yield f"  - {one['network']} {each['target']}: stored {said[0]}; with packets {said[1]}"


if __name__ == "__main__":
    sys.exit(main())
