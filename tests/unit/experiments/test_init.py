"""The room's public names."""

import pytest

from hushmap import experiments


def test_every_public_name_can_be_had():
    """Names are given on demand from their modules; any other is an AttributeError."""
    for name in experiments.__all__:
        assert getattr(experiments, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        experiments.nothing  # noqa: B018 - the access is the test
