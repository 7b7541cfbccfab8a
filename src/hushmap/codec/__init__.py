"""FLOOR 2: file bytes <-> Record.

native     our own lines: records, amends, trials, verdicts
ooni_read  OONI's measurements
ooni_write ours as OONI's, and ooni_loss what that leaves out
sketching  what makes a foreign page comparable
streams    files and buckets, packed or not -> documents with their places
"""

from hushmap.codec.native import (
    LINE_LIMIT,
    decode_line,
    decode_trial,
    decode_verdict,
    encode_amend,
    encode_record,
    encode_trial,
    encode_verdict,
    is_native,
)
from hushmap.codec.ooni_loss import OONI_KEYS, OONI_LEFT_OUT, OONI_LOSS, Fate, project
from hushmap.codec.ooni_read import decode_any, read_ooni
from hushmap.codec.ooni_write import write_ooni
from hushmap.codec.sketching import sketched
from hushmap.codec.streams import Block, Damaged, Document, blocks, documents, documents_of
from hushmap.codec.unpacking import is_packed

__all__ = [
    "LINE_LIMIT",
    "OONI_KEYS",
    "OONI_LEFT_OUT",
    "OONI_LOSS",
    "Block",
    "Damaged",
    "Document",
    "Fate",
    "blocks",
    "decode_any",
    "decode_line",
    "decode_trial",
    "decode_verdict",
    "documents",
    "documents_of",
    "encode_amend",
    "encode_record",
    "encode_trial",
    "encode_verdict",
    "is_native",
    "is_packed",
    "project",
    "read_ooni",
    "sketched",
    "write_ooni",
]
