"""A record in which every field of the model is set, and every place in it where a text could stand."""

import types
import typing
from enum import Enum

import msgspec

from hushmap.model import Record, Target

FORMS = {
    "id": "20261121T2233Z-3f9c-0000",
    "run": "20261121T2233Z-3f9c",
    "experiment": "web",
    "target": "https://news.example/",
    "url": "https://news.example/",
    "started": "2026-11-21T22:33:10Z",
    "ended": "2026-11-21T22:34:10Z",
    "run_started": "2026-11-21T22:33:00Z",
    "not_before": "2026-11-21T22:33:09Z",
    "not_after": "2026-12-21T22:33:09Z",
    "address": "198.51.100.7",
    "router": "198.51.100.1",
    "resolver": "udp://198.51.100.53:53",
    "category": "NEWS",
}
"""Values that a rule reads, by the field's name."""


def of_type(kind, name=""):
    """One value of an annotation, as full as can be."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        return of_type(next(one for one in arguments if one is not type(None)), name)
    if origin is tuple and arguments[-1] is Ellipsis:
        inner = typing.get_args(arguments[0])
        steps = len(inner) > 1 and all(isinstance(one, type) and issubclass(one, msgspec.Struct) for one in inner)
        return tuple(of_type(one, name) for one in (inner if steps else arguments[:1]))
    if origin is tuple:
        return tuple(of_type(one, name) for one in arguments)
    if origin is dict:
        return {of_type(arguments[0]): of_type(arguments[1])}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return whole(kind)
    if kind is str:
        return FORMS.get(name, "word")
    return {bytes: b"bytes", int: 1, float: 1.0, bool: False}[kind]


def whole(kind):
    """A Struct with every field set."""
    hints = typing.get_type_hints(kind)
    return kind(**{field.name: _field(kind, field, hints) for field in msgspec.structs.fields(kind)})


def _field(kind, field, hints):
    if kind is Record and field.name in {"v", "source"}:
        return field.default
    if "v" in kind.__struct_fields__ and field.name == "v":
        return field.default
    if hints[field.name] == (float | None) and field.name != "t":
        return 1.0
    return of_type(hints[field.name], field.name)


def record():
    """A record of ours in which every field is set."""
    one = whole(Record)
    post = msgspec.structs.replace(one.post, public_body=True)
    return msgspec.structs.replace(one, words=(), layer=None, encoding=None, post=post)


def leaves(value, path=()):
    """Every place of a text or bytes in a value, as the way to it; keys of dicts too."""
    if isinstance(value, Enum):
        return
    if isinstance(value, (str, bytes)):
        yield path
    elif isinstance(value, tuple):
        for at, one in enumerate(value):
            yield from leaves(one, (*path, at))
    elif isinstance(value, dict):
        for name, one in value.items():
            yield (*path, ("key", name))
            yield from leaves(one, (*path, name))
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from leaves(getattr(value, name), (*path, name))


def changed(value, path, act):
    """The value with what stands at `path` changed."""
    if not path:
        return act(value)
    first, rest = path[0], path[1:]
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **{first: changed(getattr(value, first), rest, act)})
    if isinstance(value, tuple):
        return (*value[:first], changed(value[first], rest, act), *value[first + 1 :])
    if isinstance(first, tuple):
        return {act(name) if name == first[1] else name: one for name, one in value.items()}
    return {**value, first: changed(value[first], rest, act)}


TARGET = Target(experiment="web", text="https://news.example/", category="NEWS")
