"""How many questions isolation takes, and how often it is right. `python tests/bench/keywords_isolation.py`.

Texts of 500 random Hanzi with a rule of two strings of 2 to 4, asked of a noisy filter (refs/STATISTICS 1). Counted
are all questions until the first rule is isolated, and until it is verified; the text is known to be hit. A rule is
exact if its strings are the planted ones and, once verified, their order is known to be free. Exit 1 where a bar is
missed. tests/bench/keywords.py puts the rows on its page.
"""

import argparse
import random
import statistics
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "src"), str(TESTS / "bench")]

from table import Row

from filtering import HANZI, Filter, Planted, least, strings
from hushmap.model import Rates
from hushmap.sampling import Isolating

SIZE = 500
RUNS = 4_000
SHARE_BEFORE, SHARE_AFTER, SHARE_MISJUDGED = 3_992 / RUNS, 3_996 / RUNS, 3_980 / RUNS
WRONG = 1
"""Wrong rules told in a cell of 4,000 runs whose rates were misjudged."""


@dataclass(frozen=True)
class Cell:
    """False hits and misses, as they are and as isolation is told; and the most questions that it may take."""

    true: tuple[float, float]
    told: tuple[float, float]
    before: float = 0
    after: float = 0
    p95: int = 0

    @property
    def name(self) -> str:
        """In per cent."""
        true, told = (
            f"{100 * false:g} % false hits, {100 * miss:g} % misses" for false, miss in (self.true, self.told)
        )
        return true if true == told else f"{true}, taken for {told}"


KNOWN = (
    Cell((0.005, 0.25), (0.005, 0.25), 62, 98, 130),
    Cell((0.01, 0.05), (0.01, 0.05), 40, 62, 75),
    Cell((0.02, 0.10), (0.02, 0.10), 49, 78, 95),
    Cell((0.05, 0.25), (0.05, 0.25), 83, 128, 165),
)
MISJUDGED = (
    Cell((0.01, 0.25), (0.005, 0.25)),
    Cell((0.005, 0.25), (0.005, 0.15)),
    Cell((0.02, 0.10), (0.01, 0.05)),
    Cell((0.02, 0.20), (0.02, 0.10)),
    Cell((0.05, 0.25), (0.025, 0.15)),
    Cell((0.05, 0.25), (0.025, 0.125)),
)


@dataclass(frozen=True)
class Run:
    """What one text took and gave."""

    before: int
    exact_before: bool
    after: int
    exact: bool
    wrong: bool


def run(cell: Cell, seed: int) -> Run:
    """Isolate one rule of a text that a seed makes."""
    chance = random.Random(seed)
    text = "".join(chance.choices(HANZI, k=SIZE))
    planted = []
    for length in (chance.randint(2, 4), chance.randint(2, 4)):
        start = chance.randrange(SIZE - length + 1)
        planted.append(text[start : start + length])
    oracle = Filter(text, [Planted(tuple(planted))], *cell.true, chance)
    false_hit, miss = cell.told
    isolating = Isolating(text, Rates(false_hit=false_hit, miss=miss), blocked=True)
    before = 0
    while isolating.question is not None and not isolating.rules:
        isolating.tell(oracle.answer(isolating.question))
        before = before or (isolating.asked if isolating.found else 0)
    wanted = least(planted)
    told = [rule for rule in isolating.rules if rule.verified]
    exact = [frozenset(strings(text, rule.parts)) == wanted and not rule.ordered for rule in told]
    return Run(
        before=before,
        exact_before=frozenset(strings(text, isolating.found[0].parts)) == wanted,
        after=isolating.asked,
        exact=exact == [True],
        wrong=exact == [False],
    )


def measured(cell: Cell, runs: int = RUNS, seed: int = 1) -> list[Row]:
    """The rows of a cell."""
    results = [run(cell, seed * 1_000_000 + number) for number in range(runs)]
    before, after = (statistics.fmean(getattr(one, stage) for one in results) for stage in ("before", "after"))
    exact_before, exact = sum(one.exact_before for one in results), sum(one.exact for one in results)
    wrong = sum(one.wrong for one in results)
    of = f" of {runs:,} texts"
    if cell.true != cell.told:
        return [
            _least(f"{cell.name}: exact after verification", -int(-SHARE_MISJUDGED * runs // 1), exact, of),
            _most(f"{cell.name}: wrong rules told", WRONG, wrong, of),
        ]
    p95 = statistics.quantiles((one.after for one in results), n=20)[-1]
    return [
        _most(f"{cell.name}: questions on average until isolated", cell.before, before, ""),
        _most(f"{cell.name}: until verified", cell.after, after, ""),
        _most(f"{cell.name}: until verified, 95 of 100 texts", cell.p95, p95, ""),
        _least(f"{cell.name}: exact before verification", -int(-SHARE_BEFORE * runs // 1), exact_before, of),
        _least(f"{cell.name}: exact after it", -int(-SHARE_AFTER * runs // 1), exact, of),
        Row(f"{cell.name}: wrong rules told", "-", f"{wrong}{of}", met=True),
    ]


def _most(what: str, bar: float, found: float, of: str) -> Row:
    return Row(what, f"at most {bar:,}{of}", _figure(found) + of, met=found <= bar)


def _least(what: str, bar: int, found: int, of: str) -> Row:
    return Row(what, f"at least {bar:,}{of}", _figure(found) + of, met=found >= bar)


def _figure(found: float) -> str:
    return f"{found:.1f}" if isinstance(found, float) else f"{found:,}"


def _measured(cells: tuple[Cell, ...], runs: int, seed: int, jobs: int) -> Iterator[Row]:
    with ProcessPoolExecutor(jobs) as pool:
        for rows in pool.map(measured, cells, repeat(runs), repeat(seed)):
            yield from rows


def cells(runs: int = RUNS, seed: int = 1, jobs: int = 1) -> Iterator[Row]:
    """The four cells whose rates are known."""
    return _measured(KNOWN, runs, seed, jobs)


def misjudged(runs: int = RUNS, seed: int = 1, jobs: int = 1) -> Iterator[Row]:
    """The six cells whose rates are worse than was told."""
    return _measured(MISJUDGED, runs, seed, jobs)


def main() -> int:
    """Every cell; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    made = (options.runs, options.seed, options.jobs)
    met = True
    for row in chain(cells(*made), misjudged(*made)):
        print(f"{row.what:100} {row.bar:32} {row.figure:24} {row.verdict}", flush=True)
        met &= row.met
    print("met" if met else "MISSED")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
