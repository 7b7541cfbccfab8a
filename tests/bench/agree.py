"""Does the pure lab say what the real one says? `python tests/bench/agree.py [--jobs N] [--noise LINE] [SCENARIO...]`.

Each scenario is measured by real packets between real kernels and by the same packets between two computers of
Python, with the same seed; every target of which the two say different things is printed: outcome, mechanisms, scope.
Where they differ, one of them is wrong. Exit code 1 if there is any.
"""

import argparse
import sys
from pathlib import Path

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src")]

from hushmap.lab import NOISES
from hushmap.lab.pure import pure_cell
from hushmap.lab.scoring_cell import Measured, Result, run_cell
from hushmap.lab.scoring_plan import Wish, plan
from hushmap.lab.scoring_pool import side_by_side


def said(row: Measured) -> tuple[object, ...]:
    """What must be the same."""
    return row.said, tuple(sorted(row.mechanisms)), row.scope


def differences(real: Result, pure: Result) -> list[str]:
    """One line for each target of which they differ."""
    if real.error or pure.error:
        return [f"{real.label}: real {real.error or 'well'}; pure {pure.error or 'well'}"]
    return [
        f"{real.label} | {one.target} {one.place or ''}: real {_words(one)}; pure {_words(other)}; true {one.expected}"
        for one, other in zip(real.rows, pure.rows, strict=True)
        if said(one) != said(other)
    ]


def _words(row: Measured) -> str:
    why = f" {row.reason}" if row.reason else ""
    return f"{' '.join((row.said or 'nothing', *row.mechanisms))} scope {row.scope}{why} [{row.rule}, {row.contacts} contacts, {row.acts} acts]"


def main() -> int:
    """Measure both, print what differs."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("scenarios", nargs="*")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--noise", choices=[*NOISES], default="clean")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    cells = plan(Wish(scenarios=tuple(given.scenarios), noises=(given.noise,), seed=given.seed))
    rows = unlike = 0
    by_label = {cell.label: cell for cell in cells}
    for real in side_by_side(cells, given.jobs, lambda cell, stop: run_cell(cell, None, stop)):
        pure = pure_cell(by_label[real.label])
        lines = differences(real, pure)
        rows, unlike = rows + len(real.rows), unlike + len(lines)
        print(
            f"{real.label}: {len(real.rows)} targets, {real.seconds:.0f} s and {pure.seconds:.1f} s",
            *lines,
            sep="\n   ",
            flush=True,
        )
    print(f"{rows} targets, {unlike} said otherwise")
    return 1 if unlike else 0


if __name__ == "__main__":
    sys.exit(main())
