"""What planted words showed of one place: does a filter look there, how reliably, at which ports, for how long?

The canary is known to be cut off where the deck is meant to be used; the harmless text is not. Before anything is
decided about other words it must be known how often either misleads, whether the canary is seen wherever it stands in
a longer text (else words cannot be asked about together), what may stand between two words, and what a hit is held
against (METHOD 3, refs/KEYWORDS 2.3 and 2.9, refs/BEYOND 2.7).
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from hushmap.detect.reactions import Reaction
from hushmap.detect.residual import held
from hushmap.detect.worded import Worded, place_of
from hushmap.model import Calibration, Place, Residual, Trial
from hushmap.sampling import F0_FLOOR, Decision, SequentialTest


class Planted(StrEnum):
    """Values of `Trial.changed`: why something was planted. What `Trial.round` counts is said with each."""

    CONTROL = "control"
    """Harmless, before anything else; attempts."""
    CANARY = "canary"
    """The canary alone, on the first port; attempts."""
    SAME = "source_port"
    """Harmless, on the port of a hit, a while after it; `hit * LOOKS + look`."""
    AGAIN = "source_port_again"
    """The same once more beside each `SAME`: what cuts half of all that follows lets one flow pass by chance."""
    OTHER = "port"
    """Harmless, on other ports of ours; `hit + HITS * look`."""
    PORT = "canary_port"
    """The canary on another port; `port * TRIES_AT + attempt`."""
    HARMLESS = "harmless"
    """Harmless text of a pack's length; attempts, port by port."""
    POSITION = "position"
    """The canary in a pack; `(separator * POSITIONS + position) * TRIES_AT + attempt`."""
    APART = "apart"
    """The canary with a separator in its middle; `separator * TRIES_AT + attempt`."""


_IN_NAMES = (".", "-")
_IN_TEXT = ("-", ".", "_")
"""What may stand between words and is the same in every encoding: unreserved characters of RFC 3986."""
PACK_IN_NAMES, PACK_IN_TEXT = 120, 400
"""Characters of a pack. A name has 253 with the baseline's own; of a text, so much fits into the first segment of
every path, beside the headers, and holds twenty words of Chinese lists many times over."""
CONTROLS = 3
"""Harmless attempts that must pass before a canary is sent (refs/BEYOND 2.7 step 1)."""
MAX_LOST = 3
"""Of these, so many may be lost on a bad line and are made up for."""
_SHARE = 0.5
"""Of the attempts that hold a canary a filter is taken to cut at least so many: some block half (refs/BEYOND 2.7)."""
_ALPHA, _BETA = 1e-3, 1e-2
"""A canary that only seems to fire makes `ok` of words that nobody looked at; one that only seems not to makes them
undecided, which harms nobody. At 5 % noise three hits in a row say the first, eight passes the second."""
MAX_FIRST = 24
"""Attempts with the canary alone, at most."""
HITS = 3
"""Hits after which it is looked at what follows (refs/BEYOND 2.7 step 5)."""
LOOKS = 10
"""Looks after one hit, at 2 s and doubling gaps: the last at 512 s, past all that is reported."""
OTHERS = 4
"""Looks at other ports after one hit: as many as at its own in the first two gaps."""
TRIES_AT = 4
"""Attempts at a port or position at which the canary passes: at a quarter missed, all pass in 1 of 256."""
POSITIONS = 3
"""First, middle and last of a pack."""
_HELD, _HELD_SHARE = 2, 0.25
"""Of the looks right after hits so many, and this share, must be cut before it is a residual block and no loss. Where
0.6 of what follows is cut (refs/BEYOND 2.7) twelve looks miss it once in 350 times; 5 % loss feigns it in 1 of 50."""
_SURE = 8
"""Flows that were all cut while a hit was held, before two that pass are laid to something else than chance: where
two in three are cut, all of eight are so once in 25 times."""
_SOON = 2
"""Looks that are right after a hit: as many as are made even where nothing is held against anyone."""


def separators(place: Place) -> tuple[str, ...]:
    """What may stand between words in a place, in the order in which it is tried."""
    return _IN_NAMES if place.is_name else _IN_TEXT


def pack_length(place: Place) -> int:
    """Characters of a pack as it is planted."""
    return PACK_IN_NAMES if place.is_name else PACK_IN_TEXT


