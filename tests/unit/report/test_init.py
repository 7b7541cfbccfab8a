"""What the room shows to others."""

import pytest

import hushmap.report
from hushmap.report import view


def test_public_names_are_found_when_first_asked_for():
    """Every name of `__all__` is there, and nothing else is."""
    assert hushmap.report.Entry is view.Entry
    assert [getattr(hushmap.report, name).__name__ for name in hushmap.report.__all__] == hushmap.report.__all__
    with pytest.raises(AttributeError, match="has no attribute 'elsewhere'"):
        _ = hushmap.report.elsewhere
