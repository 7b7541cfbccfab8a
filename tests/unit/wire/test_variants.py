"""Variants of a word are linked and stay themselves."""

import types

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.wire import variants
from hushmap.wire.variants import display, linked, match_key, simplifier

TEXTS = st.text(max_size=30) | st.text(
    "aAäÄßﬁİ\u0131\u03c3ς①\uff21乾淨\u200b\u202e\ufeff\u00ad\u0345e\u0301", max_size=12
)


def fold(text):
    """A table of one phrase and one character."""
    return text.replace("乾淨", "干净").replace("詞", "词")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("KW-Alpha", "kw-alpha"),
        ("\uff2b\uff37", "kw"),
        ("a\u200bb\u202ec\ufeff\u00ad", "abc"),
        ("e\u0301", "é"),
        ("Straße", "strasse"),
        ("①", "1"),
        ("乾淨詞", "干净词"),
        ("乾隆", "乾隆"),
        ("\u200b", ""),
    ],
)
def test_a_key_is_what_variants_share(text, key):
    """Width, case, composition and invisible characters go; simplified is by phrases."""
    assert match_key(text, fold) == key


def test_without_a_table_characters_stay_traditional():
    """It can be said what to install."""
    assert match_key("乾淨") == "乾淨"
    assert "hushmap[zh]" in variants.REMEDY


@given(TEXTS)
def test_a_key_is_its_own_key(text):
    """Folding is done once and for all."""
    key = match_key(text)
    assert match_key(key) == key
    assert not any(char in key for char in "\u200b\u202e\ufeff\u00ad")


@given(st.lists(TEXTS, max_size=12))
def test_linked_words_stay_themselves(texts):
    """Each group has different texts of one key, each of them given, and none stands in two."""
    groups = linked(texts)
    listed = [text for group in groups for text in group]
    assert len(set(listed)) == len(listed)
    assert set(listed) <= set(texts)
    for group in groups:
        assert len(group) > 1
        assert len({match_key(text) for text in group}) == 1


def test_words_are_linked_in_order():
    """Whatever has no variant is in no group."""
    assert linked(["\uff2b", "x", "k", "K", "k"]) == (("\uff2b", "k", "K"),)
    assert linked(["詞", "词"], fold) == (("詞", "词"),)


@given(TEXTS)
def test_what_people_are_shown_has_nothing_that_they_cannot_see(text):
    """No direction can be overridden in a report; what is plain stays."""
    assert display(text).isprintable() or any(ord(char) > 0x7F for char in text)
    assert not set(display(text)) & set("\u200b\u202e\ufeff\u00ad\n\0")


def test_unseen_characters_are_written_by_number():
    """So that two variants can be told apart."""
    assert display("敏\u200b感 b\u202e") == "敏[U+200B]感 b[U+202E]"


def test_the_table_is_opencc_if_it_is_there(monkeypatch):
    """It is loaded once; without the library there is none."""
    simplifier.cache_clear()
    made = types.SimpleNamespace(OpenCC=lambda name: types.SimpleNamespace(convert=lambda text: name + text))
    monkeypatch.setattr(variants, "opencc", made, raising=False)
    monkeypatch.setattr(variants, "_FOUND", True)
    assert simplifier()("x") == "t2sx"
    simplifier.cache_clear()
    monkeypatch.setattr(variants, "_FOUND", False)
    assert simplifier() is None
    simplifier.cache_clear()


def test_phrases_are_told_apart_by_the_real_table():
    """乾 is another character in a name than in a phrase (extra zh)."""
    simplifier.cache_clear()
    simplify = simplifier()
    assert simplify is not None, "the extra dev has opencc"
    assert match_key("乾隆 乾淨", simplify) == "乾隆 干净"
