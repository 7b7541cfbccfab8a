"""What visits to a post's page show, and the rules of it: it is there, or it is not and the platform says why.

One look that finds nothing is no evidence: replicas lag behind each other, and a post that was made or moved a minute
ago may be missing from one of them (refs/KEYWORDS 2.6, ghost posts). So a post counts as gone where the last two
looks, at least ten minutes apart, found the same, and where at each of them another post of the platform was there:
else it may be the platform that is gone. What the platform says of it is the platform's word.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cached_property

import msgspec

from hushmap.detect.ruling import Rule, Ruling, intercepted, portal, unloaded
from hushmap.model import Evidence, Knowledge, Layer, Outcome, Page, Reason, Record, Role, Side, Trial, Where

APART = 600.0
"""Seconds between two looks at a post that was not there, at least (refs/KEYWORDS 2.6: two misses, ten minutes)."""
LOOK_TRIES = 6
"""Page loads of one look at one post: where one in twenty fails, four are enough for all but one look in 160,000; the
rest is for spells in which a platform is out of order."""
_NOTHING = frozenset({408, 425, 429})
"""Statuses by which a server says that it does not answer now (RFC 9110 15.5, RFC 6585 4, RFC 8470 5.2)."""
_ABSENT = frozenset({404, 410})


class Shown(StrEnum):
    """What the page of a post shows; most are names of the signs in a platform's manifest."""

    VISIBLE = "visible"
    REMOVED = "removed"
    AUTHOR_REMOVED = "author_removed"
    ACCOUNT_GONE = "account_gone"
    HIDDEN = "hidden"
    HELD = "held"
    ABSENT = "absent"
    """There is no such page, and nothing says why."""
    LOGIN = "login"
    CAPTCHA = "captcha"
    UNCLEAR = "unclear"
    """A page that bears none of the signs, or signs that contradict each other."""


STATES = (Shown.VISIBLE, Shown.REMOVED, Shown.AUTHOR_REMOVED, Shown.ACCOUNT_GONE, Shown.HIDDEN, Shown.HELD)
"""What a manifest has signs for, beside captcha and login."""
MISSING = frozenset({*STATES[1:], Shown.ABSENT})
"""What has to be looked at twice."""
TELLING = frozenset({*STATES, Shown.ABSENT, Shown.LOGIN})
"""What ends a look; after anything else the page is asked for again."""


def page_of(trial: Trial) -> Page | None:
    """The page of a load, where one came whole over a proven connection."""
    fetch, handshake = trial.fetch, trial.handshake
    if fetch is None or fetch.failure is not None or handshake is None or not handshake.valid:
        return None
    return fetch.page


