"""Hypothesis strategies for every Struct of the model, derived from the annotations.

Derived, so that a field added to the model is tried by every property at once. Fields whose values follow a form
(addresses, times, hashes) are drawn in that form; all others take anything of their type, hostile text included.
Bounds keep examples small, not realistic: use `tests/unit/ROOM` fixtures where a plausible record is meant.
"""

import types
import typing
from enum import Enum

import msgspec
from hypothesis import strategies as st

from hushmap.model import SCHEMA, Amend, Answer, Ask, Attempt, Record, Step, Trial, Verdict

TEXTS = st.text(max_size=12) | st.sampled_from(["null", "\x00", "\u2028", '"\\', "敏感词", "😀", "<script>"])
INTEGERS = st.integers(-(2**63), 2**64 - 1) | st.integers(0, 100)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SECONDS = st.floats(0, 1e6)

ADDRESSES = st.ip_addresses(network="198.51.100.0/24").map(str) | st.ip_addresses(network="2001:db8::/32").map(str)
"""Of the documentation ranges (RFC 5737, RFC 3849)."""
ISO_TIMES = st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
LABELS = st.from_regex(r"[a-z0-9_]([a-z0-9_-]{0,14}[a-z0-9_])?", fullmatch=True).filter(
    lambda x: not x.startswith("xn--")
)
HOSTS = st.builds(lambda labels: ".".join([*labels, "example"]), st.lists(LABELS, max_size=4))
"""Names under .example (RFC 2606), already in the form in which they go on the wire."""

FORMS: dict[str, st.SearchStrategy] = {
    "v": st.just(SCHEMA),
    "t0": SECONDS,
    "t": SECONDS,
    "address": ADDRESSES,
    "addresses": st.lists(ADDRESSES, max_size=3).map(tuple),
    "port": st.integers(1, 65535),
    "started": ISO_TIMES,
    "ended": ISO_TIMES,
    "run_started": ISO_TIMES,
    "not_before": st.floats(0, 1e6) | ISO_TIMES,
    "not_after": ISO_TIMES,
}
"""By name of the field, tried where the type allows the value."""


def of_type(kind: object) -> st.SearchStrategy:
    """Values of an annotation of the model."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        return st.one_of([of_type(argument) for argument in arguments])
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(of_type(arguments[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*[of_type(argument) for argument in arguments])
    if origin is dict:
        return st.dictionaries(of_type(arguments[0]), of_type(arguments[1]), max_size=3)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return structs(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    plain = {
        str: TEXTS,
        int: INTEGERS,
        float: FLOATS,
        bool: st.booleans(),
        bytes: st.binary(max_size=12),
        type(None): st.none(),
    }
    return plain[kind]


def structs(kind: type[msgspec.Struct]) -> st.SearchStrategy:
    """Values of a Struct, each optional field present or left at its default."""
    if kind not in _known:
        _known[kind] = st.deferred(lambda: _built(kind))
    return _known[kind]


def _built(kind: type[msgspec.Struct]) -> st.SearchStrategy:
    hints = typing.get_type_hints(kind)
    fields = {field.name: _field(field.name, hints[field.name]) for field in msgspec.structs.fields(kind)}
    required = {field.name for field in msgspec.structs.fields(kind) if field.required}
    return st.fixed_dictionaries(
        {name: fields[name] for name in fields if name in required},
        optional={name: fields[name] for name in fields if name not in required},
    ).map(lambda chosen: kind(**chosen))


def _field(name: str, hint: object) -> st.SearchStrategy:
    form = FORMS.get(name)
    if form is None:
        return of_type(hint)

    def fits(value: object) -> bool:
        try:
            msgspec.convert(value, hint)
        except msgspec.ValidationError:
            return False
        return True

    formed = form.filter(fits)
    return formed | st.none() if fits(None) else formed


_known: dict[type[msgspec.Struct], st.SearchStrategy] = {}


def answers() -> st.SearchStrategy[Answer]:
    """DNS replies."""
    return structs(Answer)


def asks() -> st.SearchStrategy[Ask]:
    """What an attempt asks."""
    return structs(Ask)


def steps() -> st.SearchStrategy[Step]:
    """Network acts of every kind."""
    return of_type(Step)


def attempts() -> st.SearchStrategy[Attempt]:
    """Attempts before they were made."""
    return structs(Attempt)


def trials() -> st.SearchStrategy[Trial]:
    """Attempts and what came of them."""
    return structs(Trial)


def records() -> st.SearchStrategy[Record]:
    """Whole records, their context and voids included."""
    return structs(Record)


def amends() -> st.SearchStrategy[Amend]:
    """Lines that void trials later."""
    return structs(Amend)


def verdicts() -> st.SearchStrategy[Verdict]:
    """Judgements."""
    return structs(Verdict)
