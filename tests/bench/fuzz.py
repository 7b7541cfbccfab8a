"""Gives every parser a million hostile inputs: `python tests/bench/fuzz.py [--inputs N] [--only NAME] [--seed N] [--write]`.

Valid documents are damaged in their structure and by the byte (tests/hostile.py); every parser must give a value or a
ValueError of one line, soon, in bounded memory, and what it gives must be usable (tests/parsers.py). Two processes
share the blocks of inputs; an input is made by its seed, parser and number alone, so a fault can be made again:

    python tests/bench/fuzz.py --only NAME --again BLOCK:NUMBER      writes that input to the standard output

`--write` keeps what came of each parser in docs/reference/fuzzing.toml, of which `make docs` makes the page; what was
found and mended stands there too, and is written by hand. Exit code 1 if a parser failed. Issue "OONI data in and out" 7.
"""

import argparse
import json
import os
import sys
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
_TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS), str(_TESTS / "bench"), str(_TESTS.parent / "src")]

from table import machine

from fuzzing import BLOCK, Tally, fuzz, input_of
from parsers import PARSERS

INPUTS = 1_000_000
SHOWN = 20
"""Faults of one parser that are told: one mistake may show itself in a hundred ways."""
TABLE = _TESTS.parent / "docs" / "reference" / "fuzzing.toml"
HEAD = "# What tests/bench/fuzz.py saw last of each parser, by its `--write`; [[found]] by hand. `make docs` makes the page."


def _told(name: str, tally: Tally) -> str:
    return (
        f"{name:24} {tally.inputs:>9,} inputs {tally.values:>9,} read {tally.refused:>9,} refused"
        f" {tally.seconds:>6.0f} s  slowest {tally.slowest * 1000:>6.0f} ms  {tally.peak_mb:>5.0f} MB"
        f"  {len(tally.faults)} faults"
    )


def keep(name: str, tally: Tally, seed: int, table: Path = TABLE) -> None:
    """Put what came of one parser into the table, in the order of `PARSERS`; other rows stay, and what is no parser goes."""
    kept = tomllib.loads(table.read_text("utf-8")) if table.is_file() else {}
    rows = {row["parser"]: row for row in kept.get("rows", ())}
    rows[name] = {
        "parser": name,
        "inputs": tally.inputs,
        "read": tally.values,
        "refused": tally.refused,
        "faults": len(tally.faults),
        "slowest_ms": round(tally.slowest * 1000),
        "memory_mb": round(tally.peak_mb),
        "seed": seed,
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine(),
    }
    ordered = [rows[known] for known in PARSERS if known in rows]
    lines = [HEAD, *_tables("rows", ordered), *_tables("found", kept.get("found", ()))]
    table.write_text("\n".join(lines) + "\n", "utf-8")


def _tables(key: str, rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield f"\n[[{key}]]"
        yield from (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in row.items())


def main() -> int:
    """Every parser in turn; a line each, then every fault once."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=INPUTS, help="for each parser")
    parser.add_argument("--only", action="append", choices=sorted(PARSERS), metavar="NAME")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--write", action="store_true", help="keep the figures for the reference")
    parser.add_argument("--again", metavar="BLOCK:NUMBER")
    arguments = parser.parse_args()
    names = arguments.only or list(PARSERS)
    if arguments.again:
        block, number = map(int, arguments.again.split(":"))
        sys.stdout.buffer.write(input_of(PARSERS[names[0]], arguments.seed, block, number))
        return 0
    bad, total = 0, 0
    for name in names:
        tally = fuzz(name, max(BLOCK, arguments.inputs), arguments.seed, arguments.jobs, progress=sys.stderr.isatty())
        print(_told(name, tally), flush=True)
        for fault, where in list(tally.faults.items())[:SHOWN]:
            print(f"    {where}: {fault}", flush=True)
        if arguments.write:
            keep(name, tally, arguments.seed)
        bad, total = bad + len(tally.faults), total + tally.inputs
    print(f"{total:,} inputs, {len(names)} parsers, {bad} faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
