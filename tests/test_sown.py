"""What is sown is what the tests of words say it is: by the censors' own reading, every text and word is as claimed."""

import json

import msgspec
import pytest

from hushmap.catalog import open_deck, packed
from hushmap.lab.censors.catalogue import faults
from hushmap.lab.censors.naming import Naming
from hushmap.lab.censors.wording import Wording
from hushmap.model import Place, Trigger
from sown import NAMES, PLACES, SINGLES, TEXTS, WORDS, Rule, network, sow
from test_bench import _loaded

bench = _loaded("keywords_lab")
FEW = {"words": 200, "singles": 5, "texts": 32}


def hits(sown, text):
    """How many of the network's rules in this place act on a text."""
    if sown.place in NAMES:
        return sum(Naming(censor).covers(text) is not None for censor in sown.censors)
    return sum(Wording(censor).within(text.encode()) is not None for censor in sown.censors)


@pytest.mark.parametrize("place", PLACES)
def test_a_text_holds_its_rule_or_none(place):
    """Each holder is hit by one rule, unless it holds what lifts that; all others, which lack one thing, by none."""
    sown = sow(place)
    assert (len(sown.words), len(sown.singles), len(sown.texts)) == (WORDS, SINGLES, TEXTS)
    assert len(set(sown.words)) == WORDS
    for text in sown.texts:
        rule = sown.rules.get(text)
        assert hits(sown, text) == (rule is not None and not rule.unless), text
        assert rule is None or all(part in text for part in (*rule.parts, *rule.unless))
    assert sorted(len(rule.parts) for rule in sown.rules.values()) == [2] * 13 + [3] * 2
    assert sum(rule.ordered for rule in sown.rules.values()) == 2
    assert {word for word in sown.words if hits(sown, word)} == sown.singles
    assert hits(sown, sown.canary) == 1
    assert sow(place) == sown
    assert sow(place, 2).words != sown.words


def test_the_network_can_be_built():
    """With every rule of every place, toward every port; its own rules are as they were, at the new scale."""
    scenario = network([sow(place, **FEW) for place in PLACES])
    assert [list(faults(censor)) for censor in scenario.censor if list(faults(censor))] == []
    assert scenario.scale == 30
    longest = max(censor.residual_s for censor in scenario.censor)
    assert longest * scenario.scale == pytest.approx(180), "what is 180 s in the field"


def test_a_trigger_explains_a_rule_exactly_or_not():
    """The same strings, in order where that matters, with what lifts them, and nothing besides."""
    trigger = Trigger(kind="and", parts=("b", "a"), place="http-path", ordered=False)
    assert Rule(("a", "b")).explains(trigger)
    assert not Rule(("a", "b"), ordered=True).explains(trigger)
    assert not Rule(("a", "b")).explains(msgspec.structs.replace(trigger, ordered=True))
    assert Rule(("b", "a"), ordered=True).explains(msgspec.structs.replace(trigger, ordered=True))
    assert not Rule(("a", "b"), unless=("c",)).explains(trigger)
    assert Rule(("a", "b"), unless=("c",)).explains(msgspec.structs.replace(trigger, unless=("c",)))
    assert not Rule(("a",)).explains(trigger)


def test_the_deck_can_be_opened_and_a_run_read(tmp_path):
    """Words in packs with their canary, texts by themselves; found, missed and invented are told apart."""
    sown = sow(Place.HTTP_PATH, **FEW)
    deck = open_deck(str(bench.write_deck([sown], tmp_path)))
    assert {target.experiment for target in packed(tuple(deck.targets), 1)} == {"calibrate", "screen", "isolate"}
    single, other = min(sown.singles), next(word for word in sown.words if word not in sown.singles)
    text, rule = next(iter(sown.rules.items()))
    calm = next(each for each in sown.texts if each not in sown.rules)
    right = {"kind": "and", "parts": rule.parts, "ordered": False, "place": "http-path"}
    records = [{"kind": "record", "id": f"r-{n}", "experiment": name, "layer": "http-path"} for n, name in enumerate(
        ("screen", "isolate", "isolate"))]  # fmt: skip
    verdicts = [
        {"target": "words#1", "outcome": "blocked", "words": {single: "cut", other: "cut"}},
        {"target": text, "outcome": "blocked", "triggers": [right]},
        {"target": calm, "outcome": "blocked", "triggers": [{**right, "parts": ["x"]}]},
    ]
    verdicts = [{"record": f"r-{number}", **one} for number, one in enumerate(verdicts)]
    for name, rows in (("records", records), ("verdicts", verdicts)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n")
    (found,) = bench.read(tmp_path, [sown])
    assert (found.words, found.wrong_words, found.exact) == ({single, other}, {other}, 1)
    assert found.missed_words == sown.singles - {single}
    assert (len(found.missed), len(found.invented), found.right) == (14, 1, False)
    assert len(found.open) == len(sown.words) - 2
    lines = bench.text(bench.Outcomes((found,), 3.0, 0, None)).splitlines()
    assert lines[-1] == "3 s of 600, exit code 0"
    told = [(row.bar, row.figure, row.verdict) for row in bench.rows(bench.Outcomes((found,), 3.0, 0, None))]
    assert told == [
        ("5 of 5", "1", "MISSED"),
        ("15 of 15", "1", "MISSED"),
        ("0", "2", "MISSED"),
        ("600 s", "3 s", "met"),
    ]
    assert "1/5" in lines[1]
    assert "1/15" in lines[1]
