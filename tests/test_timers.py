"""What docs/how-to/schedule.md has people put into systemd and cron: it parses, and what it begins can be typed."""

import configparser
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from house import ROOT
from hushmap.cli import main
from test_docs import blocks, untypable

PAGE = ROOT / "docs/how-to/schedule.md"
KNOWN = {
    "Unit": {"Description"},
    "Service": {"Type", "WorkingDirectory", "ExecStart", "TimeoutStartSec", "TimeoutStopSec"},
    "Timer": {"OnCalendar", "RandomizedDelaySec", "Persistent"},
    "Install": {"WantedBy"},
}
"""Keys that systemd.service(5), systemd.timer(5) and systemd.unit(5) describe."""


def _shown(kind: str) -> list[str]:
    return [block.body for block in blocks(PAGE.read_text("utf-8")) if block.kind == kind]


def _units() -> dict[str, configparser.ConfigParser]:
    found = {}
    for name, text in zip(("hushmap.service", "hushmap.timer"), _shown("ini"), strict=True):
        found[name] = configparser.ConfigParser(interpolation=None)
        found[name].optionxform = str
        found[name].read_string(text)
    return found


def test_the_units_hold_known_keys_and_a_command_that_can_be_typed():
    """A timer of the service's name, which bounds a run and makes up for nothing."""
    units = _units()
    for unit in units.values():
        assert set(unit.sections()) <= {*KNOWN}
        for section in unit.sections():
            assert {*unit[section]} <= KNOWN[section]
    service, timer = units["hushmap.service"]["Service"], units["hushmap.timer"]["Timer"]
    program, *words = shlex.split(service["ExecStart"])
    assert program == "%h/.local/bin/hushmap"
    assert untypable(["hushmap", *words], main, ROOT) is None
    assert (service["Type"], service["TimeoutStartSec"], timer["Persistent"]) == ("oneshot", "5h", "false")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")
def test_systemd_has_nothing_to_say_of_the_units(tmp_path):
    """Verified by its own tool, with a program that is there; it only warns of what it does not know."""
    texts = dict(zip(("hushmap.service", "hushmap.timer"), _shown("ini"), strict=True))
    for name, text in texts.items():
        (tmp_path / name).write_text(text.replace("%h/.local/bin/hushmap", sys.executable), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in texts)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    if "Failed to" in done.stderr and "hushmap." not in done.stderr:
        pytest.skip(f"systemd-analyze does not work here: {done.stderr.splitlines()[0]}")
    assert [line for line in done.stderr.splitlines() if "hushmap." in line] == []
    assert done.returncode == 0, done.stderr


def test_the_line_for_cron_has_five_fields_and_a_command_that_can_be_typed():
    """No percent sign, which cron reads as a new line; bounded, and from a folder that is there."""
    (text,) = _shown("text")
    (line,) = text.splitlines()
    minute, hour, *rest = line.split(None, 5)
    assert (0 <= int(minute) < 60, re.fullmatch(r"\*/\d+", hour) is not None, rest[:3]) == (True, True, ["*"] * 3)
    assert 24 % int(hour.removeprefix("*/")) == 0, "cron begins anew at midnight"
    assert "%" not in line
    place, _, command = rest[3].partition(" && ")
    assert place == 'cd "$HOME"'
    bound, limit, program, *words = shlex.split(command)
    assert (bound, limit, program) == ("timeout", "5h", ".local/bin/hushmap")
    assert untypable(["hushmap", *words], main, ROOT) is None
