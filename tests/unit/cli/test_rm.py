"""`hushmap rm`: deletes what hushmap wrote, and only that."""

import json
import os
import shutil
from pathlib import Path

from hushmap.cli.asking import network_key
from hushmap.cli.starting import alone
from hushmap.runs import CopyRegister, GivenOut, read_series
from unit.cli.scene import HELPER, NETWORK


def test_a_run_is_deleted_by_its_id_or_part_of_it(measured, hushmap):
    """The end of an id is enough where it is one run's alone."""
    done = hushmap("rm", "0001", "-o", measured.parent)
    assert (done.exit_code, measured.exists()) == (0, False)
    assert "1 run deleted." in done.stderr


def test_a_folder_is_named_by_its_path(measured, hushmap):
    """A path with a slash is a folder."""
    assert hushmap("rm", measured).exit_code == 0
    assert not measured.exists()


def test_a_register_that_cannot_be_read_keeps_no_run(measured, hushmap):
    """Each run that is named goes; that nobody knows of copies is said."""
    second = measured.parent / "20200101T0000Z-0009"
    shutil.copytree(measured, second)
    CopyRegister().path.mkdir(parents=True)  # nothing that could be read
    done = hushmap("rm", measured, second)
    assert (done.exit_code, measured.exists(), second.exists()) == (0, False, False), done.output
    assert done.stderr.count("is not known") == 2


def test_a_folder_with_something_else_in_it_stays(measured, hushmap):
    """What hushmap did not write is not deleted: one line, exit code 2, nothing lost."""
    (measured / "notes.txt").write_text("mine")
    done = hushmap("rm", measured.name, "-o", measured.parent)
    assert done.exit_code == 2
    assert "holds 'notes.txt', which hushmap did not write" in done.stderr
    assert (measured / "records.jsonl").exists()


def test_all_runs_are_deleted_after_their_number_was_typed(measured, hushmap, person):
    """At a terminal the number of runs is asked for; another number deletes nothing."""
    assert hushmap("rm", "--all", "-o", measured.parent, answer="2\n").exit_code == 130
    assert measured.exists()
    assert hushmap("rm", "--all", "-o", measured.parent, answer="1\n").exit_code == 0
    assert not measured.exists()
    assert hushmap("rm", "--all", "-o", measured.parent).exit_code == 0


def test_what_is_named_must_be_there(hushmap):
    """A run that there is not is one line and exit code 2; so is naming nothing, or both."""
    for words in (["nope"], ["x/y"], [], ["--all", "nope"]):
        done = hushmap("rm", *words)
        assert done.exit_code == 2, words
        assert "hushmap: " in done.stderr


def test_runs_of_long_ago_are_deleted(measured, hushmap, person):
    """Those begun longer ago than was said, after their number was typed; one without a time stays, and is named."""
    base = measured.parent
    assert hushmap("rm", "--older-than", "36500d", "-o", base).exit_code == 0
    assert measured.exists()
    old = base / "20200101T0000Z-0009"
    shutil.copytree(measured, old)
    text = (old / "manifest.json").read_text()
    started = json.loads(text)["started"]
    (old / "manifest.json").write_text(text.replace(started, "2020-01-01T00:00:00Z"))
    odd = base / "20200101T0000Z-000a"
    shutil.copytree(measured, odd)
    (odd / "manifest.json").write_text(text.replace(started, "long ago"))
    assert hushmap("rm", "--older-than", "90d", "-o", base, answer="\n").exit_code == 130
    done = hushmap("rm", "--older-than", "90d", "-o", base, answer="1\n")
    assert (done.exit_code, old.exists(), odd.exists()) == (0, False, True), done.output
    assert f"{odd}: when it was begun cannot be read" in done.stderr
    for words in (("--older-than", "soon"), ("--older-than", "90d", "--all")):
        assert hushmap("rm", *words, "-o", base).exit_code == 2


def followed(hushmap):
    """A series of two cycles was measured."""
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK).exit_code == 0
    every = ("--every", "12h", "--for", "1d", "-q")
    assert hushmap("run", "-f", "sites.csv", *NETWORK, "--helper", HELPER, *every).exit_code == 0
    (path,) = Path("results/runs").glob("series-*.log")
    return path


def test_a_series_is_deleted_with_its_runs(hushmap, hours):
    """By its id: its plan tells what was asked and where."""
    path = followed(hushmap)
    done = hushmap("rm", path.stem)
    assert done.exit_code == 0, done.output
    assert "2 runs deleted" in done.stderr
    assert [*path.parent.iterdir()] == []


def test_a_series_that_goes_on_is_left(hushmap, hours, monkeypatch):
    """Another process is at it; one whose run cannot go stays too."""
    path = followed(hushmap)
    plan = read_series(path).plan
    held = alone(plan.deck, plan.deck_sha256, plan.network, network_key(plan.network))
    try:
        done = hushmap("rm", path)
        assert done.exit_code == 2
        assert "measures this already" in done.stderr
    finally:
        os.close(held)
    run = next(path.parent.glob("2*"))
    (run / "notes.txt").write_text("mine")
    done = hushmap("rm", path)
    assert (done.exit_code, path.exists(), run.exists()) == (2, True, True)
    assert "1 run deleted" in done.stderr


def test_all_means_series_too(hushmap, hours, monkeypatch):
    """A file that cannot be deleted is named."""
    path = followed(hushmap)
    unlink = Path.unlink

    def refused(self, *, missing_ok=False):
        if self.suffix == ".log":
            raise PermissionError(1, "Operation not permitted")
        unlink(self, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refused)
        done = hushmap("rm", "--all")
    assert (done.exit_code, path.exists()) == (2, True)
    assert "Operation not permitted" in done.stderr
    assert hushmap("rm", "--all").exit_code == 0
    assert not path.exists()


def published(run):
    """A copy of a run was written."""
    CopyRegister().add(GivenOut(runs=(run,), file="net-a.hush", sha256="ab" * 32, when="2026-11-21T23:00:00Z"))


def test_copies_are_known_by_the_runs_own_id(measured, hushmap):
    """Whatever its folder was called; that there are some is kept unless it is to be forgotten."""
    published(measured.name)
    moved = measured.rename(measured.with_name("mine"))
    done = hushmap("rm", moved)
    assert "a copy of it was published: net-a.hush" in done.stderr
    assert CopyRegister().of(measured.name)


def test_that_there_are_copies_can_be_forgotten(measured, hushmap):
    """With the run, or later by its whole id; a run that nobody knows is told."""
    published(measured.name)
    done = hushmap("rm", measured, "--forget")
    assert "kept here no more" in done.stderr
    assert CopyRegister().of(measured.name) == ()
    published("20200101T0000Z-0009")
    later = hushmap("rm", "--forget", "20200101T0000Z-0009")
    assert later.exit_code == 0
    assert "deleted" not in later.stderr
    assert [*CopyRegister().all()] == []
    assert hushmap("rm", "--forget", "20200101T0000Z-0009").exit_code == 2
