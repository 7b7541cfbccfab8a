"""Which records a person means."""

import msgspec
import pytest

from hushmap.cli import finding as module
from hushmap.cli.fault import Fault
from hushmap.cli.finding import first_of, found_among, matching
from hushmap.codec import read_ooni
from hushmap.judge import Found
from hushmap.runs import Reject
from unit.judge.foreign import measurement

BROKEN = Reject(source="x.jsonl:9", error="damaged")


def found(name, line):
    """A measurement of a site, at a line."""
    return Found(read_ooni(measurement(name), file="x.jsonl"), f"x.jsonl:{line}")


EVERY = [found("a.example", 1), BROKEN, found("b.example", 2), found("a.example", 3)]


@pytest.mark.parametrize(
    ("target", "sources"),
    [
        ("a.example", ["x.jsonl:1", "x.jsonl:3"]),
        ("HTTPS://A.example", ["x.jsonl:1", "x.jsonl:3"]),
        ("https://b.example/", ["x.jsonl:2"]),
        ("x.jsonl:3", ["x.jsonl:3"]),
        (EVERY[2].record.id, ["x.jsonl:2"]),
    ],
)
def test_a_record_is_found_by_host_address_place_or_id(target, sources):
    """Whatever a person copies from a list leads to the records that it names."""
    assert [one.source for one in found_among(iter(EVERY), target, "x.jsonl").records] == sources


def test_a_whole_address_goes_before_a_host():
    """A target that is a bare name is itself, before the sites whose host it is."""
    bare = msgspec.structs.replace(EVERY[0], record=msgspec.structs.replace(EVERY[0].record, target="a.example"))
    assert found_among([EVERY[3], bare], "a.example", "x").records == [bare]


def test_an_id_ends_the_search():
    """Nothing is read beyond the record that is meant."""
    rest = iter(EVERY)
    found_among(rest, "x.jsonl:1", "x.jsonl")
    assert next(rest) is BROKEN


def test_many_records_of_one_site_are_bounded(monkeypatch):
    """The first are kept, the others counted."""
    monkeypatch.setattr(module, "MOST", 2)
    hits = found_among((found("a.example", line) for line in range(5)), "a.example", "x")
    assert (len(hits.records), hits.more) == (2, 3)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("x.jsonl:9", r"^x.jsonl:9: damaged; it is set aside"),
        ("b.exampl", r"^no record 'b.exampl' in x.jsonl; did you mean b.example"),
        ("zzz", r"see all of them: hushmap judge x.jsonl --json$"),
    ],
)
def test_what_is_not_there_is_said(monkeypatch, target, said):
    """A damaged line is told as such; else the nearest names, or where all are."""
    with pytest.raises(Fault, match=said):
        found_among(iter(EVERY), target, "x.jsonl")
    monkeypatch.setattr(module, "_NAMES", 0)
    with pytest.raises(Fault):
        found_among(iter(EVERY), "b.exampl", "x.jsonl")


def test_all_records_of_a_small_input(monkeypatch):
    """Without a name, all of them, if they are few; a damaged line among them does no harm."""
    assert first_of(iter(EVERY), "x") == [one for one in EVERY if one is not BROKEN]
    monkeypatch.setattr(module, "LISTED", 2)
    with pytest.raises(Fault, match=r"^x holds more than 2 records; name one"):
        first_of(iter(EVERY), "x")


@pytest.mark.parametrize(("every", "why"), [([], "it is empty"), ([BROKEN, BROKEN], "x.jsonl:9: damaged")])
def test_an_input_without_a_record(every, why):
    """Why there is none is said."""
    with pytest.raises(Fault, match=f"no record in x .{why}."):
        first_of(iter(every), "x")


def test_a_run_is_searched_by_id_before_host(judged):
    """In a run all are at hand; an id is preferred."""
    one = judged[3]
    assert matching(judged, one.record.id) == [one]
    with pytest.raises(Fault, match="no target 'nowhere' in this run"):
        matching(judged, "nowhere")
