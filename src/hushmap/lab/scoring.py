"""`hushmap lab score`: how good the tool is, in simulated networks whose truth is known.

From plan to score: labs side by side, each measured by the product itself, counted by scenario and in all, and held
against the bars.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from hushmap.lab.scoring_cell import Result, run_cell
from hushmap.lab.scoring_plan import Cell, Wish, plan
from hushmap.lab.scoring_pool import side_by_side
from hushmap.lab.scoring_tally import Bar, Tally, bars, tally
from hushmap.lab.scoring_text import LEGEND, bar_lines, opening, scores, silent, waiting, wrong

Progress = Callable[[Result, int, int], None]
"""Told each result as it comes, how many are done, and of how many."""


def jobs_at_once() -> int:
    """How many labs side by side: two for each processor, since a lab mostly waits."""
    return 2 * (os.cpu_count() or 1)


class LabScore(msgspec.Struct, frozen=True, kw_only=True):
    """All that a score says."""

    simulation: bool = True
    """METHOD 6: it refutes, it does not prove."""
    wish: Wish
    whole: Tally
    scenarios: tuple[Tally, ...]
    noises: tuple[Tally, ...]
    bars: tuple[Bar, ...]
    results: tuple[Result, ...]

    @property
    def passed(self) -> bool:
        """Whether every bar that could be looked at is met."""
        return all(bar.met for bar in self.bars if bar.looked_at)

    @property
    def missed(self) -> list[str]:
        """One line for each bar that is not."""
        return [
            f"{bar.name}: {bar.measured}; wanted {bar.wanted}" for bar in self.bars if bar.looked_at and not bar.met
        ]


def score_labs(
    wish: Wish,
    *,
    jobs: int,
    out: Path | None = None,
    pcap: Path | None = None,
    progress: Progress = lambda *_: None,
) -> LabScore:
    """Measure everything that was wished for; `out` keeps the runs, `pcap` the packets, a file for each lab.

    Raises:
        LabRefusedError: This system refuses the lab.
        ScenarioError: A scenario cannot be read.
    """
    cells = plan(wish)

    def run(cell: Cell, stop: threading.Event) -> Result:
        return run_cell(cell, out, stop, pcap)

    results = []
    for result in side_by_side(cells, jobs, run):
        results.append(result)
        progress(result, len(results), len(cells))
    return scored(wish, results)


def scored(wish: Wish, results: list[Result]) -> LabScore:
    """The score of these results, in an order that does not hang on who was first."""
    ordered = sorted(results, key=lambda one: (one.name, one.twin, one.family, one.noise, one.seed))
    names = dict.fromkeys(_title(one) for one in ordered)
    return LabScore(
        wish=wish,
        whole=tally("all", ordered),
        scenarios=tuple(tally(name, [one for one in ordered if _title(one) == name]) for name in names),
        noises=tuple(
            tally(noise, [one for one in ordered if one.noise == noise])
            for noise in wish.noises
            if len(wish.noises) > 1
        ),
        bars=tuple(bars(ordered)),
        results=tuple(ordered),
    )


def score_text(score: LabScore) -> list[str]:
    """The score for people."""
    lines = [opening(score.results), "", *scores([*score.scenarios, *score.noises, score.whole]), "", LEGEND]
    faults = list(wrong(score.results))
    if faults:
        lines += ["", f"Not as it should be ({len(faults)}):", *faults]
    lines += [line for line in (silent(score.whole), waiting(score.results)) if line]
    lines += ["", "Bars (in simulation):", *bar_lines(score.bars)]
    return lines


def _title(result: Result) -> str:
    return f"{result.name} uncensored" if result.twin else result.name
