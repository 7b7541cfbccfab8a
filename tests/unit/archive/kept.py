"""What the tests of an archive add: OONI's lines, in files of a folder, into an archive beside them."""

import json
from pathlib import Path

from hushmap.archive.arriving import entry_of
from hushmap.archive.importing import Importer
from hushmap.archive.ledger import Ledger
from hushmap.archive.places import Folder
from hushmap.model import Knowledge
from hushmap.runs import inputs
from unit.judge.foreign import measurement

KNOWLEDGE = Knowledge()


def line(name="a.example", day=21, **keys):
    """A measurement of a site on a day of November 2026."""
    tree = json.loads(measurement(name, **keys))
    tree["measurement_start_time"] = f"2026-11-{day:02} 22:33:00"
    tree["measurement_uid"] = f"{day}-{name}"
    return json.dumps(tree).encode() + b"\n"


def add(root, *paths, knowledge=KNOWLEDGE, jobs=1, place=None, now="2026-11-22T10:00:00Z", told=None):
    """Add files; what came of it."""
    every = (one for path in paths for one in inputs(path))
    importer = Importer(place or Folder(Path(root)), knowledge, now=lambda: now, software="test")
    return importer.add((entry_of(one, Path(one.name).name) for one in every), jobs=jobs, told=told)


def rows(root, table, place=None):
    """Every row that counts, as mappings."""
    import pyarrow.parquet as pq
    from pyarrow import BufferReader

    place = place or Folder(Path(root))
    found = [place.read(file.name) for file in Ledger.open(place).files[table]]
    return [row for data in found for row in pq.read_table(BufferReader(data), partitioning=None).to_pylist()]


def names(root, table="verdicts", column="record"):
    """One column of every row that counts, sorted."""
    return sorted(row[column] for row in rows(root, table))
