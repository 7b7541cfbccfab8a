"""Marks of block notices, from our own files and from any that a person adds.

The columns are OONI's (blocking-fingerprints), so that its files can be given as they are; ours are written from
public documents or from memory, and each row says which. The hash covers the bytes of every file in a fixed order: a
verdict that rests on a fingerprint names the hash, and the same hash means the same marks.
"""

import hashlib
import ipaddress
import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from hushmap.catalog.errors import clean, shown
from hushmap.catalog.names import NameFaultError, public_name
from hushmap.catalog.places import probes_dir
from hushmap.catalog.rows import Row, rows
from hushmap.catalog.source import Text, read
from hushmap.model import Fingerprint, Knowledge

KINDS = ("contains", "full", "prefix", "regexp")
SCOPES = ("fp", "injb", "inst", "isp", "nat", "prod", "prov", "vbw")
MAX_PATTERN = 4_000
"""Characters; the longest pattern in OONI's files is a whole page of about 3,000."""

SHORTEST = 4
"""Characters; a shorter piece of a page would be found in innocent ones. OONI's shortest are four."""

_REQUIRED = frozenset({"name", "scope", "location_found", "pattern_type", "pattern"})
_ALLOWED = frozenset({"expected_countries", "source", "notes", "other_names", "confidence_no_fp", "exp_url"})
_HEADER = re.compile(r"header\.([a-z0-9-]+)")
_COUNTRY = re.compile(r"[A-Z]{2}")


def fingerprints(paths: Iterable[Path | str] = ()) -> Knowledge:
    """Every shipped fingerprint, then those of `paths`, in that order; two of the same name are a fault."""
    files = [*sorted((probes_dir() / "fingerprints").glob("*.csv")), *(Path(path) for path in paths)]
    whole = hashlib.sha256()
    found: dict[str, Fingerprint] = {}
    for source in map(read, files):
        whole.update(f"{source.sha256}\n".encode())
        for row, fingerprint in _fingerprints(source):
            if fingerprint.id in found:
                raise row.fault("name", f"{shown(fingerprint.id)} is already taken", "give it another name")
            found[fingerprint.id] = fingerprint
    return Knowledge(fingerprints=tuple(found.values()), sha256=whole.hexdigest())


def _fingerprints(source: Text) -> Iterator[tuple[Row, Fingerprint]]:
    for row in rows(source, required=_REQUIRED, allowed=_ALLOWED):
        if not row.get("name"):
            raise row.fault("name", "no name", "give the fingerprint a name")
        kind = _one_of(row, "pattern_type", KINDS)
        where = _where(row)
        yield (
            row,
            Fingerprint(
                id=clean(row.get("name")),
                where=where,
                pattern=_pattern(row, kind, where),
                kind=kind,
                scope=_one_of(row, "scope", SCOPES),
                countries=_countries(row),
                source=row.get("source"),
                notice=row.get("notes"),
            ),
        )


def _one_of(row: Row, field: str, known: tuple[str, ...]) -> str:
    value = row.get(field)
    if value not in known:
        raise row.fault(field, f"unknown {field} {shown(value)}", f"use one of {', '.join(known)}")
    return value


def _where(row: Row) -> str:
    text = row.get("location_found").lower()
    header = _HEADER.fullmatch(text)
    if text == "header.location":
        return "location"
    if text in {"body", "title", "dns"} or header:
        return text
    raise row.fault("location_found", f"unknown place {shown(text)}", "use body, title, dns or header.NAME")


def _pattern(row: Row, kind: str, where: str) -> str:
    pattern = row.get("pattern")
    if where == "dns":
        try:
            return str(ipaddress.ip_address(pattern))
        except ValueError:
            return _name(row, pattern)
    if len(pattern) > MAX_PATTERN:
        raise row.fault("pattern", f"longer than {MAX_PATTERN:,} characters", "use a shorter piece of the page")
    if kind == "regexp":
        try:
            with warnings.catch_warnings(action="ignore"):  # of what a later Python will read otherwise
                re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            raise row.fault("pattern", f"not a regular expression: {error}", "correct it") from None
    if where in {"body", "title"} and kind != "full" and len(pattern) < SHORTEST:
        raise row.fault("pattern", f"shorter than {SHORTEST} characters", "use a piece that no innocent page holds")
    if not pattern:
        raise row.fault("pattern", "no pattern", "write what the notice holds")
    return pattern


def _name(row: Row, pattern: str) -> str:
    """A name to which the asked one was made an alias (CNAME)."""
    try:
        return public_name(pattern)
    except NameFaultError:
        raise row.fault("pattern", f"{shown(pattern)} is neither an IP address nor a name", "write one") from None


def _countries(row: Row) -> tuple[str, ...]:
    codes = tuple(code for code in re.split(r"[,; ]+", row.get("expected_countries")) if code)
    for code in codes:
        if not _COUNTRY.fullmatch(code):
            raise row.fault("expected_countries", f"{shown(code)} is no country code", "write two capital letters")
    return codes
