"""Finds between which two hops something acts on packets, from probes with small TTLs, under loss.

A probe with TTL t comes to a censor that stands before hop k if t >= k. What then happens depends on how it acts
(it discards, or forges an answer, as a box that the packet must pass or as a tap beside the path), and without any
censor a router's error or a packet is lost now and then, and some routers are silent always or often. So every
(place, manner) has an exact likelihood given all probes, the next TTL is the one that is expected to tell most (a
bisection that survives wrong answers), and the answer is the smallest run of links that holds all but a thousandth
of the weight. What routers answer is learned from harmless probes with the same TTL: silence at a hop that is silent
anyway says nothing, and the link is then wider than one.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

SURE = 0.999
"""Weight that the links of an answer hold together."""
VOTES = 3
"""Probes that are made at either side of a link at least, however sure the first were (refs/BEYOND 2.1)."""
DULL = 0.001
"""Bits: where no further probe is expected to tell so much, the answer stays as wide as it is."""
_ACTS = 0.8
"""Share of the probes that it sees on which a censor acts. Real ones miss some: F1 of the sequential test is 0.75."""
LOST = 0.1
"""A single packet and its answer on a line that loses 5 % in each direction (refs/STATISTICS 6)."""
LOST_REPEATED = 0.03
"""The same where the kernel repeats the packet, as it does what is said on a connection."""
_STRAY = 0.002
"""An answer in the place of the target from before the censor: a broken box in between. Own knowledge, unchecked."""
_SHARES = (0.8, 0.05, 0.15)
"""How many routers tell of an expired TTL always (but for loss), half the time (a limit), never: own knowledge,
unchecked; a few harmless probes outweigh them."""
_BEYOND = 0.05
"""Weight, before any probe, of "only packets that could go past the end are acted on", beside 1 of each link."""


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one probe of the subject.

    `told`: the router at which it ended said so; at the last TTL, the target itself answered as it does a harmless
    probe. `forged`: something else answered in the target's place.
    """

    ttl: int
    told: bool
    forged: bool


class Located(msgspec.Struct, frozen=True, kw_only=True):
    """Where it acts, as far as is known: between hop `after` and hop `before`; 0 is this computer."""

    after: int
    before: int
    weight: float
    """Of these links together."""
    decided: bool
    ask: int | None = None
    """The TTL to probe next; `None` where it is decided."""
    votes: tuple[int, int] = (0, 0)
    """Probes made at the two sides."""

    @property
    def exact(self) -> bool:
        """Whether it is one link."""
        return self.before - self.after == 1


_Chances = tuple[float, float, float, float]
"""Of one outcome: before the censor, and behind one that discards, forges in the packet's place, or beside it."""
_Weights = list[tuple[float, float, float]]
"""Of each link: of the three manners."""


def tells(tried: int, told: int, lost: float = LOST) -> float:
    """The chance that a router tells of the next packet that ends at it, after so many of which it told or not."""
    rates = (1 - lost, 0.5, _STRAY)
    weights = [share * rate**told * (1 - rate) ** (tried - told) for rate, share in zip(rates, _SHARES, strict=True)]
    return sum(weight * rate for weight, rate in zip(weights, rates, strict=True)) / sum(weights)


def locate(
    probes: Sequence[Probe], harmless: Mapping[int, tuple[int, int]], end: int, *, lost: float = LOST
) -> Located:
    """What all probes say; `harmless` has (tried, told) of each TTL up to `end`, that of the target.

    A censor "before hop end + 1" is one that acts only on packets that would go past the target: it copies the
    packet's TTL to its forged answer, which so comes back only from a packet with twice the distance.

    Raises:
        ValueError: A probe went nowhere, or past the end.
    """
    if end < 1 or any(not 1 <= probe.ttl <= end for probe in probes):
        raise ValueError(f"probes have a TTL from 1 to {end}")
    rates = [tells(*harmless.get(ttl, (0, 0)), lost) for ttl in range(1, end + 1)]
    weights = _weigh(Counter(probes), rates, end, lost)
    by_link = [sum(manners) for manners in weights]
    low, high, weight = _smallest(by_link)
    made = Counter(probe.ttl for probe in probes)
    votes = (made[low - 1], made[min(high, end)])
    ask, gain = _most_telling(weights, rates, lost)
    if high == low or gain < DULL:
        sides = {low - 1, min(high, end)} - {0}
        ask = min((ttl for ttl in sides if made[ttl] < VOTES), key=lambda ttl: made[ttl], default=0)
    return Located(after=low - 1, before=high, weight=weight, decided=not ask, ask=ask or None, votes=votes)


def _smallest(by_link: Sequence[float]) -> tuple[int, int, float]:
    """The shortest run of links with enough weight, the heaviest of those; links count from 1."""
    for length in range(1, len(by_link)):
        weight, start = max((sum(by_link[at : at + length]), -at) for at in range(len(by_link) - length + 1))
        if weight >= SURE:
            return 1 - start, length - start, weight
    return 1, len(by_link), 1.0


def _weigh(probes: Mapping[Probe, int], rates: Sequence[float], end: int, lost: float) -> _Weights:
    logs = [[math.log(_BEYOND if k > end else 1.0)] * 3 for k in range(1, end + 2)]
    for probe, count in probes.items():
        before, *acted = (math.log(each) for each in _chances(probe.told, probe.forged, rates[probe.ttl - 1], lost))
        for k, manners in enumerate(logs, 1):
            for number, behind in enumerate(acted):
                manners[number] += count * (before if probe.ttl < k else behind)
    top = max(map(max, logs))
    raw = [[math.exp(value - top) for value in manners] for manners in logs]
    total = sum(map(sum, raw))
    return [(drop / total, instead / total, beside / total) for drop, instead, beside in raw]


def _chances(told: bool, forged: bool, telling: float, lost: float) -> _Chances:
    """The chances of one outcome at a hop that tells so often.

    A forged reset ends a TCP socket before the router's error comes, where forged data and datagrams do not.
    """
    untouched = _of(told, telling) * _of(forged, _STRAY)
    drop = _of(told, _STRAY) * _of(forged, _STRAY)
    instead = _of(told, _STRAY) * _of(forged, 1 - lost)
    beside = _of(told, telling / 2) * _of(forged, 1 - lost)
    rest = (1 - _ACTS) * untouched
    return untouched, _ACTS * drop + rest, _ACTS * instead + rest, _ACTS * beside + rest


def _of(happened: bool, chance: float) -> float:
    return chance if happened else 1 - chance


def _most_telling(weights: _Weights, rates: Sequence[float], lost: float) -> tuple[int, float]:
    """The TTL whose probe is expected to tell most of the place, and how many bits that is."""
    by_link = [sum(manners) for manners in weights]
    known, best, most = _bits(by_link), len(rates), 0.0
    for ttl, telling in enumerate(rates, 1):
        left = 0.0
        for told, forged in ((True, False), (False, False), (False, True), (True, True)):
            before, drop, instead, beside = _chances(told, forged, telling, lost)
            behind = [one * drop + two * instead + three * beside for one, two, three in weights[:ttl]]
            left += _bits(behind + [weight * before for weight in by_link[ttl:]])
        if known - left > most + 1e-12:
            best, most = ttl, known - left
    return best, most


def _bits(joint: Sequence[float]) -> float:
    """The entropy that is left at an outcome, times the outcome's chance."""
    total = sum(joint)
    return sum(part * math.log2(total / part) for part in joint if part > 0)
