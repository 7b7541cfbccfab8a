"""Rejects, kept beside us."""

import json

import pytest

from hushmap.cli import setting_aside as module
from hushmap.cli.fault import Fault
from hushmap.cli.setting_aside import Aside
from hushmap.runs import Reject

MANY = [Reject(source=f"x:{number}", error="damaged") for number in range(50)]


def sources(home):
    """What stands in the file."""
    return [json.loads(line)["source"] for line in (home / "x.rejected.jsonl").read_text().splitlines()]


def test_nothing_is_left_of_what_was_no_file_of_records(home):
    """Until a record is read, rejects wait; if none comes, there is no file."""
    aside = Aside("x")
    aside.add(MANY, believed=False)
    aside.close(believed=False)
    assert aside.written == 0
    assert not aside.path.exists()


def test_rejects_are_written_as_they_come(home):
    """With the first record those that waited are written, then each as it comes."""
    aside = Aside("x")
    aside.add(MANY[:2], believed=False)
    aside.add(MANY[2:3], believed=True)
    aside.add([], believed=True)
    aside.add(MANY[3:4], believed=True)
    aside.close(believed=True)
    assert aside.written == 4
    assert sources(home) == ["x:0", "x:1", "x:2", "x:3"]


def test_what_waited_is_written_at_the_end_if_anything_was_read(home):
    """Of a PATH without a record, where another had some: what was wrong with it is not lost."""
    aside = Aside("x")
    aside.add(MANY[:2], believed=False)
    aside.close(believed=True)
    assert (aside.written, sources(home)) == (2, ["x:0", "x:1"])


def test_rejects_are_bounded(home, monkeypatch):
    """Few wait, and not all are written."""
    monkeypatch.setattr(module, "HELD", 10)
    monkeypatch.setattr(module, "ENOUGH", 12)
    aside = Aside("x")
    for start in range(0, 40, 4):
        aside.add(MANY[start : start + 4], believed=False)
    aside.add(MANY[40:], believed=True)
    aside.add(MANY, believed=True)
    aside.close(believed=True)
    assert sources(home) == [*(f"x:{number}" for number in range(10)), "x:40", "x:41"]


def test_where_nothing_can_be_written(home):
    """A folder in the way is said with the remedy."""
    (home / "x.rejected.jsonl").mkdir()
    with pytest.raises(Fault, match="go to a folder in which you may write"):
        Aside("x").add(MANY, believed=True)


def test_a_full_disk_is_said_at_the_end(home):
    """What was buffered may fail when the file is closed."""

    class Full:
        def close(self):
            raise OSError(28, "No space left on device")

    aside = Aside("x")
    aside._file = Full()
    with pytest.raises(Fault, match="No space left on device; make room"):
        aside.close(believed=True)
