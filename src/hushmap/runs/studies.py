"""Which questions were put to which series: kept before the data are read, with what came of each.

Who asks one series again and again finds something at last. So every study leaves a line before it reads its data,
with the hash of the register as it then was, and one afterwards with its p values; the next study of the same series
is adjusted for all of them. The same question asked again is one question. A series is known by the paths that it
was read from and by the hash of its table, so that a copy, or a table that grew, is still the same.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from hushmap.runs.xdg import data_dir, keep, kept


class StudyAsked(msgspec.Struct, frozen=True, kw_only=True, tag_field="line", tag="asked"):
    """A study began."""

    campaign: str
    register: str
    """Hash of the register."""
    question: str
    """Hash of all that was chosen: the campaign, the window, rows and columns."""
    paths: tuple[str, ...]
    """Where the series was to be read."""
    when: str
    """UTC."""


class StudyAnswered(msgspec.Struct, frozen=True, kw_only=True, tag_field="line", tag="answered"):
    """And what came of it."""

    question: str
    series: tuple[str, ...]
    """By what the series is known: any of them suffices."""
    p: tuple[float, ...]
    """Of the tests that were the question, adjusted for nothing."""
    when: str


_line: msgspec.json.Decoder[StudyAsked | StudyAnswered] = msgspec.json.Decoder(StudyAsked | StudyAnswered)


class StudyRegister:
    """What the person who runs this has asked so far."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: another file than the person's own."""
        self.path = path or data_dir() / "studies.jsonl"

    def add(self, line: StudyAsked | StudyAnswered) -> None:
        """Keep a line; it is on the disk when this returns."""
        keep(self.path, msgspec.json.encode(line))

    def all(self) -> Iterable[StudyAsked | StudyAnswered]:
        """Every line, oldest first; one that cannot be read tells of no study."""
        return kept(self.path, _line)

    def earlier(self, series: Iterable[str], question: str) -> tuple[float, ...]:
        """P of other questions that were put to this series, each question as it was answered last."""
        names, found = {*series}, dict[str, tuple[float, ...]]()
        for line in self.all():
            if isinstance(line, StudyAnswered) and line.question != question and names & {*line.series}:
                found[line.question] = line.p
        return tuple(p for each in found.values() for p in each)
