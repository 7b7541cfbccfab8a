"""What is to be studied, kept before there are data: which event of the register, as it then was, and when.

A study that was chosen after its data were there can find something in nearly any of them. So a person may keep an
event beforehand: one JSON line beside the consents, with the hash of the event's file. It shows that to nobody else,
and a study says what it rests on; who wants it to count for others commits the register in public before.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from hushmap.runs.xdg import data_dir, keep, kept


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """One event that is to be studied."""

    campaign: str
    sha256: str
    """Of its file in the register."""
    days: int | None = None
    """The window that is to be looked at, from its start; `None`: as long as the event."""
    by: str | None = None
    """How the series is read, as `campaign study` takes it: whose series of their own, ..."""
    count: str | None = None
    order: str | None = None
    where: tuple[str, ...] = ()
    observed: str | None = None
    """The file of the days on which somebody looked: its place."""
    observed_sha256: str | None = None
    """And of what it then held; `None`: it was not there yet."""
    shares: str | None = None
    when: str = ""
    """UTC."""


_line: msgspec.json.Decoder[Foreseen] = msgspec.json.Decoder(Foreseen)


class ForeseenRegister:
    """What the person who runs this has kept."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: another file than the person's own."""
        self.path = path or data_dir() / "campaigns.jsonl"

    def add(self, one: Foreseen) -> None:
        """Keep it."""
        keep(self.path, msgspec.json.encode(one))

    def all(self) -> Iterable[Foreseen]:
        """Everything that was kept, oldest first; a line that cannot be read foresaw nothing."""
        return kept(self.path, _line)

    def of(self, asked: Foreseen) -> tuple[Foreseen, ...]:
        """All that was kept, oldest first, of the same event read the same way, whatever days were observed.

        Those days may be written as the data come: whoever studies them tells whether the file is as it was.
        """
        meant = _choices(asked)
        return tuple(one for one in self.all() if _choices(one) == meant)


def _choices(one: Foreseen) -> Foreseen:
    """What a person chose, whenever that was kept."""
    return msgspec.structs.replace(one, when="", observed_sha256=None)
