"""What reaches a terminal cannot take it over."""

import io
import sys

from hypothesis import given
from hypothesis import strategies as st

from hushmap.cli import screen


@given(st.text())
def test_nothing_unprintable_is_printed(text):
    """Every character of what is printed is a mark or a space; printable text stays as it is."""
    shown = screen.printable(text)
    assert shown.isprintable()
    if text.isprintable():
        assert shown == text


def test_results_and_notes_have_their_own_stream(capsys):
    """Data goes to stdout, all else to stderr."""
    screen.out(["a", "b\x07"])
    screen.out_json({"c": 1})
    screen.note("d")
    screen.notes(["e"])
    said = capsys.readouterr()
    assert (said.out, said.err) == ('a\nb\\u0007\n{"c":1}\n', "d\ne\n")


def test_a_stream_that_lacks_a_character_does_not_break(monkeypatch):
    """On a terminal that cannot show Chinese a word is escaped, not an error."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr(sys, "stdout", stream)
    screen.prepare()
    screen.out(["天气"])
    assert stream.buffer.getvalue() == b"\\u5929\\u6c14\n"


def test_a_bar_needs_a_terminal(monkeypatch):
    """Without a terminal, or on a dumb one, nothing is redrawn; nobody is asked where stdin is no terminal."""
    assert not screen.lively()
    assert not screen.at_terminal()
    monkeypatch.setattr(sys, "stderr", type("T", (), {"isatty": lambda self: True})())
    monkeypatch.setattr(sys, "stdin", sys.stderr)
    monkeypatch.setenv("TERM", "xterm")
    assert screen.lively()
    assert screen.at_terminal()
    monkeypatch.setenv("TERM", "dumb")
    assert not screen.lively()


def test_silence_lets_a_stream_without_a_descriptor_be(monkeypatch):
    """Silencing a stream that is no file does nothing, and is no error."""
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    screen.silence()


def test_a_line_is_redrawn_in_its_place(capsys):
    """It begins at the line's beginning, covers what was there, and takes over no terminal."""
    screen.redraw("3 of 5\x1b[2J")
    shown = capsys.readouterr().err
    assert shown.startswith("\r3 of 5\\u001b[2J ")
    assert len(shown) == screen.WIDTH
