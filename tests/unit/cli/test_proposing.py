"""Proposals, written and told."""

import csv

import pytest

from hushmap.cli.fault import Fault
from hushmap.cli.proposing import free, proposed
from hushmap.detect import PROPOSED, Proposal


def proposal(name, sites=5):
    """A proposal for some sites."""
    row = dict.fromkeys(PROPOSED, "") | {
        "name": name,
        "scope": "vbw",
        "pattern": 'by order,\nsays "he"',
        "notes": "x",
    }
    hosts = tuple(f"s{number}.example" for number in range(sites))
    return Proposal(
        row=row, count=1200, sites=sites, hosts=hosts, countries=("XE",), networks=(64501,), records=("r1", "r2")
    )


def test_rows_are_written_and_told(home):
    """Each row reads back as it was; each page is told with its sites and a record to look at."""
    path = home / "new.csv"
    lines = list(proposed([proposal("p.1"), proposal("p.2", 3)], path))
    with path.open(newline="") as file:
        assert list(csv.DictReader(file)) == [dict(proposal("p.1").row), dict(proposal("p.2").row)]
    assert lines[:3] == [
        "2 pages may be notices; none counts for any verdict:",
        "  p.1  1,200 times, for s0.example, s1.example, s2.example and 2 more; look at record r1",
        "  p.2  1,200 times, for s0.example, s1.example and s2.example; look at record r1",
    ]
    assert lines[-1].startswith("  hushmap judge --fingerprints ")


def test_nothing_is_written_of_nothing(home):
    """No proposal, no file."""
    (line,) = proposed([], home / "new.csv")
    assert "was not written" in line
    assert not (home / "new.csv").exists()


def test_what_is_there_is_kept(home):
    """A file that is there, or came meanwhile, is not touched."""
    path = home / "mine.csv"
    free(path)
    path.write_text("mine")
    with pytest.raises(Fault, match="is there already"):
        free(path)
    with pytest.raises(Fault, match="File exists; give a file that can be written"):
        list(proposed([proposal("p.1")], path))
    assert path.read_text() == "mine"
