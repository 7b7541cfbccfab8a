"""Rules for words: what a text, a name, a pack and planted words may be said to show, and no more."""

from types import SimpleNamespace

import msgspec
import pytest

from hushmap.detect import judge
from hushmap.detect.judging import SIGHTS, TABLES
from hushmap.detect.names import Sending
from hushmap.detect.words import sighted
from hushmap.model import (
    Calibration,
    Evidence,
    Failure,
    Outcome,
    Reason,
    Residual,
    Role,
    Trigger,
    mechanism_known,
)
from trials import CONTEXT, HARMLESS, NOTHING, OURS, loaded, pairs, record

TABLE = ("isolate", "domain", "screen")
SEEN = msgspec.structs.replace(CONTEXT, canaries={"http-path": True})


def found(*parts, kind="word", **more):
    """A trigger that pairs of its own decided."""
    counts = {"hits": (5, 5), "harmless": (0, 5), "error_bound": 0.001, "proof": (1, 2)}
    return Trigger(
        **{"kind": kind, "parts": parts, "place": "http-path", "mechanism": "http.reset.path"} | counts | more
    )


def cut(number, **more):
    """A request that was reset."""
    return loaded(number, Failure.RESET, OURS, f"http://{HARMLESS}/kw-alpha", **more)


def passed(number, **more):
    """One that got through."""
    return loaded(number, address=OURS, url=f"http://{HARMLESS}/kw-alpha", **more)


def harmless(number, **more):
    """Its harmless twin."""
    return loaded(number, address=OURS, url=f"http://{HARMLESS}/harmless", **more)


def decided(hits=5, clean=0):
    """Bracketed pairs about the word."""
    calm = pairs(passed, harmless, clean, changed="path", first=3000)
    return [*pairs(cut, harmless, hits, changed="path"), *(trial for trial in calm if not trial.bystander)]


class Fake(Sending):
    """A reader that has been told what it finds."""

    def __init__(
        self, experiment, *trials, context=SEEN, triggers=(), why=None, words=None, innocents=(0, 0), whole=1,
        together=(),
    ):  # fmt: skip
        sealed = record(*trials, experiment=experiment, target="kw-alpha", context=context, layer="http-path")
        super().__init__(sealed, NOTHING)
        self.triggers, self.open, self.words, self.innocents = triggers, why, words or {}, innocents
        self.game, self.whole, self.together = SimpleNamespace(core="kw"), whole, together


def rule(experiment, *trials, **more):
    """The id of the rule that matches first, and its ruling."""
    seen = Fake(experiment, *trials, **more)
    return next((row.id, ruling) for row in TABLES[experiment] if (ruling := row.applies(seen)) is not None)


# --- what was not shown


@pytest.mark.parametrize("experiment", [*TABLE, "keyword", "calibrate"])
def test_nothing_that_was_sent_from_here_and_a_portal_decide_nothing(experiment):
    """Each table begins with what names have."""
    assert rule(experiment)[0] == "send.nothing-counted"
    portal = msgspec.structs.replace(CONTEXT, portal=True)
    assert rule(experiment, cut(1), context=portal)[1].reason is Reason.CAPTIVE_PORTAL


@pytest.mark.parametrize("experiment", TABLE)
def test_hits_without_pairs_never_block(experiment):
    """However many, and whatever the reader found: only bracketed pairs carry a block."""
    hits = [cut(number, changed="question", round=number) for number in range(1, 30)]
    name, ruling = rule(experiment, *hits, triggers=(found("kw"),))
    assert (name.rpartition(".")[2], ruling.outcome, ruling.reason) == (
        "unfinished", Outcome.INSUFFICIENT, Reason.BUDGET,
    )  # fmt: skip


@pytest.mark.parametrize("experiment", TABLE)
def test_what_was_left_open_says_why(experiment):
    """The reason is the reader's."""
    assert rule(experiment, *decided(2), why=Reason.SELF_INDUCED)[1].reason is Reason.SELF_INDUCED


