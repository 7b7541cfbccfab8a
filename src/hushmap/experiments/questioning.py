"""What `screen`, `isolate` and `domain` share: a game of questions toward an address of ours, then pairs.

Each question is one attempt that holds some text; every fourth is preceded by a harmless one of the same place, port
and length, and nothing is asked while that fails. What was cut off may still be held against the port, so the next
question goes to the next port of ours, as far as calibration found several. What the game calls a trigger is put to
bracketed pairs like any word (METHOD 3): the game says what, the pairs say whether.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from hushmap.detect import (
    CONTROL,
    CONTROL_EVERY,
    QUESTION,
    TRIES,
    Course,
    Doubt,
    Reaction,
    Worded,
    anywhere,
    reaction,
    separators,
)
from hushmap.experiments.carriers import CHANGED, ask_for, twin_of
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Conversation, Want
from hushmap.experiments.pairing import COOLING_START, Pairing
from hushmap.model import Ask, Attempt, Calibration, Context, Place, Record, Role, Target, Trial, place_key
from hushmap.wire import carrying

MOST_ASKED = 2_000
"""Attempts about one target, at most: a text of 500 characters on the worst line of refs/STATISTICS 1 takes 165 for a
trigger, and as many controls and pairs as a fourth of that; five triggers are looked for."""
MOST_SILENT = 6
"""Attempts at one question that count and say nothing, at most."""
SLOWING = 3
"""By which gaps grow between attempts that fail: five of them from 2 s are 242 s, past all residual blocking."""
LABEL = 40
"""Letters of a label of filler, below the 63 of RFC 1035."""
_EDGE = re.compile(r"^-|-$")
MOST_QUESTIONS = 1_000
"""Questions of one game, at most; a game that needs more is fooled by what it asks."""


def movable(attempt: Attempt) -> bool:
    """Whether an attempt may as well go to another port of ours: it is a question or its control, of no pair."""
    return attempt.changed in {QUESTION, CONTROL} and attempt.pair is None


class Questioning(Conversation):
    """One game about one target."""

    most = MOST_ASKED

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        super().__init__(target, conditions, first_id)
        self._pairing = Pairing(self)
        self._texts: dict[tuple[object, ...], str] = {}
        self._course: Course[Any] = self.begin(self.record())
        self._first_port = zlib.crc32(target.key.encode("utf-8", "replace"))

    # What a concrete inquiry gives

    def begin(self, record: Record) -> Course[Any]:
        """The course before any answer."""
        raise NotImplementedError

    def read(self, record: Record) -> Worded:
        """What detect reads of the record, with the course that was kept."""
        raise NotImplementedError

    def text_of(self, question: Any) -> str:
        """The text that a question stands for, padded to its constant length."""
        raise NotImplementedError

    def unsettled(self, seen: Any) -> Iterator[str]:
        """Texts of what the game found, whose pairs have not decided."""
        raise NotImplementedError

    # The conversation

    @property
    def rests(self) -> bool:  # type: ignore[override]
        """What was planted has shown for how long our ports must rest."""
        return self.calibration is not None and self.calibration.residual is not None

    @property
    def place(self) -> Place:
        """Where the text is put."""
        assert self.target.place is not None, "the catalogue gives each of these a place"
        return self.target.place

    @property
    def calibration(self) -> Calibration | None:
        """What planted words showed of this place."""
        return self.conditions.calibrations.get(place_key(self.place, self.target.encoding))

    def wanted(self) -> Iterator[Want]:
        """The open question, or the control before it; then pairs, of all that was found, side by side."""
        seen = self.read(self.record())
        question = self._course.game.question
        if question is not None:
            if self._course.number <= MOST_QUESTIONS:
                yield from self._questions(question)
            return
        for text in self.unsettled(seen):
            ask = self._ask(text, self._pairs_port(text))
            assert ask is not None, "it was asked about before"
            yield from self._pairing.wants(Doubt(changed=CHANGED[self.place], subject=ask))

    def _questions(self, question: Any) -> Iterator[Want]:
        """The question that is open, or what must be known before it."""
        number, turn = self._course.number, self._first_port + self._course.hits
        ask = self._ask(self.text_of(question), turn + self._tried(QUESTION, number))
        if ask is None:
            return
        first = number - (number - 1) % CONTROL_EVERY
        if not any(self._says(trial) is Reaction.PASSED for trial in self._asked(CONTROL, first)):
            turn += self._tried(CONTROL, first)
            yield from self._again(self._twin(ask, turn), CONTROL, first, Role.BASELINE)
        else:
            yield from self._again(ask, QUESTION, number, self.role)

    def _again(self, ask: Ask | None, changed: str, number: int, role: Role) -> Iterator[Want]:
        """An attempt, and after those that said nothing, or controls that failed, another one at growing gaps."""
        made, tried = self._asked(changed, number), self._tried(changed, number)
        if ask is None or tried >= TRIES or len(made) >= MOST_SILENT:
            return
        gap = COOLING_START * SLOWING ** (len(made) - 1) / self.conditions.scale if made else 0.0
        start = max((trial.t for trial in made), default=0.0) + gap
        yield Want(ask=ask, role=role, round=number * TRIES + tried, changed=changed, not_before=start if made else 0)

    def _asked(self, changed: str, number: int) -> list[Trial]:
        """Attempts at a question that count, made since the question before it was answered as it now is."""
        rounds, since = range(number * TRIES, (number + 1) * TRIES), self._course.before(number)
        made = (trial for trial in self.counted if trial.changed == changed and trial.id > since)
        return [trial for trial in made if trial.round in rounds]

    def _tried(self, changed: str, number: int) -> int:
        """How many attempts ended, whether they count or not; each goes to another port of ours."""
        rounds = range(number * TRIES, (number + 1) * TRIES)
        return sum(trial.changed == changed and trial.round in rounds for trial in self.trials)

    def _says(self, trial: Trial) -> Reaction:
        return reaction(trial, self.conditions.knowledge, self.context)

    # Texts

    @property
    def separator(self) -> str:
        """What stands between two pieces of a text."""
        known = self.calibration
        return separators(self.place)[0] if known is None or known.separator is None else known.separator

    def harmless(self, length: int) -> str:
        """Harmless letters, so many."""
        word = self.conditions.baseline_word
        return (word * (length // len(word) + 1))[:length]

    def joined(self, pieces: Iterable[str]) -> str:
        """Pieces with the separator between them; in a name no label is empty, nor begins or ends in a hyphen."""
        text = self.separator.join(piece for piece in pieces if piece)
        if not self.place.is_name:
            return text
        return ".".join(_EDGE.sub("x", label) for label in text.split(".") if label) or self.harmless(1)

    def padded(self, text: str, length: int) -> str:
        """A text of constant length: harmless letters after a separator; a name gets labels of them."""
        missing = length - len(text) - len(self.separator)
        while missing > 0:
            piece = min(missing, LABEL) if self.place.is_name else missing
            text += ("." if self.place.is_name else self.separator) + self.harmless(piece)
            missing -= piece + 1
        return text

    # Asks

    def _ask(self, text: str, turn: int) -> Ask | None:
        """The attempt that holds a text, toward one of the ports that calibration found good."""
        if carrying.unfit(text, self.place, self.target.encoding) is not None:
            return None
        ask = ask_for(text, self.place, self.target.encoding, self.conditions, self._port(turn))
        if ask is not None:
            self._texts[anywhere(ask)] = text
        return ask

    def _port(self, turn: int) -> int:
        """Which of our ports: only those on which a canary fired, and the first where nothing was planted."""
        known = self.calibration
        turns = known.ports if known is not None and known.ports else (0,)
        return turns[turn % len(turns)]

    def _pairs_port(self, text: str) -> int:
        """Where a text has its pairs: each hit rests its port, and what is found together would wait in line."""
        return self._first_port + zlib.crc32(text.encode("utf-8", "replace"))

    def _twin(self, ask: Ask, turn: int) -> Ask | None:
        text = self._texts[anywhere(ask)]
        return twin_of(text, self.place, self.target.encoding, self.conditions, self._port(turn))

    def twin(self, subject: Ask, changed: str, number: int) -> Ask | None:  # noqa: ARG002  the base's signature
        """The same attempt with a harmless text of the same length."""
        if anywhere(subject) not in self._texts:
            return subject  # harmless itself
        twin = self._twin(subject, self._pairs_port(self._texts[anywhere(subject)]))
        return None if twin is None else msgspec.structs.replace(twin, verify=subject.verify)

    @property
    def context(self) -> Context:
        """What is known of the run, with what was planted in it."""
        return msgspec.structs.replace(super().context, calibrations=dict(self.conditions.calibrations))
