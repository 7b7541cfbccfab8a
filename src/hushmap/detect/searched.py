"""What searches for a word on a platform show, and the rules of it: all is found, a notice, nothing, or little.

That nothing is found says nothing of a word: nobody may have written it. So beside it stands a truism, which finds
everything whatever the word is, unless the word is filtered, and the same truism with nonsense in the word's place
(refs/KEYWORDS 1, Missing Links). What is seen twice, ten minutes apart, is called so; and where a word that is known
to be filtered was not seen to be, nothing is said of others (METHOD 3, canary). What a platform writes is its word.
"""

import itertools
import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property

import msgspec

from hushmap.detect.naming_orders import dated
from hushmap.detect.result_page import (
    LEGAL,
    OTHERS,
    bears_nothing,
    found_on,
    listing_of,
    notice_on,
    only_listed,
    others_due,
    read,
    says_nothing,
    status_of,
    told_on,
    unplaced_on,
    wall,
)
from hushmap.detect.ruling import Rule, Ruling, intercepted, portal, unloaded
from hushmap.detect.watched import APART, is_load
from hushmap.model import Evidence, Knowledge, Outcome, Reason, Record, Role, Trial, Where

SEARCH_TRIES = 6
"""Page loads of one search: as of one look at a post."""
MOST_CAPTCHAS = 8
"""After so many the platform is left alone: half of what one block may meet by chance at one in fifty, and far more
than one who is let through meets (METHOD 5: no captcha is solved)."""


class Query(StrEnum):
    """What a search is for; `Trial.changed` of all but the first."""

    WORD = "word"
    TRUISM = "truism"
    """Everything, with the word."""
    CONTROL = "control"
    """Everything, with nonsense."""
    NONSENSE = "nonsense"


class Finding(StrEnum):
    """What one block of searches shows of a word."""

    CLEAN = "clean"
    NOTICE = "notice"
    LEGAL = "legal"
    """Answered with 451 (RFC 7725)."""
    EMPTY = "empty"
    SOFT = "soft"


