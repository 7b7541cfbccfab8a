"""What is to be studied is kept before there are data, as it then was."""

import msgspec
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
    assert register.first(ONE) is None
    register.add(ONE)
    register.add(msgspec.structs.replace(ONE, when="2026-11-22T00:00:00Z"))
    again = ForeseenRegister(register.path)
    assert again.first(msgspec.structs.replace(ONE, when="")) == ONE
    assert again.first(msgspec.structs.replace(ONE, sha256="cd" * 32)) is None
    assert again.first(msgspec.structs.replace(ONE, campaign="other")) is None


@pytest.mark.parametrize(
    "chosen",
    [
        {"days": 8},
        {"by": "x"},
        {"count": "n"},
        {"order": "o"},
        {"where": ("a=b",)},
        {"observed": "/f"},
        {"shares": "web"},
    ],
)
def test_what_was_kept_with_other_choices_is_another(register, chosen):
    """Either way: what was left open was not chosen, and what was chosen was not left open."""
    other = msgspec.structs.replace(ONE, **chosen)
    register.add(ONE)
    assert register.first(other) is None
    register.add(other)
    assert register.first(other) == other


def test_a_damaged_line_foresaw_nothing(register):
    """What stands beside it is still known."""
    register.add(ONE)
    with register.path.open("ab") as file:
        file.write(b'{"campaign": 1}\n')
    assert list(register.all()) == [ONE]
