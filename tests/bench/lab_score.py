"""The whole matrix of the lab against its bars: `python tests/bench/lab_score.py [--write] [--jobs N] [SCENARIO...]`.

The same as `hushmap lab score --full`: every scenario, its uncensored twin, every line, IPv4 and IPv6, for 2,000
innocent and 2,000 censored targets; in simulation. Exit code 1 where a bar is missed. `--write` keeps the table in
docs/reference/lab-score.json, of which `make docs` makes the page; `--quick` measures every scenario once instead,
to try it. `make lab-score` is this with `--write`.
"""

import argparse
import datetime as dt
import json
import os
import platform
import sys
from pathlib import Path

import msgspec

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src")]

from hushmap.lab import NOISES, LabScore, Wish, jobs_at_once, score_labs, score_text

TABLE = ROOT / "docs" / "reference" / "lab-score.json"


def kept(score: LabScore, measured: str) -> dict[str, object]:
    """What the page is made of: everything but the single targets, and those that were wrong as lines."""
    whole = msgspec.to_builtins(score)
    lines = score_text(score)
    first = next((at for at, line in enumerate(lines) if line.startswith("Not as it should be")), len(lines))
    wrong = [line.strip() for line in lines[first + 1 :]]
    return {
        "measured": measured,
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}",
        "opening": lines[0],
        **{name: whole[name] for name in ("wish", "whole", "scenarios", "noises", "bars")},
        "wrong": wrong[: wrong.index("")] if "" in wrong else wrong,
    }


def main() -> int:
    """Measure, print, keep; 1 if a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("scenarios", nargs="*")
    options.add_argument("--write", action="store_true", help=f"keep the table in {TABLE.name}")
    options.add_argument("--quick", action="store_true", help="every scenario once")
    options.add_argument("--jobs", type=int, default=jobs_at_once())
    given = options.parse_args()
    matrix = Wish(noises=tuple(NOISES), families=("own", "ipv6"), twins=True, seeds=0)
    wish = msgspec.structs.replace(Wish() if given.quick else matrix, scenarios=tuple(given.scenarios))
    score = score_labs(wish, jobs=given.jobs, progress=lambda one, done, of: print(f"[{done}/{of}] {one.label}"))
    print("\n".join(score_text(score)))
    if given.write:
        today = dt.datetime.now(dt.UTC).date().isoformat()
        TABLE.write_text(json.dumps(kept(score, today), indent=1) + "\n", "utf-8")
    return 0 if score.passed else 1


if __name__ == "__main__":
    sys.exit(main())
