"""How fast the explorer answers on this computer, against the bars: `python tests/bench/explore.py [--write]`.

Bars of issue "The report and the explorer", on the archive of 10 million invented verdicts of `archive_query.py`:

1. the first answer of an explorer that has just said where it is: less than 300 ms;
2. any filter, of every kind of page (list, days and their drawing, a target, its measurements, a network; as a page
   and as JSON): less than 500 ms at p95.

A page is asked for as a browser does it, through the whole application, but for the socket; how long it takes to open
the archive, the first time and when what it counts by is kept beside it, is told beside. Exit code 1 where a bar is
missed. `--rows N` and `--folder DIR` (kept and used again) are for trying; `--write` keeps the table in
docs/reference/benchmarks.toml, of which `make docs` makes the page.
"""

import argparse
import asyncio
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2] / "src")]

import httpx
from archive_query import COUNTRIES, DAYS, FIRST, NETWORKS, ROWS, TARGETS, invent
from table import TABLE, Row, machine, write

import hushmap
from hushmap import report
from hushmap.archive import Folder
from hushmap.archive.ledger import HEAD
from hushmap.report.explore.keeping import FILE

FIRST_ANSWER, ANY = 0.300, 0.500
"""Seconds: the bars."""
ASKED = 200
"""Addresses that are asked for: p95 is then the tenth slowest."""
TITLE = "hushmap explore"


def addresses(chance: random.Random, targets: tuple[str, ...], networks: tuple[str, ...]) -> Iterator[str]:
    """Addresses as a person makes them by the form and by links: mostly one or two filters."""
    groups = ("Blocked", "Reachable", "Refused by the site", "Also fails elsewhere")
    filters = (
        lambda: f"country=X{chr(65 + chance.randrange(26))}0",
        lambda: f"network={chance.choice(networks)}",
        lambda: f"category={chance.choice(('NEWS', 'HUMR', 'POLR'))}",
        lambda: f"group={chance.choice(groups)}",
        lambda: f"mechanism={chance.choice(('tls', 'dns', 'http.blockpage'))}",
        lambda: f"q=site-{chance.randrange(100):02d}",
        lambda: f"since={FIRST.replace(month=6, day=chance.randint(1, 28))}",
        lambda: "since=2026-06-01&until=2026-07-31",
    )
    while True:
        some = [chance.choice(filters)() for _ in range(chance.randint(0, 2))]
        found = {one.partition("=")[0]: one for one in some}
        place = chance.choices(
            ("/", "/days", "/drawing.json", "target", "measurements", "network"), (8, 2, 2, 4, 3, 2)
        )[0]
        if place in {"target", "measurements"}:  # what was found chooses targets: that of one is not asked for it
            found = {name: one for name, one in found.items() if name not in {"group", "mechanism"}}
            place = f"/targets/{chance.choice(targets)}{'/measurements' if place == 'measurements' else ''}"
        elif place == "network":
            place, found = f"/networks/{chance.choice(networks)}", {}
        if place.startswith(("/t", "/n")) and chance.random() < 1 / 4:
            place += ".json"
        query = "&".join(found.values())
        yield f"{place}?{query}" if query else place


async def timed(client: httpx.AsyncClient, address: str) -> tuple[float, float, int]:
    """Seconds until the whole answer is there, those of the processors, and its bytes."""
    begun, cpu = time.perf_counter(), time.process_time()
    answer = await client.get(address)
    taken, cpu = time.perf_counter() - begun, time.process_time() - cpu
    if answer.status_code not in {200, 404}:  # a network that measured none of what is meant has no page
        raise SystemExit(f"{address}: {answer.status_code}: {answer.text[:300]}")
    return taken, cpu, len(answer.content)


def opened(folder: Path, tables: "hushmap.Tables") -> tuple["report.Explorer", float]:
    """The explorer, and the seconds that it took to open."""
    begun = time.perf_counter()
    explorer = report.explorer(tables, report.About(title="bench"), place=Folder(folder))
    explorer.keep()
    return explorer, time.perf_counter() - begun


async def answers(explorer: "report.Explorer") -> tuple[tuple[float, float], list[tuple[float, float, int, str]]]:
    """Seconds of the first answer and of the processors in it, and of each of many."""
    transport = httpx.ASGITransport(app=report.application(explorer))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=None) as client:
        first = (await timed(client, "/"))[:2]
        counting, found = explorer.counting, []
        some = addresses(random.Random(7), counting.target_ids, counting.network_ids)
        for _ in range(ASKED):
            address = next(some)
            found.append((*await timed(client, address), address))
    return first, found


def measured(folder: Path) -> Iterator[Row]:
    """Each bar, and what was measured."""
    (folder / FILE).unlink(missing_ok=True)
    with hushmap.open(folder) as tables:
        _, once = opened(folder, tables)
    with hushmap.open(folder) as tables:
        explorer, again = opened(folder, tables)
        first, found = asyncio.run(answers(explorer))
    size = (folder / FILE).stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Row(
        "to open it the first time", "-", f"{once:.1f} s; {size / 1e6:.0f} MB are kept beside the archive", met=True
    )
    yield Row("to open it again", "-", f"{again * 1000:.0f} ms; at most {peak:.0f} MB of memory in all", met=True)
    figure = f"{first[0] * 1000:.0f} ms (processors {first[1] * 1000:.0f} ms)"
    yield Row("the first answer", f"< {FIRST_ANSWER * 1000:.0f} ms", figure, first[0] < FIRST_ANSWER)
    found.sort()
    wall, cpu = (sorted(one[at] * 1000 for one in found) for at in (0, 1))
    p95 = len(found) * 95 // 100
    largest = max(size for _, _, size, _ in found) / 1000
    figure = (
        f"{wall[p95]:.0f} ms (median {wall[len(wall) // 2]:.0f} ms, most {wall[-1]:.0f} ms; processors, p95 "
        f"{cpu[p95]:.0f} ms, median {cpu[len(cpu) // 2]:.0f} ms; largest answer {largest:.0f} kB)"
    )
    yield Row(f"any filter, p95 of {len(found)}", f"< {ANY * 1000:.0f} ms", figure, wall[p95] < ANY * 1000)
    for taken, processors, size, address in found[-12:]:
        print(f"    {taken * 1000:6.0f} ms  processors {processors * 1000:6.0f} ms {size / 1000:6.0f} kB  {address}")


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
            invent(folder, given.rows)
        print(
            f"{given.rows:,} verdicts, {TARGETS:,} targets, {NETWORKS} networks in {COUNTRIES} countries, {DAYS} days"
        )
        rows = []
        for row in measured(folder):
            rows.append(row)
            print(f"{row.what:32}  {row.bar:>9}  {row.verdict:6}  {row.figure}", flush=True)
    if given.write:
        write(TITLE, f"`python tests/bench/explore.py`, {given.rows:,} invented verdicts", rows)
    print(machine())
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
