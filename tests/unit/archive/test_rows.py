"""Rows of what was judged."""

import datetime as dt
import os
from pathlib import Path

import msgspec
import pytest

from house import ROOT
from hushmap.archive.rows import ALL, Facts, Rows, arrow
from hushmap.archive.schema import TABLES, arrow_schema
from hushmap.codec import read_ooni
from hushmap.judge import Kept, found_in, judge_one, judged
from hushmap.model import Ask, Layer, Platform, Post, Trial, Vantage
from hushmap.runs import Reject, inputs
from unit.archive.kept import KNOWLEDGE, line

FIELD = Path(os.environ.get("HUSHMAP_FIELD_DATA", ROOT.parent / "shared" / "data")) / "ooni" / "real"


def _judged(**keys):
    return judge_one(read_ooni(line(**keys)), KNOWLEDGE, source="x:1")


def _only(found, table, **more):
    batch = arrow([found], **more)[table]
    assert batch.schema == arrow_schema(table)
    return batch.to_pylist()


def test_a_site_of_ooni_has_a_row_in_each_table_but_triggers():
    """One record, one verdict, its steps; what is not known is null."""
    found = _judged()
    (record,), (verdict,) = _only(found, "records"), _only(found, "verdicts")
    shared = {"day": dt.date(2026, 11, 21), "record": "21-a.example", "domain": "a.example", "asn": 64501}
    assert shared.items() <= record.items()
    assert shared.items() <= verdict.items()
    assert record["started"] == dt.datetime(2026, 11, 21, 22, 33, tzinfo=dt.UTC)
    assert (record["source"], record["vantage_known"], record["label"]) == ("x:1", "looked_up", None)
    assert (verdict["outcome"], verdict["verdict_label"], verdict["group"]) == ("ok", "Reachable", "Reachable")
    assert (verdict["category"], verdict["error_bound"], verdict["mechanisms"]) == (None, None, [])
    steps = _only(found, "steps")
    assert {step["step"] for step in steps} == {"resolve", "connect", "fetch"}
    assert next(step["answers"] for step in steps if step["step"] == "resolve") == ["192.0.2.7"]
    assert {step["record"] for step in steps} == {"21-a.example"}
    assert not _only(found, "triggers")


def test_records_of_ours_have_rows(records):
    """A run's sites and words: words have a place and no domain, the canary is one, triggers are rows."""
    tables = arrow([judge_one(record, KNOWLEDGE) for record in records.values()], Facts(label="g", deck="sites"))
    verdicts = {row["target"]: row for row in tables["verdicts"].to_pylist()}
    assert verdicts["weather"]["canary"]
    assert (verdicts["peace"]["place"], verdicts["peace"]["domain"]) == ("http-path", None)
    assert {row["label"] for row in verdicts.values()} == {"g"}
    assert {row["deck"] for row in verdicts.values()} == {"sites"}
    assert {row["trigger"] for row in tables["triggers"].to_pylist()} == {"weather"}
    assert sum(row["trials"] for row in tables["records"].to_pylist()) > 4


def test_every_label_is_the_one_that_is_said(records):
    """The short way to a label leads to the same."""
    every = [judge_one(record, KNOWLEDGE) for record in records.values()]
    every += [_judged(blocking="dns", accessible=False), _judged(queries=[], requests=[], tcp_connect=[])]
    rows = arrow(every)["verdicts"]["verdict_label"].to_pylist()
    assert rows == [one.saying.label for one in every]
    chinese = [msgspec.structs.replace(one, lang="zh") for one in every]
    assert arrow(chinese)["verdicts"]["verdict_label"].to_pylist() == rows


def test_only_the_tables_that_are_wanted_are_made():
    """Steps are most of the work, and a question about verdicts needs none."""
    found = _judged()
    assert set(arrow([found], tables={"verdicts"})) == {"verdicts"}
    assert set(arrow([found], tables=ALL - {"steps"})) == {"records", "verdicts", "triggers"}
    assert {name: len(arrow([])[name]) for name in TABLES} == dict.fromkeys(TABLES, 0)


def test_what_is_not_judged_is_a_record_and_nothing_more():
    """A record of a test without rules is kept."""
    record = read_ooni(line(test="telegram"))
    tables = arrow([Kept("telegram", "x:1", record)])
    assert {name: len(batch) for name, batch in tables.items()} == {
        "records": 1,
        "steps": 0,
        "verdicts": 0,
        "triggers": 0,
    }


