"""Rules of a text, from noisy answers."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filtering import HANZI, Filter, Planted, least, strings
from hushmap.model import Rates
from hushmap.sampling import Isolating, expected_questions

RATES = Rates(false_hit=0.01, miss=0.05)


def run(isolating, oracle):
    """Ask until the end; the answers."""
    answers = []
    while isolating.question is not None:
        answers.append(oracle.answer(isolating.question))
        isolating.tell(answers[-1])
    return answers


@pytest.mark.parametrize(
    ("rates", "parts", "size", "measured"),
    [
        ((0.005, 0.25), 2, 500, 90),
        ((0.01, 0.05), 2, 500, 57),
        ((0.02, 0.10), 2, 500, 73),
        ((0.05, 0.25), 2, 500, 119),
        ((0.005, 0.25), 1, 500, 52),
    ],
)
def test_a_plan_is_about_right(rates, parts, size, measured):
    """Within a tenth of what the bench measured."""
    false_hit, miss = rates
    assert expected_questions(size, Rates(false_hit=false_hit, miss=miss), parts) == pytest.approx(measured, rel=0.1)


def test_a_word_is_found():
    """One string, its place, verified, with the counts that show it."""
    text = "".join(HANZI[:200])
    isolating = Isolating(text, RATES)
    run(isolating, Filter(text, [Planted((text[50:53],))]))
    (rule,) = isolating.rules
    assert (rule.parts, rule.verified, rule.classifier, rule.ordered) == (((50, 53),), True, False, None)
    assert rule.hits[0] == rule.hits[1] > 0 == rule.without[0] < rule.without[1]
    assert rule.error < 1e-3


@given(st.randoms(use_true_random=False), st.integers(20, 300), st.integers(1, 4))
def test_without_noise_it_is_always_exact(chance, size, parts):
    """Whatever strings of a text are planted, overlapping or not, they come out."""
    text = "".join(chance.choices(HANZI, k=size))
    starts = [chance.randrange(size - 5) for _ in range(parts)]
    planted = tuple(text[start : start + chance.randint(1, 5)] for start in starts)
    isolating = Isolating(text, RATES, blocked=True)
    run(isolating, Filter(text, [Planted(planted)]))
    rule = isolating.rules[0]
    assert rule.verified
    assert set(strings(text, rule.parts)) == least(planted)


def test_told_again_it_stands_where_it_stood():
    """The state is a function of the answers."""
    text = "".join(HANZI[:300])
    rules = [Planted((text[5:8], text[200:202]))]
    live = Isolating(text, RATES)
    answers = run(live, Filter(text, rules, 0.01, 0.05, random.Random(3)))
    again = Isolating(text, RATES)
    for hit in answers:
        assert again.question is not None
        again.tell(hit)
    assert (again.question, again.rules, again.asked) == (None, live.rules, len(answers))


def test_a_harmless_text_has_no_rule():
    """It is decided first, and nothing is asked after that."""
    isolating = Isolating("".join(HANZI[:100]), RATES)
    run(isolating, Filter(isolating._text, []))
    assert isolating.rules == ()


def test_nothing_can_be_told_at_the_end():
    """An answer that no question asked for is an error."""
    isolating = Isolating("", RATES)
    assert isolating.question is None
    with pytest.raises(ValueError, match="nothing was asked"):
        isolating.tell(True)


def found(text, rules, *, rates=RATES, **options):
    """What comes out without noise: of each rule its strings and what lifts it."""
    isolating = Isolating(text, rates, **options)
    run(isolating, Filter(text, rules))
    assert all(rule.verified for rule in isolating.rules)
    return {(frozenset(strings(text, rule.parts)), strings(text, rule.unless)) for rule in isolating.rules}


def apart(size, *words):
    """A text that has words at equal distances."""
    gap = HANZI[1_000 : 1_000 + size]
    return "".join("".join(gap) + word for word in words) + "".join(gap)


def test_rules_that_share_a_part_are_all_found():
    """Three rules, two with a part in common, and one whose part overlaps another's."""
    text = apart(30, "ABC", "DE", "FG", "HIJ")
    rules = [Planted(("ABC", "DE")), Planted(("ABC", "FG")), Planted(("BC", "HIJ"))]
    assert found(text, rules) == {(frozenset(rule.parts), ()) for rule in rules}


