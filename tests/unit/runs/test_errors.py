"""Errors of the run folder are one printable line."""

from hushmap.runs.errors import RunBusyError, RunsError, one_line


def test_an_error_says_where_what_and_the_remedy():
    """One line, whatever is in it; a busy run is one kind of it."""
    assert str(RunsError("a/b", "is odd", "make it even")) == "a/b: is odd; make it even"
    assert str(RunBusyError("a\nb", "\x1b", "\u202e")) == "a\\u000ab: \\u001b; \\u202e"
    assert RunsError("a", "b", "c").where == "a"
    assert issubclass(RunBusyError, RunsError)


def test_a_long_fault_is_cut():
    """What quotes a damaged file stays a line that fits a screen; the place and the remedy stay whole."""
    assert str(RunsError("a", "x" * 70_000, "remedy")) == f"a: {'x' * 197}...; remedy"
    assert str(RunsError("a", "x" * 200, "remedy")) == f"a: {'x' * 200}; remedy"


def test_what_another_says_is_one_short_line():
    """A message of several lines or of any length is folded and cut."""
    assert one_line(ValueError("a\n b  c")) == "a b c"
    assert len(one_line(ValueError("x" * 1000))) == 200
