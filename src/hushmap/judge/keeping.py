"""A stream that can be read once, kept on the disk for as long as our own records in it are read a second time.

What lies elsewhere or comes from a pipe should not be asked for twice, and whether it has to be read twice is known
only when some of it was read. So its beginning is remembered until then: forgotten where it holds others'
measurements, which may be larger than any disk, and copied to a temporary file where it holds ours.
"""

import tempfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from hushmap.runs import Input, RunsError

_PIECE = 1024 * 1024
"""Bytes that are copied at a time."""


class Stream:
    """A stream that knows how much was read of it, how it begins, and what was read until it is told to forget."""

    def __init__(self, one: Input, stream: BinaryIO) -> None:
        """`stream` is `one`, opened; a file of this computer can be opened again, and is not remembered."""
        self._one = one
        self._read = getattr(stream, "read1", stream.read)
        self._size = self._told = 0
        self._held: list[bytes] | None = [] if one.path is None or one.size is None else None
        self.head = b""

    def read(self, size: int) -> bytes:
        """At most `size` bytes, as soon as there are some."""
        data: bytes = self._read(size)
        self.head = self.head if self._size else data[:8]
        self._size += len(data)
        if self._held is not None:
            self._held.append(data)
        return data

    def more(self) -> int:
        """What was read since this was last asked."""
        more, self._told = self._size - self._told, self._size
        return more

    def forget(self) -> None:
        """It need not be read again."""
        self._held = None

    def again(self) -> Iterator[Input | None]:
        """The whole as an input that may be opened as often as needed, as long as this is not resumed or closed.

        While what is left is copied `None` comes, piece by piece.

        Raises:
            RunsError: It cannot be read to its end, or there is no room for the copy.
        """
        if self._held is None:
            yield self._one
            return
        name, held = self._one.name, self._held
        self.forget()
        try:
            with tempfile.TemporaryFile() as copy:
                copy.writelines(held)
                del held
                while data := self.read(_PIECE):
                    copy.write(data)
                    yield None
                copy.flush()
                yield Input(name=name, open=lambda: _reopened(copy.fileno()), size=self._size)
        except OSError as error:
            what = f"cannot be kept while it is read: {error.strerror or error}"
            raise RunsError(name, what, "save it to a file and give that") from None


def _reopened(number: int) -> BinaryIO:
    file = open(number, "rb", closefd=False)  # noqa: SIM115 (whoever opens an input closes it)
    file.seek(0)
    return cast("BinaryIO", file)
