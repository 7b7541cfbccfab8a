"""The catalogue machinery: optional parts, plural forms, families, and foreign text made visible."""
# ruff: noqa: RUF001 - look-alikes, Chinese and Persian are what is tested here

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.detect.messages import catalogue, counted, fill, names, nearest, quotable, visible


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("plain", "plain"),
        ("{a} is", "A is"),
        ("{gone} is", None),
        ("x[[ {gone}]].", "x."),
        ("x[[ {a}]].", "x A."),
        ("x[[ {gone}| {a}]].", "x A."),
        ("x[[ {gone}|, bare]].", "x, bare."),
        ("[[{a}|]]x", "Ax"),
        ("", ""),
    ],
)
def test_a_template_says_only_what_its_fields_support(template, expected):
    """Brackets hold alternatives, and what stands outside them must be there."""
    assert fill(template, {"a": "A"}) == expected


def test_fields_are_not_templates():
    """A foreign field that looks like a template stays what it is."""
    assert fill("{a}[[ {b}]]", {"a": "{b}", "b": "[[x]]"}) == "{b} [[x]]"
    assert names("{a}[[ {b}|{a}]]") == {"a", "b"}


def test_nearest_falls_back_to_trigger_then_family():
    """A mechanism without a row takes that of its trigger, then of its family."""
    messages = {"l.tls": "family", "l.tls.*.sni": "trigger", "l.tls.reset.sni": "own"}
    assert nearest(messages, "l", "tls.reset.sni") == "own"
    assert nearest(messages, "l", "tls.close.sni") == "trigger"
    assert nearest(messages, "l", "tls.close") == "family"
    assert nearest(messages, "l", "dns.empty") is None
    assert nearest(messages, "l", "") is None


def test_number_takes_its_form():
    """English has two forms; a language with one needs only that one."""
    messages = {"p.one": "{n} point", "p.other": "{n} points of {k}", "q.other": "{n} 个"}
    assert counted(messages, "p", 1) == "1 point"
    assert counted(messages, "p", 0, k="3") == "0 points of 3"
    assert counted(messages, "q", 1) == "1 个"


@pytest.mark.parametrize("lang", ["en", "en-GB", "zh_CN", "ZH"])
def test_a_regional_language_finds_its_catalogue(lang):
    """Region and case do not matter."""
    assert catalogue(lang)["limits"]


def test_no_catalogue_is_an_error():
    """The message names the languages that there are."""
    with pytest.raises(ValueError, match="there are: en, zh"):
        catalogue("tlh")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b", "a‹U+0000›b"),
        ("a\u202eb", "a‹U+202E›b"),
        ("a\u2066b\u2069", "a‹U+2066›b‹U+2069›"),
        ("a\ud800b", "a‹U+D800›b"),
        ("\x1b[31mred", "‹U+001B›[31mred"),
        ("line\r\n\ttwo", "line two"),
        ("\ufeffx\u00ad", "‹U+FEFF›x‹U+00AD›"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("  spaced  ", "spaced"),
        ("新闻", "新闻"),
    ],
)
def test_hidden_characters_are_made_visible(text, shown):
    """Controls, direction marks, lone surrogates and soft hyphens are spelled out; words are left alone."""
    assert visible(text) == shown


@given(st.text(), st.integers(min_value=1, max_value=300))
def test_visible_text_is_short_and_encodable(text, limit):
    """Whatever arrives leaves as bounded text of visible characters."""
    shown = visible(text, limit)
    assert shown.encode() is not None
    assert len(shown) <= limit * 10 + 1
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cs", "Zl", "Zp"}


@given(st.text())
def test_quotable_text_holds_no_quotation_mark(text):
    """It cannot end our quotation."""
    assert not set(quotable(text)) & set('"“”„‟「」')


def test_long_text_is_cut_with_a_sign():
    """The cut is shown."""
    assert visible("x" * 201) == "x" * 200 + "…"
    assert visible("x" * 200) == "x" * 200
