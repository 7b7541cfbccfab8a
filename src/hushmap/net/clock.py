"""The one Clock: run time, wall time, sleep, run ids and seeds.

`runner` and `cli` take time and chance from here and nowhere else, so that a test can put another clock in their
place. Run time is monotonic (a step never ends before it began, whatever the wall clock does) and counts from the
run's origin, so that a resumed run goes on where it stopped.
"""

import asyncio
import secrets
import time
from datetime import UTC, datetime, timedelta

_ISO = "%Y-%m-%dT%H:%M:%SZ"


class Clock:
    """Seconds since `origin`, which is now unless a run is resumed."""

    def __init__(self, origin: datetime | None = None) -> None:
        wall = datetime.now(UTC)
        self.origin = wall if origin is None else origin.astimezone(UTC)
        self._zero = time.monotonic() - (wall - self.origin).total_seconds()

    def now(self) -> float:
        """Seconds since the run's origin."""
        return time.monotonic() - self._zero

    def wall(self) -> datetime:
        """What this computer believes the time is, in UTC."""
        return datetime.now(UTC)

    def iso(self, t: float | None = None) -> str:
        """Run time `t` (by default now) as `YYYY-MM-DDTHH:MM:SSZ`."""
        return (self.origin + timedelta(seconds=self.now() if t is None else t)).strftime(_ISO)

    async def sleep(self, seconds: float) -> None:
        """Wait; a negative duration is none."""
        await asyncio.sleep(max(0.0, seconds))

    def run_id(self) -> str:
        """A name for a run: its minute, and four hex digits that keep two runs of one minute apart."""
        return f"{self.origin:%Y%m%dT%H%MZ}-{secrets.token_hex(2)}"

    def seed(self) -> int:
        """A fresh seed below 2**53: JSON readers keep every bit of it."""
        return secrets.randbits(53)
