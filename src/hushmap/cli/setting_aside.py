"""Lines that could not be read: kept beside us as they come, so that none is lost and none fills memory."""

from pathlib import Path
from typing import BinaryIO

import msgspec

from hushmap.cli.fault import Fault
from hushmap.runs import Reject

ENOUGH = 100_000
"""Rejects that are written of one PATH; more is no damaged file but one of another kind. All are counted."""
HELD = 1_000
"""Rejects that wait in memory for the first record: if none comes, none of it was records, and nothing is left."""


class Aside:
    """`NAME.rejected.jsonl` in the current folder, written once a record was read, of this PATH or of another."""

    def __init__(self, stem: str) -> None:
        self.path = Path(f"{stem}.rejected.jsonl")
        self.written = 0
        self._waiting: list[Reject] = []
        self._file: BinaryIO | None = None

    def add(self, rejects: list[Reject], *, believed: bool) -> None:
        """Some more; `believed` once a record was read.

        Raises:
            Fault: They cannot be written.
        """
        if believed:
            self._write([*self._waiting, *rejects])
            self._waiting.clear()
        else:
            self._waiting += rejects[: HELD - len(self._waiting)]

    def _write(self, rejects: list[Reject]) -> None:
        kept = rejects[: ENOUGH - self.written]
        if not kept:
            return
        data = b"".join(msgspec.json.encode(reject) + b"\n" for reject in kept)
        try:
            self._file = self._file or self.path.open("wb")
            self._file.write(data)
        except OSError as error:
            raise Fault(f"{self.path}: {error.strerror}; go to a folder in which you may write") from None
        self.written += len(kept)

    def close(self, *, believed: bool) -> None:
        """Write what waited, if a record was read somewhere, and close the file.

        Raises:
            Fault: They cannot be written.
        """
        if believed:
            self.add([], believed=True)
        if self._file is not None:
            try:
                self._file.close()
            except OSError as error:
                raise Fault(f"{self.path}: {error.strerror}; make room on the disk") from None
