"""`hushmap rm`: deletes what hushmap wrote, and only that."""

import json
import shutil

from hushmap.runs import CopyRegister
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


def test_what_remains_of_a_series_is_named(hushmap, hours):
    """Its file tells what was asked and where: who deletes every run hears that it is still there."""
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK).exit_code == 0
    every = ("--every", "12h", "--for", "1d", "-q")
    assert hushmap("run", "-f", "sites.csv", *NETWORK, "--helper", HELPER, *every).exit_code == 0
    done = hushmap("rm", "--all")
    assert done.exit_code == 0
    assert "2 runs deleted" in done.stderr
    assert ".log stays: the plan of a series, with its targets and network; delete it by hand" in done.stderr
