"""What a summary counts."""

import msgspec

from hushmap.codec import read_ooni
from hushmap.judge import Counters, Example, Kept, Parting, judge_one
from hushmap.model import Knowledge, Record
from hushmap.runs import Reject

KNOWLEDGE = Knowledge()
SOME = Record(id="1", run="", experiment="tor", target="", started="2026-11-22T10:00:00Z", ended="", run_started="")
PARTING = Parting(claim="anomaly", group="Reachable", why="same_page")


def test_words_are_never_counted_among_sites(records):
    """A summary counts sites and words apart, by group, with reasons and kinds of evidence beside."""
    counters = Counters()
    for record in records.values():
        counters.add(judge_one(record, KNOWLEDGE))
    counters.add(Reject(source="x:1", error="damaged"))
    counters.add(Kept("tor", "x:2", SOME))
    assert dict(counters.sites) == {"Reachable": 1, "Blocked": 1}
    assert counters.words.total() == 2
    assert counters.outcomes.total() == 4
    assert (counters.judged, counters.rejects, dict(counters.kept), counters.read) == (4, 1, {"tor": 1}, 6)
    assert (counters.blocked, counters.single) == ({"controlled": 1}, 0)
    assert (counters.claims, counters.partings) == (0, {})


def test_reasons_of_undecided_ones_are_counted(records):
    """Why nothing could be decided is part of the summary."""
    record = records["https://b.example/"]
    counters = Counters()
    counters.add(judge_one(msgspec.structs.replace(record, trials=()), KNOWLEDGE))
    assert counters.reasons.total() == 1


def _judged(measurement, name, **keys):
    line = measurement(name, **keys)
    return judge_one(read_ooni(line, file="x.jsonl"), KNOWLEDGE, source=f"x.jsonl:{name[0]}")


def test_ways_to_part_are_counted_with_the_first_examples(measurement):
    """Each way in which OONI's conclusion and ours part has its number, and the first records in which they do."""
    counters = Counters(examples=2)
    counters.add(_judged(measurement, "z.example"))
    for name in ("a.example", "b.example", "c.example"):
        counters.add(_judged(measurement, name, blocking="http-diff", accessible=False))
    assert (counters.claims, counters.partings) == (4, {PARTING: 3})
    assert [one.source for one in counters.examples[PARTING]] == ["x.jsonl:a", "x.jsonl:b"]
    first = counters.examples[PARTING][0]
    assert first == Example(
        record=first.record, source="x.jsonl:a", target="https://a.example/", blocking="http-diff", accessible=False,
        outcome="ok", label="Reachable", rule=first.rule,
    )  # fmt: skip


def test_counts_of_parts_are_the_counts_of_the_whole(measurement, records):
    """However the records are divided, the sums and the examples are the same."""
    found = [_judged(measurement, f"{name}.example", blocking="dns", accessible=False) for name in "abcdef"]
    found += [judge_one(record, KNOWLEDGE) for record in records.values()]
    found += [Reject(source="x:1", error="damaged"), Kept("tor", "x:2", SOME), Kept("ndt", "x:3", SOME)]

    def counted(*parts):
        whole = Counters(examples=3)
        for part in parts:
            more = Counters(examples=3)
            for one in part:
                more.add(one)
            whole.join(more)
        return vars(whole)

    assert counted(found) == counted(found[:2], found[2:5], [], found[5:9], found[9:])


def test_a_flood_of_names_is_counted_together():
    """A file may name a different test in every line; the summary stays small."""
    counters, more = Counters(), Counters()
    for number in range(150):
        more.add(Kept(f"test-{number}", "x:1", SOME))
    counters.join(more)
    assert counters.kept.total() == 150
    assert len(counters.kept) <= 101
