"""What is to be measured: every scenario x line x family x seed, each a lab of its own.

The order is longest first, so that labs side by side end at about one time; it does not depend on the machine.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from hushmap.lab.scenario import Scenario, load_scenario
from hushmap.lab.scoring_variants import NOISES, in_ipv6, is_censored, under, without_censors

ENOUGH = 2_000
"""Innocent, and censored, target measurements of the whole matrix (METHOD 6)."""
START_S = 6.0
"""A lab with its helper, the consent and the product's own start take about this long on two busy cores."""
PER_TARGET_S = 1.2
"""Guessed of a target from the demo (55 targets in 60 s and more); only order and time-outs hang on it."""
TIMEOUT_S = 120.0
"""On top of thrice what was guessed: a lab that takes longer hangs."""

GIVES_UP_S = 700.0
"""The product waits ten minutes for a network that is lost, at full scale (METHOD 3)."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One lab: a scenario as it is measured, with what was done to it."""

    name: str
    """The scenario's, as it was asked for."""
    scenario: Scenario
    noise: str = "clean"
    family: str = "own"
    """`own`: the scenario's addresses; `ipv6`: its IPv4-only sites moved."""
    twin: bool = False
    """Without its censors."""
    seed: int = 1

    @property
    def label(self) -> str:
        """In which lab, in words."""
        parts = [self.name, self.noise, *(["ipv6"] if self.family == "ipv6" else [])]
        return " ".join([*parts, *(["uncensored"] if self.twin else []), f"seed {self.seed}"])

    @property
    def folder(self) -> str:
        """The same as a file name."""
        return self.label.replace(" ", "-").replace("/", "-")

    @property
    def guess_s(self) -> float:
        """About how long it takes."""
        outages = sum(outage.to - outage.start for outage in self.scenario.outage)
        outages += GIVES_UP_S / self.scenario.scale if self.scenario.change else 0.0
        harsher = {"clean": 1.0, "mild": 1.3, "harsh": 2.0}[self.noise]
        return START_S + (len(self.scenario.expect) * PER_TARGET_S + outages) * harsher

    @property
    def timeout_s(self) -> float:
        """After this it is an error."""
        return TIMEOUT_S + 3 * self.guess_s + GIVES_UP_S / self.scenario.scale


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for."""

    scenarios: tuple[str, ...] = ()
    """Names or files; none: all that are shipped."""
    noises: tuple[str, ...] = ("clean",)
    families: tuple[str, ...] = ("own",)
    twins: bool = False
    seed: int = 1
    seeds: int = 1
    """0: as many as give `ENOUGH` of both kinds."""


def catalogue() -> tuple[str, ...]:
    """The names of every shipped scenario."""
    folder = Path(__file__).with_name("scenarios")
    return tuple(sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.toml")))


def plan(wish: Wish) -> list[Cell]:
    """Every lab of a wish, longest first."""
    names = wish.scenarios or catalogue()
    seeds = range(wish.seed, wish.seed + wish.seeds)
    cells = [cell for seed in seeds for name in names for cell in _of(name, wish, seed)] or _matrix(names, wish)
    return sorted(cells, key=lambda cell: -cell.guess_s)


def _matrix(names: Sequence[str], wish: Wish) -> list[Cell]:
    """Rounds, each with a seed of its own, in which every scenario stands on one line and family, in turn.

    Each combination has its turn, each twin once on each; after that only what is still too few is measured. All
    combinations of every round would be a day.
    """
    cells: list[Cell] = []
    turns, turn = 1, 0
    while turn < turns or min(counts(cells)) < ENOUGH:
        more: list[Cell] = []
        for at, name in enumerate(names):
            every = _of(name, wish, wish.seed + turn)
            plain = [cell for cell in every if not cell.twin]
            twins = [cell for cell in every if cell.twin]
            turns = max(turns, len(plain))
            more.append(plain[(turn + at) % len(plain)])
            more += [twins[(turn + at) % len(twins)]] if turn < len(twins) else []
        if turn >= turns:
            lacking = [count < ENOUGH for count in counts(cells)]
            more = [
                cell for cell in more if any(n for n, lacks in zip(counts([cell]), lacking, strict=True) if lacks)
            ]
            if not more:  # one kind is not among these scenarios, and no seed brings it
                break
        cells += more
        turn += 1
    return cells


def counts(cells: Sequence[Cell]) -> tuple[int, int]:
    """(innocent, censored) target measurements; what waits for an experiment is neither."""
    kinds = [
        is_censored(expect, cell.scenario) for cell in cells for expect in cell.scenario.expect if not expect.needs
    ]
    return len(kinds) - sum(kinds), sum(kinds)


def _of(name: str, wish: Wish, seed: int) -> list[Cell]:
    """A scenario under everything that is wished for, with one seed."""
    return [
        Cell(
            name=shown_name(name),
            scenario=under(variant, NOISES[noise]),
            noise=noise,
            family=family,
            twin=twin,
            seed=seed,
        )
        for family, twin, variant in _variants(_drawn(name, seed), wish)
        for noise in wish.noises
    ]


def shown_name(name: str) -> str:
    """A shipped scenario's own name; of a file the last part, as a path of this machine says nothing elsewhere."""
    return Path(name).stem if name.endswith(".toml") else name


def _variants(scenario: Scenario, wish: Wish) -> list[tuple[str, bool, Scenario]]:
    whole = [(False, scenario)]
    bare = without_censors(scenario) if wish.twins else None
    if bare is not None:
        whole.append((True, bare))
    found = []
    for family in wish.families:
        for twin, one in whole:
            variant = one if family == "own" else in_ipv6(one)
            if variant is not None:
                found.append((family, twin, variant))
    return found


def _drawn(name: str, seed: int) -> Scenario:
    """The scenario with its chances of this seed."""
    return load_scenario(name).drawn(seed)
