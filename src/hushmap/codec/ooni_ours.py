"""A line that `write_ooni` wrote -> the record that it was made of, all of it but where it came from.

A step stands in one of OONI's arrays, or among its trial's steps where OONI has no place for it. The lines may have
been through other hands: whatever does not fit is a ValueError of one line, and no entry can be used twice, so that a
small file cannot become a big record.
"""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

import msgspec

from hushmap.codec.native import see_that_it_fits
from hushmap.codec.ooni_endpoints import connect_from, handshake_from
from hushmap.codec.ooni_outline import record_from, shift_of
from hushmap.codec.ooni_queries import resolve_from
from hushmap.codec.ooni_requests import fetch_from
from hushmap.codec.ooni_shape import Measurement
from hushmap.model import Record, Source
from hushmap.wire import json

_T = TypeVar("_T")

_line = msgspec.json.Decoder(Measurement)

_MARK = b'"x_hushmap_trials"'


class _MarkedKeys(msgspec.Struct):
    """The test keys of a line that may be ours."""

    x_hushmap_trials: msgspec.Raw = msgspec.Raw()


class _Marked(msgspec.Struct):
    """A line that may be ours."""

    test_keys: _MarkedKeys | None = None


_marked = msgspec.json.Decoder(_Marked)


_Index = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31)]
"""No array is longer; a number of 400 digits is not repeated to a person."""


class _Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a step stands."""

    array: str = msgspec.field(name="in")
    at: _Index = 0
    also: tuple[_Index, ...] = ()


def is_ours(line: bytes) -> bool:
    """Whether an OONI measurement carries a record of ours.

    The mark alone does not tell: a site can send a header of that name, and must not keep its measurement from being
    read by it.
    """
    if _MARK not in line:
        return False
    try:
        keys = json.from_json(line, _marked).test_keys
    except ValueError:
        return False
    return keys is not None and bytes(keys.x_hushmap_trials) != b""


def restore(line: bytes, *, file: str = "", offset: int = 0) -> Record:
    """The record that `line`, at `offset` of `file`, was made of.

    Raises:
        ValueError: One line that says what is wrong, with the path of the field.
    """
    see_that_it_fits(line)
    measurement = json.from_json(line, _line)
    reader = _Reader(measurement)
    tree = record_from(measurement)
    tree["trials"] = [reader.trial(trial) for trial in measurement.test_keys.x_hushmap_trials]
    try:
        record = msgspec.convert(tree, Record)
    except (ValueError, RecursionError) as error:
        raise ValueError(json.one_line(f"what was exported is no record: {error}")) from error
    sha256 = hashlib.sha256(line.rstrip(b"\r\n")).hexdigest()
    uid = measurement.measurement_uid if isinstance(measurement.measurement_uid, str) else ""
    source = Source(file=file, offset=offset, uid=uid, sha256=sha256)
    return msgspec.structs.replace(record, source=source)


class _Reader:
    """The arrays of one measurement, each entry of which may be taken once."""

    def __init__(self, measurement: Measurement) -> None:
        self._keys = measurement.test_keys
        self._shift = shift_of(measurement)
        self._taken: set[tuple[str, int]] = set()

    def trial(self, trial: dict[str, Any]) -> dict[str, Any]:
        """A trial with its steps written out."""
        steps = trial.get("steps")
        # What is no array stays, to be refused with all else that does not fit the model.
        return trial | {"steps": [self._step(step) for step in steps]} if isinstance(steps, list) else trial

    def _step(self, step: object) -> object:
        if not isinstance(step, dict) or "in" not in step:
            return step
        place = _place(step)
        keys, shift = self._keys, self._shift
        if place.array == "queries":
            later = [self._take("x_dns_duplicate_responses", keys.x_dns_duplicate_responses, at) for at in place.also]
            return resolve_from(self._take("queries", keys.queries, place.at), later, shift)
        if place.array == "requests":
            events = [self._take("network_events", keys.network_events, at) for at in place.also]
            return fetch_from(self._take("requests", keys.requests, place.at), events, shift)
        if place.array == "tcp_connect":
            return connect_from(self._take("tcp_connect", keys.tcp_connect, place.at), shift)
        if place.array == "tls_handshakes":
            return handshake_from(self._take("tls_handshakes", keys.tls_handshakes, place.at), shift)
        raise ValueError(
            f"a step stands in {place.array!a:.40}, which is no array - at `$.test_keys.x_hushmap_trials`"
        )

    def _take(self, name: str, array: Sequence[_T], at: int) -> _T:
        if not 0 <= at < len(array):
            raise ValueError(f"a step stands at place {at} of {len(array)} - at `$.test_keys.{name}`")
        if (name, at) in self._taken:
            raise ValueError(f"two steps stand at place {at} - at `$.test_keys.{name}`")
        self._taken.add((name, at))
        return array[at]


def _place(step: dict[str, Any]) -> _Place:
    try:
        return msgspec.convert(step, _Place)
    except ValueError as error:
        raise ValueError(json.one_line(f"where a step stands: {error}")) from error
