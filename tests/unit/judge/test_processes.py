"""Many processes give the bytes that one gives, and end when they are told to."""

import multiprocessing
import os
import signal

import pytest

from hushmap.judge import Origin, Wanted, batches, tasks
from hushmap.judge import processes as module
from hushmap.model import Knowledge
from hushmap.runs import RunsError, inputs

KNOWLEDGE = Knowledge()
WANTED = Wanted(objects=True, examples=2)


def everything(found, jobs):
    """All that comes of tasks."""
    return [
        (batch.objects, batch.rejects, vars(batch.counters), batch.read)
        for batch in batches(found, KNOWLEDGE, WANTED, jobs=jobs)
    ]


@pytest.fixture
def folder(tmp_path, measurement, lines, monkeypatch):
    """Foreign files of several tasks, one of ours between them."""
    monkeypatch.setattr("hushmap.codec.unpacking.PIECE", 5000)
    monkeypatch.setattr("hushmap.judge.cutting.ENOUGH", 4000)
    for name in ("a.jsonl", "c.jsonl"):
        data = b"".join(measurement(f"{name[0]}{number}.example") for number in range(15))
        (tmp_path / name).write_bytes(data + b"junk\n" + measurement(test="tor"))
    (tmp_path / "b.jsonl").write_bytes(b"".join(lines.values()))
    return tmp_path


@pytest.mark.parametrize("by_path", [False, True])
def test_two_processes_give_the_bytes_of_one(folder, by_path):
    """Objects, rejects and counts are the same in the same order, files of ours in their place."""

    def found():
        for one in inputs(folder):
            yield from tasks(one, Origin(one.path.name), by_path=by_path)

    alone, together = everything(found(), 1), everything(found(), 2)
    assert alone == together
    assert len(alone) == 9
    assert [b'"test":"web_connectivity"' in objects for objects, *_ in alone if objects].count(False) == 1


def test_small_inputs_are_not_worth_a_process(folder, monkeypatch):
    """Without a number of jobs, what is small is judged here, and of what is large the beginning; in the same order."""
    begun = []
    by_many = module._by_many

    def counted(found, knowledge, wanted, jobs):
        begun.append(jobs)
        return by_many(found, knowledge, wanted, jobs)

    def found():
        for one in inputs(folder):
            yield from tasks(one, Origin(one.path.name), by_path=True)

    monkeypatch.setattr(module, "_by_many", counted)
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {0, 1})
    alone = everything(found(), None)
    assert begun == []
    monkeypatch.setattr(module, "LARGE", 12_000)
    assert everything(found(), None) == alone == everything(found(), 1)
    assert begun == [2]


def test_a_worker_that_dies_is_an_error_with_a_remedy(folder, monkeypatch):
    """A worker that was killed ends the whole in one line."""
    monkeypatch.setattr(module, "_work", _die)
    with pytest.raises(RunsError, match=r"a worker process was ended from outside.*--jobs 1"):
        everything(tasks(next(iter(inputs(folder))), Origin("x")), 2)


def _die(task):
    os.kill(os.getpid(), signal.SIGKILL)


def test_whoever_stops_listening_ends_the_workers(folder):
    """A reader that leaves in the middle leaves no process behind."""
    found = batches(tasks(next(iter(inputs(folder))), Origin("x")), KNOWLEDGE, WANTED, jobs=2)
    next(found)
    assert multiprocessing.active_children()
    found.close()
    assert multiprocessing.active_children() == []


def test_workers_leave_ctrl_c_to_whoever_started_them(monkeypatch):
    """A worker ignores SIGINT, which the terminal sends to all."""
    told = []
    monkeypatch.setattr(module.signal, "signal", lambda *given: told.append(given))
    monkeypatch.setattr(module, "_told", None)
    monkeypatch.setattr(module.threading.Thread, "start", lambda thread: told.append(thread.daemon))
    module._begin(KNOWLEDGE, WANTED)
    assert told.pop() is True
    assert told == [(signal.SIGINT, signal.SIG_IGN)]
    assert module._told == (KNOWLEDGE, WANTED)


def test_a_worker_judges_with_what_it_was_told(folder, monkeypatch):
    """A worker's work is that of this process."""
    monkeypatch.setattr(module, "_told", (KNOWLEDGE, WANTED))
    task = next(tasks(next(iter(inputs(folder))), Origin("x")))
    (batch,) = batches([task], KNOWLEDGE, WANTED)
    assert module._work(task).objects == batch.objects


def test_a_worker_ends_with_its_parent(monkeypatch):
    """A process that was killed cannot tell its workers; they see it. A process without a parent has nothing to see."""
    seen = []

    class Parent:
        def join(self):
            seen.append("gone")

    monkeypatch.setattr(module.os, "_exit", seen.append)
    module._end_with_parent()
    assert seen == []
    monkeypatch.setattr(module.multiprocessing, "parent_process", Parent)
    module._end_with_parent()
    assert seen == ["gone", 1]


def test_processors_are_counted_where_the_system_does_not_tell_those_of_a_process(monkeypatch):
    """MacOS has no affinity: then all count, and one where even that is unknown."""
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert module._processors() == 6
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert module._processors() == 1
