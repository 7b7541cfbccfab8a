"""`hushmap judge --elsewhere`: what another run changes, why it may not, and that nothing is written."""

import json

import pytest

from elsewhere import FAR, HOME, NEAR, SOUND, by_pairs, fails, seen
from hushmap.cli.fault import Exit
from hushmap.cli.judge_elsewhere import LISTED, WHY_NOT, Beside, Change, lines
from hushmap.codec import encode_record
from hushmap.detect import WhyNot
from hushmap.model import Vantage

LATER = "2026-11-21T12:30:00Z"


@pytest.fixture
def file(home):
    """Write records to a file and name it."""

    def made(name, *records):
        (home / name).write_bytes(b"".join(map(encode_record, records)))
        return name

    return made


def test_another_run_changes_a_verdict(hushmap, file, home):
    """The change is named; the object says with which record it was compared; no file is written."""
    here = file("a.jsonl", seen(HOME, *by_pairs(), run="a"))
    there = file("b.jsonl", seen(NEAR, run="b", at=LATER))
    before = sorted(path.name for path in home.iterdir())
    done = hushmap("judge", here, "--elsewhere", there)
    assert done.exit_code == 0, done.output
    assert "1 of 1 record judged" in done.stdout
    assert "  1 Blocked\n" in done.stdout
    assert "beside other runs: 1 of 1 record compared · 1 verdict changed" in done.stdout
    assert "https://news.example/: Unreachable from here -> Blocked by address" in done.stdout
    (line,) = hushmap("judge", here, "--elsewhere", there, "--json").stdout.splitlines()
    found = json.loads(line)
    assert (found["outcome"], found["peers"], found["trials"]["peer"]) == ("blocked", ["b-0001"], [0, 1])
    assert "on Net-B (AS64502) the same address answered in the same hour" in found["sentence"]
    assert sorted(path.name for path in home.iterdir()) == before
    assert hushmap("judge", here, "--elsewhere", there, "--fail-on", "blocked").exit_code == Exit.NO


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ({"vantage": HOME}, "both are from the same network"),
        ({"vantage": Vantage(country="XA")}, "the network (AS number) of one of the two is not known"),
        ({"run": "a"}, "it is the same run, or asked something else"),
        ({"context": SOUND.__class__(sentinels=(1, 1), clock_offset=0.0)}, "its own line was not seen to work"),
        ({"context": SOUND.__class__(sentinels=(1, 0))}, "its clock was compared with no helper's"),
        ({"at": "2026-11-23T12:00:00Z"}, "nobody elsewhere asked the same within the same hour"),
    ],
)
def test_why_nothing_is_compared_is_said(hushmap, file, there, said):
    """A group whose runs cannot be joined reads what to do about it."""
    here = file("a.jsonl", seen(HOME, *fails(), run="a"))
    other = file("b.jsonl", seen(**{"vantage": FAR, "run": "b"} | there))
    done = hushmap("judge", here, "--elsewhere", other)
    assert (done.exit_code, "0 of 1 record compared" in done.stdout) == (0, True)
    assert said in done.stdout


def test_a_run_folder_stands_beside_a_file(measured, hushmap, file):
    """Its own verdicts stay those of the run alone."""
    before = (measured / "verdicts.jsonl").read_bytes()
    done = hushmap("judge", measured, "--elsewhere", file("b.jsonl", seen(FAR, run="b")))
    assert done.exit_code == 0, done.output
    assert "2 of 2 records judged" in done.stdout
    assert (measured / "verdicts.jsonl").read_bytes() == before


def test_damaged_lines_are_counted_and_nothing_is_no_run(hushmap, file, home):
    """Exit code 2 and one line where one of the two holds no record."""
    here = file("a.jsonl", seen(HOME, run="a"))
    (home / "a.jsonl").write_bytes((home / "a.jsonl").read_bytes() + b"{}\n")
    there = file("b.jsonl", seen(FAR, run="b"))
    done = hushmap("judge", here, "--elsewhere", there)
    assert (done.exit_code, done.stderr) == (
        0, "hushmap: 1 line could not be read; judge the PATH alone to see which\n",
    )  # fmt: skip
    (home / "none.jsonl").write_bytes(b"{}\n")
    for words in (("none.jsonl", "--elsewhere", there), (here, "--elsewhere", "none.jsonl")):
        done = hushmap("judge", *words)
        assert (done.exit_code, "no record in none.jsonl" in done.stderr) == (2, True)


def test_it_is_told_apart_from_what_lists_and_proposes(hushmap, file):
    """Options that go with one pass over one input are refused beside it."""
    here = file("a.jsonl", seen(HOME, run="a"))
    done = hushmap("judge", here, "--elsewhere", here, "--differ")
    assert (done.exit_code, "--elsewhere judges runs beside each other" in done.stderr) == (2, True)


def test_every_reason_has_words_and_long_lists_end():
    """What is left out is told by its number."""
    assert set(WHY_NOT) == set(WhyNot)
    changes = [Change(target=f"site-{n}.example", before="x", after="y") for n in range(LISTED + 3)]
    told = Beside(judged=[], rejects=[], kept={}, compared=30, changes=changes)
    assert [*lines(told)][-1] == "    and 3 more: --json"
