"""Which names a rule about a domain covers: the name, all under it, whatever begins, ends or holds it.

Nine strings put a filler before and behind the name, with a dot or without; which of them are hit names the rule
(refs/BEYOND 2.10). A string is a left side and a right side, each nothing, filler and dot, or filler; a rule that is
a pattern allows some of the left sides and some of the right ones, independently, so that any other set of hits is
noise or several rules, and is not read. The widest name that is acted upon has to be found first: what ends in
`www.NAME` ends in `NAME` too.
"""

import random
import re
from collections.abc import Collection
from enum import Enum

import msgspec

FILLER = 6
"""Letters of a filler: 64 million of them, so that none is on a list."""
_CONSONANTS = "bcdfghjklmnpqrstvwxz"
"""No word of any language is made of these alone."""


class Side(Enum):
    """What a rule allows beside a name on one side; the value is what it allows of nothing, dot, filler."""

    EDGE = "edge"
    """Nothing: the name begins (ends) there."""
    LABEL = "label"
    """Nothing, or a dot and more."""
    DOT = "dot"
    """A dot and more."""
    ANY = "any"
    """Whatever."""


_ALLOWED = {Side.EDGE: {""}, Side.LABEL: {"", "."}, Side.DOT: {"."}, Side.ANY: {"", ".", "x"}}
_LEFT = {Side.EDGE: "^", Side.LABEL: r"^(.*\.)?", Side.DOT: r"\.", Side.ANY: ""}
_RIGHT = {Side.EDGE: "$", Side.LABEL: r"(\..*)?$", Side.DOT: r"\.", Side.ANY: ""}
_FORMS = (("x", "x"), ("", ""), ("", "."), ("", "x"), (".", ""), ("x", ""), (".", "."), (".", "x"), ("x", "."))
"""The nine in the order of refs/BEYOND 2.10."""
_KINDS = {
    (Side.EDGE, Side.EDGE): "exact",
    (Side.LABEL, Side.EDGE): "suffix",
    (Side.DOT, Side.EDGE): "below",
    (Side.ANY, Side.EDGE): "ending",
    (Side.EDGE, Side.ANY): "beginning",
    (Side.LABEL, Side.ANY): "label-beginning",
    (Side.ANY, Side.ANY): "substring",
    (Side.LABEL, Side.LABEL): "labels",
}
_OTHER = "pattern"


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Which names a rule covers."""

    kind: str
    """`exact`, `suffix` (the name and all under it), `below` (only what is under it), `ending`, `beginning`,
    `label-beginning` (a label of any name), `labels` (whole labels anywhere), `substring`; else `pattern`."""
    pattern: str
    """The regular expression, in lower case."""


def filler(rng: random.Random) -> str:
    """Letters that no list holds."""
    return "".join(rng.choice(_CONSONANTS) for _ in range(FILLER))


def permuted(name: str, fill: str) -> tuple[str, ...]:
    """The nine strings, in the order in which `reach` numbers them."""
    left = {"": "", ".": f"{fill}.", "x": fill}
    right = {"": "", ".": f".{fill}", "x": fill}
    return tuple(left[before] + name + right[after] for before, after in _FORMS)


def reach(name: str, hits: Collection[int]) -> Reach | None:
    """The rule by which exactly these of the nine strings are hit; `None`: no one pattern does that."""
    found = {_FORMS[number] for number in hits}
    for left, before in _ALLOWED.items():
        for right, after in _ALLOWED.items():
            if found == {(one, other) for one in before for other in after}:
                kind = _KINDS.get((left, right), _OTHER)
                return Reach(kind=kind, pattern=_LEFT[left] + re.escape(name.lower()) + _RIGHT[right])
    return None


def above(name: str, fill: str) -> tuple[str, ...]:
    """What to ask first, widest first: is it the name that is acted upon, or one above it?

    Each name above it, and a made-up one under each. There is no list of public suffixes here: the last label is
    asked only by what is under it, and of `co.uk` both are asked, which costs a question and harms nobody.
    """
    labels = name.split(".")
    parents = [".".join(labels[place:]) for place in range(len(labels) - 1, 0, -1)]
    return tuple(ask for parent in parents for ask in (parent, f"{fill}.{parent}") if "." in ask)


def core(name: str, fill: str, hits: Collection[str]) -> str:
    """The widest name that is acted upon, by the hits among `above`; `name` itself where none was hit."""
    wide = next((ask for ask in above(name, fill) if ask in hits), name)
    return wide.removeprefix(f"{fill}.")
