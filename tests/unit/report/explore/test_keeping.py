"""Columns beside the archive that they are of."""

import numpy as np
import pytest

from hushmap.archive import Folder, Ledger, Tables, connect
from hushmap.archive.opening import Stored
from hushmap.report.explore.columns import gathered
from hushmap.report.explore.keeping import FILE, keep, kept
from unit.archive.kept import add, line


@pytest.fixture
def place(tmp_path):
    """An archive of a measurement."""
    file = tmp_path / "one.jsonl"
    file.write_bytes(line("a.example"))
    add(tmp_path / "archive", file)
    return Folder(tmp_path / "archive")


def _gathered(place):
    with Tables(connect(), [Stored(place)]) as opened:
        return gathered(opened)


def test_what_is_kept_comes_back(place):
    """Numbers and their meanings; before, there was nothing."""
    assert kept(place) is None
    columns = _gathered(place)
    assert keep(place, columns) == FILE
    again = kept(place)
    assert (again.targets, again.networks, again.kinds, again.labels) == (
        columns.targets,
        columns.networks,
        columns.kinds,
        columns.labels,
    )
    for name in ("minute", "pair", "kind", "label", "pair_target", "pair_network"):
        assert np.array_equal(getattr(again, name), getattr(columns, name))


def test_what_is_of_an_older_archive_is_not_read(place, tmp_path):
    """Something was added since: the columns are made again."""
    keep(place, _gathered(place))
    file = tmp_path / "two.jsonl"
    file.write_bytes(line("b.example"))
    before = Ledger.open(place).sha256
    add(tmp_path / "archive", file)
    assert Ledger.open(place).sha256 != before
    assert kept(place) is None


def test_what_is_damaged_is_made_again(place):
    """It can be had at any time, so it is no loss and no error."""
    place.write(FILE, b"no parquet")
    assert kept(place) is None
