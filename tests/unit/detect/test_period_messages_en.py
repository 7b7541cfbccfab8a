"""The messages about many measurements are part of the catalogue."""

from hushmap.detect.messages_en import MESSAGES
from hushmap.detect.period_messages_en import PERIOD_MESSAGES


def test_the_sentences_are_part_of_the_catalogue():
    """They stand apart for length alone."""
    assert PERIOD_MESSAGES.items() <= MESSAGES.items()
