"""What an address asks for: filters as one value, read from the address and written back into it.

Two kinds are kept apart. Where and when something was measured decides what is counted. What was found decides only
which targets are listed: a share of what was found among what was found would say nothing, so the numbers beside a
listed target are of all its measurements. What a page cannot be asked for is an error and never left out in silence,
for counts that look narrowed and are not would be believed; so is a second value where there is room for one.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec

from hushmap.catalog import iso_day

PARTS = ("sites", "words")
"""What is counted apart, the first unless the other is asked for."""
_LONGEST = 500
"""Characters of one value; no host, word, name or id of a record needs more."""
_MOST = 200
"""Values of all filters together."""
_NAMED = 40
"""Characters of a name or value that an error repeats: enough to find it in the address."""
_DAYS = ("since", "until")
_PAGES = ("page", "columns")
COUNTED = ("q", "country", "asn", "network", "domain", "target", "category", "experiment", "label", *_DAYS)
"""Filters that decide what is counted."""
FOUND = ("group", "mechanism", "evidence", "outcome")
"""Filters that decide which targets are listed, and never what is counted."""
LISTED = ("part", *COUNTED, *FOUND)
"""What a list of all targets can be asked for."""
_SEVERAL = frozenset({*COUNTED, *FOUND}) - {*_DAYS}
"""What may be given more than once: any of these values will do."""


class WantedError(ValueError):
    """An address asks for what there is not; the text says what to write."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is meant: each field that is not empty has to hold, and one of its values suffices."""

    part: str = PARTS[0]
    q: tuple[str, ...] = ()
    """Each is found in the name of a target or its host, in any case."""
    country: tuple[str, ...] = ()
    asn: tuple[int, ...] = ()
    network: tuple[str, ...] = ()
    """By the id of its page."""
    domain: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    """By the id of its page."""
    category: tuple[str, ...] = ()
    experiment: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    since: date | None = None
    """First UTC day."""
    until: date | None = None
    """Last UTC day."""
    group: tuple[str, ...] = ()
    mechanism: tuple[str, ...] = ()
    """By its whole name or the beginning of one, up to a dot."""
    evidence: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    page: int = 1
    """Of a list that is too long for one page."""
    columns: int = 1
    """The same of networks beside each other."""

    @property
    def finding(self) -> bool:
        """Whether what was found decides which targets are listed."""
        return any(getattr(self, name) for name in FOUND)

    def address(self, **other: Any) -> str:
        """The query of an address that asks for this, with `other` in place of its own; empty, or with its `?`."""
        asked = msgspec.structs.replace(self, **({"page": 1, "columns": 1} | other))
        pairs: list[tuple[str, str]] = []
        for name, default in zip(asked.__struct_fields__, asked.__struct_defaults__, strict=True):
            value = getattr(asked, name)
            if value != default:
                pairs += [(name, str(one)) for one in (value if isinstance(value, tuple) else (value,))]
        return f"?{urlencode(pairs)}" if pairs else ""

    def given(self) -> list[tuple[str, str, str]]:
        """(filter, value, the address without it), for each value that was given."""
        found = []
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, tuple):
                left = [tuple(other for other in value if other != one) for one in value]
                found += [
                    (name, str(one), self.address(**{name: rest})) for one, rest in zip(value, left, strict=True)
                ]
            elif name in _DAYS and value is not None:
                found.append((name, str(value), self.address(**{name: None})))
        return found


def given(pairs: Iterable[tuple[str, str]], takes: Collection[str]) -> list[tuple[str, str]]:
    """The pairs of an address that have a value, of a page that `takes` these names and no others.

    Forms send what nobody filled in; a part of a value would be another question than was asked.

    Raises:
        WantedError: The page takes no such name, or it is given more often or longer than there is room for.
    """
    pairs = list(pairs)
    for name, _ in pairs:
        if name not in takes:
            told = f"take one of {', '.join(takes)}" if takes else "it has none"
            raise WantedError(f"{name[:_NAMED]}: there is no such filter on this page; {told}")
    found = [(name, value.strip()) for name, value in pairs if value.strip()]
    if len(found) > _MOST:
        raise WantedError(f"{len(found)} values are too many; {_MOST} are the most")
    for name, value in found:
        fits(name, value)
    for name, often in Counter(name for name, _ in found).items():
        if often > 1 and name not in _SEVERAL:
            raise WantedError(f"{name}: given {often} times; give it once")
    return found


def fits(name: str, value: str) -> None:
    """See that a value is no longer than one can be.

    Raises:
        WantedError: It is.
    """
    if len(value) > _LONGEST:
        raise WantedError(f"{name}: {len(value):,} characters are too many; {_LONGEST} are the most")


def wanted(
    pairs: Iterable[tuple[str, str]], groups: Sequence[str] = (), takes: Collection[str] = (*LISTED, *_PAGES)
) -> Wanted:
    """What the pairs of an address ask for, of a page that `takes` these names; `groups` are those that there are.

    Raises:
        WantedError: The page takes no such name, or a value is none of its kind.
    """
    texts: dict[str, list[str]] = {}
    found: dict[str, Any] = {}
    for name, value in given(pairs, takes):
        if name in _SEVERAL:
            texts.setdefault(name, []).append(_folded(name, value))
        elif name in _DAYS:
            found[name] = day(name, value)
        elif name in _PAGES:
            found[name] = _number(name, value)
        else:
            found["part"] = _part(value)
    for group in texts.get("group", ()):
        if groups and group not in groups:
            raise WantedError(f"group={group[:_NAMED]}: there is none; take one of {', '.join(groups)}")
    numbers = tuple(dict.fromkeys(_asn(value) for value in texts.pop("asn", ())))
    found |= {name: tuple(dict.fromkeys(values)) for name, values in texts.items()}
    return Wanted(**found, asn=numbers)


def day(name: str, value: str) -> date:
    """The UTC day that a value means.

    Raises:
        WantedError: It is none, or is written in another way.
    """
    found: date | None = iso_day(value)
    if found is None:
        raise WantedError(f"{name}={value[:_NAMED]}: is no day; write e.g. {name}=2026-11-01")
    return found


def _folded(name: str, value: str) -> str:
    """As the columns have it."""
    if name in {"country", "category"}:
        return value.upper()
    return value.lower() if name == "domain" else value


def _part(value: str) -> str:
    if value not in PARTS:
        raise WantedError(f"part={value[:_NAMED]}: there is none; take one of {', '.join(PARTS)}")
    return value


def _number(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and 0 < len(value) <= 6 and int(value)):
        raise WantedError(f"{name}={value[:_NAMED]}: is no number of a page; write e.g. {name}=2")
    return int(value)


def _asn(value: str) -> int:
    bare = value.upper().removeprefix("AS")
    if not (bare.isascii() and bare.isdigit() and len(bare) <= 10):
        raise WantedError(f"asn={value[:_NAMED]}: is no AS number; write e.g. asn=64501")
    return int(bare)
