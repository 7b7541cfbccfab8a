"""What is to be studied is kept before there are data, as it then was."""

import pytest

from hushmap.runs.foreseen import Foreseen, ForeseenRegister

ONE = Foreseen(campaign="action", sha256="ab" * 32, when="2026-11-21T22:33:00Z")


@pytest.fixture
def register(monkeypatch, tmp_path):
    """The register of a person who has kept nothing."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return ForeseenRegister()


def test_the_first_time_counts_and_only_for_what_it_was(register):
    """Another content of the event was not foreseen."""
    assert register.first("action", ONE.sha256) is None
    register.add(ONE)
    register.add(Foreseen(campaign="action", sha256=ONE.sha256, when="2026-11-22T00:00:00Z"))
    again = ForeseenRegister(register.path)
    assert again.first("action", ONE.sha256) == ONE
    assert again.first("action", "cd" * 32) is None
    assert again.first("other", ONE.sha256) is None


def test_a_damaged_line_foresaw_nothing(register):
    """What stands beside it is still known."""
    register.add(ONE)
    with register.path.open("ab") as file:
        file.write(b'{"campaign": 1}\n')
    assert list(register.all()) == [ONE]
