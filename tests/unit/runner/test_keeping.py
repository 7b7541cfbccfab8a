"""What is to be kept goes to the disk together, and is acted upon afterwards."""

import asyncio

import pytest

from hushmap.model import Void
from hushmap.runner.keeping import Keeper, at_once
from unit.runner.fakes import FakeFolder, World, carry, plan_of, sites

VOIDS = (Void(trial=1, reason="residual"),)


class Disk:
    """A disk that takes its time."""

    def __init__(self):
        self.free = asyncio.Event()
        self.times = 0

    async def write(self, work):
        self.times += 1
        await self.free.wait()
        work()


def test_nothing_is_acted_on_before_it_is_on_the_disk():
    """What follows waits for the writing, in order; what comes meanwhile is written together, afterwards."""

    async def go():
        disk, folder, told = Disk(), FakeFolder("run"), []
        keeper = Keeper(folder, disk.write)
        keeper.journal_void(1, VOIDS)
        keeper.then(lambda: told.append("first"))
        keeper.go()
        await asyncio.sleep(0)
        keeper.journal_void(2, VOIDS)
        keeper.journal_void(3, VOIDS)
        keeper.then(lambda: told.append("second"))
        keeper.go()
        keeper.act()
        assert (told, folder.voids, keeper.idle) == ([], [], False)
        disk.free.set()
        await keeper.finish()
        assert [target for target, _ in folder.voids] == [1, 2, 3]
        assert (told, disk.times, keeper.idle) == (["first", "second"], 2, True)

    asyncio.run(go())


def test_what_needs_no_writing_does_not_touch_the_disk():
    """An act alone waits for its turn and for nothing else."""

    async def go():
        disk, told = Disk(), []
        keeper = Keeper(FakeFolder("run"), disk.write)
        keeper.then(lambda: told.append("act"))
        await keeper.finish()
        assert (told, disk.times) == (["act"], 0)

    asyncio.run(go())


def test_a_fault_of_the_disk_comes_out_where_it_is_acted_on():
    """And nothing that should follow does."""

    async def go():
        folder, told = FakeFolder("run"), []
        folder.journal_void = lambda *_: 1 / 0
        keeper = Keeper(folder, at_once)
        keeper.journal_void(1, VOIDS)
        keeper.then(lambda: told.append("act"))
        with pytest.raises(ZeroDivisionError):
            await keeper.finish()
        assert (told, keeper.idle) == ([], True)

    asyncio.run(go())


def test_a_slow_disk_changes_no_record():
    """A run whose every writing takes a fifth of a second ends with the trials of one that waits for none."""
    plan = plan_of(*sites(*(f"site-{number}.example" for number in range(12))))

    async def slowly(work):
        await asyncio.sleep(0.2)
        work()

    world = World()
    world.cut_names.add("site-3.example")
    runs = [carry(plan, world, aside=aside) for aside in (at_once, slowly)]
    assert {run.ended.code for run in runs} == {0}
    asked = [
        sorted((trial.id, trial.failed is None) for _, trial in run.folder.trials if trial.id >= 10_000)
        for run in runs
    ]
    assert asked[0] == asked[1]
