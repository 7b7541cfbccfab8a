"""Lists of results from two places, against how lists of one place change by themselves."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.analysis.overlap import jaccard, overlaps


def lists(*runs):
    """Runs in which one word found these results, a letter each."""
    return [{"kw": frozenset(run)} for run in runs]


def held(here, there):
    """The two held against each other."""
    return overlaps(here, there, 1)


def test_likeness_is_what_both_hold_of_all_that_either_holds():
    """The same is 1, nothing in common 0, and two empty lists are the same."""
    assert jaccard(frozenset("abc"), frozenset("bcd")) == 0.5
    assert jaccard(frozenset("ab"), frozenset()) == 0.0
    assert jaccard(frozenset(), frozenset()) == 1.0


def test_what_is_there_each_time_and_here_never_is_counted():
    """Beside how alike lists of one place are; the least p of three runs a place is 2 in 20."""
    found = held(lists("abcdx", "abcdy", "abcd"), lists("abmno", "abmno", "abmnoz"))
    (word,) = found.words
    assert (word.only_here, word.only_there, word.always_here, word.always_there) == (2, 3, 4, 5)
    assert word.apart
    assert word.across < min(word.here, word.there)
    assert (found.p, found.least, found.runs, found.left_out) == (0.1, 0.1, (3, 3), 0)
    assert found.difference > 0.4


def test_lists_that_change_by_themselves_are_not_apart():
    """Where one place lists other results from time to time, so may two."""
    found = held(lists("abcd", "efab", "abgh"), lists("abij", "abkl", "abcd"))
    assert not found.words[0].apart
    assert found.p > 0.1


def test_a_place_that_lists_nothing_differs_from_one_that_does():
    """Empty lists are alike; that the two have nothing in common is then no sign of two keys."""
    found = held(lists("", "", ""), lists("abc", "abc", "abd"))
    assert found.words[0].apart
    assert (found.words[0].only_there, found.words[0].here, found.words[0].across) == (2, 1.0, 0.0)


@pytest.mark.parametrize(
    ("here", "there", "why"),
    [
        (lists("a", "a"), lists("a", "a", "a"), "2 and 3 runs: it takes 3"),
        (lists("a", "a", "a"), [*lists("a", "a"), {"other": frozenset("a")}], "no word was read in every run"),
        (lists("ab", "a", "ab"), lists("cd", "c", "cd"), "hashed under two keys"),
    ],
)
def test_what_cannot_be_compared_is_refused(here, there, why):
    """Too few, nothing in common to read, or nothing in common at all."""
    with pytest.raises(ValueError, match=why):
        held(here, there)


def test_words_that_were_not_read_in_every_run_are_left_out():
    """And counted."""
    here = [{"kw": frozenset("a"), "more": frozenset("b")}, *lists("a", "a")]
    found = held(here, lists("a", "a", "a"))
    assert ([one.word for one in found.words], found.left_out) == (["kw"], 1)


def test_of_many_runs_exchanges_are_drawn_by_chance():
    """Ten runs a place can be shared out in 184,756 ways."""
    found = held(lists(*["abcd", "abce"] * 5), lists(*["abmn", "abmo"] * 5))
    assert found.p == found.least == pytest.approx(1 / 10_001)


@given(
    st.lists(
        st.frozensets(st.sampled_from("abcdef"), min_size=1).map(lambda one: one | {"z"}), min_size=6, max_size=6
    )
)
def test_the_two_places_are_alike_in_rank(runs):
    """Who is called here and who there changes no p; and p is never below the least."""
    whole = [{"kw": run} for run in runs]
    found, other = held(whole[:3], whole[3:]), held(whole[3:], whole[:3])
    assert found.p == other.p >= found.least
    assert found.words[0].across == pytest.approx(other.words[0].across)


def test_two_places_that_are_one_are_called_different_as_often_as_chance_has_it():
    """At 0.1, of lists that change by themselves, at most about one in ten of 400."""
    rng = Random(7)
    runs = [
        [{f"w{n}": frozenset(rng.sample("abcdefghij", 6)) for n in range(5)} for _ in range(6)] for _ in range(400)
    ]
    false = sum(held(one[:3], one[3:]).p <= 0.1 for one in runs)
    assert false <= 60  # 400 at 0.1: mean 40, five in a million above
