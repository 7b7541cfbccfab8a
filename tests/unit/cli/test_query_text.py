"""A table that a person can read."""

from hushmap.cli.query_rows import Answer
from hushmap.cli.query_text import MOST, lines


def test_words_to_the_left_and_numbers_to_the_right():
    """Shares in per cent; what is absent is a dash, never a zero."""
    answer = Answer(("country", "share", "n"), [["XE", 0.125, 24], ["XF", None, 3]])
    assert list(lines(answer)) == [
        "country   share   n",
        "XE       12.5 %  24",
        "XF            -   3",
    ]


def test_long_values_are_known_by_their_beginning():
    """Lists are words, truths yes or no, fractions short."""
    (_, row) = lines(Answer(("target", "of", "canary", "t"), [["x" * 60, ["a", "b"], True, 0.123456789]]))
    assert row == f"{'x' * 41}...  a b  yes     0.123457"


def test_more_than_a_screen_is_counted():
    """And how to have all is said."""
    shown = list(lines(Answer(("n",), ([number] for number in range(MOST + 1_234)))))
    assert len(shown) == 1 + MOST + 1
    assert shown[-1] == "and 1,234 more rows: --csv > FILE, or --json"


def test_no_row_is_said():
    """Nothing on a screen would be a riddle."""
    assert list(lines(Answer(("n",), []))) == ["No row: nothing that was opened is meant by these filters."]
