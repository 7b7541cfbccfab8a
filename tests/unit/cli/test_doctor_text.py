"""Checks as lines."""

from hushmap.cli.doctor_text import Check, Status, lines

OK = Check(id="a", status=Status.OK, text="Fine")


def test_each_check_has_its_line_and_its_remedy():
    """Status, text, and what to do about it."""
    fail = Check(id="b", status=Status.FAIL, text="Broken", remedy="mend it")
    warn = Check(id="c", status=Status.WARN, text="Odd")
    assert list(lines([OK, fail, warn], online=False)) == [
        "Nothing was sent (hushmap doctor --online sends 3 requests).",
        "ok    Fine",
        "FAIL  Broken",
        "        mend it",
        "warn  Odd",
        "2 things to know, 1 of them a failed check.",
    ]


def test_things_to_know_are_counted_with_every_remedy():
    """A check in order may have something to know; none of that is a failed check."""
    hint = Check(id="d", status=Status.OK, text="Fine", remedy="could be finer")
    assert list(lines([OK, hint], online=False))[-1] == "1 thing to know, no check failed."
    failed = Check(id="b", status=Status.FAIL, text="Broken")
    assert list(lines([failed, failed], online=False))[-1] == "2 things to know, 2 of them failed checks."


def test_all_in_order():
    """What was sent is said first."""
    assert list(lines([OK], online=True)) == [
        "3 requests at most were sent, none to a listed site.",
        "ok    Fine",
        "All is in order.",
    ]
