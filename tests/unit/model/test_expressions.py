"""Tests of hushmap.model.expressions."""

import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.model import REACH, Expression, compiled, expression
from hushmap.model.expressions import FEWEST, MOST


@pytest.mark.parametrize(
    ("pattern", "pieces", "literal"),
    [
        ("blocked", ("(?s)blocked",), "blocked"),
        (r"order .* of the\.court", ("(?s)order ", r"(?s) of the\.court"), " of the.court"),
        ("^no.*$", ("(?s)^no", "(?s)$"), "no"),
        ("a.+b.{3}c", ("(?s)a", "(?s).b.{3}c"), "a"),
        (".*ab.*", ("(?s)ab",), "ab"),
        (r"[[ab\]c]x\dyz", (r"(?s)[[ab\]c]x\dyz",), "yz"),
        ("x{}y", ("(?s)x{}y",), "x{}y"),
        ("(?i)BLOCKED.*by", ("(?is)BLOCKED", "(?is)by"), ""),
    ],
)
def test_what_has_no_other_repeats_is_a_row_of_pieces(pattern, pieces, literal):
    """Each piece has a fixed length, and the longest literal is one that every match holds."""
    assert expression(pattern) == Expression(pieces=pieces, literal=literal, linear=True)


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [
        (r"order \d+", "order "),
        ("colou?r", "colo"),
        ("(ab)+xyz", "xyz"),
        ("(a|bc)d", "d"),
        ("abc|de", ""),
        ("(?:(a|b)c)?de", "de"),
        ("x{,3}yz", "yz"),
        ("x{2,}yz", "yz"),
        ("x{2,5}?yz", "yz"),
        ("((a)b){1}c", "c"),
        ("</title>*src", "</title"),
    ],
)
def test_what_repeats_once_or_a_little_is_matched_as_it_is(pattern, literal):
    """Groups, alternatives, and one repeat without bound."""
    found = expression(pattern)
    places = found.places
    assert found == Expression(pieces=(f"(?s){pattern}",), literal=literal, linear=False, places=places)
    assert FEWEST <= places <= MOST


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(abc", "not a regular expression: missing )"),
        ("a{99999999999}", "not a regular expression"),
        ("(" * 1900 + ")" * 1900, "not a regular expression"),
        ("(a?){1}", "it is found in every text"),
        ("abc|", "it is found in every text"),
        ("(a+)+b", "it repeats what repeats"),
        ("(a|b)*c", "it repeats what repeats or branches"),
        ("((a|b)c)+d", "it repeats what repeats or branches"),
        ("((a*)b)+c", "it repeats what repeats"),
        ("(a{2}){3}", "it repeats what repeats"),
        ("a*b*c", "it can be tried in too many ways"),
        ("(a|b){1}a{0,99}b{0,99}c{0,99}", "it can be tried in too many ways"),
        ("x{1001}", "it repeats more than 1,000 times"),
        ("x{2000,}", "it repeats more than 1,000 times"),
        (r"(a)\1", r"'\\1' is not taken"),
        ("(?P<x>a)b", "'(?P<x>a)b' is not taken"),
        ("(?x)a b", "'(?x)a b' is not taken"),
        ("(?=a)b", "'(?=a)b' is not taken"),
        ("a*+b", "is not taken"),
        ("a" * 4_001, "it has more than 4,000 characters"),
    ],
)
def test_what_might_take_too_long_is_refused(pattern, why):
    """With the reason, in a few words."""
    with pytest.raises(ValueError, match=re.escape(why)):
        expression(pattern)


def test_a_pattern_of_tomorrows_python_is_no_error():
    """A regular expression that only warns is taken."""
    assert expression("[[abcd]").linear


def test_a_pattern_of_tomorrows_python_warns_nobody():
    """Compiled anywhere, an expression whose meaning a later Python changes prints nothing."""
    with warnings.catch_warnings(action="error"):
        assert compiled("[[abcd]x").search("[x")
        assert compiled("A", re.IGNORECASE).search("a")


@pytest.mark.parametrize("pattern", ["a{\u0663,\u0662}", "a{\u0663}b+"])
def test_digits_of_other_scripts_are_no_repeat(pattern):
    """Python takes them for text, so they are no bounds, of which the greater might come first."""
    assert re.compile(pattern).search("a{\u0663,\u0662}a{\u0663}b")
    assert expression(pattern).pieces == (f"(?s){pattern}",)


ATOMS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", r"\.", r"\w", "(a|bc)", "(?:ab)", "^", "$", r"\b"])
REPEATS = st.sampled_from(["", "", "", "", "?", "*", "+", "{2}", "{1,2}", "??"])
PATTERNS = st.lists(st.builds(str.__add__, ATOMS, REPEATS) | st.just(".*"), min_size=1, max_size=6).map("".join)
TEXTS = st.text("abc.\n", max_size=14)


def read(pattern):
    """The expression, or `None` if it is refused."""
    try:
        return expression(pattern)
    except ValueError:
        return None


@given(PATTERNS, TEXTS)
def test_what_matches_holds_the_literal_and_every_piece(pattern, text):
    """Neither taking an expression apart nor looking for its literal first loses or adds a match."""
    found = read(pattern)
    if found is None:
        return
    whole = re.search(f"(?s){pattern}", text)
    at: int | None = 0
    for piece in found.pieces:
        step = re.compile(piece).search(text, at) if at is not None else None
        at = step.end() if step else None
    assert (at is not None) == (whole is not None)
    assert whole is None or found.literal in whole[0]


@given(st.text(r"ab.*+?{}2,()[]|^$\i", max_size=12))
def test_any_text_is_an_expression_or_a_reason(text):
    """Nothing else comes out, and what is taken can be compiled piece by piece."""
    found = read(text)
    if found is not None:
        assert found.pieces
        assert all(re.compile(piece) for piece in found.pieces)


def test_the_worst_that_is_taken_ends():
    """A page made against an expression with the most ways that are allowed is through in a moment."""
    found = expression("a{0,127}a{0,127}b")
    assert re.search(found.pieces[0], "a" * REACH) is None
