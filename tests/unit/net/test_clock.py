"""The one Clock."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

from hushmap.net.clock import Clock


def test_a_new_clock_starts_at_zero_and_goes_on():
    """Run time begins at the clock's making and never goes back."""
    clock = Clock()
    first, second = clock.now(), clock.now()
    assert 0 <= first <= second < 5


def test_a_resumed_clock_goes_on_from_its_origin():
    """With an origin in the past, run time counts from there."""
    clock = Clock(datetime.now(UTC) - timedelta(seconds=100))
    assert 100 <= clock.now() < 105
    assert abs((clock.wall() - clock.origin).total_seconds() - clock.now()) < 1


def test_iso_is_utc_to_the_second():
    """Run time is written as UTC, whatever zone the origin had."""
    clock = Clock(datetime.fromisoformat("2026-11-21T23:33:00+01:00"))
    assert clock.iso(61.9) == "2026-11-21T22:34:01Z"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", clock.iso())


def test_a_run_id_is_its_minute_and_four_digits():
    """The run's name tells when it began."""
    clock = Clock(datetime(2026, 11, 21, 22, 33, 5, tzinfo=UTC))
    assert re.fullmatch(r"20261121T2233Z-[0-9a-f]{4}", clock.run_id())


def test_seeds_differ_and_survive_json():
    """A seed fits in a JSON number without loss."""
    clock = Clock()
    seeds = {clock.seed() for _ in range(8)}
    assert len(seeds) == 8
    assert all(0 <= seed < 2**53 for seed in seeds)


def test_sleeping_for_less_than_nothing_returns():
    """A moment that has passed is not waited for."""
    asyncio.run(Clock().sleep(-5))
