"""How fast a site is made on this computer, against the bars: `python tests/bench/report.py [--write]`.

An invented archive of 1,000 targets, each measured once a day for 90 days on 3 networks (270,000 verdicts, and the
steps of their attempts), of which a tenth are blocked on a network, a third of these from some day on, and one in
forty is not decided. `hushmap report` makes the site of it, in a process of its own:

1. in less than 60 s,
2. in less than 1 GB of memory, the most that was held at once,
3. no page of a target has 200 kB or more,
4. the same again gives the same bytes.

Exit code 1 where a bar is missed. `--targets N` and `--folder DIR` (kept and used again) are for trying; `--write`
keeps the table in docs/reference/benchmarks.toml, of which `make docs` makes the page.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from subprocess import Popen

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2] / "src")]

import msgspec
import numpy as np
import pyarrow as pa
from table import TABLE, Row, machine, write

from hushmap.archive import arrow_schema
from hushmap.archive.ledger import HEAD, IMPORTS, DataFile, Head, Import
from hushmap.archive.places import Folder
from hushmap.archive.writing import by_day, parquet_bytes

TARGETS, DAYS, NETWORKS = 1_000, 90, 3
SECONDS, MEMORY, PAGE = 60.0, 1e9, 200e3
"""The bars: seconds, bytes held, bytes of a page."""
FIRST = date(2026, 8, 1)
TITLE = "hushmap report"
PAIRS = 8
_CATEGORIES = ("NEWS", "HUMR", "POLR", "GRP", "SEARCH", "LGBT", "COMT", "ANON")
_STEPS = ("resolve", "connect", "handshake", "fetch")
_FINE = ("ok", "Reachable", "Reachable", "comparison", None, None, [], "web.ok", 0, 1, 0, 0, 0, 1)
_OPEN = ("insufficient", "Not decided", "Not decided", "none", None, "helper_silent", [], "web.one", 1, 1, 0, 0, 1, 1)
_CUT = (
    "blocked", "Blocked by name", "Blocked", "controlled", "all", None, ["tls.reset.sni"], "tls.2", PAIRS, PAIRS, 0,
    PAIRS, 0, 3,
)  # fmt: skip
_KINDS = (_FINE, _OPEN, _CUT)
_COLUMNS = (
    *("outcome", "verdict_label", "group", "evidence", "scope", "reason", "mechanisms", "rule"),
    *("subject_failures", "subject_n", "baseline_failures", "baseline_n", "helper_failures", "helper_n"),
)


def table(name: str, rows: int, columns: dict[str, pa.Array]) -> pa.Table:
    """A table of the archive; what is not given is null."""
    schema = arrow_schema(name)
    arrays = [
        columns[field.name].cast(field.type) if field.name in columns else pa.nulls(rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def day_of(chance: "np.random.Generator", number: int, targets: int) -> dict[str, pa.Table]:
    """What was measured on one day: verdicts, records, steps."""
    day = FIRST + timedelta(number)
    target, network = (one.ravel() for one in np.meshgrid(np.arange(targets), np.arange(NETWORKS), indexing="ij"))
    rows = len(target)
    blocked = (target * 7 + network * 3) % 10 == 0
    blocked &= ((target + network) % 3 != 0) | (number >= 20 + target % 50)
    kind = np.where(blocked, 2, np.where(chance.random(rows) < 1 / 40, 1, 0))
    second = chance.integers(0, 86_400, rows)
    record = pa.array([f"{day:%Y%m%d}T0000Z-{one:04x}-{of:04d}" for one, of in zip(network, target, strict=True)])
    names = pa.array([f"site-{one:04d}.example" for one in range(targets)])
    urls = pa.array([f"https://site-{one:04d}.example/" for one in range(targets)])
    asn = pa.array(64_501 + network)
    shared = {"day": pa.array([day] * rows), "record": record}
    shared["run"] = pa.array([f"{day:%Y%m%d}T0000Z-{one:04x}" for one in network])
    columns = shared | {
        "experiment": pa.array(["web"] * rows),
        "target": urls.take(pa.array(target)),
        "domain": names.take(pa.array(target)),
        "category": pa.array(_CATEGORIES).take(pa.array(target % len(_CATEGORIES))),
        "started": pa.array(np.datetime64(day, "us") + second.astype("timedelta64[s]"), pa.timestamp("us", "UTC")),
        "country": pa.array(["XE"] * rows),
        "asn": asn,
        "network": pa.array([f"Net-{'ABC'[one]}" for one in network]),
        "vantage_kind": pa.array(["home"] * rows),
        "resolver": pa.array(["192.0.2.53"] * rows),
        "resolver_asn": asn,
        "session": pa.array([f"{one:012x}" for one in network]),
    }
    verdicts = columns | {"rules": pa.array(["9"] * rows), "knowledge": pa.array(["41aa" * 16] * rows)}
    verdicts["canary"] = pa.array(np.zeros(rows, bool))
    schema = arrow_schema("verdicts")
    for at, name in enumerate(_COLUMNS):
        verdicts[name] = pa.array([one[at] for one in _KINDS], schema.field(name).type).take(pa.array(kind))
    return {
        "verdicts": table("verdicts", rows, verdicts),
        "records": table("records", rows, columns),
        "steps": steps_of(shared, kind, names.take(pa.array(target))),
    }


def steps_of(shared: dict[str, pa.Array], kind: "np.ndarray", name: pa.Array) -> pa.Table:
    """The steps of each record: one attempt here and one there, and of a blocked one the pairs too."""
    trials = np.where(kind == 2, 2 + 2 * PAIRS, 2)
    of_trial = np.repeat(np.arange(len(kind)), trials)
    place = np.arange(len(of_trial)) - np.repeat(np.cumsum(trials) - trials, trials)
    twin, there = (place >= 2) & (place % 2 == 1), place == 1
    cut = (kind[of_trial] == 2) & ~twin & ~there
    many = np.where(cut, 3, 4)
    of, trial, cut_ = np.repeat(of_trial, many), np.repeat(place, many), np.repeat(cut, many)
    n = np.arange(len(of)) - np.repeat(np.cumsum(many) - many, many)
    failed = cut_ & (n == 2)
    at = pa.array(of)
    start = trial * 0.4 + n * 0.04
    columns = {key: column.take(at) for key, column in shared.items()} | {
        "trial": pa.array(trial),
        "side": pa.array(["here", "helper"]).take(pa.array((trial == 1).astype(int))),
        "role": pa.array(["subject", "baseline"]).take(pa.array(np.repeat(twin, many).astype(int))),
        "round": pa.array(np.where(trial < 2, 0, 1)),
        "pair": pa.array(trial // 2, mask=trial < 2),
        "changed": pa.array(np.where(trial < 2, "", "sni"), mask=trial < 2),
        "step": pa.array(_STEPS).take(pa.array(n)),
        "n": pa.array(n),
        "t0": pa.array(start),
        "t": pa.array(start + 0.03),
        "failure": pa.array(np.where(failed, "connection_reset", ""), mask=~failed),
        "address": pa.array(["203.0.113.7"] * len(of), mask=n == 0),
        "port": pa.array([443] * len(of), mask=n == 0),
        "name": name.take(at),
        "status": pa.array([200] * len(of), mask=n != 3),
        "void": pa.array(np.zeros(len(of), bool)),
    }
    return table("steps", len(of), columns)


def invent(folder: Path, targets: int) -> None:
    """The archive, the same on each computer."""
    chance, place, files = np.random.default_rng(11), Folder(folder), []
    for number in range(DAYS):
        for name, whole in day_of(chance, number, targets).items():
            for day, some in by_day(name, whole):
                data = parquet_bytes(some)
                path = f"{name}/day={day}/bench-0.parquet"
                files.append(DataFile(name=path, sha256="", rows=len(some), size=len(data)))
                place.write(path, data)
    marker = Import(id="bench", made="2026-11-01T00:00:00Z", parts=(), files=tuple(files))
    place.write(f"{IMPORTS}bench.json", msgspec.json.encode(marker))
    place.write(HEAD, msgspec.json.encode(Head(schema=1)))


def made(folder: Path, site: Path) -> tuple[float, float, float]:
    """Seconds, seconds of the processors, and the bytes that were held at most, of one `hushmap report`."""
    words = ["-m", "hushmap", "report", str(folder), "-o", str(site), "--title", "Bench", "--lab"]
    begun = time.perf_counter()
    process = Popen([sys.executable, *words])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"hushmap report ended with {process.returncode}")
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def measured(folder: Path, site: Path) -> Iterator[Row]:
    """Each bar, and what was measured."""
    seconds, cpu, memory = made(folder, site)
    files = [path for path in site.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    figure = f"{seconds:.1f} s (processors {cpu:.1f} s; {len(files):,} files, {size / 1e6:.0f} MB)"
    yield Row("the site of all of it", f"< {SECONDS:.0f} s", figure, seconds < SECONDS)
    yield Row("memory, at most", f"< {MEMORY / 1e9:.0f} GB", f"{memory / 1e6:.0f} MB", memory < MEMORY)
    pages = sorted(path.stat().st_size for path in (site / "targets").iterdir())
    figure = f"{pages[-1] / 1e3:.0f} kB ({len(pages):,} pages, half below {pages[len(pages) // 2] / 1e3:.0f} kB)"
    yield Row("the largest page of a target", f"< {PAGE / 1e3:.0f} kB", figure, pages[-1] < PAGE)
    overview = (site / "index.html").stat().st_size
    yield Row("the overview", "-", f"{overview / 1e3:.0f} kB", met=True)
    sums = (site / "SHA256SUMS").read_bytes()
    made(folder, site)
    same = (site / "SHA256SUMS").read_bytes() == sums
    yield Row("made again", "the same bytes", "the same bytes" if same else "other bytes", same)


def main() -> int:
    """Measure all, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--targets", type=int, default=TARGETS)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--write", action="store_true", help=f"keep the table in {TABLE.name}")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = given.folder or Path(passing) / "archive"
        if not (folder / HEAD).is_file():
            invent(folder, given.targets)
            print(f"{given.targets * NETWORKS * DAYS:,} verdicts invented")
        rows = []
        for row in measured(folder, Path(passing) / "site"):
            rows.append(row)
            print(f"{row.what:40}  {row.bar:>14}  {row.verdict:6}  {row.figure}", flush=True)
    if given.write:
        how = f"`python tests/bench/report.py`, {given.targets:,} targets x {DAYS} days x {NETWORKS} networks"
        write(TITLE, how, rows)
    print(machine())
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
