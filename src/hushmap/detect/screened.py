"""What a record about a pack of words shows: which of them are triggers.

Words are asked about together only where a calibration showed that a word is seen wherever it stands; elsewhere one
by one. The packs follow from the record alone: from its words, in their order, and from how long a pack may be.
"""

import random
import zlib
from collections.abc import Iterator, Sequence
from functools import cached_property

from hushmap.detect.course import Course
from hushmap.detect.pairs import sharing
from hushmap.detect.worded import UNCALIBRATED, Worded, calibration_of, open_reason, place_of
from hushmap.model import Calibration, Knowledge, Rates, Reason, Record, Trial, Trigger
from hushmap.sampling import PACK, Decision, Screening, calibrated

CUT, PASSED, OPEN = "cut", "passed", "open"
"""What `Verdict.words` says of each word."""
PREVALENCE = 0.01
"""The share of triggers that is reckoned with, from above: real lists have 0.1 to 2 % (refs/STATISTICS 2); too high a
share costs tests, too low a share misses words."""
_SEPARATOR = 1
"""Characters between two words of a pack."""


def rates_of(calibration: Calibration | None) -> Rates:
    """What a method is told of a place's noise: limits from above of what planted words showed."""
    return UNCALIBRATED if calibration is None or not calibration.fired else calibrated(calibration)


def packed(words: Sequence[str], calibration: Calibration | None) -> tuple[tuple[int, ...], ...]:
    """Which words are asked about together: as many in a row as a pack may hold, or each alone.

    In a name a word of another script is as long as its punycode makes it, and another one beside others.
    """
    where = None if calibration is None else place_of(calibration.place)
    spelled = where is not None and where.is_name and not all(word.isascii() for word in words)
    if calibration is None or not calibration.packs or spelled:
        return tuple((place,) for place in range(len(words)))
    packs: list[tuple[int, ...]] = []
    room = 0
    for place, word in enumerate(words):
        needed = len(word) + _SEPARATOR
        if not packs or needed > room or len(packs[-1]) == PACK:
            packs.append(())
            room = calibration.capacity + _SEPARATOR
        packs[-1] += (place,)
        room -= needed
    return tuple(packs)


def _seed(words: Sequence[str]) -> int:
    return zlib.crc32("\n".join(words).encode("utf-8", "replace"))


class Once:
    """The game of a word where no canary fired: one attempt, for nothing that passes there shows anything."""

    def __init__(self) -> None:
        self.positives: tuple[int, ...] = ()
        self.cleared: tuple[int, ...] = ()

    @property
    def question(self) -> tuple[int, ...] | None:
        """The word, until there is an answer."""
        return None if self.positives or self.cleared else (0,)

    def tell(self, hit: bool) -> None:
        """Take the answer; pairs decide about a hit."""
        self.positives, self.cleared = ((0,), ()) if hit else ((), (0,))


class Packs:
    """The games of all packs of one record, one after the other. A question is the places of words in the record."""

    def __init__(self, words: Sequence[str], calibration: Calibration | None, listed: int) -> None:
        rates = rates_of(calibration)
        self.packs = packed(words, calibration)
        self.games: tuple[Screening | Once, ...] = tuple(
            Once()
            if calibration is None or not calibration.fired
            else Screening(
                len(pack), rates, prevalence=PREVALENCE, listed=max(listed, len(words)),
                rng=random.Random(_seed([words[place] for place in pack])),  # noqa: S311  no secret: it must be known again
            )
            for pack in self.packs
        )  # fmt: skip

    @property
    def _each(self) -> Iterator[tuple[tuple[int, ...], Screening | Once]]:
        """Each pack with its game."""
        return zip(self.packs, self.games, strict=True)

    @property
    def _now(self) -> tuple[tuple[int, ...], Screening | Once] | None:
        return next(((pack, game) for pack, game in self._each if game.question is not None), None)

    @property
    def question(self) -> tuple[int, ...] | None:
        """Places of the words to ask about together."""
        now = self._now
        return None if now is None else tuple(now[0][word] for word in now[1].question or ())

    def tell(self, hit: bool) -> None:
        """Take the answer."""
        now = self._now
        if now is not None:
            now[1].tell(hit)

    @property
    def positives(self) -> tuple[int, ...]:
        """Places of words that are triggers."""
        return tuple(pack[word] for pack, game in self._each for word in game.positives)

    @property
    def together(self) -> tuple[int, ...]:
        """Places of words of one pack that were cut off together though none was alone; of the first such pack."""
        games = ((pack, game) for pack, game in self._each if isinstance(game, Screening))
        found = (tuple(pack[word] for word in game.together) for pack, game in games)
        return next((places for places in found if places), ())

    @property
    def cleared(self) -> frozenset[int]:
        """Places of words that trigger nothing by themselves."""
        return frozenset(pack[word] for pack, game in self._each for word in game.cleared)


