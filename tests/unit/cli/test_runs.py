"""`hushmap runs`: the runs on this computer."""

import json


def test_runs_are_listed_with_their_counts(measured, hushmap):
    """A run shows id, deck, network, start and what was found; --json has the same as an object."""
    base = ("-o", measured.parent)
    text = hushmap("runs", *base).stdout.splitlines()
    assert text[0] == f"{measured.name}  own-list · Net-A (AS64501), XE · 21 Nov 2026, 22:33 UTC"
    assert sorted(text[1].strip().split(" · ")) == ["1 Blocked by name", "1 Reachable"]
    one = json.loads(hushmap("runs", *base, "--json").stdout)
    assert (one["id"], one["deck"], one["published"]) == (measured.name, "own-list", [])
    assert one["labels"] == {"Blocked by name": 1, "Reachable": 1}
    assert one["network"]["asn"] == 64501


def test_since_leaves_out_what_is_older(measured, hushmap):
    """--since keeps runs of that day and later; what is no day is refused."""
    base = ("-o", measured.parent)
    assert measured.name in hushmap("runs", *base, "--since", "2026-11-21").stdout
    assert measured.name not in hushmap("runs", *base, "--since", "2026-11-22").stdout
    for wrong in ("yesterday", "2026-11-31", "20261121"):
        assert hushmap("runs", *base, "--since", wrong).exit_code == 2, wrong


def test_a_run_that_cannot_be_read_and_one_that_is_not_finished(measured, hushmap):
    """A damaged manifest is told in its line, damaged verdicts are not counted, an unfinished run says how to go on."""
    damaged = measured.parent / "20261121T2233Z-0bad"
    damaged.mkdir()
    (measured / "verdicts.jsonl").write_text("{\n")
    lines = hushmap("runs", "-o", measured.parent).stdout
    assert "20261121T2233Z-0bad" in lines
    assert "is no run folder" in lines
    assert f"no verdict · 0 of 2 finished: hushmap run --resume {measured}" in lines


def test_no_runs(hushmap, home):
    """An empty folder says how to make a run."""
    done = hushmap("runs")
    assert (done.exit_code, done.stdout[:24]) == (0, "No run is here yet. Make")


def test_a_run_of_which_a_copy_was_published_says_so(measured, hushmap):
    """In its line, as an object, and when it is deleted: the copy stays with whoever has it."""
    base = ("-o", measured.parent)
    assert hushmap("publish", measured, "-o", "net-a.hush", "--yes-i-read-it").exit_code == 0
    assert "\n    published " in (text := hushmap("runs", *base).stdout)
    assert text.rstrip().endswith("net-a.hush")
    (copy,) = json.loads(hushmap("runs", *base, "--json").stdout)["published"]
    assert (copy["runs"], copy["file"], len(copy["sha256"])) == ([measured.name], "net-a.hush", 64)
    assert "a copy of it was published: net-a.hush" in hushmap("rm", measured.name, *base).stderr
