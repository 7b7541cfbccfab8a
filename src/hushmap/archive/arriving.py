"""An input on its way into an archive: its hash, where it belongs, and what came of it so far."""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Self, cast

import msgspec

from hushmap.archive.ledger import Part
from hushmap.judge import Origin
from hushmap.runs import Input, Manifest, RunFolder, RunsError

_PIECE = 1024 * 1024
_PACKED, _TIMES = (".gz", ".zst"), 8
"""How much larger JSON Lines are unpacked: gzip 6, zstd 10 (refs/STORAGE_UI 1)."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One input, and what is known of it beside its bytes."""

    input: Input
    name: str
    """As sources call it."""
    of: int = 0
    """Which PATH it belongs to."""
    run: str | None = None
    """The run, if these are the records of its folder: added again, they take their own place."""
    label: str | None = None
    deck: str | None = None

    @property
    def weight(self) -> int:
        """Bytes, unpacked, as far as can be guessed."""
        return (self.input.size or 0) * (_TIMES if self.input.name.endswith(_PACKED) else 1)


class Item:
    """An entry that is not in the archive yet."""

    def __init__(self, entry: Entry, sha256: str | None, group: int) -> None:
        """Without a hash it is taken while it is read."""
        self.entry, self.group = entry, group
        self._sha256 = sha256
        self._reader: _Hashing | None = None
        self.records = self.rejects = self.twice = 0

    @property
    def input(self) -> Input:
        """What is read."""
        one = self.entry.input
        return one if self._sha256 is not None else msgspec.structs.replace(one, open=self._open)

    def _open(self) -> BinaryIO:
        one = self.entry.input
        self._reader = _Hashing(one.open(), whole=one.path is not None and one.size is not None)
        return cast("BinaryIO", self._reader)

    def origin(self, number: int) -> Origin:
        """What its tasks say of it."""
        return Origin(self.entry.name, number, self.entry.label, self.entry.deck)

    @property
    def late(self) -> bool:
        """Whether its hash was not known before it was read."""
        return self._sha256 is None

    @property
    def sha256(self) -> str | None:
        """Of its bytes; `None`: they were not read yet."""
        return self._sha256 or (self._reader.digest.hexdigest() if self._reader is not None else None)

    def part(self, rules: str, knowledge: str) -> Part:
        """What an import says of it."""
        return Part(
            name=self.entry.name,
            sha256=self.sha256 or hashlib.sha256().hexdigest(),
            run=self.entry.run,
            rules=rules,
            knowledge=knowledge,
            records=self.records,
            rejects=self.rejects,
            twice=self.twice,
        )


class _Hashing:
    """A stream whose bytes are hashed as they are read; of a `whole` one also those that nobody wanted."""

    def __init__(self, stream: BinaryIO, *, whole: bool) -> None:
        self._stream, self._whole = stream, whole
        self._read = getattr(stream, "read1", stream.read)
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._read(size)
        self.digest.update(data)
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        with suppress(OSError):  # what follows damage is not read for records, and part of the hash all the same
            while self._whole and kind is None and self.read(_PIECE):
                pass
        self.close()

    def close(self) -> None:
        self._stream.close()


def hashed(one: Input, *, again: bool = False) -> str | None:
    """The hash of what can be read twice; of a pipe, or of what lies elsewhere, it is taken as it is read.

    What lies elsewhere is read twice if it was judged before, `again`: or it could not take its own place.
    """
    if one.size is None or ("://" in one.name and not again):
        return None
    digest = hashlib.sha256()
    try:
        with one.open() as stream:
            while data := stream.read(_PIECE):
                digest.update(data)
    except (OSError, RunsError):
        return None  # reading it for good says why
    return digest.hexdigest()


def entry_of(one: Input, name: str, of: int = 0) -> Entry:
    """An input with what a run's manifest beside it says."""
    manifest = _manifest(one.path)
    if manifest is None:
        return Entry(input=one, name=name, of=of)
    return Entry(
        input=one, name=name, of=of, run=manifest.run, label=manifest.label or None, deck=manifest.deck or None
    )


def _manifest(path: Path | None) -> Manifest | None:
    if path is None or path.name != "records.jsonl" or not (path.parent / "manifest.json").is_file():
        return None
    try:
        return RunFolder.open(path.parent).manifest
    except RunsError:
        return None  # its records can be read all the same
