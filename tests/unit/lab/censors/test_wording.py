"""Which texts a censor of words acts on, against regular expressions and plain sets as other readers of the same rules."""

import re
from itertools import permutations
from urllib.parse import quote, quote_from_bytes

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.lab.censors.catalogue import faults
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.censors.wording import Guess, Wording

SHORT = st.text(alphabet="ab测", min_size=1, max_size=3)
TEXTS = st.text(alphabet="ab测试", max_size=14)


def wording(*, escapes=False, **parameters):
    """A censor's reading of texts."""
    return Wording(Censor(kind="url-reset", **parameters), escapes=escapes)


def test_any_word_triggers():
    """The first of the list that stands there is told."""
    found = wording(words=("测试词甲", "kw-alpha"))
    assert found.within(b"xx KW-Alpha yy") == "kw-alpha"
    assert found.within("kw-alpha 测试词甲".encode()) == "测试词甲"
    assert found.within("kw-alph 测试词".encode()) is None


def test_all_of_a_combination_must_be_there_in_any_order():
    """Each order of three does; each without one does not."""
    found = wording(words=("甲甲",), also=("乙乙", "kw-c"))
    for order in permutations(("甲甲", "乙乙", "kw-c")):
        assert found.within("-".join(order).encode()) == "甲甲"
        assert found.within("-".join(order[:2]).encode()) is None


def test_components_may_share_letters():
    """As published: two words that overlap stand in a text that holds each only where the other is too."""
    found = wording(words=("测试词",), also=("词甲乙",))
    assert found.within("测试词甲乙".encode()) == "测试词"
    ordered = wording(words=("测试词",), also=("词甲乙",), ordered=True)
    assert ordered.within("测试词甲乙".encode()) is None, "in order, each begins where the one before has ended"
    assert ordered.within("测试词词甲乙".encode()) == "测试词"


def test_one_word_lifts_it():
    """A text that holds more is free: the rule is not monotone."""
    found = wording(words=("kw-a",), also=("kw-b",), unless=("kw-pass", "kw-too"))
    assert found.within(b"kw-a kw-b") == "kw-a"
    assert found.within(b"kw-a kw-b kw-too") is None
    assert found.within(b"kw-pass kw-b kw-a") is None
    assert (found.waits, wording(words=("kw-a",)).waits) == (True, False)


@given(TEXTS, SHORT, st.lists(SHORT, max_size=2), st.lists(SHORT, max_size=2))
def test_words_stand_as_sets_say(text, word, also, unless):
    """Against plain `in` on characters."""
    found = wording(words=(word,), also=tuple(also), unless=tuple(unless)).within(text.encode())
    stands = all(each in text for each in (word, *also)) and not any(each in text for each in unless)
    assert found == (word if stands else None)


@given(TEXTS, SHORT, st.lists(SHORT, min_size=1, max_size=3))
def test_order_is_that_of_a_regular_expression(text, word, also):
    """Against the standard library's."""
    found = wording(words=(word,), also=tuple(also), ordered=True).within(text.encode())
    rule = ".*".join(re.escape(each) for each in (word, *also))
    assert (found is not None) is (re.search(rule, text, re.DOTALL) is not None)


@given(TEXTS, SHORT)
def test_encodings_are_those_that_it_expects(text, word):
    """A text in GB18030 is read by who expects that; `in` on bytes is what such a box does, letters or not."""
    sent = f"{word}{text}".encode("gb18030")
    assert wording(words=(word,), encodings=("gb18030",)).within(sent) == word
    both = wording(words=(word,), encodings=("utf-8", "gb18030"))
    assert both.within(sent) == both.within(f"{word}{text}".encode()) == word


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_escapes_are_undone_by_some(encoding):
    """Percent-escapes of either encoding, in capital or small digits."""
    raw = "测试词甲".encode(encoding)
    escaped = quote_from_bytes(raw).encode()
    found = {"words": ("测试词甲",), "encodings": (encoding,)}
    for sent in (raw, escaped, escaped.lower()):
        assert wording(escapes=True, **found).within(sent) == "测试词甲"
    assert wording(**found).within(escaped) is None
    assert wording(words=(quote("测"),)).within(quote("测").encode()) == quote("测")


def test_case_matters_to_some():
    """Letters beyond ASCII too."""
    assert wording(words=("Kw-A",)).within(b"kW-a") == "Kw-A"
    assert wording(words=("Kw-A",), cased=True).within(b"kw-a") is None
    assert wording(words=("Kw-A",), cased=True).within(b"xKw-Ax") == "Kw-A"


def test_some_read_only_the_beginning():
    """So many bytes as they are sent, escapes and all; a word cut off there is none."""
    found = wording(words=("kw-a",), first_bytes=8)
    assert found.within(b"1234kw-a") == "kw-a"
    assert found.within(b"12345kw-a") is None
    escaped = wording(escapes=True, words=("测",), first_bytes=9)
    assert escaped.within(quote("测").encode()) == "测"
    assert escaped.within(b"x" + quote("测").encode()) is None


def test_some_find_only_where_a_word_may_begin():
    """At the start or behind what is neither letter nor digit; a later place counts if an earlier does not."""
    found = wording(words=("kw-a",), bounded=True)
    for text in ("kw-a", "x kw-a", "/kw-ab", "xkw-a.kw-a"):
        assert found.within(text.encode()) == "kw-a", text
    for text in ("xkw-a", "9kw-a", "测kw-a", ""):
        assert found.within(text.encode()) is None, text


def test_a_score_falls_with_every_letter():
    """Smoothly, and the chance with it; nothing of whole words is left to be found."""
    found = wording(words=("abcdefgh", "ijklmnop"), score=0.6, spread=0.4)
    told = [found.within(b"abcdefgh ijklmnop"[:size]) for size in (17, 14, 11, 8, 5, 2)]
    chances = [each.chance if isinstance(each, Guess) else 0.0 for each in told]
    assert chances[0] == 1.0
    assert chances == sorted(chances, reverse=True)
    assert len(set(chances)) == len(chances)
    assert told[0].what == "score 1.00"
    assert wording(words=("abcd",), score=0.6, unless=("free",)).within(b"abcd free") is None


def test_a_score_without_spread_is_a_threshold():
    """All or nothing."""
    found = wording(words=("abcde",), score=0.5)
    assert found.within(b"abc") == Guess("score 0.50", 1.0)
    assert found.within(b"ab de"[:4]) is None


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"ordered": True}, "ordered means nothing without also"),
        ({"spread": 0.1}, "spread means nothing without score"),
        ({"score": 0.5, "bounded": True}, "bounded means nothing beside score, which looks for no whole word"),
        ({"score": 0.5, "also": ("b",)}, "also means nothing beside score, which looks for no whole word"),
        ({"words": (), "unless": ("b",)}, "unless means nothing without words"),
    ],
)
def test_parameters_that_need_each_other(more, fault):
    """One without the other would do nothing, and is said to."""
    censor = msgspec.structs.replace(Censor(kind="url-reset", words=("a",)), **more)
    assert fault in list(faults(censor))


@given(st.binary(max_size=80), st.booleans())
def test_any_bytes_are_read(data, escapes):
    """Nothing is raised, whatever is sent."""
    words = {"words": ("a", "测"), "encodings": ("utf-8", "gb18030"), "unless": ("b",)}
    for more in ({}, {"also": ("c",), "ordered": True}, {"score": 0.5, "spread": 0.5}, {"bounded": True}):
        wording(escapes=escapes, **words, **more).within(data)
