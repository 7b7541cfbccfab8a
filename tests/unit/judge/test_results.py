"""One record with its verdict, and the object that says so."""

import json

import msgspec
import pytest

from hushmap.codec import read_ooni
from hushmap.detect import say
from hushmap.judge import VERDICT, judge_one, judge_record
from hushmap.model import Knowledge, Vantage

KNOWLEDGE = Knowledge()
KEYS = """schema record source test target category started vantage outcome label evidence scope mechanisms reason trials
error_bound rule rules knowledge proof sentence ooni""".split()


def test_the_object_has_exactly_the_published_keys(records):
    """UX 5: these keys, in this order, for every record; pairs are failures of attempts."""
    record = records["https://b.example/"]
    shown = judge_record(record, KNOWLEDGE)
    assert list(shown) == KEYS
    assert shown["schema"] == VERDICT
    assert shown["outcome"] == "blocked"
    assert shown["mechanisms"] == ["tls.reset.sni"]
    assert shown["trials"]["subject"][0] == shown["trials"]["subject"][1] >= 5
    assert set(shown["trials"]) == {"subject", "baseline", "helper", "peer"}
    assert shown["ooni"] == {"blocking": None, "accessible": None, "agrees": None}
    assert set(shown["proof"]) <= {trial.id for trial in record.trials}
    assert json.loads(json.dumps(shown)) == shown


@pytest.mark.parametrize(("blocking", "accessible", "agrees"), [(False, True, True), ("dns", False, False)])
def test_a_foreign_record_has_its_makers_conclusion_beside(measurement, blocking, accessible, agrees):
    """What OONI concluded is shown, with whether we agree; the verdict is made without it."""
    record = read_ooni(measurement(blocking=blocking, accessible=accessible), file="x.jsonl", offset=7)
    shown = judge_record(record, KNOWLEDGE)
    assert list(shown) == KEYS
    assert (shown["source"], shown["test"], shown["outcome"]) == ("x.jsonl", "web_connectivity", "ok")
    assert shown["ooni"] == {"blocking": blocking, "accessible": accessible, "agrees": agrees}


def test_a_word_says_where_it_was_sent(records):
    """A word is tested once a place, so its object has the place beside."""
    shown = judge_record(records["weather"], KNOWLEDGE)
    assert list(shown) == [*KEYS, "place", "encoding", "canary", "words", "triggers"]
    assert (shown["target"], shown["place"], shown["outcome"]) == ("weather", "http-path", "blocked")
    assert judge_one(records["weather"], KNOWLEDGE).word


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, "unknown"),
        ({"asn": "declared", "country": "looked_up"}, "declared"),
        ({"country": "looked_up"}, "looked_up"),
    ],
)
def test_a_vantage_says_how_it_is_known(records, known, expected):
    """Declared, looked up or unknown, and which."""
    vantage = Vantage(country="XE", asn=64501, network="Net-A", kind="home", resolver_asn=64501, known=known)
    shown = judge_record(msgspec.structs.replace(records["https://a.example/"], vantage=vantage), KNOWLEDGE)
    assert shown["vantage"] == {
        "cc": "XE",
        "asn": 64501,
        "network": "Net-A",
        "kind": "home",
        "from": expected,
        "resolver_asn": 64501,
    }


def test_sentences_come_in_the_language_asked_for(records):
    """Label and sentence change with the language; what is claimed does not."""
    english, chinese = (judge_one(records["https://b.example/"], KNOWLEDGE, lang) for lang in ("en", "zh"))
    assert english.verdict == chinese.verdict
    assert english.saying.label != chinese.saying.label


def test_words_are_made_once_and_only_when_asked_for(records, monkeypatch):
    """Counting a verdict makes no sentence; a sentence that was made is kept."""
    made = []
    monkeypatch.setattr("hushmap.judge.results.say", lambda *given: made.append(given) or say(*given))
    one = judge_one(records["https://b.example/"], KNOWLEDGE)
    assert (one.group, made) == ("Blocked", [])
    assert one.saying is one.saying
    assert len(made) == 1


def test_judging_again_says_the_same(records):
    """A verdict is a function of record, rules and knowledge."""
    for record in records.values():
        assert judge_record(record, KNOWLEDGE) == judge_record(record, KNOWLEDGE)


def test_a_source_stands_for_itself(records):
    """Without a file and line given, the record's own file is named."""
    assert judge_record(records["https://a.example/"], KNOWLEDGE)["source"] == "records.jsonl"
    assert judge_record(records["https://a.example/"], KNOWLEDGE, source="x:3")["source"] == "x:3"
