"""`hushmap platform compare`: what searches found on two lines, held against each other."""

import json
import re

import msgspec
import pytest

from hushmap.cli.fault import Exit
from hushmap.codec import encode_record
from hushmap.model import (
    Ask,
    Connect,
    Extract,
    Fetch,
    Handshake,
    Layer,
    Listing,
    Page,
    Platform,
    Record,
    Search,
    Trial,
)

SEARCH = Search(url="https://driftwood.example/s?q={query}", items=Extract(kind="css", expression="a"))
PLATFORM = Platform(id="driftwood", name="Driftwood", search=SEARCH)
HERE, THERE = ("abcdx", "abcdy", "abcd"), ("abmno", "abmno", "abmnoz")


def searched(run, word, items, platform=PLATFORM, notice=None):
    """The record of one word of one run."""
    page = Page(status=200, listing=Listing(found=len(items), items=tuple(items), notice=notice))
    steps = (
        Connect(t0=1, t=1, address="198.51.100.7", port=443),
        Handshake(t0=1, t=1, address="198.51.100.7", port=443, valid=True),
        Fetch(t0=1, t=2, url="https://driftwood.example/s", page=page),
    )
    return Record(
        id=f"{run}-{word}", run=run, experiment="search", target=word, started="", ended="",
        run_started="2026-11-01T00:00:00Z", platform=platform,
        trials=(Trial(id=1, ask=Ask(layer=Layer.HTTP), steps=steps, t0=1, t=2),),
    )  # fmt: skip


@pytest.fixture
def runs(home):
    """Two files of records with three runs each; what the command is given of them."""

    def write(here=HERE, there=THERE, more=()):
        for name, lists in (("here", here), ("there", there)):
            every = [searched(f"{name}-{n}", "kw-a", items) for n, items in enumerate(lists)]
            every += [searched(f"{name}-{n}", word, items) for n in range(len(lists)) for word, items in more]
            (home / f"{name}.jsonl").write_bytes(b"".join(map(encode_record, every)))
        return "platform", "compare", "here.jsonl", "--elsewhere", "there.jsonl"

    return write


def test_what_differs_more_than_one_line_does_is_told_with_its_chance(hushmap, runs):
    """Word by word how alike, what is never here, one p for all of it, and what it does not show."""
    done = hushmap(*runs(more=(("kw-b", "pqr"),)))
    assert done.exit_code == 0
    told = " ".join(done.stdout.split())
    assert "driftwood: 2 words, 3 runs here and 3 elsewhere" in told
    assert "kw-a (3 of the 5 always found elsewhere never here; 2 of the 4 always found here never elsewhere)" in told
    assert "1.00 1.00 1.00 kw-b" in told
    assert "more different between the two than ever within one: 1 word" in told
    assert "p = 0.1; the least that so many runs could give is 0.1" in told
    assert "does not say that anything was left out, nor by whom" in told


def test_as_json_it_is_whole(hushmap, runs):
    """With the caution in it."""
    found = json.loads(hushmap(*runs(), "--json").stdout)
    assert (found["schema"], found["platform"]) == ("hushmap.overlap/1", "driftwood")
    assert (found["found"]["words"][0]["apart"], found["found"]["runs"]) == (True, [3, 3])
    assert "nor by whom" in found["caution"]


def test_many_words_are_cut_in_the_lines_alone(hushmap, runs):
    """The rest is in the JSON; words that one run did not read are counted."""
    done = hushmap(*runs(more=[(f"kw-{n}", "pqr") for n in range(60)]))
    assert "and 21 words more: --json has them all" in done.stdout


def test_what_cannot_be_compared_is_one_line(hushmap, runs, home):
    """Too few runs, another person's key, no search at all, several platforms."""
    for here, why in ((HERE[:2], "it takes 3 a place"), (("pq", "pr", "ps"), "hashed under two keys")):
        done = hushmap(*runs(here=here))
        assert (done.exit_code, why in done.stderr, len(done.stderr.splitlines())) == (Exit.USAGE, True, 1)
    whole = runs()
    (home / "none.jsonl").write_bytes(b"")
    assert "holds no search" in hushmap("platform", "compare", "none.jsonl", "--elsewhere", "there.jsonl").stderr
    other = Platform(id="saltmarsh", name="Saltmarsh", search=SEARCH)
    with (home / "here.jsonl").open("ab") as file:
        file.write(encode_record(searched("here-0", "kw-c", "abc", platform=other)))
    assert "say which with --platform" in hushmap(*whole).stderr
    assert "choose one of driftwood and saltmarsh" in hushmap(*whole, "--platform", "nothing").stderr
    assert hushmap(*whole, "--platform", "driftwood").exit_code == 0


