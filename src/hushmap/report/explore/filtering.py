"""The form of filters, and what of them is in force: words for people beside the values that an address has.

The form is a plain one that sends an address; without a script it does all that it can do. A list of values offers
what there is in the data, so that nobody guesses a code.
"""

from collections.abc import Collection, Iterable, Iterator

import msgspec

from hushmap.detect import WordGroup, group_words, mechanism_words, visible
from hushmap.report.explore.counting import Counting
from hushmap.report.explore.wanted import Wanted
from hushmap.report.view import LOOKS
from hushmap.report.words import Words

MOST = 300
"""Choices of one list; who looks for one of more types its value into the address, or searches."""
_SHORT = 60


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One input of the form."""

    name: str
    words: str
    kind: str
    """`choice`, `search`, `date`; or `hidden`: in force, without an input of its own."""
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    """(value, words)."""


class Chip(msgspec.Struct, frozen=True, kw_only=True):
    """One filter in force."""

    words: str
    value: str
    address: str
    """The same without it."""


def fields(counting: Counting, wanted: Wanted, words: Words) -> tuple[Field, ...]:
    """The form, filled with what is asked for."""
    columns = counting.columns
    groups = [name for name in counting.groups if (name in list(WordGroup)) or wanted.part == "sites"]
    mechanisms = {name for kind in columns.kinds for name in kind.mechanisms}
    found = [
        _choice(
            "country", wanted, words, ((code, code) for code in sorted({one.country for one in columns.networks}))
        ),
        _choice("network", wanted, words, _networks(counting)),
        _choice("category", wanted, words, _categories(counting, words)),
        _choice(
            "experiment",
            wanted,
            words,
            ((name, name) for name in sorted({one.experiment for one in columns.targets})),
        ),
        _choice("label", wanted, words, ((label, visible(label, _SHORT)) for label in sorted(columns.labels))),
        _choice("group", wanted, words, ((name, group_name(name, words)) for name in groups)),
        _choice(
            "mechanism", wanted, words, ((name, mechanism_words(name, words.lang)) for name in sorted(mechanisms))
        ),
        _choice("evidence", wanted, words, _evidence(counting, words)),
    ]
    dates = [
        Field(name=name, words=words(f"explore.field.{name}"), kind="date", value=str(getattr(wanted, name) or ""))
        for name in ("since", "until")
    ]
    parts = {one.part for one in columns.targets}
    part = Field(
        name="part",
        words=words("explore.field.part"),
        kind="choice",
        value=wanted.part,
        choices=tuple((one, words(one)) for one in ("sites", "words")),
    )
    text = Field(name="q", words=words("explore.field.q"), kind="search", value=wanted.q[0] if wanted.q else "")
    seen = [*([part] if len(parts) > 1 else []), text, *(one for one in found if len(one.choices) > 2 or one.value)]
    return (*seen, *dates, *_hidden(wanted, {(one.name, one.value) for one in (*seen, *dates)}, words))


def _hidden(wanted: Wanted, shown: Collection[tuple[str, str]], words: Words) -> Iterator[Field]:
    """What is in force and no input shows: sending the form keeps it, and only its chip takes it away."""
    for name, value, _ in wanted.given():
        if (name, value) not in shown:
            yield Field(name=name, words=words(f"explore.field.{name}"), kind="hidden", value=value)


def _choice(name: str, wanted: Wanted, words: Words, choices: Iterable[tuple[str, str]]) -> Field:
    """A list of what there is, any of it first."""
    given = [str(one) for one in getattr(wanted, name)]
    offered = [(value, text) for value, text in choices if value][:MOST]
    # What an address asks for stays in the list, also where it is not offered: else sending the form would drop it.
    offered += [(value, value) for value in given if value not in {one for one, _ in offered}]
    return Field(
        name=name,
        words=words(f"explore.field.{name}"),
        kind="choice",
        value=given[0] if given else "",
        choices=(("", words("explore.any")), *offered),
    )


def _networks(counting: Counting) -> list[tuple[str, str]]:
    named = [
        (
            " ".join(
                part
                for part in (one.country, f"AS{one.asn}" if one.asn is not None else "", visible(one.name, _SHORT))
                if part
            )
            or name,
            name,
        )
        for one, name in zip(counting.columns.networks, counting.network_ids, strict=True)
    ]
    return [(name, text) for text, name in sorted(named)]


def _categories(counting: Counting, words: Words) -> list[tuple[str, str]]:
    codes = {one.category for one in counting.columns.targets if one.category}
    return sorted(((code, words.category(code)) for code in codes), key=lambda entry: entry[1])


def _evidence(counting: Counting, words: Words) -> list[tuple[str, str]]:
    found = {kind.evidence for kind in counting.columns.kinds}
    return [
        (name, words(f"evidence.{name}")) for name in ("direct", "controlled", "comparison", "none") if name in found
    ]


def group_name(name: str, words: Words) -> str:
    """A count group in the page's language; one that no catalogue knows as it is."""
    return group_words(name, words.lang) if name in LOOKS else name


def chips(counting: Counting, wanted: Wanted, words: Words) -> tuple[Chip, ...]:
    """Each filter in force, in words, with the way out of it."""
    names = dict(_networks(counting))
    told = []
    for name, value, address in wanted.given():
        text = value
        if name == "group":
            text = group_name(value, words)
        elif name == "mechanism":
            text = mechanism_words(value, words.lang)
        elif name == "category":
            text = words.category(value)
        elif name == "network":
            text = names.get(value, value)
        told.append(Chip(words=words(f"explore.field.{name}"), value=visible(text, _SHORT), address=address or "?"))
    return tuple(told)
