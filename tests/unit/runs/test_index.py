"""Runs are listed, found by a part of their id, and removed without touching anything else."""

import os

import pytest

from hushmap.runs import index
from hushmap.runs.errors import RunBusyError, RunsError
from hushmap.runs.folder import RunFolder
from hushmap.runs.index import all_runs, find, last, remove

EARLY, LATE = "20261121T2233Z-3f9c", "20261122T0101Z-0a1b"


@pytest.fixture
def base(tmp_path, some):
    """Two runs, a third without a manifest, and things that are no runs."""
    path = tmp_path / "runs"
    for run, started in ((LATE, "2026-11-22T01:01:00Z"), (EARLY, "2026-11-21T22:33:00Z")):
        RunFolder.create(path, run, some.manifest(run=run, started=started)).close()
    (path / "20261120T0000Z-ffff").mkdir()
    (path / "notes").mkdir()
    (path / "file").write_bytes(b"")
    (path / "20261119T0000Z-eeee").symlink_to(path / EARLY)
    return path


def test_runs_are_listed_by_their_start(base, tmp_path):
    """The oldest first; a run that cannot be read is there with its error; links and other things are not."""
    listed = all_runs(base)
    assert [info.run for info in listed] == ["20261120T0000Z-ffff", EARLY, LATE]
    assert listed[0].manifest is None
    assert "no manifest.json" in listed[0].error
    assert listed[1].manifest.deck == "mine"
    assert all_runs(tmp_path / "gone") == ()


def test_the_last_run_is_the_default(base, tmp_path):
    """The latest run that can be read; none is one line with the remedy."""
    assert last(base).name == LATE
    with pytest.raises(RunsError, match="there is no run here; make one"):
        last(tmp_path)


def test_a_run_is_found_by_a_part_of_its_id(base):
    """The whole id, its beginning or its end; nothing and several are said."""
    assert find(base, EARLY).name == EARLY
    assert find(base, "20261122").name == LATE
    assert find(base, "3f9c").name == EARLY
    assert find(base, "ffff").name == "20261120T0000Z-ffff"
    for name in ("zzzz", ""):
        with pytest.raises(RunsError, match="there is no run"):
            find(base, name)
    with pytest.raises(RunsError, match="3 runs are called '2026112'; write more of the id: 20261120"):
        find(base, "2026112")


def test_a_run_is_removed_whole(base, some):
    """Everything that Hushmap wrote goes, a broken run too; the others stay."""
    with RunFolder.open(base / EARLY, resume=True) as folder:
        folder.seal(some.record(0), 0)
        folder.report_path.mkdir()
        (folder.report_path / "index.html").write_bytes(b"x")
    remove(base / EARLY)
    remove(base / "20261120T0000Z-ffff")
    assert [info.run for info in all_runs(base)] == [LATE]


def test_a_report_that_is_a_link_is_not_followed(base, tmp_path):
    """Removing a run removes the link, not what it points to."""
    (tmp_path / "precious").mkdir()
    (base / LATE / "report").symlink_to(tmp_path / "precious")
    remove(base / LATE)
    assert (tmp_path / "precious").is_dir()


@pytest.mark.parametrize("name", ["notes", "file", "gone", "20261119T0000Z-eeee"])
def test_what_is_no_run_is_left_alone(base, name):
    """A folder without a manifest, a file and a link are refused."""
    with pytest.raises(RunsError, match="is no run folder"):
        remove(base / name)
    assert (base / "notes").is_dir()


def test_a_run_with_anything_else_in_it_is_left_alone(base):
    """A file that Hushmap did not write keeps the whole folder."""
    (base / LATE / "thesis.txt").write_bytes(b"x")
    with pytest.raises(RunsError, match=r"holds 'thesis\.txt', which hushmap did not write"):
        remove(base / LATE)
    assert (base / LATE / "manifest.json").is_file()


def test_a_manifest_of_another_program_makes_no_run(base):
    """Web pages and browser extensions have a manifest.json too; under a run's own name a damaged one may go."""
    for name in ("app", "20261118T0000Z-dddd"):
        (base / name).mkdir()
        (base / name / "manifest.json").write_bytes(b'{"name":"my app"}')
    with pytest.raises(RunsError, match=r"manifest\.json: cannot be read"):
        remove(base / "app")
    assert (base / "app" / "manifest.json").is_file()
    remove(base / "20261118T0000Z-dddd")


def test_what_was_put_beside_the_page_is_left_alone(base):
    """A file of the person's own in the page's folder keeps the whole run."""
    (base / LATE / "report").mkdir()
    for name in ("index.html", "style.css", "thesis.txt"):
        (base / LATE / "report" / name).write_bytes(b"x")
    with pytest.raises(RunsError, match=r"holds 'report/thesis\.txt', which hushmap did not write"):
        remove(base / LATE)
    assert len(list((base / LATE / "report").iterdir())) == 3


def test_a_run_that_is_measured_is_left_alone(base):
    """A run in which a process works is not removed."""
    with RunFolder.open(base / LATE, resume=True), pytest.raises(RunBusyError):
        remove(base / LATE)
    assert (base / LATE / "manifest.json").is_file()


def test_a_failing_disk_is_said(base, monkeypatch):
    """What the system refuses is one line."""

    def fail(_path):
        raise OSError(30, os.strerror(30))

    monkeypatch.setattr(index.Path, "rmdir", fail)
    with pytest.raises(RunsError, match="Read-only file system; check its permissions"):
        remove(base / LATE)
