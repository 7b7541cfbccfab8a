"""Innocent networks of the lab, measured purely by the thousand: no `blocked` in 30,000 (METHOD 6).

Every shipped `innocents-*` scenario and every censored network without its censors, on each line of the score, in IPv4
and IPv6, with a seed of its own each time (parameters, loss and ports drawn anew), by the product's own runner. What
was said is counted by scenario and line; whatever is called blocked is printed with the name of its lab, by which it
can be measured again alone: `python tests/bench/simulate.py --cell "NAME LINE seed N"`.
"""

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from itertools import count, islice

import msgspec

from hushmap.lab.pure import pure_cell
from hushmap.lab.scoring_cell import Measured, Result
from hushmap.lab.scoring_labels import Cell
from hushmap.lab.scoring_plan import Wish, catalogue, plan
from hushmap.lab.scoring_variants import NOISES
from hushmap.model import Outcome
from hushmap.sampling import upper_limit

# ruff: noqa: T201  a script's words
BARS = {"clean": 0.97, "harsh": 0.90}
"""Issue "The lab as judge": exact outcomes of innocents, on a clean line and at the worst noise."""
CHUNK, ROUND = 4, 120
"""Labs that a process takes at a time, and labs between two words of progress."""


class Found(msgspec.Struct):
    """What was said of innocents, by scenario and line."""

    said: dict[str, Counter[str]] = msgspec.field(default_factory=dict)
    exact: Counter[str] = msgspec.field(default_factory=Counter)
    all: Counter[str] = msgspec.field(default_factory=Counter)
    wrong: Counter[str] = msgspec.field(default_factory=Counter)
    blocked: list[str] = msgspec.field(default_factory=list)
    errors: list[str] = msgspec.field(default_factory=list)
    trials: int = 0
    seconds: float = 0.0

    def take(self, result: Result) -> None:
        """Count one lab."""
        name = f"{result.name} uncensored" if result.twin else result.name
        self.seconds += result.seconds
        if result.error:
            self.errors.append(f"{result.label}: {result.error}")
        for row in result.rows:
            if row.censored or row.needs:
                continue
            said = row.said or "nothing"
            self.said.setdefault(f"{name} {result.noise}", Counter())[said] += 1
            self.all[result.noise] += 1
            self.exact[result.noise] += row.exact
            self.trials += row.trials
            if said == Outcome.BLOCKED:
                self.blocked.append(f"{result.label} | {describe(row)}")
                print(f"   BLOCKED {self.blocked[-1]}", file=sys.stderr, flush=True)
            elif not row.exact:
                self.wrong[
                    f"{name} {result.noise} | {row.target}: said {said}, rule {row.rule} {row.reason or ''}"
                ] += 1

    @property
    def targets(self) -> int:
        """How many innocents were measured."""
        return self.all.total()


def describe(row: Measured) -> str:
    """One target in a line."""
    said = " ".join((row.said or "nothing", *row.mechanisms))
    true = " or ".join(row.expected)
    return (
        f"{row.target} {row.place or ''}: said {said} [{row.rule}; scope {row.scope}; reason {row.reason}], true {true}, "
        f"{row.acts} acts, {row.contacts} contacts, {row.trials} trials"
    )


def labs(first: int) -> Iterator[Cell]:
    """Labs of innocents without end: every variant of every scenario once, then all again with the next seeds.

    In an order that mixes them, so that any beginning is a fair sample.
    """
    innocents = tuple(name for name in catalogue() if name.startswith("innocents-"))
    others = tuple(name for name in catalogue() if not name.startswith("innocents-"))
    for seed in count(first):
        lines, families = tuple(NOISES), ("own", "ipv6")
        cells = plan(Wish(scenarios=innocents, noises=lines, families=families, seed=seed))
        twins = plan(Wish(scenarios=others, noises=lines, families=families, twins=True, seed=seed))
        cells += [cell for cell in twins if cell.twin]
        random.Random(seed).shuffle(cells)
        yield from cells


def measure(targets: int, *, first: int, jobs: int) -> Found:
    """At least so many innocents, on so many processes at the least priority; Ctrl-C ends it with what there is."""
    found, began = Found(), time.monotonic()
    some = labs(first)
    with ProcessPoolExecutor(jobs, initializer=_begin) as pool, suppress(KeyboardInterrupt):
        while found.targets < targets:
            # A lab has 8 innocents on the average: the last round is as short as it can be.
            share = max(jobs * CHUNK, min(ROUND, (targets - found.targets) // 8))
            for result in pool.map(pure_cell, islice(some, share), chunksize=CHUNK):
                found.take(result)
            told = (
                f"{found.targets:,} innocents, {len(found.blocked)} called blocked, {time.monotonic() - began:.0f} s"
            )
            print(f"   ... {told}", file=sys.stderr, flush=True)
    return found


def _begin() -> None:
    """A worker yields to everything else, and Ctrl-C means the process that started it."""
    os.nice(19)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def report(found: Found, *, first: int, began: float) -> bool:
    """Print it; whether every bar is met."""
    for name, said in sorted(found.said.items()):
        print(f"   {name:48} {dict(said.most_common())}")
    if found.wrong:
        print("not exact, and not blocked (most frequent first):")
        for line, times in found.wrong.most_common(40):
            print(f"   {times:5} x {line}")
    for line in found.errors:
        print(f"   BROKE {line}")
    for line in found.blocked:
        print(f"   BLOCKED {line}")
    missed = bool(found.blocked or found.errors)
    for noise in NOISES:
        k, n = found.exact[noise], found.all[noise]
        bar = BARS.get(noise, 0.0)
        missed |= n > 0 and k / n < bar
        print(f"exact, {noise:6} {k}/{n} ({k / max(n, 1):.2%})" + (f"; wanted {bar:.0%}" if bar else ""))
    bound = upper_limit(len(found.blocked), found.targets)
    each = 1000 * found.seconds / max(1, found.trials)
    print(
        f"{found.targets:,} innocent targets, in simulation, seeds from {first}; called blocked: {len(found.blocked)} "
        f"(95 % below {bound:.1e}) · {found.trials:,} trials, {each:.1f} ms each · {time.monotonic() - began:.0f} s"
    )
    return not missed


def alone(label: str) -> Result:
    """One lab again, by its name; every row is printed."""
    (cell,) = plan(Wish(cells=(label,)))
    result = pure_cell(cell)
    print(f"{result.label}: {result.seconds:.1f} s {result.error}")
    for row in result.rows:
        print(f"   {'WRONG ' if row.wrong else '      '}{describe(row)}")
    return result