def edition(runs, home, **changes):
    """The runs, the last word of the first of which was read with another edition of the manifest."""
    whole = runs(more=(("kw-b", "pqr"),))
    other = msgspec.structs.replace(PLATFORM, **changes)
    text = (home / "here.jsonl").read_bytes()
    (home / "here.jsonl").write_bytes(text + encode_record(searched("here-0", "kw-c", "abc", platform=other)))
    return whole


@pytest.mark.parametrize(("days", "in_turns"), [((1, 2, 3, 4, 5, 6), False), ((1, 3, 5, 2, 4, 6), True)])
def test_runs_that_were_not_made_in_turns_are_told_of(hushmap, runs, home, days, in_turns):
    """Results change with time: what lies between the two lines may be the days."""
    whole = runs()
    for name, mine in (("here", days[:3]), ("there", days[3:])):
        lists = HERE if name == "here" else THERE
        records = [searched(f"{name}-{n}", "kw-a", items) for n, items in enumerate(lists)]
        at = [f"2026-11-0{day}T00:00:00Z" for day in mine]
        dated = [msgspec.structs.replace(one, run_started=when) for one, when in zip(records, at, strict=True)]
        (home / f"{name}.jsonl").write_bytes(b"".join(map(encode_record, dated)))
    assert ("before any of the other" in hushmap(*whole).stdout) is not in_turns
    assert ("一条线路的全部运行都早于另一条" in hushmap(*whole, "--lang", "zh").stdout) is not in_turns
    assert json.loads(hushmap(*whole, "--json").stdout)["in_turns"] is in_turns


def test_a_run_that_is_given_twice_is_refused(hushmap, runs, home):
    """Copies of one run agree with themselves, so that two runs would seem to be two lines of many."""
    whole = runs()
    for more in (("here.jsonl",), ("--elsewhere", "here.jsonl"), ("--elsewhere", "there.jsonl")):
        done = hushmap(*whole, *more)
        assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (Exit.USAGE, "", 1)
        assert "is given more than once" in done.stderr


def test_editions_that_find_results_in_different_ways_are_not_compared(hushmap, runs, home):
    """Lists would differ by that alone, whoever left nothing out."""
    for changes in (
        {"items": Extract(kind="css", expression="b")},
        {"top": 3},
        {"encoding": "gbk"},
        {"method": "POST"},
    ):
        done = hushmap(*edition(runs, home, search=msgspec.structs.replace(SEARCH, **changes)))
        assert (done.exit_code, len(done.stderr.splitlines())) == (Exit.USAGE, 1)
        assert "made with 2 editions of the manifest driftwood that find results in different ways" in done.stderr


def test_editions_that_differ_elsewhere_are_told_of(hushmap, runs, home):
    """As a notice that was added in between; one edition is not worth a word."""
    whole = edition(runs, home, operator="Somebody else")
    assert "made with 2 editions of its manifest" in hushmap(*whole).stdout
    assert json.loads(hushmap(*whole, "--json").stdout)["editions"] == 2
    assert "editions" not in hushmap(*runs()).stdout


def test_it_is_told_in_chinese(hushmap, runs):
    """Every line of it."""
    told = hushmap(*runs(), "--lang", "zh").stdout
    assert "1 个词语" in told
    assert "本线路运行 3 次" in told
    assert not re.search("[a-z]{3,} [a-z]{3,}", told.replace("hushmap run", ""))


def test_a_page_with_a_notice_is_no_list(hushmap, runs, home):
    """What is left out there is said; it is a verdict's matter."""
    whole = runs()
    with (home / "here.jsonl").open("ab") as file:
        some = (searched(f"here-{n}", "kw-c", "a", notice="n" if n else None) for n in range(3))
        file.write(b"".join(map(encode_record, some)))
    assert "left out: 1 word that not every run read" in hushmap(*whole).stdout
