"""The columns as an archive keeps them: under `derived/`, with the hash of the archive that they were made of.

They can be made again at any time, so that old ones are no loss: those that were made before something was added are
not read, and the next take their place. What the numbers mean stands in the file's own metadata.
"""

from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from hushmap.archive import Ledger, Place, parquet_bytes
from hushmap.report.explore.columns import Asked, Columns, Kind, Line

FILE = "derived/explore.parquet"
_HASH, _FORM, _MEANING = b"hushmap.archive", b"hushmap.explore", b"hushmap.meaning"
FORM = b"1"
"""Counted up when the columns are others."""
_ROWS = ("minute", "pair", "kind", "label")


class _Meaning(msgspec.Struct, kw_only=True):
    """What the numbers stand for."""

    targets: tuple[Asked, ...]
    networks: tuple[Line, ...]
    kinds: tuple[Kind, ...]
    labels: tuple[str, ...]
    pair_target: list[int]
    pair_network: list[int]
    left: int


def keep(place: Place, columns: Columns) -> str:
    """Keep the columns of an archive; the name of their file.

    Raises:
        RunsError: It is no archive, or cannot be written to.
    """
    meaning = _Meaning(
        targets=columns.targets,
        networks=columns.networks,
        kinds=columns.kinds,
        labels=columns.labels,
        pair_target=columns.pair_target.tolist(),
        pair_network=columns.pair_network.tolist(),
        left=columns.left,
    )
    told: dict[bytes, bytes] = {
        _HASH: Ledger.open(place).sha256.encode(),
        _FORM: FORM,
        _MEANING: msgspec.json.encode(meaning),
    }
    table = pa.table({name: pa.array(getattr(columns, name)) for name in _ROWS})
    place.write(FILE, parquet_bytes(table.replace_schema_metadata(told)))
    return FILE


def kept(place: Place) -> Columns | None:
    """The columns that an archive keeps; `None` if there are none, of what it was before, or that cannot be read.

    Raises:
        RunsError: It is no archive.
    """
    data = place.read(FILE)
    if data is None:
        return None
    try:
        table = pq.read_table(pa.BufferReader(data))
        told = table.schema.metadata or {}
        if told.get(_HASH) != Ledger.open(place).sha256.encode() or told.get(_FORM) != FORM:
            return None
        meaning = msgspec.json.decode(told[_MEANING], type=_Meaning)
        return _columns(table, meaning)
    except (pa.ArrowException, msgspec.DecodeError, KeyError):
        return None


def _columns(table: pa.Table, meaning: _Meaning) -> Columns:
    rows: dict[str, Any] = {name: table[name].combine_chunks().to_numpy() for name in _ROWS}
    pairs = {
        name: pa.array(getattr(meaning, name), pa.int32()).to_numpy() for name in ("pair_target", "pair_network")
    }
    return Columns(
        targets=meaning.targets,
        networks=meaning.networks,
        kinds=meaning.kinds,
        labels=meaning.labels,
        left=meaning.left,
        **pairs,
        **rows,
    )
