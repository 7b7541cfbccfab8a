"""Marks of block notices, from our own files and from any that a person adds.

A file is known by what it holds, not by its name: our columns, which are OONI's, so that its files can be given as
they are; Citizen Lab's; Censored Planet's JSON lines. A person's own file stops at its first fault. A published
collection is nobody's to correct here: its rows that cannot be used are left out, and `read_marks` says which. The
hash covers the bytes of every file in a fixed order: a verdict that rests on a fingerprint names the hash, and the
same hash means the same marks.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from hushmap.catalog.errors import CatalogError, shown
from hushmap.catalog.marks_planet import CENSORED_PLANET, is_planet, planet_entries
from hushmap.catalog.marks_table import CITIZEN_LAB, OONI, OWN, form, lab_entries, ooni_entries, own_entries
from hushmap.catalog.marks_value import Entry
from hushmap.catalog.places import probes_dir
from hushmap.catalog.source import Text, read, text_of
from hushmap.model import Fingerprint, Knowledge

_READERS: dict[str, Callable[[Text], Iterator[Entry]]] = {
    OWN: own_entries,
    OONI: ooni_entries,
    CITIZEN_LAB: lab_entries,
    CENSORED_PLANET: planet_entries,
}


class MarksFile(msgspec.Struct, frozen=True, kw_only=True):
    """What one file of fingerprints holds."""

    form: str
    """`own`, `OONI`, `Citizen Lab` or `Censored Planet`."""
    sha256: str
    rows: int
    fingerprints: tuple[Fingerprint, ...]
    faults: tuple[CatalogError, ...]
    """One for each row of a published collection that was left out."""


def read_marks(path: str, data: bytes) -> MarksFile:
    """Look through a file of fingerprints; `path` is for messages.

    Raises:
        CatalogError: No format that is known, damaged, a fault in a person's own file, or no row that can be used.
    """
    return _read(text_of(path, data), {})


def fingerprints(paths: Iterable[Path | str] = ()) -> Knowledge:
    """Every shipped fingerprint, then those of `paths`, in that order; a file that is given twice counts once.

    Raises:
        CatalogError: as `read_marks`; or a person's own file gives a name that is taken to another mark.
    """
    files = [*sorted((probes_dir() / "fingerprints").glob("*.csv")), *(Path(path) for path in paths)]
    sources = {source.sha256: source for source in map(read, files)}
    whole = hashlib.sha256()
    found: dict[tuple[str, bool], Fingerprint] = {}
    for source in sources.values():
        whole.update(f"{source.sha256}\n".encode())
        _read(source, found)
    return Knowledge(fingerprints=tuple(found.values()), sha256=whole.hexdigest())


def _read(source: Text, found: dict[tuple[str, bool], Fingerprint]) -> MarksFile:
    """The file; what it adds goes into `found`, by name, DNS apart from pages: OONI's two files share names."""
    known = CENSORED_PLANET if is_planet(source) else form(source)
    if known is None:
        raise source.fault(1, 1, "no file of fingerprints in a format that is known here",
                           "give columns (name,scope,location_found,pattern_type,pattern ...) or JSON lines "
                           'with "fingerprint" and "pattern"')  # fmt: skip
    marks: list[Fingerprint] = []
    faults: list[CatalogError] = []
    for entry in _READERS[known](source):
        if isinstance(entry.found, CatalogError):
            if known == OWN:
                raise entry.found
            faults.append(entry.found)
            continue
        mark = entry.found
        other = found.setdefault((mark.id, mark.where == "dns"), mark)
        if known == OWN and other is not mark and other != mark:
            raise entry.fault("name", f"{shown(mark.id)} is already taken", "give it another name")
        marks.append(mark)
    if not marks and faults:
        raise faults[0]
    return MarksFile(
        form=known,
        sha256=source.sha256,
        rows=len(marks) + len(faults),
        fingerprints=tuple(marks),
        faults=tuple(faults),
    )
