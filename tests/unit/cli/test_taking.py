"""Bytes that a person named: files, folders, addresses."""

import pytest

from hushmap.cli.fault import Fault
from hushmap.cli.taking import Taken, fetch, take


@pytest.fixture
def web(monkeypatch):
    """Addresses that can be fetched."""
    monkeypatch.setattr("hushmap.cli.taking.download", lambda url, limit, say, leads: b"x" * 1500)


def test_files_and_folders_are_taken_in_order(home):
    """A file whatever its name, of a folder those of the kind, sorted, no legends, no hidden ones."""
    for name in ("lists/b.csv", "lists/a.csv", "lists/00-LEGEND.csv", "lists/.c.csv", "lists/d.txt", "e.txt"):
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_bytes(name.encode())
    (home / "lists" / "f.csv").mkdir()
    found = take(["e.txt", "lists"], 100, "*.csv")
    assert [(one.name, one.source, one.data) for one in found] == [
        (name.rpartition("/")[2], name, name.encode()) for name in ("e.txt", "lists/a.csv", "lists/b.csv")
    ]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("gone", "gone: No such file or directory; check the name and its permissions"),
        ("nul\0", "check the name"),
        ("long", "long: is longer than 3 bytes; check that it is the right file"),
        ("empty", r"empty: holds no file of the kind \*\.csv; name the files"),
    ],
)
def test_what_cannot_be_taken_is_a_fault(home, place, said):
    """Nothing there, no possible name, too much, nothing of the kind."""
    (home / "long").write_bytes(b"long")
    (home / "empty").mkdir()
    with pytest.raises(Fault, match=said):
        take([place], 3, "*.csv")


def test_an_address_is_told_before_and_after(web, capsys):
    """Which address, and how much came."""
    (one,) = take(["https://a.example/x/l%C3%AFst.csv?raw=1"], 10, "*")
    assert one == Taken(name="lïst.csv", source="https://a.example/x/l%C3%AFst.csv?raw=1", data=b"x" * 1500)
    assert capsys.readouterr().err.splitlines() == [
        "Fetching https://a.example/x/l%C3%AFst.csv?raw=1",
        "1.5 kB came",
    ]
    assert fetch("https://c.example", 10).name == "index"
    assert capsys.readouterr().err.endswith("1.5 kB came\n")
