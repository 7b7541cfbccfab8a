"""How a game of questions went: the answers among a record's trials, fed to the game in their order.

A game (sampling) asks one question after the other and is told whether it was hit. Its state follows from the answers
alone, so that the inquiry that asks and the judge who reads the record later stand at the same place. Trial and
question are tied by number: the n-th question is asked in rounds `n * TRIES` and up, again where an attempt said
nothing. Which text a question stands for, and how it travels, is not this module's.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, Protocol, TypeVar

from hushmap.detect.pairs import QUESTION
from hushmap.detect.reactions import Reaction
from hushmap.model import Ask, Role, Trial

CONTROL = "control"
"""`Trial.changed` of a harmless attempt in the place and length of a question's."""
TRIES = 12
"""Attempts at one question, the last included: some may say nothing, and some turn out not to count."""
CONTROL_EVERY = 4
"""Questions to one control (refs/KEYWORDS 2.2): a line or a server that fails is noticed within four."""

Q = TypeVar("Q")
Q_co = TypeVar("Q_co", covariant=True)


class Game(Protocol[Q_co]):
    """What is asked: the next question, `None` at the end; and what it makes of an answer."""

    @property
    def question(self) -> Q_co | None:
        """What to ask now."""
        ...

    def tell(self, hit: bool, /) -> None:
        """Take the answer to `question`."""
        ...


def number_of(trial: Trial) -> int:
    """The number of the question, from 1, that a trial answers or controls."""
    return trial.round // TRIES


def anywhere(ask: Ask) -> tuple[object, ...]:
    """What an ask says, whichever of our ports it goes to."""
    return (
        ask.layer, ask.name, ask.transport, ask.sni, ask.host, ask.method, ask.url, ask.headers, ask.payload
    )  # fmt: skip


class Course(Generic[Q]):
    """One game and the answers that it was told."""

    def __init__(self, begin: Callable[[], Game[Q]]) -> None:
        self._begin = begin
        self.game = begin()
        self.told: list[tuple[Q, Trial, bool]] = []
        """Questions in order, the trial that answered each, and whether it was hit."""

    @property
    def number(self) -> int:
        """Of the question that is open."""
        return len(self.told) + 1

    def follow(self, trials: Iterable[Trial], says: Callable[[Trial], Reaction]) -> "Course[Q]":
        """Take the answers among counted trials; begins anew where one that was taken counts no more."""
        asked: dict[int, list[Trial]] = {}
        for trial in trials:
            if trial.changed == QUESTION and trial.role is not Role.BASELINE:
                asked.setdefault(number_of(trial), []).append(trial)
        if any(trial not in asked.get(at, ()) for at, (_, trial, _) in enumerate(self.told, 1)):
            self.game, self.told = self._begin(), []
        while (question := self.game.question) is not None:
            answer = _answer(asked.get(self.number, ()), says, self.last)
            if answer is None:
                break
            trial, hit = answer
            self.told.append((question, trial, hit))
            self.game.tell(hit)
        return self

    @property
    def last(self) -> int:
        """The id of the trial that answered last; -1: none has."""
        return self.told[-1][1].id if self.told else -1

    def before(self, number: int) -> int:
        """The id of the trial that answered the question before this one."""
        return self.told[number - 2][1].id if number > 1 else -1

    @property
    def hits(self) -> int:
        """How many questions were hit."""
        return sum(hit for _, _, hit in self.told)


def _answer(tried: Sequence[Trial], says: Callable[[Trial], Reaction], last: int) -> tuple[Trial, bool] | None:
    """What was asked before the last answer was about another question: the game has since gone another way."""
    for trial in sorted(tried, key=lambda trial: trial.id):
        said = says(trial)
        if said is not Reaction.SILENT and trial.id > last:
            return trial, said is Reaction.HIT
    return None
