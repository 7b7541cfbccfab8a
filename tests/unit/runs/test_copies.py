"""The register of published copies: what was given out is known after the run is gone."""

import pytest

from hushmap.runs.copies import CopyRegister, GivenOut

COPY = GivenOut(runs=("run-1", "run-2"), file="net-a.hush", sha256="ab" * 32, when="2026-11-21T22:33:00Z")


@pytest.fixture
def register(monkeypatch, tmp_path):
    """The register of a person who has published nothing."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return CopyRegister()


def test_a_copy_is_known_by_each_of_its_runs(register):
    """By another process too, and for nobody else to read."""
    assert register.of("run-1") == ()
    register.add(COPY)
    again = CopyRegister(register.path)
    assert again.of("run-1") == again.of("run-2") == (COPY,)
    assert again.of("run-3") == ()
    assert register.path.stat().st_mode & 0o777 == 0o600


def test_a_damaged_line_tells_of_no_copy(register):
    """What stands before and after it is still known."""
    register.add(COPY)
    with register.path.open("ab") as file:
        file.write(b'{"runs": 1}\n')
    register.add(COPY)
    assert len([*register.all()]) == 2


def test_what_is_forgotten_leaves_no_trace(register):
    """Another run of the same copy is still known, and a damaged line stays as it is."""
    register.add(COPY)
    with register.path.open("ab") as file:
        file.write(b'{"runs": 1}\n')
    register.add(GivenOut(runs=("run-3",), file="b.hush", sha256="cd" * 32, when="2026-11-21T22:33:00Z"))
    assert register.forget("run-9") == 0
    assert register.forget("run-1") == 1
    assert (register.of("run-1"), [one.runs for one in register.of("run-2")]) == ((), [("run-2",)])
    assert register.forget("run-3") == 1
    text = register.path.read_text()
    assert "run-1" not in text
    assert "run-3" not in text
    assert '{"runs": 1}' in text
