"""What the room shows, and what it says where an extra is missing."""

import pytest

import hushmap.archive as room
from hushmap.runs import RunsError


def test_every_name_is_there():
    """Each comes from the module that holds it."""
    for name in room.__all__:
        assert getattr(room, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = room.nothing


@pytest.mark.parametrize(("missing", "extra"), [("pyarrow", "archive"), ("duckdb", "archive"), ("pyspark", "spark")])
def test_a_missing_extra_is_one_line(monkeypatch, missing, extra):
    """With the command that brings it."""

    def nothing(name):
        raise ModuleNotFoundError(name=missing)

    monkeypatch.setattr(room, "import_module", nothing)
    with pytest.raises(RunsError, match=rf"{missing} is not installed; pip install 'hushmap\[{extra}\]'"):
        _ = room.verify


def test_another_missing_module_is_a_fault_of_ours(monkeypatch):
    """It is not hidden behind an advice that does not help."""

    def nothing(name):
        raise ModuleNotFoundError(name="hushmap.gone")

    monkeypatch.setattr(room, "import_module", nothing)
    with pytest.raises(ModuleNotFoundError):
        _ = room.verify
