"""Lists of words: what is a word, where it goes, and a file with one a line."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.catalog import words
from hushmap.catalog.errors import CatalogError
from hushmap.catalog.names import NameFaultError
from hushmap.catalog.words import Sent, checked_word, encodings_in, is_table, places_in, read_words
from hushmap.model import Encoding, Place

SENT = Sent()


@pytest.fixture
def listed(tmp_path):
    """A file of these bytes, read."""

    def read(data, sent=SENT, **more):
        path = tmp_path / "words.txt"
        path.write_bytes(data)
        return read_words(path, sent, **more)

    return read


def test_a_list_has_one_word_a_line(listed, probes):
    """Comments and blank lines are no words, a mark at the begin is none, and what is repeated is asked once."""
    found = listed("\ufeff# mine\nkw-alpha\r\n\n  测试词甲  \nkw-alpha\ntwo words\n".encode())
    assert found.words == ("kw-alpha", "测试词甲", "two words")
    assert (found.name, found.read_as, found.repeated, len(found.sha256)) == ("words.txt", "utf-8", 1, 64)


@pytest.mark.parametrize("reading", words.READINGS)
def test_a_list_is_read_as_it_is_said_to_be(listed, probes, reading):
    """Each encoding that a list may be written in gives its words back."""
    word = {"windows-1251": "слово", "windows-1256": "كلمة", "euc-kr": "단어", "shift_jis": "言葉"}.get(
        reading, "中文"
    )
    assert listed(f"kw\n{word}\n".encode(reading), read_as=reading).words == ("kw", word)


@pytest.mark.parametrize(
    ("data", "reading", "message"),
    [
        ("甲乙\n".encode() + "丙丁".encode("gb18030"), None, "2:1: is not utf-8, in which line 1 is: encodings are mixed"),
        ("kw\nx 丙丁".encode("gb18030"), None, "2:3: is not UTF-8; save it as UTF-8, or say what it is, e.g. --read-as"),
        ("丙丁\n".encode("gb18030") + "甲乙丙丁".encode(), "gb18030", "2:1: is UTF-8, not gb18030; a list has one"),
        ("丙丁\n".encode("gb18030") + "甲乙丙".encode(), "gb18030", "2:5: is not gb18030, in which line 1 is"),
        (b"kw\n\xff\xff\n", "big5", "2:1: is not big5; save it as UTF-8, or say what it is with --read-as"),
        ("kw\n".encode("utf-16"), None, "1:1: begins with a byte-order mark of UTF-16; save it as UTF-8"),
        (b"x" * 48_002, None, "1:1: a line of more than 48,000 bytes; write one word a line"),
        (b"", None, "1:1: holds no word; write one a line"),
        (b"# nothing\n\n", None, "1:1: holds no word"),
        (b"kw\n \x07kw\n", None, "2:2: '\\u0007kw' holds a character that cannot be seen"),
        ("kw\n\u200b\n".encode(), None, "2:1: '\\u200b' holds a character that cannot be seen"),
        (b"k\0w\n", None, "1:1: 'k\\u0000w' holds a character"),
        (b"x" * 201, None, "1:1: 'xxx"),
        (b"me@example.org", None, "1:1: 'me@example.org' looks like a person's address or number"),
        (b"kw\nbad-words", None, "2:1: is on the hard exclusion list; remove the row: this has no switch"),
    ],
)  # fmt: skip
def test_a_fault_in_a_list_is_one_line(listed, probes, data, reading, message):
    """The whole list is refused at its first fault, which is told with its line."""
    probes.exclude("bad words")
    with pytest.raises(CatalogError) as caught:
        listed(data, read_as=reading)
    assert f"words.txt:{message}" in str(caught.value)


def test_a_word_must_fit_where_it_goes(listed, probes):
    """A name's places take names only; what a place can carry is told by whoever knows."""
    with pytest.raises(
        CatalogError, match=r"1:1: 'two words' is not a valid host name, as which it would travel in tls"
    ):
        listed(b"two words\n", Sent(places=(Place.HTTP_PATH, Place.TLS_SNI)))
    sent = Sent(
        places=(Place.HTTP_HEADER, Place.HTTP_BODY),
        encodings=(None, Encoding.UPPER),
        unfit=lambda word, place, encoding: "is big" if (word, place, encoding) == ("kw", *LAST) else None,
    )
    with pytest.raises(
        CatalogError, match="2:1: 'kw' cannot be sent in http-body: is big; shorten it, or send it in"
    ):
        listed(b"kx\nkw\n", sent)
    assert listed(b"kx\n", sent).words == ("kx",)


