"""How many questions words take and how often what is found is right, against the bars; exit code 1 where one is missed.

Screening finds the few triggers of a list, isolation what a text is cut off for (refs/STATISTICS 1 and 2). Both are
simulated with tests that mislead independently of each other; all chance comes from seeds, so that figures repeat.

    python tests/bench/keywords.py [--write] [--runs PER-CENT] [--jobs N] [PART ...]
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2] / "src")]

import keywords_isolation
import keywords_screening
import table
from table import Row

ROOT = Path(__file__).resolve().parents[2]
TABLE = table.TABLE.parent / "keyword-accuracy.toml"
SEED = 1


def screening(runs: int, jobs: int) -> Iterator[Row]:
    """Lists."""
    for rows in keywords_screening.measured(keywords_screening.CELLS, runs, jobs):
        yield from rows


def isolation(runs: int, jobs: int) -> Iterator[Row]:
    """Texts of which the rates are known."""
    yield from keywords_isolation.cells(runs, SEED, jobs)


def misjudged(runs: int, jobs: int) -> Iterator[Row]:
    """Texts of which the rates are worse than was told."""
    yield from keywords_isolation.misjudged(runs, SEED, jobs)


PARTS: dict[str, tuple[str, int, Callable[[int, int], Iterator[Row]]]] = {
    "screening": ("Screening of lists", keywords_screening.RUNS, screening),
    "isolation": ("Isolation in texts", keywords_isolation.RUNS, isolation),
    "misjudged": ("Isolation with misjudged rates", keywords_isolation.RUNS, misjudged),
}
"""Name, title on the page, runs of a cell, and what measures."""
FEWER = {"screening": f", {keywords_screening.FEW / keywords_screening.RUNS:.0%} of them where there is no bar"}


def main() -> int:
    """Measures, prints the rows; the exit code."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    options.add_argument("--write", action="store_true", help=f"keep the tables in {TABLE.name}, and make its page")
    options.add_argument("--runs", type=int, default=100, metavar="PER-CENT", help="of the runs of each cell")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = options.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        options.error(f"no part is called {min(unknown)}: {', '.join(PARTS)}")
    met = True
    print(table.machine())
    for name in given.parts or PARTS:
        title, whole, measure = PARTS[name]
        runs = max(1, whole * given.runs // 100)
        rows = []
        for row in measure(runs, given.jobs):
            rows.append(row)
            print(f"{row.verdict:7} {row.figure:>20}  bar {row.bar:24} {row.what}", flush=True)
        met &= all(row.met for row in rows)
        if given.write:
            table.write(title, f"{runs:,} runs a cell{FEWER.get(name, '')}, seed {SEED}", rows, table=TABLE)
    if given.write:
        subprocess.run([sys.executable, str(ROOT / "scripts" / "make_reference.py")], check=True)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
