"""Files that cannot be read back."""

import pytest

from hushmap.archive.grouping import read
from hushmap.archive.ledger import Ledger
from hushmap.archive.places import Folder
from hushmap.runs import RunsError
from unit.archive.kept import add, line


def test_a_file_is_read_whole_or_in_part(root, two):
    """By the columns that are asked for."""
    add(root, two)
    file = Ledger.open(Folder(root)).files["records"][0]
    assert read(Folder(root), file, ["record"]).column_names == ["record"]
    assert "source" in read(Folder(root), file).column_names


@pytest.mark.parametrize("damage", [b"", b"PAR1", None])
def test_a_damaged_archive_takes_no_more(root, two, file, damage):
    """What is there of the same day has to be read, so that no record comes twice; the file is named."""
    add(root, two)
    for path in root.glob("records/*/*.parquet"):
        if damage is None:
            path.unlink()
        else:
            path.write_bytes(damage)
    with pytest.raises(RunsError, match=r"records/day=2026-11-21/.*see what is damaged: hushmap archive verify"):
        add(root, file("x.jsonl", line("c.example")))