@pytest.mark.parametrize(("letters", "more"), [("ABCDE", False), ("ABCDEFGH", True)])
def test_no_more_than_five_rules(letters, more):
    """A text of which everything is hit does not take all day, and whether something was left is known."""
    text = apart(20, *letters)
    isolating = Isolating(text, RATES, blocked=True)
    run(isolating, Filter(text, [Planted((word,)) for word in letters]))
    assert (len(isolating.rules), isolating.more) == (5, more)


@pytest.mark.parametrize("rule", [("AB", "CD"), ("CD", "EF", "AB")])
def test_order_is_learned(rule):
    """A rule that wants its parts in the order of the text is told from one that does not."""
    text = apart(20, *rule)
    for ordered in (True, False):
        isolating = Isolating(text, RATES)
        run(isolating, Filter(text, [Planted(rule, ordered=ordered)]))
        assert isolating.rules[0].ordered is ordered
        assert strings(text, isolating.rules[0].parts) == rule


@pytest.mark.parametrize("first", [True, False])
def test_what_lifts_a_rule_is_found_in_the_other_half(first):
    """The text passes and one half of it does not: something in the rest lifts it."""
    words = ("BAD", "GOOD") if first else ("GOOD", "BAD")
    text = apart(60, *words)
    assert found(text, [Planted(("BAD",), ("GOOD",))]) == {(frozenset({"BAD"}), ("GOOD",))}


def test_what_lifts_a_rule_is_found_in_what_was_appended():
    """Two strings that lift it only together, in a text that is longer than what it is appended to."""
    text = apart(10, "BAD", "WORD")
    whole = text + apart(90, "GO", "OD")
    rule = Planted(("BAD", "WORD"), ("GO", "OD"))
    assert found(whole, [rule], appended=len(text)) == {(frozenset(rule.parts), ("GO", "OD"))}


def test_what_lifts_one_of_two_rules_is_found_in_a_text_that_is_hit():
    """The other rule has the text hit as a whole."""
    text = apart(30, "GOOD", "WORSE", "BAD")
    rules = [Planted(("BAD",), ("GOOD",)), Planted(("WORSE",))]
    assert found(text, rules) == {(frozenset({"BAD"}), ("GOOD",)), (frozenset({"WORSE"}), ())}


def test_what_passes_in_halves_too_has_no_rule():
    """Nothing is searched where nothing is hit."""
    text = apart(30, "BAD", "GOOD", "BAD", "GOOD")
    assert found(text, [Planted(("BAD",), ("GOOD",))]) == set()


class Counting:
    """Hits what has enough bad words, whichever: no set of strings explains it."""

    def __init__(self, text, words, enough, dilution=0):
        self.filter = Filter(text, [])
        self.words, self.enough, self.dilution = words, enough, dilution

    def answer(self, question):
        """Without noise."""
        text = self.filter.written(question)
        diluted = self.dilution if question.carrier else 0
        return sum(text.count(word) for word in self.words) - diluted >= self.enough


def test_a_word_that_must_come_twice_is_no_rule():
    """What is left is minimal, yet no set of strings: a word counts."""
    text = apart(20, "BAD", "BAD", "BAD")
    isolating = Isolating(text, RATES)
    run(isolating, Counting(text, ["BAD"], 2))
    (rule,) = isolating.rules
    assert (rule.classifier, rule.verified, strings(text, rule.parts)) == (True, False, ("BAD", "BAD"))


