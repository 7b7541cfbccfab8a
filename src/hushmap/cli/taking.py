"""Bytes that a person named by file, folder or address, before anybody has looked into them."""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import msgspec

from hushmap.cli import screen
from hushmap.cli.asking import may_lead
from hushmap.cli.fault import Fault
from hushmap.cli.wording import size
from hushmap.remote import download

UNTOLD = "not told"
"""The licence of what a person took from somewhere without saying."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """One file, wherever it came from."""

    name: str
    """Its own name, without folders."""
    source: str
    """As it was named."""
    data: bytes


def take(places: Iterable[str], limit: int, pattern: str) -> tuple[Taken, ...]:
    """The files and addresses, each whole; of a folder those that match `pattern`, but no legends.

    Raises:
        Fault: One of them cannot be read, or is longer than `limit` bytes.
        RunsError: An address cannot be had.
    """
    return tuple(one for place in places for one in _take(place, limit, pattern))


def _take(place: str, limit: int, pattern: str) -> Iterator[Taken]:
    path = Path(place)
    if "://" in place and not path.exists():
        yield fetch(place, limit)
    elif path.is_dir():
        names = [one for one in sorted(path.glob(pattern)) if one.is_file() and not one.name.startswith((".", "00-"))]
        if not names:
            raise Fault(f"{place}: holds no file of the kind {pattern}; name the files")
        for one in names:
            yield _read(one, limit)
    else:
        yield _read(path, limit)


def fetch(url: str, limit: int) -> Taken:
    """The file at an address; which address, and how much came, is told."""
    screen.note(f"Fetching {url}")
    data = download(url, limit, screen.note, leads=may_lead)
    screen.note(f"{size(len(data))} came")
    return Taken(name=PurePosixPath(unquote(urlsplit(url).path)).name or "index", source=url, data=data)


def _read(path: Path, limit: int) -> Taken:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Fault(f"{path}: {reason}; check the name and its permissions") from None
    if len(data) > limit:
        raise Fault(f"{path}: is longer than {limit:,} bytes; check that it is the right file")
    return Taken(name=path.name, source=str(path), data=data)
