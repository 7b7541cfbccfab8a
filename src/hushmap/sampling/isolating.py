"""Isolates the rules by which a text is hit: which strings must be in it, which lift it, and in what order.

Ask/tell: `question` is what to ask next, `tell` takes the answer; nothing else moves it, so that a journal of answers
replays it. Each rule is searched (sampling.searching), verified (sampling.verifying), and where that fails searched
again; then one of its parts is masked and the text is asked again, until it is harmless. Every part of a rule takes
its turn at being masked: rules that share one part are common, and masking that part would hide the others.
"""

import math
from collections.abc import Sequence

import msgspec

from hushmap.model import Rates
from hushmap.sampling.asking import Flow, Question, Span, settle, swapped
from hushmap.sampling.deciding import Deciding
from hushmap.sampling.ladder import Ladder
from hushmap.sampling.masking import Masks, Word, covered
from hushmap.sampling.replacing import find_units, in_place
from hushmap.sampling.searching import Channel, Found, find
from hushmap.sampling.verifying import Flaw, verify

ERROR = 3e-4
"""Chance that a part is wrong, before verification. At rates that were taken too low by a factor of two 1e-3 gives
98.6 % exact rules and 3e-4 99.8 % (refs/STATISTICS 1)."""
TRIES = 3
"""Searches for a rule that fails verification (refs/STATISTICS 1)."""
MOST_RULES = 5
"""Each takes some hundred attempts, and texts with more are lists: those are asked about word by word."""
BLOCKED = 1e-3
"""Chance of an error when a whole text is decided."""
OVERLAP = 32
"""Units that the two halves of a text share: a word that is no longer than half of it is in one of them."""