def shown(trial: Trial) -> Shown | None:
    """What a page load shows of the post; `None` where the page was not read, or not over a proven connection."""
    page = page_of(trial)
    if page is None or page.status >= 500 or page.status in _NOTHING:
        return None
    for wall in (Shown.CAPTCHA, Shown.LOGIN):
        if wall in page.signs:
            return wall
    found = [state for state in STATES if state in page.signs]
    if page.truncated and found != [Shown.VISIBLE]:
        return Shown.UNCLEAR  # the sign that contradicts may lie in what was cut off
    if len(found) == 1:
        return found[0]
    return Shown.ABSENT if page.status in _ABSENT and not found else Shown.UNCLEAR


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One look at a post: its page, and those of posts that should be there."""

    trial: Trial
    """The first page load that says something; the last one where none does."""
    state: Shown | None
    beside: tuple[Shown | None, ...] = ()
    """What was shown of each twin."""

    @property
    def whole(self) -> bool:
        """Whether the platform showed another post at that time."""
        return Shown.VISIBLE in self.beside


def look_of(trial: Trial) -> int:
    """To which look a page load belongs."""
    return trial.round // LOOK_TRIES


def is_load(trial: Trial) -> bool:
    """Whether a trial is a page load from here."""
    return trial.side is Side.HERE and trial.ask.layer is Layer.HTTP


def looks(trials: Iterable[Trial]) -> tuple[Look, ...]:
    """The looks that counted trials make, in order."""
    loads = [trial for trial in trials if is_load(trial)]
    return tuple(_looks(loads))


def _looks(loads: list[Trial]) -> Iterator[Look]:
    for number in sorted({look_of(trial) for trial in loads}):
        mine = [trial for trial in loads if look_of(trial) == number]
        subjects = [trial for trial in mine if trial.role is not Role.BASELINE]
        twins: dict[str | None, list[Trial]] = {}
        for trial in mine:
            if trial.role is Role.BASELINE:
                twins.setdefault(trial.ask.url, []).append(trial)
        if subjects:
            trial = telling(subjects)
            yield Look(trial=trial, state=shown(trial), beside=tuple(shown(telling(each)) for each in twins.values()))


def telling(trials: list[Trial]) -> Trial:
    """The first that says something, else the last."""
    ordered = sorted(trials, key=lambda trial: trial.id)
    return next((trial for trial in ordered if shown(trial) in TELLING), ordered[-1])


class Watched:
    """What the rules look at: the visits to one post in one run."""

    def __init__(self, record: Record, knowledge: Knowledge) -> None:  # noqa: ARG002  the shape of every sight
        self.record, self.context, self.trials = record, record.context, record.counted

    @cached_property
    def looks(self) -> tuple[Look, ...]:
        """The looks at the post."""
        return looks(self.trials)

    @cached_property
    def last(self) -> Look | None:
        """The newest look, if there was any."""
        return self.looks[-1] if self.looks else None

    @cached_property
    def twice(self) -> tuple[Look, Look] | None:
        """The last two looks, where they found the same and lie far enough apart."""
        if len(self.looks) < 2:
            return None
        first, second = self.looks[-2:]
        apart = second.trial.t0 - first.trial.t >= APART / self.context.scale
        return (first, second) if first.state is second.state and apart else None

    @property
    def gone(self) -> Shown | None:
        """What is shown of a post that is gone for all that can be told; `None` of any other."""
        pair = self.twice
        return pair[0].state if pair and pair[0].state in MISSING and pair[0].whole and pair[1].whole else None


def _nothing(watched: Watched) -> Ruling | None:
    return None if watched.looks else unloaded(watched.context)


def _visible(watched: Watched) -> Ruling | None:
    last = watched.last
    if last is None or last.state is not Shown.VISIBLE:
        return None
    return _told(watched, Outcome.VISIBLE, (), last)


_OUTCOMES = {
    Shown.REMOVED: Outcome.REMOVED,
    Shown.AUTHOR_REMOVED: Outcome.WITHDRAWN,
    Shown.ACCOUNT_GONE: Outcome.WITHDRAWN,
    Shown.HIDDEN: Outcome.SUPPRESSED,
    Shown.HELD: Outcome.SUPPRESSED,
}


def _gone(state: Shown, watched: Watched) -> Ruling | None:
    pair = watched.twice
    if watched.gone is not state or pair is None:
        return None
    return _told(watched, _OUTCOMES[state], (f"platform.{state}",), *pair)


def _told(watched: Watched, outcome: Outcome, mechanisms: tuple[str, ...], *carrying: Look) -> Ruling:
    beside = [state for look in watched.looks for state in look.beside]
    misses = sum(look.state in MISSING for look in watched.looks)
    post = watched.record.post
    facts = {"looks": f"{len(carrying)}"} | ({"platform": post.platform.name} if post is not None else {})
    return Ruling(
        outcome=outcome,
        evidence=Evidence.CONTROLLED if mechanisms else Evidence.NONE,
        mechanisms=mechanisms,
        where=Where.SERVER if mechanisms else Where.UNKNOWN,
        proof=tuple(look.trial.id for look in carrying),
        hits=(misses, len(watched.looks)),
        harmless=(sum(state is not Shown.VISIBLE for state in beside), len(beside)),
        facts=facts,
    )


def _wall(watched: Watched) -> Ruling | None:
    last = watched.last
    walls = {Shown.CAPTCHA: Reason.CAPTCHA, Shown.LOGIN: Reason.LOGIN_WALL}
    if last is None or last.state not in walls:
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=walls[last.state], proof=(last.trial.id,))


def _unread(watched: Watched) -> Ruling | None:
    last = watched.last
    if last is None or last.state is not None:
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.UNREAD, proof=(last.trial.id,))


def _unsaid(watched: Watched) -> Ruling | None:
    if watched.gone is not Shown.ABSENT:
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.UNSAID, proof=_ids(watched))


def _no_twin(watched: Watched) -> Ruling | None:
    pair = watched.twice
    if pair is None or pair[0].state not in MISSING:
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_TWIN, proof=_ids(watched))


def _once(watched: Watched) -> Ruling | None:
    last = watched.last
    if last is None or last.state not in MISSING:
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.ONE_LOOK, proof=_ids(watched))


def _left(watched: Watched) -> Ruling:
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_RULE, proof=_ids(watched))


def _ids(watched: Watched) -> tuple[int, ...]:
    return tuple(look.trial.id for look in watched.looks[-2:])


_SAID = {
    Shown.REMOVED: "that it was removed",
    Shown.AUTHOR_REMOVED: "that its author removed it",
    Shown.ACCOUNT_GONE: "that its account is gone",
    Shown.HIDDEN: "that it is not shown to everybody",
    Shown.HELD: "that it is held back",
}


def _rule(state: Shown) -> Rule:
    return Rule(
        id=f"watch.{state.replace('_', '-')}",
        what="Not there at two looks at least ten minutes apart, another post being there, and the platform says "
        f"{_SAID[state]}.",
        applies=lambda watched: _gone(state, watched),
    )


WATCH_RULES: tuple[Rule, ...] = (
    Rule(id="watch.nothing-counted", what="No page load could be counted.", applies=_nothing),
    Rule(id="watch.portal", what="A captive portal answers in place of the network.", applies=portal),
    Rule(
        id="watch.intercepted", what="Unrelated names are intercepted, too: no page is proven.", applies=intercepted
    ),
    Rule(id="watch.visible", what="The page showed the post at the last look.", applies=_visible),
    Rule(id="watch.wall", what="The platform wants a captcha solved or a login.", applies=_wall),
    Rule(id="watch.unread", what="No page of it could be read: that is the line's or the server's.", applies=_unread),
    *(_rule(state) for state in _SAID),
    Rule(id="watch.unsaid", what="Not there at two looks, and the platform does not say why.", applies=_unsaid),
    Rule(id="watch.no-twin", what="Not there at two looks, and no other post was there either.", applies=_no_twin),
    Rule(id="watch.one-look", what="Not there, and no second look bears it out.", applies=_once),
    Rule(id="watch.undecided", what="A page that bears none of the known signs.", applies=_left),
)
