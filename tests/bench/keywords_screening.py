"""How many tests the screening of a list takes, and whether it finds all triggers and no other word, in simulation.

Each run is a list of 10,000 words, some of them triggers by chance, in packs; a test misleads by chance as the cell
says. Between four tests stands a control, which is counted. The course of a pack follows from the answers alone and
most packs answer alike, so that the first answers' courses are kept: a walk over a tree, not another screening.

    python tests/bench/keywords_screening.py [--runs 400] [--jobs 1] [CELL ...]
"""

import argparse
import copy
import os
import random
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2] / "src")]

from table import Row

from hushmap.model import Rates
from hushmap.sampling import Screening

WORDS = 10_000
RUNS = 400
FEW = 40
"""Runs of what is told as information."""
EXACT = 396
"""Of 400 runs so many have to find all triggers, and so many to call no other word one (refs/STATISTICS 2)."""
LONGEST = 2.0
"""No run takes more than this many times the mean."""
CONTROLS = 1.25
"""One control per four tests."""
_KEPT = 7
"""Answers after which a screening is no more kept but carried out again: seven clean ones end most packs."""
_DEEP = 24
"""Answers after which a course is not kept at all."""


@dataclass(frozen=True)
class Cell:
    """One kind of list on one kind of line, and the bar that it has to meet."""

    prevalence: float
    false_hit: float
    miss: float
    pack: int = 20
    bar: float | None = None
    """Tests per word at most; `None`: told as information."""
    assumed: float | None = None
    """The prevalence that the screening is told, where that is wrong."""
    told: tuple[float, float] | None = None
    """False hits and misses that the screening is told, where they are others."""
    clump: int = 1
    """Triggers that stand side by side in the list: nothing that a screening is told."""
    seed: int = 1

    @property
    def name(self) -> str:
        """In a table."""
        rates = f"false hits {self.false_hit:.1%}, misses {self.miss:.0%}"
        told = "" if self.told is None else " (told {:.1%}, {:.0%})".format(*self.told)
        assumed = f", {self.assumed:.1%} assumed" if self.assumed is not None else ""
        clump = f", {self.clump} side by side" if self.clump > 1 else ""
        return f"{self.prevalence:.1%} triggers{assumed}{clump}; {rates}{told}; packs of {self.pack}"


@dataclass
class Node:
    """A screening after the answers that lead here."""

    asked: int
    """The words that are asked about, as bits; 0: it is over."""
    found: int
    kept: Screening | None
    after: dict[bool, "Node"] = field(default_factory=dict)


@dataclass
class Tally:
    """What a cell's runs came to."""

    costs: list[float] = field(default_factory=list)
    """Tests per word of each run, with controls."""
    lost: list[int] = field(default_factory=list)
    false: list[int] = field(default_factory=list)


def bits(words: tuple[int, ...] | None) -> int:
    """The words as a mask."""
    return sum(1 << word for word in words or ())


class Tree:
    """All courses that packs of one length took so far."""

    def __init__(self, cell: Cell, count: int) -> None:
        self._cell = cell
        self._count = count
        self._root = self._node(self._begun(), keep=True)

    def _begun(self) -> Screening:
        cell = self._cell
        false_hit, miss = cell.told or (cell.false_hit, cell.miss)
        share = cell.prevalence if cell.assumed is None else cell.assumed
        return Screening(
            self._count,
            Rates(false_hit=false_hit, miss=miss),
            prevalence=share,
            listed=WORDS,
            rng=random.Random(cell.seed),
        )

    @staticmethod
    def _node(screening: Screening, *, keep: bool) -> Node:
        return Node(bits(screening.question), bits(screening.positives), screening if keep else None)

    def walk(self, triggers: int, rng: random.Random) -> tuple[int, int]:
        """(tests, words called triggers as bits) of a pack with these triggers."""
        node, live, answers = self._root, None, []
        while node.asked:
            shown = 1 - self._cell.miss if node.asked & triggers else self._cell.false_hit
            hit = rng.random() < shown
            answers.append(hit)
            if hit in node.after:
                node = node.after[hit]
                continue
            live = self._again(answers[:-1]) if live is None else live
            live.tell(hit)
            after = self._node(copy.copy(live), keep=len(answers) <= _KEPT)
            if len(answers) <= _DEEP:
                node.after[hit] = after
            node = after
        return len(answers), node.found

    def _again(self, answers: list[bool]) -> Screening:
        """The screening after these answers, from the last one that was kept on the way."""
        node, place = self._root, 0
        assert node.kept is not None, "the root is kept"
        kept = node.kept
        for number, hit in enumerate(answers, 1):
            node = node.after[hit]
            if node.kept is not None:
                kept, place = node.kept, number
        screening = copy.copy(kept)
        for hit in answers[place:]:
            screening.tell(hit)
        return screening


