"""Is a bundle what `publish` writes, and nothing besides?

Hashes say that it is as whoever packed it left it, and anybody can pack one. So every line is read: it must be a
record as Hushmap writes it, of the run that it stands in, with times as coarse as the bundle says, and masked so far
that `publish` would mask nothing of it again. A run's id holds the hash of what was published of it, so that who
cites the id has said which records they were; and no byte of the file may be one that is looked at by nobody.
"""

import hashlib
import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from hushmap.catalog import exclusions
from hushmap.codec import LINE_LIMIT, decode_line, encode_record
from hushmap.model import Record, Vantage
from hushmap.publish import coarse
from hushmap.publish.fields import DECK, LABEL, PRECISION, Making
from hushmap.publish.hidden import Hidden
from hushmap.publish.naming import Names
from hushmap.publish.reducing import PLACEHOLDER, reduced_again, texts, vantage
from hushmap.runs import Bundle, PublishedRun, RunsError, member_name, open_member

_REMEDY = "do not take it for a published copy; ask whoever gave it to you"
_LOCAL = struct.Struct("<4s5H3I2H")
"""The head of a member (APPNOTE 4.3.7): its last two are the lengths of name and extra field."""
_END = 22
"""Bytes of the end of a zip that has no comment (APPNOTE 4.3.16)."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MANIFEST = "bundle.json"


class _Ports(Names):
    """Ports of a copy are stand-ins already."""

    def port(self, port: int) -> int:
        """As it is."""
        return port


def check_copy(path: Path, bundle: Bundle) -> None:
    """Look at all of a bundle, of which every hash was found to hold.

    Raises:
        RunsError: It is not what `publish` writes; one line with the place.
    """
    fault = _beside(path, bundle)
    if fault:
        raise RunsError(path, fault, _REMEDY)
    for run in bundle.runs:
        for place, fault in _faults(path, bundle, run):
            raise RunsError(f"{path}: {place}", fault, _REMEDY)


def _beside(path: Path, bundle: Bundle) -> str:
    """What the file holds beside its members' contents."""
    with zipfile.ZipFile(path) as packed:
        entries = sorted(packed.infolist(), key=lambda entry: entry.header_offset)
        told = msgspec.json.format(msgspec.json.encode(bundle), indent=1) + b"\n"
        if packed.read(_MANIFEST) != told:
            return f"{_MANIFEST} holds more than a bundle's has, or in another way"
        if packed.comment or any(one.comment or one.date_time != _EPOCH for one in entries):
            return "has a comment, or a time of packing, which no bundle has"
        start, size = packed.start_dir, path.stat().st_size
    at = 0
    with path.open("rb") as file:
        for entry in entries:
            file.seek(at)
            head = file.read(_LOCAL.size)
            if entry.header_offset != at or len(head) < _LOCAL.size:
                return f"holds bytes before {entry.filename[:80]} that belong to nothing"
            *_, name, extra = _LOCAL.unpack(head)
            at += _LOCAL.size + name + extra + entry.compress_size
        file.seek(size - _END)
        counted = struct.unpack("<I", file.read(_END)[12:16])[0]
    return "" if at == start and start + counted + _END == size else "holds bytes that belong to nothing"


def _faults(path: Path, bundle: Bundle, run: PublishedRun) -> Iterator[tuple[str, str]]:
    """What is wrong with one run, and where."""
    name, precision = member_name(run.run), bundle.time_precision
    stamp, _, digits = run.run.partition("Z-")
    if precision not in coarse.PRECISIONS or coarse.moment(run.started, precision) != run.started:
        yield name, f"its time {run.started[:30]!r} is not rounded down to the {precision[:20]}"
    if run.started[:16].replace("-", "").replace(":", "") != stamp:
        yield name, "its id is of another time"
    digest, seen, last = hashlib.sha256(), set[str](), None
    with open_member(path, name) as content:
        while line := content.readline(LINE_LIMIT + 2):
            place = f"{name}:{len(seen) + 1}"
            last = _record(line)
            fault = "is no record as Hushmap writes it" if last is None else _fault(last, run.run, seen, bundle)
            if last is None or fault:
                yield place, fault
                return
            seen.add(last.id)
            digest.update(line.replace(run.run.encode(), PLACEHOLDER.encode(), 2))
    if len(seen) != run.records:
        yield name, f"holds {len(seen):,} records, and its manifest says {run.records:,}"
    if not digest.hexdigest().startswith(digits) or len(digits) < _DIGITS:
        yield name, "these are not the records that its id was made of"
    notes = {} if last is None else last.annotations
    if (run.label, run.deck) != (notes.get(LABEL, ""), notes.get(DECK, "").partition(" ")[0]):
        yield name, "its label or deck is not that of its records"


_DIGITS = 12


def _record(line: bytes) -> Record | None:
    try:
        found = decode_line(line)
        return found if isinstance(found, Record) and encode_record(found) == line else None
    except ValueError:
        return None


def _fault(record: Record, run: str, seen: set[str], bundle: Bundle) -> str:
    """What is wrong with a record; empty if nothing is."""
    if record.run != run or not re.fullmatch(rf"{re.escape(run)}-\d{{4,10}}", record.id) or record.id in seen:
        return "is a record of another run, or stands there twice"
    if record.annotations.get(PRECISION) != bundle.time_precision:
        return "has times of another precision than the bundle"
    making = Making(Hidden((), ()), _Ports(), bundle.time_precision, own_vantage=bundle.own_vantage)
    making.about_words = record.layer is not None
    making.about_resolvers = record.experiment == "encrypted_dns"
    plain = msgspec.structs.replace(record, vantage=Vantage())
    if reduced_again(plain, making) != plain or vantage(record.vantage, making) != record.vantage:
        return "holds what publish masks or leaves out"
    barred = exclusions()
    if any(coarse.tells_login(text) or barred.hit(text) for text in {*texts(record)}):
        return "holds what publish never lets leave"
    return ""
