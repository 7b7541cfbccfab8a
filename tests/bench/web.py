"""How fast and how politely sites are measured, against the bars: `python tests/bench/web.py [--write] [PART ...]`.

Bars of issue "The site engine at full strength" 10, each a ratio or a time in one run on one computer:

chains   Connect, Handshake and Fetch with all evidence, in the journal, at no less than 0.5 of `ab` (web_chains.py);
lookups  without linger at least 8 times as many a second as `dns.asyncquery` (web_dns.py);
sites    1,000 in a lab, 200 of them black holes, at the lab's pace: a first pass in 90 s, a verdict for each in
         8 minutes, 300 MB, and no limit of METHOD 3 broken (web_sites.py).

Exit code 1 where a bar is missed, 2 where `ab` is not installed, 6 where this system refuses the lab. `--write` keeps
the table and where the time of a chain goes in docs/reference/benchmarks.toml, of which `make docs` makes the page.
`make bench-web` is this. Each part runs alone, too: `python tests/bench/web_sites.py --help`.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2] / "src")]

import table
import web_chains
import web_dns
import web_sites
from table import Row

from hushmap.lab import LabRefusedError

TITLE = "make bench-web"
REFUSED = 6


def sites() -> list[Row]:
    """The third part, in a folder that goes."""
    with tempfile.TemporaryDirectory() as folder:
        return web_sites.rows(web_sites.measured(web_sites.SITES, web_sites.HOLES, Path(folder)))


PARTS = {
    "chains": lambda: [web_chains.row()],
    "lookups": lambda: [web_dns.row()],
    "sites": sites,
}


def main() -> int:
    """Measures, prints the table; the exit code."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    options.add_argument("--write", action="store_true", help=f"keep the table in {table.TABLE.name}")
    given = options.parse_args()
    parts = given.parts or list(PARTS)
    if unknown := set(parts) - set(PARTS):
        options.error(f"no part is called {min(unknown)}: {', '.join(PARTS)}")
    if "chains" in parts and shutil.which("ab") is None:
        print(web_chains.MISSING)
        return 2
    load = os.getloadavg()[0]
    print(f"{table.machine()}; load {load:.1f} before it began")
    rows: list[Row] = []
    try:
        for part in parts:
            for row in PARTS[part]():
                rows.append(row)
                print(f"{row.verdict:7} {row.figure:>12}  bar {row.bar:9} {row.what}", flush=True)
        if given.write:
            how = f"load {load:.1f} before it began; ratios of neighbouring rounds in one run"
            table.write(TITLE, how, rows, web_chains.shares())
    except LabRefusedError as refusal:
        print(refusal)
        return REFUSED
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
