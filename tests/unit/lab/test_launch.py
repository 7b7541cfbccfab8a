"""The launcher's messages; what it does is shown in tests/lab."""

import sys

import msgspec
import pytest

from hushmap.lab import launch
from hushmap.lab.launch import Job, Said
from hushmap.lab.namespaces import RefusedError


def job(tmp_path):
    """A job in a folder of the test's own."""
    folder = tmp_path / "lab"
    folder.mkdir()
    scenario = {"name": "x"}
    (folder / "scenario.json").write_bytes(msgspec.json.encode(scenario))
    return Job(folder=str(folder), way="user", seed=1)


def test_a_refusal_is_said_in_one_line_and_leaves_nothing(tmp_path, monkeypatch, capfdbinary):
    """Exit status 6, right and remedy on standard output, the folder gone."""

    def refused(_):
        raise RefusedError("user namespace", 1)

    monkeypatch.setattr(launch, "become", refused)
    monkeypatch.setattr(sys, "argv", ["launch", msgspec.json.encode(job(tmp_path)).decode()])
    assert launch.main() == 6
    said = msgspec.json.decode(capfdbinary.readouterr().out, type=Said)
    assert "user namespaces" in said.refused
    assert "sudo" in said.remedy
    assert not (tmp_path / "lab").exists()


def test_packets_are_written_down_only_where_that_is_wanted(tmp_path):
    """Into a file that is there, under the scenario's name and seed."""
    plain = job(tmp_path)
    assert launch._Launcher(plain)._tap() is None
    file = tmp_path / "lab.pcapng"
    file.touch()
    tap = launch._Launcher(msgspec.structs.replace(plain, pcap=str(file)))._tap()
    assert b"lab x, seed 1" in file.read_bytes()
    tap(b"\x45 and so on", True, None)
    assert b"and so on" in file.read_bytes()


def test_what_is_said_survives_the_pipe():
    """Both ends speak the same Structs, and what is empty is not sent."""
    said = Said(ready=7, roots="roots.pem")
    assert msgspec.json.decode(msgspec.json.encode(said), type=Said) == said
    assert b"error" not in msgspec.json.encode(said)


def test_a_job_with_an_unknown_word_is_not_run(monkeypatch):
    """A job is ours: anything else is a fault of ours and is raised."""
    monkeypatch.setattr(sys, "argv", ["launch", '{"folder": 3}'])
    with pytest.raises(msgspec.ValidationError):
        launch.main()
