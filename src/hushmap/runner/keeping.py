"""What is to be kept, gathered: it goes to the disk together, beside the loop, and only then is acted upon.

A sync takes from a tenth of a millisecond to a fifth of a second (a memory card), and a loop that waits for it hears
nothing of the network meanwhile: answers would look late, and time-outs would fall that nobody made. So what has
ended is gathered while the last gathering is being written, and each costs one sync, however much it is. What is kept
is acted on in the order in which it was written, and not before all of it is on the disk.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from hushmap.model import Amend, Record, Trial, Void
from hushmap.runner.ports import Folder

Act = Callable[[], object]
Aside = Callable[[Act], Awaitable[object]]
"""Has work done, beside the loop if there is such a place."""


async def at_once(work: Act) -> None:
    """Where nothing has to go on meanwhile."""
    work()


class Keeper:
    """Stands before a run's folder: takes what is to be written, and what follows once it is."""

    def __init__(self, folder: Folder, aside: Aside) -> None:
        self._folder, self._aside = folder, aside
        self._writes: list[Act] = []
        self._then: list[Act] = []
        self.writing: asyncio.Task[list[Act]] | None = None
        """What is being written; its result is what follows."""

    @property
    def idle(self) -> bool:
        """Whether everything was written and acted upon."""
        return self.writing is None and not self._writes and not self._then

    def then(self, act: Act) -> None:
        """Act once all that was given so far is on the disk."""
        self._then.append(act)

    def journal_append(self, trial: Trial, target: int) -> None:
        """Keep a trial."""
        self._writes.append(partial(self._folder.journal_append, trial, target))

    def journal_void(self, target: int, voids: tuple[Void, ...]) -> None:
        """Keep that trials count no more."""
        self._writes.append(partial(self._folder.journal_void, target, voids))

    def journal_mark(self, name: str, t: float = 0.0, **facts: Any) -> None:
        """Keep an event of the run."""
        self._writes.append(partial(self._folder.journal_mark, name, t, **facts))

    def seal(self, record: Record, target: int) -> None:
        """Keep a finished target's record."""
        self._writes.append(partial(self._folder.seal, record, target))

    def amend(self, amend: Amend) -> None:
        """Keep that trials of a sealed record count no more."""
        self._writes.append(partial(self._folder.amend, amend))

    def go(self) -> None:
        """Begin to write what was gathered, unless something is being written; that is heard of by `writing`."""
        if self.writing is None and (self._writes or self._then):
            (writes, then), self._writes, self._then = (self._writes, self._then), [], []
            self.writing = asyncio.get_running_loop().create_task(self._write(writes, then))

    def act(self) -> None:
        """Do what follows from what has been written, if that is over; a fault of the disk comes out here."""
        if self.writing is not None and self.writing.done():
            writing, self.writing = self.writing, None
            for act in writing.result():
                act()

    async def finish(self) -> None:
        """Write, and act, until nothing is left."""
        while not self.idle:
            self.go()
            if self.writing is not None:
                await asyncio.wait((self.writing,))
            self.act()

    async def _write(self, writes: list[Act], then: list[Act]) -> list[Act]:
        def work() -> None:
            with self._folder.together():
                for write in writes:
                    write()

        if writes:
            await self._aside(work)
        return then
