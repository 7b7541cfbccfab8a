"""What an archive holds, as its imports say: which files count, and what went into them.

    archive.json                                  the schema's number
    TABLE/day=YYYY-MM-DD/IMPORT-N.parquet         rows
    imports/IMPORT.json                           written last: what it read, and its files with their hashes
    derived/                                      what was computed from all that, each with the archive's hash

A file that no import names does not exist for readers: a crash leaves such files, and the next import removes them.
An import that was judged anew replaces an older one by naming it.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Self

import msgspec

from hushmap.archive.places import Place
from hushmap.archive.schema import SCHEMA, TABLES
from hushmap.runs import RunsError

HEAD, IMPORTS, DERIVED = "archive.json", "imports/", "derived/"

_FILE = re.compile(rf"(?:{'|'.join(TABLES)})/day=\d{{4}}-\d\d-\d\d/[\w-]+\.parquet", re.ASCII)
"""Names of files of rows: an archive may come from anyone, and none leads out of it."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """archive.json."""

    schema: int
    software: str = ""
    """What began it."""


class Part(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One input of an import."""

    name: str
    """As sources call it."""
    sha256: str
    """Of its bytes as they lay there, packed or not."""
    run: str | None = None
    """The run, if it is a run's folder: added again later, it takes its own place."""
    rules: str
    knowledge: str
    records: int = 0
    rejects: int = 0
    twice: int = 0
    """Records that were in the archive already."""


class DataFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of rows."""

    name: str
    sha256: str
    rows: int
    size: int

    @property
    def table(self) -> str:
        """The table that it is a part of."""
        return self.name.partition("/")[0]

    @property
    def day(self) -> str:
        """The day of all its rows."""
        return self.name.split("/")[1].removeprefix("day=")


class Import(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """imports/ID.json."""

    schema: int = SCHEMA
    id: str
    made: str
    """UTC, `YYYY-MM-DDTHH:MM:SSZ`."""
    software: str = ""
    parts: tuple[Part, ...]
    files: tuple[DataFile, ...]
    replaces: tuple[str, ...] = ()
    """Ids of imports that no longer count."""


def import_id(parts: Iterable[Part]) -> str:
    """What an import is: what was read, by which rules and knowledge it was judged, and nothing else."""
    keys = sorted(f"{part.sha256} {part.rules} {part.knowledge}" for part in parts)
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()


def marker(id_: str) -> str:
    """The name of an import's own file."""
    return f"{IMPORTS}{id_}.json"


def encoded(value: Head | Import) -> bytes:
    """A file of an archive that says what it is, for people too."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


class Ledger(msgspec.Struct, frozen=True):
    """The imports that count, oldest first."""

    imports: tuple[Import, ...]
    replaced: tuple[Import, ...] = ()
    """Those that do not, and are still there."""

    @classmethod
    def open(cls, place: Place) -> Self:
        """Read what a place says of itself.

        Raises:
            RunsError: It is no archive, or one of a newer Hushmap, or an import's file is damaged.
        """
        see_head(place)
        markers = ((name, place.read(name)) for name in place.names(IMPORTS) if _is_marker(name))
        # One that is gone by now was replaced, and whoever adds has just removed it.
        found = [_import(f"{place.name}/{name}", data) for name, data in markers if data is not None]
        replaced = frozenset(old for one in found for old in one.replaces if old != one.id)
        live = sorted((one for one in found if one.id not in replaced), key=lambda one: (one.made, one.id))
        return cls(tuple(live), tuple(one for one in found if one.id in replaced))

    @property
    def sha256(self) -> str:
        """The archive's hash: equal where the same inputs were judged by the same rules."""
        return hashlib.sha256("\n".join(sorted(one.id for one in self.imports)).encode()).hexdigest()

    @property
    def files(self) -> dict[str, tuple[DataFile, ...]]:
        """The files that count, by table, in the order of their days."""
        found = sorted((file for one in self.imports for file in one.files), key=lambda file: file.name)
        return {table: tuple(file for file in found if file.table == table) for table in TABLES}


def live(place: Place) -> dict[str, tuple[str, ...]]:
    """The names of the files that count, by table.

    Raises:
        RunsError: as `Ledger.open`.
    """
    return {table: tuple(file.name for file in files) for table, files in Ledger.open(place).files.items()}


def is_archive(place: Place) -> bool:
    """Whether an archive, of whichever schema, is there."""
    return place.read(HEAD) is not None


def see_head(place: Place) -> None:
    """See that an archive is there which can be read.

    Raises:
        RunsError: It is none, or one of a newer Hushmap.
    """
    data = place.read(HEAD)
    if data is None:
        raise RunsError(place.name, "is no archive", "make one: hushmap archive add PATH -o DIR")
    try:
        head = msgspec.json.decode(data, type=Head)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RunsError(f"{place.name}/{HEAD}", str(error), "see what else is there: it may be no archive") from None
    _see_schema(f"{place.name}/{HEAD}", head.schema)


def _see_schema(where: str, number: int) -> None:
    if number > SCHEMA:
        raise RunsError(where, f"schema {number} is newer than this Hushmap reads ({SCHEMA})", "update Hushmap")
    if number < 1:
        raise RunsError(where, f"schema {number} was never in use (1 to {SCHEMA})", "see who wrote it")


def _is_marker(name: str) -> bool:
    inner = name.removeprefix(IMPORTS)
    return inner.endswith(".json") and not inner.startswith(".")


def _import(where: str, data: bytes) -> Import:
    try:
        found = msgspec.json.decode(data, type=Import)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RunsError(where, str(error), "see what is damaged: hushmap archive verify") from None
    _see_schema(where, found.schema)
    odd = next((file.name for file in found.files if not _FILE.fullmatch(file.name)), None)
    if odd is not None:
        raise RunsError(where, f"names {odd[:80]!r}, which is no file of an archive", "see who wrote it")
    return found
