"""JSON bytes <-> Structs, where every fault is a ValueError of one line.

msgspec raises four unrelated classes for what can be wrong with a value or a line, and writes a NaN as `null`, which
a later reader would take for "unknown". Both the helper's messages and the files of a run go through here, so that
a damaged line is always a value to set aside and a value that would not survive is never written.
"""

from typing import TypeVar

import msgspec

_S = TypeVar("_S", bound=msgspec.Struct)

MESSAGE_LIMIT = 300
"""Characters of an error that a person reads; msgspec quotes hostile values whole."""

_encoder = msgspec.json.Encoder()


def one_line(message: str, limit: int = MESSAGE_LIMIT) -> str:
    """`message` as one printable line of at most `limit` characters."""
    text = "".join(char if char.isprintable() else "?" for char in message[: limit + 1])
    return text if len(text) <= limit else text[: limit - 3] + "..."


def to_json(value: msgspec.Struct) -> bytes:
    """`value` as JSON on one line, without the newline.

    Raises:
        ValueError: The value has no JSON form that reads back as itself (NaN, infinity, a lone surrogate, an
            integer beyond 64 bits).
    """
    try:
        data = _encoder.encode(value)
    except (msgspec.EncodeError, ValueError, OverflowError, TypeError, RecursionError) as error:
        raise ValueError(one_line(f"cannot be written as JSON: {error}")) from error
    # NaN and infinity become null. A null is rare (Structs omit their defaults), so only then is it worth a look.
    if b"null" in data:
        try:
            same = msgspec.json.decode(data, type=type(value)) == value
        except msgspec.ValidationError:
            same = False
        if not same:
            raise ValueError("cannot be written as JSON: it would not read back as itself (is a number not finite?)")
    return data


def from_json(data: bytes, decoder: msgspec.json.Decoder[_S]) -> _S:
    """The value that `data` holds; the message of the error names the path of the field (`$.trials[0].id`).

    Raises:
        ValueError: `data` is not JSON, or not of the decoder's type.
    """
    try:
        return decoder.decode(data)
    except (ValueError, RecursionError) as error:  # msgspec.DecodeError and UnicodeDecodeError are ValueErrors
        raise ValueError(one_line(str(error))) from error
