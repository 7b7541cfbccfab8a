"""`hushmap publish`: shows what leaves, asks, writes a new file; the run stays as it is."""

import json

import pytest

from hushmap.runs import read_bundle


def publish(hushmap, measured, *more, answer=""):
    """Type it for the finished run."""
    return hushmap("publish", measured, "-o", "a.hush", *more, answer=answer)


def test_what_leaves_is_shown_and_its_number_is_typed(measured, hushmap, person, home):
    """Another number, or nothing, writes nothing: exit code 3."""
    before = {path.name: path.read_bytes() for path in measured.iterdir() if path.is_file()}
    for answer in ("\n", "1\n"):
        done = publish(hushmap, measured, answer=answer)
        assert done.exit_code == 3
        assert "Nothing was written" in done.stderr
        assert not list(home.glob("*.hush*")) + list(home.glob(".*.new"))
    done = publish(hushmap, measured, answer="2\n")
    assert done.exit_code == 0, done.output
    for text in (
        "What would leave: 2 records of 1 run",
        "rounded down to the hour",
        "What was masked:",
        "XE; the network",
    ):
        assert text in done.stderr
    assert sum(run.records for run in read_bundle(home / "a.hush").runs) == 2
    assert before == {path.name: path.read_bytes() for path in measured.iterdir() if path.is_file()}


def test_a_script_says_that_a_person_has_read_it(measured, hushmap, home):
    """Without a terminal and without saying so nothing is written; with, the same bytes each time."""
    done = publish(hushmap, measured)
    assert (done.exit_code, (home / "a.hush").exists()) == (3, False)
    assert "--yes-i-read-it" in done.stderr
    done = publish(hushmap, measured, "--yes-i-read-it", "--json")
    told = json.loads(done.stdout)
    assert (told["schema"], told["left"]["records"], told["own_vantage"]) == ("hushmap.publish/1", 2, False)
    first = (home / "a.hush").read_bytes()
    (home / "a.hush").unlink()
    assert publish(hushmap, measured, "--yes-i-read-it").exit_code == 0
    assert (home / "a.hush").read_bytes() == first
    again = publish(hushmap, measured, "--yes-i-read-it")
    assert again.exit_code == 2
    assert "is there already" in again.stderr


def test_the_network_is_named_where_its_holder_said_so(measured, hushmap, home):
    """And what that gives away is said; nothing of this computer or its helper leaves either way."""
    done = publish(hushmap, measured, "--yes-i-read-it", "--own-vantage")
    assert "AS64501 Net-A" in done.stderr
    assert "whoever has the provider's logs" in " ".join(done.stderr.split())
    judged = hushmap("judge", "a.hush", "--json").stdout
    vantages = {(line["vantage"]["asn"], line["vantage"]["network"]) for line in map(json.loads, judged.splitlines())}
    assert vantages == {(64501, "Net-A")}
    shown = hushmap("show", "--from", "a.hush", "site-0.example", "--steps")
    assert shown.exit_code == 0, shown.output
    assert "203.0.113.10" not in shown.stdout


def test_the_verdicts_of_the_copy_are_those_of_the_run(measured, hushmap, home):
    """Judged again from the file, by anybody."""
    assert publish(hushmap, measured, "--yes-i-read-it", "--time-precision", "day").exit_code == 0
    ours, theirs = (
        sorted(
            (line["target"], line["outcome"], line["mechanisms"])
            for line in map(json.loads, hushmap("judge", path, "--json").stdout.splitlines())
        )
        for path in (measured, "a.hush")
    )
    assert ours == theirs
    assert len(ours) == 2


def test_a_category_can_be_left_here(measured, hushmap, home):
    """Its records are counted among those that stay; if nothing is left, nothing is written."""
    done = publish(hushmap, measured, "--yes-i-read-it", "--mask", "HUMR", "--json")
    assert json.loads(done.stdout)["refused"] == {"category": 1}
    assert "1 record: of a category that you left here" in done.stderr
    (home / "a.hush").unlink()
    done = publish(hushmap, measured, "--yes-i-read-it", "--mask", "HUMR", "--mask", "NEWS")
    assert (done.exit_code, (home / "a.hush").exists()) == (2, False)


def test_a_bundle_is_verified(measured, hushmap, home):
    """Every hash holds, or one line and exit code 2."""
    assert publish(hushmap, measured, "--yes-i-read-it").exit_code == 0
    done = hushmap("publish", "--verify", "a.hush")
    assert (done.exit_code, "every hash holds" in done.stdout) == (0, True)
    assert json.loads(hushmap("publish", "--verify", "a.hush", "--json").stdout)["records"] == 2
    data = bytearray((home / "a.hush").read_bytes())
    data[len(data) // 2] ^= 1
    (home / "a.hush").write_bytes(bytes(data))
    for words in (("publish", "--verify", "a.hush"), ("judge", "a.hush")):
        done = hushmap(*words)
        assert done.exit_code == 2
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "name the runs and the file"),
        (("RUN",), "name the runs and the file"),
        (("RUN", "-o", "a.zip"), "end it in .hush"),
        (("RUN", "-o", "a.hush", "--mask", "NOPE"), "is no category"),
        (("RUN", "-o", "a.hush", "--signers", "x"), "--signers is for --verify"),
        (("RUN", "--verify", "a.hush"), "leave out RUN"),
        (("nope", "-o", "a.hush"), "no such file, folder or run"),
        (("--verify", "sites.csv"), "is no bundle"),
    ],
)
def test_what_cannot_be_done_is_one_line(measured, hushmap, words, said):
    """Exit code 2, nothing written."""
    done = hushmap("publish", *(measured if word == "RUN" else word for word in words))
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr


def test_a_bundle_is_not_written_into_a_run(measured, hushmap):
    """A run folder holds only what the run left."""
    done = hushmap("publish", measured, "-o", measured / "a.hush")
    assert "is in a run folder" in done.stderr
