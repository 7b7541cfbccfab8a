"""Reasons in words."""

from hushmap.cli.reasons import REASONS
from hushmap.model import Reason


def test_every_reason_has_words():
    """No count of undecided targets can meet a reason without words."""
    assert set(REASONS) == set(Reason)
