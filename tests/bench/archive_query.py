"""How fast an archive answers on this computer, against the bars: `python tests/bench/archive_query.py [--write]`.

Bars of issue "From runs to answers", on an archive of invented verdicts that this script writes as an import does
(180 days, 1,500 targets, 120 networks in 30 countries, ids and reports as OONI's are):

1. 10 million verdicts: less than 400 MB;
2. the verdicts of one target, or of one country, counted by outcome: less than 300 ms;
3. 200 targets by 180 days: less than 1 s;
4. `import hushmap` and `hushmap --help`: less than 150 ms.

Queries are asked of an open archive, each the best of five; the first after opening is told beside. Exit code 1 where a
bar is missed. `--rows N` and `--folder DIR` (kept and used again) are for trying; `--write` keeps the table in
docs/reference/benchmarks.toml, of which `make docs` makes the page.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2] / "src")]

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from table import TABLE, Row, machine, usual, write

import hushmap
from hushmap.analysis import rates
from hushmap.archive import Tables, arrow_schema, counted
from hushmap.archive.ledger import HEAD, IMPORTS, DataFile, Head, Import
from hushmap.archive.places import Folder
from hushmap.archive.writing import by_day, parquet_bytes

ROWS, DAYS, TARGETS, NETWORKS, COUNTRIES = 10_000_000, 180, 1_500, 120, 30
SIZE, NARROW, WIDE, START = 400e6, 0.300, 1.0, 0.150
"""Bytes and seconds: the bars."""
BEST_OF = 5
FIRST = date(2026, 5, 1)
TITLE = "hushmap query"

_KINDS = (
    ("ok", "Reachable", "Reachable", "comparison", None, None, [], "web.ok", 0, 1, 0, 1),
    ("insufficient", "Not decided", "Not decided", "none", None, "one_attempt", [], "web.one", 1, 1, 0, 1),
    ("down", "Also fails elsewhere", "Also fails elsewhere", "comparison", None, None, [], "web.down", 1, 1, 1, 1),
    (
        "server_side",
        "Refused by the site",
        "Refused by the site",
        "direct",
        None,
        None,
        ["server.451"],
        "s.1",
        1,
        1,
        0,
        1,
    ),
    ("blocked", "Blocked through DNS", "Blocked", "direct", "all", None, ["dns.tamper.bogon"], "dns.1", 1, 1, 0, 1),
    ("blocked", "Blocked with a notice", "Blocked", "direct", "all", None, ["http.blockpage"], "http.1", 1, 1, 0, 1),
    ("blocked", "Blocked by name", "Blocked", "controlled", "all", None, ["tls.reset.sni"], "tls.2", 8, 8, 0, 3),
)
_ORDINARY = (0.80, 0.11, 0.06, 0.03)
"""How often the first four come where nothing is blocked."""
_COLUMNS = "outcome verdict_label group evidence scope reason mechanisms rule".split()
_COUNTS = "subject_failures subject_n helper_failures helper_n".split()


def texts(form: str, numbers: "np.ndarray") -> pa.Array:
    """A text for each number."""
    return pa.array([form.format(number) for number in numbers], pa.string())


def day_of(chance: "np.random.Generator", day: date, rows: int) -> pa.Table:
    """The verdicts of one day."""
    target = (chance.beta(0.8, 2.0, rows) * TARGETS).astype(np.int64)
    network = (chance.beta(0.6, 2.0, rows) * NETWORKS).astype(np.int64)
    country = network % COUNTRIES
    second = chance.integers(0, 86_400, rows)
    often = (target * 31 + network * 17) % 33 == 0
    kind = np.where(often, 4 + (target + network) % 3, chance.choice(4, rows, p=_ORDINARY))
    report = chance.integers(0, max(1, rows // 30), rows)
    reports = texts("{:016X}", chance.integers(0, 2**63, max(1, rows // 30)))
    codes = texts("X{}", np.array([chr(65 + one % 26) + str(one // 26) for one in range(COUNTRIES)]))
    hexes = pa.array(chance.bytes(8 * rows).hex("_", 8).split("_"), pa.string())
    stamp = pc.strftime(pa.array(second, pa.timestamp("s")), "%H%M%S")
    micros = pc.utf8_lpad(pa.array(chance.integers(0, 10**6, rows)).cast(pa.string()), 6, padding="0")
    code, head = codes.take(pa.array(country)), f"{day:%Y%m%d}"
    parts = ["", pc.binary_join_element_wise(head, stamp, ""), ".", micros, "_", code, "_webconnectivity_", hexes]
    record = pc.binary_join_element_wise(*parts[1:], "")
    asn = pa.array(64_496 + network % 16 + 65_536 * (network // 16))
    run = pc.binary_join_element_wise(
        f"{head}T000000Z_webconnectivity_", code, "_", reports.take(pa.array(report)), ""
    )
    host = texts("site-{:04d}.example", np.arange(TARGETS)).take(pa.array(target))
    began = np.datetime64(day, "us") + second.astype("timedelta64[s]")
    columns = {
        "day": pa.array([day] * rows),
        "record": record,
        "run": run,
        "experiment": pa.array(["web"] * rows),
        "target": pc.binary_join_element_wise("https://", host, "/", ""),
        "domain": host,
        "category": pa.array(["NEWS", "HUMR", "POLR", "GRP", "SEARCH"]).take(pa.array(target % 5)),
        "started": pa.array(began, pa.timestamp("us", "UTC")),
        "country": code,
        "asn": asn,
        "network": texts("Network {}", np.arange(NETWORKS)).take(pa.array(network)),
        "resolver_asn": asn,
        "session": texts("{:016x}", np.arange(NETWORKS) * 2**50 + 977).take(pa.array(network)),
        "rules": pa.array(["9"] * rows),
        "knowledge": pa.array(["41aa" * 16] * rows),
        "canary": pa.array(np.zeros(rows, bool)),
    }
    chosen = pa.array(kind)
    for at, name in enumerate([*_COLUMNS, *_COUNTS]):
        columns[name] = pa.array([one[at] for one in _KINDS], arrow_schema("verdicts").field(name).type).take(chosen)
    schema = arrow_schema("verdicts")
    arrays = [
        columns[name].cast(kind) if (name := field.name) in columns else pa.nulls(rows, kind)
        for field in schema
        for kind in [field.type]
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def invent(folder: Path, rows: int, days: int = DAYS) -> None:
    """An archive of that many verdicts, the same from each computer."""
    chance, place, files = np.random.default_rng(7), Folder(folder), []
    for number in range(days):
        day = FIRST + timedelta(number)
        for name, some in by_day("verdicts", day_of(chance, day, rows // days + (number < rows % days))):
            data = parquet_bytes(some)
            files.append(
                DataFile(name=f"verdicts/day={name}/bench-0.parquet", sha256="", rows=len(some), size=len(data))
            )
            place.write(files[-1].name, data)
    marker = Import(id="bench", made="2026-11-01T00:00:00Z", parts=(), files=tuple(files))
    place.write(f"{IMPORTS}bench.json", msgspec.json.encode(marker))
    place.write(HEAD, msgspec.json.encode(Head(schema=1)))


def timed(ask: Callable[[], int]) -> tuple[float, float, float, int]:
    """Seconds of the first, of the best of the others, of the processors in the best, and rows."""
    taken = []
    for _ in range(BEST_OF + 1):
        begun, cpu = time.perf_counter(), time.process_time()
        rows = ask()
        taken.append((time.perf_counter() - begun, time.process_time() - cpu))
    return taken[0][0], *min(taken[1:]), rows


def questions(tables: Tables) -> Iterator[tuple[str, float, Callable[[], int]]]:
    """What is asked, how long it may take, and the asking."""
    some = tuple(f"site-{one:04d}.example" for one in range(0, 1000, 5))
    yield (
        "one target, by outcome",
        NARROW,
        lambda: len(tables.arrow(counted(tables.where(domain=some[3:4]), ["outcome"]))),
    )
    yield (
        "one country, by outcome",
        NARROW,
        lambda: len(counted(tables.where(country=("XC0",)), ["outcome"]).to_pyarrow()),
    )
    yield (
        "200 targets x 180 days",
        WIDE,
        lambda: len(counted(tables.where(domain=some), ["domain", "day"]).to_pyarrow()),
    )
    yield "one target, shares by network", 0, lambda: len(rates(tables.where(domain=some[3:4]), ["network"]))
    yield (
        "one country, shares by day and network",
        0,
        lambda: len(rates(tables.where(country=("XC0",)), ["day", "asn"])),
    )
    yield "200 targets x 180 days, shares", 0, lambda: len(rates(tables.where(domain=some), ["domain", "day"]))


def begun(words: list[str]) -> tuple[float, float]:
    """Seconds that a process takes, the best of some, and of the processor."""
    taken = []
    for _ in range(2 * BEST_OF):
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *words], check=True, capture_output=True, env=usual())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        taken.append((time.perf_counter() - start, cpu))
    return min(taken)


def measured(folder: Path, rows: int) -> Iterator[Row]:
    """Each bar, and what was measured."""
    size = sum(path.stat().st_size for path in folder.rglob("*.parquet")) * (ROWS / rows)
    yield Row(f"{ROWS:,} verdicts on disk", f"< {SIZE / 1e6:.0f} MB", f"{size / 1e6:.0f} MB", size < SIZE)
    with hushmap.open(folder) as tables:
        for what, bar, ask in questions(tables):
            first, best, cpu, found = timed(ask)
            more = f"{found:,} rows; first {first * 1000:.0f} ms; processors {cpu * 1000:.0f} ms"
            figure = f"{best * 1000:.0f} ms ({more})"
            yield Row(what, f"< {bar * 1000:.0f} ms" if bar else "-", figure, not bar or best < bar)
    for what, words in (
        ("import hushmap", ["-c", "import hushmap"]),
        ("hushmap --help", ["-m", "hushmap", "--help"]),
    ):
        seconds, cpu = begun(words)
        figure = f"{seconds * 1000:.0f} ms (processor {cpu * 1000:.0f} ms)"
        yield Row(what, f"< {START * 1000:.0f} ms", figure, seconds < START)


def main() -> int:
    """Measure all, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--write", action="store_true", help=f"keep the table in {TABLE.name}")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = given.folder or Path(passing)
        if not (folder / HEAD).is_file():
            start = time.perf_counter()
            invent(folder, given.rows)
            print(f"{given.rows:,} verdicts invented and written in {time.perf_counter() - start:.0f} s")
        rows = []
        for row in measured(folder, given.rows):
            rows.append(row)
            print(f"{row.what:40}  {row.bar:>10}  {row.verdict:6}  {row.figure}", flush=True)
    if given.write:
        write(TITLE, f"`python tests/bench/archive_query.py`, {given.rows:,} invented verdicts", rows)
    print(machine())
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
