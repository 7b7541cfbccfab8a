"""The Chinese (simplified) sentences about words, texts and names."""

from hushmap.detect.messages_zh import MESSAGES
from hushmap.detect.word_messages_zh import WORD_MESSAGES
from hushmap.model import Encoding, Place


def test_the_sentences_are_part_of_the_catalogue():
    """They stand apart for length alone."""
    assert WORD_MESSAGES.items() <= MESSAGES.items()


def test_every_place_and_writing_has_words():
    """Whatever can be sent can be told."""
    wanted = [f"{kind}.{place}" for place in Place for kind in ("place", "carried")]
    wanted += [f"encoding.{encoding}" for encoding in Encoding]
    assert [key for key in wanted if key not in WORD_MESSAGES] == []