@pytest.mark.parametrize(
    "weak", [{"error_bound": None}, {"hits": (1, 5)}, {"harmless": (0, 0)}, {"harmless": (3, 3)}]
)
def test_a_trigger_without_decided_pairs_of_its_own_is_not_told(weak):
    """The text is then cut off, and nothing is said of what in it does it."""
    name, ruling = rule("isolate", *decided(), triggers=(found("kw", **weak),))
    assert (name, ruling.outcome, ruling.triggers) == ("isolate.whole", Outcome.BLOCKED, ())


@pytest.mark.parametrize("experiment", [*TABLE, "keyword"])
def test_what_passed_is_fine_only_beside_a_canary_that_fired(experiment):
    """METHOD 3: never `ok` without one."""
    name, ruling = rule(experiment, passed(1), passed(2))
    assert (name.rpartition(".")[2], ruling.outcome, ruling.hits) == ("passed", Outcome.OK, (0, 2))
    name, ruling = rule(experiment, passed(1), context=CONTEXT)
    assert (name.rpartition(".")[2], ruling.reason) == ("not-triggered", Reason.CANARY_FAILED)


def test_a_canary_counts_in_its_own_place_and_writing():
    """What fired in one is no sign that another is looked at."""
    plain = record(layer="http-path", context=SEEN)
    assert sighted(plain)
    assert not sighted(msgspec.structs.replace(plain, layer="http-body"))
    written = msgspec.structs.replace(plain, encoding="gb18030")
    assert not sighted(written)
    for fired in (True, False):
        known = {"http-path/gb18030": Calibration(place="http-path", encoding="gb18030", fired=fired)}
        context = msgspec.structs.replace(CONTEXT, calibrations=known)
        assert sighted(msgspec.structs.replace(written, context=context)) is fired


# --- words alone


def test_a_word_is_its_own_trigger():
    """With the counts of its pairs, and when it was first and last seen to be cut off."""
    sealed = record(*decided(), experiment="keyword", target="kw-alpha", layer="http-path", encoding="upper")
    judged = judge(msgspec.structs.replace(sealed, run_started="2026-11-21T22:00:00Z"), NOTHING)
    (trigger,) = judged.triggers
    assert judged.rule == "word.pair"
    assert (trigger.kind, trigger.parts, trigger.mechanism) == ("word", ("kw-alpha",), "http.reset.path")
    assert (trigger.hits, trigger.harmless, trigger.error_bound) == ((5, 5), (0, 5), judged.error_bound)
    assert (trigger.place, trigger.encoding, trigger.helper) == ("http-path", "upper", "own helper")
    assert (trigger.first_seen, trigger.last_seen) == ("2026-11-21T22:00:20Z", "2026-11-21T22:01:40Z")
    assert trigger.proof == judged.proof


def test_a_share_of_hits_has_a_trigger_without_a_bound():
    """As the verdict has none."""
    judged = judge(record(*decided(8, 10), experiment="keyword", target="kw-alpha", layer="http-path"), NOTHING)
    assert (judged.rule, judged.triggers[0].error_bound, judged.triggers[0].hits) == ("word.partial", None, (8, 18))


def test_a_word_that_nothing_was_decided_of_has_no_trigger():
    """A spent budget."""
    assert rule("keyword", *decided(2))[0] == "send.budget"


# --- texts, names


def test_a_text_is_cut_off_by_the_triggers_found_in_it():
    """With what was left open; a classifier beside a word is told too."""
    text = (found("kw"), found(kind="classifier"))
    name, ruling = rule("isolate", *decided(), triggers=text, why=Reason.BUDGET)
    assert rule("isolate", *decided(), triggers=text[:1])[1].test is not None
    assert (name, ruling.triggers, ruling.facts) == ("isolate.found", text, {"open": "budget"})
    assert (ruling.evidence, ruling.mechanisms) == (Evidence.CONTROLLED, ("http.reset.path",))
    assert all(mechanism_known(mechanism) for mechanism in ruling.mechanisms)


def test_a_text_that_no_words_explain_is_a_classifiers():
    """And one in which nothing was found is cut off as a whole."""
    name, ruling = rule("isolate", *decided(), triggers=(found(kind="classifier"),))
    assert (name, len(ruling.triggers), ruling.facts) == ("isolate.classifier", 1, {})
    assert rule("isolate", *decided())[0] == "isolate.whole"
    assert rule("isolate", *decided(8, 10))[0] == "words.unfinished"


