"""Faults are one line, whatever text they hold."""

from hushmap.cli.fault import Exit, Fault


def test_a_fault_is_one_printable_line(capsys):
    """Line breaks and escape sequences of a message cannot leave the line."""
    Fault("a\x1b[2J\nb").show()
    assert capsys.readouterr().err == "hushmap: a\\u001b[2J b\n"


def test_a_fault_is_bad_input_unless_it_says_otherwise():
    """The exit code is 2 by default."""
    assert Fault("x").exit_code == Exit.USAGE
    assert Fault("x", Exit.NOTHING).exit_code == Exit.NOTHING
