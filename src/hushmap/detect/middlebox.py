"""Rules for odd requests to a server of ours: they arrive as they were sent, altered, or not at all.

What our own echo says back can differ from what was sent only by the doing of somebody in between (or of a program on
this computer, which is why no place is named). Half an answer is no difference, nor is a connection that broke.
"""

import base64
import binascii
import re
from functools import cached_property

from hushmap.detect.address import ours
from hushmap.detect.echo import HEADERS
from hushmap.detect.pairs import DIRECT_HITS, PairTest, read_tests
from hushmap.detect.ruling import Rule, Ruling, action, portal, triggered
from hushmap.model import Evidence, Knowledge, Outcome, Reason, Record, Role, Side, Trial
from hushmap.sampling import Decision

_LENGTH = re.compile(rb"content-length: *(\d{1,9}) *\r?$", re.IGNORECASE | re.MULTILINE)
Difference = tuple[str, ...]
"""In what an echo differs, in words of the catalogue; empty: in nothing."""


def altered(trial: Trial) -> Difference | None:
    """In what that which came back differs from what was sent; `None` where too little came to say."""
    sent, exchange = trial.ask.payload or b"", trial.exchange
    if exchange is None or exchange.failure is not None or not exchange.received:
        return None
    received = exchange.received
    if not received.startswith(b"HTTP/"):
        return _difference(sent, received)
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return None
    names = {line.partition(b":")[0].strip().lower().decode("latin-1") for line in head.split(b"\r\n")[1:]}
    length = _LENGTH.search(head)
    if not names >= HEADERS:
        return ("answered",)  # the echo is not who answered
    if length is None or int(length[1]) != len(body):
        return None
    return _difference(sent, _said(body))


def _said(body: bytes) -> bytes:
    """What the echo read: in base64, or, of an older helper, as it came."""
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        return body


def _difference(sent: bytes, arrived: bytes) -> Difference | None:
    if sent == arrived:
        return ()
    if sent.startswith(arrived):
        return None  # the rest did not come
    line, _, rest = sent.partition(b"\r\n")
    other, _, others = arrived.partition(b"\r\n")
    if line != other:
        return ("line",)
    fields, found = _fields(rest), _fields(others)
    plain, seen = [name.lower() for name, _ in fields], [name.lower() for name, _ in found]
    kinds = {
        "added": bool(set(seen) - set(plain)),
        "missing": bool(set(plain) - set(seen)),
        "names": bool({name for name, _ in fields} - {name for name, _ in found}) and set(plain) <= set(seen),
        "values": any(value not in {b for a, b in found if a.lower() == name.lower()} for name, value in fields)
        and set(plain) <= set(seen),
    }
    return tuple(kind for kind, holds in kinds.items() if holds) or ("order",)


def _fields(lines: bytes) -> list[tuple[bytes, bytes]]:
    """(name, value) of every header line."""
    parted = (line.partition(b":") for line in lines.split(b"\r\n") if line)
    return [(name, value.strip()) for name, _, value in parted]


class Odd:
    """The counted trials of one kind of odd request."""

    def __init__(self, record: Record, knowledge: Knowledge) -> None:
        self.context = record.context
        self.trials = record.counted
        self.subjects = [
            trial for trial in record.counted if trial.role is not Role.BASELINE and trial.side is Side.HERE
        ]
        self.tests: tuple[PairTest, ...] = read_tests(record.counted, record.context, knowledge)

    @cached_property
    def intact(self) -> tuple[Trial, ...]:
        """The requests that arrived as they were sent."""
        return tuple(trial for trial in self.subjects if altered(trial) == ())

    @cached_property
    def altered(self) -> tuple[Trial, ...]:
        """Those of one request that arrived altered more than once: the first such request's."""
        changed = [trial for trial in self.subjects if altered(trial)]
        for first in changed:
            same = tuple(trial for trial in changed if trial.ask == first.ask)
            if len(same) >= DIRECT_HITS:
                return same
        return ()


def _nothing(odd: Odd) -> Ruling | None:
    if odd.subjects:
        return None
    if ours(odd.context) is None:
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_HELPER)
    spent = odd.context.budget_spent
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.BUDGET if spent else Reason.NO_RULE)


def _rewritten(odd: Odd) -> Ruling | None:
    """The request got there: interfered with, yet reachable (METHOD 1)."""
    if not odd.altered:
        return None
    kinds = dict.fromkeys(kind for trial in odd.altered for kind in altered(trial) or ())
    asked = [trial for trial in odd.subjects if trial.ask == odd.altered[0].ask]
    return Ruling(
        outcome=Outcome.OK,
        evidence=Evidence.DIRECT,
        mechanisms=("http.rewritten",),
        proof=tuple(trial.id for trial in odd.altered),
        facts={"altered": " ".join(kinds)},
        hits=(len(odd.altered), len(asked)),
    )


def _cut(odd: Odd) -> Ruling | None:
    for test in odd.tests:
        name = next((name for trial in test.hit_trials if (name := action(trial)) is not None), None)
        if test.decision is Decision.INTERFERED and name is not None:
            return Ruling(
                outcome=Outcome.BLOCKED,
                evidence=Evidence.CONTROLLED,
                mechanisms=(triggered(name, "payload"),),
                test=test,
            )
    return None


def _intact(odd: Odd) -> Ruling | None:
    asked = {trial.ask for trial in odd.subjects}
    if asked - {trial.ask for trial in odd.intact}:
        return None
    failed = [trial for trial in odd.subjects if trial.failed is not None]
    return Ruling(
        outcome=Outcome.OK,
        evidence=Evidence.NONE,
        proof=tuple(trial.id for trial in odd.intact),
        hits=(len(failed), len(odd.subjects)),
    )


def _left(odd: Odd) -> Ruling:
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.BUDGET if odd.tests else Reason.NO_RULE)


MIDDLEBOX_RULES: tuple[Rule, ...] = (
    Rule(id="odd.nothing-counted", what="No attempt from here could be counted.", applies=_nothing),
    Rule(id="odd.portal", what="A captive portal answers in place of the network.", applies=portal),
    Rule(
        id="odd.rewritten",
        what="A request to our echo arrived altered, or was answered by another, twice.",
        applies=_rewritten,
    ),
    Rule(id="odd.cut", what="Odd requests to our echo are cut off, plain ones are not.", applies=_cut),
    Rule(id="odd.intact", what="Every odd request arrived at our echo as it was sent.", applies=_intact),
    Rule(id="odd.undecided", what="Too little came back to tell.", applies=_left),
)
