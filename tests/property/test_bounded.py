"""However large, deep or dense an input is, judging it takes bounded memory, and the record after it is judged."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

import seeds
from hushmap.codec import ooni_loose, read_ooni

M = 1_000_000
GOOD = seeds.measurements()[0] + b"\n"
CEILING = 2_000
"""MB of memory: the densest line that is read, 64 MB of the smallest rows there can be, takes some 1,800."""


def _line(*parts: bytes):
    def write(path: Path) -> None:
        with path.open("wb") as file:
            file.writelines((GOOD, *parts, b"\n", GOOD))

    return write


def _large_page(path: Path) -> None:
    value = json.loads(GOOD)
    value["test_keys"]["requests"][0]["response"]["body"] = "<p>news " * (7 * M)
    path.write_bytes(GOOD + json.dumps(value).encode() + b"\n" + GOOD)


def _many(path: Path) -> None:
    path.write_bytes(GOOD + b"{}\n" * 100_000 + GOOD)


def _gzip_bomb(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(GOOD)
        for _ in range(300):
            file.write(b"a" * M)
        file.write(b"\n" + GOOD)


def _zstd_bomb(path: Path) -> None:
    with path.open("wb") as file, zstandard.ZstdCompressor(level=1).stream_writer(file) as out:
        out.write(GOOD)
        for _ in range(1_000):
            out.write(b"a" * M)
        out.write(b"\n" + GOOD)


KEYS = b'{"test_name":"web_connectivity","measurement_start_time":"2026-11-21 22:33:00","input":"http://x.test/",'
INPUTS = {
    "a line of 100 MB": ("x.jsonl", _line(b"x" * (100 * M))),
    "a text of 100 MB": ("x.jsonl", _line(b'{"test_name":"', b"a" * (100 * M), b'"}')),
    "lists within lists": ("x.jsonl", _line(b"[" * (50 * M))),
    "objects within objects": ("x.jsonl", _line(b'{"a":' * (10 * M))),
    "a list of empty objects": ("x.jsonl", _line(b"[" + b"{}," * (20 * M) + b"{}]")),
    "empty objects beside damage": ("x.jsonl", _line(KEYS, b'"test_keys":7,"x":[', b"{}," * (20 * M), b"{}]}")),
    "half a character": ("x.jsonl", _line(KEYS, b'"test_keys":{"queries":[]},"a":"\\ud800","x":[', b"[]," * (3 * M), b"7]}")),
    "empty answers": (
        "x.jsonl",
        _line(KEYS, b'"test_keys":{"queries":[{"hostname":"x.test","answers":[', b"{}," * (20 * M), b"{}]}]}}"),
    ),
    "a page of 56 MB": ("x.jsonl", _large_page),
    "a hundred thousand lines that hold nothing": ("x.jsonl", _many),
    "a gigabyte in a megabyte of gzip": ("x.jsonl.gz", _gzip_bomb),
    "a gigabyte in a little zstd": ("x.jsonl.zst", _zstd_bomb),
}  # fmt: skip


@pytest.mark.heavy
@pytest.mark.parametrize("name", list(INPUTS))
def test_memory_is_bounded(name, tmp_path):
    """The whole of `hushmap judge` stays below the ceiling and judges the measurements before and after."""
    file, write = INPUTS[name]
    write(tmp_path / file)
    program = (
        "import resource, sys; from hushmap.cli import main\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({2 * CEILING * M}, {2 * CEILING * M}))\n"
        "try: main(['judge', sys.argv[1], '--jobs', '1', '--json'], standalone_mode=False)\n"
        "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / file)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=240)
    objects = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    outcomes = [one["outcome"] for one in objects if one["schema"] == "hushmap.verdict/1"]
    assert (outcomes[0], outcomes[-1]) == ("ok", "ok"), done.stderr
    assert len(outcomes) <= 3
    assert int(done.stderr.split()[-1]) / 1024 < CEILING


def test_only_short_lines_are_read_twice(monkeypatch):
    """Half a character in a line of bounded length is mended; a longer one is refused with what is wrong."""
    value = json.loads(GOOD)
    value["annotations"]["x"] = "\ud800"
    line = json.dumps(value).encode()
    assert read_ooni(line).annotations["x"] == "\ufffd"
    monkeypatch.setattr(ooni_loose, "_MENDED", len(line) - 1)
    with pytest.raises(ValueError, match="surrogate"):
        read_ooni(line)
