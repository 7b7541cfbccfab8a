"""The stand-in: it ends as its child did. Joining namespaces is shown in tests/lab."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = str(Path(__file__).resolve().parents[3] / "src")


def entered(*command):
    """Run a command by the stand-in in the namespaces where we are already."""
    argv = [sys.executable, "-m", "hushmap.lab.enter", "self", "-", "--", *command]
    env = {**os.environ, "PYTHONPATH": SOURCE}
    return subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    ("script", "status"), [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", -15), ("kill -9 $$", -9)]
)
def test_it_ends_as_the_command_did(script, status):
    """By the same exit status, or by the same signal."""
    with entered("sh", "-c", script) as process:
        assert process.wait(10) == status


def test_a_missing_command_is_127_as_in_a_shell():
    """With the system's words."""
    with entered("no-such-command") as process:
        _, words = process.communicate(timeout=10)
    assert process.returncode == 127
    assert words == "no-such-command: No such file or directory\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_are_passed_on(number):
    """The command sees what was sent to the stand-in, and its own answer counts."""
    script = f"trap 'echo seen; exit 9' {number.name[3:]}; echo ready; while :; do sleep 0.05; done"
    with entered("sh", "-c", script) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.stdout.readline() == "seen\n"
        assert process.wait(10) == 9
