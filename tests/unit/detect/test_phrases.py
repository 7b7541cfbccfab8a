"""What was sent, and what of it made the difference, as phrases."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.detect.messages import CATALOGUES, catalogue
from hushmap.detect.phrases import NAMED, SHORT, only, told, trigger_words, word_fields
from hushmap.detect.saying import say
from hushmap.model import Counts, Outcome, Place, Reason, Record, Trigger, Verdict

EN = catalogue("en")
RECORD = Record(
    id="r-1", run="r", experiment="isolate", target="t" * 500, layer="http-path", started="", ended="", run_started=""
)
CUT = Verdict(outcome=Outcome.BLOCKED, rule="x", rules="1", knowledge="none", mechanisms=("http.reset.path",))


def trigger(*parts, kind="and", **more):
    """What was found."""
    return Trigger(kind=kind, parts=parts, place="http-path", hits=(5, 6), harmless=(1, 8), **more)


def fields(*triggers, record=RECORD, verdict=CUT, lang="en", **more):
    """The fields of a verdict with these triggers."""
    judged = msgspec.structs.replace(verdict, triggers=triggers, **more)
    return word_fields(catalogue(lang), judged, record)


@pytest.mark.parametrize(
    ("found", "phrase"),
    [
        (trigger("a", kind="word"), "“a”"),
        (trigger("a", kind="word", ordered=True), "“a”"),
        (trigger("a", "b"), "both “a” and “b”"),
        (trigger("a", "b", ordered=True), "both “a” and “b”, in this order"),
        (trigger("a", "b", "c", ordered=False), "“a”, “b” and “c” together, in any order"),
        (trigger("a", kind="word", unless=("c", "d")), "“a”, but not with “c” and “d” beside it"),
        (trigger("a.test", kind="domain", pattern="suffix"), "“a.test” and every name under it"),
        (
            trigger("a.test", kind="domain", pattern="novel"),
            "names like “a.test”, by a pattern that has no name",
        ),
        (trigger(kind="classifier"), "no set of words explains it"),
        (trigger(), "“”"),
    ],
)
def test_a_trigger_is_one_phrase(found, phrase):
    """Its parts, their order, and what lifts it; in Chinese too."""
    assert trigger_words(found) == phrase
    assert trigger_words(found, "zh") != phrase or phrase in {"“a”", "“”"}


def test_a_sentence_is_about_a_trigger_only_where_there_is_one():
    """Not about one of several, not in a pack, not where nothing is cut off."""
    one, two, none = trigger("a", kind="word"), trigger("b", kind="word"), trigger(kind="classifier")
    judged = msgspec.structs.replace(CUT, triggers=(one, none))
    assert only(judged, RECORD) == one
    assert told(judged) == (one,)
    assert only(msgspec.structs.replace(CUT, triggers=(one, two)), RECORD) is None
    assert only(judged, msgspec.structs.replace(RECORD, experiment="screen")) is None
    assert only(msgspec.structs.replace(judged, outcome=Outcome.OK), RECORD) is None


def test_the_counts_of_a_sentence_are_those_of_its_trigger():
    """And where no harmless text passed, there is no comparison."""
    assert fields(trigger("a", kind="word"))["base_ok"] == "7 of 8 times"
    bare = msgspec.structs.replace(trigger("a", kind="word"), harmless=(0, 0))
    assert "base_ok" not in fields(bare)


def test_a_long_text_is_known_by_its_beginning():
    """And by its length."""
    assert fields()["what"] == f"a text of 500 characters (“{'t' * SHORT}…”)"
    short = msgspec.structs.replace(RECORD, target="ab", encoding="gb18030")
    assert fields(record=short)["what"] == "a text of 2 characters (“ab”), in GB 18030,"


@pytest.mark.parametrize("place", Place)
def test_a_word_stands_in_its_places_own_sentence(place):
    """A name that is asked about has sentences of its own, where there are some."""
    word = msgspec.structs.replace(RECORD, experiment="keyword", target="moon", layer=place.value)
    carried = fields(record=word)["carried"]
    assert "“moon”" in carried
    assert carried != "requests with “moon”"
    name = fields(record=msgspec.structs.replace(word, experiment="domain"))["carried"]
    assert (name == carried) == place.value.startswith(("http-", "tcp-")) or place is Place.HTTP_HOST


def test_a_place_that_is_not_known_is_a_request():
    """A fact may name it where the record does not."""
    assert fields(record=msgspec.structs.replace(RECORD, layer=None))["carried"].startswith("requests with a text")
    bare = msgspec.structs.replace(RECORD, layer=None)
    assert "in a cookie" in fields(record=bare, facts={"place": "http-cookie"})["carried"]


def test_a_pack_names_the_first_of_its_words():
    """The rest is in the record."""
    words = tuple(f"w{number}" for number in range(20))
    pack = msgspec.structs.replace(RECORD, experiment="screen", words=words)
    cut = [trigger(word, kind="word") for word in words]
    assert fields(cut[0], record=pack)["what"] == "1 of 20 words (“w0”)"
    assert fields(*cut, record=pack)["what"].endswith("“w9”, …)")
    assert fields(record=pack)["what"] == "any of 20 words"
    passed = msgspec.structs.replace(CUT, outcome=Outcome.OK)
    assert fields(cut[0], record=pack, verdict=passed)["what"] == "any of 20 words"
    assert fields(record=pack, words={"w0": "open", "w1": "passed"})["left"] == "1 word was left open."


def test_of_many_triggers_the_first_are_listed():
    """In a text that has several."""
    many = [trigger(f"w{number}", kind="word") for number in range(NAMED + 1)]
    assert fields(*many)["list"].count("“w") == NAMED
    assert fields(*many)["list"].endswith("; …")
    assert fields(*many[:2])["list"] == "“w0”; “w1”"


def test_facts_become_words():
    """Counts in their form; what is no count, or no reason, is left out."""
    found = fields(facts={"canary": "9 of 10", "harmless": "x", "innocents": "2 of 4", "open": "budget"})
    assert found["canary"] == "9 of 10 times"
    assert found["innocents"] == "Of 4 made-up names that are not under it, 2 were cut off."
    assert found["open"] == EN["reason.budget"]
    assert "harmless" not in found
    assert "open" not in fields(facts={"open": "whim"})


@given(
    parts=st.lists(st.text(), max_size=4),
    unless=st.lists(st.text(), max_size=2),
    ordered=st.sampled_from([None, True, False]),
    pattern=st.sampled_from([None, "exact", "x"]),
    kind=st.sampled_from(["word", "and", "domain", "classifier"]),
    experiment=st.sampled_from(["keyword", "isolate", "domain", "screen", "calibrate"]),
    outcome=st.sampled_from(list(Outcome)),
    number=st.integers(0, 2),
    lang=st.sampled_from(sorted(CATALOGUES)),
)
def test_any_trigger_is_sayable(parts, unless, ordered, pattern, kind, experiment, outcome, number, lang):
    """Whatever strings a list or a text holds: no control character, and no quotation that is left open."""
    one = trigger(*parts, kind=kind, unless=tuple(unless), ordered=ordered, pattern=pattern)
    judged = msgspec.structs.replace(
        CUT,
        outcome=outcome,
        triggers=(one,) * number,
        words={"a": "cut", "b": "open"} if experiment == "screen" else {},
        counts=Counts(subject=(3, 4), baseline=(0, 4)),
        reason=Reason.BUDGET,
    )
    record = msgspec.structs.replace(RECORD, experiment=experiment, target="".join(parts) or "t", words=("a", "b"))
    said = say(judged, record, lang)
    for text in (said.label, said.sentence, said.how_sure, trigger_words(one, lang)):
        assert text.encode()
        assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in text)
        assert text.count("“") == text.count("”")
