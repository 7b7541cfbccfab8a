"""FLOOR 2: file bytes <-> Record.

native     our own lines: records, amends, trials, verdicts
ooni_read  OONI's measurements
ooni_write ours as OONI's, and ooni_loss what that leaves out
sketching  what makes a foreign page comparable
streams    files and buckets, packed or not -> documents with their places
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from hushmap.codec.ooni_read import decode_any, read_ooni, read_ooni_lines
    from hushmap.codec.ooni_write import write_ooni
    from hushmap.codec.sketching import sketched
    from hushmap.codec.streams import Block, Damaged, Document, blocks, documents, documents_of
    from hushmap.codec.unpacking import is_packed

_HOMES = {
    "Block": "streams",
    "Damaged": "streams",
    "Document": "streams",
    "Fate": "ooni_loss",
    "LINE_LIMIT": "native",
    "OONI_KEYS": "ooni_loss",
    "OONI_LEFT_OUT": "ooni_loss",
    "OONI_LOSS": "ooni_loss",
    "blocks": "streams",
    "decode_any": "ooni_read",
    "decode_line": "native",
    "decode_trial": "native",
    "decode_verdict": "native",
    "documents": "streams",
    "documents_of": "streams",
    "encode_amend": "native",
    "encode_record": "native",
    "encode_trial": "native",
    "encode_verdict": "native",
    "is_native": "native",
    "is_packed": "unpacking",
    "project": "ooni_loss",
    "read_ooni": "ooni_read",
    "read_ooni_lines": "ooni_read",
    "sketched": "sketching",
    "write_ooni": "ooni_write",
}

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
    "read_ooni_lines",
    "sketched",
    "write_ooni",
]


def __getattr__(name: str) -> Any:
    """The public name, from the module that holds it (PEP 562): reading OONI's data needs an X.509 library."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
