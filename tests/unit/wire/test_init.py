"""The room's public names."""

import types

import pytest

from hushmap import wire


@pytest.mark.parametrize("name", wire.__all__)
def test_every_public_name_is_a_module(name):
    """Rooms import the modules, some of them when they are first wanted."""
    assert isinstance(wire.__getattr__(name) if name in wire._LATE else getattr(wire, name), types.ModuleType)


def test_other_names_are_not():
    """A misspelt name is an AttributeError, as of any module."""
    with pytest.raises(AttributeError, match="nothing"):
        wire.nothing  # noqa: B018  (the access is the test)
