"""scripts/ do what make relies on: set-up finds or names a Python, the coverage gate fails honestly."""

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import coverage_gate
import make_grid
import pytest

from house import ROOT

TOOLS = ("sh", "cat", "dirname", "env", "id", "rm", "mkdir")
FAKE = """#!/bin/sh
# A Python of version {version} that imports nothing of: {lacks}
case "$*" in
*version_info*sys.exit*|*"sys.exit(sys.version_info"*) exit {old} ;;
*"python%d.%d-venv"*) echo "python{version}-venv" ;;
"-c import "*) for module in {lacks}; do [ "$2" = "import $module" ] && exit 1; done; exit 0 ;;
--version) echo "Python {version}.0" ;;
"-m venv --clear .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
"-m pip install "*) echo "$*" >> pip.log ;;
*hexdigest*) echo "{version} $(cat pyproject.toml)" ;;
*) exit 9 ;;
esac
"""


@pytest.fixture
def checkout(tmp_path):
    """A folder with scripts/setup, a pyproject.toml, and a PATH that holds nothing but the tools named above."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "setup", tmp_path / "scripts")
    (tmp_path / "pyproject.toml").write_text("one", "utf-8")
    (tmp_path / "bin").mkdir()
    for tool in (*TOOLS, "cp"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
    return tmp_path


def _put(checkout: Path, name: str, text: str) -> None:
    path = checkout / "bin" / name
    path.write_text(text, "utf-8")
    path.chmod(0o755)


def _python(checkout: Path, version: str, lacks: str = "") -> None:
    old = int(version.split(".")[1]) < 11
    _put(checkout, f"python{version}", FAKE.format(version=version, lacks=lacks, old=int(old)))


def _apt(checkout: Path, knows: str = "") -> None:
    _put(checkout, "apt-get", '#!/bin/sh\necho "$*" >> "$(dirname "$0")/../apt.log"\n')
    _put(checkout, "apt-cache", f'#!/bin/sh\ncase "{knows}" in *"$2"*) exit 0 ;; esac\nexit 1\n')
    _put(checkout, "sudo", '#!/bin/sh\nexec "$@"\n')


def _setup(checkout: Path, **more) -> subprocess.CompletedProcess:
    environment = {"PATH": str(checkout / "bin"), "SYSTEM_PYTHON": ""}
    options = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "timeout": 30}
    return subprocess.run([str(checkout / "scripts" / "setup")], env=environment, check=False, **(options | more))


def test_setup_takes_the_first_python_that_can(checkout):
    """A Python that is too old or lacks ensurepip or ssl is passed over; the first that has both makes .venv."""
    _python(checkout, "3.10")
    _python(checkout, "3.13", lacks="ensurepip")
    _python(checkout, "3.12", lacks="ssl")
    _python(checkout, "3.11")
    done = _setup(checkout)
    assert done.returncode == 0, done.stderr
    assert "Python 3.11.0" in done.stdout
    assert "--editable .[dev]" in (checkout / "pip.log").read_text("utf-8")


def test_setup_a_second_time_does_nothing(checkout):
    """With nothing changed a second run says and installs nothing; a changed pyproject.toml installs again."""
    _python(checkout, "3.11")
    _setup(checkout)
    again = _setup(checkout)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert (checkout / "pip.log").read_text("utf-8").count("install") == 1
    (checkout / "pyproject.toml").write_text("two", "utf-8")
    _setup(checkout)
    assert (checkout / "pip.log").read_text("utf-8").count("install") == 2


def test_setup_names_the_missing_package_and_installs_nothing_unasked(checkout):
    """With nobody at a terminal the command is printed, the exit code is 1 and apt-get is not called."""
    _python(checkout, "3.12", lacks="ensurepip")
    _apt(checkout)
    done = _setup(checkout)
    assert done.returncode == 1
    assert "apt-get install -y --no-install-recommends python3.12-venv" in done.stderr
    assert not (checkout / "apt.log").exists()
    assert not (checkout / ".venv").exists()


def test_setup_names_a_python_that_the_distribution_has(checkout):
    """With no usable Python at all the newest one that apt knows of is named."""
    _python(checkout, "3.10")
    _apt(checkout, knows="python3.11-venv")
    assert "python3.11-venv" in _setup(checkout).stderr


@pytest.mark.parametrize("apt", [True, False])
def test_setup_says_so_where_nothing_can_be_named(checkout, apt):
    """Where apt knows no Python, or there is no apt, that is said and the exit code is 1."""
    if apt:
        _apt(checkout)
    done = _setup(checkout)
    assert done.returncode == 1
    assert "no Python >= 3.11" in done.stderr


@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("y\n", 1)])
def test_setup_asks_before_it_installs(checkout, answer, code):
    """At a terminal the question is asked; only a yes calls apt-get (which here brings nothing, and that is said)."""
    _python(checkout, "3.12", lacks="ensurepip")
    _apt(checkout)
    person, terminal = pty.openpty()
    try:
        os.write(person, answer.encode())
        done = _setup(checkout, stdin=terminal)
    finally:
        os.close(person)
        os.close(terminal)
    assert done.returncode == code
    assert "Run it now? [y/N]" in done.stderr
    assert (checkout / "apt.log").exists() == (answer == "y\n")


REPORT = {
    "files": {
        "src/hushmap/wire/dns.py": {
            "summary": {"num_statements": 8, "num_branches": 2, "covered_lines": 7, "covered_branches": 1},
            "missing_lines": [5],
            "missing_branches": [[3, 9], [5, 6]],
        },
        "src/hushmap/judge.py": {
            "summary": {"num_statements": 4, "num_branches": 0, "covered_lines": 4, "covered_branches": 0},
            "missing_lines": [],
            "missing_branches": [],
        },
    }
}


def test_the_coverage_gate_names_what_was_not_run():
    """A line or branch of a pure room that no test ran is named, a pure room nobody measured too."""
    rooms = coverage_gate.by_room(REPORT)
    assert rooms["wire"].share == 0.8
    assert coverage_gate.verdict(rooms, ["judge"]) == []
    assert coverage_gate.verdict(rooms, ["wire", "model"]) == [
        "src/hushmap/wire/dns.py: 5, 3->9",
        "model: nothing of it was measured",
    ]


def _heavy(tmp_path: Path, pytest_text: str) -> subprocess.CompletedProcess:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = heavy\naddopts = -q -p no:cacheprovider\n", "utf-8")
    (tmp_path / "test_x.py").write_text(pytest_text, "utf-8")
    command = [str(tmp_path / "scripts" / "test_heavy")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if "site-packages" in path)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("def test_light(): pass\n", 0, "nothing is marked heavy"),
        ("import pytest\n@pytest.mark.heavy\ndef test_weight(): pass\n", 0, "test_x.py::test_weight"),
        ("import pytest\n@pytest.mark.heavy\ndef test_weight(): assert 0\n", 1, "1 failed"),
        ("import nothing_of_the_kind\n", 2, "nothing_of_the_kind"),
    ],
)
def test_heavy_tests_are_named_and_their_absence_is_no_failure(tmp_path, text, code, said):
    """What is run is named; nothing marked heavy is said and passes; a failure or a broken file does not pass."""
    done = _heavy(tmp_path, text)
    assert said in done.stdout
    assert done.returncode == code


def test_the_picture_of_readme_says_what_it_is():
    """It is a site's own picture: of the lab, with its source inside, every cell with a word, and of files that are here."""
    picture = make_grid.TARGET.read_text("utf-8")
    assert make_grid.TITLE in picture
    assert "Lab data, invented networks." in picture
    assert ">not measured</text>" in picture
    for name in make_grid.NETWORKS:
        assert (make_grid.ROOT / "results" / "example" / "records" / f"{name}.jsonl.zst").is_file()
        assert f">{name}</text>" in picture
