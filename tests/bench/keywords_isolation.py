"""How many questions isolation takes, and how often it is right. `python tests/bench/keywords_isolation.py`.

Texts of 500 random Hanzi with a rule of two strings of 2 to 4, asked of a noisy filter (refs/STATISTICS 1). Counted
are all questions until the first rule is isolated, and until it is verified; the text is known to be hit. A rule is
exact if its strings are the planted ones and, once verified, their order is known to be free. Exit 1 where a bar is
missed. `cells` and `misjudged` are what tests/bench/keywords.py puts on its page.
"""

import argparse
import random
import statistics
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
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
class Noise:
    """False hits and misses, as they are and as isolation is told."""

    true: tuple[float, float]
    told: tuple[float, float]

    @property
    def name(self) -> str:
        """In per cent."""
        true, told = (
            f"{100 * false:g} % false hits, {100 * miss:g} % misses" for false, miss in (self.true, self.told)
        )
        return true if true == told else f"{true}, taken for {told}"


@dataclass(frozen=True)
class Bar:
    """Most questions that a cell may take."""

    rates: tuple[float, float]
    before: float
    after: float
    p95: int


BARS = (
    Bar((0.005, 0.25), 62, 98, 130),
    Bar((0.01, 0.05), 40, 62, 75),
    Bar((0.02, 0.10), 49, 78, 95),
    Bar((0.05, 0.25), 83, 128, 165),
)
MISJUDGED = (
    Noise((0.01, 0.25), (0.005, 0.25)),
    Noise((0.005, 0.25), (0.005, 0.15)),
    Noise((0.02, 0.10), (0.01, 0.05)),
    Noise((0.02, 0.20), (0.02, 0.10)),
    Noise((0.05, 0.25), (0.025, 0.15)),
    Noise((0.05, 0.25), (0.025, 0.125)),
)


@dataclass(frozen=True)
class Run:
    """What one text took and gave."""

    before: int
    exact_before: bool
    after: int
    exact: bool
    wrong: bool


def run(noise: Noise, seed: int) -> Run:
    """Isolate one rule of a text that a seed makes."""
    chance = random.Random(seed)
    text = "".join(chance.choices(HANZI, k=SIZE))
    planted = []
    for length in (chance.randint(2, 4), chance.randint(2, 4)):
        start = chance.randrange(SIZE - length + 1)
        planted.append(text[start : start + length])
    oracle = Filter(text, [Planted(tuple(planted))], *noise.true, chance)
    false_hit, miss = noise.told
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


def _share(noise: Noise, seeds: range) -> list[Run]:
    return [run(noise, seed) for seed in seeds]


def runs(noise: Noise, count: int, seed: int, jobs: int) -> list[Run]:
    """So many texts, the same ones for the same seed however many processes work on them."""
    first = seed * 1_000_000
    if jobs < 2:
        return _share(noise, range(first, first + count))
    shares = [range(first + part, first + count, jobs) for part in range(jobs)]
    with ProcessPoolExecutor(jobs) as pool:
        return list(chain.from_iterable(pool.map(_share, [noise] * jobs, shares)))


def _at_least(share: float, count: int) -> int:
    return -int(-share * count // 1)


def _row(what: str, unit: str, bar: float, found: float, *, most: bool) -> Row:
    figure = f"{found:.1f}" if isinstance(found, float) else f"{found:,}"
    return Row(
        what,
        f"{'at most' if most else 'at least'} {bar:,} {unit}",
        f"{figure} {unit}",
        met=found <= bar if most else found >= bar,
    )


def judged(bar: Bar, results: list[Run]) -> Iterator[Row]:
    """The rows of a cell of known rates."""
    name, count = Noise(bar.rates, bar.rates).name, len(results)
    of = f"of {count:,} texts"
    before, after = (statistics.fmean(getattr(one, stage) for one in results) for stage in ("before", "after"))
    p95 = statistics.quantiles((one.after for one in results), n=20)[-1]
    exact_before, exact = sum(one.exact_before for one in results), sum(one.exact for one in results)
    yield _row(f"{name}: questions on average until isolated", "", bar.before, before, most=True)
    yield _row(f"{name}: until verified", "", bar.after, after, most=True)
    yield _row(f"{name}: until verified, 95 of 100 texts", "", bar.p95, p95, most=True)
    yield _row(f"{name}: exact before verification", of, _at_least(SHARE_BEFORE, count), exact_before, most=False)
    yield _row(f"{name}: exact after it", of, _at_least(SHARE_AFTER, count), exact, most=False)


def judged_misjudged(noise: Noise, results: list[Run]) -> Iterator[Row]:
    """The rows of a cell whose rates were taken too low."""
    count = len(results)
    exact, wrong = sum(one.exact for one in results), sum(one.wrong for one in results)
    of = f"of {count:,} texts"
    yield _row(f"{noise.name}: exact after verification", of, _at_least(SHARE_MISJUDGED, count), exact, most=False)
    yield _row(f"{noise.name}: wrong rules told", of, WRONG, wrong, most=True)


def cells(count: int = RUNS, seed: int = 1, jobs: int = 1) -> list[Row]:
    """The four cells whose rates are known."""
    return [row for bar in BARS for row in judged(bar, runs(Noise(bar.rates, bar.rates), count, seed, jobs))]


def misjudged(count: int = RUNS, seed: int = 1, jobs: int = 1) -> list[Row]:
    """The six cells whose rates are worse than was told."""
    return [row for noise in MISJUDGED for row in judged_misjudged(noise, runs(noise, count, seed, jobs))]


def _printed(rows: Iterable[Row]) -> bool:
    met = True
    for row in rows:
        print(f"{row.what:75} {row.bar:32} {row.figure:24} {row.verdict}", flush=True)
        met &= row.met
    return met


def main() -> int:
    """Every cell; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    made = (options.runs, options.seed, options.jobs)
    met = [_printed(judged(bar, runs(Noise(bar.rates, bar.rates), *made))) for bar in BARS]
    met += [_printed(judged_misjudged(noise, runs(noise, *made))) for noise in MISJUDGED]
    print("met" if all(met) else "MISSED")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
