"""Inputs cut into tasks, and what a task comes to."""

import gc
import gzip
import io
import json

import msgspec
import pytest

from hushmap.codec import encode_amend, is_native
from hushmap.judge import Found, Judged, Kept, Origin, Ours, Task, Wanted, found_in, judged, tasks
from hushmap.judge import cutting as module
from hushmap.judge.cutting import work, work_ours
from hushmap.model import Amend, Knowledge, Void
from hushmap.runs import Input, Reject, RunsError

KNOWLEDGE = Knowledge()
X = Origin("x")
JSON = Wanted(objects=True, examples=2)


@pytest.fixture
def small(monkeypatch):
    """Tasks of a few lines, so that a small file has several."""
    monkeypatch.setattr(module, "ENOUGH", 4000)
    monkeypatch.setattr("hushmap.codec.unpacking.PIECE", 4000)


def worked(one, wanted=JSON, **how):
    """Every batch of an input."""
    found = []
    for task in tasks(one, X, **how):
        found += (
            list(work_ours(task, KNOWLEDGE, wanted)) if isinstance(task, Ours) else [work(task, KNOWLEDGE, wanted)]
        )
    return found


def total(batches):
    """Objects, rejects and counts of all batches."""
    objects = b"".join(batch.objects for batch in batches)
    rejects = [reject for batch in batches for reject in batch.rejects]
    return objects, rejects, sum(batch.counters.read for batch in batches), sum(batch.read for batch in batches)


@pytest.fixture
def data(measurement):
    """Foreign lines, one of them damaged, one of another test."""
    names = [f"n{number}.example" for number in range(12)]
    return b"".join(map(measurement, names)) + b"{}\n\n" + measurement(test="tor") + measurement("last.example")


def test_handed_over_told_by_place_or_packed_is_the_same(small, file, data):
    """Lines that are handed over, read again where they stand, or unpacked come to the same bytes, all of them."""
    plain = worked(file(data, "plain.jsonl"))
    objects, rejects, read, size = total(plain)
    lines = [json.loads(line) for line in objects.splitlines()]
    assert [line["source"] for line in lines] == [f"x:{number}" for number in (*range(1, 13), 16)]
    assert [reject.source for reject in rejects] == ["x:13"]
    assert (read, size) == (15, len(data))
    assert len(plain) >= 3
    by_path = worked(file(data, "plain.jsonl"), by_path=True)
    assert total(by_path) == total(plain)
    packed = worked(file(gzip.compress(data), "packed.gz"), by_path=True)
    assert total(packed)[:3] == total(plain)[:3]
    assert total(packed)[3] == len(gzip.compress(data))


def test_only_plain_files_are_told_by_place(small, file, data):
    """A task told by its place holds no lines; what is packed, spread or piped is handed over."""
    told = list(tasks(file(data), X, by_path=True))
    assert all(task.path is not None and not task.pieces[0].data for task in told)
    for other in (
        file(gzip.compress(data), "x.gz"),
        file(b"[" + data.splitlines()[0] + b"]", "x.json"),
        Input(name="pipe", open=lambda: io.BytesIO(data)),
    ):
        assert all(task.path is None for task in tasks(other, X, by_path=True))


def test_damage_between_blocks_keeps_its_place(file, data, monkeypatch):
    """A line beyond the bound, in a file told by place, is set aside between the records around it."""
    monkeypatch.setattr("hushmap.codec.unpacking.PIECE", 4000)
    monkeypatch.setattr("hushmap.codec.streams.LINE_LIMIT", 9000)
    line = data.splitlines(keepends=True)[0]
    objects, rejects, _, size = total(worked(file(line + b"x" * 20000 + b"\n" + line), by_path=True))
    assert [json.loads(one)["source"] for one in objects.splitlines()] == ["x:1", "x:3"]
    assert [one.source for one in rejects] == ["x:2"]
    assert size == 2 * len(line) + 20001


def test_a_pipe_is_not_waited_for(measurement):
    """What a pipe gives is judged when it comes, not when a task is full."""
    parts = [measurement(f"n{number}.example") for number in range(3)]

    class Pipe(io.RawIOBase):
        def read1(self, size):
            return parts.pop(0) if parts else b""

    found = tasks(Input(name="pipe", open=Pipe), X)
    first = next(found)
    assert (first.pieces[0].data.count(b"\n"), len(parts)) == (1, 2)


