"""The frame of incidents as an archive keeps it: under `derived/`, with the hash of the archive that it was made of.

It can be made again at any time, so that an old one is no loss: one that was made before something was added to the
archive is not read, and the next takes its place.
"""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

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
    data = place.read(FILE)
    if data is None:
        return None
    table = pq.read_table(pa.BufferReader(data))
    if (table.schema.metadata or {}).get(_HASH) != Ledger.open(place).sha256.encode():
        return None
    return framed(table)
