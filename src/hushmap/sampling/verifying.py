"""Holds an isolated rule against what a rule must do: 3n + 3 decisions about n parts (refs/KEYWORDS 2.3).

The search believes in its model: a text is hit if all parts are in it. Where that is wrong, its answer is, and no
posterior says so. So a rule is asked for by itself, in harmless company, without each of its parts, with each part
cut by a unit at either end, and with its parts in the opposite order; each by a test of its own with fresh answers.
"""

from collections.abc import Iterator
from enum import Enum

import msgspec

from hushmap.model import Rates
from hushmap.sampling.asking import Flow, Question, Settled, Span, settle
from hushmap.sampling.deciding import Deciding

PASSED = 1e-2
"""Chance that a single decision lets a wrong rule pass. A wrong rule must also have been isolated (3e-4 a part), and
mostly fails in several decisions: refs/STATISTICS 1 had no wrong one in 4,000 runs of each cell."""
REFUSED = 1e-4
"""Chance that one refuses a right rule: few rules that are isolated are wrong, so it takes more to say so, and where
the rule is right this asks nothing more."""
FREE, FIXED = 1e-4, 1e-7
"""Chances that the order of parts is wrongly called free, or fixed: nothing was known of it before, and nothing looks
at it again. Passes alone show that it is fixed, and where more are missed than was told they come in a row: at 25 %
misses taken for 15 % an even test was wrong in 7 of 4,000 texts."""


class Flaw(Enum):
    """What a rule did not do."""

    ALONE = "alone"
    """It is not hit by itself."""
    COMPANY = "company"
    """It is not hit in a harmless text."""
    MINIMAL = "minimal"
    """Less than it is hit too."""


class Verified(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What came of it."""

    flaw: Flaw | None
    ordered: bool | None
    hits: tuple[int, int]
    """(hits, attempts) of the rule, alone and in company."""
    without: tuple[int, int]
    """(hits, attempts) of less than the rule."""


def verify(parts: tuple[Span, ...], rates: Rates, *, movable: bool = True) -> Flow[Verified]:
    """Decide everything a rule must do, until something speaks against it; the order if parts are `movable`."""
    hits, without = [0, 0], [0, 0]

    def add(sums: list[int], settled: Settled) -> bool:
        sums[0] += settled.hits
        sums[1] += settled.asked
        return settled.hit

    flaw, ordered = None, None
    for less in _less(parts):
        test = Deciding(rates, REFUSED, PASSED)
        if add(without, (yield from settle(Question(parts=less, carrier=not less), test))):
            flaw = Flaw.MINIMAL
            break
    for carrier in (False, True):
        if flaw is None:
            test = Deciding(rates, PASSED, REFUSED)
            if not add(hits, (yield from settle(Question(parts=parts, carrier=carrier), test))):
                flaw = Flaw.COMPANY if carrier else Flaw.ALONE
    if flaw is None and len(parts) > 1 and movable:
        settled = yield from settle(Question(parts=parts[::-1]), Deciding(rates, FREE, FIXED))
        ordered = not settled.hit
    return Verified(flaw=flaw, ordered=ordered, hits=(hits[0], hits[1]), without=(without[0], without[1]))


def _less(parts: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
    """Each rule that lacks a part, or a unit at an end of one; none twice."""
    for at, (start, stop) in enumerate(parts):
        before, after = parts[:at], parts[at + 1 :]
        yield before + after
        if stop - start > 1:
            yield (*before, (start + 1, stop), *after)
            yield (*before, (start, stop - 1), *after)