def test_a_trial_without_steps_is_a_row():
    """Why it was not carried out is told; it has no outcome."""
    found = _judged()
    undone = Trial(id=7, ask=Ask(layer=Layer.TCP, address="192.0.2.9", port=443), undone="no_ipv6")
    record = msgspec.structs.replace(found.record, trials=(undone,))
    (step,) = _only(msgspec.structs.replace(found, record=record), "steps")
    assert (step["step"], step["n"], step["failure"], step["undone"]) == (None, None, None, "no_ipv6")
    assert (step["address"], step["port"], step["void"]) == ("192.0.2.9", 443, False)


@pytest.mark.parametrize(
    ("target", "domain"),
    [
        ("https://A.Example:8443/x", "a.example"),
        ("a.example.", "a.example"),
        ("http://[::1", None),
        ("https:///x", None),
        ("", None),
        ("no name", None),
        ("http://192.0.2.1/", "192.0.2.1"),
    ],
)
def test_the_domain_is_the_host_without_a_port(target, domain):
    """In lower case; what names no host has none."""
    found = _judged()
    (row,) = _only(
        msgspec.structs.replace(found, record=msgspec.structs.replace(found.record, target=target)), "records"
    )
    assert row["domain"] == domain


def test_a_service_has_no_domain():
    """Its target is its name."""
    found = _judged()
    record = msgspec.structs.replace(found.record, target="telegram", experiment="service")
    assert _only(Kept("service", "x", record), "records")[0]["domain"] is None


def test_a_session_is_the_line():
    """Equal where network, resolver and kind are; unknown where the network is."""

    def session(**vantage):
        found = _judged()
        record = msgspec.structs.replace(found.record, vantage=Vantage(**vantage))
        return _only(Kept("x", "x", record), "records")[0]["session"]

    assert session(asn=1) == session(asn=1)
    assert (
        len({session(asn=1), session(asn=2), session(asn=1, kind="home"), session(asn=1, resolver="192.0.2.1")}) == 4
    )
    assert session(kind="home") is None


def test_annotations_say_what_no_manifest_does(records):
    """A published copy's records carry label and deck themselves; a stranger's annotations are not taken for it."""
    record = next(iter(records.values()))
    told = msgspec.structs.replace(record, annotations={"label": "g", "deck": "sites sha256:00"})
    (row,) = _only(Kept("x", "x", told), "records")
    assert (row["label"], row["deck"]) == ("g", "sites")
    foreign = msgspec.structs.replace(_judged().record, annotations={"label": "g"})
    assert _only(Kept("x", "x", foreign), "records")[0]["label"] is None


@pytest.mark.parametrize("change", [{"started": "soon"}, {"vantage": Vantage(asn=2**70)}, {"target": "\ud800"}])
def test_what_no_table_can_hold_is_an_error(change):
    """A time that is none, a number beyond all columns, text that is none."""
    record = msgspec.structs.replace(_judged().record, **change)
    rows = Rows()
    rows.add(Kept("x", "x", record))
    with pytest.raises(ValueError, match=r"\w"):
        rows.arrow()


def test_a_part_is_what_it_would_be_alone():
    """Rows of a stretch of records are those of these records."""
    every = [_judged(name=name) for name in ("a.example", "b.example", "c.example")]
    rows = Rows()
    for one in every:
        rows.add(one)
    assert len(rows) == 3
    assert rows.arrow(1, 2) == arrow(every[1:2])
    assert rows.arrow() == arrow(every)


@pytest.mark.skipif(not FIELD.is_dir(), reason="OONI's measurements are not ours to ship: see HUSHMAP_FIELD_DATA")
def test_real_measurements_have_rows():
    """Every real measurement that can be read has a row, whatever its test and age."""
    found = [found for one in inputs(FIELD) for found in found_in(one) if not isinstance(found, Reject)]
    tables = arrow(judged(found, KNOWLEDGE))
    assert tables["records"]["record"].to_pylist() == [one.record.id for one in found]
    assert len(tables["verdicts"]) >= 5


def test_a_post_that_a_person_may_have_written_has_no_row():
    """That of a public body has, without a domain."""
    post = Post(platform=Platform(id="p", name="P"))
    record = msgspec.structs.replace(_judged().record, experiment="watch", target="post-a", post=post)
    tables = arrow([Kept("watch", "x", record)])
    assert [name for name, batch in tables.items() if batch.num_rows] == []
    unknown = arrow([Kept("watch", "x", msgspec.structs.replace(record, post=None))])
    assert [name for name, batch in unknown.items() if batch.num_rows] == []
    public = msgspec.structs.replace(record, post=msgspec.structs.replace(post, public_body=True))
    (row,) = _only(Kept("watch", "x", public), "records")
    assert (row["target"], row["domain"]) == ("post-a", None)
