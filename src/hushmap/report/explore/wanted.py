"""What an address asks for: filters as one value, read from the address and written back into it.

Two kinds are kept apart. Where and when something was measured decides what is counted. What was found decides only
which targets are listed: a share of what was found among what was found would say nothing, so the numbers beside a
listed target are of all its measurements. A filter that there is not is an error and never left out in silence, for
counts that look narrowed and are not would be believed.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec

PARTS = ("sites", "words")
"""What is counted apart, the first unless the other is asked for."""
_LONGEST = 500
"""Characters of one value; no host, word or name that is measured needs more."""
_MOST = 200
"""Values of all filters together."""
_TEXTS = frozenset(
    "q country network domain target category experiment label group mechanism evidence outcome".split()
)
_DAYS = frozenset({"since", "until"})
FOUND = ("group", "mechanism", "evidence", "outcome")
"""Filters that decide which targets are listed, and never what is counted."""


class WantedError(ValueError):
    """An address asks for what there is not; the text says what to write."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is meant: each field that is not empty has to hold, and one of its values suffices."""

    part: str = PARTS[0]
    q: tuple[str, ...] = ()
    """Found in the name of a target or its host, in any case."""
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


def only(asked: Wanted, names: Sequence[str]) -> None:
    """See that a list is not asked for what it cannot be narrowed by; which page of it is always one's to say.

    Raises:
        WantedError: It is.
    """
    for name, _, _ in asked.given():
        if name not in names:
            raise WantedError(f"{name}: this list has no such filter; take one of {', '.join(names)}")


def wanted(pairs: Iterable[tuple[str, str]], groups: Sequence[str] = ()) -> Wanted:
    """What the pairs of an address ask for; those without a value, which forms send, ask for nothing.

    Raises:
        WantedError: There is no such filter, or a value is none of its kind.
    """
    texts: dict[str, list[str]] = {}
    found: dict[str, Any] = {}
    for name, value in _given(pairs):
        if name in _TEXTS:
            texts.setdefault(name, []).append(_folded(name, value))
        elif name == "asn":
            texts.setdefault(name, []).append(value)
        elif name in _DAYS:
            found[name] = _day(name, value)
        elif name in {"page", "columns"}:
            found[name] = _number(name, value)
        elif name == "part" and value in PARTS:
            found[name] = value
        else:
            raise WantedError(_unknown(name, value))
    for group in texts.get("group", ()):
        if groups and group not in groups:
            raise WantedError(f"group={group[:40]}: there is none; take one of {', '.join(groups)}")
    numbers = tuple(_asn(value) for value in texts.pop("asn", ()))
    found |= {name: tuple(dict.fromkeys(values)) for name, values in texts.items()}
    return Wanted(**found, asn=numbers)


def _given(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs that have a value; a part of one would be another question than was asked."""
    given = [(name, value.strip()) for name, value in pairs if value.strip()]
    if len(given) > _MOST:
        raise WantedError(f"{len(given)} values are too many; {_MOST} are the most")
    for name, value in given:
        if len(value) > _LONGEST:
            raise WantedError(f"{name[:40]}: {len(value):,} characters are too many; {_LONGEST} are the most")
    return given


def _folded(name: str, value: str) -> str:
    """As the columns have it."""
    if name in {"country", "category"}:
        return value.upper()
    return value.lower() if name == "domain" else value


def _unknown(name: str, value: str) -> str:
    if name == "part":
        return f"part={value[:40]}: there is none; take one of {', '.join(PARTS)}"
    every = sorted({*_TEXTS, *_DAYS, "asn", "part", "page", "columns"})
    return f"{name[:40]}: there is no such filter; take one of {', '.join(every)}"


def _day(name: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise WantedError(f"{name}={value[:20]}: is no day; write e.g. {name}=2026-11-01") from None


def _number(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and 0 < len(value) <= 6 and int(value)):
        raise WantedError(f"{name}={value[:20]}: is no number of a page; write e.g. {name}=2")
    return int(value)


def _asn(value: str) -> int:
    bare = value.upper().removeprefix("AS")
    if not (bare.isascii() and bare.isdigit() and len(bare) <= 10):
        raise WantedError(f"asn={value[:20]}: is no AS number; write e.g. asn=64501")
    return int(bare)
