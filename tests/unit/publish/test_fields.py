"""The table of fields: every one that can hold text is in it, and nothing is in it that is none."""

import types
import typing
from enum import Enum

import msgspec

from hushmap.model import Record, Vantage
from hushmap.publish.fields import FIELDS

NUMBERS = {("Context", "clock_offset"), ("Ask", "source_port"), ("Hop", "source_port")}
"""Numbers that tell too much, and so are in it."""

OF_FOREIGN = {("Source", "file"), ("Source", "uid"), ("Source", "sha256"), ("Claim", "blocking")}
"""Of records that were not measured here, which never leave."""


def structs(kind, found):
    """Every Struct that a type leads to."""
    for one in (kind, *typing.get_args(kind)):
        if isinstance(one, type) and issubclass(one, msgspec.Struct) and one not in found:
            found.add(one)
            for hint in typing.get_type_hints(one).values():
                structs(hint, found)
        elif one is not kind:
            structs(one, found)
    return found


def holds_text(hint):
    """Whether a value of an annotation can be, or directly hold, free text or bytes."""
    if typing.get_origin(hint) in {typing.Union, types.UnionType, tuple, dict}:
        return any(holds_text(one) for one in typing.get_args(hint))
    return isinstance(hint, type) and issubclass(hint, (str, bytes)) and not issubclass(hint, Enum)


def keyed(hint):
    """Whether it is a dict whose values are walked into, its keys then by `Making.ours`."""
    return typing.get_origin(hint) is dict and not holds_text(typing.get_args(hint)[1])


def test_every_field_that_can_hold_text_is_in_the_table():
    """A field that is added to the model has to be thought of before it can leave."""
    missing, odd = [], []
    for kind in sorted(structs(Record, set()) - {Vantage}, key=lambda one: one.__name__):
        acts = FIELDS.get(kind, {})
        for name, hint in typing.get_type_hints(kind).items():
            if name in kind.__struct_fields__ and holds_text(hint) and name not in acts and not keyed(hint):
                missing.append((kind.__name__, name))
        odd += [(kind.__name__, name) for name in acts if name not in kind.__struct_fields__]
    assert set(missing) == OF_FOREIGN
    assert odd == []
    assert {(kind.__name__, name) for kind, acts in FIELDS.items() for name in acts} >= NUMBERS
