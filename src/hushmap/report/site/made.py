"""A file for others, as values: what it holds, and by what anybody can see whether it is the same.

Pages that tell of files load nothing that is needed to write them.
"""

import msgspec


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One column."""

    name: str
    kind: str
    """As the archive's columns have it: text, texts, day, time, int16, int32, int64, float64, bool."""
    unit: str = ""
    what: str


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """One file."""

    name: str
    """Of the table: verdicts, targets, shares, incidents, triggers."""
    path: str
    """In the site's folder."""
    format: str
    """csv, jsonl, parquet."""
    rows: int
    length: int
    """Bytes."""
    sha256: str
    fields: tuple[Field, ...]
