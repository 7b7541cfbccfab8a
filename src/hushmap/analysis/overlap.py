"""Do two places list other results for the same searches than one place does from time to time?

Results change by themselves, from hour to hour and from replica to replica. So the likeness of lists (Jaccard: what
both hold, of all that either holds) from one place again and again is the floor of noise, and three lists a place are
the least (refs/KEYWORDS 2.5). What is tested is all words together, by exchanging whole runs between the two places:
words of one run share its hour and its replica, and are no independent samples.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from random import Random

import msgspec

Lists = Mapping[str, frozenset[str]]
"""Of one run: the results of each word that was read."""
LEAST_RUNS = 3
"""Runs a place."""
_MOST = 10_000
"""Ways to exchange runs that are looked at: all, where there are so few, else so many drawn by chance."""
_EXACT = 1e-9
"""Sums in another order differ by less."""


class Overlap(msgspec.Struct, frozen=True, kw_only=True):
    """One word."""

    word: str
    here: float
    """Likeness of the lists from here, on average; 1: the same results."""
    there: float
    across: float
    """Likeness of a list from here and one from there, on average."""
    only_here: int
    """Results that stood in every list from here and in none from there."""
    only_there: int
    always_here: int
    """Results that stood in every list from here."""
    always_there: int
    apart: bool
    """Whether no list from here is as like one from there as the least alike of one place are."""


class Overlaps(msgspec.Struct, frozen=True, kw_only=True):
    """All words together."""

    words: tuple[Overlap, ...]
    runs: tuple[int, int]
    left_out: int
    """Words that were not read in every run."""
    difference: float
    """Mean likeness within a place, less that across."""
    p: float
    """Of all ways to share the runs out to two places, so many differ at least as much."""
    least: float
    """The smallest p that so many runs could give."""


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """What both hold, of all that either holds; two empty lists are the same."""
    return len(one & other) / len(one | other) if one | other else 1.0


def overlaps(here: Sequence[Lists], there: Sequence[Lists], seed: int) -> Overlaps:
    """Hold the runs of two places against each other.

    Raises:
        ValueError: Fewer than `LEAST_RUNS` a place; no word read in all of them; or nothing in common at all, which
            is what lists look like that were hashed under two keys.
    """
    if min(len(here), len(there)) < LEAST_RUNS:
        raise ValueError(f"{len(here)} and {len(there)} runs: it takes {LEAST_RUNS} a place to know how lists change")
    every = (*here, *there)
    named = {word for run in every for word in run}
    words = sorted(word for word in named if all(word in run for run in every))
    if not words:
        raise ValueError("no word was read in every run")
    pairs = list(combinations(range(len(every)), 2))
    alike = {word: {pair: jaccard(every[pair[0]][word], every[pair[1]][word]) for pair in pairs} for word in words}
    common = any(every[i][word] & every[j][word] for word in words for i, j in pairs if i < len(here) <= j)
    filled = any(run[word] for run in here for word in words) and any(run[word] for run in there for word in words)
    if filled and not common:
        raise ValueError("the two have no result in common: they were hashed under two keys, as two persons' are")
    mean = {pair: math.fsum(alike[word][pair] for word in words) / len(words) for pair in pairs}
    mine = frozenset(range(len(here)))
    seen = _difference(mean, mine)
    ways = _ways(len(every), len(here), Random(seed))  # noqa: S311  no secret: it must come out the same again
    as_much = sum(_difference(mean, way) >= seen - _EXACT for way in ways)
    whole = math.comb(len(every), len(here))
    exact = whole <= _MOST
    return Overlaps(
        words=tuple(_of(word, here, there, alike[word]) for word in words),
        runs=(len(here), len(there)),
        left_out=len(named) - len(words),
        difference=seen,
        p=as_much / len(ways) if exact else (1 + as_much) / (1 + len(ways)),
        least=(2 if len(here) == len(there) else 1) / whole if exact else 1 / (1 + len(ways)),
    )


def _ways(every: int, some: int, rng: Random) -> list[frozenset[int]]:
    if math.comb(every, some) <= _MOST:
        return [frozenset(way) for way in combinations(range(every), some)]
    return [frozenset(rng.sample(range(every), some)) for _ in range(_MOST)]


def _difference(alike: Mapping[tuple[int, int], float], mine: frozenset[int]) -> float:
    within = [value for (one, other), value in alike.items() if (one in mine) == (other in mine)]
    across = [value for (one, other), value in alike.items() if (one in mine) != (other in mine)]
    return math.fsum(within) / len(within) - math.fsum(across) / len(across)


def _of(word: str, here: Sequence[Lists], there: Sequence[Lists], alike: Mapping[tuple[int, int], float]) -> Overlap:
    mine = len(here)
    within = [value for (_, other), value in alike.items() if other < mine]
    beyond = [value for (one, _), value in alike.items() if one >= mine]
    across = [value for (one, other), value in alike.items() if one < mine <= other]
    lists = [[run[word] for run in side] for side in (here, there)]
    always = [frozenset.intersection(*side) for side in lists]
    ever = [frozenset.union(*side) for side in lists]
    return Overlap(
        word=word,
        here=math.fsum(within) / len(within),
        there=math.fsum(beyond) / len(beyond),
        across=math.fsum(across) / len(across),
        only_here=len(always[0] - ever[1]),
        only_there=len(always[1] - ever[0]),
        always_here=len(always[0]),
        always_there=len(always[1]),
        apart=max(across) < min(*within, *beyond),
    )
