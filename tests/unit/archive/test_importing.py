"""Adding to an archive."""

import hashlib
import subprocess
import sys

import msgspec
import pytest

from hushmap.archive import importing as module
from hushmap.archive.arriving import entry_of
from hushmap.archive.importing import Importer, Told
from hushmap.archive.ledger import Ledger
from hushmap.archive.places import Folder
from hushmap.archive.verifying import verify
from hushmap.codec import encode_record
from hushmap.model import Knowledge
from hushmap.runs import Input, Manifest, RunFolder, RunsError, inputs
from unit.archive.kept import KNOWLEDGE, add, line, names, rows

BETTER = Knowledge(sha256="b" * 64)


def _files(root):
    return sorted(path for path in root.rglob("*.parquet"))


def test_adding_the_same_again_changes_nothing(root, two):
    """Not a byte; a copy of another name is the same."""
    added = add(root, two)
    assert (added.inputs, added.records, added.there) == (1, 2, 0)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    (two.parent / "copy.jsonl").write_bytes(two.read_bytes())
    again = add(root, two, two.parent / "copy.jsonl", now="2027-01-01T00:00:00Z")
    assert (again.inputs, again.records, again.there, again.imports) == (2, 0, 2, [])
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert names(root) == ["21-a.example", "22-b.example"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_first_input_of_all_is_hashed_as_it_is_read(root, two, monkeypatch, jobs):
    """Nobody waits for its hash, which is the file's own all the same: a copy beside it is known, now and later."""
    asked = []
    hashed = module.hashed
    monkeypatch.setattr(module, "hashed", lambda one, *, again: asked.append(one.name) or hashed(one, again=again))
    copy = two.parent / "copy.jsonl"
    copy.write_bytes(two.read_bytes())
    added = add(root, two, copy, jobs=jobs)
    assert (added.records, added.there, asked) == (2, 1, [str(copy)])
    (part,) = Ledger.open(Folder(root)).imports[0].parts
    assert part.sha256 == hashlib.sha256(two.read_bytes()).hexdigest()
    assert add(root, two).there == 1


def test_the_same_inputs_make_the_same_archive(root, two, tmp_path):
    """Its hash is that of what was read, whenever it was."""
    add(root, two)
    add(tmp_path / "other", two, now="2027-01-01T00:00:00Z", jobs=2)
    assert Ledger.open(Folder(root)).sha256 == Ledger.open(Folder(tmp_path / "other")).sha256
    assert rows(root, "verdicts") == rows(tmp_path / "other", "verdicts")


def test_a_record_that_comes_in_two_inputs_counts_once(root, file, two):
    """The first stays, in one import and over several."""
    more = file("more.jsonl", line("b.example", day=22), line("c.example"))
    both = file("both.jsonl", line("c.example"), line("a.example"))
    added = add(root, two, more)
    assert (added.records, added.twice) == (3, 1)
    assert (add(root, both).twice, names(root)) == (2, ["21-a.example", "21-c.example", "22-b.example"])
    assert not verify(Folder(root)).problems


def test_what_lies_elsewhere_is_judged_anew_too(root, two):
    """An input whose hash is taken as it is read takes its own place under better knowledge, and only then."""
    (one,) = inputs(two)
    one = msgspec.structs.replace(one, name="s3://bucket/two.jsonl")
    told = []
    for knowledge in (KNOWLEDGE, KNOWLEDGE, BETTER):
        importer = Importer(Folder(root), knowledge, now=lambda: "2026-11-22T10:00:00Z")
        added = importer.add([entry_of(one, one.name)])
        told.append((added.records, added.there, added.replaced))
    assert told == [(2, 0, 0), (0, 1, 0), (2, 0, 1)]
    assert {row["knowledge"] for row in rows(root, "verdicts")} == {f"sha256:{BETTER.sha256}"}


def test_better_knowledge_takes_the_place_of_the_old(root, two):
    """The same input judged anew: the old import counts no more, and is gone with the next adding."""
    add(root, two)
    old = _files(root)
    added = add(root, two, knowledge=BETTER, now="2026-11-23T10:00:00Z")
    assert (added.records, added.replaced, added.twice) == (2, 1, 0)
    assert {row["knowledge"] for row in rows(root, "verdicts")} == {f"sha256:{'b' * 64}"}
    assert len(_files(root)) == 2 * len(old)
    add(root, two, knowledge=BETTER)
    assert not set(_files(root)) & set(old)
    assert len(Ledger.open(Folder(root)).imports) == 1
    assert not verify(Folder(root)).problems


def test_other_inputs_of_a_replaced_import_are_carried_over(root, two, file):
    """One of two inputs is judged anew; the other keeps its verdicts, by the old knowledge."""
    more = file("more.jsonl", line("c.example"), line("d.example", day=22))
    add(root, two, more)
    add(root, more, knowledge=BETTER, now="2026-11-23T10:00:00Z")
    found = {row["record"]: row["knowledge"] for row in rows(root, "verdicts")}
    assert {record for record, known in found.items() if known != "none"} == {"21-c.example", "22-d.example"}
    assert len(found) == 4
    (one,) = Ledger.open(Folder(root)).imports
    assert {part.name: part.knowledge for part in one.parts} == {
        "two.jsonl": "none",
        "more.jsonl": f"sha256:{'b' * 64}",
    }
    assert not verify(Folder(root)).problems
    assert add(root, more, knowledge=BETTER).there == 1


def test_a_replaced_import_is_seen_after_others_of_its_day(root, two, file):
    """A new input of the same day comes first; what is replaced then hides nothing of the other."""
    add(root, two)
    new = file("a-new.jsonl", line("e.example"))
    added = add(root, new, two, knowledge=BETTER, now="2026-11-23T10:00:00Z")
    assert (added.records, added.twice) == (3, 0)
    assert names(root) == ["21-a.example", "21-e.example", "22-b.example"]


def test_a_run_that_grew_takes_its_own_place(root, tmp_path, records):
    """Of the same run the records that came since, and the voids that were found since, count."""
    run = "20261122T1000Z-0001"
    manifest = Manifest(run=run, started="2026-11-22T10:00:00Z", deck="sites", label="g", targets=())
    RunFolder.create(tmp_path / "runs", run, manifest).close()
    kept = tmp_path / "runs" / run / "records.jsonl"
    first, *others = [encode_record(record) for record in records.values()]
    kept.write_bytes(first)
    add(root, tmp_path / "runs")
    kept.write_bytes(first + b"".join(others))
    added = add(root, tmp_path / "runs", now="2026-11-23T10:00:00Z")
    assert (added.records, added.replaced) == (4, 1)
    assert len(rows(root, "verdicts")) == 4
    assert {row["label"] for row in rows(root, "records")} == {"g"}


def test_a_pipe_that_comes_again_adds_nothing(root, two):
    """What can be read only once is known by what it held."""

    def piped():
        from hushmap.archive.arriving import Entry

        importer = module.Importer(Folder(root), KNOWLEDGE, now=lambda: "2026-11-22T10:00:00Z")
        return importer.add([Entry(input=Input(name="stdin", open=lambda: two.open("rb")), name="stdin")])

    assert piped().records == 2
    again = piped()
    assert (again.there, again.imports, again.records) == (1, [], 0)
    assert names(root) == ["21-a.example", "22-b.example"]
    assert not verify(Folder(root)).problems


def test_many_inputs_become_several_imports(root, file, monkeypatch):
    """Each stands by itself, and is told of when it does."""
    monkeypatch.setattr(module, "MOST", 2)
    paths = [file(f"{name}.jsonl", line(f"{name}.example")) for name in "abcde"]
    stored, read = [], []
    told = Told(batch=lambda batch: read.append(batch.counters.read), stored=stored.append)
    added = add(root, *paths, told=told)
    assert [len(one.parts) for one in stored] == [2, 2, 1]
    assert (added.imports, sum(read)) == ([one.id for one in stored], 5)
    assert len(names(root)) == 5


def test_what_cannot_be_read_is_counted(root, file):
    """It is set aside by whoever is told of it; a file that is empty is no import."""
    added = add(root, file("x.jsonl", line(), b"{\n"))
    assert (added.records, added.rejects) == (1, 1)
    added = add(root, file("empty.jsonl", b""), file("damaged.jsonl", b"{\n"))
    assert (added.imports, added.there, added.rejects) == ([], 0, 2)


def test_no_archive_is_made_where_something_else_is(tmp_path, two):
    """Nothing that is there is touched; a newer archive is left alone too."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear")
    with pytest.raises(RunsError, match=r"is no archive, and not empty: it holds 'letter\.txt'"):
        add(tmp_path / "full", two)
    newer = tmp_path / "newer"
    newer.mkdir()
    (newer / "archive.json").write_text('{"schema": 2}')
    with pytest.raises(RunsError, match="is newer than this Hushmap reads"):
        add(newer, two)
    assert sorted(path.name for path in newer.iterdir()) == ["archive.json", "lock"]


def test_a_full_disk_leaves_what_was_there(root, two, file, monkeypatch):
    """The import does not count, and the error is one line; the archive is as before."""
    add(root, two)
    monkeypatch.setattr(Folder, "write", _full)
    with pytest.raises(RunsError, match="no space"):
        add(root, file("x.jsonl", line("c.example")))
    monkeypatch.undo()
    assert names(root) == ["21-a.example", "22-b.example"]


def _full(*_):
    raise RunsError("disk", "no space left", "make room")


_KILLED = """
import os, signal, sys
from hushmap.archive.places import Folder
from unit.archive.kept import add
from hushmap.model import Knowledge

root, path, when, half = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == "half"
write, count = Folder.write, 0

def dying(self, name, data):
    global count
    count += 1
    if count == when and half:
        beside = (self.path / name).with_name("." + name.rpartition("/")[2] + ".new")
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data[: len(data) // 2])
    elif count == when:
        write(self, name, data)
    if count == when:
        os.kill(os.getpid(), signal.SIGKILL)
    write(self, name, data)

Folder.write = dying
add(root, __import__("pathlib").Path(path), knowledge=Knowledge(sha256="b" * 64), now="2026-11-23T10:00:00Z")
"""


@pytest.mark.parametrize(("when", "how"), [(1, "half"), (2, "whole"), (4, "half"), (6, "whole"), (7, "half")])
def test_a_killed_import_leaves_the_archive_readable_and_is_completed_by_the_next(root, two, file, when, how):
    """At any write: readers see what was there before, and the same command again leads to the same archive."""
    add(root, two)
    before = rows(root, "verdicts")
    more = file("in/more.jsonl", two.read_bytes(), line("c.example"))
    (more.parent / "two.jsonl").write_bytes(two.read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, root, more.parent, str(when), how],
        check=False,
        capture_output=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.returncode == -9, done.stderr
    assert rows(root, "verdicts") == before
    assert not verify(Folder(root)).problems
    add(root, more.parent, knowledge=BETTER, now="2026-11-24T10:00:00Z")
    assert names(root) == ["21-a.example", "21-c.example", "22-b.example"]
    add(root, more.parent, knowledge=BETTER)
    checked = verify(Folder(root))
    assert (checked.problems, checked.left, checked.imports) == ([], 0, 1)
    assert {path.name for path in root.rglob("*.new")} == set()


def test_what_a_kill_at_the_very_first_write_left_is_no_obstacle(root, two):
    """A head that was never finished is nothing."""
    root.mkdir()
    (root / ".archive.json.new").write_bytes(b'{"sch')
    assert add(root, two).records == 2
    assert not verify(Folder(root)).problems


def test_a_fault_in_the_middle_ends_the_writing(root, two, monkeypatch):
    """No thread goes on, and nothing counts."""

    def broken(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("hushmap.archive.grouping.Group.take", broken)
    with pytest.raises(KeyboardInterrupt):
        add(root, two)
    monkeypatch.undo()
    assert add(root, two).records == 2


def test_markers_can_be_read_by_people(root, two):
    """What was read, with hashes and counts."""
    add(root, two)
    (path,) = (root / "imports").iterdir()
    one = msgspec.json.decode(path.read_bytes())
    assert (one["made"], one["software"], one["parts"][0]["name"]) == ("2026-11-22T10:00:00Z", "test", "two.jsonl")
    assert one["parts"][0]["records"] == 2
    assert path.read_text().count("\n") > 10
