"""A `.hush` bundle: published records in a zip, with a manifest inside that has the hash of every member.

    bundle.json                what it is, what was masked, and name, size and sha256 of every other member
    runs/RUN/records.jsonl     the reduced records of one run

It comes from strangers, so everything is looked at before anything is read: names are of these two forms and nothing
else, each once; sizes are bounded by what a bundle can be worth; every hash must hold. Nothing is ever unpacked to a
disk, so that no name can lead anywhere. The same contents are the same bytes, whoever packs them and when.
"""

import hashlib
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from hushmap.runs.errors import RunsError, one_line

SCHEMA = "hushmap.bundle/1"
SUFFIX = ".hush"
MANIFEST = "bundle.json"
RECORDS = "records.jsonl"

MOST_MEMBERS = 10_000
"""Runs of one bundle: a cycle every six hours on ten lines for half a year is below."""
MOST_MANIFEST = 16 * 1024 * 1024
MOST_BYTES = 16 * 1024**3
"""Unpacked; the records of ten thousand runs of a hundred sites are below."""
MOST_RATIO = 200
"""Unpacked bytes for each packed one: records come to some 15, and deflate can make 1,032 of one (zlib)."""
_FREE = 1024 * 1024
"""Unpacked bytes of a bundle whose ratio is nobody's business."""

_RUN = re.compile(r"\d{8}T\d{4}Z-[0-9a-f]{1,64}")
_MEMBER = re.compile(rf"runs/({_RUN.pattern})/{re.escape(RECORDS)}")
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every member: the earliest that a zip can hold. When it was packed is nobody's business."""
_PIECE = 1024 * 1024
_REMEDY = "ask whoever published it for the file again"


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One file within."""

    name: str
    sha256: str
    size: int


class PublishedRun(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One run as it was published."""

    run: str
    """Its id in the bundle: its time as coarse as all others, and a hash of what was published of it."""
    started: str
    deck: str = ""
    label: str = ""
    records: int = 0


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """bundle.json."""

    schema: str = SCHEMA
    software: str
    time_precision: str
    """`hour` or `day`: every time was rounded down to it."""
    own_vantage: bool
    """Whether the line's holder let the network be named."""
    runs: tuple[PublishedRun, ...]
    masked: dict[str, int]
    """What was taken out or replaced, by kind, and how often."""
    left_out: int
    """Records of these runs that are not in it."""
    members: tuple[Member, ...]


def member_name(run: str) -> str:
    """Where the records of a run stand."""
    return f"runs/{run}/{RECORDS}"


def is_bundle(name: str) -> bool:
    """Whether a file of this name is meant to be a bundle."""
    return name.endswith(SUFFIX)


def member_of(name: str, content: BinaryIO) -> Member:
    """What the manifest says of a member; `content` is read to its end."""
    digest, size = hashlib.sha256(), 0
    while piece := content.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    return Member(name=name, sha256=digest.hexdigest(), size=size)


def write_bundle(file: BinaryIO, bundle: Bundle, contents: Iterable[tuple[str, BinaryIO]]) -> None:
    """Write a bundle; `contents` has name and content of each of its members, in their order."""
    data = msgspec.json.format(msgspec.json.encode(bundle), indent=1) + b"\n"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        packed.writestr(_entry(MANIFEST), data, compresslevel=9)
        for name, content in contents:
            with packed.open(_entry(name), "w", force_zip64=True) as member:
                while piece := content.read(_PIECE):
                    member.write(piece)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix, whichever system packs it
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    return entry


