"""One file as text, or the place of the first byte that keeps it from being text.

Decks and lists come from spreadsheets and chats: byte-order marks, UTF-16, old Chinese encodings and NUL bytes are
the usual faults, and each has its own remedy. A file is read once; its hash is of exactly the bytes that were parsed.
"""

import hashlib
from pathlib import Path

import msgspec

from hushmap.catalog.errors import CatalogError

MAX_BYTES = 8 * 1024 * 1024
"""Longest file that is read. The longest Citizen Lab list (refs/OONI 7: 1,722 rows) is below 300 kB."""

_MARK = b"\xef\xbb\xbf"
"""UTF-8's own byte-order mark, which spreadsheets write: it is no part of the text."""
_MARKS = {
    b"\xff\xfe": "it is UTF-16: save it as UTF-8",
    b"\xfe\xff": "it is UTF-16: save it as UTF-8",
}


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was parsed."""

    path: str
    text: str
    sha256: str
    typed: bool = False
    """Came from the command line: its pieces are no places in a file."""

    @property
    def name(self) -> str:
        """The file's own name, without its folders."""
        return Path(self.path).name

    def fault(self, line: int, column: int, what: str, remedy: str) -> CatalogError:
        """An error about this file."""
        return CatalogError(self.path, *((0, 0) if self.typed else (line, column)), what, remedy)

    def at(self, index: int) -> tuple[int, int]:
        """Line and column, both from 1, of the character at `index`."""
        return _position(self.text[:index])


def _position(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def read(path: Path) -> Text:
    """Read and decode `path`; `CatalogError` if it is missing, too long, or not plain UTF-8 text."""
    try:
        if not path.is_file():
            what = "is not a file" if path.exists() else "there is no such file"
            raise CatalogError(path, 0, 0, what, "check the name")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, CatalogError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise CatalogError(path, 0, 0, f"cannot be read: {reason}", "check the name and its permissions") from None
    return text_of(str(path), data)


def text_of(path: str, data: bytes) -> Text:
    """`data` as text; `path` is for messages."""
    if len(data) > MAX_BYTES:
        raise CatalogError(path, 0, 0, f"is longer than {MAX_BYTES:,} bytes", "split it into several files")
    for mark, remedy in _MARKS.items():
        if data.startswith(mark):
            raise CatalogError(path, 1, 1, "begins with a byte-order mark", remedy)
    try:
        text = data.removeprefix(_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _position(data.removeprefix(_MARK)[: error.start].decode("utf-8"))
        raise CatalogError(path, line, column, "is not UTF-8", "save it as UTF-8") from None
    nul = text.find("\0")
    if nul >= 0:
        line, column = _position(text[:nul])
        raise CatalogError(
            path, line, column, "holds a NUL byte", "it is no text file, or was damaged: write it anew"
        )
    return Text(path=path, text=text, sha256=hashlib.sha256(data).hexdigest())
