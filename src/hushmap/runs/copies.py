"""The register of published copies: which runs were given out, in which file, and when.

A run folder is never changed by what comes after it, so what became of it is kept beside the consents: one JSON line
a copy, on this computer only. Deleting a run does not take a copy back, and the register is how a person is told so.
A line that cannot be read tells of no copy, and is passed over. The ids in it outlive their runs; who wants no trace
of a run on this computer has the register forget it.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from hushmap.runs.lines import numbered, replace
from hushmap.runs.xdg import data_dir, keep, kept


class GivenOut(msgspec.Struct, frozen=True, kw_only=True):
    """One bundle that was written for others."""

    runs: tuple[str, ...]
    """Ids of the runs that it has a copy of."""
    file: str
    """Its name, without the folder."""
    sha256: str
    when: str
    """UTC."""


_line: msgspec.json.Decoder[GivenOut] = msgspec.json.Decoder(GivenOut)


class CopyRegister:
    """The copies that the person who runs this has written."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: another file than the person's own."""
        self.path = path or data_dir() / "published.jsonl"

    def add(self, copy: GivenOut) -> None:
        """Keep that a copy was written."""
        keep(self.path, msgspec.json.encode(copy))

    def all(self) -> Iterable[GivenOut]:
        """Every copy, oldest first."""
        return kept(self.path, _line)

    def of(self, run: str) -> tuple[GivenOut, ...]:
        """The copies of one run."""
        return tuple(copy for copy in self.all() if run in copy.runs)

    def forget(self, run: str) -> int:
        """Keep no more that copies of this run were published; of how many copies that was kept.

        What else a line tells of stays; so does one that cannot be read.
        """
        left: list[bytes] = []
        forgotten = 0
        for _, line in numbered(self.path):
            try:
                copy = _line.decode(line)
            except (ValueError, RecursionError):
                left.append(line)
                continue
            others = tuple(one for one in copy.runs if one != run)
            forgotten += len(others) < len(copy.runs)
            if others:
                left.append(line if others == copy.runs else msgspec.json.encode(_without(copy, others)))
        if forgotten:
            replace(self.path, b"".join(line + b"\n" for line in left))
        return forgotten


def _without(copy: GivenOut, runs: tuple[str, ...]) -> GivenOut:
    return msgspec.structs.replace(copy, runs=runs)
