"""What an entry of OONI's lacks of the step that it tells of: found by reading it as the reader will.

The writer makes an entry, reads it back, and notes in the entry's `x_hushmap` every field in which that differs from
the step. So nothing is written twice, no list of fields has to be kept in step with the model, and what comes back is
equal by construction.
"""

from typing import Any, TypeVar

import msgspec

from hushmap.codec.ooni_shape import Entry, Ours
from hushmap.model import Failure
from hushmap.wire import ooni_names

_E = TypeVar("_E", bound=Entry)


def lacking(found: msgspec.Struct, meant: msgspec.Struct, *others: str) -> dict[str, Any]:
    """The fields in which `found` is not what was `meant`, as JSON has them; `others` are seen to elsewhere."""
    return {
        name: msgspec.to_builtins(getattr(meant, name))
        for name in meant.__struct_fields__
        if name not in others and getattr(found, name) != getattr(meant, name)
    }


def noted(entry: _E, ours: dict[str, Any]) -> _E:
    """`entry` with what it lacks."""
    return msgspec.structs.replace(entry, x_hushmap=ours) if ours else entry


def ours_of(entry: Entry) -> dict[str, Any]:
    """What an entry said that it lacks, to take from."""
    return dict(entry.x_hushmap) if isinstance(entry.x_hushmap, dict) else {}


def completed(found: msgspec.Struct, ours: Ours) -> dict[str, Any]:
    """The JSON object of `found` with what it lacked."""
    tree: dict[str, Any] = msgspec.to_builtins(found)
    return tree | (ours if isinstance(ours, dict) else {})


def named(failure: Failure | None) -> str | None:
    """OONI's name of a failure (df-007)."""
    return None if failure is None else ooni_names.TO_OONI[failure]
