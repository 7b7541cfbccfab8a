"""In which of the few groups a verdict is counted.

Sites have the seven groups of UX 3; words have their own, and are never added to "sites blocked". Not every verdict
with outcome `blocked` is counted so: a slowed download, a captcha, a sign-in page have their own names. A pack counts
each of its words; a calibration is about the measurement and counts none.
"""

from collections import Counter
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
    UNEXPLAINED = "Cut off, no word found"
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
OF_PLATFORMS = frozenset({Outcome.VISIBLE, Outcome.SUPPRESSED, Outcome.REMOVED, Outcome.WITHDRAWN})
"""What is counted by its label; never added to sites or words."""
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


CLASSIFIER = "classifier"
"""The kind of a trigger that no set of words explains."""
CHECKED = "Checked"
"""Of a place in which a canary was cut off; stands beside no count."""
_OF_A_WORD = {"cut": WordGroup.CUT, "passed": WordGroup.PASSED, "open": WordGroup.UNDECIDED}
"""What `Verdict.words` says of each word of a pack."""


def is_word(record: Record) -> bool:
    """Whether the target is a word or a text, which is counted apart from sites."""
    return record.experiment in WORD_EXPERIMENTS


def is_check(record: Record) -> bool:
    """Whether planted words were asked about to know what the measurement is worth; counted nowhere."""
    return record.experiment == "calibrate"


def leading(verdict: Verdict) -> str:
    """The mechanism that names the verdict; empty if there is none."""
    return verdict.mechanisms[0] if verdict.mechanisms else ""


def unexplained(verdict: Verdict, record: Record) -> bool:
    """A text that is cut off where no set of its words was found to explain it: it says nothing of any word."""
    cut = record.experiment == "isolate" and verdict.outcome is Outcome.BLOCKED
    return cut and all(trigger.kind == CLASSIFIER for trigger in verdict.triggers)


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
    if verdict.outcome in OF_PLATFORMS:
        labels = catalogue("en")
        return labels.get(f"label.{verdict.outcome}.{record.experiment}", labels[f"label.{verdict.outcome}"])
    if verdict.outcome is Outcome.BLOCKED:
        bare, family = ".".join(first.split(".")[:2]), first.partition(".")[0]
        return _NOT_BLOCKED.get(bare, _NOT_BLOCKED.get(family, Group.BLOCKED)).value
    return _BY_OUTCOME[verdict.outcome].value


def word_group(verdict: Verdict, record: Record) -> str:
    """The count group of a word: one of `WORD_GROUPS`; of a calibration that succeeded `CHECKED`."""
    if untriggered(verdict, record):
        return WordGroup.UNTRIGGERED.value
    if is_check(record) and verdict.outcome is Outcome.OK:
        return CHECKED
    if unexplained(verdict, record):
        return WordGroup.UNEXPLAINED.value
    if verdict.outcome is Outcome.BLOCKED:
        return WordGroup.CUT.value
    if verdict.outcome is Outcome.OK:
        return WordGroup.PASSED.value
    return _BY_OUTCOME.get(verdict.outcome, WordGroup.UNDECIDED).value


def word_counts(verdict: Verdict, record: Record) -> dict[str, int]:
    """How many words of each group one record adds to a count: each word of a pack, no calibration."""
    if is_check(record):
        return {}
    told = group(verdict, record)
    whole = verdict.outcome not in {Outcome.BLOCKED, Outcome.OK, Outcome.INSUFFICIENT} or untriggered(verdict, record)
    if not verdict.words:
        return {told: max(1, len(record.words))}
    if whole:
        return {told: len(verdict.words)}
    return dict(Counter(_OF_A_WORD.get(state, WordGroup.UNDECIDED).value for state in verdict.words.values()))


def group_words(name: str, lang: str = "en") -> str:
    """A count group's name in `lang`."""
    return catalogue(lang)[f"group.{name}"]
