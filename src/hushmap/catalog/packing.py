"""From a list of words to targets: canaries that calibrate first, then packs of words that are asked about together.

Most words of a list are cut off nowhere, so that a pack in which nothing is cut off clears all its words at once
(refs/STATISTICS 2). Who shares a pack is drawn anew with each run's seed: two words that only together are cut off
do not meet again in the next. Words of different categories never share one: each category is switched on by itself.
"""

from collections.abc import Iterable, Sequence
from random import Random

import msgspec

from hushmap.model import Encoding, Place, Target

PACK = 20
"""Words of a pack at most: the size for which refs/STATISTICS 2 gives its figures."""

_Way = tuple[Place | None, Encoding | None]


def packed(targets: Iterable[Target], seed: int) -> tuple[Target, ...]:
    """Words that are to be screened, in packs, where a canary can show what a pack is worth; all else as it is.

    A canary calibrates its place and encoding; words of one that has none are asked about one by one.
    """
    every = tuple(targets)
    ways = {_way(target) for target in every if target.canary and target.experiment in _CALIBRATED}
    alone: list[Target] = []
    groups: dict[tuple[_Way, str | None, bool], list[Target]] = {}
    for target in every:
        if target.canary and target.experiment in _CALIBRATED:
            alone.append(msgspec.structs.replace(target, experiment="calibrate"))
        elif not _to_screen(target):
            alone.append(target)
        elif _way(target) not in ways:
            alone.append(msgspec.structs.replace(target, experiment="keyword"))
        else:
            groups.setdefault((_way(target), target.category, target.risky), []).append(target)
    packs = [
        pack
        for number, some in enumerate(groups.values())
        for pack in packs_of([one.text for one in some], some[0], seed, str(number))
    ]
    return (*alone, *packs)


_CALIBRATED = frozenset({"calibrate", "screen", "isolate", "domain"})
"""Experiments that need to know what a hit and a pass are worth before they begin."""


def _to_screen(target: Target) -> bool:
    return target.experiment == "screen" and not target.words


def _way(target: Target) -> _Way:
    return target.place, target.encoding


def packs_of(words: Sequence[str], like: Target, seed: int, group: str) -> tuple[Target, ...]:
    """`words` in packs that are otherwise like `like`; `group` is no other's in the run."""
    order = list(words)
    Random(f"{seed}|{group}|{like.place}|{like.encoding}").shuffle(order)  # noqa: S311 (not for secrets)
    name = like.line.partition(":")[0] or "words"
    return tuple(
        msgspec.structs.replace(
            like, experiment="screen", text=f"{name}#{group}-{number}", words=tuple(order[at : at + PACK]), source="",
            reason="", line=name,
        )
        for number, at in enumerate(range(0, len(order), PACK), 1)
    )  # fmt: skip
