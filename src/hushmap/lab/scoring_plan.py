"""What is to be measured: every scenario x line x family x seed, each a lab of its own.

The order is longest first, so that labs side by side end at about one time; it does not depend on the machine.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from hushmap.lab.scenario import Expectation, Scenario, ScenarioError, load_scenario
from hushmap.lab.scoring_labels import Cell, read_label, shown_name
from hushmap.lab.scoring_variants import NOISES, in_ipv6, is_censored, under, without_censors
from hushmap.model import Place
from hushmap.net import has_browser_hello

ENOUGH = 2_000
"""Innocent, and censored, target measurements of the whole matrix (METHOD 6)."""
QUICK_S = 480.0
"""Every scenario once may take at most eight minutes (issue "The lab as judge" 4): a look between two changes."""
PACKETS_ONLY = frozenset({"quic", "ech"})
"""Experiments that the lab without a kernel does not carry out."""
HELLO_EXTRA = "utls"
"""What the experiment `ech` needs beside the product itself."""
_FAMILIES = ("own", "ipv6")
Load = Callable[[str], Scenario]


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
    cells: tuple[str, ...] = ()
    """Labels as a score prints them: these labs and no others."""
    only: str = ""
    """Only targets that have this in them, with the canaries that words need."""
    pure: bool = False
    """Without kernel, sockets or waiting (scoring_pure.py)."""

    @property
    def quick(self) -> bool:
        """Whether it is every shipped scenario once by real packets, which has a time of its own."""
        return msgspec.structs.replace(self, seed=1) == Wish()

    @classmethod
    def matrix(cls, **more: object) -> "Wish":
        """Every line, both families and the uncensored twins, for enough of both kinds."""
        whole = cls(noises=tuple(NOISES), families=_FAMILIES, twins=True, seeds=0)
        return msgspec.structs.replace(whole, **more)


def catalogue() -> tuple[str, ...]:
    """The names of every shipped scenario."""
    folder = Path(__file__).with_name("scenarios")
    return tuple(sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.toml")))


def plan(wish: Wish) -> list[Cell]:
    """Every lab of a wish, longest first.

    Raises:
        ScenarioError: A scenario cannot be read, or nothing is left to measure.
    """
    names = wish.scenarios or catalogue()
    load = lru_cache(maxsize=None)(load_scenario)
    if wish.cells:
        cells = [_named(label, names, load) for label in dict.fromkeys(wish.cells)]
    elif wish.seeds:
        seeds = range(wish.seed, wish.seed + wish.seeds)
        cells = [cell for seed in seeds for name in names for cell in _of(name, wish, seed, load)]
    else:
        cells = _matrix(names, wish, load)
    cells = [cell for cell in (_narrowed(_carried(cell, wish), wish.only) for cell in cells) if cell.scenario.expect]
    if not cells:
        raise ScenarioError(f"nothing to measure: no target has {wish.only!r} in it")
    return sorted(cells, key=lambda cell: -cell.guess_s)


def _carried(cell: Cell, wish: Wish) -> Cell:
    """A lab with those of its targets that it can measure; what an extra is missing for is listed and not counted."""
    bare = not has_browser_hello()
    kept = tuple(
        msgspec.structs.replace(expect, needs=HELLO_EXTRA) if bare and expect.experiment == "ech" else expect
        for expect in cell.scenario.expect
        if not (wish.pure and _wants_packets(expect))
    )
    return msgspec.structs.replace(cell, scenario=msgspec.structs.replace(cell.scenario, expect=kept))


def _wants_packets(expect: Expectation) -> bool:
    """Whether only the lab with a kernel carries it."""
    over_quic = expect.target.startswith("quic:") or expect.place is Place.QUIC_SNI
    return over_quic or expect.experiment in PACKETS_ONLY


def _narrowed(cell: Cell, only: str) -> Cell:
    """A lab with those of its targets that were asked for; a canary stays where a word does."""
    if not only:
        return cell
    wanted = [expect for expect in cell.scenario.expect if only in expect.target]
    places = {expect.where for expect in wanted if expect.place is not None}
    kept = tuple(
        expect for expect in cell.scenario.expect if expect in wanted or (expect.canary and expect.where in places)
    )
    return msgspec.structs.replace(cell, scenario=msgspec.structs.replace(cell.scenario, expect=kept))


def _named(text: str, names: Sequence[str], load: Load) -> Cell:
    """The lab of a label."""
    label = read_label(text)
    name = next((one for one in names if shown_name(one) == label.name), label.name)
    only = Wish(noises=(label.noise,), families=(label.family,), twins=label.twin)
    for cell in _of(name, only, label.seed, load):
        if cell.twin == label.twin:
            return cell
    raise ScenarioError(f"{text!r}: this network has no such variant")


def _matrix(names: Sequence[str], wish: Wish, load: Load) -> list[Cell]:
    """Rounds, each with a seed of its own, in which every scenario stands on one line and family, in turn.

    Each combination has its turn, each twin once on each; after that only what is still too few is measured. All
    combinations of every round would be a day.
    """
    cells: list[Cell] = []
    innocent, censored = 0, 0
    turns, turn = 1, 0
    while turn < turns or min(innocent, censored) < ENOUGH:
        more: list[Cell] = []
        for at, name in enumerate(names):
            every = _of(name, wish, wish.seed + turn, load)
            plain = [cell for cell in every if not cell.twin]
            twins = [cell for cell in every if cell.twin]
            turns = max(turns, len(plain))
            more.append(plain[(turn + at) % len(plain)])
            more += [twins[(turn + at) % len(twins)]] if turn < len(twins) else []
        found = [(cell, *counts([cell])) for cell in more]
        if turn >= turns:
            found = [one for one in found if (one[1] and innocent < ENOUGH) or (one[2] and censored < ENOUGH)]
            if not found:  # one kind is not among these scenarios, and no seed brings it
                break
        cells += [cell for cell, _, _ in found]
        innocent += sum(n for _, n, _ in found)
        censored += sum(n for _, _, n in found)
        turn += 1
    return cells


def counts(cells: Sequence[Cell]) -> tuple[int, int]:
    """(innocent, censored) target measurements; what waits for an experiment is neither."""
    kinds = [
        is_censored(expect, cell.scenario) for cell in cells for expect in cell.scenario.expect if not expect.needs
    ]
    return len(kinds) - sum(kinds), sum(kinds)


def _of(name: str, wish: Wish, seed: int, load: Load) -> list[Cell]:
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
        for family, twin, variant in _variants(load(name).drawn(seed), wish)
        for noise in wish.noises
    ]


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
