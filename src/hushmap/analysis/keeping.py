"""The frame of incidents as an archive keeps it: under `derived/`, with the hash of the archive that it was made of.

It can be made again at any time, so that an old one is no loss: one that was made before something was added to the
archive is not read, and the next takes its place.
"""

from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from hushmap.analysis.incident import Incident, Sure
from hushmap.analysis.stream import Key
from hushmap.archive import Ledger, Place, framed, parquet_bytes

FILE = "derived/incidents.parquet"
_HASH = b"hushmap.archive"
"""In the file's own metadata: the archive's hash."""


def keep(place: Place, frame: pd.DataFrame) -> str:
    """Keep the incidents of an archive; the name of their file.

    Raises:
        RunsError: It is no archive, or cannot be written to.
    """
    table = pa.Table.from_pandas(frame, preserve_index=False)
    told = {_HASH: Ledger.open(place).sha256.encode()}
    place.write(FILE, parquet_bytes(table.replace_schema_metadata(told)))
    return FILE


def kept(place: Place) -> pd.DataFrame | None:
    """The incidents that an archive keeps; `None` if there are none, or of what it was before.

    Raises:
        RunsError: It is no archive.
    """
    table = _table(place)
    return None if table is None else framed(table)


def kept_incidents(place: Place) -> tuple[Incident, ...] | None:
    """The same, as `changes` finds them; `None` too if the file is not as `keep` makes it.

    Raises:
        RunsError: It is no archive.
    """
    try:
        table = _table(place)
        return None if table is None else tuple(_incident(row) for row in _plain(table).to_pylist())
    except (pa.ArrowException, KeyError, TypeError, ValueError):
        return None  # it can be made again


def _table(place: Place) -> pa.Table | None:
    data = place.read(FILE)
    if data is None:
        return None
    table = pq.read_table(pa.BufferReader(data))
    if (table.schema.metadata or {}).get(_HASH) != Ledger.open(place).sha256.encode():
        return None
    return table


def _plain(table: pa.Table) -> pa.Table:
    """Times as incidents have them: microseconds since 1970."""
    for at, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            whole = table[field.name].cast(pa.timestamp("us", "UTC")).cast(pa.int64())
            table = table.set_column(at, field.name, whole)
    return table


def _incident(row: dict[str, Any]) -> Incident:
    """A row of the frame as it was before it became one."""
    asn, named = row["asn"] or 0, row["network"] or ""
    texts = {name: row[name] or "" for name in ("experiment", "target", "place", "encoding", "country")}
    own = {name: row[name] for name in Incident.__struct_fields__ if name in row}
    lists = {name: tuple(row[name] or ()) for name in ("hosts", "hosts_working", "mechanisms")}
    more = {name: row[name] or "" for name in ("event", "domain", "service")}
    lifting = Sure(row["lifting"]) if row["lifting"] else None
    key = Key(**texts, asn=asn, network="" if asn else named)
    fields = own | lists | more | {"key": key, "network": named, "status": Sure(row["status"]), "lifting": lifting}
    return Incident(**fields)
