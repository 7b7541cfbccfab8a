"""Keeps results as they come, so that a score that is ended goes on where it was.

Each is kept under the revision of the program and everything that its lab was made of: a result of other rules, or of
a scenario that has changed since, is measured again and never mixed in. A lab that broke is measured again too.
"""

import hashlib
import threading
from pathlib import Path

import msgspec

from hushmap.lab.scoring_cell import Result
from hushmap.lab.scoring_labels import Cell
from hushmap.lab.scoring_revision import revision


class KeptError(RuntimeError):
    """A state file that cannot be used, or a program that changed while it was measured; one line."""


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a state file; the result is read only where it is wanted."""

    revision: str
    cell: str
    result: msgspec.Raw


class KeptResults:
    """The results of a state file that are true of this program; takes new ones. Safe for threads."""

    def __init__(self, path: Path, *, pure: bool = False) -> None:
        """Read what is there; what was measured without a kernel (`pure`) is kept apart.

        Raises:
            KeptError: It cannot be read, or holds something else.
        """
        self.revision = revision()
        self.strange = 0
        """Results of another revision, which are left alone."""
        self._path = path
        self._pure = pure
        self._lock = threading.Lock()
        self._results: dict[str, Result] = {}
        self._torn = False
        try:
            lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
        except OSError as error:
            raise KeptError(f"{path}: cannot be read: {error.strerror}") from None
        for number, line in enumerate(lines, 1):
            self._read(line, number, last=number == len(lines))

    def of(self, cell: Cell) -> Result | None:
        """The result of this very lab, if there is one."""
        return self._results.get(self._key(cell))

    def take(self, cell: Cell, result: Result) -> None:
        """Keep a result, on the disk before anything else happens.

        Raises:
            KeptError: The program is no longer the one that was started, or the disk refuses.
        """
        if revision() != self.revision:
            raise KeptError("hushmap was changed while it was measured; the same command measures it anew")
        if result.error:
            return
        line = {"revision": self.revision, "cell": self._key(cell), "result": result}
        with self._lock:
            before = b"\n" if self._torn else b""
            self._torn = False
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with self._path.open("ab") as file:
                    file.write(before + msgspec.json.encode(line) + b"\n")
            except OSError as error:
                raise KeptError(f"{self._path}: cannot be written: {error.strerror}") from None

    def _read(self, data: bytes, number: int, *, last: bool) -> None:
        if last and not data.endswith(b"\n"):  # the program was killed while it wrote
            self._torn = True
            return
        try:
            line = msgspec.json.decode(data, type=_Line)
            if line.revision == self.revision:
                self._results[line.cell] = msgspec.json.decode(line.result, type=Result)
            else:
                self.strange += 1
        except msgspec.MsgspecError:
            raise KeptError(f"{self._path}, line {number}: no result of `lab score`; name another file") from None

    def _key(self, cell: Cell) -> str:
        """Everything that a lab is made of, in short."""
        return hashlib.sha256(msgspec.json.encode((cell, self._pure))).hexdigest()
