#!/usr/bin/env python3
"""Record a lab run for `hushmap lab demo --replay`: `python scripts/make_recording.py [--seed N]`.

Runs the demo, and if every verdict was right packs its run folder into the package. What is recorded are trials in
documentation ranges; the replay judges them anew under a banner and measures nothing.
"""

# ruff: noqa: T201  a script: printing is what it does
import argparse
import sys
import tempfile
from pathlib import Path

import zstandard

from hushmap.lab import run_demo

INTO = Path(__file__).resolve().parents[1] / "src" / "hushmap" / "lab" / "recorded"
FILES = ("manifest.json", "journal.jsonl", "records.jsonl")


def main() -> int:
    """Measure, check, pack."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as out:
        result = run_demo(given.seed, out=Path(out), say=print)
        if not result.passed or result.folder is None:
            print("not recorded: a verdict was wrong")
            return 1
        INTO.mkdir(exist_ok=True)
        for name in FILES:
            packed = zstandard.ZstdCompressor(level=19).compress((result.folder / name).read_bytes())
            (INTO / f"{name}.zst").write_bytes(packed)
            print(f"{name}.zst: {len(packed):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
