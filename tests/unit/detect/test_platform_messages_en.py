"""The English sentences about searches and posts."""

from hushmap.detect.messages_en import MESSAGES
from hushmap.detect.platform_messages_en import PLATFORM_MESSAGES


def test_the_sentences_are_part_of_the_catalogue():
    """They stand apart for length alone."""
    assert PLATFORM_MESSAGES.items() <= MESSAGES.items()
