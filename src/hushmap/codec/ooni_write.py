"""A record of ours -> one line of an OONI file: web_connectivity, in the shape of its version 0.5.

OONI's tools must be able to read it without being misled. So only what any client would have met in a first round
stands where they count (ooni_survey); everything else, and whatever their format has no place for, stands under two
keys that they do not know. The verdict's keys are null: a record holds observations, and their verdict on ours would
be neither.
"""

from typing import Any, TypeVar

import msgspec

from hushmap.codec.native import encode_record
from hushmap.codec.ooni_control import control_of
from hushmap.codec.ooni_endpoints import tcp_of, tls_of
from hushmap.codec.ooni_outline import EXPERIMENT, outline_of, shift_of
from hushmap.codec.ooni_queries import queries_of
from hushmap.codec.ooni_requests import request_of
from hushmap.codec.ooni_shape import (
    Entry,
    HttpRequest,
    NetworkEvent,
    Query,
    TcpConnect,
    TlsHandshake,
    WebKeys,
)
from hushmap.codec.ooni_survey import Places, first_round
from hushmap.model import Connect, Fetch, Handshake, Record, Resolve, Side, Step, Trial
from hushmap.wire import ooni_helper

NO_HELPER, HELPER_FAILED = "unknown_failure: no_helper", "unknown_failure: helper_failed"
"""`control_failure`: nobody was asked elsewhere, or nothing came of it."""

_E = TypeVar("_E", bound=Entry)

Place = dict[str, Any]
"""Where a step stands, among the steps of its trial: `in` which array, `at` which place, and `also` at which places
of the array that goes with it."""


def write_ooni(record: Record) -> bytes:
    """`record` as one line of an OONI file, newline included.

    Raises:
        ValueError: OONI has no test for its experiment, or it holds what no such line can.
    """
    if record.experiment != EXPERIMENT:
        raise ValueError(f"OONI has no test for experiment {record.experiment!a:.40}")
    encode_record(record)  # what a line of ours cannot hold, this one cannot
    own = first_round(record)
    places = Places(record, own)
    helped = first_round(record, Side.HELPER)
    bare = outline_of(record, WebKeys(control_failure=None, control=None, x_hushmap={}, x_hushmap_trials=()))
    arrays = Arrays(shift_of(bare))
    survey = {id(trial) for trial in own}
    trials = tuple(arrays.add(trial, places) if id(trial) in survey else tree_of(trial) for trial in record.trials)
    failure = None if helped else NO_HELPER if record.context.helper is None else HELPER_FAILED
    keys = msgspec.structs.replace(
        bare.test_keys,
        **arrays.sorted(),
        control_failure=failure,
        control=control_of(own, helped, places) if helped else None,
        x_hushmap_trials=trials,
    )
    return msgspec.json.encode(msgspec.structs.replace(bare, test_keys=keys)) + b"\n"


def tree_of(trial: Trial) -> dict[str, Any]:
    """A trial with its steps written out."""
    tree: dict[str, Any] = msgspec.to_builtins(trial)
    return tree


class Arrays:
    """OONI's arrays while they are being filled."""

    def __init__(self, shift: float) -> None:
        """`shift`: seconds from our zero to OONI's."""
        self._shift = shift
        self._queries: list[tuple[Query, Place]] = []
        self._tcp: list[tuple[TcpConnect, Place]] = []
        self._tls: list[tuple[TlsHandshake, Place]] = []
        self._requests: list[tuple[HttpRequest, Place]] = []
        self._later: list[Query] = []
        self._events: list[NetworkEvent] = []

    def add(self, trial: Trial, places: Places) -> dict[str, Any]:
        """Put the steps of a trial where OONI's readers look; what is left of it, with their places.

        A place becomes right when `sorted` is called.
        """
        mark = {"transaction_id": trial.id, "tags": places.tags(trial)}
        steps = [self._place(step, trial, mark) for step in trial.steps]
        return tree_of(msgspec.structs.replace(trial, steps=())) | {"steps": steps}

    def sorted(self) -> dict[str, tuple[Entry, ...]]:
        """The arrays as OONI orders them: by start, and requests the newest first."""
        return {
            "queries": _sorted(self._queries),
            "tcp_connect": _sorted(self._tcp),
            "tls_handshakes": _sorted(self._tls),
            "requests": _sorted(self._requests, newest_first=True),
            "x_dns_duplicate_responses": tuple(self._later),
            "network_events": tuple(self._events),
        }

    def _place(self, step: Step, trial: Trial, mark: dict[str, Any]) -> Place:
        place: Place = {}
        if isinstance(step, Resolve):
            query, later = queries_of(step, mark, self._shift)
            place |= {"in": "queries", **_also(self._later, later)}
            self._queries.append((query, place))
        elif isinstance(step, Connect):
            place["in"] = "tcp_connect"
            self._tcp.append((tcp_of(step, mark, self._shift), place))
        elif isinstance(step, Handshake):
            place["in"] = "tls_handshakes"
            self._tls.append((tls_of(step, mark, self._shift, verify=trial.ask.verify), place))
        elif isinstance(step, Fetch):
            request, events = request_of(step, trial.ask, _address(trial), mark, self._shift)
            place |= {"in": "requests", **_also(self._events, events)}
            self._requests.append((request, place))
        else:
            place |= msgspec.to_builtins(step)  # raw bytes: OONI has no array for them
        return place


def _also(array: list[_E], more: list[_E]) -> Place:
    """Append `more` to `array`; the places that they got."""
    first = len(array)
    array.extend(more)
    return {"also": list(range(first, len(array)))} if more else {}


def _sorted(found: list[tuple[_E, Place]], *, newest_first: bool = False) -> tuple[_E, ...]:
    ordered = sorted(found, key=_start, reverse=newest_first)
    for at, (_, place) in enumerate(ordered):
        place["at"] = at
    return tuple(entry for entry, _ in ordered)


def _start(pair: tuple[Entry, Place]) -> float:
    return pair[0].t0


def _address(trial: Trial) -> str:
    """From where a trial's page was loaded."""
    connect = trial.connect
    if connect is not None:
        return ooni_helper.endpoint_text(connect.address, connect.port)
    return ooni_helper.endpoint_text(trial.ask.address or "", trial.ask.port or 0)
