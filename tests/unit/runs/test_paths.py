"""What can be read at a path of this computer."""

import os
import pickle

import pytest

from hushmap.runs import RunsError
from hushmap.runs.paths import SUFFIXES, inputs, is_input


def _names(path):
    return [one.name.removeprefix(f"{path}{os.sep}") for one in inputs(path)]


def test_a_file_is_given_whatever_it_is_called(tmp_path):
    """A file that is named by itself needs no suffix; its size and bytes are told."""
    path = tmp_path / ".hidden.txt"
    path.write_bytes(b"abc")
    (one,) = inputs(path)
    assert (one.name, one.path, one.size) == (str(path), path, 3)
    with one.open() as file:
        assert file.read() == b"abc"


def test_an_input_can_be_sent_to_another_process(tmp_path):
    """A pickled input opens the same bytes."""
    (tmp_path / "a.json").write_bytes(b"{}")
    (one,) = inputs(tmp_path)
    again = pickle.loads(pickle.dumps(one))
    with again.open() as file:
        assert (again.name, again.path, file.read()) == (one.name, one.path, b"{}")


def test_a_folder_is_walked_in_the_order_of_names(tmp_path):
    """Files of records at any depth come sorted; other kinds, hidden ones and odd files do not."""
    for name in ("b/2.jsonl", "b/1.json", "a.jsonl.gz", "c.zst", "z.csv", ".x.jsonl", ".git/a.json", "b/c/d.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    os.mkfifo(tmp_path / "pipe.jsonl")
    assert _names(tmp_path) == ["a.jsonl.gz", "b/1.json", "b/2.jsonl", "b/c/d.json", "c.zst"]


def test_links_are_followed_once(tmp_path):
    """A link that leads back ends there, a second way to a file gives it once, a link to nothing gives nothing."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.json").write_bytes(b"")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "b").symlink_to(tmp_path / "a")
    (tmp_path / "c.json").symlink_to(tmp_path / "a" / "x.json")
    (tmp_path / "d.json").symlink_to(tmp_path / "gone")
    assert _names(tmp_path) == ["a/x.json"]


def test_of_a_run_folder_only_its_records_are_given(tmp_path):
    """Manifest, journal and verdicts of a run are no records."""
    for name in ("manifest.json", "records.jsonl", "journal.jsonl", "verdicts.jsonl", "rejected.jsonl"):
        (tmp_path / "run").mkdir(exist_ok=True)
        (tmp_path / "run" / name).write_bytes(b"")
    assert _names(tmp_path) == ["run/records.jsonl"]


def test_of_example_data_only_the_records_are_given(tmp_path):
    """Their truth and their verdicts lie beside them, and are no records."""
    for name in ("made.json", "truth.json", "records/a.jsonl.zst", "records/b.jsonl.zst", "verdicts/a.jsonl.zst"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert _names(tmp_path) == ["records/a.jsonl.zst", "records/b.jsonl.zst"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gone", "there is no such file or folder; check the name"),
        ("nul\0", "check the name and its permissions"),
        ("empty", r"holds no file that could hold records; give one with files named \*.json, \*.jsonl"),
    ],
)
def test_what_cannot_be_read_is_one_line(tmp_path, name, said):
    """Nothing there, no possible name, an empty folder."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(RunsError, match=said):
        list(inputs(tmp_path / name))


def test_what_is_gone_or_closed_later_is_one_line(tmp_path, monkeypatch):
    """A file that was removed since, and a folder that the system closes, name themselves."""
    path = tmp_path / "a.json"
    path.write_bytes(b"")
    (one,) = inputs(tmp_path)
    path.unlink()
    with pytest.raises(RunsError, match=r"a\.json: No such file or directory; check"):
        one.open()

    def closed(folder):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "iterdir", closed)
    with pytest.raises(RunsError, match="Permission denied; check the name and its permissions"):
        list(inputs(tmp_path))


def test_names_of_inputs():
    """A name is told by its end; a hidden one is none, and neither is an archive."""
    assert all(is_input(f"x{suffix}") for suffix in SUFFIXES)
    assert not any(is_input(name) for name in ("x.csv", ".x.json", "json", "x.tar.gz", "x.tar.zst"))
