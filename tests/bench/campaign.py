"""Whether a campaign is seen where there is one, and rarely where there is none; exit code 1 where a bar is missed.

    python tests/bench/campaign.py [--write] [--runs PER-CENT] [--jobs N] [PART ...]

Series are simulated as in refs/STATISTICS 4: 365 days of batches, independent (Poisson) or clustered (the logarithm of
the rate wanders: AR(1), phi .6, sd .7), a tenth of the days unobserved in runs of four, a window of 14 days anywhere.
Shares of tests likewise: independent tests or days that wander together, of sites some of which are always blocked,
where how much is tested, or what, stays or changes in the window.
All chance comes from seeds, so that figures repeat.
"""

import argparse
import math
import random
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).resolve().parent), str(ROOT / "src")]

import numpy as np
import table
from table import Row

from hushmap.analysis import Cause, Followed, Survival, survival
from hushmap.sampling import Shares, poisson, shifted, shifted_shares

DAYS, WINDOW = 365, 14
ALPHA, BAR_FALSE, BAND = 0.05, 0.065, (0.035, 0.065)
NULLS, ALTERNATIVES = 2_000, 1_000
PHI, DEVIATION = 0.6, 0.7
GAPS, GAP = 0.10, 4
"""A tenth of the days, in runs of four."""

Series = list[int | None]


def independent(rate: float, rng: random.Random, lift: Callable[[int], float]) -> Series:
    """Batches by day, each day for itself."""
    return [poisson(rate * lift(day), rng) for day in range(DAYS)]


def clustered(rate: float, rng: random.Random, lift: Callable[[int], float]) -> Series:
    """Batches by day, of which busy days come together; the mean over all days is the rate."""
    level = rng.gauss(0, DEVIATION)
    found: Series = []
    for day in range(DAYS):
        found.append(poisson(rate * math.exp(level - DEVIATION**2 / 2) * lift(day), rng))
        level = PHI * level + rng.gauss(0, DEVIATION * math.sqrt(1 - PHI**2))
    return found


KINDS = {"Poisson": independent, "clustered": clustered}


def with_gaps(series: Series, rng: random.Random) -> Series:
    """Some days were not observed."""
    for _ in range(round(DAYS * GAPS / GAP)):
        start = rng.randrange(DAYS - GAP)
        series[start : start + GAP] = [None] * GAP
    return series


def once(seed: str, kind: str, rate: float, multiple: float, number: int) -> tuple[float, float] | None:
    """p, plain and with ties broken, of one study; none where the window was hardly observed."""
    rng = random.Random(seed)
    start = rng.randrange(DAYS - WINDOW)

    def lift(day: int) -> float:
        return multiple if start <= day < start + WINDOW else 1.0

    series = [with_gaps(KINDS[kind](rate, rng, lift), rng) for _ in range(number)]
    found = shifted(series, start, WINDOW)
    return None if found is None else (found.p, found.drawn(rng))


def shares(
    pool: ProcessPoolExecutor, kind: str, rate: float, multiple: float, number: int, runs: int
) -> tuple[float, float, int]:
    """How often p is at most `ALPHA`, plain and with ties broken, of so many studies."""
    name = f"{kind} {rate} {multiple} {number}"
    ask = partial(once, kind=kind, rate=rate, multiple=multiple, number=number)
    told = [one for one in pool.map(ask, [f"{name} {run}" for run in range(runs)], chunksize=50) if one is not None]
    return (*(sum(one[which] <= ALPHA for one in told) / len(told) for which in (0, 1)), len(told))


def nulls(pool: ProcessPoolExecutor, scale: float) -> Iterator[Row]:
    """False alarms."""
    for kind in KINDS:
        for rate in (0.25, 0.5):
            plain, drawn, runs = shares(pool, kind, rate, 1.0, 1, round(NULLS * scale))
            what = f"false alarms at {ALPHA:g}, {kind}, {rate:g} batches a day, {runs:,} series without an event"
            yield Row(what, f"<= {BAR_FALSE:g}", f"{plain:.3f}", plain <= BAR_FALSE)
            low, high = BAND
            yield Row("the same, ties broken by chance", f"{low:g} to {high:g}", f"{drawn:.3f}", low <= drawn <= high)


def power(pool: ProcessPoolExecutor, scale: float) -> Iterator[Row]:
    """How often a burst is found."""
    cases = (("Poisson", 0.5, 3.0, 1, 0.93), ("clustered", 0.25, 3.0, 4, 0.90), ("clustered", 0.25, 5.0, 1, 0.83))
    for kind, rate, multiple, number, bar in cases:
        plain, _, runs = shares(pool, kind, rate, multiple, number, round(ALTERNATIVES * scale))
        many = "one series" if number == 1 else f"{number} series"
        what = (
            f"found, {multiple:g}-fold over {WINDOW} days, {kind}, {many} at {rate:g} batches a day, {runs:,} studies"
        )
        yield Row(what, f">= {bar:g}", f"{plain:.3f}", plain >= bar)


