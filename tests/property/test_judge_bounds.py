"""What hostile input costs `hushmap judge`: a child process with a ceiling of memory judges the records around it.

Each input would take a gigabyte if it were held. The records before and after it are judged, it is set aside in one
line, and whatever cannot be read never becomes a verdict.
"""

import contextlib
import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import zstandard

from unit.judge.foreign import measurement

CEILING = 600 * 1024 * 1024
"""Bytes of address space; judging itself maps about 200 MB, most of it libraries."""
GIGABYTE = 1024**3
LINE = measurement()


def judge(folder, *words, ceiling=CEILING):
    """Exit code, stdout lines and stderr of `hushmap judge` in a child."""

    def bounded():
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))

    done = subprocess.run(
        [sys.executable, "-m", "hushmap", "judge", *words], cwd=folder, preexec_fn=bounded, capture_output=True,
        text=True, check=False, timeout=120, env=_environment(folder),
    )  # fmt: skip
    return done.returncode, done.stdout.splitlines(), done.stderr


def _environment(folder):
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
        "HOME": str(folder),
        "OPENBLAS_NUM_THREADS": "1",
    }


@pytest.fixture(scope="module")
def bombs(tmp_path_factory):
    """Inputs that are small on the disk, or one line of 100 MB; a line may span the members of a packed file."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, sign, pack in (
        ("zeros.jsonl.gz", b"\x00", gzip.compress),
        ("brackets.jsonl.gz", b"[", gzip.compress),
        ("zeros.jsonl.zst", b"\x00", zstandard.compress),
    ):
        part = pack(sign * (GIGABYTE // 64))
        assert len(part) < 20_000
        (folder / name).write_bytes(pack(LINE) + part * 64 + pack(b"\n" + LINE))
    with (folder / "long.jsonl").open("wb") as file:
        file.write(LINE + b'{"a":"')
        for _ in range(100):
            file.write(b"x" * (1024 * 1024))
        file.write(b'"}\n' + LINE)
    return folder


@pytest.mark.parametrize(
    ("name", "size", "jobs"),
    [
        ("zeros.jsonl.gz", GIGABYTE, "1"),
        ("brackets.jsonl.gz", GIGABYTE, "2"),
        ("zeros.jsonl.zst", GIGABYTE, "1"),
        ("long.jsonl", 100 * 1024 * 1024 + 8, "1"),
        ("long.jsonl", 100 * 1024 * 1024 + 8, "2"),
    ],
)
def test_a_bomb_is_one_reject_between_two_verdicts(bombs, name, size, jobs):
    """A gigabyte in one line is passed over within the ceiling, in one process and in two."""
    code, lines, said = judge(bombs, name, "--json", "--jobs", jobs)
    assert code == 0, said
    found = [json.loads(line) for line in lines]
    assert [(one["source"], one["outcome"]) for one in found] == [(f"{name}:1", "ok"), (f"{name}:3", "ok")]
    *progress, last = said.splitlines()
    assert last.startswith(f"hushmap: {name}:2: a line of {size} bytes is longer than ")
    assert all(line.startswith("judge  ") for line in progress)


def test_memory_does_not_grow_with_the_input(tmp_path):
    """A packed file of 200 MB passes where half of it would not fit."""
    lines = b"".join(measurement(f"n{number}.example", body="x" * 30_000) for number in range(100))
    (tmp_path / "many.jsonl.gz").write_bytes(gzip.compress(lines) * 65)
    code, (first, *_), said = judge(tmp_path, "many.jsonl.gz", ceiling=CEILING // 2)
    assert code == 0, said
    assert first.startswith("6,500 of 6,500 records judged in ")


def test_a_hostile_line_within_the_bound_is_no_end(tmp_path):
    """What needs more memory to be read than there is, is set aside; the records around it are judged."""
    head = (
        b'{"test_name":"web_connectivity","measurement_start_time":"2026-11-21 22:33:00","input":"http://a.example/",'
    )
    answers = b'"test_keys":{"queries":[{"hostname":"a.example","answers":[' + b"{}," * 20_000_000 + b"{}]}]}}\n"
    (tmp_path / "x.jsonl").write_bytes(LINE + head + answers + LINE)
    code, lines, said = judge(tmp_path, "x.jsonl", "--json")
    assert code == 0, said
    assert [json.loads(line)["source"] for line in lines] == ["x.jsonl:1", "x.jsonl:3"]
    assert "Traceback" not in said


@pytest.fixture
def endless(tmp_path):
    """`hushmap judge` in two processes, in the middle of an input without an end; what it says, and how to stop it."""
    pipe = tmp_path / "x.jsonl"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "hushmap", "judge", "x.jsonl", "--jobs", "2", "--json"]
    child = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env=_environment(tmp_path),
    )  # fmt: skip

    def feed():
        with contextlib.suppress(BrokenPipeError), pipe.open("wb") as file:
            while True:
                file.write(LINE * 100)

    feeder = threading.Thread(target=feed)
    feeder.start()
    assert child.stdout.readline().startswith('{"schema":"hushmap.verdict/1"')
    yield child
    os.killpg(child.pid, signal.SIGKILL) if _alive(child.pid) else None
    feeder.join()
    child.communicate()


def test_ctrl_c_ends_all_processes_in_one_line(endless):
    """SIGINT to the whole group, as a terminal sends it: exit code 130, one line, and nobody is left."""
    os.killpg(endless.pid, signal.SIGINT)
    _, said = endless.communicate(timeout=60)
    assert (endless.returncode, said) == (130, "\nStopped by you.\n")
    assert _gone(endless.pid)


def test_workers_end_with_a_process_that_was_killed(endless):
    """A killed process can tell nobody; its workers are gone all the same."""
    endless.kill()
    endless.communicate(timeout=60)
    assert _gone(endless.pid)


def _gone(group):
    """Whether every process of the group ends within half a minute."""
    begun = time.monotonic()
    while _alive(group) and time.monotonic() - begun < 30:
        os.sched_yield()
    return not _alive(group)


def _alive(group):
    """Whether a process of the group is there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