MECHANISMS = {
    Finding.NOTICE: "platform.notice",
    Finding.LEGAL: "platform.notice",
    Finding.EMPTY: "platform.empty",
    Finding.SOFT: "platform.soft",
}


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """The searches of one block, by what they are for; of each the first that was read."""

    word: Trial | None = None
    truism: Trial | None = None
    control: Trial | None = None
    nonsense: Trial | None = None
    needs_truism: bool = True

    @property
    def finding(self) -> Finding | None:
        """What they show together; `None` where too little was read, or it does not fit together."""
        found = self._finding
        return None if found is Finding.CLEAN and self.unplaced else found

    @property
    def unplaced(self) -> bool:
        """Whether words of a notice stand beside the word, and nobody knows whose: it may be left out or not."""
        return any(unplaced_on(one) for one in (self.word, self.truism) if one is not None)

    @property
    def _finding(self) -> Finding | None:
        word, truism, control = self.word, self.truism, self.control
        if word is None or self.nonsense is None or told_on(self.nonsense) or told_on(control):
            return None  # what nonsense meets is not about the word, nor what stands on a page that finds everything
        if status_of(word) == LEGAL:
            return Finding.LEGAL
        if notice_on(word):
            return Finding.NOTICE
        if not self.needs_truism:
            return Finding.CLEAN if found_on(word) else None
        if truism is None or control is None or not found_on(control) or only_listed(control):
            return None  # the truism is none here
        if told_on(truism):
            return None  # the platform gives a reason, and not for the word alone
        if not found_on(truism):
            empty = says_nothing(word) and says_nothing(truism) and not bears_nothing(control)
            return Finding.EMPTY if empty else None
        if not only_listed(truism):
            return Finding.CLEAN
        own = not found_on(word) or only_listed(word)
        return Finding.SOFT if own and others_due(word, control) >= OTHERS else None

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Its searches."""
        return tuple(one for one in (self.word, self.truism, self.control, self.nonsense) if one is not None)


def block_of(trial: Trial) -> int:
    """To which block a search belongs."""
    return trial.round // SEARCH_TRIES


def query_of(trial: Trial) -> str:
    """What a search is for."""
    return trial.changed or Query.WORD


def searches(trials: Iterable[Trial], block: int, *, canary: bool = False) -> tuple[Trial, ...]:
    """The searches of a block for the word and what stands beside it, or for the canary."""
    return tuple(
        trial
        for trial in trials
        if is_load(trial) and block_of(trial) == block
        and (trial.role is Role.BASELINE or (trial.role is Role.CANARY) is canary)
    )  # fmt: skip


def block(trials: Iterable[Trial], number: int, *, truism: bool, canary: bool = False) -> Block:
    """What was read in one block."""
    found: dict[str, Trial] = {}
    for trial in sorted(searches(trials, number, canary=canary), key=lambda trial: trial.id):
        if read(trial):
            found.setdefault(query_of(trial), trial)
    return Block(
        word=found.get(Query.WORD),
        truism=found.get(Query.TRUISM),
        control=found.get(Query.CONTROL),
        nonsense=found.get(Query.NONSENSE),
        needs_truism=truism,
    )


class Searched:
    """What the rules look at: the searches for one word in one run."""

    def __init__(self, record: Record, knowledge: Knowledge) -> None:  # noqa: ARG002  the shape of every sight
        self.record, self.context = record, record.context
        self.trials = record.counted
        search = record.platform.search if record.platform is not None else None
        self._truism = bool(search is not None and search.truisms)

    @cached_property
    def searches(self) -> tuple[Trial, ...]:
        """Every search that was carried out."""
        return tuple(trial for trial in self.trials if is_load(trial))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks about the word, in order."""
        numbers = sorted({block_of(trial) for trial in self.searches if trial.role is Role.SUBJECT})
        return tuple(block(self.trials, number, truism=self._truism) for number in numbers)

    @cached_property
    def canary(self) -> Finding | None:
        """What was found of words that are known to be filtered, any of them; `None` where none was asked about."""
        numbers = sorted({block_of(trial) for trial in self.searches if trial.role is Role.CANARY})
        found = [block(self.trials, number, truism=self._truism, canary=True).finding for number in numbers]
        return next((one for one in found if one not in {None, Finding.CLEAN}), Finding.CLEAN if found else None)

    @cached_property
    def twice(self) -> tuple[Block, Block] | None:
        """Two blocks that found the same amiss, far enough apart."""
        told = [one for one in self.blocks if one.finding is not None]
        for first, second in itertools.pairwise(told):
            if first.finding is second.finding and first.finding is not Finding.CLEAN:
                apart = min(trial.t0 for trial in second.trials) - max(trial.t for trial in first.trials)
                if apart >= APART / self.context.scale:
                    return first, second
        return None

    @property
    def amiss(self) -> tuple[int, int]:
        """(blocks in which something was amiss, blocks in which the word was read)."""
        found = [one.finding not in {None, Finding.CLEAN} for one in self.blocks if one.word is not None]
        return sum(found), len(found)

    def walled(self, reason: Reason) -> tuple[int, ...]:
        """The searches for the word that met a wall."""
        return tuple(
            trial.id
            for trial in self.searches
            if wall(trial) is reason and trial.role is Role.SUBJECT and query_of(trial) in {Query.WORD, Query.TRUISM}
        )


def _nothing(seen: Searched) -> Ruling | None:
    return None if seen.searches else unloaded(seen.context)


def _suppressed(finding: Finding, seen: Searched) -> Ruling | None:
    if seen.twice is None or seen.twice[0].finding is not finding:
        return None
    words = [trial for one in seen.twice for trial in (one.word,) if trial is not None]
    controls = [trial for one in seen.twice for trial in (one.control, one.nonsense) if trial is not None]
    twin = Query.CONTROL if finding in {Finding.EMPTY, Finding.SOFT} else Query.NONSENSE
    controls = [trial for trial in controls if query_of(trial) == twin]
    return Ruling(
        outcome=Outcome.SUPPRESSED,
        evidence=Evidence.CONTROLLED,
        mechanisms=(MECHANISMS[finding],),
        where=Where.SERVER,
        proof=tuple(trial.id for one in seen.twice for trial in one.trials),
        hits=seen.amiss,
        harmless=(0, len(controls)),
        facts=_facts(seen, finding, words[-1]),
    )


def _facts(seen: Searched, finding: Finding, word: Trial) -> dict[str, str]:
    platform = seen.record.platform
    facts = {} if platform is None else {"platform": platform.name}
    if finding is Finding.LEGAL:
        facts["legal"] = "451"
    listing = listing_of(word)
    if listing is not None and listing.blocked_by is not None and finding is Finding.LEGAL:
        facts["blocked_by"] = listing.blocked_by
    if finding is Finding.SOFT and platform is not None and platform.search is not None:
        facts["listed"] = f"{len(platform.search.listed)}"
    if finding is Finding.NOTICE:
        notice = notice_on(word) or ""
        told = dated(
            re.sub(re.escape(seen.record.target), " ", notice, flags=re.IGNORECASE)
        )  # it may repeat the word
        facts |= {"notice": notice} | {
            key: value for key, value in (("order", told.order), ("ordered", told.day)) if value is not None
        }
    return facts


