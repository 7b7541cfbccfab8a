"""Structs as JSON: whatever is wrong is a ValueError of one line."""

import math

import msgspec
import pytest

from hushmap.wire.json import from_json, one_line, to_json


class Thing(msgspec.Struct):
    """A value with every kind of trouble."""

    number: float = 0.0
    maybe: float | None = None
    whole: int = 0
    text: str = ""
    more: dict = {}


DECODER = msgspec.json.Decoder(Thing)


@pytest.mark.parametrize("thing", [Thing(), Thing(number=1.5, maybe=None, text="null"), Thing(whole=2**64 - 1)])
def test_a_value_reads_back_as_itself(thing):
    """to_json and from_json undo each other; a null that is meant passes."""
    assert from_json(to_json(thing), DECODER) == thing


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        (Thing(number=math.nan), "is a number not finite"),
        (Thing(number=-math.inf), "is a number not finite"),
        (Thing(maybe=math.nan), "is a number not finite"),
        (Thing(text="\udfff"), "surrogates"),
        (Thing(whole=10**5000), "cannot be written"),
        (Thing(more={"x": object()}), "unsupported"),
    ],
)
def test_a_value_that_would_not_read_back_is_refused(thing, said):
    """NaN and infinity never become `null`, a lone surrogate never becomes bytes."""
    with pytest.raises(ValueError, match=said):
        to_json(thing)


def test_a_value_nested_without_end_is_refused():
    """Recursion in a value is a ValueError as well."""
    more = {}
    more["x"] = more
    with pytest.raises(ValueError, match="recursion"):
        to_json(Thing(more=more))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "truncated"),
        (b'{"number":"x"}', r"Expected `float`, got `str` - at `\$.number`"),
        (b'{"text":"\xff"}', "can't decode"),
        (b'{"more":{"a":' + b"[" * 100_000, "recursion"),
    ],
)
def test_bytes_that_hold_no_such_value_are_refused(data, said):
    """The error names the field where there is one."""
    with pytest.raises(ValueError, match=said):
        from_json(data, DECODER)


def test_a_message_is_one_short_printable_line():
    """Line breaks and control characters go, and a long message is cut visibly."""
    assert one_line("a\nb\x1b\u2028") == "a?b??"
    assert one_line("x" * 300) == "x" * 300
    assert one_line("x" * 301) == "x" * 297 + "..."
