"""The room's public names."""

import subprocess
import sys
from pathlib import Path

import pytest

import hushmap.lab


def test_every_public_name_is_there():
    """Each is found when it is first used; another is an AttributeError."""
    assert hushmap.lab.__all__ == sorted(hushmap.lab.__all__, key=lambda name: (not name.isupper(), name))
    assert all(getattr(hushmap.lab, name) is not None for name in hushmap.lab.__all__)
    with pytest.raises(AttributeError, match="no attribute"):
        _ = hushmap.lab.nothing


def test_importing_the_room_loads_none_of_it():
    """`hushmap --help` must not pay for the lab."""
    source = str(Path(hushmap.lab.__file__).resolve().parents[2])
    code = "import sys, hushmap.lab; print(sorted(m for m in sys.modules if m.startswith('hushmap.')))"
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": source}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['hushmap.lab']"
