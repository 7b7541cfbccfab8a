"""The frame of incidents as an archive keeps it: under `derived/`, with the hash of all that it was made of.

It can be made again at any time, so that an old one is no loss: one that was made before something was added to the
archive, or by another detector, is not read, and the next takes its place.
"""

import hashlib
from typing import Any

import msgspec
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from hushmap.analysis.changed import INCIDENT
from hushmap.analysis.incident import Incident, Sure
from hushmap.analysis.serving import hosts_of_services
from hushmap.analysis.stream import Key
from hushmap.archive import Ledger, Place, framed, parquet_bytes
from hushmap.sampling import ALPHA_OF_CHANGE

FILE = "derived/incidents.parquet"
DETECTOR = "1"
"""To be raised whenever the same verdicts make other incidents."""
_HASH = b"hushmap.incidents"
"""In the file's own metadata: of what it was made."""


def made_of(place: Place) -> str:
    """Hash of all that the incidents of an archive follow from: its verdicts, the detector and the services.

    Whoever is to `keep` them asks before reading the verdicts: what is added meanwhile makes them old, not new.

    Raises:
        RunsError: It is no archive.
    """
    services = sorted(hosts_of_services().items())
    every = [Ledger.open(place).sha256, DETECTOR, ALPHA_OF_CHANGE, services, [*INCIDENT]]
    return hashlib.sha256(msgspec.json.encode(every)).hexdigest()


def keep(place: Place, frame: pd.DataFrame, of: str) -> str:
    """Keep the incidents of an archive, made `of` what `made_of` said before; the name of their file.

    Raises:
        RunsError: It cannot be written to.
    """
    table = pa.Table.from_pandas(frame, preserve_index=False)
    told = {_HASH: of.encode()}
    place.write(FILE, parquet_bytes(table.replace_schema_metadata(told)))
    return FILE


def kept(place: Place) -> pd.DataFrame | None:
    """The incidents that an archive keeps; `None` if there are none, or made of something else.

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
    if (table.schema.metadata or {}).get(_HASH) != made_of(place).encode():
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
