"""The bracketed pairs of a record, counted as detect counts them, for `hushmap show`.

A line for each question that pairs were spent on: what was changed, at which address or DNS server. The numbers are
those of detect's sequential test, so that they are the numbers of the sentence; what carries the verdict stands apart
from what was asked beside it, and from what does not count.
"""

from collections import Counter
from collections.abc import Iterator

import msgspec

from hushmap.cli.step_text import server
from hushmap.cli.wording import count, listed
from hushmap.detect import PairState, PairTest, Reaction, reaction, read_tests
from hushmap.model import Ask, Context, Knowledge, Layer, Record, Side, Trial, Verdict

_COUNTED = frozenset({PairState.HIT, PairState.PASSED})


class Pairs(msgspec.Struct, frozen=True, kw_only=True):
    """What `hushmap show` says of a record's pairs."""

    example: tuple[Trial, ...] = ()
    """One pair to look at: a counted one, of the question that carries the verdict if there is one."""
    lines: tuple[tuple[str, str], ...] = ()
    """(`counted` or `beside`, what came of one question's pairs)."""
    left: int = 0
    """Pairs that do not count: a twin did not pass, or the pair was not finished."""


def read_pairs(record: Record, verdict: Verdict, knowledge: Knowledge) -> Pairs:
    """The pairs of a record, question by question; those that carry the verdict first."""
    counted, context = record.counted, record.context
    tests = read_tests(counted, context, knowledge)
    carrying = [test for test in tests if set(test.proof) & set(verdict.proof)]
    beside = [test for test in tests if test not in carrying]
    lines = [("counted", _line(test, context, knowledge)) for test in carrying]
    lines += [("beside", _line(test, context, knowledge)) for test in beside]
    pairs = [pair for test in [*carrying, *beside] for pair in test.pairs]
    good = [pair for pair in pairs if pair.state in _COUNTED]
    voided = {trial.pair for trial in record.trials if trial.id in record.voided}
    made = {trial.pair for trial in counted if trial.pair is not None and trial.side is Side.HERE}
    return Pairs(
        example=next((pair.trials for pair in [*good, *pairs]), ()),
        lines=tuple(lines),
        left=len(made - {pair.number for pair in good} - voided),
    )


def _line(test: PairTest, context: Context, knowledge: Knowledge) -> str:
    """`other sni at 203.0.113.7: affected 5 of 5; harmless twin there 0 of 5, at another server 0 of 5`."""
    before = [*{pair.before.id: pair.before for pair in test.pairs if pair.before is not None}.values()]
    after = [pair.after for pair in test.pairs if pair.after is not None and pair.state in _COUNTED]
    said = f"other {test.changed} at {place(test.subject, context)}: affected {test.hits} of {test.counted}"
    twins = [f"there {_affected(before, context, knowledge)}"] if before else []
    twins += [f"at another server {_affected(after, context, knowledge)}"] if after else []
    return f"{said}; harmless twin {', '.join(twins)}" if twins else said


def _affected(twins: list[Trial], context: Context, knowledge: Knowledge) -> str:
    hit = sum(reaction(trial, knowledge, context) is not Reaction.PASSED for trial in twins)
    return f"{hit} of {len(twins)}"


def place(ask: Ask, context: Context) -> str:
    """The DNS server or address that an attempt was sent to, and whose it is if it is ours."""
    if ask.layer is Layer.DNS:
        where = server(ask.resolver or "-")
        return f"{where} (no DNS service)" if ask.resolver == context.dark else where
    where = ask.address or "-"
    return f"{where} (our own address)" if ask.address is not None and ask.address == context.helper else where


def uncounted(record: Record, pairs: Pairs) -> Iterator[str]:
    """What does not count, each kind with its number and reasons."""
    voids = Counter(void.reason for void in record.context.voids)
    undone = Counter(trial.undone for trial in record.trials if trial.undone is not None)
    for what, found in (("void", voids), ("not carried out", undone)):
        if found:
            yield f"{count(found.total(), 'attempt')} {what} ({listed(sorted(found))})"
    if pairs.left:
        yield f"{count(pairs.left, 'pair')} left unfinished, or with a harmless twin that did not pass"
