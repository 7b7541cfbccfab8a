"""A thousand sites, of which two hundred are black holes, measured by the product in a lab; see web.py.

Half of the holes are dead for everyone, so that nothing can be compared; the other half are lost on the path of this
client alone and load elsewhere, so that each raises a doubt that pairs must settle: the dear kind. Everything is read
from the run's own folder afterwards: the bench asks the program for nothing that it does not give to everyone.
"""

import argparse
import cProfile
import json
import os
import pstats
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2] / "src")]

from table import Row

from hushmap.lab import Lab, Scenario
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.listing import write_deck
from hushmap.lab.product import command, consent, own_settings, run_folders
from hushmap.lab.scenario import Expectation, PathSettings
from hushmap.lab.scenario_sites import Site
from hushmap.lab.score import Score, compare, read_verdicts
from hushmap.model import Outcome, Side, Trial
from hushmap.runner import Rates
from hushmap.runner.schedule import host_of, target_of
from hushmap.runs import RunFolder

SITES, HOLES = 1000, 200
ROUND_TRIP_MS = 80.0
FIRST_PASS_S, DECIDED_S, MEMORY_MB = 90.0, 480.0, 300.0
"""The bars: every site asked once, by here and by the helper; every one with a verdict; the most that it takes."""
SCALE = 5.0
"""The lab's own: times divided, rates multiplied by it (METHOD 3). The bars are of seconds as they pass here."""
BASELINES = ("www.baseline-a.example", "www.baseline-b.example")
LIMIT_S = 900.0
"""A run that takes longer is ended: it has missed every bar."""
_FILES = 8192
"""Each site has two listeners, all in one process."""


def address(number: int) -> str:
    """One of the addresses that are set aside for benchmarks (RFC 2544)."""
    return f"198.19.{number // 200}.{number % 200 + 1}"


def scenario(sites: int, holes: int, round_trip_ms: float = ROUND_TRIP_MS) -> Scenario:
    """The network: every fifth site is a hole, dead for everyone and lost on the path in turn."""
    every = sites // holes if holes else sites + 1
    made, expected, lost = [Site(name=name, addresses=(address(n),)) for n, name in enumerate(BASELINES)], [], []
    for number in range(sites):
        name, place = f"site-{number:04}.example", address(number + len(BASELINES))
        dead = dropped = False
        if number % every == every - 1:
            dropped = number // every % 2 == 1
            dead = not dropped
        lost += [place] if dropped else []
        made.append(Site(name=name, addresses=(place,), dead=(place,) if dead else ()))
        unclear = (Outcome.UNREACHABLE,) if dropped else (Outcome.DOWN,) if dead else ()
        outcomes = (*unclear, Outcome.INSUFFICIENT) if unclear else (Outcome.OK,)
        expected.append(Expectation(target=f"https://{name}/", outcomes=outcomes))
    return Scenario(
        name="thousand",
        scale=SCALE,
        baselines=BASELINES,
        path=PathSettings(delay_ms=round_trip_ms / 2),
        site=tuple(made),
        censor=(Censor(kind="address-drop", addresses=tuple(lost)),) if lost else (),
        expect=tuple(expected),
    )


@dataclass(frozen=True)
class Run:
    """What a run over the sites took."""

    wall_s: float
    cpu_s: float
    """Of the program's own process."""
    memory_mb: float
    trials: tuple[Trial, ...]
    score: Score

    @property
    def first_pass_s(self) -> float:
        """When the last site had been asked once: every attempt of the survey, here and at the helper."""
        return max(trial.t for trial in self._survey)

    @property
    def visited_s(self) -> float:
        """When the last site had been visited from here once."""
        firsts: dict[int | None, float] = {}
        for trial in self._survey:
            if trial.side is Side.HERE and trial.connect is not None:
                firsts.setdefault(target_of(trial.id), trial.t)
        return max(firsts.values())

    @property
    def _survey(self) -> list[Trial]:
        ours = [trial for trial in self.trials if target_of(trial.id) is not None and trial.undone is None]
        return [trial for trial in ours if trial.pair is None and not trial.cooling and not trial.round]

    @property
    def outcomes(self) -> Counter[str]:
        """What was said, by outcome."""
        judged = (row.judged for row in self.score.rows)
        return Counter("nothing" if found is None else found.outcome.value for found in judged)

    def rude(self) -> list[str]:
        """Limits of METHOD 3 that were not kept, on the lab's scale."""
        limits = Rates().scaled(SCALE)
        here = sorted((t for t in self.trials if t.side is Side.HERE and t.undone is None), key=lambda t: t.t0)
        flows = [t.t0 for t in here for _ in range(max(1, len(t.ask.qtype.split("+"))) if t.resolves else 1)]
        found = []
        # What the lane starts is stamped by the net a moment later: one may so come into a second that is not its own.
        if (most := _most_within(flows, 1.0)) > limits.flows + 2:
            found.append(f"{most} flows within a second")
        if (most := _most_at_once([(t.t0, t.t) for t in here])) > limits.in_flight:
            found.append(f"{most} in flight")
        places: dict[str, list[Trial]] = {}
        for trial in here:
            if (host := host_of(trial)) is not None:
                places.setdefault(host, []).append(trial)
        for host, made in places.items():
            if _most_at_once([(t.t0, t.t) for t in made]) > 1:
                found.append(f"two at once at {host}")
        spans = [(t.t0, t.t) for t in here]
        found += [
            f"trial {t.id} was not alone"
            for t in here
            if t.alone and (t.in_flight or sum(t0 < t.t and end > t.t0 for t0, end in spans) > 1)
        ]
        return found