def test_a_text_that_passes_though_a_part_of_it_is_cut_off_is_not_blocked():
    """Something in it lifts the rule; the trigger is told, the text is not."""
    name, ruling = rule("isolate", *decided(), triggers=(found("kw"),), whole=None)
    assert (name, ruling.outcome, len(ruling.triggers)) == ("isolate.lifted", Outcome.INSUFFICIENT, 1)


@pytest.mark.parametrize("experiment", ["keyword", "isolate", "domain", "screen"])
def test_what_a_named_server_may_have_refused_is_no_block(experiment):
    """Only our own echo is known not to care what it is told."""
    named = msgspec.structs.replace(SEEN, echo=False)
    name, ruling = rule(experiment, *decided(), context=named, words={"kw-alpha": "open"})
    assert ruling.outcome is not Outcome.BLOCKED, name
    assert (
        rule(experiment, *decided(6, 10), context=named, words={"kw-alpha": "open"})[1].outcome is not Outcome.BLOCKED
    )


def test_a_canary_in_ascii_proves_no_other_writing():
    """Its bytes are the same in all of them."""
    for ascii_, target, ok in ((True, "kw-alpha", True), (True, "词乙", False), (False, "词乙", True)):
        planted = Calibration(place="http-path", fired=True, ascii=ascii_)
        context = msgspec.structs.replace(CONTEXT, calibrations={"http-path": planted})
        sealed = record(experiment="keyword", target=target, context=context, layer="http-path")
        assert sighted(sealed) is ok


def test_several_triggers_are_counted_together():
    """The pairs of one say nothing of another, and a pair of none is about the text."""
    name, ruling = rule("isolate", *decided(), triggers=(found("kw"), found("al", error_bound=0.002)))
    assert (name, ruling.test, ruling.hits, ruling.error_bound) == ("isolate.found", None, (10, 10), 0.003)


def test_a_name_has_its_pattern_and_the_strangers_that_it_takes_along():
    """Where any were asked about."""
    name, ruling = rule("domain", *decided(), triggers=(found("kw.test", kind="domain"),), innocents=(1, 4))
    assert (name, ruling.facts) == ("domain.found", {"innocents": "1 of 4"})
    assert rule("domain", *decided(), triggers=(found("kw.test", kind="domain"),))[1].facts == {}


def test_a_name_without_a_pattern_is_the_widest_that_pairs_were_about():
    """It may stand above the name that was asked for."""
    for trials, name in ((decided(), "domain.name"), (decided(8, 10), "domain.partial")):
        told, ruling = rule("domain", *trials)
        assert (told, ruling.facts) == (name, {"word": "kw"})


# --- packs


def test_a_pack_is_blocked_by_the_words_that_were_cut_off_alone():
    """Counts are added, and so are the chances of any false one."""
    words = {"kw": "cut", "al": "cut", "be": "passed"}
    picked = (found("kw"), found("al", mechanism="http.timeout.path", proof=(2, 3)))
    name, ruling = rule("screen", *decided(), triggers=picked, words=words)
    assert (name, ruling.words, ruling.test) == ("screen.found", words, None)
    assert (ruling.hits, ruling.harmless, ruling.error_bound) == ((10, 10), (0, 10), 0.002)
    assert (ruling.proof, ruling.mechanisms) == ((1, 2, 3), ("http.reset.path", "http.timeout.path"))
    bare = rule("screen", *decided(), triggers=(found("kw", mechanism=None),))[1]
    assert bare.mechanisms == ("http.reset.path",)


def test_words_of_a_pack_that_are_open_keep_it_open():
    """Nothing is said of a pack in which one word was not decided."""
    for more in ({"words": {"a": "open"}}, {"why": Reason.NETWORK_LOST, "words": {"a": "passed"}}):
        for context in (SEEN, CONTEXT):
            name, ruling = rule("screen", passed(1), context=context, **more)
            assert (name, ruling.words) == ("screen.unfinished", more["words"])


