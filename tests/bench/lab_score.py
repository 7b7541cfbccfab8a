"""The whole matrix of the lab against its bars: `python tests/bench/lab_score.py [--write] [--jobs N] [SCENARIO...]`.

The same as `hushmap lab score --full`: every scenario, its uncensored twin, every line, IPv4 and IPv6, for 2,000
innocent and 2,000 censored targets; in simulation. Exit code 1 where a bar is missed. Results are kept as they come:
ended by Ctrl-C, the same command goes on. `--write` keeps the table in docs/reference/lab-score.json and makes the
page of it; `--quick` measures every scenario once instead, to try it. `make lab-score` is this with `--write`.
"""

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import msgspec

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src")]

from hushmap.cli.lab_score import progress
from hushmap.lab import LabScore, Wish, jobs_at_once, score_labs, score_text
from hushmap.lab.scoring_text import opening, wrong_text

TABLE = ROOT / "docs" / "reference" / "lab-score.json"
STATE = ROOT / "build" / "lab-score.jsonl"
"""Under what `make clean` removes: results of other revisions only fill the disk."""


def kept(score: LabScore, measured: str) -> dict[str, object]:
    """What the page is made of: everything but the single targets, and those that were wrong as lines."""
    whole = msgspec.to_builtins(score)
    return {
        "measured": measured,
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}",
        "opening": opening(score.results),
        **{name: whole[name] for name in ("revision", "wish", "whole", "scenarios", "noises", "bars", "waiting")},
        "wrong": [{"lab": one.lab, "kind": one.kind, "text": wrong_text(one)} for one in score.wrong],
    }


def write(score: LabScore, table: Path = TABLE) -> None:
    """Keep the table, and make the page of it."""
    today = dt.datetime.now(dt.UTC).date().isoformat()
    table.write_text(json.dumps(kept(score, today), indent=1) + "\n", "utf-8")
    subprocess.run([sys.executable, str(ROOT / "scripts" / "make_reference.py")], check=True)


def main() -> int:
    """Measure, print, keep; 1 if a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("scenarios", nargs="*")
    options.add_argument("--write", action="store_true", help=f"keep the table in {TABLE.name}, and make its page")
    options.add_argument("--quick", action="store_true", help="every scenario once")
    options.add_argument("--jobs", type=int, default=jobs_at_once())
    options.add_argument("--state", type=Path, default=STATE, help="where results are kept as they come")
    given = options.parse_args()
    named = tuple(given.scenarios)
    wish = Wish(scenarios=named) if given.quick else Wish.matrix(scenarios=named)
    try:
        score = score_labs(wish, jobs=given.jobs, state=given.state, tell=progress)
    except KeyboardInterrupt:
        print(f"Ended; what was measured is in {given.state}, and the same command goes on from there.")
        return 130
    print("\n".join(score_text(score)))
    if given.write:
        write(score)
    return 0 if score.passed else 1


if __name__ == "__main__":
    sys.exit(main())