def _most_within(times: Iterable[float], seconds: float) -> int:
    """The most of sorted times that lie within so many seconds."""
    found, window = 0, []
    for time_ in times:
        window = [earlier for earlier in window if earlier > time_ - seconds] + [time_]
        found = max(found, len(window))
    return found


def _most_at_once(spans: Iterable[tuple[float, float]]) -> int:
    """The most of spans that overlap."""
    edges = sorted(edge for t0, t in spans for edge in ((t0, 1), (max(t, t0), -1)))
    level = found = 0
    for _, step in edges:
        level += step
        found = max(found, level)
    return found


def measured(sites: int, holes: int, out: Path, *, profile: bool = False) -> Run:
    """Run the product over the sites; `out` keeps the run and what its process took.

    Raises:
        LabRefusedError: This system refuses the lab.
        RuntimeError: The product did not end as it should.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(_FILES, hard), hard))
    world = scenario(sites, holes)
    took = out / "took.json"
    with Lab(world, helper=True) as lab:
        consent(lab)
        deck = write_deck(world, out)
        typed = command(lab, str(deck), out)[3:]
        wrapped = [sys.executable, __file__, "--inside", str(took), *(["--profile"] if profile else []), "--", *typed]
        with (out / "words.txt").open("wb") as words:
            began = time.monotonic()
            product = lab.client(wrapped, env=own_settings(lab), stdin=subprocess.DEVNULL, stdout=words, stderr=words)
            try:
                status = product.wait(LIMIT_S)
            except subprocess.TimeoutExpired:
                product.terminate()
                status = product.wait(60)
            wall = time.monotonic() - began
        truth = lab.truth()
    if status:
        raise RuntimeError(f"hushmap run ended with {status}: {(out / 'words.txt').read_text('utf-8')[-400:]}")
    spent = json.loads(took.read_text("utf-8"))
    (folder,) = run_folders(out)
    trials = tuple(trial for _, trial in RunFolder.open(folder).replay().trials)
    score = compare(world, read_verdicts(folder), truth)
    return Run(wall, spent["cpu_s"], spent["memory_mb"], trials, score)


def rows(run: Run) -> list[Row]:
    """The bars."""
    sites = len(run.score.rows)
    said = ", ".join(f"{count} {name}" for name, count in run.outcomes.most_common())
    rude, wrong = run.rude(), sites - run.score.right
    what = f"{sites:,} sites, {HOLES} of them black holes, round trip {ROUND_TRIP_MS:.0f} ms, the lab's pace"
    first = run.first_pass_s
    return [
        Row(
            f"{what}: first pass, here and at the helper",
            f"{FIRST_PASS_S:.0f} s",
            f"{first:.0f} s",
            first <= FIRST_PASS_S,
        ),
        Row(
            f"the same: a verdict for each ({said}; {wrong} wrong)",
            f"{DECIDED_S:.0f} s",
            f"{run.wall_s:.0f} s",
            run.wall_s <= DECIDED_S and not wrong,
        ),
        Row(
            "the same: memory at its most",
            f"{MEMORY_MB:.0f} MB",
            f"{run.memory_mb:.0f} MB",
            run.memory_mb <= MEMORY_MB,
        ),
        Row(
            f"the same: limits of the method that were not kept{f' (the first: {rude[0]})' if rude else ''}",
            "0",
            str(len(rude)),
            not rude,
        ),
    ]


def inside(took: Path, typed: list[str], *, profile: bool) -> int:
    """Run the product in this process, and keep what the process took."""
    from hushmap.cli import main as product

    profiler = cProfile.Profile(time.process_time) if profile else None
    sys.argv = ["hushmap", *typed]
    status = 1
    try:
        status = profiler.runcall(product) if profiler is not None else product()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(bool(end.code))
    used = resource.getrusage(resource.RUSAGE_SELF)
    took.write_text(
        json.dumps({"cpu_s": used.ru_utime + used.ru_stime, "memory_mb": used.ru_maxrss / 1024}), encoding="utf-8"
    )
    if profiler is not None:
        profiler.dump_stats(took.with_suffix(".prof"))
    return int(status or 0)


def main() -> int:
    """The sites alone, with what is behind the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sites", type=int, default=SITES)
    options.add_argument("--holes", type=int, default=HOLES)
    options.add_argument("--out", type=Path, default=Path("build/bench-web"))
    options.add_argument("--profile", action="store_true")
    options.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options.add_argument("typed", nargs="*", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.inside is not None:
        return inside(given.inside, given.typed, profile=given.profile)
    out = given.out / f"{time.time_ns()}"
    out.mkdir(parents=True)
    run = measured(given.sites, given.holes, out, profile=given.profile)
    print(f"load {os.getloadavg()[0]:.1f}; {out}")
    print(f"visited {run.visited_s:.1f} s, first pass {run.first_pass_s:.1f} s, wall {run.wall_s:.1f} s, "
          f"processor {run.cpu_s:.1f} s, {run.memory_mb:.0f} MB, {len(run.trials)} trials")  # fmt: skip
    for row in rows(run):
        print(f"{row.verdict:7} {row.figure:>10}  bar {row.bar:8} {row.what}")
    print("\n".join(run.rude()[:20]))
    wrong = [row for row in run.score.rows if not row.right]
    for row in wrong[:20]:
        print(row.expect.target, [o.value for o in row.expect.outcomes], row.judged)
    if given.profile:
        for by in ("tottime", "cumtime"):
            pstats.Stats(str(out / "took.prof")).sort_stats(by).print_stats(45)
    return 0


if __name__ == "__main__":
    sys.exit(main())
