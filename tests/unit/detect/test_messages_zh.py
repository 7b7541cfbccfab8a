"""The Chinese catalogue: whole, well formed, and within what we may claim."""

import re

from hushmap.detect.messages import fill, names
from hushmap.detect.messages_en import MESSAGES as ENGLISH
from hushmap.detect.messages_zh import MESSAGES

WORDS_WE_MAY_NOT_USE = re.compile("政府|当局|审查|封杀|自从|以来|证明|证实|确凿|确定无疑|把握")


def test_says_what_english_says():
    """The same keys; a singular form only where Chinese reads differently."""
    assert {key for key in ENGLISH if not key.endswith(".one")} == {
        key for key in MESSAGES if not key.endswith(".one")
    }
    assert {key for key in MESSAGES if key.endswith(".one")} <= set(ENGLISH)


def test_message_uses_no_field_that_english_lacks():
    """A field that only one language knows would be a claim that only one language makes."""
    for key, text in MESSAGES.items():
        dates = {"year2"}
        assert names(text) - dates <= names(ENGLISH[key]) | {"k", "n"}, key


def test_message_is_well_formed():
    """Brackets pair up, do not nest, and every field can be filled."""
    for key, text in MESSAGES.items():
        assert text.count("[[") == text.count("]]"), key
        filled = fill(text, dict.fromkeys(names(text), "x"))
        assert filled is not None, key
        assert not re.search(r"[{}\[\]|]", filled), key


def test_message_claims_nothing_that_we_cannot_know():
    """The Chinese twins of the words never to be said."""
    for key, text in MESSAGES.items():
        assert not WORDS_WE_MAY_NOT_USE.search(text), key


def test_message_is_in_chinese_punctuation():
    """No half-width comma, colon or bracket between Chinese characters."""
    for key, text in MESSAGES.items():
        assert not re.search(r"[\u4e00-\u9fff][,:;()]|[,:;()][\u4e00-\u9fff]", text), key
