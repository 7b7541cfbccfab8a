"""The English catalogue: whole, well formed, and within what we may claim."""

import re

from hushmap.detect.messages import fill, names
from hushmap.detect.messages_en import MESSAGES
from hushmap.model import MECHANISMS, Outcome, Place, Reason, Scope

WORDS_WE_MAY_NOT_USE = re.compile(
    r"censor|government|\bsince\b|\bproof\b|\bproved?n?\b|\bblocks\b|authorit|certain", re.IGNORECASE
)


def test_message_is_well_formed():
    """Brackets pair up, do not nest, and every field can be filled."""
    for key, text in MESSAGES.items():
        assert text.count("[[") == text.count("]]"), key
        assert not re.search(r"\[\[[^\]]*\[\[", text), key
        filled = fill(text, dict.fromkeys(names(text), "x"))
        assert filled is not None, key
        assert not re.search(r"[{}\[\]|]", filled), key


def test_message_claims_nothing_that_we_cannot_know():
    """UX 3's list of words never to be said."""
    for key, text in MESSAGES.items():
        assert not WORDS_WE_MAY_NOT_USE.search(text), key


def test_limits_line_is_the_one_of_the_specification():
    """UX 3, word for word."""
    assert (
        MESSAGES["limits"] == "Not shown: who ordered it, which device does it, other networks, times not measured."
    )


def test_vocabulary_is_covered():
    """Every outcome, reason, scope, place and mechanism has its message."""
    wanted = [f"label.{outcome}" for outcome in Outcome]
    wanted += [f"reason.{reason}" for reason in Reason]
    wanted += [f"scope.{scope}" for scope in Scope]
    wanted += [f"place.{place}" for place in Place]
    wanted += [f"words.{name}" for name in MECHANISMS - {"quic.timeout.sni"}]
    assert [key for key in wanted if key not in MESSAGES] == []
