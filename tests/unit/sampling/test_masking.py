"""Which strings of a text are masked next."""

from hypothesis import given
from hypothesis import strategies as st

from hushmap.sampling.masking import Masks, covered


def _word(text):
    """A word as units."""
    return tuple(text)


def _rules(text, rules):
    """All rules that the tree comes to, when each search finds the first rule that stands."""
    masks, found, asked = Masks(text), [], 0
    while (mask := masks.next()) is not None:
        asked += 1
        hidden = {unit for start, stop in covered(text, mask) for unit in range(start, stop)}
        left = "".join("_" if at in hidden else unit for at, unit in enumerate(text))
        rule = next((rule for rule in rules if all(part in left for part in rule)), None)
        if rule is None:
            masks.harmless()
        else:
            masks.found(frozenset(map(_word, rule)))
            found.append(rule)
    return found, asked


def test_a_word_is_hidden_wherever_it_stands():
    """Also where it overlaps itself, and neighbours make one span."""
    assert covered("xaaaxbaax", {_word("aa")}) == ((1, 4), (6, 8))
    assert covered("xabx", {_word("a"), _word("b")}) == ((1, 3),)
    assert covered("xabx", frozenset()) == ()


def test_rules_that_share_a_part_are_all_found():
    """Masking the shared part would hide the other rules."""
    rules = [("he", "one"), ("he", "two"), ("she",)]
    found, _ = _rules("one he two she three", [("she",), *rules[:2]])
    assert sorted(found) == sorted(rules)


def test_what_is_harmless_is_not_asked_again_with_more_masked():
    """One rule of two parts: asked as a whole, and without each of them."""
    assert _rules("one and two", [("one", "two")]) == ([("one", "two")], 3)


def test_a_mask_under_which_a_known_rule_stands_is_not_asked():
    """Two rules of two parts: as a whole, without a part of the first, and then without one of each."""
    rules = [("one", "two"), ("red", "blue")]
    assert _rules("one and two are red and blue", rules) == (rules, 6)


def test_a_search_that_finds_what_is_masked_ends():
    """If noise puts a masked word into a rule, its branch does not come back."""
    masks = Masks("a.b")
    assert masks.next() == frozenset()
    masks.found(frozenset({_word("a")}))
    assert masks.next() == {_word("a")}
    masks.found(frozenset({_word("a")}))
    assert masks.next() is None


@given(st.lists(st.sets(st.sampled_from("abcdefg"), min_size=1, max_size=3), min_size=1, max_size=5))
def test_every_rule_is_found_that_holds_no_other(rules):
    """Whatever parts they share."""
    least = {frozenset(rule) for rule in rules if not any(other < rule for other in rules)}
    found, _ = _rules("a.b.c.d.e.f.g", sorted((tuple(sorted(rule)) for rule in least), key=len))
    assert {frozenset(rule) for rule in found} == least
    assert len(found) == len(least)
