"""Rows on their way into files for others: CSV that no spreadsheet takes for formulas, JSON Lines, Parquet.

Targets, names of networks and what hostile networks said stand in cells, and a spreadsheet takes a cell that begins
like a formula for one (CWE-1236): such a cell begins with an apostrophe, and nothing in a cell ends a line or turns
the text around. JSON and Parquet hold every value as it is. Rows are written as they come, whatever their number.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from hushmap.detect import visible

GROUP = 32 * 1024
"""Rows that are written at once, and of a row group: equal rows give equal files, however an engine cut them."""
LEVEL = 9
"""Of zstd: a file that is written once and fetched by many may take its time."""
_NEXT = ", "
_GZIP = 31
"""What zlib calls the window of a gzip file, which then holds neither a name nor a date."""
_HIDDEN = r"[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]"
"""What ends a line, shows nothing, or turns the text around; arrow has no others in UTF-8."""
_FORMULA = r"^([\s]*[=+\-@\x{ff0b}\x{ff0d}\x{ff1d}\x{ff20}])"
"""How a formula begins, in the wide forms of East Asian keyboards too."""
_SPECIAL = r'["\\\x00-\x1f]'
"""What JSON writes otherwise in a text (RFC 8259, 7)."""
_APART = "\x1f"
"""Joins the texts of a list, where none of them has it."""
_AS_IT_IS = pa_csv.WriteOptions(include_header=False, quoting_style="needed")


def even(batches: Iterable[pa.RecordBatch], schema: pa.Schema, rows: int = GROUP) -> Iterator[pa.Table]:
    """The same rows, so many at once."""
    held = schema.empty_table()
    for batch in batches:
        held = pa.concat_tables([held, pa.Table.from_batches([batch], schema)])
        while held.num_rows >= rows:
            yield held.slice(0, rows)
            held = held.slice(rows)
    if held.num_rows:
        yield held


def csv_head(names: Iterable[str]) -> bytes:
    """The line of names."""
    return (",".join(f'"{name}"' for name in names) + "\n").encode()


def csv_rows(table: pa.Table) -> bytes:
    """Rows as lines of CSV (RFC 4180): lists with a semicolon between, times by ISO 8601, absent is nothing."""
    sink = pa.BufferOutputStream()
    columns = [_cells(column.combine_chunks()) for column in table.columns]
    pa_csv.write_csv(pa.table(columns, names=table.schema.names), sink, _AS_IT_IS)
    return bytes(sink.getvalue())


def _cells(column: pa.Array) -> pa.Array:
    """A column as a spreadsheet may have it."""
    if pa.types.is_list(column.type):
        column = pc.binary_join(column, ";")
    if pa.types.is_timestamp(column.type):
        return _times(column)
    return _harmless(column) if pa.types.is_string(column.type) else column


def _times(column: pa.Array) -> pa.Array:
    whole = pc.floor_temporal(column, unit="second").cast(pa.timestamp("s", tz="UTC"))
    return pc.strftime(whole, "%Y-%m-%dT%H:%M:%SZ")


def _harmless(column: pa.Array) -> pa.Array:
    """Text that is text to every spreadsheet, on one line; what comes again and again is looked at once."""
    told = column.dictionary_encode()
    texts = told.dictionary
    odd = pc.match_substring_regex(texts, _HIDDEN)
    if pc.any(odd).as_py():  # seldom: each is then looked at by itself
        cells = zip(texts.to_pylist(), odd.to_pylist(), strict=True)
        texts = pa.array([visible(cell, len(cell)) if hides else cell for cell, hides in cells], pa.string())
    return pc.replace_substring_regex(texts, _FORMULA, r"'\1").take(told.indices)


def json_rows(table: pa.Table) -> bytes:
    """Rows as lines of JSON; what is absent is left out."""
    if not table.num_rows:
        return b""
    fields = [_members(name, table[name].combine_chunks()) for name in table.schema.names]
    # Not `skip`: it drops a row of which every part is absent.
    inner = pc.binary_join_element_wise(*fields, "", null_handling="replace", null_replacement="")
    whole = pc.binary_join_element_wise("{", pc.utf8_slice_codeunits(inner, 0, -len(_NEXT)), "}\n", "")
    one = pa.ListArray.from_arrays(pa.array([0, len(whole)], pa.int32()), whole)
    return bytes(pc.binary_join(one, "")[0].as_buffer())


def _members(name: str, column: pa.Array) -> pa.Array:
    """`"name": value, ` for each value that is there."""
    key = f"{json.dumps(name)}: "
    if pa.types.is_list(column.type):
        return pc.binary_join_element_wise(key, _lists(column), _NEXT, "")
    if pa.types.is_temporal(column.type):
        column = _times(column) if pa.types.is_timestamp(column.type) else column.cast(pa.string())
    if not pa.types.is_string(column.type):
        return pc.binary_join_element_wise(key, column.cast(pa.string()), _NEXT, "")
    texts = column.dictionary_encode()
    return pc.binary_join_element_wise(key, _quoted(texts.dictionary), _NEXT, "").take(texts.indices)


def _quoted(texts: pa.Array) -> pa.Array:
    """Texts as JSON has them; most need marks around them and no more."""
    if pc.any(pc.match_substring_regex(texts, _SPECIAL)).as_py():
        return pa.array([None if text is None else _json(text) for text in texts.to_pylist()], pa.string())
    return pc.binary_join_element_wise('"', texts, '"', "")


def _lists(column: pa.Array) -> pa.Array:
    """Lists of texts as JSON has them; the few that come again and again are made once."""
    joined = pc.binary_join(column, _APART)
    if joined.null_count > column.null_count or pc.any(pc.match_substring(column.flatten(), _APART)).as_py():
        return pa.array([None if value is None else _json(value) for value in column.to_pylist()], pa.string())
    # What is joined is not told from a list of one empty text, so how many there are stands before it.
    counted = pc.binary_join_element_wise(pc.list_value_length(column).cast(pa.string()), joined, _APART)
    told = counted.dictionary_encode()
    values = [_json(text.split(_APART)[1:]) if text[0] != "0" else "[]" for text in told.dictionary.to_pylist()]
    return pa.array(values, pa.string()).take(told.indices)


def _json(value: str | list[str]) -> str:
    return json.dumps(value, ensure_ascii=False)


class File:
    """A file that is being written, with its length and hash; packed as gzip where its name says so."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._gzip = zlib.compressobj(wbits=_GZIP) if path.suffix == ".gz" else None
        self._hash, self.length = hashlib.sha256(), 0
        self._file: BinaryIO | None = None

    def open(self) -> None:
        """Begin it; what was there is gone."""
        self._file = self._path.open("wb")

    @property
    def closed(self) -> bool:
        """Whether it takes no more; whoever writes Parquet asks."""
        return self._file is None

    @property
    def sha256(self) -> str:
        """Of what was written until now."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self._put(data if self._gzip is None else self._gzip.compress(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here for long."""

    def close(self, *, keep: bool = True) -> None:
        """End it; without `keep` there is none."""
        if self._file is not None:
            self._put(b"" if self._gzip is None else self._gzip.flush())
            self._file.close()
            self._file = None
        if not keep:
            self._path.unlink()

    def _put(self, data: bytes) -> None:
        assert self._file is not None
        self._hash.update(data)
        self.length += len(data)
        self._file.write(data)


def parquet(file: File, schema: pa.Schema) -> pq.ParquetWriter:
    """What writes rows into a file as Parquet, and leaves it open."""
    sink = pa.PythonFile(file, mode="w")
    return pq.ParquetWriter(sink, schema, compression="zstd", compression_level=LEVEL)
