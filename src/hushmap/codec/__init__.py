"""FLOOR 2: file bytes <-> Record.

native     our own lines: records, amends, trials, verdicts
ooni_read  OONI's measurements
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
)
from hushmap.codec.ooni_read import decode_any, read_ooni

__all__ = [
    "LINE_LIMIT",
    "decode_any",
    "decode_line",
    "decode_trial",
    "decode_verdict",
    "encode_amend",
    "encode_record",
    "encode_trial",
    "encode_verdict",
    "read_ooni",
]