def test_a_score_that_harmless_text_lowers_is_no_rule():
    """What is hit alone and not in company is a sum of weights."""
    text = apart(20, "BAD", "WORSE")
    isolating = Isolating(text, RATES)
    run(isolating, Counting(text, ["BAD", "WORSE"], 2, dilution=1))
    assert [(rule.classifier, rule.verified) for rule in isolating.rules] == [(True, False)]


def test_what_takes_too_many_parts_is_no_rule():
    """Thirteen words that must all be there are not a rule that a person wrote."""
    words = [chr(ord("A") + number) * 2 for number in range(13)]
    text = apart(5, *words)
    isolating = Isolating(text, RATES)
    run(isolating, Filter(text, [Planted(tuple(words))]))
    assert [(rule.classifier, rule.verified, len(rule.parts)) for rule in isolating.rules] == [(True, False, 12)]


class Twisted:
    """A filter that changes the answers to some questions."""

    def __init__(self, text, rules, change):
        self.filter, self.change = Filter(text, rules), change

    def answer(self, question):
        """Without noise, but for the change."""
        return self.change(question, self.filter.answer(question))


def test_a_rule_that_is_not_hit_again_is_neither_told_nor_a_classifier():
    """A filter that sleeps while a rule is verified shows nothing about its kind."""
    text, asleep = apart(30, "BAD"), [False]

    def sleepy(question, hit):
        asleep[0] = question.carrier or (asleep[0] and question.parts[-1][1] < len(text))
        return hit and not asleep[0]

    isolating = Isolating(text, RATES)
    run(isolating, Twisted(text, [Planted(("BAD",))], sleepy))
    assert [(rule.classifier, rule.verified, strings(text, rule.parts)) for rule in isolating.rules] == [
        (False, False, ("BAD",))
    ]


def test_what_lifts_a_rule_is_asked_of_verified_rules_only():
    """A word that must come twice, in a half of a text that passes."""
    text = apart(60, "BAD", "BAD", "GOOD", "GOOD", "GOOD")

    def lifted(question, hit):
        sent = Filter(text, []).written(question)
        return sent.count("BAD") > 1 and "GOOD" not in sent

    isolating = Isolating(text, RATES, appended=150)
    run(isolating, Twisted(text, [], lifted))
    assert [(rule.classifier, rule.lifted) for rule in isolating.rules] == [(True, False)]


def test_a_filter_that_is_switched_off_leaves_nothing():
    """What was hit and is not any more is no finding."""
    text, asked = apart(30, "BAD"), []

    def dying(question, hit):
        asked.append(question)
        return hit and len(asked) < 10

    isolating = Isolating(text, RATES)
    run(isolating, Twisted(text, [Planted(("BAD",))], dying))
    assert isolating.rules == ()


def test_a_lifting_that_no_string_explains_is_told():
    """The whole text passes although the rule is in it, since a harmless word is in it twice."""
    text = apart(100, "BAD", "GOOD", "GOOD")
    isolating = Isolating(text, RATES)
    rules = [Planted(("BAD",))]
    run(isolating, Twisted(text, rules, lambda question, hit: hit and sent(text, question).count("GOOD") < 2))
    assert [(rule.verified, rule.lifted, rule.unless) for rule in isolating.rules] == [(True, True, ())]


def sent(text, question):
    """What a question sends."""
    return Filter(text, []).written(question)


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([0.02, 0.3, 0.5, 0.95]), st.booleans(), st.integers(1, 40))
def test_whatever_is_answered_it_ends_and_can_be_told_again(chance, share, separable, size):
    """No answers make it ask for ever, ask for what is not in the text, or forget what it was told."""
    text = "".join(HANZI[:size])
    live, again = (Isolating(text, RATES, separable=separable, appended=size // 2) for _ in range(2))
    while (question := live.question) is not None:
        assert all(0 <= start < stop <= size for start, stop in (*question.parts, *question.masked))
        assert question.parts or question.carrier
        hit = chance.random() < share
        live.tell(hit)
        again.tell(hit)
        assert (again.question, again.rules) == (live.question, live.rules)
    assert live.asked < 20_000