class Rule(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """What a text is hit by."""

    parts: tuple[Span, ...]
    """Where, in the text, the strings stand that must all be there; from left to right."""
    unless: tuple[Span, ...] = ()
    """Strings which lift it if they are all there too."""
    lifted: bool = False
    """Something in the text lifts it; if no `unless` says what, that was not found."""
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


def expected_questions(size: int, rates: Rates, parts: int = 2) -> int:
    """About how many answers it takes until one rule of a text of so many units is verified, for a plan.

    A part takes the bits of its place and about seven more (its length, and to be sure of both), a decision of
    verification about two; the cells of refs/STATISTICS 1 lie within a tenth of it.
    """
    channel = Channel(rates)
    bits = parts * (math.log2(size) + 7) + 1.9 * (3 * parts + 3)
    return math.ceil(bits / channel.tells(channel.best))


class Isolating:
    """What to ask about a text, and what it is hit by.

    `text` is a sequence of units that must not be cut, mostly a string. `blocked`: it is known, by more than one
    attempt, that it is hit as a whole; otherwise that is decided first. Where it is not, its halves are asked, or
    what stands before `appended`: if that is hit, something in the rest lifts it, and is searched too. `separable`:
    parts may be put beside each other; otherwise they stay in their place in a text that is masked all around them,
    and what lifts a rule is not searched.
    """

    def __init__(
        self,
        text: Sequence[str],
        rates: Rates,
        *,
        error: float = ERROR,
        blocked: bool = False,
        appended: int | None = None,
        separable: bool = True,
    ) -> None:
        self._text, self._rates, self._error = text, rates, error
        self._all = (0, len(text))
        self._separable = separable
        self._rules: list[Rule] = []
        self.found: list[Found] = []
        """Every search's answer, before verification."""
        self.more = False
        """Whether the search ended at `MOST_RULES`, and the rest is hit too."""
        self.asked = 0
        self._flow = self._isolate(blocked, appended)
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

    def _isolate(self, blocked: bool, appended: int | None) -> Flow[None]:
        where = self._all if blocked else (yield from self._hit_piece(appended))
        if where is None:
            return
        yield from self._search_rules(where)
        if self._separable and (len(self._rules) > 1 or where != self._all):
            for at, rule in enumerate(self._rules):
                if rule.verified:
                    self._rules[at] = yield from self._lifted(rule)

    def _hit_piece(self, appended: int | None) -> Flow[Span | None]:
        """The text, or a piece of it that is hit although the text is not."""
        size = len(self._text)
        middle, half = size // 2, OVERLAP // 2
        halves = ((0, min(size, middle + half)), (max(0, middle - half), size))
        pieces: tuple[Span, ...] = halves if appended is None else ((0, appended),)
        for piece in (self._all, *pieces):
            if piece[0] < piece[1] and (yield from self._hit(Question(parts=(piece,)))):
                return piece
        return None

    def _hit(self, question: Question) -> Flow[bool]:
        return (yield from settle(question, Deciding(self._rates, BLOCKED))).hit

    def _word(self, span: Span) -> Word:
        return tuple(self._text[span[0] : span[1]])

    def _search_rules(self, where: Span) -> Flow[None]:
        """All rules of a piece of the text that is hit."""
        masks = Masks(self._text)
        while len(self._rules) < MOST_RULES and (mask := masks.next()) is not None:
            masked = covered(self._text, mask)
            rule = None
            if not mask or (yield from self._hit(Question(parts=(where,), masked=masked))):
                rule = yield from self._rule(where, masked, self._rates)
            if rule is None:
                masks.harmless()
                continue
            self._rules.append(rule)
            if not rule.verified:
                return
            masks.found(frozenset(map(self._word, rule.parts)))
        if len(self._rules) == MOST_RULES and (mask := masks.next()) is not None:
            self.more = yield from self._hit(Question(parts=(where,), masked=covered(self._text, mask)))

    def _rule(self, where: Span, masked: tuple[Span, ...], rates: Rates) -> Flow[Rule | None]:
        """One rule of a piece of the text with spans masked; `None` where nothing can be found that is hit."""
        flaws: list[Flaw] = []
        start, stop = where
        ladder = Ladder.of_words(self._text[:stop]) if self._separable else Ladder.of_units(stop)
        for _ in range(TRIES):
            if self._separable:
                found = yield from find(ladder, start, masked, rates, self._error)
            else:
                found = yield from in_place(find_units(ladder, start, masked, rates, self._error), where)
            self.found.append(found)
            if not found.parts:
                return None
            if not found.whole:
                return Rule(parts=found.parts, classifier=True)
            checks = verify(found.parts, rates, movable=self._separable)
            verified = yield from (checks if self._separable else in_place(checks, where))
            if verified.flaw is None:
                repeated = len(set(map(self._word, found.parts))) < len(found.parts)
                return Rule(
                    parts=found.parts,
                    ordered=verified.ordered,
                    verified=not repeated,
                    classifier=repeated,
                    error=found.error,
                    hits=verified.hits,
                    without=verified.without,
                )
            flaws.append(verified.flaw)
        return Rule(parts=found.parts, classifier=Flaw.ALONE not in flaws)

    def _lifted(self, rule: Rule) -> Flow[Rule]:
        """The rule, with what lifts it if the whole text does, in which other rules have a part masked."""
        own = frozenset(map(self._word, rule.parts))
        others = (frozenset(map(self._word, other.parts)) for other in self._rules)
        mask = frozenset(min(other - own) for other in others if other - own)
        hidden = covered(self._text, mask)
        if (yield from self._hit(Question(parts=(*rule.parts, self._all), masked=hidden))):
            return rule
        opposite = Rates(false_hit=self._rates.miss, miss=self._rates.false_hit)
        lifting = yield from swapped(self._rule(self._all, (), opposite), rule.parts, hidden)
        if lifting is None or not lifting.verified:
            return msgspec.structs.replace(rule, lifted=True)
        return msgspec.structs.replace(rule, lifted=True, unless=lifting.parts, error=rule.error + lifting.error)