class Screened(Worded):
    """The counted trials about a pack of words."""

    def __init__(self, record: Record, knowledge: Knowledge, course: Course[tuple[int, ...]] | None = None) -> None:
        """`course` is what an inquiry that asks again and again has kept of the answers."""
        super().__init__(record, knowledge)
        self.course = course or screening_course(record)
        self.course.follow(self.trials, self.says)

    @property
    def packs(self) -> Packs:
        """The games."""
        assert isinstance(self.course.game, Packs), "the course began with them"
        return self.course.game

    @cached_property
    def alone(self) -> dict[int, Trial]:
        """The attempt that first cut off each positive word alone."""
        found: dict[int, Trial] = {}
        for question, trial, hit in self.course.told:
            if hit and len(question) == 1 and question[0] in self.packs.positives:
                found.setdefault(question[0], trial)
        return found

    @cached_property
    def unsettled(self) -> tuple[int, ...]:
        """Positive words whose pairs have not decided."""
        return tuple(word for word, trial in self.alone.items() if not self.settled(trial.ask))

    @cached_property
    def words(self) -> dict[str, str]:
        """Each word with what is known of it."""
        return {word: self._word(place) for place, word in enumerate(self.record.words)}

    def _word(self, place: int) -> str:
        if place in self.packs.cleared:
            return PASSED
        trial = self.alone.get(place)
        test = None if trial is None else self.put_to_pairs(trial.ask)
        if self.holds(test):
            return CUT
        return PASSED if test is not None and test.decision is Decision.CLEAN else OPEN

    @cached_property
    def together(self) -> tuple[str, ...]:
        """Words that pass alone and were cut off together: two of them may act only beside each other."""
        states = self.words
        found = tuple(self.record.words[place] for place in self.packs.together)
        return found if all(states[word] == PASSED for word in found) else ()

    @cached_property
    def clean(self) -> bool:
        """Whether every word passed; a false hit that the questions after it outweighed is none of a word's."""
        return bool(self.course.told) and set(self.words.values()) <= {PASSED}

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        """Words that pairs have shown to be cut off."""
        draft = ((trial, Trigger(kind="word", parts=(self.record.words[at],), place="")) for at, trial in self._found)
        found = (self.proven(trial, trigger) for trial, trigger in draft)
        return tuple(trigger for trigger in found if trigger is not None)

    @property
    def _found(self) -> list[tuple[int, Trial]]:
        return sorted(self.alone.items(), key=lambda found: found[0])

    @cached_property
    def open(self) -> Reason | None:
        """Why something was left open; `None`: nothing was."""
        if OPEN not in self.words.values():
            return None
        return open_reason(self.record, controls_failed=self.controls[0] > 0)


def screening_course(record: Record) -> Course[tuple[int, ...]]:
    """The course of a record's packs, before any answer."""
    calibration = calibration_of(record)
    listed = len(record.words) * sharing(record.context)
    return Course(lambda: Packs(record.words, calibration, listed))
