"""The run folder: made once, locked, resumed, read while it grows, never believed where it is damaged."""

import fcntl
import os
from contextlib import suppress

import msgspec
import pytest

from hushmap.codec import encode_record
from hushmap.model import Amend, Record, Void
from hushmap.runs import folder as module
from hushmap.runs.errors import RunBusyError, RunsError
from hushmap.runs.folder import RunFolder, lock, record_id
from hushmap.runs.journal import Reject, sealed_line


def test_a_new_run_has_its_manifest_and_nothing_else_to_tell(folder, some):
    """The folder is its owner's, the manifest can be read, the journal is empty."""
    assert folder.run == some.run
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert RunFolder.open(folder.path).manifest == some.manifest()
    assert folder.replay().trials == ()
    assert list(folder.records()) == []
    assert list(folder.verdicts()) == []
    assert folder.report_path.name == "report"


def test_what_is_appended_is_replayed(folder, some):
    """Trials, voids and marks are on the disk when the call returns: another reader sees them at once."""
    folder.journal_append(some.trial(1), -1)
    folder.journal_append(some.trial(10_000), 0)
    folder.journal_void(0, (Void(trial=10_000, reason="residual"),))
    folder.journal_mark("end", 9.0, code=0)
    told = RunFolder.open(folder.path).replay()
    assert [(index, trial.id) for index, trial in told.trials] == [(-1, 1), (0, 10_000)]
    assert told.voids_of(0)[0].reason == "residual"
    assert told.marks[0].facts == {"code": 0}


def test_a_record_is_sealed_and_amended(folder, some):
    """A sealed record is read with the voids that came later; its target counts as sealed."""
    folder.seal(some.record(1, some.trial(20_000)), 1)
    folder.amend(Amend(record=record_id(some.run, 1), voids=(Void(trial=20_000, reason="network_lost"),)))
    (record,) = folder.records()
    assert record.voided == {20_000}
    assert folder.replay().sealed == {1}


def test_a_record_of_another_target_is_our_fault(folder, some):
    """The id of a record is that of its target; anything else is refused before it is written."""
    with pytest.raises(ValueError, match="the record of target 2 has the id"):
        folder.seal(some.record(1), 2)
    assert list(folder.records()) == []


def test_a_crash_between_record_and_mark_seals_once(folder, some):
    """A record without its mark counts as sealed; written twice it is read once."""
    line = encode_record(some.record(0))
    folder.records_path.write_bytes(line + line)
    assert folder.replay().sealed == {0}
    assert len(list(folder.records())) == 1


def test_what_is_kept_together_is_synced_once(folder, some, monkeypatch):
    """Records first, then the journal, one sync each; a fault in the block keeps what came before it."""
    synced = []
    monkeypatch.setattr(os, "fsync", synced.append)
    with suppress(ZeroDivisionError), folder.together():
        folder.journal_append(some.trial(10_000), 0)
        folder.journal_append(some.trial(10_001), 0)
        folder.seal(some.record(0, some.trial(10_000)), 0)
        assert (folder.journal_path.read_bytes(), folder.records_path.read_bytes(), synced) == (b"", b"", [])
        raise ZeroDivisionError
    assert len(synced) == 2
    told = folder.replay()
    assert (len(told.trials), told.sealed) == (2, {0})


def test_a_mark_without_its_record_seals_nothing(folder, some):
    """Where the record was damaged, its trials in the journal make it again."""
    folder.journal_append(some.trial(10_000), 0)
    folder.seal(some.record(0, some.trial(10_000)), 0)
    folder.records_path.write_bytes(
        folder.records_path.read_bytes().replace(b'"kind":"record"', b'"kind":"rec\xffrd"')
    )
    told = folder.replay()
    assert told.sealed == frozenset()
    assert [trial.id for trial in told.of(0)] == [10_000]
    assert [reject.source for reject in told.rejects] == ["records.jsonl:1"]
    folder.seal(some.record(0, some.trial(10_000)), 0)
    found = list(folder.records())
    assert [type(line) for line in found] == [Reject, Record]


def test_a_record_of_another_run_seals_nothing(folder, some):
    """Only the ids of this run's own targets count."""
    other = msgspec.structs.replace(some.record(0), id="other-0000")
    folder.records_path.write_bytes(encode_record(other))
    assert folder.replay().sealed == frozenset()
    assert list(folder.records()) == [other]


def test_two_processes_never_share_a_run(folder):
    """A second writer is turned away while the first lives, and let in when it is gone; readers always are."""
    with pytest.raises(RunBusyError, match="another hushmap is working in this run; wait"):
        RunFolder.open(folder.path, resume=True)
    RunFolder.open(folder.path).close()
    folder.close()
    folder.close()
    RunFolder.open(folder.path, resume=True).close()


def test_the_lock_dies_with_its_process(folder):
    """The lock is the kernel's: a killed process leaves none behind, whatever the file says."""
    folder.close()
    child = os.fork()
    if child == 0:  # pragma: no cover - the child process
        lock(folder.path)
        os._exit(0)
    os.waitpid(child, 0)
    held = lock(folder.path)
    fcntl.flock(held, fcntl.LOCK_UN)
    os.close(held)


