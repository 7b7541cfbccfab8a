"""The shell in a lab, with a lab of the test's."""

from pathlib import Path

from hushmap.lab import shell
from hushmap.lab.shell import run_shell


class Process:
    """Is interrupted once, then ends."""

    def __init__(self):
        self.waits = 0

    def wait(self):
        self.waits += 1
        if self.waits == 1:
            raise KeyboardInterrupt
        return 5


class FakeLab:
    """Writes down what was asked of it."""

    calls = None

    def __init__(self, scenario, seed, *, helper, pcap):
        self.calls.append((scenario, seed, helper, pcap))
        self.helper = "hushmap://x"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.calls.append("stopped")

    def client(self, command, *, env):
        self.calls.append((command, env["HUSHMAP_HELPER"]))
        return Process()


def test_the_shell_has_the_helper_and_survives_ctrl_c(monkeypatch):
    """Ctrl-C is for what runs inside; the exit status is the shell's; the lab is stopped."""
    monkeypatch.setattr(shell, "Lab", FakeLab)
    monkeypatch.setattr(FakeLab, "calls", [])
    monkeypatch.setenv("SHELL", "/bin/some-shell")
    assert run_shell("demo", 3) == 5
    assert FakeLab.calls == [("demo", 3, True, None), (["/bin/some-shell"], "hushmap://x"), "stopped"]


def test_a_command_may_be_given(monkeypatch):
    """Instead of a shell; and a file for what crosses the path."""
    monkeypatch.setattr(shell, "Lab", FakeLab)
    monkeypatch.setattr(FakeLab, "calls", [])
    run_shell("demo", 1, ("true", "x"), Path("lab.pcapng"))
    assert FakeLab.calls[0] == ("demo", 1, True, Path("lab.pcapng"))
    assert FakeLab.calls[1][0] == ["true", "x"]
