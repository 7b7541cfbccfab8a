"""Files of measurements, and records of a run of ours."""

import pytest

from unit.archive.kept import line
from unit.judge.conftest import records  # noqa: F401 (a fixture)


@pytest.fixture
def file(tmp_path):
    """Make a file of lines; its path."""

    def made(name, *lines):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(lines))
        return path

    return made


@pytest.fixture
def root(tmp_path):
    """Where the archive is to lie."""
    return tmp_path / "archive"


@pytest.fixture
def two(file):
    """A file of two measurements of two days."""
    return file("two.jsonl", line("a.example"), line("b.example", day=22))
