"""What a rule about a name would cover beside."""

import pytest

from hushmap.cli import overblocking
from hushmap.cli.overblocking import known_names, overblocking_lines
from hushmap.model import Trigger


@pytest.fixture
def lists(monkeypatch, tmp_path):
    """Two lists, one of them damaged."""
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("url,category_code\nhttps://sword.example/,NEWS\nhttps://www.word.example/,NEWS\n")
    bad.write_bytes(b"\xff\xfe")
    monkeypatch.setattr(overblocking, "fetched", lambda _kind: (good, bad))
    known_names.cache_clear()
    yield
    known_names.cache_clear()


def found(expression):
    """A rule about a name."""
    return Trigger(kind="domain", parts=("word.example",), pattern="x", expression=expression, place="tls-sni")


def test_names_of_the_lists_here_are_told(lists):
    """How many, which, and that none of them was measured; the name itself and what is under it are none."""
    (line,) = overblocking_lines(found(r"word\.example$"))
    assert "would cover 1 more: sword.example (not measured)" in line
    (none,) = overblocking_lines(found(r"^(.*\.)?word\.example$"))
    assert "would cover 0 more (not measured)" in none


def test_what_is_no_rule_covers_nothing(lists):
    """A word, or a name whose rule was not read."""
    assert list(overblocking_lines(found(None))) == []


def test_many_names_are_told_by_a_few(lists, monkeypatch):
    """And by how many they are."""
    monkeypatch.setattr(overblocking, "known_names", lambda: frozenset(f"{n}word.example" for n in range(9)))
    (line,) = overblocking_lines(found(r"word\.example$"))
    assert "9 more: " in line
    assert line.endswith("… (not measured)")
