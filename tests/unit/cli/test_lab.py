"""`hushmap lab`: demo, shell, and how they end."""

from types import SimpleNamespace

import pytest

from hushmap.cli import lab
from hushmap.cli.fault import Exit
from hushmap.lab import LabRefusedError, ScenarioError


@pytest.mark.parametrize(("passed", "code"), [(True, Exit.DONE), (False, Exit.NO)])
def test_the_demo_ends_with_1_unless_all_is_right(hushmap, monkeypatch, passed, code):
    """What the demo says is on stdout; a wrong verdict is exit code 1."""
    given = []

    def demo(seed, scenario, out, *, say, pcap):
        given.append((seed, scenario, str(out), pcap))
        say("two\nlines")
        return SimpleNamespace(passed=passed)

    monkeypatch.setattr(lab, "run_demo", demo)
    done = hushmap("lab", "demo", "--seed", 7, "-o", "x")
    assert (done.exit_code, done.stdout) == (code, "two\nlines\n")
    assert given == [(7, "demo", "x", None)]


def _raising(error):
    def raising(*_, **__):
        raise error

    return raising


@pytest.mark.parametrize("verb", ["demo", "shell"])
def test_a_system_that_refuses_the_lab_ends_with_6(hushmap, monkeypatch, verb):
    """The missing right and its remedy in one line."""
    monkeypatch.setattr(lab, f"run_{verb}", _raising(LabRefusedError("no right.\nRemedy: x.")))
    done = hushmap("lab", verb)
    assert (done.exit_code, done.stderr) == (Exit.REFUSED, "hushmap: no right. Remedy: x.\n")


@pytest.mark.parametrize("verb", ["demo", "shell"])
def test_a_scenario_that_cannot_be_read_is_bad_input(hushmap, monkeypatch, verb):
    """One line, exit code 2."""
    monkeypatch.setattr(lab, f"run_{verb}", _raising(ScenarioError("x.toml: is wrong")))
    assert hushmap("lab", verb).exit_code == Exit.USAGE


def test_the_shell_ends_as_its_command_did(hushmap, monkeypatch):
    """Words after -- go to the command as they are."""
    given = []
    monkeypatch.setattr(lab, "run_shell", lambda *words: given.append(words) or 3)
    assert hushmap("lab", "shell", "--", "ls", "-l", "--all").exit_code == 3
    assert given == [("demo", 1, ("ls", "-l", "--all"), None)]


def test_a_capture_is_made_before_the_lab_is(hushmap, monkeypatch, tmp_path):
    """Its file or folder is there when the lab begins; where it cannot be, and for a replay, it is one line."""
    given = []
    monkeypatch.setattr(lab, "run_shell", lambda *words: given.append(words[3]) or 0)
    file = tmp_path / "lab.pcapng"
    assert hushmap("lab", "shell", "--pcap", file, "--", "true").exit_code == 0
    assert given == [file]
    assert file.exists()
    monkeypatch.setattr(lab, "score_labs", _raising(ScenarioError("x")))
    hushmap("lab", "score", "--pcap", tmp_path / "labs")
    assert (tmp_path / "labs").is_dir()
    nowhere = hushmap("lab", "demo", "--pcap", tmp_path / "nowhere" / "lab.pcapng")
    assert nowhere.exit_code == Exit.USAGE
    assert "cannot be written: No such file or directory; name another place; see" in nowhere.stderr
    assert hushmap("lab", "demo", "--replay", "--pcap", file).exit_code == Exit.USAGE


def test_a_replay_is_only_made_when_asked_for(hushmap, monkeypatch, home):
    """--replay goes to the recording, and starts no lab."""
    given = []
    monkeypatch.setattr(lab, "replay_recorded", lambda base: given.append(str(base)) or Exit.DONE)
    monkeypatch.setattr(lab, "run_demo", _raising(AssertionError("no lab is started")))
    assert hushmap("lab", "demo", "--replay").exit_code == 0
    assert given == ["results/runs"]