def read_bundle(path: Path) -> Bundle:
    """The manifest of a bundle of which every member was looked at and every hash holds.

    Raises:
        RunsError: It is none, or holds anything that a bundle does not; one line.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            return _checked(packed, path)
    except RunsError:
        raise  # a ValueError too, and said already
    except OSError as error:
        raise RunsError(path, error.strerror or "cannot be read", "check the name and its permissions") from None
    except _DAMAGED as error:
        raise RunsError(path, f"is no bundle of Hushmap's: {one_line(error)}", _REMEDY) from None


_DAMAGED = (
    ValueError, KeyError, EOFError, IndexError, NotImplementedError, OverflowError, RecursionError, RuntimeError,
    struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What the standard library raises for a damaged zip, as damaging one byte by byte shows."""


def _checked(packed: zipfile.ZipFile, path: Path) -> Bundle:
    entries = packed.infolist()
    fault = _fault(entries, path.stat().st_size)
    if fault:
        raise RunsError(path, fault, _REMEDY)
    bundle = msgspec.json.decode(packed.read(MANIFEST), type=Bundle)
    if bundle.schema != SCHEMA:
        what = f"has the schema {bundle.schema[:60]!r}, and this Hushmap reads {SCHEMA}"
        raise RunsError(path, what, "take a newer hushmap")
    told = {member.name: member for member in bundle.members}
    there = {entry.filename for entry in entries} - {MANIFEST}
    if len(told) != len(bundle.members) or set(told) != there:
        other = sorted(set(told) ^ there)
        what = f"its manifest does not list what it holds ({other[0][:80] if other else 'a name twice'})"
        raise RunsError(path, what, _REMEDY)
    if sorted(member_name(run.run) for run in bundle.runs) != sorted(there):
        raise RunsError(path, "its manifest names other runs than it holds", _REMEDY)
    for name, member in told.items():
        with packed.open(name) as content:
            if member_of(name, cast("BinaryIO", content)) != member:
                raise RunsError(path, f"{name} is not what its manifest says: the hash is another", _REMEDY)
    return bundle


def _fault(entries: list[zipfile.ZipInfo], packed: int) -> str:
    """What is wrong with the list of members, before any of them is read."""
    if len(entries) > MOST_MEMBERS:
        return f"holds {len(entries):,} members, and a bundle has {MOST_MEMBERS:,} at most"
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        return f"holds {next(name for name in names if names.count(name) > 1)[:80]!r} twice"
    if MANIFEST not in names:
        return f"is no bundle of Hushmap's: there is no {MANIFEST} in it"
    for entry in entries:
        name = entry.filename
        if name != MANIFEST and not _MEMBER.fullmatch(name):
            return f"holds {name[:80]!r}, which no bundle has"
        if stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG}:
            return f"{name[:80]} is no plain file"
        if entry.flag_bits & 1:
            return f"{name[:80]} is encrypted"
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            return f"{name[:80]} is packed in a way that no bundle is"
    size = sum(entry.file_size for entry in entries)
    if size > min(MOST_BYTES, max(_FREE, MOST_RATIO * packed)):
        return f"{packed:,} bytes would unpack to {size:,}: more than any records would"
    manifest = next(entry for entry in entries if entry.filename == MANIFEST)
    return f"{MANIFEST} is longer than {MOST_MANIFEST:,} bytes" if manifest.file_size > MOST_MANIFEST else ""


def open_member(path: Path, name: str) -> BinaryIO:
    """One member for reading; a `RunsError` if the bundle is not what it was when it was looked at."""
    try:
        packed = zipfile.ZipFile(path)
        with packed:  # its file stays open for as long as a member of it is
            return cast("BinaryIO", packed.open(name))
    except OSError as error:
        raise RunsError(path, error.strerror or "cannot be read", "check the name and its permissions") from None
    except _DAMAGED as error:
        raise RunsError(path, f"cannot be read: {one_line(error)}", _REMEDY) from None


def members(path: Path) -> Iterator[tuple[str, int, partial[BinaryIO]]]:
    """Name, size and opener of the records of every run in a bundle, after all of it was looked at.

    Raises:
        RunsError: The bundle is not as it should be.
    """
    for member in read_bundle(path).members:
        yield member.name, member.size, partial(open_member, path, member.name)
