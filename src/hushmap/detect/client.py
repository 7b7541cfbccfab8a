"""Is a name cut for every client, or for programs like this one? The same pair, with a hello like a browser's.

A filter that matches whole hellos, or only those without GREASE, cuts measuring programs and spares browsers, or does
it the other way round (METHOD 3: truth is per client configuration). Such pairs are read beside the test that they
ask about and never added to it: counts of two kinds of client have no common rate.

A browser's hello that is cut agrees, and once is enough. One that passes may have been missed as any other is, so it
takes six in a row to say that the finding is this client's: a filter that misses half misses six in 1 of 64.
"""

from collections.abc import Iterable

import msgspec

from hushmap.detect.address import ours
from hushmap.detect.pairs import PairState, PairTest, read_pairs
from hushmap.model import Ask, Context, Knowledge, Trial

BROWSER = "browser"
"""`Ask.hello` of one that looks like a browser's."""
PASSES = 6
MOST = 9
"""Pairs spent on it, dropped ones included."""


class OtherClient(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the name with another hello."""

    subject: Ask
    hits: int
    passed: int
    made: int
    proof: tuple[int, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether it passed where this client is cut."""
        return self.hits == 0 and self.passed >= PASSES

    @property
    def settled(self) -> bool:
        """Whether no further pair is wanted."""
        return self.hits > 0 or self.passed >= PASSES or self.made >= MOST


def other_client(
    test: PairTest, tests: Iterable[PairTest], trials: Iterable[Trial], context: Context, knowledge: Knowledge
) -> OtherClient:
    """What the pairs with a browser's hello say beside `test`; they go to an address of ours, if it is cut there."""
    own = ours(context)
    there = (
        other for other in tests if other.changed == test.changed and other.subject.address == own and other.hits
    )
    asked = next(there, test).subject if own is not None else test.subject
    subject = msgspec.structs.replace(asked, hello=BROWSER, alpn=())
    pairs = [
        pair
        for pair in read_pairs((trial for trial in trials if trial.ask.hello is not None), context, knowledge)
        if pair.subject is None or pair.subject.ask == subject
    ]
    states = [pair.state for pair in pairs]
    counted = [pair for pair in pairs if pair.state in {PairState.HIT, PairState.PASSED}]
    return OtherClient(
        subject=subject,
        hits=states.count(PairState.HIT),
        passed=states.count(PairState.PASSED),
        made=len(states) - states.count(PairState.OPEN),
        proof=tuple(trial.id for pair in counted for trial in pair.trials),
    )
