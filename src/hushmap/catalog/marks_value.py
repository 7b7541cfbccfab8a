"""One fingerprint from the texts of its fields, whatever file they stand in, or what is wrong with which of them."""

import ipaddress
import re
from collections.abc import Callable
from typing import NamedTuple

from hushmap.catalog.errors import CatalogError, among, clean, shown
from hushmap.catalog.names import NameFaultError, ascii_name, public_name
from hushmap.model import Fingerprint, expression

KINDS = ("contains", "full", "prefix", "regexp")
SCOPES = ("fp", "injb", "inst", "isp", "nat", "prod", "prov", "unk", "vbw")
"""OONI's (refs/OONI 7), and `unk`: a notice of nobody knows whom."""
MAX_PATTERN = 4_000
"""Characters; the longest pattern in OONI's files has 831."""

SHORTEST = 4
"""Characters; a shorter piece of a page would be found in innocent ones. OONI's shortest are four."""

_HEADER = re.compile(r"header\.([a-z0-9-]+)")
_COUNTRY = re.compile(r"[A-Z]{2}")


class MarkFaultError(ValueError):
    """The field, what is wrong with it, and the remedy, as three arguments."""


class Entry(NamedTuple):
    """A row of a file: a fingerprint, or why it is none."""

    found: Fingerprint | CatalogError
    fault: Callable[[str, str, str], CatalogError]
    """An error about one field of the row, from the field, what is wrong and the remedy."""


def entry(
    fault: Callable[[str, str, str], CatalogError],
    *,
    name: str,
    scope: str,
    place: str,
    kind: str,
    pattern: str,
    countries: str = "",
    domains: str = "",
    source: str = "",
    notes: str = "",
) -> Entry:
    """The row with these fields; `pattern` with the spaces around it."""
    try:
        where = _where(place)
        found = Fingerprint(
            id=_id(name),
            where=where,
            pattern=_pattern(pattern, _one_of("pattern_type", kind, KINDS), where),
            kind=kind,
            scope=_one_of("scope", scope, SCOPES),
            countries=_countries(countries),
            domains=_domains(domains),
            source=source,
            notice=notes,
        )
    except MarkFaultError as error:
        return Entry(fault(*error.args), fault)
    return Entry(found, fault)


def _id(name: str) -> str:
    if not name:
        raise MarkFaultError("name", "no name", "give the fingerprint a name")
    return clean(name)


def _one_of(field: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise MarkFaultError(field, f"unknown {field} {shown(value)}", f"use one of {among(known)}")
    return value


def _where(place: str) -> str:
    text = place.lower()
    if text == "header.location":
        return "location"
    if text in {"body", "title", "dns", "certificate"} or _HEADER.fullmatch(text):
        return text
    remedy = "use body, title, dns, certificate or header.NAME"
    raise MarkFaultError("location_found", f"unknown place {shown(text)}", remedy)


def _pattern(raw: str, kind: str, where: str) -> str:
    # White space around a header's value is none of it (RFC 9110 5.5), nor around a title or a name.
    pattern = raw if where == "body" else raw.strip()
    if where == "dns":
        return _address(pattern)
    if len(pattern) > MAX_PATTERN:
        raise MarkFaultError("pattern", f"longer than {MAX_PATTERN:,} characters", "use a shorter piece of the page")
    if kind == "regexp":
        try:
            expression(pattern)
        except ValueError as error:
            raise MarkFaultError("pattern", str(error), "correct it, or write several rows") from None
    if where in {"body", "title"} and kind != "full" and len(pattern.strip()) < SHORTEST:
        remedy = "use a piece that no innocent page holds"
        raise MarkFaultError("pattern", f"shorter than {SHORTEST} characters", remedy)
    if not pattern.strip():
        raise MarkFaultError("pattern", "no pattern", "write what the notice holds")
    return pattern


def _address(pattern: str) -> str:
    """An address, or a name to which the asked one was made an alias (CNAME)."""
    try:
        return str(ipaddress.ip_address(pattern))
    except ValueError:
        pass
    try:
        return public_name(pattern)
    except NameFaultError:
        what = f"{shown(pattern)} is neither an IP address nor a name"
        raise MarkFaultError("pattern", what, "write one") from None


def _countries(text: str) -> tuple[str, ...]:
    codes = _words(text)
    for code in codes:
        if not _COUNTRY.fullmatch(code):
            raise MarkFaultError(
                "expected_countries", f"{shown(code)} is no country code", "write two capital letters"
            )
    return codes


def _domains(text: str) -> tuple[str, ...]:
    try:
        return tuple(ascii_name(name.removesuffix(".")) for name in _words(text))
    except NameFaultError as error:
        what, remedy = error.args
        raise MarkFaultError("domains", f"a name of {shown(text)} {what}", remedy) from None


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,; ]+", text) if word)
