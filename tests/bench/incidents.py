"""How soon a change is noticed and how rarely there is none, against the bars; exit code 1 where one is missed.

The field data are 470 of OONI's tests of one site with one onset and one lifting (refs/STATISTICS 3); the rest is
simulated, all chance from seeds, so that figures repeat. Settings were chosen on that one file: in-sample.

    python tests/bench/incidents.py [--write] [--runs PER-CENT] [--jobs N] [PART ...]
"""

import argparse
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).resolve().parent), str(ROOT / "src")]

import table
from table import Row

from hushmap.analysis import Point, changes, scored, streams
from hushmap.analysis.turning import turns
from hushmap.sampling import Change, Rise

TABLE = table.TABLE.parent / "incident-accuracy.toml"
FIELD = Path(os.environ.get("HUSHMAP_FIELD_DATA", ROOT.parent / "shared" / "data"))
UGANDA = FIELD / "ooni" / "uganda_twitter_2025-12_2026-02.csv"
ONSET = "2026-01-17T22:10:34Z"
"""Rows before it are those before the onset (refs/STATISTICS 3)."""
OONI = {"onset": "2026-01-18T19:17:20Z", "lifting": "2026-01-25T01:11:27Z"}
"""The rows that made OONI's detector alarm."""
SHUFFLES, SIMULATIONS, LINES, LONG = 1_000, 3_000, 40, 20_000
BASE, WARMED = 0.02, 91
"""What fails without a censor, and attempts before it begins, as in the field data."""
GIVE_UP = 1_000


def when(at: int | None) -> str:
    """A time in UTC; empty if there is none."""
    return "" if at is None else f"{datetime.fromtimestamp(at // 1_000_000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def hours(one: str, other: str) -> float:
    """Hours from one time to another."""
    return (datetime.fromisoformat(other) - datetime.fromisoformat(one)).total_seconds() / 3600


def field() -> Iterator[Row]:
    """The two changes of the field data."""
    with UGANDA.open(encoding="utf-8") as rows:
        found = changes(scored(rows)).incidents
    liftings = [one for one in found if one.lifting is not None]
    counts = f"{len(found)} and {len(liftings)}"
    yield Row("onsets and liftings in 470 rows", "1 and 1", counts, counts == "1 and 1")
    one = found[0]
    for what, at, bar, ooni in (
        ("onset, provisional alarm (D1)", one.onset_alarm, "2026-01-18T10:09:39Z", "onset"),
        ("onset, confirmed (D2)", one.onset_confirmed, "2026-01-18T12:41:13Z", "onset"),
        ("lifting, confirmed (D2)", one.lifting_confirmed, "2026-01-24T22:31:27Z", "lifting"),
    ):
        told = when(at)
        sooner = f" ({hours(told, OONI[ooni]):.1f} h sooner than OONI)" if told else ""
        yield Row(f"{what}, row", f"by {bar}", told + sooner, bool(told) and told <= bar)
    for what, last, first, bar in (
        ("onset", one.onset_last_working, one.onset_first_failing, "2026-01-18T05:24:35Z to 2026-01-18T05:46:13Z"),
        (
            "lifting",
            one.lifting_last_failing,
            one.lifting_first_working,
            "2026-01-23T21:32:35Z to 2026-01-24T13:49:43Z",
        ),
    ):
        told = f"{when(last)} to {when(first)}"
        yield Row(f"{what}, last seen before to first seen after", bar, told, told == bar)


def outcomes() -> list[int]:
    """Rows of the field data in order: 1 for a failure; and how many are before the onset."""
    with UGANDA.open(encoding="utf-8") as rows:
        (stream,) = streams(scored(rows))
    return [int(point.failing) for point in stream.points]


def before() -> int:
    """Rows before the first that may belong to the onset."""
    with UGANDA.open(encoding="utf-8") as rows:
        (stream,) = streams(scored(rows))
    return sum(when(point.at) < ONSET for point in stream.points)


def alarms(xs: list[int], seed: int, *, replace: bool = False) -> bool:
    """Whether the sure detector alarms, of a rise or of a fall, on shuffled rows; or on rows drawn with replacement."""
    rng = random.Random(seed)
    drawn = rng.choices(xs, k=len(xs)) if replace else rng.sample(xs, len(xs))
    rise, fall = Change(), Change(falls=True)
    return any(rise.tell(x) is not None for x in drawn) or any(fall.tell(x) is not None for x in drawn)


def confirmed(xs: list[int], seed: int) -> bool:
    """Whether the whole way confirms an onset on shuffled rows, each in a session of its own."""
    drawn = random.Random(seed).sample(xs, len(xs))
    points = [Point(at=place * 3_600_000_000, record=str(place), failing=bool(x)) for place, x in enumerate(drawn)]
    return any(turn.confirmed is not None for turn in turns(points)[1])


