"""Where objects lie in a text, by brackets and quotes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.codec.layout import is_json, is_whole, spans

TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.text(max_size=5)
    | st.sampled_from(['"', "\\", "{", "]", '\\"']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=4), TREES, max_size=3)


def found(data):
    """The texts of the spans, and the fault."""
    every = list(spans(data))
    faults = [fault for _, _, fault in every if fault]
    return [data[start:end] for start, end, fault in every if not fault], "".join(faults)


@given(st.lists(OBJECTS, max_size=4), st.sampled_from([None, 1]), st.booleans())
def test_objects_of_a_list_and_in_a_row_are_found(objects, indent, as_list):
    """Whatever is in the objects, each is found whole, and nothing else."""
    texts = [json.dumps(one, indent=indent) for one in objects]
    data = (json.dumps(objects, indent=indent) if as_list else "\n".join(texts)).encode()
    shown, fault = found(data)
    assert not fault
    assert [json.loads(text) for text in shown] == objects


@pytest.mark.parametrize(
    ("data", "shown", "fault"),
    [
        (b"", [], ""),
        (b'{"a":1', [], "it is cut short: a bracket is open"),
        (b'{"a":1}\n{"b":', [b'{"a":1}'], "it is cut short: a bracket is open"),
        (b'[{"a":1}, {"b":2}', [b'{"a":1}', b'{"b":2}'], "it is cut short: a bracket is open"),
        (b'[{"a":1}, {"b":"open', [b'{"a":1}'], "brackets or quotes do not fit"),
        (b'{"a":1}}', [b'{"a":1}'], "brackets or quotes do not fit"),
        (b'[{"a":1}] [', [b'{"a":1}'], "more after the end of the list"),
        (b'[{"a":1}]\n\n', [b'{"a":1}'], ""),
        (b"[1, null, {}]", [b"{}"], ""),
        (b"[[{}]]", [b"[{}]"], ""),
    ],
)
def test_what_is_no_whole_object_is_said(data, shown, fault):
    """What stands before the fault is found, and the fault is said once."""
    assert found(data) == (shown, fault)


@given(st.binary(max_size=200) | st.text(alphabet='[]{}",\\a 1', max_size=60).map(str.encode))
def test_hostile_text_is_scanned_once(data):
    """Any bytes give spans in order, within the text, and at most one fault at the end."""
    last = 0
    every = list(spans(data))
    for start, end, _ in every:
        assert last <= start <= end <= len(data)
        last = end
    assert all(not fault for _, _, fault in every[:-1])
    is_whole(data)


@pytest.mark.parametrize(
    "data", [b'"' + b'\\"' * 500_000, b'"' + b"\\" * 1_000_001, b"[" * 1_000_000, b'{"a":"' * 200_000]
)
def test_no_text_makes_it_go_back(data):
    """A megabyte of quotes or brackets is read once: read again from each quote, this would take an hour."""
    assert [fault for _, _, fault in spans(data)] != [""]
    assert not is_whole(data)


@pytest.mark.parametrize(
    ("data", "json_", "whole"),
    [
        (b'{"a": [1, "}"]}', True, True),
        (b'{"a": "\\ud800"}', False, True),  # a lone surrogate: the strict reader refuses it, the text is whole
        (b'{"a": NaN}', False, True),
        (b'{"a": 1', False, False),
        (b'{"a": "', False, False),
        (b"}{", False, True),
    ],
)
def test_whole_is_less_than_json(data, json_, whole):
    """Brackets and quotes alone tell whether a line is whole."""
    assert (is_json(data), is_whole(data)) == (json_, whole)
