"""From record lines to verdict objects."""

import json

import msgspec
import pytest

from hushmap.codec import LINE_LIMIT, encode_amend, encode_record
from hushmap.judge import (
    REJECT,
    VERDICT,
    Counters,
    Judged,
    judge_lines,
    judge_one,
    judge_path,
    judge_record,
)
from hushmap.model import Amend, Knowledge, Place, Target, Vantage, Void
from hushmap.runs import Manifest, Reject, RunFolder, RunsError
from unit.runner.fakes import HELPER, World, carry, plan_of, sites

KNOWLEDGE = Knowledge()
KEYS = """schema record source test target category started vantage outcome label evidence scope mechanisms reason trials
error_bound rule rules knowledge proof sentence ooni""".split()
WORD = {"experiment": "keyword", "place": Place.HTTP_URL, "category": "NEWS"}


@pytest.fixture(scope="module")
def records():
    """Sealed records: a reachable site, a blocked one, a canary and a word that were cut off."""
    world = World()
    world.cut_names.add("b.example")
    world.cut_words.add("weather")
    targets = (
        *sites("a.example", "b.example"),
        Target(text="weather", canary=True, **WORD),
        Target(text="peace", **WORD),
    )
    folder = carry(plan_of(*targets, helper=HELPER), world).folder
    return {record.target: record for record in folder.records()}


def _lines(*records):
    return [encode_record(record) for record in records]


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


def test_a_word_says_where_it_was_sent(records):
    """A word is tested once a place, so its object has the place beside."""
    shown = judge_record(records["weather"], KNOWLEDGE)
    assert list(shown) == [*KEYS, "place"]
    assert (shown["target"], shown["place"], shown["outcome"]) == ("weather", "http-url", "blocked")


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


def test_judging_again_says_the_same(records):
    """A verdict is a function of record, rules and knowledge."""
    for record in records.values():
        assert judge_record(record, KNOWLEDGE) == judge_record(record, KNOWLEDGE)


def test_lines_are_judged_in_their_order_with_their_place(records):
    """Every line has its place; a damaged one becomes a reject and never a verdict; a doubled one is read once."""
    a, b = records["https://a.example/"], records["https://b.example/"]
    strange = msgspec.structs.replace(a, id="other-0001", experiment="tor")
    good = _lines(a, b, a, strange)
    lines = [good[0], b'{"kind":"record","v":1}\n', b"\xff\xfe\n", good[1], good[2], good[3], good[0][:50]]
    found = list(judge_lines(lambda: lines, "x.jsonl", KNOWLEDGE))
    assert [one.source for one in found] == [f"x.jsonl:{number}" for number in (1, 2, 3, 4, 6, 7)]
    assert [isinstance(one, Judged) for one in found] == [True, False, False, True, False, False]
    assert "no rules for experiment" in found[4].error
    assert "cut short" in found[5].error
    assert all("\n" not in one.error for one in found if isinstance(one, Reject))


def test_amends_are_applied_before_judging(records):
    """A record whose pairs were found void later is judged without them, though the amend stands last."""
    record = records["https://b.example/"]
    amend = Amend(record=record.id, voids=tuple(Void(trial=t.id, reason="residual") for t in record.trials))
    (judged,) = judge_lines(lambda: [*_lines(record), encode_amend(amend)], "x", KNOWLEDGE)
    assert judged.verdict.outcome == "insufficient"


def test_a_run_folder_and_a_file_give_the_same(tmp_path, records):
    """A PATH is a run folder or a file of record lines; rejects are objects of their own schema."""
    target = Target(experiment="web", text="https://a.example/")
    run = records["https://a.example/"].run
    manifest = Manifest(run=run, started="2026-11-21T22:33:00Z", deck="x", targets=(target,))
    with RunFolder.create(tmp_path, run, manifest) as folder:
        folder.seal(records["https://a.example/"], 0)
        file = folder.records_path
    with file.open("ab") as stream:
        stream.write(b"x" * (LINE_LIMIT + 10) + b"\n" + b"[]")
    shown = list(judge_path(tmp_path / run, KNOWLEDGE))
    assert shown == list(judge_path(file, KNOWLEDGE))
    assert [one["schema"] for one in shown] == [VERDICT, REJECT, REJECT]
    assert shown[0]["source"] == "records.jsonl:1"
    assert shown[2]["source"] == "records.jsonl:3"


def test_a_folder_without_records_has_no_verdicts(tmp_path):
    """A run that was stopped before anything was sealed is no fault; a folder that is no run is one."""
    manifest = Manifest(run="r", started="2026-11-21T22:33:00Z", deck="x", targets=())
    RunFolder.create(tmp_path, "r", manifest).close()
    (tmp_path / "r" / "records.jsonl").unlink(missing_ok=True)
    assert list(judge_path(tmp_path / "r", KNOWLEDGE)) == []
    with pytest.raises(RunsError, match="is no run folder"):
        list(judge_path(tmp_path, KNOWLEDGE))


def test_words_are_never_counted_among_sites(records):
    """A summary counts sites and words apart, by group, with labels, reasons and kinds of evidence beside."""
    counters = Counters()
    for record in records.values():
        counters.add(judge_one(record, KNOWLEDGE))
    counters.add(Reject(source="x:1", error="damaged"))
    assert dict(counters.sites) == {"Reachable": 1, "Blocked": 1}
    assert counters.words.total() == 2
    assert counters.judged == 4
    assert counters.rejects == 1
    assert counters.labels["Blocked", "Blocked by name"] == 1
    assert counters.blocked == {"controlled": 1}


def test_reasons_of_undecided_ones_are_counted(records):
    """Why nothing could be decided is part of the summary."""
    record = records["https://b.example/"]
    counters = Counters()
    counters.add(judge_one(msgspec.structs.replace(record, trials=()), KNOWLEDGE))
    assert counters.reasons.total() == 1


def test_a_source_stands_for_itself(records, tmp_path):
    """Without a file and line given, the record's own file is named."""
    assert judge_record(records["https://a.example/"], KNOWLEDGE)["source"] == "records.jsonl"