def test_a_reader_writes_nothing(folder, some):
    """An opened run that is not resumed refuses every act that would change it."""
    reader = RunFolder.open(folder.path)
    for act in (
        lambda: reader.journal_append(some.trial(1), -1),
        lambda: reader.seal(some.record(0), 0),
        lambda: reader.amend(Amend(record="x", voids=())),
        lambda: reader.append_verdict(b"{}\n"),
    ):
        with pytest.raises(RunsError, match="open for reading only"):
            act()


def test_a_torn_end_is_cut_before_anything_is_appended(folder, some):
    """What a crash left of a line is counted, cut, and never grows together with the next line."""
    folder.journal_append(some.trial(10_000), 0)
    folder.close()
    for path in (folder.journal_path, folder.records_path, folder.verdicts_path):
        with path.open("ab") as file:
            file.write(b'{"kind":"tri')
    reader = RunFolder.open(folder.path)
    assert reader.replay().torn == 12
    assert reader.replay().rejects == ()
    with RunFolder.open(folder.path, resume=True) as again:
        assert again.replay().torn == 12
        again.journal_append(some.trial(10_001), 0)
        again.seal(some.record(0), 0)
        again.append_verdict(b"{}\n")
        told = again.replay()
        assert [trial.id for trial in told.of(0)] == [10_000, 10_001]
        assert told.rejects == ()
        assert len(list(again.records())) == 1
        assert list(again.verdicts()) == [{}]


def test_damaged_lines_are_set_aside_once(folder, some):
    """Each damaged line is in rejected.jsonl with its reason, once, however often the run is opened."""
    folder.journal_append(some.trial(10_000), 0)
    folder.seal(some.record(0), 0)
    folder.close()
    for path in (folder.journal_path, folder.records_path):
        path.write_bytes(b"damaged\n" + path.read_bytes())
    RunFolder.open(folder.path).replay()
    assert not folder.rejected_path.exists()
    for _ in range(2):
        with RunFolder.open(folder.path, resume=True) as again:
            told = again.replay()
            assert [reject.source for reject in told.rejects] == ["journal.jsonl:1", "records.jsonl:1"]
    rejected = [msgspec.json.decode(line) for line in folder.rejected_path.read_bytes().splitlines()]
    assert [line["schema"] for line in rejected] == ["hushmap.reject/1"] * 2
    assert [line["source"] for line in rejected] == ["journal.jsonl:1", "records.jsonl:1"]


def test_a_reader_may_set_aside_what_it_found(folder):
    """Judging counts rejects too: nothing new leaves the file as it is, and a busy run is left alone."""
    reject = Reject(source="records.jsonl:1", error="x")
    reader = RunFolder.open(folder.path)
    with pytest.raises(RunBusyError):
        reader.set_aside([reject])
    folder.close()
    assert reader.set_aside([reject, reject]) == 1
    assert reader.set_aside([reject]) == 1
    assert reader.set_aside([Reject(source="records.jsonl:2", error="x")]) == 2


def test_verdicts_are_appended_and_rewritten(folder):
    """Judging again replaces them whole; a damaged line is told as such."""
    folder.append_verdict(b'{"a":1}\n')
    folder.write_verdicts([b'{"b":1}\n', b'{"b":2}\n'])
    folder.append_verdict(b'{"c":1}\n')
    assert list(folder.verdicts()) == [{"b": 1}, {"b": 2}, {"c": 1}]
    reader = RunFolder.open(folder.path)
    with pytest.raises(RunBusyError):
        reader.write_verdicts([])
    folder.close()
    reader.write_verdicts([b"no\n", b'{"d":' + b"[" * 100_000 + b"\n"])
    assert [line.source for line in reader.verdicts()] == ["verdicts.jsonl:1", "verdicts.jsonl:2"]


def test_a_run_is_made_once(folder, some, tmp_path):
    """A run id is used once; a manifest of another run, an odd id and a base that is no folder are refused."""
    with pytest.raises(RunsError, match="there is such a run already"):
        RunFolder.create(tmp_path / "runs", some.run, some.manifest())
    for run in ("other", "", "../x"):
        with pytest.raises(RunsError, match="the manifest is of another run"):
            RunFolder.create(tmp_path, run, some.manifest(run="../x" if run == "../x" else some.run))
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RunsError, match=r"choose another folder with -o"):
        RunFolder.create(tmp_path / "file" / "deeper", some.run, some.manifest())


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.unlink(), "is no run folder"),
        (lambda path: path.write_bytes(b"{"), "cannot be read: .*; the folder is damaged, or of a newer hushmap"),
        (lambda path: (path.unlink(), path.mkdir()), "Is a directory; check its permissions"),
    ],
)
def test_a_folder_that_is_no_run_is_refused(folder, damage, message):
    """Without a manifest that can be read there is no run."""
    damage(folder.path / "manifest.json")
    with pytest.raises(RunsError, match=message):
        RunFolder.open(folder.path)


def test_a_run_whose_files_cannot_be_opened_gives_its_lock_back(folder):
    """A folder that cannot be written is one line of error, and stays free for the next try."""
    folder.close()
    folder.records_path.unlink()
    folder.records_path.mkdir()
    for _ in range(2):
        with pytest.raises(RunsError, match="Is a directory"):
            RunFolder.open(folder.path, resume=True)


def test_marks_alone_are_not_believed(folder):
    """A journal that claims a seal for which there is no record claims nothing."""
    folder.close()
    folder.journal_path.write_bytes(sealed_line(0) + sealed_line(7))
    assert RunFolder.open(folder.path).replay().sealed == frozenset()
    assert module.NAMES[0] == "manifest.json"
