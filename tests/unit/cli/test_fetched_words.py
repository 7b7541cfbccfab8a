"""Citizen Lab's lists of words on the shelf."""

import json

import pytest

from hushmap.cli import fetched_words
from hushmap.cli.choosing import choose
from hushmap.cli.fault import Exit
from hushmap.cli.options import Wishes
from hushmap.runs import fetched_entries


@pytest.fixture
def copy(home):
    """A copy of the repository with a table and three snapshots, one of which was cut short."""
    folder = home / "chat-censorship" / "search" / "ongoing"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("about")
    (folder / "weibo.csv").write_text("Result,Date\nkw-b + kw-a,d\n#kw-tag,d\nme@example.org,d\n,d\n")
    (folder / "other.csv").write_text("name,hash\na,b\n")
    raw = home / "raw"
    raw.mkdir()
    for hour, words in (("10", 40), ("11", 20), ("12", 41)):
        (raw / f"2015-09-03T{hour}").write_text("\n".join(f"kw-{number}" for number in range(words)))
    return folder


def test_without_a_copy_it_says_where_the_lists_are(hushmap):
    """And why none comes with hushmap; nothing is fetched."""
    done = hushmap("fetch", "chat-censorship")
    assert done.exit_code == 0
    assert "https://github.com/citizenlab/chat-censorship" in done.stdout
    assert "CC BY-NC-SA 4.0" in done.stdout
    shown = json.loads(hushmap("fetch", "chat-censorship", "--json").stdout)
    assert (shown["file"], shown["licence"]) == (None, "CC BY-NC-SA 4.0")


def test_a_folder_of_tables_is_kept_with_source_and_licence(hushmap, copy):
    """Rules are kept as lists that a run takes; what is dropped is counted, what is no list is told."""
    done = hushmap("fetch", "chat-censorship", "--from", copy)
    assert done.exit_code == 0, done.output
    assert "search-ongoing-weibo.csv: 2 rules, 1 of several words" in done.stdout
    assert (
        "dropped before anything was kept: 1 with a person's address or number, 1 redacted or no word" in done.stdout
    )
    assert "no column holds words" in done.stderr
    assert "README" not in done.stderr
    (kept,) = fetched_entries("words")
    assert (kept.licence, kept.source) == ("CC BY-NC-SA 4.0", str(copy / "weibo.csv"))
    assert "The Citizen Lab" in kept.path.read_text()
    chosen = choose(Wishes(files=("search-ongoing-weibo",), experiment="keyword", with_=("none",)))
    assert [one.text for one in chosen.on] == ["kw-a + kw-b", "#kw-tag"]
    assert all("CC BY-NC-SA 4.0" in one.source for one in chosen.on)


def test_a_snapshot_that_was_cut_short_is_left_out(hushmap, copy):
    """Of lists that were taken each hour, one that lost words for one hour only says nothing."""
    done = hushmap("fetch", "chat-censorship", "--from", "raw", "--json")
    assert done.exit_code == 0, done.output
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["hour"], one["rows"]) for one in found] == [
        ("2015-09-03T10:00:00Z", 40),
        ("2015-09-03T12:00:00Z", 41),
    ]
    assert "2015-09-03T11: is shorter than those before and after it" in done.stderr
    shown = hushmap("fetch", "chat-censorship", "--from", "raw").stdout
    assert "raw-2015-09-03T10.csv: 40 rules, 0 of several words, taken 3 Sep 2015, 10:00 UTC" in shown


def test_a_list_of_nothing_but_words_drops_nothing(hushmap, home):
    """Then nothing is said of it."""
    (home / "kw.txt").write_text("kw-alpha\n")
    done = hushmap("fetch", "chat-censorship", "--from", "kw.txt")
    assert done.stdout.startswith("kw.csv: 1 rule, 0 of several words\n")
    assert "dropped" not in done.stdout


def test_a_folder_without_lists_is_one_line(hushmap, home):
    """Nothing is kept."""
    (home / "x").mkdir()
    (home / "x" / "README").write_text("about")
    done = hushmap("fetch", "chat-censorship", "--from", "x")
    assert done.exit_code == Exit.USAGE
    assert "no list of words was found there" in done.stderr


def test_any_name_becomes_one_for_the_shelf():
    """Two folders and the name, whatever letters they have."""
    assert fetched_words._name("../数据/甲.csv") == "words.csv"
    assert fetched_words._name("/a/b/c/yy list.txt") == "b-c-yy-list.csv"
