"""How verdicts are counted: seven groups of sites, and words never among them."""

import msgspec
import pytest

from hushmap.detect.groups import LABEL_GROUPS, WORD_GROUPS, group, group_words, is_word, word_counts, word_group
from hushmap.detect.messages import CATALOGUES
from hushmap.model import Counts, Outcome, Reason, Record, Trigger, Verdict


def record(experiment="web"):
    """A sealed record."""
    return Record(id="r-1", run="r", experiment=experiment, target="x.example", started="", ended="", run_started="")


def verdict(outcome, *mechanisms, reason=None, subject=(0, 4)):
    """A verdict of some rule."""
    return Verdict(
        outcome=outcome,
        rule="x",
        rules="1",
        knowledge="none",
        mechanisms=mechanisms,
        reason=reason,
        counts=Counts(subject=subject),
    )


def test_there_are_seven_groups():
    """UX 3 names seven."""
    assert LABEL_GROUPS == (
        "Reachable",
        "Blocked",
        "Slowed",
        "Unreachable from here",
        "Also fails elsewhere",
        "Refused by the site",
        "Not decided",
    )


@pytest.mark.parametrize(
    ("outcome", "mechanism", "expected"),
    [
        (Outcome.OK, "dns.injection", "Reachable"),
        (Outcome.BLOCKED, "tls.mitm.trusted", "Blocked"),
        (Outcome.BLOCKED, "dns.nxdomain", "Blocked"),
        (Outcome.BLOCKED, "throttle.sni", "Slowed"),
        (Outcome.BLOCKED, "tcp.freeze", "Slowed"),
        (Outcome.BLOCKED, "tcp.freeze.answer", "Slowed"),
        (Outcome.BLOCKED, "server.captcha", "Refused by the site"),
        (Outcome.BLOCKED, "quic.all", "Not decided"),
        (Outcome.BLOCKED, "platform.soft", "Fewer results than a control"),
        (Outcome.BLOCKED, "platform.removed", "No longer public"),
        (Outcome.DEGRADED, "tcp.freeze", "Slowed"),
        (Outcome.UNREACHABLE, "tcp.timeout", "Unreachable from here"),
        (Outcome.DOWN, "tcp.timeout", "Also fails elsewhere"),
        (Outcome.SERVER_SIDE, "server.legal", "Refused by the site"),
        (Outcome.INSUFFICIENT, "tls.reset", "Not decided"),
    ],
)
def test_a_site_is_counted_once_in_one_group(outcome, mechanism, expected):
    """The group follows the outcome, save where the mechanism is the network's, the server's or the rate's own."""
    assert group(verdict(outcome, mechanism), record()) == expected


def test_blocked_without_a_mechanism_is_blocked():
    """A verdict need not name its mechanism to be counted."""
    assert group(verdict(Outcome.BLOCKED), record()) == "Blocked"


def test_words_are_counted_apart():
    """A word that is cut off is never a blocked site."""
    word = record("keyword")
    assert is_word(word)
    assert not is_word(record())
    for outcome in Outcome:
        for judged in (verdict(outcome, "http.reset.query"), verdict(outcome)):
            assert group(judged, word) == word_group(judged, word)
            assert group(judged, word) in WORD_GROUPS
            assert group(judged, word) not in {"Blocked", "Reachable"}


def test_a_word_without_a_fired_canary_is_not_triggered():
    """It is neither passed nor undecided; a failure among its attempts makes it undecided."""
    word = record("keyword")
    blind = verdict(Outcome.INSUFFICIENT, reason=Reason.CANARY_FAILED)
    assert word_group(blind, word) == "Not triggered"
    assert group(blind, record()) == "Not decided"
    hit = verdict(Outcome.INSUFFICIENT, reason=Reason.CANARY_FAILED, subject=(1, 4))
    assert word_group(hit, word) == "Not decided"


def triggered(judged, *kinds):
    """The same verdict with triggers of these kinds."""
    found = tuple(Trigger(kind=kind, parts=("a",), place="http-path") for kind in kinds)
    return msgspec.structs.replace(judged, triggers=found)


def test_a_text_that_no_word_explains_is_not_cut_off_by_a_word():
    """A classifier is no word; one word beside it is."""
    text, cut = record("isolate"), verdict(Outcome.BLOCKED, "http.reset.path")
    assert group(cut, text) == group(triggered(cut, "classifier"), text) == "Cut off, no word found"
    assert group(triggered(cut, "classifier", "word"), text) == "Cut off by a word"
    assert group(cut, record("domain")) == "Cut off by a word"
    assert group(verdict(Outcome.OK), text) == "Not cut off"


def test_a_place_that_was_checked_is_no_word_that_passed():
    """A calibration is about the measurement."""
    planted = record("calibrate")
    assert is_word(planted)
    assert group(verdict(Outcome.OK), planted) == "Checked"
    assert group(verdict(Outcome.INSUFFICIENT, reason=Reason.CANARY_FAILED), planted) == "Not triggered"
    assert group_words("Checked", "zh") == "已校准"
    assert word_counts(verdict(Outcome.OK), planted) == {}


def test_a_pack_counts_each_of_its_words():
    """By what is known of each; where no canary fired, or nobody knows, all alike."""
    pack = msgspec.structs.replace(record("screen"), words=("a", "b", "c", "d"))
    words = {"a": "cut", "b": "passed", "c": "passed", "d": "open"}
    for outcome in (Outcome.BLOCKED, Outcome.INSUFFICIENT):
        judged = msgspec.structs.replace(verdict(outcome, subject=(1, 4)), words=words)
        assert word_counts(judged, pack) == {"Cut off by a word": 1, "Not cut off": 2, "Not decided": 1}
    assert word_counts(verdict(Outcome.INSUFFICIENT), pack) == {"Not decided": 4}
    blind = msgspec.structs.replace(verdict(Outcome.INSUFFICIENT, reason=Reason.CANARY_FAILED), words=words)
    assert word_counts(blind, pack) == {"Not triggered": 4}
    assert word_counts(verdict(Outcome.DOWN), pack) == {"Also fails elsewhere": 4}
    assert word_counts(verdict(Outcome.OK), record("keyword")) == {"Not cut off": 1}


@pytest.mark.parametrize("lang", sorted(CATALOGUES))
def test_every_group_has_a_name_in_every_language(lang):
    """The summary is translated whole."""
    names = [group_words(name, lang) for name in dict.fromkeys(LABEL_GROUPS + WORD_GROUPS)]
    assert len(set(names)) == len(names) == 11
