"""A lab from the outside, with a launcher that is a script of the test's: what is tried, said and left."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from hushmap.lab import lab as lab_module
from hushmap.lab.lab import Lab, LabError, LabRefusedError
from hushmap.lab.scenario import parse_scenario

EMPTY = parse_scenario('name = "x"')
SCRIPT = "#!/bin/sh\necho '{}'\nread line\necho trouble >&2\nexit {}\n"


@pytest.fixture
def launcher(tmp_path, monkeypatch):
    """Replaces Python by a script that says one line, waits for its input to end, and exits."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def says(line, status=0):
        script = tmp_path / "launcher"
        script.write_text(SCRIPT.replace("{}", line, 1).replace("{}", str(status), 1))
        script.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(script))

    return says


def left(tmp_path):
    """What lies in the temporary folder beside the script."""
    return [path.name for path in tmp_path.iterdir() if path.name not in {"launcher", "sudo"}]


def test_a_lab_that_stands_is_stopped_and_leaves_nothing(launcher, tmp_path):
    """What the launcher said is known while it runs; after stop the folder is gone."""
    launcher('{"ready": 1, "roots": "roots.pem", "helper": "hushmap://x"}')
    with Lab(EMPTY) as lab:
        assert (lab.roots, lab.helper, lab.running) == ("roots.pem", "hushmap://x", True)
        assert lab.environment["HUSHMAP_SCALE"] == "5"
        assert lab.environment["HUSHMAP_LAB_TOKEN"] != Lab(EMPTY).environment["HUSHMAP_LAB_TOKEN"]
        assert lab.environment["PYTHONPATH"].split(os.pathsep)[0] == str(Path(lab_module.__file__).parents[2])
        assert lab.truth() == []
    assert not lab.running
    assert left(tmp_path) == []
    lab.stop()


def test_a_capture_is_the_callers_own_file(launcher, tmp_path):
    """Emptied before the lab begins; one that cannot be written is said by the system's own error."""
    launcher('{"ready": 1}')
    file = tmp_path / "lab.pcapng"
    file.write_text("old")
    with Lab(EMPTY, pcap=file):
        assert file.read_bytes() == b""
    with pytest.raises(FileNotFoundError):
        Lab(EMPTY, pcap=tmp_path / "nowhere" / "lab.pcapng").start()
    file.unlink()
    assert left(tmp_path) == []


def test_a_wrong_clock_shifts_the_world_and_a_store_may_trust_more():
    """The helper tells the shifted time; the client's system store is another file."""
    plain = parse_scenario('name = "x"')
    assert lab_module._helper_command(Path("f"), plain)[1:5] == ("-m", "hushmap", "serve", "helper")
    behind = parse_scenario('name = "x"\n[client]\nclock_s = -60.0\ntrusts_interceptor = true\n')
    assert lab_module._helper_command(Path("f"), behind)[1:6] == (
        "-m",
        "hushmap.lab.skewed",
        "60",
        "hushmap",
        "serve",
    )
    assert "SSL_CERT_FILE" not in Lab(plain).environment
    assert Lab(behind).environment["SSL_CERT_FILE"].endswith("system.pem")


def test_the_helper_has_its_echoes_and_as_many_ports_as_the_scenario_says():
    """Each on the protocol's own port, over QUIC too."""
    several = parse_scenario('name = "x"\n[helper]\nspan = 16\n')
    typed = " ".join(lab_module._helper_command(Path("f"), several))
    assert "--http-port 80 --tls-port 443 --tcp-port 7 --quic-port 443 --span 16" in typed


def test_a_refusal_everywhere_is_said_with_its_remedy(launcher, tmp_path, monkeypatch):
    """The first refusal is the one that a person can act on."""
    launcher('{"refused": "no right", "remedy": "get it"}', 6)
    with pytest.raises(LabRefusedError, match=r"cannot run here: no right\. Remedy: get it\."):
        Lab(EMPTY).start()
    assert left(tmp_path) == []


def test_a_lab_that_breaks_says_why(launcher, tmp_path):
    """At its start, or when it is found dead at its stop: with what its processes complained about."""
    launcher('{"error": "the helper did not start"}', 1)
    with pytest.raises(LabError, match=r"could not start: the helper did not start .*trouble"):
        Lab(EMPTY).start()
    launcher('{"ready": 1}', 3)
    lab = Lab(EMPTY).start()
    with pytest.raises(LabError, match=r"ended by itself \(3\): .*trouble"):
        lab.stop()
    assert left(tmp_path) == []


def test_a_launcher_without_a_word_is_an_error(launcher, tmp_path):
    """An empty line, or something else's words, are no answer."""
    for words in ("", "hello"):
        launcher(words, 0)
        with pytest.raises(LabError, match="no answer from the launcher"):
            Lab(EMPTY).start()
    assert left(tmp_path) == []


def test_without_a_lab_there_is_no_client():
    """A client needs a running lab."""
    with pytest.raises(LabError, match="not running"):
        Lab(EMPTY).client(["true"])


def test_a_lab_by_name_is_the_shipped_scenario():
    """`Lab("demo")` reads the file."""
    assert Lab("demo").scenario.name == "demo"


@pytest.mark.parametrize(
    ("uid", "sudo", "silent", "terminal", "ways"),
    [
        (0, "sudo", True, True, [("user", ()), ("root", ())]),
        (1000, None, True, True, [("user", ())]),
        (1000, "sudo", True, False, [("user", ()), ("root", ("sudo", "-n"))]),
        (1000, "sudo", False, False, [("user", ())]),
        (1000, "sudo", False, True, [("user", ()), ("root", ("sudo", "-n"))]),
    ],
)
def test_ways_are_tried_in_order(monkeypatch, capsys, uid, sudo, silent, terminal, ways):
    """As we are; as root if we are; by sudo if it asks nothing; by sudo at a terminal, after saying why."""
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    monkeypatch.setattr(lab_module.shutil, "which", lambda _: sudo)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    asked = []

    def run(command, **_):
        asked.append(command)
        return subprocess.CompletedProcess(command, 0 if silent or command[1] == "-v" else 1)

    monkeypatch.setattr(lab_module.subprocess, "run", run)
    assert list(lab_module._ways()) == ways
    assert (["sudo", "-v"] in asked) == ("Nothing leaves it" in capsys.readouterr().err)


def test_through_sudo_only_what_is_needed_goes_along(launcher, tmp_path, monkeypatch):
    """The command drops back to the caller, and the environment that sudo clears is given by name, secrets not."""
    launcher('{"refused": "no right", "remedy": "get it"}', 6)
    fake = tmp_path / "sudo"
    fake.write_text(
        '#!/bin/sh\nshift\ncase "$*" in *hushmap.lab.launch*) echo \'{"ready": 1}\'; read line; exit 0;; *) echo "$@";; esac\n'
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("A_SECRET", "x")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with Lab(EMPTY) as lab:
        client = lab.client(["id"], env={"HUSHMAP_X": "1"}, stdout=subprocess.PIPE, text=True)
        said, _ = client.communicate(timeout=10)
    assert said.startswith("env ")
    assert said.endswith(f"-m hushmap.lab.enter 1 {os.getuid()}:{os.getgid()} -- id\n")
    assert "HUSHMAP_X=1" in said
    assert "A_SECRET" not in said
