"""Properties of our own lines: nothing is lost, and no damage gets past as anything but a ValueError of one line."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faults import value_or_fault
from hushmap.codec import (
    decode_line,
    decode_trial,
    decode_verdict,
    encode_amend,
    encode_record,
    encode_trial,
    encode_verdict,
)
from strategies import amends, records, trials, verdicts


@given(records())
def test_a_record_reads_back_as_itself(record):
    """decode(encode(r)) == r, on exactly one line that names its schema first."""
    line = encode_record(record)
    assert decode_line(line) == record
    assert line.startswith(b'{"v":1,')
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")


@given(amends())
def test_an_amend_reads_back_as_itself(amend):
    """An amend line is told from a record line and loses nothing."""
    assert decode_line(encode_amend(amend)) == amend


@given(trials(), verdicts())
def test_trials_and_verdicts_read_back_as_themselves(trial, verdict):
    """The journal's trials and verdict lines lose nothing either."""
    assert decode_trial(encode_trial(trial)) == trial
    assert decode_verdict(encode_verdict(verdict)) == verdict


@settings(max_examples=30)
@given(records())
def test_a_line_cut_anywhere_is_a_fault(record):
    """No proper prefix of a line is a record: a torn write is always seen."""
    line = encode_record(record).rstrip(b"\n")
    for end in range(0, len(line), max(1, len(line) // 300)):
        assert isinstance(value_or_fault(decode_line, line[:end]), ValueError)


@given(records(), st.data())
def test_a_damaged_byte_is_a_fault_or_a_value(record, data):
    """One changed byte gives a value or a fault of one line, never another exception."""
    line = bytearray(encode_record(record))
    line[data.draw(st.integers(0, len(line) - 1))] = data.draw(st.integers(0, 255))
    value_or_fault(decode_line, bytes(line))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def places(value, here=()):
    """The path of every value inside a decoded JSON value."""
    yield here
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from places(child, (*here, key))


@given(records(), JSON, st.data())
def test_any_value_at_any_place_is_a_fault_or_a_value(record, wrong, data):
    """A field replaced by any JSON value at all is read or refused, and what is read is written again alike."""
    tree = json.loads(encode_record(record))
    path = data.draw(st.sampled_from(sorted(places(tree), key=str)))
    if path:
        parent = tree
        for key in path[:-1]:
            parent = parent[key]
        parent[path[-1]] = wrong
    else:
        tree = wrong
    found = value_or_fault(decode_line, json.dumps(tree).encode())
    if not isinstance(found, ValueError):
        value_or_fault(encode_record if hasattr(found, "trials") else encode_amend, found)


@pytest.mark.parametrize("decode", [decode_line, decode_trial, decode_verdict])
@given(data=st.binary(max_size=200))
def test_random_bytes_are_faults(decode, data):
    """Bytes that are no line of ours are refused in one line."""
    assert isinstance(value_or_fault(decode, data), ValueError)
