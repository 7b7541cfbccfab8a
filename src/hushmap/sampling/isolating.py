"""Isolates the rules by which a text is hit: which strings must be in it, which lift it, and in what order.

Ask/tell: `question` is what to ask next, `tell` takes the answer; nothing else moves it, so that a journal of answers
replays it. Each rule is searched (sampling.searching), verified (sampling.verifying), and where that fails searched
again; then one of its parts is masked and the text is asked again, until it is harmless. Every part of a rule takes
its turn at being masked: rules that share one part are common, and masking that part would hide the others.
"""

from collections.abc import Sequence

import msgspec

from hushmap.model import Rates
from hushmap.sampling.asking import Flow, Question, Span, settle
from hushmap.sampling.deciding import Deciding
from hushmap.sampling.ladder import Ladder
from hushmap.sampling.searching import Found, find
from hushmap.sampling.verifying import Flaw, verify

ERROR = 3e-4
"""Chance that a part is wrong, before verification. At rates that were taken too low by a factor of two 1e-3 gives
98.6 % exact rules and 3e-4 99.8 % (refs/STATISTICS 1)."""
TRIES = 3
"""Searches for a rule that fails verification (refs/STATISTICS 1)."""
MOST_RULES = 5
BLOCKED = 1e-3
"""Chance of an error when a whole text is decided."""


class Rule(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """What a text is hit by."""

    parts: tuple[Span, ...]
    """Where, in the text, the strings stand that must all be there; from left to right."""
    unless: tuple[Span, ...] = ()
    """Strings which lift it if they are all there too."""
    ordered: bool | None = None
    """Whether the parts must come in this order; `None` for one part, and where it is not verified."""
    verified: bool = False
    """Only then may it be told as a rule."""
    classifier: bool = False
    """No set of strings explains what is hit."""
    error: float = 1.0
    """Bound on the chance that this is wrong, if the rates are right."""
    hits: tuple[int, int] = (0, 0)
    """(hits, attempts) of the rule by itself and in harmless company, as verified."""
    without: tuple[int, int] = (0, 0)
    """(hits, attempts) of less than the rule."""


class Isolating:
    """What to ask about a text, and what it is hit by.

    `text` is a sequence of units that must not be cut, mostly a string. `blocked`: it is known that the text as a
    whole is hit, by more than one attempt; otherwise that is decided first.
    """

    def __init__(self, text: Sequence[str], rates: Rates, *, error: float = ERROR, blocked: bool = False) -> None:
        self._text, self._rates, self._error = text, rates, error
        self._blocked = blocked
        self._rules: list[Rule] = []
        self.found: list[Found] = []
        """Every search's answer, before verification."""
        self.asked = 0
        self._flow = self._isolate()
        self._question: Question | None = next(self._flow, None)

    @property
    def question(self) -> Question | None:
        """What to ask next; `None` at the end."""
        return self._question

    @property
    def rules(self) -> tuple[Rule, ...]:
        """What was found so far."""
        return tuple(self._rules)

    def tell(self, hit: bool) -> None:
        """Take the answer to `question`.

        Raises:
            ValueError: at the end.
        """
        if self._question is None:
            raise ValueError("nothing was asked")
        self.asked += 1
        try:
            self._question = self._flow.send(hit)
        except StopIteration:
            self._question = None

    def _isolate(self) -> Flow[None]:
        if not self._text:
            return
        if not self._blocked:
            whole = Question(parts=((0, len(self._text)),))
            if not (yield from settle(whole, Deciding(self._rates, BLOCKED))).hit:
                return
        ladder = Ladder(self._text)
        rule = yield from self._rule(ladder, ())
        if rule is not None:
            self._rules.append(rule)

    def _rule(self, ladder: Ladder, masked: tuple[Span, ...]) -> Flow[Rule | None]:
        """One rule of the text with spans masked; `None` where nothing can be found that is hit."""
        flaws: list[Flaw] = []
        parts: tuple[Span, ...] = ()
        for _ in range(TRIES):
            found = yield from find(ladder, 0, masked, self._rates, self._error)
            self.found.append(found)
            if not found.parts:
                continue
            parts = found.parts
            verified = yield from verify(parts, self._rates)
            if verified.flaw is None:
                return Rule(
                    parts=parts,
                    ordered=verified.ordered,
                    verified=True,
                    error=found.error,
                    hits=verified.hits,
                    without=verified.without,
                )
            flaws.append(verified.flaw)
        return Rule(parts=parts, classifier=Flaw.ALONE not in flaws) if flaws else None