def _login(seen: Searched) -> Ruling | None:
    met = seen.walled(Reason.LOGIN_WALL)
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.LOGIN_WALL, proof=met) if met else None


def _visible(seen: Searched) -> Ruling | None:
    last = next((one for one in reversed(seen.blocks) if one.finding is not None), None)
    if last is None or last.finding is not Finding.CLEAN:
        return None
    proof = tuple(trial.id for trial in last.trials)
    platform = seen.record.platform
    facts = {} if platform is None else {"platform": platform.name}
    if seen.canary in {None, Finding.CLEAN}:
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.CANARY_FAILED, proof=proof, facts=facts)
    return Ruling(outcome=Outcome.VISIBLE, proof=proof, hits=seen.amiss, facts=facts)


def _captcha(seen: Searched) -> Ruling | None:
    met = tuple(trial.id for trial in seen.searches if wall(trial) is Reason.CAPTCHA)
    whole = any(one.finding is not None for one in seen.blocks)
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.CAPTCHA, proof=met) if met and not whole else None


def _unread(seen: Searched) -> Ruling | None:
    if any(map(read, seen.searches)):
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.UNREAD, proof=(seen.searches[-1].id,))


def _once(seen: Searched) -> Ruling | None:
    amiss = [one for one in seen.blocks if one.finding not in {None, Finding.CLEAN}]
    if not amiss:
        return None
    proof = tuple(trial.id for trial in amiss[-1].trials)
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.ONE_ATTEMPT, proof=proof)


def _doubtful(seen: Searched) -> Ruling | None:
    doubtful = [one for one in seen.blocks if one.unplaced]
    if not doubtful:
        return None
    proof = tuple(trial.id for trial in doubtful[-1].trials)
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_RULE, proof=proof)


def _left(seen: Searched) -> Ruling:
    return Ruling(
        outcome=Outcome.INSUFFICIENT, reason=Reason.NO_RULE, proof=tuple(trial.id for trial in seen.searches[-4:])
    )


_SAID = {
    Finding.LEGAL: "The search is answered with 451 in two blocks, the same for nonsense or a control is not.",
    Finding.NOTICE: "A known notice stands in the results of two blocks, and not in those of nonsense or a control.",
    Finding.EMPTY: "In two blocks neither the word nor a truism with it finds anything; one with nonsense does.",
    Finding.SOFT: "In two blocks only listed sources are found, with a truism too though it has room for more; with "
    "nonsense in it others are.",
}


def _rule(finding: Finding) -> Rule:
    return Rule(id=f"search.{finding}", what=_SAID[finding], applies=lambda seen: _suppressed(finding, seen))


SEARCH_RULES: tuple[Rule, ...] = (
    Rule(id="search.nothing-counted", what="No search could be counted.", applies=_nothing),
    Rule(id="search.portal", what="A captive portal answers in place of the network.", applies=portal),
    Rule(
        id="search.intercepted", what="Unrelated names are intercepted, too: no page is proven.", applies=intercepted
    ),
    *(_rule(finding) for finding in _SAID),
    Rule(id="search.login", what="Only who is logged in may search for the word.", applies=_login),
    Rule(
        id="search.visible",
        what="The word is searched for like any other, and a word that is known to be filtered is not.",
        applies=_visible,
    ),
    Rule(id="search.captcha", what="The platform wants a captcha solved.", applies=_captcha),
    Rule(id="search.unread", what="No page of results could be read: the line's or the server's.", applies=_unread),
    Rule(id="search.one-block", what="Something is amiss in one block, and no second bears it out.", applies=_once),
    Rule(
        id="search.unplaced",
        what="Words of a known notice stand beside the results, and it is not known where the platform's own do.",
        applies=_doubtful,
    ),
    Rule(id="search.undecided", what="What was read does not fit together.", applies=_left),
)


def results_of(record: Record) -> frozenset[str] | None:
    """The hashes of what the word found when it was first read; `None` where it was not, or by a notice."""
    first = next((one.word for one in Searched(record, Knowledge()).blocks if one.word is not None), None)
    listing = None if first is None else listing_of(first)
    return None if listing is None or listing.notice is not None or listing.unplaced else frozenset(listing.items)
