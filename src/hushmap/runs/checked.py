"""When each platform's manifest was last seen to read its platform: kept on this computer.

A manifest is known by the hash of what it says, so that one that was changed is one that was not checked.
"""

import hashlib
from pathlib import Path

import msgspec

from hushmap.model import Platform, Section
from hushmap.runs.xdg import data_dir, keep, kept


class PlatformCheck(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One check."""

    platform: str
    sha256: str
    part: Section = Section.SEARCH
    """Which part of it; neither tells of the other."""
    when: str
    """UTC."""
    amiss: tuple[str, ...] = ()
    """Why it did not pass."""


_line: msgspec.json.Decoder[PlatformCheck] = msgspec.json.Decoder(PlatformCheck)


def manifest_hash(platform: Platform) -> str:
    """By what a manifest is known."""
    return hashlib.sha256(msgspec.json.encode(platform)).hexdigest()


class PlatformChecks:
    """The checks of the person who runs this."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: another file than the person's own."""
        self.path = path or data_dir() / "platform-checks.jsonl"

    def add(self, platform: Platform, part: Section, when: str, amiss: tuple[str, ...] = ()) -> None:
        """Keep what came of a check."""
        known = manifest_hash(platform)
        line = PlatformCheck(platform=platform.id, sha256=known, part=part, when=when, amiss=amiss)
        keep(self.path, msgspec.json.encode(line))

    def last(self, platform: Platform, part: Section) -> PlatformCheck | None:
        """The newest check of this part of this very manifest."""
        known = (manifest_hash(platform), part)
        every = reversed(tuple(kept(self.path, _line)))
        return next((one for one in every if (one.sha256, one.part) == known), None)

    def passed_on(self, platform: Platform, part: Section, day: str) -> bool:
        """Whether the newest check of a part passed, and is of that day (`YYYY-MM-DD`, UTC)."""
        last = self.last(platform, part)
        return last is not None and not last.amiss and last.when[:10] == day