LAST = (Place.HTTP_BODY, Encoding.UPPER)


def test_a_list_has_an_end(listed, probes, monkeypatch):
    """A list of more words than a run could ask is refused; on the way there the reader is told how far it is."""
    monkeypatch.setattr(words, "MAX_WORDS", 4)
    monkeypatch.setattr(words, "_NOTED", 2)
    far = []
    assert len(listed(b"a\nb\nc\nd\n", told=far.append).words) == 4
    assert far == [2, 4]
    with pytest.raises(CatalogError, match=r"5:1: more than 4 words; split the list"):
        listed(b"a\nb\nc\nd\ne\n")


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path):
    """What is missing, or no file, is told in one line; neither is a table."""
    for path, why in ((tmp_path / "none", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(CatalogError, match=f"cannot be read: {why}"):
            read_words(path, SENT)
        assert not is_table(path)


@pytest.mark.parametrize(
    ("text", "table"),
    [("word,place\n", True), ('\ufeff"word",category_code', True), ("word\n", False), ("a,b\n", False), ("", False)],
)
def test_a_table_is_known_by_its_header(tmp_path, text, table):
    """Columns, one of which is `word`."""
    path = tmp_path / "w.csv"
    path.write_text(text, "utf-8")
    assert is_table(path) is table


def test_places_and_encodings_are_named(probes):
    """Joined by | or commas, in the house's order; `all`, and nothing for a place's own way."""
    assert places_in("tls-sni, http-url|dns-name") == (Place.DNS_NAME, Place.TLS_SNI, Place.HTTP_PATH)
    assert places_in("all") == tuple(Place)
    assert encodings_in("gb18030,,gb18030") == (Encoding.GB18030, None)
    with pytest.raises(NameFaultError, match="unknown place 'tls'"):
        places_in("tls")
    with pytest.raises(NameFaultError, match="unknown encoding 'latin'"):
        encodings_in("latin")
    with pytest.raises(NameFaultError, match="is empty"):
        checked_word("")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (" \n", "is empty"),
        ("a\x07b", "cannot be seen"),
        ("x" * 12_001, "longer than 12,000"),
        ("a@b.example", "person"),
    ],
)
def test_a_text_is_more_than_a_word(listed, probes, text, what):
    """It may be long and have lines; a whole list of them has one a line."""
    assert words.checked_text("x" * 300 + "\n\ty") == "x" * 300 + "\n\ty"
    with pytest.raises(NameFaultError, match=what):
        words.checked_text(text)
    assert listed(b"x" * 300 + b"\nsecond text", experiment="isolate").words == ("x" * 300, "second text")


def test_a_name_is_asked_about_where_names_go(listed, probes):
    """Names are folded, and found twice then; a place that is no name's is a fault."""
    names = Sent(places=(Place.TLS_SNI, Place.DNS_NAME))
    found = listed("A.example\na.EXAMPLE\n新闻.example\n".encode(), names, experiment="domain")
    assert (found.words, found.repeated) == (("a.example", "xn--efvy88h.example"), 1)
    with pytest.raises(CatalogError, match="1:1: 'two words' is not a valid host name"):
        listed(b"two words\n", names, experiment="domain")
    with pytest.raises(
        CatalogError, match=r"'a\.example' is a name, and goes where names go; use the place dns-name or"
    ):
        listed(b"a.example\n", experiment="domain")


@given(st.binary(max_size=120), st.sampled_from([None, "gb18030", "big5"]))
def test_anything_is_a_list_or_a_fault_with_its_line(data, reading):
    """Whatever comes, words are such as may be asked about, each once; a fault names a line that is there."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w.txt"
        path.write_bytes(data)
        line, asked = 1, []
        try:
            asked = list(read_words(path, SENT, read_as=reading).words)
        except CatalogError as fault:
            line = fault.line
    assert 1 <= line <= data.count(b"\n") + 1
    assert [checked_word(word) for word in asked] == list(dict.fromkeys(asked))
