"""Facts of pages."""

import subprocess
import sys

import pytest

from hushmap.wire import html


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (b"", None),
        (b"<p>no title</p>", None),
        (b"<title></title>", None),
        (b"<title> \n </title>", None),
        (b"<TITLE lang=en>A &amp;\n B</TITLE>", "A & B"),
        (b"<titles>x</titles><title>y</title>", "y"),
        (b"<title", None),
        (b"<title>open end", "open end"),
        (b"<title>" + b"x" * 500 + b"</title>", "x" * 200),
        (b"<title>a&#" + b"9" * 100 + b";</title>", "a\ufffd"),
    ],
)
def test_the_title_of_a_page(body, title):
    """White space folded, references resolved, at most 200 characters, `None` for none."""
    assert html.title(body) == title
    assert html.title_of(html.decode(body)) == title


def test_the_text_of_a_title():
    """As between the tags of a page: folded, resolved, bounded; nothing is `None`."""
    assert html.title_text(" A &amp;\n B ") == "A & B"
    assert html.title_text("&#99999999999;") == "\ufffd"
    assert html.title_text(" \n ") is html.title_text("") is None
    assert html.title_text("x " * 5000) == ("x " * 100).rstrip()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("警告".encode(), "警告"),
        ("警告".encode("gb18030"), "警告"),
        (b'<meta charset="gb2312">' + "警告".encode("gbk"), "警告"),
        (b'<META http-equiv=x content="text/html; charset=Big5">' + "警告".encode("big5"), "警告"),
        (b"<meta charset=windows-1251>" + "Доступ".encode("cp1251"), "Доступ"),
        (b"<meta charset=zlib>caf\xc3\xa9", "café"),
        (b"<meta charset=utf-8>caf\xe9", "caf\ufffd"),
        (b"\xef\xbb\xbfx", "x"),
        (b"\xff\xfe" + "警告".encode("utf-16-le"), "警告"),
        (b"\xfe\xff" + "警告".encode("utf-16-be"), "警告"),
        ("警告".encode()[:-1], "警"),
        (b"\xff\xff\x80 x", "\ufffd\ufffd\ufffd x"),
    ],
)
def test_a_page_is_decoded_by_mark_declaration_or_trial(body, text):
    """Byte-order mark, declared charset of the closed list, UTF-8, GB18030; a cut last character is left out."""
    assert html.visible(body, 100) == text


def test_every_declared_charset_has_a_codec():
    """The closed list names codecs that this Python has."""
    for codec in set(html._CHARSETS.values()):
        assert b"abc".decode(codec) == "abc"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"a<b>b</b>c", "a b c"),
        (b"1 < 2 <<i>x</i> <3", "1 < 2 < x <3"),
        (b"a<script>var x='<p>';</script>b<STYLE>c</STYLE>d<title>t</title>e", "a b d e"),
        (b"a<!-- <p>hidden --> b<!doctype html>c<?xml ?>d", "a b c d"),
        (b"a<!-- no end", "a"),
        (b"a<script>no end", "a"),
        (b"a<b no end", "a"),
        (b"a</script>b", "a b"),
        (b"&lt;p&gt; &#65;&#x42; &nbsp;&#0;&#xD800;", "<p> AB \ufffd\ufffd"),
        (b"&#0000000000065;", "\ufffd"),
    ],
)
def test_the_visible_text(body, text):
    """What a reader sees: no tags, comments, scripts, styles; references resolved."""
    assert html.visible(body, 100) == text


def test_the_visible_text_is_bounded():
    """At most `limit` characters, no white space at the end."""
    assert html.visible(b"ab cd ef", 3) == "ab"
    assert html.visible(b"ab cd ef", 0) == ""


NEWS = " ".join(f"word{number}" for number in range(400))


def test_a_sketch_says_how_alike_pages_are():
    """The same text under other tags is alike, a changed part lowers it in proportion, other text is unlike."""
    page = html.sketch(NEWS.encode())
    assert len(page) == html.SKETCH_SIZE
    assert html.likeness(page, html.sketch(f"<html><b>{NEWS.upper()}</b></html>".encode())) == 1.0
    assert 0.4 < html.likeness(page, html.sketch((NEWS + " advert of today").encode())) <= 1.0
    assert html.likeness(page, html.sketch(NEWS.replace("word", "term").encode())) == 0.0


def test_a_script_without_spaces_has_a_word_for_each_character():
    """Chinese pages that share a sentence are alike."""
    a, b = "根据相关法律法规和政策部分搜索结果未予显示", "根据相关法律法规和政策部分搜索结果未予显示。"
    assert html.likeness(html.sketch(a.encode()), html.sketch(b.encode())) == 1.0


def test_short_and_empty_pages_have_sketches():
    """One word is one shingle; a page without words has no sketch and is like nothing."""
    assert len(html.sketch(b"hello")) == html.SKETCH_SIZE
    assert html.sketch(b"<p> --- </p>") == ()
    assert html.likeness((), ()) == 0.0
    assert html.likeness((1,), (1, 2)) == 0.0
    assert html.likeness((1, 2), (1, 3)) == 0.5


def test_a_sketch_looks_at_a_bounded_number_of_words():
    """Words beyond the bound change nothing."""
    many = " ".join(f"w{number}" for number in range(html.WORD_LIMIT))
    assert html.sketch(many.encode()) == html.sketch((many + " and more of it").encode())


def test_a_sketch_is_the_same_in_another_process():
    """No per-process hash is in it: another interpreter with another hash seed finds the same numbers."""
    code = "from hushmap.wire import html; print(html.sketch(b'the quick brown fox jumps'))"
    source = html.__file__.removesuffix("/hushmap/wire/html.py")
    for seed in ("1", "2"):
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": source}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == str(html.sketch(b"the quick brown fox jumps"))


def test_a_sketch_of_plain_letters_is_that_of_any():
    """The quicker way for pages of ASCII finds what the other finds: a dash, which is no word, leads into it."""
    plain = "".join(map(chr, range(1, 128))).replace("<", " ").replace("&", " ")
    text = f"Some_Words, OF 12 pages; {plain} it's (an) e-mail\x1c\x85".encode("latin-1", "ignore").decode(
        "ascii", "ignore"
    )
    assert html.sketch(text.encode()) == html.sketch(f"{text} —".encode())
    assert html.sketch(b"one_word") == html.sketch("one — word".encode())
