"""A file becomes text, or an error at the first byte that is none."""

import hashlib
import os

import pytest

from hushmap.catalog.errors import CatalogError
from hushmap.catalog.source import MAX_BYTES, read, text_of


def test_a_text_file_is_read_with_its_hash(tmp_path):
    """The text, its hash over exactly these bytes, and its own name."""
    path = tmp_path / "a.csv"
    path.write_bytes("url\r\n新闻\n".encode())
    source = read(path)
    assert source.text == "url\r\n新闻\n"
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert source.name == "a.csv"
    assert source.at(0) == (1, 1)
    assert source.at(6) == (2, 2)


def test_the_mark_that_spreadsheets_write_is_no_part_of_the_text():
    """UTF-8 with a byte-order mark is read as it is without; the hash is of the bytes of the file."""
    marked = text_of("a.csv", b"\xef\xbb\xbfurl\n")
    assert marked.text == "url\n"
    assert marked.sha256 != text_of("a.csv", b"url\n").sha256


@pytest.mark.parametrize(
    ("data", "place", "what"),
    [
        (b"\xef\xbb\xbfurl\nab\xff\n", "2:3", "is not UTF-8"),
        ("url\n".encode("utf-16"), "1:1", "it is UTF-16: save it as UTF-8"),
        ("url\n".encode("utf-16-be").join([b"\xfe\xff", b""]), "1:1", "it is UTF-16"),
        (b"url\nab\xff\n", "2:3", "is not UTF-8"),
        ("网址\n".encode("gb18030"), "1:1", "is not UTF-8"),
        (b"url\n\xe7\xbd\x91a\0b\n", "2:3", "holds a NUL byte"),
        (b"x" * (MAX_BYTES + 1), "", "is longer than"),
    ],
)
def test_bytes_that_are_no_text_are_located(data, place, what):
    """Byte-order marks, other encodings, NUL bytes and too long files are one line with place and remedy."""
    with pytest.raises(CatalogError) as caught:
        text_of("a.csv", data)
    assert str(caught.value).startswith(f"a.csv:{place}: ".replace("::", ":"))
    assert what in str(caught.value)


@pytest.mark.parametrize(
    ("name", "what"),
    [("gone.csv", "there is no such file"), (".", "is not a file"), ("a\0b", "there is no such file")],
)
def test_what_is_no_file_is_said(tmp_path, name, what):
    """A missing file, a folder and a name that no file can have are errors of the catalog."""
    with pytest.raises(CatalogError, match=what):
        read(tmp_path / name)


def test_a_file_that_may_not_be_read_is_said(tmp_path):
    """What the system says is handed on in words."""
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(CatalogError, match=r"no such file|cannot be read"):
        read(tmp_path / "a")


def test_an_error_of_the_system_is_said(tmp_path, monkeypatch):
    """An error while reading becomes one line with the system's own words, or the error's."""
    path = tmp_path / "a.csv"
    path.write_text("x", "utf-8")
    for error, words in ((OSError(5, os.strerror(5)), "Input/output error"), (ValueError("odd name"), "odd name")):

        def fail(*_args, error=error):
            raise error

        monkeypatch.setattr("pathlib.Path.open", fail)
        with pytest.raises(CatalogError, match=f"cannot be read: {words}"):
            read(path)