def test_a_list_is_cut_too(small, file, measurement):
    """Objects of a list come in tasks as lines do."""
    lines = [measurement(f"n{number}.example") for number in range(12)]
    batches = worked(file(b"[" + b",".join(lines) + b"]"))
    assert len(batches) >= 3
    assert total(batches)[2] == 12


def test_our_own_files_are_read_twice(file, records, lines, monkeypatch):
    """An input of our own records is no task; its amends are applied, some records at a time."""
    record = records["https://b.example/"]
    amend = Amend(record=record.id, voids=tuple(Void(trial=t.id, reason="residual") for t in record.trials))
    one = file(b"".join(lines.values()) + encode_amend(amend))
    assert [type(task) for task in tasks(one, X)] == [Ours]
    monkeypatch.setattr(module, "_RECORDS", 3)
    batches = worked(one)
    assert [batch.counters.read for batch in batches] == [3, 1]
    objects, _, _, size = total(batches)
    assert size == one.size
    assert json.loads(objects.splitlines()[1])["outcome"] == "insufficient"


def test_records_of_ours_that_lie_elsewhere_are_asked_for_once(file, lines, records):
    """An amend at the end counts as in a file of this computer; how far the copy has come is told meanwhile."""
    record = records["https://b.example/"]
    amend = Amend(record=record.id, voids=tuple(Void(trial=t.id, reason="residual") for t in record.trials))
    data = b"".join(lines.values()) + encode_amend(amend)
    opened = []

    def once():
        assert not opened, "it was asked for again"
        opened.append(True)
        return io.BytesIO(data)

    far = Input(name="https://a.example/x", open=once, size=len(data))
    batches = worked(far)
    assert total(batches)[0] == total(worked(file(data)))[0]
    assert total(batches)[2:] == (4, len(data))
    found = [one.record.id for one in found_in(Input(name="far", open=lambda: io.BytesIO(data)), "x")]
    assert found == [one.record.id for one in found_in(file(data), "x")]


def test_a_copy_that_cannot_be_made_is_one_reject(lines, monkeypatch):
    """Nothing is judged of it."""

    def full():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    far = Input(name="far", open=lambda: io.BytesIO(b"".join(lines.values())))
    (batch,) = worked(far)
    said = "cannot be kept while it is read: No space left on device; save it to a file and give that"
    assert batch.rejects == [Reject(source="x:1", error=said)] == [*found_in(far, "x")]


def test_what_cannot_be_opened_comes_as_a_task():
    """An input that is locked is one reject, and the others go on."""

    def refuse():
        raise RunsError("x", "Permission denied", "check its permissions")

    (batch,) = worked(Input(name="x", open=refuse))
    assert batch.rejects == [Reject(source="x:1", error="Permission denied; check its permissions")]
    (empty,) = worked(Input(name="x", open=lambda: io.BytesIO(b"\n \n")))
    assert (empty.counters.read, empty.read) == (0, 3)


def test_a_file_that_is_gone_when_its_turn_comes(small, file, data):
    """What was told by its place and is not there any more is set aside, block by block."""
    one = file(data)
    found = [*tasks(one, X, by_path=True)]
    one.path.unlink()
    batches = [work(task, KNOWLEDGE, JSON) for task in found]
    assert [reject.error for batch in batches for reject in batch.rejects] == ["No such file or directory"] * len(
        found
    )


def test_without_objects_only_counts_come(file, data):
    """Counting makes no JSON."""
    (batch,) = worked(file(data), Wanted())
    assert (batch.objects, batch.counters.judged, dict(batch.counters.kept)) == (b"", 13, {"tor": 1})


def test_a_fault_of_ours_leaves_the_other_records_be(file, data, monkeypatch):
    """One record that meets a bug is set aside with what the bug said; it is no verdict, and nothing else is lost."""

    def broken(found, *rest):
        if any(isinstance(one, Found) and "n3." in one.record.target for one in found):
            raise KeyError("a\nb")
        return judged(found, *rest)

    monkeypatch.setattr(module, "judged", broken)
    _, rejects, read, _ = total(worked(file(data)))
    assert read == 15
    assert rejects[0] == Reject(source="x:4", error=r"a fault of hushmap, please report it: KeyError: 'a\nb'")


