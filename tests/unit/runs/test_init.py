"""The room's public names."""

import subprocess
import sys

import pytest

from hushmap import runs


def test_every_public_name_can_be_had():
    """Names are given on demand from their modules; any other is an AttributeError."""
    for name in runs.__all__:
        assert getattr(runs, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        runs.nothing  # noqa: B018 - the access is the test


def test_the_room_is_light():
    """Listing runs loads nothing of tables, network or pages."""
    code = "import hushmap.runs.index, sys; print(*sys.modules)"
    path = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60, env=path
    )
    assert not {"pandas", "numpy", "asyncio", "ssl", "jinja2", "click"} & set(done.stdout.split())
