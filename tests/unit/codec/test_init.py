"""The room's public names."""

import subprocess
import sys

import pytest

from hushmap import codec


@pytest.mark.parametrize("name", codec.__all__)
def test_every_public_name_is_there(name):
    """Each is loaded on first use from its own file."""
    assert getattr(codec, name) is not None


def test_other_names_are_not():
    """A misspelt name is an AttributeError, as of any module."""
    with pytest.raises(AttributeError, match="nothing"):
        codec.nothing  # noqa: B018  (the access is the test)


def test_our_own_lines_need_no_certificates():
    """A program that reads records of ours starts without the X.509 library."""
    code = "import sys; from hushmap.codec import decode_line; from hushmap.wire import url; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "hushmap.codec.native" in loaded
    assert not {"cryptography", "hushmap.codec.ooni_read"}.intersection(loaded)
