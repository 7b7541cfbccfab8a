"""The loop whose time is not waited for."""

import asyncio
import time

import pytest

from hushmap.lab.pure.loop import StuckError, VirtualLoop, run


def test_an_hour_passes_at_once_and_in_order():
    """What is due later comes later, by the loop's time, and nobody waits."""
    seen = []

    async def one(after):
        await asyncio.sleep(after)
        seen.append((after, round(asyncio.get_running_loop().time(), 6)))

    async def main():
        await asyncio.gather(one(3600.0), one(1.5), one(0.0))

    began = time.monotonic()
    run(main())
    assert seen == [(0.0, 0.0), (1.5, 1.5), (3600.0, 3600.0)]
    assert time.monotonic() - began < 5


def test_a_time_out_is_one():
    """Asyncio's own time-outs go by the loop's time."""

    async def main():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(8.0):
                await asyncio.sleep(9.0)
        return asyncio.get_running_loop().time()

    assert run(main()) == pytest.approx(8.0)


def test_nothing_due_is_a_fault():
    """Where everybody waits for nobody, the model says so instead of hanging."""

    async def main():
        await asyncio.get_running_loop().create_future()

    with pytest.raises(StuckError, match="nothing is due"):
        run(main())


def test_its_time_begins_at_zero():
    """Equal runs have equal times."""
    loop = VirtualLoop()
    assert loop.time() == 0.0
    loop.close()