RATES = (0.05, 0.2, 0.5, 1.0)
"""How often each of four sites is found blocked; the last always is."""
TESTS = 6
"""Tests a day on average."""
RISE = 0.15
"""Of the share, which without an event is 0.44 of all tests."""
EFFORTS: dict[str, tuple[float, float]] = {
    "testing as ever": (1.0, 1.0),
    "a fifth of the testing in the window": (0.2, 1.0),
    "five times the testing in the window": (5.0, 1.0),
    "five times as much of what is always blocked in the window": (1.0, 5.0),
}
"""(tests of all sites, tests of the one that is always blocked), as multiples, in the window of the event."""


def shares_once(seed: str, kind: str, effort: str, rise: float, number: int) -> float | None:
    """P of one study of shares; none where the window was hardly observed."""
    rng = np.random.default_rng([*seed.encode()])
    start = int(rng.integers(DAYS - WINDOW))
    told = shifted_shares([measured(kind, effort, rise, start, rng) for _ in range(number)], start, WINDOW)
    return None if told is None else told.p


def measured(kind: str, effort: str, rise: float, start: int, rng: np.random.Generator) -> Shares:
    """A year of tests of one line; `rise` is of the share of what is not always blocked."""
    within = np.zeros(DAYS, dtype=bool)
    within[start : start + WINDOW] = True
    busy = np.exp(rng.normal(0, 0.5, DAYS)) / np.exp(0.125)
    for gap in rng.integers(0, DAYS - GAP, round(DAYS * GAPS / GAP)):
        busy[gap : gap + GAP] = 0
    every, certain = EFFORTS[effort]
    level = np.zeros(DAYS)
    if kind == "clustered":
        level[0] = rng.normal(0, DEVIATION)
        for day in range(1, DAYS):
            level[day] = PHI * level[day - 1] + rng.normal(0, DEVIATION * math.sqrt(1 - PHI**2))
    tests, found, expected, squares, free = np.zeros((5, DAYS))
    for rate in RATES:
        more = np.where(within, every * (certain if rate == 1 else 1), 1)
        n = rng.poisson(TESTS / len(RATES) * busy * more)
        chance = np.ones(DAYS) if rate == 1 else 1 / (1 + np.exp(-math.log(rate / (1 - rate)) - level))
        k = rng.binomial(n, np.minimum(1, chance + np.where(within, rise, 0)))
        mean = k.sum() / max(1, n.sum())
        tests, found, expected = tests + n, found + k, expected + n * mean
        squares = squares + k * (1 - mean) ** 2 + (n - k) * mean**2
        free = free + n
    return Shares(tests=tuple(map(int, tests)), found=tuple(found), expected=tuple(expected),
                  squares=tuple(squares), free=tuple(free))  # fmt: skip


def of_shares(pool: ProcessPoolExecutor, scale: float) -> Iterator[Row]:
    """False alarms of shares, and how often a rise is found."""
    for kind in KINDS:
        for effort in EFFORTS:
            plain, runs = counted(pool, kind, effort, 0.0, 1, round(NULLS * scale))
            what = f"false alarms at {ALPHA:g}, shares, {kind}, {effort}, {runs:,} series without an event"
            yield Row(what, f"<= {BAR_FALSE:g}", f"{plain:.3f}", plain <= BAR_FALSE)
        for number in (1, 4):
            plain, runs = counted(pool, kind, "testing as ever", RISE, number, round(ALTERNATIVES * scale))
            many = "one line" if number == 1 else f"{number} lines"
            what = f"found, shares, {100 * RISE:g} points over {WINDOW} days, {kind}, {many} of {TESTS} tests a day"
            yield Row(f"{what}, {runs:,} studies", "-", f"{plain:.3f}", True)


def counted(
    pool: ProcessPoolExecutor, kind: str, effort: str, rise: float, number: int, runs: int
) -> tuple[float, int]:
    """How often p of shares is at most `ALPHA`, of so many studies."""
    name = f"{kind} {effort} {rise} {number}"
    ask = partial(shares_once, kind=kind, effort=effort, rise=rise, number=number)
    told = [p for p in pool.map(ask, [f"{name} {run}" for run in range(runs)], chunksize=50) if p is not None]
    return sum(p <= ALPHA for p in told) / len(told), len(told)


VISITS = tuple(
    np.array([1, 2, 4, 8, 15, 30, 60, 120, 240, 480, 960, 1920, 3 * 1440, 6 * 1440, 12 * 1440, 30 * 1440]) / 60
)
"""Hours after a post was found: 16, each twice as far, to 30 days (refs/KEYWORDS 2.6)."""
LOST, SIGMA, POSTS, STUDIES = 0.05, 1.5, 200, 200
COVERS, WIDTH = 184, 2.7
LIVES: dict[str, tuple[float, float, int, bool]] = {
    "median 1 h, 90 % removed": (1.0, 0.9, POSTS, True),
    "median 10 h, 80 % removed, 40 accounts": (10.0, 0.8, 40, True),
    "median 48 h, 75 % removed": (48.0, 0.75, POSTS, True),
    "median 5 h, all removed, no rivals": (5.0, 1.0, POSTS, False),
    "median 48 h, 45 % removed": (48.0, 0.45, POSTS, True),
}
"""(median hours of the removals, share that is removed if nothing comes before, accounts, whether rivals exist)."""
RIVALS = {Cause.WITHDRAWN: 0.10, Cause.ACCOUNT: 0.05}
"""The share of posts, or accounts, that go so within 30 days, at any time of them alike."""


