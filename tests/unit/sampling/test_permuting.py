"""Nine strings of a name, and which rule hits which of them."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.sampling import above, core, filler, permuted, reach

NAME = "word.example"


@pytest.mark.parametrize(
    ("hits", "kind", "pattern"),
    [
        ({1, 4}, "suffix", r"^(.*\.)?word\.example$"),
        ({1}, "exact", r"^word\.example$"),
        ({1, 2, 3, 4, 6, 7}, "label-beginning", r"^(.*\.)?word\.example"),
        ({1, 4, 5}, "ending", r"word\.example$"),
        (set(range(9)), "substring", r"word\.example"),
        ({4}, "below", r"\.word\.example$"),
        ({1, 2, 3}, "beginning", r"^word\.example"),
        ({1, 2, 4, 6}, "labels", r"^(.*\.)?word\.example(\..*)?$"),
        ({6}, "pattern", r"\.word\.example\."),
    ],
)
def test_published_hit_sets_are_read_as_published(hits, kind, pattern):
    """The seven sets of refs/BEYOND 2.10, and two more, are these rules."""
    found = reach(NAME, hits)
    assert (found.kind, found.pattern) == (kind, pattern)


@pytest.mark.parametrize("hits", [set(), {2, 3}, {0}, {1, 6}, {1, 2, 4}, set(range(8))])
def test_a_set_that_no_pattern_explains_is_not_read(hits):
    """Nothing hit, or hits that are no product of a left and a right side, name no rule."""
    assert reach(NAME, hits) is None


def test_every_pattern_that_is_read_hits_just_what_it_was_read_from():
    """Of all 512 sets of hits, each that is read gives an expression that matches exactly these strings."""
    strings = permuted(NAME, "zzzzzz")
    read = 0
    for number in range(512):
        hits = {form for form in range(9) if number >> form & 1}
        found = reach(NAME, hits)
        if found is not None:
            read += 1
            assert {form for form, text in enumerate(strings) if re.search(found.pattern, text)} == hits
    assert read == 16


def test_the_nine_strings_are_those_published():
    """In the order of refs/BEYOND 2.10."""
    assert permuted("d", "s") == ("sds", "d", "d.s", "ds", "s.d", "sd", "s.d.s", "s.ds", "sd.s")


def test_what_is_above_a_name_is_asked_widest_first():
    """Each name above it, and a made-up one under each; a last label alone is no name to ask."""
    assert above("www.word.example", "zz") == ("zz.example", "word.example", "zz.word.example")
    assert above("word", "zz") == ()


@pytest.mark.parametrize(
    ("hits", "found"),
    [
        (set(), "www.word.example"),
        ({"zz.word.example"}, "word.example"),
        ({"word.example", "zz.word.example"}, "word.example"),
        ({"zz.example", "word.example", "zz.word.example"}, "example"),
    ],
)
def test_the_widest_name_that_is_acted_upon_is_what_the_rule_is_about(hits, found):
    """By itself or by what is under it."""
    assert core("www.word.example", "zz", hits) == found


@given(st.integers(0, 2**32))
def test_a_filler_is_no_word_and_comes_from_chance_alone(seed):
    """The same chance gives the same letters, none of them a vowel."""
    made = filler(random.Random(seed))
    assert made == filler(random.Random(seed))
    assert re.fullmatch("[b-df-hj-np-tv-xz]{6}", made)
