"""Lists, fingerprints and AS databases: looked into, then put on the shelf. What is not good is not put there.

A list may have bad rows left out, if the person says so. Of a published collection of fingerprints catalog leaves out
what cannot be used, and says so; a person's own file and a database are taken whole or not at all.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec

from hushmap.catalog import CatalogError, Linted, MarksFile, lint_sites, marks_files, read_marks
from hushmap.cli import screen
from hushmap.cli.fault import Fault
from hushmap.cli.taking import Taken
from hushmap.cli.wording import count
from hushmap.runner import Database, VantageError, open_database
from hushmap.runs import Fetched, fetched, store

LIST_BYTES = 8_000_000
"""Longest list (what catalog reads)."""
MARKS_BYTES = 8_000_000
DATABASE_BYTES = 1_000_000_000
"""Databases of cities are of a hundred megabytes; those of networks are of ten."""
DATABASE = "asn.mmdb"
"""There is one at a time."""


class MarksKept(msgspec.Struct, frozen=True, kw_only=True):
    """A file of fingerprints on the shelf."""

    kept: Fetched
    form: str
    """Whose columns it has."""
    bad: int


class ListKept(msgspec.Struct, frozen=True, kw_only=True):
    """A list on the shelf."""

    kept: Fetched
    bad: int
    risky: int


def keep_lists(files: Iterable[Taken], *, licence: str, when: str, skip_bad: bool) -> tuple[ListKept, ...]:
    """Look through lists of sites and keep them, all or none; each bad row is told on stderr.

    Raises:
        Fault: There are bad rows and nobody said to leave them out, or nothing else is left.
    """
    looked: list[tuple[Taken, Linted]] = []
    bad = 0
    for file in files:
        try:
            found = lint_sites(file.source, file.data)
        except CatalogError as fault:
            screen.note(str(fault))
            bad += 1
            continue
        screen.notes(map(str, found.faults))
        bad += len(found.faults)
        looked.append((file, found))
    if bad and not skip_bad:
        what = f"{count(bad, 'fault')} in what was to be kept, and nothing was kept"
        raise Fault(f"{what}; put the rows right, or leave them out with --skip-bad")
    good = [(file, found) for file, found in looked if found.targets]
    if not good:
        raise Fault("no row is left that could be kept; see the lines above")
    return tuple(
        ListKept(
            kept=store(
                "lists", file.name, found.data,
                source=file.source, licence=licence, when=when, rows=len(found.targets),
            ),
            bad=len(found.faults),
            risky=sum(target.risky for target in found.targets),
        )
        for file, found in good
    )  # fmt: skip


def keep_marks(files: Iterable[Taken], *, licence: str, when: str) -> tuple[MarksKept, ...]:
    """Keep files of fingerprints, all or none; every later judgement knows them. Rows left out are told on stderr.

    Raises:
        CatalogError: A fault in one of them, or in one of them together with those that are there.
    """
    read = {file: read_marks(file.source, file.data) for file in files}
    looked = [*(read | _together([*read])).items()]
    for _, found in looked:
        screen.notes(map(str, found.faults))
    return tuple(
        MarksKept(
            kept=store(
                "fingerprints", file.name, file.data,
                source=file.source, licence=licence, when=when, rows=len(found.fingerprints),
            ),
            form=found.form,
            bad=len(found.faults),
        )
        for file, found in looked
    )  # fmt: skip


def _together(files: list[Taken]) -> dict[Taken, MarksFile]:
    """What the files hold beside those on the shelf which they do not replace, in the order of the shelf."""
    with tempfile.TemporaryDirectory() as folder:
        staged = {str(_staged(Path(folder) / str(number), file)): file for number, file in enumerate(files)}
        by_name = {path.name: str(path) for path in fetched("fingerprints")}
        by_name |= {file.name: path for path, file in staged.items()}

        def told(fault: CatalogError) -> CatalogError:
            where = staged[fault.file].source if fault.file in staged else fault.file
            return CatalogError(where, fault.line, fault.column, fault.what, fault.remedy)

        try:
            found = marks_files(by_name[name] for name in sorted(by_name))
        except CatalogError as fault:
            raise told(fault) from None
    return {
        staged[one.path]: msgspec.structs.replace(one, faults=tuple(map(told, one.faults)))
        for one in found
        if one.path in staged
    }


def keep_database(file: Taken, *, licence: str, when: str) -> tuple[Fetched, Database]:
    """Keep a database of networks; it tells the network of every later run, unless the settings name another.

    Raises:
        Fault: It is none.
    """
    with tempfile.TemporaryDirectory() as folder:
        staged = _staged(Path(folder), file)
        try:
            found = open_database(staged)
        except VantageError as error:
            raise Fault(str(error).replace(str(staged), file.source)) from None
    kept = store("asn", DATABASE, file.data, source=file.source, licence=licence, when=when, rows=found.rows)
    return kept, found


def _staged(folder: Path, file: Taken) -> Path:
    """The file under its own name, where nothing else reads it."""
    folder.mkdir(exist_ok=True)
    path = folder / file.name
    try:
        path.write_bytes(file.data)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Fault(f"{file.source}: cannot be looked into: {reason}; make room, or rename it") from None
    return path