def test_words_of_a_pack_that_are_cut_off_only_together_are_a_fact():
    """None is a trigger, and the pack passes."""
    name, ruling = rule("screen", passed(1), words={"a": "passed", "b": "passed"}, together=("a", "b"))
    assert (name, ruling.facts["together"]) == ("screen.passed", "a\nb")


def test_the_verdict_of_a_pack_has_a_bound_and_every_word():
    """Through the whole judge: no pairs here, so only what passed."""
    sealed = record(passed(1), experiment="screen", target="x", layer="http-path", context=SEEN, words=("a", "b"))
    judged = judge(sealed, NOTHING)
    assert judged.words.keys() == {"a", "b"}
    assert judged.outcome is Outcome.INSUFFICIENT


# --- planted words

GOOD = Calibration(place="http-path", false_hits=(0, 60), misses=(1, 20), fired=True)


class Planting(Fake):
    """A reader of planted words."""

    def __init__(self, calibration, tried=(3, 4), **more):
        super().__init__("calibrate", cut(1), passed(2), harmless(3, role=Role.BASELINE), **more)
        self.calibration, self.tried = calibration, tried
        self.firing = self.hit

    def share(self, _why):
        """(hits, informative) of the canary."""
        return self.tried


def planted(calibration=GOOD, **more):
    """What they show."""
    seen = Planting(calibration, **more)
    return next((row.id, ruling) for row in TABLES["calibrate"] if (ruling := row.applies(seen)) is not None)


def test_a_place_in_which_a_canary_fired_is_checked():
    """With its limits, and what it allows."""
    name, ruling = planted()
    assert (name, ruling.outcome, ruling.hits, ruling.harmless) == (
        "calibrate.checked",
        Outcome.OK,
        (19, 20),
        (0, 60),
    )
    limits = {"canary": "19 of 20", "harmless": "0 of 60", "false_hit": "3.8", "miss": "18"}
    assert ruling.facts == limits
    more = msgspec.structs.replace(GOOD, separator="-", positions=(3, 3), capacity=400, ports=(0, 1, 2))
    assert planted(more)[1].facts == limits | {"capacity": "400", "ports": "3"}


@pytest.mark.parametrize(
    ("residual", "facts"),
    [
        (Residual(scope="none"), {"lingers": "nothing"}),
        (Residual(scope="4-tuple", low=64.2), {"lingers": "4-tuple", "lingers_low": "64"}),
        (
            Residual(scope="3-tuple", low=64, high=128, prolonged=True),
            {"lingers": "3-tuple", "lingers_low": "64", "lingers_high": "128", "after_probe": "longer"},
        ),
        (Residual(scope="2-tuple", low=2, prolonged=False), {"lingers_low": "2", "after_probe": "same"}),
    ],
)
def test_what_goes_on_after_a_hit_is_told_as_elsewhere(residual, facts):
    """In the facts of experiment `residual`."""
    assert facts.items() <= planted(msgspec.structs.replace(GOOD, residual=residual))[1].facts.items()


def test_a_canary_that_never_fired_is_said_to_have_failed():
    """With how often it was tried; where it was not tried, the question is open."""
    blind = msgspec.structs.replace(GOOD, fired=False, misses=(0, 0))
    name, ruling = planted(blind, tried=(0, 6))
    assert (name, ruling.reason, ruling.hits) == ("calibrate.not-fired", Reason.CANARY_FAILED, (0, 6))
    assert planted(blind, tried=(0, 0))[0] == "calibrate.noisy"


@pytest.mark.parametrize(
    "known", [{"fired": False}, {"false_hits": (9, 30)}, {"false_hits": (0, 3)}, {"misses": (15, 20)}]
)
def test_a_place_in_which_hits_and_passes_tell_too_little_is_not_checked(known):
    """Too much noise, or too few tries."""
    name, ruling = planted(msgspec.structs.replace(GOOD, **known))
    assert (name, ruling.outcome, ruling.reason) == ("calibrate.noisy", Outcome.INSUFFICIENT, Reason.BUDGET)


def test_every_table_has_a_reader():
    """What the rules look at is registered."""
    assert {"keyword", "screen", "isolate", "domain", "calibrate"} <= SIGHTS.keys() & TABLES.keys()
