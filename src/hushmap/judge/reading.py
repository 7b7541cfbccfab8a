"""Inputs -> records with their places, ours and OONI's.

A file of our own records is read twice, since an amend that voids trials stands after the record that it amends, and
a record that stands twice counts once. A foreign file is read once, as it streams, and remembers nothing: it may be
larger than any memory. Which it is, its first lines say.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

import msgspec

from hushmap.codec import Damaged, Document, decode_any, documents, is_native, read_ooni_lines
from hushmap.judge.keeping import Stream
from hushmap.model import Amend, Record, amended
from hushmap.runs import Input, Reject, RunFolder, RunsError, inputs

LOOKED_AT = 3
"""Documents by which an input is known for ours: more than one, since the first may be damaged."""

_MESSAGE = 300
"""Characters of an error that a person reads."""


_Thing = TypeVar("_Thing")
_Value = TypeVar("_Value")


class Found(msgspec.Struct, frozen=True):
    """A record as the rules are to see it, and where it stands."""

    record: Record
    source: str
    """`file:line`."""


def found_in(one: Input, name: str = "") -> Iterator[Found | Reject]:
    """The records of an input in their order; nothing is raised for what it holds, or if it cannot be opened."""
    name = name or one.name
    try:
        with one.open() as opened:
            stream = Stream(one, opened)
            found = documents(cast("BinaryIO", stream), name)
            first = [*islice(found, LOOKED_AT)]
            if not begins_native(first):
                stream.forget()
                for piece in chain(first, found):
                    yield from read_foreign([piece], name)
                return
            for whole in stream.again():
                if whole is not None:
                    yield from found_in_ours(whole, name)
    except RunsError as error:
        yield Reject(source=f"{name}:1", error=unopened(error))


def found_in_ours(one: Input, name: str) -> Iterator[Found | Reject]:
    """The same of an input that is known to hold records of ours; it is opened twice."""
    try:
        yield from native(lambda: _documents(one, name), name)
    except RunsError as error:
        yield Reject(source=f"{name}:1", error=unopened(error))


def begins_native(first: Iterable[Document | Damaged]) -> bool:
    """Whether one of the first documents of an input says that it is a file of ours."""
    return any(isinstance(piece, Document) and is_native(piece.data) for piece in first)


def _documents(one: Input, name: str) -> Iterator[Document | Damaged]:
    with one.open() as stream:
        yield from documents(stream, name)


def unopened(error: RunsError) -> str:
    """The error without its place, which a reject has for itself."""
    return str(error).removeprefix(f"{error.where}: ")


def safely(source: str, act: Callable[[], _Value]) -> _Value | Reject:
    """What `act` comes to; a bug of ours, which one record in a million may meet, is a reject and harms no other."""
    try:
        return act()
    except Exception as error:  # noqa: BLE001 (said, counted, set aside)
        reason = f"a fault of hushmap, please report it: {type(error).__name__}: {error}"
        return Reject(source=source, error=" ".join(reason.split())[:_MESSAGE])


def all_safely(
    act: Callable[[Sequence[_Thing]], list[_Value]], things: Sequence[_Thing], source: Callable[[_Thing], str]
) -> list[_Value | Reject]:
    """What `act` makes of some things together, one of each; where a bug of ours stops it, of each alone."""
    found = safely(source(things[0]), lambda: act(things))
    if not isinstance(found, Reject):
        return [*found]
    return [found] if len(things) == 1 else [one for thing in things for one in all_safely(act, [thing], source)]


def read_foreign(pieces: Sequence[Document | Damaged], name: str) -> list[Found | Reject]:
    """Some documents of an input whose first are not ours; a dozen at once are read a third faster."""
    return all_safely(partial(_foreign, name), pieces, lambda piece: f"{name}:{piece.number}")


def _foreign(name: str, pieces: Sequence[Document | Damaged]) -> list[Found | Reject]:
    theirs = [
        (piece.data, piece.offset) for piece in pieces if isinstance(piece, Document) and not is_native(piece.data)
    ]
    read = iter(read_ooni_lines(theirs, file=name, digest=False))
    found: list[Found | Reject] = []
    for piece in pieces:
        if isinstance(piece, Damaged):
            one: Record | str = piece.error
        elif is_native(piece.data):
            # Judged here, it would be without the amends that void some of its trials.
            one = "a record of Hushmap's among others': give ours in a file of their own"
        else:
            one = next(read)
        source = f"{name}:{piece.number}"
        found.append(Found(one, source) if isinstance(one, Record) else Reject(source=source, error=_one_line(one)))
    return found


def native(read: Callable[[], Iterable[Document | Damaged]], name: str) -> Iterator[Found | Reject]:
    """The records of a file of ours, amended, each once; `read` is called twice."""
    amends: dict[str, list[Amend]] = {}
    for piece in read():
        if isinstance(piece, Document) and b'"amend"' in piece.data:
            found = safely("", partial(_decoded, piece, name))
            if isinstance(found, Amend):
                amends.setdefault(found.record, []).append(found)
    seen: set[str] = set()
    for piece in read():
        source = f"{name}:{piece.number}"
        found = piece.error if isinstance(piece, Damaged) else safely(source, partial(_decoded, piece, name))
        if isinstance(found, Reject):
            yield found
        elif isinstance(found, str):
            yield Reject(source=source, error=found)
        elif isinstance(found, Record) and found.id not in seen:
            seen.add(found.id)
            yield Found(amended(found, tuple(amends.get(found.id, ()))), source)


def _decoded(piece: Document, name: str) -> Record | Amend | str:
    """What a document holds, or in one line why it cannot be read."""
    if not piece.ended and is_native(piece.data):
        return "the line is cut short: an append that a crash interrupted"
    try:
        return decode_any(piece.data, file=name, offset=piece.offset)
    except ValueError as error:
        return _one_line(str(error))


def _one_line(error: str) -> str:
    return " ".join(error.split())[:_MESSAGE]


def found_in_run(path: Path) -> Iterator[Found | Reject]:
    """The records of the run folder at `path`; none if it was stopped before its first target was finished.

    Raises:
        RunsError: The folder is no run.
    """
    file = RunFolder.open(path).records_path
    if not file.exists():
        return iter(())
    one = next(inputs(file))
    return native(lambda: _documents(one, file.name), file.name)
