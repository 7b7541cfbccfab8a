"""The Chinese (simplified) phrases of mechanisms."""

from hushmap.detect.messages_zh import MESSAGES
from hushmap.detect.words_zh import WORDS


def test_the_phrases_are_part_of_the_catalogue():
    """They stand apart for length alone; no sentence stands among them."""
    assert WORDS.items() <= MESSAGES.items()
    assert {key.partition(".")[0] for key in WORDS} == {"words", "trigger", "triggered"}
