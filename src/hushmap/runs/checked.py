"""When each platform's manifest was last seen to read its platform: kept on this computer.

A manifest is known by the hash of what it says, so that one that was changed is one that was not checked.
"""

import hashlib
from pathlib import Path

import msgspec

from hushmap.model import Platform
from hushmap.runs.xdg import data_dir, keep, kept


class PlatformCheck(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One check."""

    platform: str
    sha256: str
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

    def add(self, platform: Platform, when: str, amiss: tuple[str, ...] = ()) -> None:
        """Keep what came of a check."""
        line = PlatformCheck(platform=platform.id, sha256=manifest_hash(platform), when=when, amiss=amiss)
        keep(self.path, msgspec.json.encode(line))

    def last(self, platform: Platform) -> PlatformCheck | None:
        """The newest check of this very manifest."""
        known = manifest_hash(platform)
        return next((one for one in reversed(tuple(kept(self.path, _line))) if one.sha256 == known), None)

    def passed_on(self, platform: Platform, day: str) -> bool:
        """Whether the newest check passed, and is of that day (`YYYY-MM-DD`, UTC)."""
        last = self.last(platform)
        return last is not None and not last.amiss and last.when[:10] == day
