"""`hushmap lab score`: how good the tool is, in simulated networks whose truth is known.

From plan to score: labs side by side, each measured by the product itself, counted by scenario and in all, and held
against the bars.
"""

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from hushmap.lab.scoring_cell import Result, run_cell
from hushmap.lab.scoring_faults import Waiting, Wrong, waiting, wrongs
from hushmap.lab.scoring_kept import KeptResults
from hushmap.lab.scoring_labels import Cell
from hushmap.lab.scoring_plan import Wish, plan
from hushmap.lab.scoring_pool import side_by_side
from hushmap.lab.scoring_pure import pure_cells
from hushmap.lab.scoring_revision import revision
from hushmap.lab.scoring_tally import Bar, Tally, bars, tally
from hushmap.lab.scoring_text import LEGEND, bar_lines, excused, opening, scores, silent, waiting_line, wrong_lines
from hushmap.lab.scoring_watch import Tell, Watch


def jobs_at_once(*, pure: bool = False) -> int:
    """How many labs side by side: eight for each processor, since a lab of a minute computes for three seconds.

    Each takes 120 MB at most. What is measured without a kernel waits for nothing: one for each processor.
    """
    return (1 if pure else 8) * (os.cpu_count() or 1)


class LabScore(msgspec.Struct, frozen=True, kw_only=True):
    """All that a score says."""

    simulation: bool = True
    """METHOD 6: it refutes, it does not prove."""
    revision: str
    """Of the program that was measured (scoring_revision.py)."""
    wish: Wish
    whole: Tally
    scenarios: tuple[Tally, ...]
    noises: tuple[Tally, ...]
    bars: tuple[Bar, ...]
    wrong: tuple[Wrong, ...]
    waiting: tuple[Waiting, ...]
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
    jobs: int | None = None,
    out: Path | None = None,
    pcap: Path | None = None,
    state: Path | None = None,
    tell: Tell = lambda _: None,
) -> LabScore:
    """Measure everything that was wished for.

    `out` keeps the runs, `pcap` the packets, a file for each lab, `state` the results, to go on from.

    Raises:
        LabRefusedError: This system refuses the lab.
        ScenarioError: A scenario cannot be read, or there is nothing to measure.
        KeptError: The state file cannot be used, or the program changed meanwhile.
    """
    cells = plan(wish)
    jobs = jobs or jobs_at_once(pure=wish.pure)
    kept = KeptResults(state, pure=wish.pure) if state else None
    known = {cell.label: found for cell in cells if kept and (found := kept.of(cell))}
    left = [cell for cell in cells if cell.label not in known]
    strange = kept.strange if kept else 0
    watch = Watch(left, jobs=jobs, kept=len(known), strange=strange, of=len(cells), tell=tell, pure=wish.pure)
    with ExitStack() as ending:
        pure: Callable[[Cell], Result] | None = ending.enter_context(pure_cells(jobs)) if wish.pure else None

        def run(cell: Cell, stop: threading.Event) -> Result:
            watch.began(cell)
            result = pure(cell) if pure else run_cell(cell, out, stop, pcap)
            if not stop.is_set():  # what Ctrl-C ended is no finding
                if kept:
                    kept.take(cell, result)
                watch.ended(cell, result)
            return result

        measured = list(side_by_side(left, jobs, run))
    return scored(wish, [*known.values(), *measured], kept.revision if kept else revision())


def scored(wish: Wish, results: Sequence[Result], program: str) -> LabScore:
    """The score of these results of a program, in an order that does not hang on who was first."""
    ordered = sorted(results, key=lambda one: (one.name, one.twin, one.family, one.noise, one.seed))
    names = dict.fromkeys(_title(one) for one in ordered)
    noises = dict.fromkeys(one.noise for one in ordered)
    return LabScore(
        revision=program,
        wish=wish,
        whole=tally("all", ordered),
        scenarios=tuple(tally(name, [one for one in ordered if _title(one) == name]) for name in names),
        noises=tuple(
            tally(noise, [one for one in ordered if one.noise == noise])
            for noise in wish.noises
            if len(noises) > 1 and noise in noises
        ),
        bars=tuple(bars(ordered)),
        wrong=tuple(wrongs(ordered)),
        waiting=tuple(waiting(ordered)),
        results=tuple(ordered),
    )


def score_text(score: LabScore) -> list[str]:
    """The score for people."""
    lines = [
        opening(score.results, pure=score.wish.pure),
        "",
        *scores([*score.scenarios, *score.noises, score.whole]),
        "",
        LEGEND,
    ]
    if score.wrong:
        lines += ["", f"Not as it should be ({len(score.wrong)}):", *wrong_lines(score.wrong)]
    lines += [line for line in (silent(score.whole), waiting_line(score.waiting)) if line]
    lines += ["", "Bars (in simulation):", *bar_lines(score.bars)]
    lines += [f"  {line}" for line in (excused(score.whole),) if line]
    return lines


def _title(result: Result) -> str:
    return f"{result.name} uncensored" if result.twin else result.name
