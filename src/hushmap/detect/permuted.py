"""What a record about a domain name shows: which names the rule covers that cuts it off.

First the name; then, widest first, the names above it, for what ends in `www.NAME` ends in `NAME` too; then nine
strings that put a filler before and behind the widest name that is acted upon (refs/BEYOND 2.10). Each is asked until
it is decided, and the name itself is put to bracketed pairs.
"""

import random
import re
import zlib
from functools import cached_property

from hushmap.detect.course import Course
from hushmap.detect.screened import rates_of
from hushmap.detect.worded import Worded, calibration_of, open_reason
from hushmap.model import Knowledge, Rates, Reason, Record, Trial, Trigger
from hushmap.sampling import Deciding, Decision, Reach, above, core, filler, permuted, reach

ERROR = 1e-3
"""Of one string's decision: a wrong one mostly leaves a set of hits that no rule explains, and is then not read."""
UNEXPLAINED = "unexplained"
"""`Trigger.pattern` where no one rule covers what was hit."""


class Permuting:
    """The game: names in order, each asked until it is decided."""

    def __init__(self, name: str, rates: Rates) -> None:
        self.name, self._rates = name, rates
        seed = zlib.crc32(name.encode("utf-8", "replace"))
        self.fill = filler(random.Random(seed))  # noqa: S311  no secret: it must be known again
        self.decided: dict[str, bool] = {}
        self._test: Deciding | None = None

    @property
    def question(self) -> str | None:
        """The name to ask about."""
        if self.name not in self.decided:
            return self.name
        if not self.decided[self.name]:
            return None
        for wide in above(self.name, self.fill):
            if wide not in self.decided:
                return wide
            if self.decided[wide]:
                break
        return next((one for one in permuted(self.core, self.fill) if one not in self.decided), None)

    def tell(self, hit: bool) -> None:
        """Take the answer about `question`."""
        asked = self.question
        if asked is None:
            return
        test = self._test = self._test or Deciding(self._rates, ERROR)
        test.tell(hit)
        if test.decided is not None:
            self.decided[asked], self._test = test.decided, None

    @property
    def core(self) -> str:
        """The widest name that is acted upon, as far as is known."""
        return core(self.name, self.fill, {name for name, hit in self.decided.items() if hit})

    @property
    def reach(self) -> Reach | None:
        """The rule that covers what was hit; `None` while it is open, or where no one rule does."""
        strings = permuted(self.core, self.fill)
        if not all(one in self.decided for one in strings):
            return None
        return reach(self.core, [number for number, one in enumerate(strings) if self.decided[one]])


class Permuted(Worded):
    """The counted trials about one name and names like it."""

    def __init__(self, record: Record, knowledge: Knowledge, course: Course[str] | None = None) -> None:
        """`course` is what an inquiry that asks again and again has kept of the answers."""
        super().__init__(record, knowledge)
        self.course = course or permuting_course(record)
        self.course.follow(self.trials, self.says)

    @property
    def game(self) -> Permuting:
        """The names and what was decided of each."""
        assert isinstance(self.course.game, Permuting), "the course began with one"
        return self.course.game

    @cached_property
    def alone(self) -> Trial | None:
        """The attempt that first cut off the widest name that is acted upon, where it is known to be."""
        if not self.game.decided.get(self.about, False):
            return None
        return next((trial for name, trial, hit in self.course.told if hit and name == self.about), None)

    @property
    def about(self) -> str:
        """The name that is put to pairs: the widest that is acted upon, or the one that was asked for.

        That one where the rule about the wider name does not cover it, or only what is under that is acted upon.
        """
        game = self.game
        covered = game.reach is None or re.search(game.reach.pattern, game.name) is not None
        return game.core if covered and game.decided.get(game.core, False) else game.name

    @property
    def unsettled(self) -> tuple[str, ...]:
        """Names that were found and are not yet decided by pairs."""
        return () if self.alone is None or self.settled(self.alone.ask) else (self.about,)

    @cached_property
    def clean(self) -> bool:
        """Whether the name was asked about to the end, and is not hit; or pairs said so."""
        if self.game.question is not None:
            return False
        test = None if self.alone is None else self.put_to_pairs(self.alone.ask)
        passed = not self.game.decided.get(self.game.name, True)
        return passed or (test is not None and test.decision is Decision.CLEAN)

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        """The rule, if pairs have shown the name to be cut off."""
        if self.alone is None or self.game.question is not None:
            return ()
        found = self.game.reach
        if found is not None and re.search(found.pattern, self.game.name) is None:
            found = None  # another rule than the one that cuts off the name that was asked for
        trigger = self.proven(
            self.alone,
            Trigger(
                kind="domain",
                parts=(self.about if found is None else self.game.core,),
                pattern=UNEXPLAINED if found is None else found.kind,
                expression=None if found is None else found.pattern,
                place="",
            ),
        )
        return () if trigger is None else (trigger,)

    @cached_property
    def innocents(self) -> tuple[int, int]:
        """(cut off, asked) of the made-up names that do not stand under the core: what else the rule hits."""
        name, fill = self.game.core, self.game.fill
        made = ((one, hit) for one, hit in self.game.decided.items() if fill in one)
        others = [hit for one, hit in made if not one.endswith(f".{name}")]
        return others.count(True), len(others)

    @cached_property
    def open(self) -> Reason | None:
        """Why something was left open; `None`: nothing was."""
        if self.game.question is None and not self.unsettled:
            return None
        return open_reason(self.record, controls_failed=self.controls[0] > 0)


def permuting_course(record: Record) -> Course[str]:
    """The names to ask about, before any answer."""
    rates = rates_of(calibration_of(record))
    return Course(lambda: Permuting(record.target.lower(), rates))
