"""The room's public names."""

import pytest

from hushmap import servers


@pytest.mark.parametrize("name", servers.__all__)
def test_every_public_name_is_there(name):
    """Each is loaded on first use from its own file."""
    assert getattr(servers, name) is not None


def test_other_names_are_not():
    """A misspelt name is an AttributeError, as of any module."""
    with pytest.raises(AttributeError, match="nothing"):
        servers.nothing  # noqa: B018  (the access is the test)