class Calibrated(Worded):
    """The counted trials of one canary and the harmless text beside it."""

    controls_needed, most_lost, most_first = CONTROLS, MAX_LOST, MAX_FIRST
    hits_followed, looks_each, tries_each, in_pack = HITS, LOOKS, TRIES_AT, POSITIONS
    others_each = OTHERS

    @cached_property
    def place(self) -> Place | None:
        """Where they were planted."""
        return place_of(self.record.layer)

    def planted(self, why: Planted) -> dict[int, Trial]:
        """What was planted for one reason, by round: the attempt that counts."""
        return self._planted.get(why, {})

    @cached_property
    def _planted(self) -> dict[str | None, dict[int, Trial]]:
        found: dict[str | None, dict[int, Trial]] = {}
        for trial in self.trials:
            found.setdefault(trial.changed, {})[trial.round] = trial
        return found

    def cut(self, trial: Trial | None) -> bool | None:
        """Whether an attempt was cut off; `None` where it says nothing or was not made."""
        said = Reaction.SILENT if trial is None else self.says(trial)
        return None if said is Reaction.SILENT else said is Reaction.HIT

    def share(self, why: Planted, rounds: range | None = None) -> tuple[int, int]:
        """(hits, informative) of what was planted for one reason."""
        answers = [self.cut(one) for at, one in self.planted(why).items() if rounds is None or at in rounds]
        return answers.count(True), len(answers) - answers.count(None)

    @cached_property
    def firing(self) -> tuple[Trial, ...]:
        """The attempts with the canary alone on the first port that were cut off, in order."""
        made = sorted(self.planted(Planted.CANARY).items())
        return tuple(trial for _, trial in made if self.cut(trial))

    @property
    def decision(self) -> Decision:
        """Whether the canary is cut off more often than loss explains."""
        hits, made = self.share(Planted.CANARY)
        f0 = max(self.context.f0, F0_FLOOR)
        if f0 >= _SHARE:
            return Decision.UNDECIDABLE
        return SequentialTest(f0=f0, f1=_SHARE, alpha=_ALPHA, beta=_BETA).decide(hits, made - hits)

    @property
    def fired(self) -> bool:
        """Whether it is known that the canary is cut off, where harmless text is not."""
        hits, made = self.share(Planted.CONTROL)
        return self.decision is Decision.INTERFERED and made - hits >= CONTROLS

    # What follows a hit

    def begun(self, number: int, why: Planted = Planted.SAME) -> frozenset[int]:
        """Rounds of the looks after a hit, of one of the two flows of each."""
        return frozenset(at for at in self.planted(why) if at // LOOKS == number)

    def looks(self, number: int) -> tuple[tuple[float, bool], ...]:
        """Seconds after a hit, and whether any harmless text on its port was cut then."""
        return tuple((after, any(cuts)) for after, cuts in self._looks(number))

    def _looks(self, number: int) -> tuple[tuple[float, tuple[bool, ...]], ...]:
        """Seconds after a hit, and of each flow on its port whether it was cut then."""
        if number >= len(self.firing):
            return ()
        hit, found, beside = self.firing[number], [], self.planted(Planted.AGAIN)
        for at, trial in sorted(self.planted(Planted.SAME).items()):
            flows = [one for one in (trial, beside.get(at)) if one is not None and at // LOOKS == number]
            cuts = tuple(cut for one in flows if (cut := held(one, self.says(one))) is not None)
            if cuts:
                found.append(((trial.t0 - hit.t) * self.context.scale, cuts))
        return tuple(found)

    @cached_property
    def unlooked(self) -> int:
        """Looks that are left out after the last hit, as many as were cut after both others.

        Nothing can then have begun anew what is seen at the next; with looks between, at these gaps, a block that
        each of them begins anew seems to last twice as long.
        """
        before = range(HITS - 1)
        soon = [cut for number in before for _, cuts in self._looks(number)[:_SOON] for cut in cuts]
        if not _often(soon):
            return 0
        return min(max((at for at, cut in self._flows(number) if cut), default=0) for number in before)

    def _flows(self, number: int) -> list[tuple[int, bool]]:
        """Of each flow after a hit at which look it was, and whether it was cut."""
        made = [one for why in (Planted.SAME, Planted.AGAIN) for one in self.planted(why).items()]
        said = [(at % LOOKS, held(trial, self.says(trial))) for at, trial in made if at // LOOKS == number]
        return [(at, cut) for at, cut in said if cut is not None]

    @property
    def _prolonged(self) -> bool | None:
        """Whether looking made it last: what both first hits were held for, the last, left alone, was not."""
        due = self.unlooked
        last = [cut for at, cut in self._flows(HITS - 1) if at == due]
        if not due or not last:
            return None
        meanwhile = [cut for number in range(HITS - 1) for at, cut in self._flows(number) if at <= due]
        sure = all(meanwhile) and len(meanwhile) >= _SURE and len(last) > 1
        return False if any(last) else True if sure else None

    @cached_property
    def residual(self) -> Residual | None:
        """How hits are held against what follows; `None` while fewer hits were followed than decide."""
        followed = [looks for number in range(HITS) if (looks := self.looks(number))]
        if len(followed) < HITS:
            return None
        early = range(HITS - 1 if self.unlooked else HITS)
        same = [cut for number in early for _, cuts in self._looks(number)[:_SOON] for cut in cuts]
        others = [held(trial, self.says(trial)) for trial in self.planted(Planted.OTHER).values()]
        if _often(others):
            scope = "2-tuple"
        elif _often(same):
            scope = "3-tuple"
        else:
            return Residual(scope="none")
        low = max((after for looks in followed for after, cut in looks if cut), default=0.0)
        ends = [_end(looks) for looks in followed]
        known = [end for end in ends if end is not None]
        high = max([*known, low]) if len(known) == len(ends) else None
        return Residual(scope=scope, low=low, high=high, prolonged=self._prolonged if scope == "3-tuple" else None)

    # Ports

    @cached_property
    def ports(self) -> tuple[int, ...]:
        """Ports on which the canary fired, by their distance from the first."""
        if not self.fired:
            return ()
        fired = {at // TRIES_AT for at, trial in self.planted(Planted.PORT).items() if self.cut(trial)}
        alike = self.residual is None or self.residual.scope != "2-tuple"
        return (0, *sorted(fired - {0})) if alike else (0,)

    # Packs

    def position(self, separator: int, position: int) -> tuple[int, int]:
        """(hits, informative) of the canary at one position of a pack."""
        start = (separator * POSITIONS + position) * TRIES_AT
        return self.share(Planted.POSITION, range(start, start + TRIES_AT))

    def apart(self, separator: int) -> tuple[int, int]:
        """(hits, informative) of the canary cut by a separator."""
        return self.share(Planted.APART, range(separator * TRIES_AT, (separator + 1) * TRIES_AT))

    def seen(self, separator: int) -> int:
        """At how many positions of a pack with this separator the canary was cut off."""
        return sum(self.position(separator, position)[0] > 0 for position in range(POSITIONS))

    @cached_property
    def separator(self) -> int | None:
        """The first separator that keeps words apart and lets each be seen, by its place in `separators`."""
        if not self.fired:
            return None
        tried = range(0 if self.place is None else len(separators(self.place)))
        return next((at for at in tried if self.seen(at) == POSITIONS and self.keeps(at)), None)

    def keeps(self, separator: int) -> bool:
        """Whether a canary that a separator cuts is seen no more: passes outnumber hits, as noise may hit."""
        hits, made = self.apart(separator)
        return made > 2 * hits

    # All of it

    @cached_property
    def calibration(self) -> Calibration:
        """What is told to other words of this place."""
        best = max((self.seen(at) for at in range(len(_IN_TEXT))), default=0)
        place, kept = self.place, self.separator
        return Calibration(
            place=self.record.layer or "",
            encoding=self.record.encoding or "",
            false_hits=self._false_hits,
            misses=self._misses,
            fired=self.fired,
            ascii=self.record.target.isascii(),
            separator=None if kept is None or place is None else separators(place)[kept],
            positions=(best if kept is None else POSITIONS, POSITIONS if self.planted(Planted.POSITION) else 0),
            capacity=0 if kept is None or place is None else pack_length(place),
            ports=self.ports,
            residual=self.residual,
        )

    @property
    def _false_hits(self) -> tuple[int, int]:
        shares = [self.share(why) for why in (Planted.CONTROL, Planted.HARMLESS)]
        return sum(hits for hits, _ in shares), sum(made for _, made in shares)

    @property
    def _misses(self) -> tuple[int, int]:
        """Attempts with the canary after its first hit, at ports and positions where it does fire."""
        if not self.fired:
            return 0, 0
        first = self.firing[0].id
        again = [self.cut(trial) for trial in self.planted(Planted.CANARY).values() if trial.id > first]
        for at, trial in self.planted(Planted.PORT).items():
            again += [self.cut(trial)] if at // TRIES_AT in self.ports else []
        for at, trial in self.planted(Planted.POSITION).items():
            again += [self.cut(trial)] if at // TRIES_AT // POSITIONS == self.separator else []
        return again.count(False), len(again) - again.count(None)


def _often(cuts: Sequence[bool | None]) -> bool:
    """Whether more was cut than a line loses; `None` says nothing."""
    known = len(cuts) - cuts.count(None)
    return cuts.count(True) >= max(_HELD, _HELD_SHARE * known)


def _end(looks: tuple[tuple[float, bool], ...]) -> float | None:
    """When harmless text passed twice in a row, the first of these; `None`: it never did."""
    for (after, cut), (_, again) in pairwise(looks):
        if not cut and not again:
            return after
    return None
