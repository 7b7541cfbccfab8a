"""Gives every parser a million hostile inputs: `python tests/bench/fuzz.py [--inputs N] [--only NAME] [--seed N]`.

Valid documents are damaged in their structure and by the byte (tests/hostile.py); every parser must give a value or a
ValueError of one line, soon, in bounded memory, and what it gives must be usable (tests/parsers.py). Two processes
share the blocks of inputs; an input is made by its seed, parser and number alone, so a fault can be made again:

    python tests/bench/fuzz.py --only NAME --again BLOCK:NUMBER      writes that input to the standard output

Exit code 1 if a parser failed. Issue "OONI data in and out" 7.
"""

import argparse
import os
import sys
from pathlib import Path

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2] / "src")]

from fuzzing import BLOCK, Tally, fuzz, input_of
from parsers import PARSERS

INPUTS = 1_000_000


def _told(name: str, tally: Tally) -> str:
    return (
        f"{name:24} {tally.inputs:>9,} inputs {tally.values:>9,} read {tally.refused:>9,} refused"
        f" {tally.seconds:>6.0f} s  slowest {tally.slowest * 1000:>6.0f} ms  {tally.peak_mb:>5.0f} MB"
        f"  {len(tally.faults)} faults"
    )


def main() -> int:
    """Every parser in turn; a line each, then every fault once."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=INPUTS, help="for each parser")
    parser.add_argument("--only", action="append", choices=sorted(PARSERS), metavar="NAME")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
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
        for fault, where in tally.faults.items():
            print(f"    {where}: {fault}", flush=True)
        bad, total = bad + len(tally.faults), total + tally.inputs
    print(f"{total:,} inputs, {len(names)} parsers, {bad} faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
