"""Which host names a censor covers, by the readings that censors of the field were found to have."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.lab.censors.naming import EVERY_NAME, Naming
from hushmap.lab.censors.parameters import Censor

PERMUTED = "{s}d{s} d d.{s} d{s} {s}.d {s}d {s}.d.{s} {s}.d{s} {s}d.{s}".split()
"""refs/BEYOND 2.10, strings 0 to 8."""
READINGS = {
    "domain": ({1, 4}, r"^(.*\.)?kw\.example$"),
    "exact": ({1}, r"^kw\.example$"),
    "label": ({1, 2, 3, 4, 6, 7}, r"^(.*\.)?kw\.example"),
    "ending": ({1, 4, 5}, r"kw\.example$"),
    "under": ({4}, r"\.kw\.example$"),
    "beginning": ({1, 2, 3}, r"^kw\.example"),
}
"""Each reading with the strings that it hits, and the rule that the notes have for that."""


def naming(**parameters):
    """A censor's reading of names."""
    return Naming(Censor(kind="sni-reset", **parameters))


@pytest.mark.parametrize("matching", READINGS)
def test_each_reading_hits_the_strings_of_its_rule(matching):
    """The nine permutations of a name tell the readings apart, as published."""
    wanted, rule = READINGS[matching]
    reading = naming(names=("kw.example",), matching=matching)
    texts = [form.replace("{s}", "zzzz").replace("d", "kw.example") for form in PERMUTED]
    assert {number for number, text in enumerate(texts) if reading.covers(text) is not None} == wanted
    assert {number for number, text in enumerate(texts) if re.search(rule, text)} == wanted


def test_a_word_is_found_anywhere_in_a_name():
    """All nine strings, and in no other name; whatever its case."""
    reading = naming(words=("kw.example",))
    texts = [form.replace("{s}", "zzzz").replace("d", "kw.example") for form in PERMUTED]
    assert [reading.covers(text.upper()) for text in texts] == ["kw.example"] * 9
    assert reading.covers("k.w.example") is None


def test_a_name_is_covered_by_itself_a_parent_or_a_word():
    """`b.example` covers what is under it and not what merely ends alike; words match anywhere."""
    reading = naming(names=("b.example",), words=("kw-one",))
    assert reading.covers("b.example") == "b.example"
    assert reading.covers("www.B.example.") == "b.example"
    assert reading.covers("ab.example") is None
    assert reading.covers("x-kw-one.example") == "kw-one"


def test_the_root_covers_every_name():
    """A filter of everything is one entry, and a nearer one is told first."""
    assert naming(names=(EVERY_NAME,)).covers("any.thing.example") == EVERY_NAME
    assert naming(names=(EVERY_NAME, "b.example")).covers("b.example") == "b.example"


def test_words_of_a_name_stand_together_are_lifted_or_come_in_order():
    """The same language as in texts."""
    reading = naming(words=("kw-a",), also=("kw-b",), unless=("kw-c",))
    assert reading.covers("kw-b.kw-a.example") == "kw-a"
    assert reading.covers("kw-b.example") is None
    assert reading.covers("kw-c.kw-b.kw-a.example") is None
    ordered = naming(words=("kw-a",), also=("kw-b",), ordered=True)
    assert ordered.covers("kw-a.kw-b.example") == "kw-a"
    assert ordered.covers("kw-b.kw-a.example") is None


def test_other_scripts_are_read_by_those_who_do():
    """A word in an A-label is found by who decodes it; what decodes to nothing is left as it is."""
    label = "前测试词甲后".encode("idna").decode()
    assert naming(words=("测试词甲",), punycode=True).covers(f"{label}.example") == "测试词甲"
    assert naming(words=("测试词甲",)).covers(f"{label}.example") is None
    assert naming(words=(label,)).covers(f"{label}.example") == label
    assert naming(words=("测试词甲",), punycode=True).covers("xn--!!.example") is None
    assert naming(words=("测试词甲",), punycode=True).covers("plain.example") is None


@given(st.text(max_size=60))
def test_any_name_is_looked_at(name):
    """Nothing is raised, whatever a packet says."""
    for matching in READINGS:
        naming(names=("a.example",), words=("测",), matching=matching, punycode=True).covers(name)
