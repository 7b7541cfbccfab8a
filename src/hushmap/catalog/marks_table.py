"""Fingerprints in columns: ours, OONI's (blocking-fingerprints) and Citizen Lab's (filtering-annotations).

OONI took its columns over from Citizen Lab, and a person writes in the same ones. A published collection is known by
columns that only its keepers fill; what else stands in it is read over, because it is not the reader's to correct.
"""

import re
from collections.abc import Iterator

from hushmap.catalog.marks_value import SCOPES, Entry, entry
from hushmap.catalog.rows import Row, rows
from hushmap.catalog.source import Text

OWN, OONI, CITIZEN_LAB = "own", "OONI", "Citizen Lab"

_REQUIRED = frozenset({"name", "scope", "location_found", "pattern_type", "pattern"})
_ALLOWED = frozenset(
    {
        "confidence_no_fp", "domains", "exp_url", "expected_countries", "notes", "other_names", "source",
    }
)  # fmt: skip
_KEPT = frozenset({"confidence_no_fp", "other_names", "exp_url"})
"""Columns that only a collection has, all three of them."""
_LEAST = frozenset({"name", "location_found", "pattern"})
_NOBODYS = "cp.e_unk_"
"""OONI's copies of Censored Planet's pages of unknown makers have the scope `nat`, which says whose they are: nobody
found out since, or they would have a name of OONI's (as `ooni.pt_0` has)."""
_LAB_NAME = re.compile(r"(?:dns_)?(?P<scope>[a-z]+)_")
"""Citizen Lab's names begin with what OONI keeps as the scope: `isp_ru_...`, `dns_nat_...` (OONI's other_names)."""
_LAB_SCOPES = {scope: scope for scope in SCOPES} | {"susp": "isp"}
"""`susp`, suspected, is a provider's in OONI's copies of them."""
_LAB_PLACES = {"header": "header.location"}


def form(source: Text) -> str | None:
    """Whose columns the first line names; `None` if it names no fingerprint's."""
    names = _columns(source)
    if names >= _REQUIRED:
        return OONI if names >= _KEPT else OWN
    if names >= _LEAST and (names & _KEPT or not names & _REQUIRED - _LEAST):
        return CITIZEN_LAB
    return OWN if names & _REQUIRED else None


def own_entries(source: Text) -> Iterator[Entry]:
    """The rows of a person's file; CatalogError for a column that is not known."""
    for row in rows(source, required=_REQUIRED, allowed=_ALLOWED):
        yield _entry(row)


def ooni_entries(source: Text) -> Iterator[Entry]:
    """The rows of OONI's files, as they are but for whose an unknown page is; columns that may come are read over."""
    for row in rows(source, required=_REQUIRED, allowed=_columns(source)):
        yield _entry(row, scope="unk" if row.get("name").startswith(_NOBODYS) else None)


def lab_entries(source: Text) -> Iterator[Entry]:
    """The rows of Citizen Lab's files.

    What is not said in a column is in the name (scope) or goes without saying: an address in an answer is one whole,
    anything else a piece. OONI's copies of these rows show the names; the rest is own knowledge, unchecked.
    """
    for row in rows(source, required=_LEAST, allowed=_columns(source)):
        name = row.get("name")
        begins = _LAB_NAME.match(name)
        place = row.get("location_found").lower()
        yield entry(
            row.fault,
            name=f"cl.{name}" if name else "",
            scope=row.get("scope") or _LAB_SCOPES.get(begins["scope"] if begins else "", ""),
            place=_LAB_PLACES.get(place, place),
            kind=row.get("pattern_type") or ("full" if place == "dns" else "contains"),
            pattern=row.raw("pattern"),
            countries=row.get("expected_countries"),
            source=row.get("source") or CITIZEN_LAB,
            notes=row.get("notes"),
        )


def _entry(row: Row, scope: str | None = None) -> Entry:
    return entry(
        row.fault,
        name=row.get("name"),
        scope=scope or row.get("scope"),
        place=row.get("location_found"),
        kind=row.get("pattern_type"),
        pattern=row.raw("pattern"),
        countries=row.get("expected_countries"),
        domains=row.get("domains"),
        source=row.get("source"),
        notes=row.get("notes"),
    )


def _columns(source: Text) -> frozenset[str]:
    """Every column that the first line names."""
    first = source.text.lstrip("\r\n").partition("\n")[0]
    return frozenset(name.strip(' "\r') for name in first.split(","))
