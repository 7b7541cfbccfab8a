"""Two runs of the same words, compared."""

import json

import pytest

from hushmap.cli.fault import Exit
from unit.cli.scene import HELPER, NETWORK

TYPED = ("run", "-f", "words.csv", *NETWORK, "--helper", HELPER, "-q")


@pytest.fixture
def runs(hushmap, stage, home):
    """Two runs, between which a word came to be cut off; their ids."""
    (home / "words.csv").write_text(
        "word,place,category_code,canary\nkw-canary,http-path,NEWS,yes\nkw-new,http-path,NEWS,\nkw-calm,http-path,NEWS,\n"
    )
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK).exit_code == 0
    stage.world.cut_words.add("kw-canary")
    for words in (set(), {"kw-new"}):
        stage.world.cut_words |= words
        done = hushmap(*TYPED)
        assert done.exit_code == 0, done.output
    return "20261121T2233Z-0001", "20261121T2233Z-0002"


def test_what_came_to_be_cut_off_is_a_change_that_is_not_confirmed_yet(runs, hushmap, home):
    """Runs are named by id, folder or file; the object tells what is missing."""
    done = hushmap("keyword", "diff", *runs)
    assert done.exit_code == 0, done.output
    assert "1 change, 0 of them confirmed" in done.stdout
    assert "kw-new in http-path: cut off now" in done.stdout
    folder = home / "results" / "runs" / runs[1]
    shown = json.loads(hushmap("keyword", "diff", runs[0], folder / "records.jsonl", "--json").stdout)
    assert [(one["kind"], one["target"], one["confirmed"]) for one in shown["changes"]] == [
        ("added", "kw-new", False)
    ]
    assert "0 changes" in hushmap("keyword", "diff", f"results/runs/{runs[0]}", runs[0]).stdout
    assert hushmap("keyword", "diff", *runs, "--plan").stdout.startswith("Nothing would be sent")


def test_a_word_of_a_pack_is_shown_by_its_own_name(runs, hushmap):
    """What to type next names the word; the list says which words of a pack are cut off."""
    listed = hushmap("show")
    assert "words.csv#0-1, 2 words: kw-new in http-path" in listed.stdout
    done = hushmap("show", "kw-new")
    assert done.exit_code == 0, done.output
    assert "Words      cut off (1): kw-new" in done.stdout
    assert "Words      not cut off (1): kw-calm" in done.stdout
    assert "Trigger    “kw-new” · cut off 5 of 5 times, harmless text 0 of 5" in done.stdout
    assert "all steps: hushmap show kw-new --steps" in done.stdout
    assert "did you mean kw-new?" in hushmap("show", "kw-now").stderr


def test_what_is_no_run_of_words_is_one_line(runs, hushmap, measured_sites):
    """Nothing of that name, or only sites."""
    none = hushmap("keyword", "diff", runs[0], "no-such-run")
    assert none.exit_code == Exit.USAGE
    assert "no-such-run: there is no such file, folder or run" in none.stderr
    sites = hushmap("keyword", "diff", runs[0], measured_sites)
    assert sites.exit_code == Exit.USAGE
    assert "holds no record about words" in sites.stderr


@pytest.fixture
def measured_sites(runs, hushmap, home):
    """A run of sites."""
    assert hushmap("run", "-f", "sites.csv", *NETWORK, "-q").exit_code == 0
    return "20261121T2233Z-0003"


def test_runs_of_two_networks_are_not_compared(runs, hushmap, home):
    """What differs between networks is no change."""
    other = ("--network", "AS64502 Net-B", "--country", "XE")
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *other).exit_code == 0
    assert hushmap("run", "-f", "words.csv", *other, "--helper", HELPER, "-q").exit_code == 0
    done = hushmap("keyword", "diff", runs[0], "20261121T2233Z-0003")
    assert done.exit_code == Exit.USAGE
    assert "from different networks: AS64501 and AS64502; compare runs of one network" in done.stderr


def test_the_table_of_triggers_is_exported(runs, hushmap, home):
    """As CSV and as JSON Lines, one row for each trigger; a run without any has a table of none."""
    assert hushmap("export", "--format", "csv", "--triggers", runs[1], "-o", "t.csv").exit_code == 0
    head, *rows = (home / "t.csv").read_text().splitlines()
    assert head.startswith('"record","run","experiment","trigger","kind","pattern","place"')
    assert len(rows) == 1
    assert '"kw-new"' in rows[0]
    done = hushmap("export", "--format", "json", "--triggers", runs[1], "-o", "t.jsonl", "--json")
    assert json.loads(done.stdout)["triggers"] is True
    (row,) = [json.loads(line) for line in (home / "t.jsonl").read_text().splitlines()]
    assert (row["trigger"], row["place"], row["asn"]) == ("kw-new", "http-path", 64501)
    none = hushmap("export", "--format", "csv", "--triggers", runs[0], "-o", "none.csv")
    assert (none.exit_code, (home / "none.csv").read_text().count("\n")) == (0, 1)
    assert "0 triggers written to none.csv" in none.stderr


@pytest.mark.parametrize("words", [("json",), ("ooni", "--triggers")])
def test_a_table_of_triggers_has_two_forms(runs, hushmap, words):
    """JSON Lines hold triggers only, OONI's format none."""
    done = hushmap("export", runs[0], "-o", "x", "--format", *words)
    assert done.exit_code == Exit.USAGE
    assert f"--format {words[0]}: " in done.stderr


def test_sites_have_no_triggers(runs, measured_sites, hushmap):
    """They are left out, and counted."""
    done = hushmap("export", "--format", "csv", "--triggers", runs[1], measured_sites, "-o", "t.csv")
    assert "left out: 2 records of web: it is about no word" in done.stderr
