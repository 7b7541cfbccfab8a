"""A file that grows by measurements: nothing twice, nothing half, whatever happens."""

import fcntl
import gzip
import json
import os

import msgspec
import pytest
import zstandard

from hushmap.remote.ooni_api import Query
from hushmap.remote.spool import STATE, Spool, packed
from hushmap.runs import RunsError

QUERY = Query(country="XE", since="2026-01-01", until="2026-02-01")
T = "2026-01-01T00:00:0{}Z"


def _lines(path):
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    elif path.suffix == ".zst":
        data = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read()
    return data.splitlines(keepends=True)


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz", "x.jsonl.zst"])
def test_measurements_are_added_one_by_one(tmp_path, name):
    """The file is whole after each of them, and its state goes when it is complete."""
    path = tmp_path / name
    with Spool(path, QUERY) as spool:
        for number in range(3):
            spool.add(f"u{number}", T.format(number), b"{}\n" * 1)
            assert len(_lines(path)) == number + 1
        spool.miss("u3", T.format(3), "is empty")
        assert (spool.written, spool.missing, spool.started) == (3, 1, T.format(3))
        spool.close(complete=True)
    assert _lines(path) == [b"{}\n"] * 3
    assert not (tmp_path / f"{name}{STATE}").exists()


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz", "x.jsonl.zst"])
def test_it_goes_on_where_it_stopped(tmp_path, name):
    """What was written after the state's last word is cut, and what the state knows is known again."""
    path = tmp_path / name
    with Spool(path, QUERY) as spool:
        spool.add("u0", T.format(0), b'{"a":0}\n')
        spool.miss("u1", T.format(1), "is empty")
    with path.open("ab") as file:
        file.write(packed(name, b'{"a":1}\n')[:-1])
    with path.with_name(name + STATE).open("ab") as file:
        file.write(b'{"kind":"got","uid":"u2","en')
    with Spool(path, QUERY) as spool:
        assert (spool.seen, spool.written, spool.missing, spool.started) == ({"u0", "u1"}, 1, 1, T.format(1))
        spool.add("u2", T.format(2), b'{"a":2}\n')
    assert _lines(path) == [b'{"a":0}\n', b'{"a":2}\n']


def test_a_kill_before_the_first_word_leaves_nothing(tmp_path):
    """A state without a line is as good as none."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"torn")
    path.with_name("x.jsonl" + STATE).write_bytes(b'{"kind":"que')
    with Spool(path, QUERY) as spool:
        assert (spool.seen, path.read_bytes()) == (set(), b"")


def test_what_is_somebody_elses_is_left_alone(tmp_path):
    """A file without a state, another question's, or one that another process writes."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"mine")
    with pytest.raises(RunsError, match=r"x\.jsonl: is there already; choose another name with -o"):
        Spool(path, QUERY)
    assert path.read_bytes() == b"mine"
    path.unlink()
    with Spool(path, QUERY) as spool:
        spool.add("u0", "", b"{}\n")
        with pytest.raises(RunsError, match="another hushmap is writing it"):
            Spool(path, QUERY)
    other = msgspec.structs.replace(QUERY, country="XF")
    with pytest.raises(
        RunsError, match=r"was begun for another question \(\{'probe_cc': 'XE'.*remove it and x\.jsonl"
    ):
        Spool(path, other)
    with pytest.raises(RunsError, match="No such file or directory; choose another name with -o"):
        Spool(tmp_path / "no" / "x.jsonl", QUERY)


def test_damage_is_told(tmp_path):
    """A state that cannot be read, and a file that became shorter, are not gone on with."""
    path = tmp_path / "x.jsonl"
    with Spool(path, QUERY) as spool:
        spool.add("u0", "", b"{}\n")
    path.write_bytes(b"")
    with pytest.raises(RunsError, match=r"is shorter than it was \(0 of 3 bytes\)"):
        Spool(path, QUERY)
    for damaged in (b"{}", b'{"kind":"got","uid":"x","end":-1}', b'{"kind":"got","uid":"x","end":1%s}' % (b"0" * 40)):
        path.with_name("x.jsonl" + STATE).write_bytes(damaged + b"\n")
        with pytest.raises(RunsError, match=r"x\.jsonl\.state:1: is damaged: "):
            Spool(path, QUERY)
    assert {one.name for one in tmp_path.iterdir()} == {"x.jsonl", "x.jsonl.state"}
    path.with_name("x.jsonl" + STATE).unlink()
    path.unlink()
    path.with_name("x.jsonl" + STATE).mkdir()
    with pytest.raises(RunsError, match="Is a directory"):
        Spool(path, QUERY)


@pytest.mark.parametrize("when", [1, 2])
def test_a_full_disk_leaves_the_file_as_it_was(tmp_path, monkeypatch, when):
    """Whether the file or its state cannot be written, the measurement was not added, and can be later."""
    path = tmp_path / "x.jsonl"
    spool = Spool(path, QUERY)
    spool.add("u0", "", b"{}\n")
    before = {one: one.read_bytes() for one in tmp_path.iterdir()}
    whole, calls = os.fsync, []

    def full(file):
        calls.append(file)
        if len(calls) == when:
            raise OSError(28, "No space left on device")
        whole(file)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunsError, match="No space left on device; make room, then go on"):
        spool.add("u1", "", b"{}\n")
    assert {one: one.read_bytes() for one in tmp_path.iterdir()} == before
    spool.add("u1", "", b"{}\n")
    spool.close()
    assert _lines(path) == [b"{}\n"] * 2


def test_the_state_is_for_people_too(tmp_path):
    """It is JSON Lines: the question, then each measurement."""
    with Spool(tmp_path / "x.jsonl", QUERY) as spool:
        spool.add("u0", T.format(0), b"{}\n")
    first, second = map(json.loads, (tmp_path / f"x.jsonl{STATE}").read_text().splitlines())
    assert first == {"kind": "query", "query": {"country": "XE", "since": "2026-01-01", "until": "2026-02-01"}}
    assert second == {"kind": "got", "uid": "u0", "end": 3, "started": T.format(0)}
    file = os.open(tmp_path / "x.jsonl", os.O_RDONLY)
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # it was let go
    os.close(file)


def test_where_nothing_came_nothing_is_left_behind(tmp_path):
    """An empty file would look like an answer; one whose measurements could not be had is kept until it is complete."""
    path = tmp_path / "x.jsonl"
    with Spool(path, QUERY):
        pass
    assert list(tmp_path.iterdir()) == []
    with Spool(path, QUERY) as spool:
        spool.miss("u0", "", "is empty")
    assert len(list(tmp_path.iterdir())) == 2
    with Spool(path, QUERY) as spool:
        assert spool.why == "is empty"
        spool.close(complete=True)
    assert list(tmp_path.iterdir()) == []
