"""In which of the few groups a verdict is counted.

Sites have the seven groups of UX 3; words have their own, and are never added to "sites blocked". Not every verdict
with outcome `blocked` is counted so: a slowed download, a captcha, a sign-in page have their own names.
"""

from enum import StrEnum

from hushmap.detect.messages import catalogue, nearest
from hushmap.model import Outcome, Reason, Record, Verdict


class Group(StrEnum):
    """The seven groups in which sites are counted (UX 3), in the order of a summary."""

    REACHABLE = "Reachable"
    BLOCKED = "Blocked"
    SLOWED = "Slowed"
    UNREACHABLE = "Unreachable from here"
    ELSEWHERE = "Also fails elsewhere"
    REFUSED = "Refused by the site"
    UNDECIDED = "Not decided"


class WordGroup(StrEnum):
    """The groups in which words are counted; they are never added to sites."""

    PASSED = "Not cut off"
    CUT = "Cut off by a word"
    UNTRIGGERED = "Not triggered"
    SLOWED = "Slowed"
    UNREACHABLE = "Unreachable from here"
    ELSEWHERE = "Also fails elsewhere"
    REFUSED = "Refused by the site"
    UNDECIDED = "Not decided"


LABEL_GROUPS: tuple[str, ...] = tuple(Group)
WORD_GROUPS: tuple[str, ...] = tuple(WordGroup)

_BY_OUTCOME = {
    Outcome.OK: Group.REACHABLE,
    Outcome.BLOCKED: Group.BLOCKED,
    Outcome.UNREACHABLE: Group.UNREACHABLE,
    Outcome.DEGRADED: Group.SLOWED,
    Outcome.DOWN: Group.ELSEWHERE,
    Outcome.SERVER_SIDE: Group.REFUSED,
    Outcome.INSUFFICIENT: Group.UNDECIDED,
}
_NOT_BLOCKED = {
    "throttle": Group.SLOWED,
    "tcp.freeze": Group.SLOWED,
    "server": Group.REFUSED,
    "portal": Group.UNDECIDED,
    "quic.all": Group.UNDECIDED,
}
"""Mechanisms whose own label stands over the outcome `blocked`: the network's, the server's or the rate's matter."""


WORD_EXPERIMENTS = frozenset({"keyword", "screen", "isolate", "domain", "calibrate"})
"""Experiments that send words to an address of ours and ask which of them are cut off."""


def is_word(record: Record) -> bool:
    """Whether the target is a word or a text, which is counted apart from sites."""
    return record.experiment in WORD_EXPERIMENTS


def leading(verdict: Verdict) -> str:
    """The mechanism that names the verdict; empty if there is none."""
    return verdict.mechanisms[0] if verdict.mechanisms else ""


def untriggered(verdict: Verdict, record: Record) -> bool:
    """A word that passed where no canary fired: nothing is shown, and the label says so (METHOD 3)."""
    return is_word(record) and verdict.reason is Reason.CANARY_FAILED and verdict.counts.subject[0] == 0


def group(verdict: Verdict, record: Record) -> str:
    """The count group: for a site of `LABEL_GROUPS`, for a word what `word_group` says, for a platform its label."""
    if is_word(record):
        return word_group(verdict, record)
    first = leading(verdict)
    if first.startswith("platform."):
        return nearest(catalogue("en"), "label", first) or Group.UNDECIDED.value
    if verdict.outcome is Outcome.BLOCKED:
        family = first.partition(".")[0]
        return _NOT_BLOCKED.get(first, _NOT_BLOCKED.get(family, Group.BLOCKED)).value
    return _BY_OUTCOME[verdict.outcome].value


def word_group(verdict: Verdict, record: Record) -> str:
    """The count group of a word: one of `WORD_GROUPS`."""
    if untriggered(verdict, record):
        return WordGroup.UNTRIGGERED.value
    if verdict.outcome is Outcome.BLOCKED:
        return WordGroup.CUT.value
    return WordGroup.PASSED.value if verdict.outcome is Outcome.OK else _BY_OUTCOME[verdict.outcome].value


def group_words(name: str, lang: str = "en") -> str:
    """A count group's name in `lang`."""
    return catalogue(lang)[f"group.{name}"]
