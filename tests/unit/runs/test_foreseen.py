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


def test_only_what_it_was_then_is_kept(register):
    """Another content of the event was not foreseen; each time that it was kept is told, the first before others."""
    assert register.of(ONE) == ()
    later = msgspec.structs.replace(ONE, when="2026-11-22T00:00:00Z")
    register.add(ONE)
    register.add(later)
    again = ForeseenRegister(register.path)
    assert again.of(msgspec.structs.replace(ONE, when="")) == (ONE, later)
    assert again.of(msgspec.structs.replace(ONE, sha256="cd" * 32)) == ()
    assert again.of(msgspec.structs.replace(ONE, campaign="other")) == ()


def test_what_a_file_of_observed_days_held_is_kept_with_its_place(register):
    """Another content of it is the same choice, and both are told with what they held."""
    then = msgspec.structs.replace(ONE, observed="/days.txt", observed_sha256="ab")
    now = msgspec.structs.replace(then, observed_sha256="cd")
    register.add(then)
    register.add(now)
    assert [one.observed_sha256 for one in register.of(now)] == ["ab", "cd"]


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
    assert register.of(other) == ()
    register.add(other)
    assert register.of(other) == (other,)


def test_a_damaged_line_foresaw_nothing(register):
    """What stands beside it is still known."""
    register.add(ONE)
    with register.path.open("ab") as file:
        file.write(b'{"campaign": 1}\n')
    assert list(register.all()) == [ONE]