def shuffled(runs: int, pool: ProcessPoolExecutor) -> Iterator[Row]:
    """No change where there can be none: the rows in another order."""
    xs = outcomes()
    quiet = xs[: before()]
    fewer = max(10, runs // 5)
    for what, rows, judge, times in (
        (f"D2 on all {len(xs)} rows shuffled", xs, alarms, runs),
        (f"D2 on the {len(quiet)} rows before the onset shuffled", quiet, alarms, runs),
        (f"D2 on {len(xs)} rows drawn with replacement", xs, partial(alarms, replace=True), fewer),
        (f"confirmed onsets by the whole way, {len(xs)} rows shuffled", xs, confirmed, fewer),
    ):
        most = max(1, 3 * times // SHUFFLES)
        hits = sum(pool.map(partial(judge, rows), range(times), chunksize=10))
        yield Row(f"{what}: alarms", f"<= {most} of {times:,}", f"{hits} of {times:,}", hits <= most)


def delay(share: float, seed: int) -> int:
    """Tests from the start of a blocking to the quick detector's alarm."""
    rng, detector = random.Random(seed), Rise()
    for _ in range(WARMED):
        detector.tell(rng.random() < BASE)
    return next((n for n in range(1, GIVE_UP) if detector.tell(rng.random() < share) is not None), GIVE_UP)


def sure_delay(share: float, seed: int) -> int:
    """As `delay`, of the sure detector."""
    rng, detector = random.Random(seed), Change()
    for _ in range(WARMED):
        detector.tell(int(rng.random() < BASE))
    return next((n for n in range(1, 400) if detector.tell(int(rng.random() < share)) is not None), 400)


def run_length(share: float, seed: int) -> int:
    """Tests to a false alarm of the quick detector, cut at `LONG`."""
    rng, detector = random.Random(seed), Rise()
    return next((n for n in range(1, LONG) if detector.tell(rng.random() < share) is not None), LONG)


def power(runs: int, pool: ProcessPoolExecutor) -> Iterator[Row]:
    """How soon a blocking is noticed, from a base of 2 %."""
    for share, middle, late in ((0.3, 25, 50), (0.95, 5, None)):
        found = sorted(pool.map(partial(delay, share), range(runs), chunksize=50))
        p50, p95 = median(found), found[int(0.95 * runs)]
        yield Row(f"D1, {share:.0%} blocked: median tests", f"<= {middle}", f"{p50:g}", p50 <= middle)
        yield Row(
            f"D1, {share:.0%} blocked: 95 % by",
            "-" if late is None else f"<= {late}",
            f"{p95}",
            late is None or p95 <= late,
        )
        sure = sorted(pool.map(partial(sure_delay, share), range(runs // 10), chunksize=10))
        yield Row(f"D2, {share:.0%} blocked: median tests", "-", f"{median(sure):g}", met=True)


def average(lines: int, pool: ProcessPoolExecutor) -> Iterator[Row]:
    """How long the quick detector is quiet where nothing happens; by its formula 10,000 tests at a base of 5 %."""
    for base, least in ((BASE, 1e5), (0.05, 1e4)):
        found = list(pool.map(partial(run_length, base), range(lines)))
        ends = sum(one < LONG for one in found)
        told = sum(found) / max(1, ends)
        yield Row(
            f"D1, average run at a base of {base:.0%} ({sum(found):,} tests)",
            f">= {least:,.0f}",
            f"{told:,.0f}" if ends else f"> {told:,.0f} (no alarm)",
            told >= least,
        )


def main() -> int:
    """Measures, prints the rows; the exit code."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("parts", nargs="*", metavar="PART", help="words of their titles; all unless some are given")
    options.add_argument("--write", action="store_true", help=f"keep the tables in {TABLE.name}, and make its page")
    options.add_argument("--runs", type=int, default=100, metavar="PER-CENT", help="of the runs of each cell")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = options.parse_args()
    share = given.runs / 100
    shuffles, runs, lines = (max(10, int(whole * share)) for whole in (SHUFFLES, SIMULATIONS, LINES))
    print(table.machine())
    met = True
    with ProcessPoolExecutor(given.jobs) as pool:
        parts = {
            "Field data": (field, "OONI's 470 tests of one site, refs/STATISTICS 3") if UGANDA.is_file() else None,
            "False alarms": (
                partial(shuffled, shuffles, pool),
                f"{shuffles:,} shuffles, a fifth of it in the last two rows",
            )
            if UGANDA.is_file()
            else None,
            "Power": (
                partial(power, runs, pool),
                f"{runs:,} simulations a cell, a tenth of it for D2, base {BASE:.0%}",
            ),
            "Average run": (partial(average, lines, pool), f"{lines} lines of at most {LONG:,} tests"),
        }
        for title, part in parts.items():
            if given.parts and not any(word.lower() in title.lower() for word in given.parts):
                continue
            if part is None:
                print(f"{title}: not measured, {UGANDA.name} is not here (HUSHMAP_FIELD_DATA)")
                met = False
                continue
            measure, how = part
            rows = []
            for row in measure():
                rows.append(row)
                print(f"{row.verdict:7} {row.figure:>44}  bar {row.bar:26} {row.what}", flush=True)
            met &= all(row.met for row in rows)
            if given.write:
                table.write(title, how, rows, table=TABLE)
    if given.write:
        subprocess.run([sys.executable, str(ROOT / "scripts" / "make_reference.py")], check=True)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
