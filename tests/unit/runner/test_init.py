"""The room's public names."""

import pytest

from hushmap import runner


def test_every_public_name_can_be_had():
    """Names are loaded when first asked for; another name is an AttributeError."""
    for name in runner.__all__:
        assert getattr(runner, name).__module__.startswith("hushmap.runner") or name == "Event"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = runner.nothing
