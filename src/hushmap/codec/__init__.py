"""FLOOR 2: file bytes <-> Record.

native  our own lines: records, amends, trials, verdicts
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

__all__ = [
    "LINE_LIMIT",
    "decode_line",
    "decode_trial",
    "decode_verdict",
    "encode_amend",
    "encode_record",
    "encode_trial",
    "encode_verdict",
]
