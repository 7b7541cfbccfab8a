"""The `search` experiment: does a platform show what it has on a word, and if not, does it say so?

Asked one after the other, in an order of the word's own: the word; a truism with it; the same truism with nonsense;
nonsense alone. Where that shows nothing amiss, a word that is known to be filtered there follows, as the same pair;
where it does, all of it once more ten minutes later (refs/KEYWORDS 2.2, 2.6). A captcha is waited out for a while and
never solved; a login wall ends it.
"""

import hashlib
from collections.abc import Iterator

import msgspec

from hushmap.detect import APART, MOST_CAPTCHAS, SEARCH_TRIES, Finding, Query, Searched, settled, wall
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Want
from hushmap.experiments.survey import load
from hushmap.experiments.visiting import Visiting
from hushmap.model import Ask, Reason, Role, Target, Trial, is_address
from hushmap.model import Search as Manifest
from hushmap.wire import url

MAX_BLOCKS = 4
"""Blocks about one word: two that agree are enough; a replica out of order is outlasted by the third."""
CANARIES = 2
"""Words known to be filtered that are tried before it is said that none shows."""
MAX_OF_SEARCH = SEARCH_TRIES * (1 + 4 * MAX_BLOCKS + 4 * CANARIES)
"""Attempts at most, lookups among them."""


class Search(Visiting):
    """One word on one platform."""

    experiment = "search"
    most = MAX_OF_SEARCH
    tries = SEARCH_TRIES

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        if target.platform is None or target.platform.search is None:
            raise ValueError("a word is searched for by a platform's manifest")
        super().__init__(target, conditions, first_id)
        self._platform = target.platform
        self._search: Manifest = target.platform.search

    def wanted(self) -> Iterator[Want]:
        """Where the platform is; then one search after the other."""
        host = url.parse(self._search.asked("a")).host
        if is_address(host):
            yield from self._blocks(host)
            return
        places = [place for trial in self.counted for place in self.places(trial)]
        if places:
            yield from self._blocks(places[0])
        else:
            yield from self.until(Want(ask=self.lookup(host)), settled)

    def _blocks(self, place: str) -> Iterator[Want]:
        due = 0.0
        for number in range(MAX_BLOCKS):
            wants = list(self._one_of(self._about_word(place, number, due)))
            if wants or self._closed:
                yield from wants
                return
            seen = Searched(self.record(), self.conditions.knowledge)
            if (number and seen.twice is not None) or not seen.blocks:
                return
            one = seen.blocks[min(number, len(seen.blocks) - 1)]
            if one.finding is Finding.CLEAN:
                yield from self._canaries(place, seen)
                return
            due = max((trial.t for trial in one.trials), default=0.0) + APART / self.conditions.scale

    def _canaries(self, place: str, seen: Searched) -> Iterator[Want]:
        """Words that are known to be filtered, until one shows; each in a block of its own with its controls."""
        for number, word in enumerate(self._search.canaries[:CANARIES]):
            wants = list(self._one_of(self._about(word, Role.CANARY, place, MAX_BLOCKS + number, 0.0)))
            if wants or self._closed or seen.canary not in {None, Finding.CLEAN}:
                yield from wants
                return

    @property
    def _closed(self) -> bool:
        """Whether the platform does not want to be asked any more."""
        met = [wall(trial) for trial in self.counted]
        return Reason.LOGIN_WALL in met or met.count(Reason.CAPTCHA) >= MOST_CAPTCHAS

    def _about_word(self, place: str, number: int, due: float) -> list[Want]:
        return self._about(self.target.text, Role.SUBJECT, place, number, due)

    def _about(self, word: str, role: Role, place: str, number: int, due: float) -> list[Want]:
        """The searches of one block, in an order that nobody can foresee who has not the word."""
        nonsense = self._search.unlike(word)
        asked = [(Query.WORD, role, word), (Query.NONSENSE, Role.BASELINE, nonsense)]
        for truism in self._search.truisms[:1]:
            asked.append((Query.TRUISM, role, truism.replace("{query}", word)))
            asked.append((Query.CONTROL, Role.BASELINE, truism.replace("{query}", nonsense)))
        asked.sort(key=lambda one: hashlib.sha256(f"{number} {one[0]} {word}".encode("utf-8", "replace")).digest())
        return [
            Want(
                ask=self._ask(text, place),
                role=part,
                round=number * SEARCH_TRIES,
                changed=None if kind is Query.WORD else kind,
                not_before=due,
            )
            for kind, part, text in asked
        ]

    def _ask(self, text: str, place: str) -> Ask:
        page = url.parse(self._search.asked(text))
        return msgspec.structs.replace(
            load(page, place),
            method=self._search.method,
            payload=self._search.sent(text),
            extract=self._platform.extract,
        )

    def _one_of(self, wants: list[Want]) -> Iterator[Want]:
        """The first that is not over: one search at a time, as a person would."""
        for want in wants:
            left = [] if self._closed else list(self.until(want, settled))
            if left:
                yield from left
                return

    def walled(self, trial: Trial) -> bool:
        """Whether a captcha came in place of the results."""
        return wall(trial) is Reason.CAPTCHA

    def suspicious(self) -> bool:
        """Whether something is searched for again."""
        return any(attempt.round >= SEARCH_TRIES for attempt in (*self.trials, *self._pending.values()))
