"""Inputs to records: ours are amended and counted once, foreign ones stream."""

import gzip
import io

import msgspec
import pytest

from hushmap.codec import encode_amend, encode_record
from hushmap.judge import Found, found_in, found_in_run, reading
from hushmap.model import Amend, Void
from hushmap.runs import Input, Reject, RunsError

A, B = "https://a.example/", "https://b.example/"


def sources(found):
    """Where each stands, and whether it is a record."""
    return [(one.source.rpartition(":")[2], isinstance(one, Found)) for one in found]


def test_our_lines_are_read_in_their_order_with_their_place(file, records, lines):
    """Every line has its place; a damaged one becomes a reject; a doubled one is read once."""
    strange = encode_record(msgspec.structs.replace(records[A], id="other-0001", experiment="tor"))
    damaged = b'{"kind":"record","v":1}\n'
    data = lines[A] + damaged + b"\xff\xfe\n" + lines[B] + lines[A] + strange + lines[A][:50]
    found = list(found_in(file(data), "x"))
    assert sources(found) == [("1", True), ("2", False), ("3", False), ("4", True), ("6", True), ("7", False)]
    assert "cut short" in found[-1].error
    assert all("\n" not in one.error for one in found if isinstance(one, Reject))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_amends_are_applied(file, records, lines, pack):
    """A record is given with what was found void later, though the amend stands last; packed or not."""
    record = records[B]
    amend = Amend(record=record.id, voids=tuple(Void(trial=t.id, reason="residual") for t in record.trials))
    (found,) = found_in(file(pack(lines[B] + encode_amend(amend))), "x")
    assert found.record.context.voids == amend.voids
    assert found.record.counted == ()


def test_a_line_without_its_newline_is_cut_short(file, lines):
    """An append counts once its newline is on the disk, even if what is there could be read."""
    first, last = found_in(file(lines[A] + lines[B][:-1]), "x")
    assert isinstance(first, Found)
    assert last == Reject(source="x:2", error="the line is cut short: an append that a crash interrupted")


def test_a_damaged_first_line_does_not_make_a_file_foreign(file, lines):
    """A file is known for ours by one of its first three lines."""
    assert sources(found_in(file(b"junk\n{}\n" + lines[A]), "x")) == [("1", False), ("2", False), ("3", True)]


def test_foreign_lines_are_read_once(file, measurement, lines):
    """A measurement that stands twice is given twice; a line of ours among them is set aside, since an amend may follow."""
    data = measurement() * 2 + measurement("b.example") + lines[A] + b"{}\n" + measurement()[:-1]
    found = list(found_in(file(data)))
    assert sources(found) == [("1", True), ("2", True), ("3", True), ("4", False), ("5", False), ("6", True)]
    assert found[3].error.startswith("a record of Hushmap's among others'")
    assert found[0].source.endswith("/x.jsonl:1")
    record = found[2].record
    assert (record.source.offset, record.source.file) == (2 * len(measurement()), found[0].source[:-2])


def test_damage_of_a_foreign_file_is_told(file, measurement):
    """A cut packing gives what came before it."""
    found = list(found_in(file(gzip.compress(measurement()) + gzip.compress(measurement())[:-9], "x.gz"), "x.gz"))
    assert isinstance(found[0], Found)
    assert found[-1] == Reject(source=f"x.gz:{len(found)}", error="the gzip data are cut short")


def test_what_cannot_be_opened_is_a_reject():
    """An input that was there when the folder was listed may be gone or locked now."""

    def refuse():
        raise RunsError("/data/x.jsonl", "Permission denied", "check its permissions")

    one = Input(name="x.jsonl", open=refuse)
    assert list(found_in(one)) == [Reject(source="x.jsonl:1", error="Permission denied; check its permissions")]


def test_an_empty_input_is_a_reject():
    """Nothing is named as nothing."""
    assert list(found_in(Input(name="x", open=io.BytesIO))) == [Reject(source="x:1", error="it is empty")]


def test_a_folder_that_is_no_run(tmp_path):
    """A run folder has its manifest."""
    with pytest.raises(RunsError, match="is no run folder"):
        found_in_run(tmp_path)


def test_a_bug_of_ours_in_one_line_leaves_the_others_be(file, lines, measurement, monkeypatch):
    """It is a reject that says so, in files of both kinds."""

    def broken(data, **how):
        if how.get("offset") or (isinstance(data, list) and data[-1][1]):
            raise KeyError("a\nb")
        return real(data, **how)

    said = Reject(source="x:2", error=r"a fault of hushmap, please report it: KeyError: 'a\nb'")
    for name, data in (
        ("decode_any", lines["https://a.example/"] + lines["https://b.example/"]),
        ("read_ooni_lines", measurement("a.example") + measurement("b.example")),
    ):
        with monkeypatch.context() as patched:
            real = getattr(reading, name)
            patched.setattr(reading, name, broken)
            good, bad = found_in(file(data), "x")
        assert isinstance(good, Found)
        assert bad == said
