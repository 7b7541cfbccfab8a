"""Searches a rule where nothing may stand between parts: what is not asked about is replaced, and stays in its place.

Some filters drop every separator before they match, so that spans put beside each other would make new words. Then
only replacing units by harmless filler of equal length is valid (refs/KEYWORDS 2.3). The units that must stay are
searched one by one, each mostly the neighbour of the one before. Parts that touch or overlap come out as one, and
their order cannot be asked.
"""

from collections.abc import Iterable

from hushmap.model import Rates
from hushmap.sampling.asking import Flow, Question, Span, T
from hushmap.sampling.ladder import Ladder
from hushmap.sampling.searching import BEGINNINGS, End, Found, Posterior, settle_on

NEXT, LAST = 0.6, 0.3
"""Weights before asking of "the unit behind the last must stay too" and "no other must": a part has 2 to 4 units
mostly, and a rule one or two parts (refs/STATISTICS 1)."""
MOST_UNITS = 60
"""Of a rule; what needs more looks like a sum of weights."""


def find_units(ladder: Ladder, start: int, masked: tuple[Span, ...], rates: Rates, error: float) -> Flow[Found]:
    """As `searching.find`, with a ladder of units; parts of questions never overlap and never change places."""
    size, wrong = ladder.end, 0.0
    for _ in range(BEGINNINGS):
        units: list[int] = []
        wrong = 0.0
        base = start
        while base < size and len(units) < MOST_UNITS:
            before = {"done": LAST, "near": NEXT} if units else {}
            posterior, parts = Posterior(ladder, base, rates, **before), runs(units)
            unit, doubt = yield from settle_on(posterior, parts, size, masked, error)
            if unit is End.NOTHING:
                break
            wrong += doubt
            if unit is End.DONE:
                return Found(parts=parts, error=wrong)
            units.append(unit[0])
            base = unit[0] + 1
        else:
            return Found(parts=runs(units), error=wrong, whole=base >= size)
    return Found(parts=(), error=wrong)


def runs(units: Iterable[int]) -> tuple[Span, ...]:
    """Ascending units as spans."""
    found: list[Span] = []
    for unit in units:
        if found and found[-1][1] == unit:
            found[-1] = (found[-1][0], unit + 1)
        else:
            found.append((unit, unit + 1))
    return tuple(found)


def in_place(flow: Flow[T], where: Span) -> Flow[T]:
    """A method whose questions are asked in place: what is in none of their parts is masked, and nothing moves."""
    try:
        question = next(flow)
        while True:
            gaps, at = [], where[0]
            for start, stop in sorted(question.parts):
                gaps.append((at, start))
                at = max(at, stop)
            hidden = *question.masked, *gaps, (at, where[1])
            hit = yield Question(parts=(where,), masked=tuple(gap for gap in hidden if gap[0] < gap[1]))
            question = flow.send(hit)
    except StopIteration as end:
        value: T = end.value
        return value
