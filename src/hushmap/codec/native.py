"""Our own lines: Records, Amends, Trials and Verdicts <-> one line of JSON each, with decode(encode(x)) == x.

A line of records.jsonl is read years later, by other programs, after disks failed: so each carries its schema number,
a number from the future is refused by name instead of half understood, and whatever cannot be read is a ValueError of
one line that names the field. Keys that this version does not know are left unread: an addition that changes no
meaning needs no new schema number.
"""

import msgspec

from hushmap.model import SCHEMA, Amend, Record, Trial, Verdict
from hushmap.wire import json

LINE_LIMIT = 64 * 1024 * 1024
"""Bytes of the longest line that is read; a record of a thousand trials with bodies is below 10 MB."""

LONG = 2 * 1024 * 1024
"""Bytes of a line from which its values are counted before it is read: most lines are far below, and pay nothing."""
VALUES = 2_000_000
"""Values of one line, as its commas and brackets tell: a line of 64 MB made of `{}` would become gigabytes. One with
pages has some ten thousand, and with the commas of their texts some hundred thousand."""

_BEGINNINGS = (b'{"v":', b'{"kind":')
"""How `encode_record` and `encode_amend` begin a line, and no measurement of anybody else's."""


_ABSURD = 1_000_000
"""No schema number will be greater; one of a thousand digits is not repeated to a person."""


class _Head(msgspec.Struct):
    """What tells how to read the rest of a line."""

    v: int | None = None


_head = msgspec.json.Decoder(_Head)
_line: msgspec.json.Decoder[Record | Amend] = msgspec.json.Decoder(Record | Amend)
_trial = msgspec.json.Decoder(Trial)
_verdict = msgspec.json.Decoder(Verdict)


def see_that_it_fits(line: bytes) -> None:
    """Refuse a line that would take more memory than its bytes are worth.

    Raises:
        ValueError: It is too long, or holds too many values.
    """
    if len(line) > LINE_LIMIT:
        raise ValueError(f"a line of {len(line)} bytes is longer than {LINE_LIMIT}")
    if len(line) > LONG and sum(map(line.count, (b",", b"[", b"{"))) > VALUES:
        raise ValueError(f"a line of {len(line)} bytes holds more than {VALUES} values")


def is_native(line: bytes) -> bool:
    """Whether a line begins as ours do; whether it can be read is another question."""
    return line.startswith(_BEGINNINGS)


def encode_record(record: Record) -> bytes:
    """`record` as one line of records.jsonl, newline included.

    Raises:
        ValueError: Another schema number than ours, or a value that JSON cannot hold.
    """
    _schema(record.v)
    data = json.to_json(record)
    # A default is not written, but the schema number must stand in every line.
    return b'{"v":%d,' % record.v + data[1:] + b"\n"


def encode_amend(amend: Amend) -> bytes:
    """`amend` as one line of records.jsonl, newline included; ValueError as for a record."""
    _schema(amend.v)
    return json.to_json(amend) + b"\n"


def decode_line(line: bytes) -> Record | Amend:
    """What one line of records.jsonl holds.

    Raises:
        ValueError: One line that says what is wrong, with the path of the field (`$.trials[0].id`).
    """
    see_that_it_fits(line)
    number = json.from_json(line, _head).v
    if number is None:
        raise ValueError("a line without a schema number `v` - at `$.v`")
    _schema(number)
    return json.from_json(line, _line)


def encode_trial(trial: Trial) -> bytes:
    """`trial` as JSON on one line, newline included; ValueError if JSON cannot hold it."""
    return json.to_json(trial) + b"\n"


def decode_trial(line: bytes) -> Trial:
    """The trial of one line; ValueError, one line, if it is none."""
    return json.from_json(line, _trial)


def encode_verdict(verdict: Verdict) -> bytes:
    """`verdict` as JSON on one line, newline included; ValueError if JSON cannot hold it."""
    return json.to_json(verdict) + b"\n"


def decode_verdict(line: bytes) -> Verdict:
    """The verdict of one line; ValueError, one line, if it is none."""
    return json.from_json(line, _verdict)


def _schema(number: int) -> None:
    """Every schema number so far is readable; there has been one."""
    if number > SCHEMA:
        shown = number if number < _ABSURD else f"above {_ABSURD}"
        raise ValueError(
            f"schema number {shown} is newer than this Hushmap reads ({SCHEMA}); update Hushmap - at `$.v`"
        )
    if number < 1:
        shown = number if number > -_ABSURD else f"below {-_ABSURD}"
        raise ValueError(f"schema number {shown} was never in use (1 to {SCHEMA}) - at `$.v`")