def drawn(cell: Cell, rng: random.Random) -> list[bool]:
    """For each word of a list whether it is a trigger; clumps begin by chance."""
    triggers = [False] * WORDS
    for word in range(WORDS):
        if rng.random() < cell.prevalence / cell.clump:
            for other in range(word, min(WORDS, word + cell.clump)):
                triggers[other] = True
    return triggers


def carried_out(cell: Cell, runs: int = RUNS) -> Tally:
    """All runs of a cell."""
    rng = random.Random(cell.seed)
    trees: dict[int, Tree] = {}
    tally = Tally()
    for _ in range(runs if cell.bar is not None else max(1, runs * FEW // RUNS)):
        triggers = drawn(cell, rng)
        tests = lost = false = 0
        for first in range(0, WORDS, cell.pack):
            truth = bits(tuple(at for at, there in enumerate(triggers[first : first + cell.pack]) if there))
            count = min(cell.pack, WORDS - first)
            if count not in trees:
                trees[count] = Tree(cell, count)
            took, found = trees[count].walk(truth, rng)
            tests += took
            lost += (truth & ~found).bit_count()
            false += (found & ~truth).bit_count()
        tally.costs.append(tests * CONTROLS / WORDS)
        tally.lost.append(lost)
        tally.false.append(false)
    return tally


def judged(cell: Cell, tally: Tally) -> list[Row]:
    """A cell's rows; what has no bar is told as information, in one."""
    runs, missed, false = len(tally.costs), sum(tally.lost), sum(tally.false)
    mean, most = sum(tally.costs) / runs, max(tally.costs)
    whole, pure = tally.lost.count(0), tally.false.count(0)
    if cell.bar is None:
        told = f"{mean:.3f}; all found in {whole}, none false in {pure} of {runs} runs"
        return [Row(f"{cell.name}: tests a word ({missed} missed, {false} false)", "-", told, met=True)]
    exact = EXACT * runs // RUNS
    return [
        Row(f"{cell.name}: tests a word", f"at most {cell.bar:g}", f"{mean:.3f}", met=mean <= cell.bar),
        Row(
            "the same: the longest run",
            f"at most {LONGEST:g} means",
            f"{most / mean:.2f}",
            met=most <= LONGEST * mean,
        ),
        Row(
            f"the same: runs that found all triggers ({missed} missed)",
            f"at least {exact} of {runs}",
            str(whole),
            met=whole >= exact,
        ),
        Row(
            f"the same: runs that called no other word one ({false} were)",
            f"at least {exact} of {runs}",
            str(pure),
            met=pure >= exact,
        ),
    ]


CELLS = (
    Cell(0.005, 0.01, 0.05, bar=0.33),
    Cell(0.005, 0.005, 0.25, bar=0.62),
    Cell(0.001, 0.01, 0.05, bar=0.23),
    Cell(0.001, 0.005, 0.25, bar=0.45),
    Cell(0.02, 0.01, 0.05, pack=16, bar=0.55),
    Cell(0.02, 0.005, 0.25, pack=16, bar=1.0),
    Cell(0.001, 0.01, 0.05, assumed=0.005),
    Cell(0.001, 0.005, 0.25, assumed=0.005),
    Cell(0.01, 0.01, 0.05, assumed=0.005),
    Cell(0.01, 0.005, 0.25, assumed=0.005),
    Cell(0.005, 0.01, 0.05, assumed=0.01),
    Cell(0.005, 0.005, 0.25, assumed=0.01),
    Cell(0.005, 0.01, 0.05, told=(0.034, 0.166)),
    Cell(0.005, 0.005, 0.25, told=(0.034, 0.44)),
    Cell(0.005, 0.01, 0.1, told=(0.01, 0.05)),
    Cell(0.005, 0.005, 0.25, told=(0.005, 0.15)),
    Cell(0.005, 0.01, 0.05, clump=5),
    Cell(0.005, 0.005, 0.25, clump=5),
)
"""Bars of refs/STATISTICS 2; then a wrong prevalence, the limits that a usual calibration gives (1 of 114 and 1 or 6
of 22 tries), rates that are taken too low, and lists whose triggers stand side by side."""


def measured(cells: Sequence[Cell], runs: int, jobs: int) -> Iterator[list[Row]]:
    """Each cell's rows, in order; a cell is one process's work."""
    with ProcessPoolExecutor(jobs) as pool:
        for cell, tally in zip(cells, pool.map(partial(carried_out, runs=runs), cells), strict=True):
            yield judged(cell, tally)


def main() -> int:
    """Some cells or all; exit code 1 where a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("cells", nargs="*", type=int, metavar="CELL", help=f"numbers, 0 to {len(CELLS) - 1}")
    options.add_argument("--runs", type=int, default=RUNS)
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    given = options.parse_args()
    met = True
    for rows in measured([CELLS[number] for number in given.cells or range(len(CELLS))], given.runs, given.jobs):
        for row in rows:
            print(f"{row.verdict:7} {row.figure:>12}  bar {row.bar:20} {row.what}", flush=True)
            met &= row.met
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