def test_a_file_of_another_kind_does_not_fill_memory(file, monkeypatch):
    """Rejects of one task are counted all, and told up to a bound."""
    monkeypatch.setattr(module, "_REJECTS", 10)
    (batch,) = worked(file(b"1\n" * 1000))
    assert (batch.counters.rejects, len(batch.rejects)) == (1000, 10)


def test_other_tests_are_kept(file, measurement):
    """A record without rules is kept by its test's name, cut to a name's length; a reject stays one."""
    (found,) = found_in(file(measurement(test="t" * 1000)), "x")
    reject = Reject(source="x", error="y")
    assert judged([found, reject], KNOWLEDGE) == [Kept("t" * 60, "x:1", found.record), reject]
    both = judged([found, *found_in(file(measurement())), reject], KNOWLEDGE)
    assert [type(one) for one in both] == [Kept, Judged, Reject]


@pytest.mark.parametrize(("together", "light"), [(1, 10**9), (4, 10**9), (100, 10**9), (100, 5000)])
def test_records_together_are_what_they_are_alone(file, data, monkeypatch, together, light):
    """However many are read and judged at once."""
    expected = total(worked(file(data)))
    monkeypatch.setattr(module, "_TOGETHER", together)
    monkeypatch.setattr(module, "_LIGHT", light)
    assert total(worked(file(data))) == expected


def test_the_collector_is_left_as_it_was(file, data):
    """Garbage in cycles is looked for less often while documents are judged, and as before afterwards."""
    before = gc.get_threshold()
    with module.undisturbed():
        assert gc.get_threshold()[0] > before[0]
    worked(file(data))
    assert gc.get_threshold() == before


def test_tasks_and_batches_can_be_sent(file, data):
    """What goes to a worker and comes back survives the way."""
    import pickle

    (task,) = tasks(file(data), X, by_path=True)
    assert pickle.loads(pickle.dumps(task)) == task
    batch = work(task, KNOWLEDGE, JSON)
    again = pickle.loads(pickle.dumps(batch))
    assert vars(again.counters) == vars(batch.counters)
    assert (again.objects, again.rejects) == (batch.objects, batch.rejects)
    assert msgspec.structs.asdict(Task(origin=X))["sizes"] == ()
    assert not is_native(data)


class _Ids:
    """Gathers the ids of records; one of them is too much for it, and one cannot be kept with the others."""

    def __init__(self, origin):
        self.origin, self.ids = origin, []

    def add(self, found):
        if "broken" in found.record.target:
            raise KeyError("broken")
        self.ids.append(found.record.target)

    def done(self):
        ids, self.ids = self.ids, []
        refused = [Reject(source="x:9", error="odd") for name in ids if "odd" in name]
        return " ".join(name for name in ids if "odd" not in name).encode(), refused


def test_more_is_made_of_records_where_they_are_judged(file, measurement):
    """What is gathered comes with the counts; a fault of it is one record's, and what it refuses is a reject."""
    names = ("a.example", "broken.example", "odd.example", "b.example")
    lines = b"".join(measurement(name) for name in names) + measurement("c.example", test="tor")
    (batch,) = worked(file(lines), Wanted(gather=_Ids))
    assert batch.gathered == b"https://a.example/ https://b.example/ https://c.example/"
    assert [reject.source for reject in batch.rejects] == ["x:2", "x:9"]
    assert (batch.counters.rejects, batch.counters.judged, batch.counters.kept.total()) == (2, 3, 1)


def test_what_is_gathered_of_ours_comes_in_parts(file, lines, monkeypatch):
    """Some hundred records at a time, each part by itself."""
    monkeypatch.setattr(module, "_RECORDS", 1)
    gathered = [batch.gathered for batch in worked(file(b"".join(lines.values())), Wanted(gather=_Ids))]
    assert gathered[-1] == b""
    assert len([part for part in gathered if part]) == 4
