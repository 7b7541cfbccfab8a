"""Marks of block notices, from our own files and from any that a person adds.

A file is known by what it holds, not by its name: our columns, which are OONI's, so that its files can be given as
they are; Citizen Lab's; Censored Planet's JSON lines. A person's own file stops at its first fault. A published
collection is nobody's to correct here: its rows that cannot be used, or whose names another mark has, are left out
and told. The hash covers the bytes of every file in a fixed order: a verdict that rests on a fingerprint names the
hash, and the same hash means the same marks.
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

    path: str
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


def marks_files(paths: Iterable[Path | str] = ()) -> tuple[MarksFile, ...]:
    """What every shipped file holds, then those of `paths`, each beside those before it; one that comes twice, once.

    Raises:
        CatalogError: as `read_marks`; or a person's own file gives a name that is taken to another mark.
    """
    files = [*sorted((probes_dir() / "fingerprints").glob("*.csv")), *(Path(path) for path in paths)]
    sources = {source.sha256: source for source in map(read, files)}
    found: dict[_Name, Fingerprint] = {}
    return tuple(_read(source, found) for source in sources.values())


def fingerprints(paths: Iterable[Path | str] = ()) -> Knowledge:
    """Every shipped fingerprint, then those of `paths`, in that order; a file that is given twice counts once.

    Raises:
        CatalogError: as `marks_files`.
    """
    files = marks_files(paths)
    whole = hashlib.sha256("".join(f"{file.sha256}\n" for file in files).encode())
    found = {_name(mark): mark for file in files for mark in file.fingerprints}
    return Knowledge(fingerprints=tuple(found.values()), sha256=whole.hexdigest())


_Name = tuple[str, bool]
"""A mark's name, and whether it is of DNS: OONI's two files share names."""


def _name(mark: Fingerprint) -> _Name:
    return mark.id, mark.where == "dns"


def _read(source: Text, found: dict[_Name, Fingerprint]) -> MarksFile:
    """The file; what it adds goes into `found`."""
    known = CENSORED_PLANET if is_planet(source) else form(source)
    if known is None:
        raise source.fault(1, 1, "no file of fingerprints in a format that is known here",
                           "give columns (name,scope,location_found,pattern_type,pattern ...) or JSON lines "
                           'with "fingerprint" and "pattern"')  # fmt: skip
    rows, usable = 0, False
    marks: dict[_Name, Fingerprint] = {}
    faults: list[CatalogError] = []
    for entry in _READERS[known](source):
        rows, mark = rows + 1, entry.found
        if isinstance(mark, Fingerprint):
            usable = True
            if found.setdefault(_name(mark), mark) == mark:
                marks[_name(mark)] = mark
                continue
            remedy = "give it another name" if known == OWN else "the first mark of that name stays"
            mark = entry.fault("name", f"{shown(mark.id)} is already taken", remedy)
        if known == OWN:
            raise mark
        faults.append(mark)
    if faults and not usable:
        raise faults[0]
    return MarksFile(
        path=source.path,
        form=known,
        sha256=source.sha256,
        rows=rows,
        fingerprints=tuple(marks.values()),
        faults=tuple(faults),
    )