def fates(life: str, posts: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each post its account, when it goes, and why (index of `Cause`, -1: it stays)."""
    middle, share, accounts, rivals = LIVES[life]
    account = rng.integers(0, accounts, posts) if accounts < posts else np.arange(posts)
    never = np.full(posts, np.inf)
    removed = np.where(rng.random(posts) < share, middle * np.exp(SIGMA * rng.standard_normal(posts)), never)
    author, ended = never.copy(), never.copy()
    if rivals:
        author = np.where(rng.random(posts) < RIVALS[Cause.WITHDRAWN], 720 * rng.random(posts), never)
        ends = np.where(
            rng.random(max(accounts, 1)) < RIVALS[Cause.ACCOUNT], 720 * rng.random(max(accounts, 1)), np.inf
        )
        ended = ends[account] if accounts < posts else np.where(
            rng.random(posts) < RIVALS[Cause.ACCOUNT], 720 * rng.random(posts), never
        )  # fmt: skip
    each = np.vstack([removed, author, ended])
    first = each.min(axis=0)
    return account, first, np.where(np.isfinite(first), each.argmin(axis=0), -1)


def true_median(life: str) -> float | None:
    """When half of all posts are removed, of half a million; none where that never is."""
    _, gone, why = fates(life, 500_000, np.random.default_rng(1))
    removed = np.sort(np.where(why == 0, gone, np.inf))
    half = float(removed[len(removed) // 2])
    return half if half < VISITS[-1] else None


def study(seed: int, life: str) -> Survival:
    """One study of 200 posts as visits see them."""
    rng = np.random.default_rng(seed)
    account, gone, why = fates(life, POSTS, rng)
    followed = []
    for one in range(POSTS):
        kept = [visit for visit in VISITS if rng.random() >= LOST]
        seen = max((visit for visit in kept if visit < gone[one]), default=0.0)
        missed = next((visit for visit in kept if visit >= gone[one]), None)
        followed.append(
            Followed(
                account=str(account[one]),
                seen=seen,
                gone=missed,
                cause=None if missed is None else tuple(Cause)[why[one]],
                planned=VISITS[-1],
            )
        )
    return survival(followed, rng)


def lives(pool: ProcessPoolExecutor, scale: float) -> Iterator[Row]:
    """Whether the interval of the median holds the truth, and is narrow."""
    studies = max(10, round(STUDIES * scale))
    for life in LIVES:
        truth = true_median(life)
        told = list(pool.map(partial(study, life=life), range(studies), chunksize=10))
        what = f"posts, {life}, {studies} studies of {POSTS}"
        if truth is None:
            silent = sum(one.median is None for one in told)
            yield Row(f"{what}: no median told", f"{studies}", f"{silent}", silent == studies)
            continue
        covers = sum(
            one.median is not None and one.median_low <= truth <= (one.median_high or math.inf) for one in told
        )
        widths = [one.median_high / one.median_low for one in told if one.median is not None and one.median_high]
        need = math.ceil(COVERS * studies / STUDIES)
        yield Row(f"{what}: interval holds the true {truth:.3g} h", f">= {need}", f"{covers}", covers >= need)
        width = float(np.median(widths))
        yield Row("the same: upper over lower limit, median", f"<= {WIDTH:g}", f"{width:.2f}", width <= WIDTH)


PARTS = {"nulls": nulls, "power": power, "shares": of_shares, "lives": lives}


def main() -> int:
    """Measure; print; keep."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("parts", metavar="PART", nargs="*", help=", ".join(PARTS))
    options.add_argument("--write", action="store_true", help="keep the table in benchmarks.toml")
    options.add_argument("--runs", type=float, default=100.0, metavar="PER-CENT", help="of the runs of each cell")
    options.add_argument("--jobs", type=int, default=2)
    given = options.parse_args()
    wanted = given.parts or [*PARTS]
    if unknown := set(wanted) - set(PARTS):
        options.error(f"{min(unknown)}: is no part; there are {', '.join(PARTS)}")
    rows: list[Row] = []
    with ProcessPoolExecutor(given.jobs) as pool:
        for part in wanted:
            for row in PARTS[part](pool, given.runs / 100):
                print(f"{row.verdict:7} {row.figure:>10}  bar {row.bar:14} {row.what}", flush=True)
                rows.append(row)
    if given.write and len(wanted) == len(PARTS):
        table.write("Campaigns", "tests/bench/campaign.py", rows)
    return int(any(not row.met for row in rows))


if __name__ == "__main__":
    sys.exit(main())
