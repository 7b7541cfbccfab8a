"""Measures cells without a kernel: the same product on the same censors, in a time that is not waited for.

It computes where a lab waits, so that each cell has a process and each process a processor. What a kernel does to
packets is not in it (lab/pure): it is for a quick look, and for the many innocents that no lab has time for.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

import hushmap.lab
from hushmap.lab.scoring_cell import Result
from hushmap.lab.scoring_labels import Cell

_PURE = "hushmap.lab.pure.cell"
"""Loaded by the workers only, through the room's door: it loads the whole product."""


@contextmanager
def pure_cells(jobs: int) -> Iterator[Callable[[Cell], Result]]:
    """What measures a cell in another process; may be called from `jobs` threads at once."""
    context = multiprocessing.get_context("forkserver")  # a fork would copy the threads of this process
    context.set_forkserver_preload([_PURE])
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin)
    try:
        yield lambda cell: pool.submit(_measured, cell).result()
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Ctrl-C means the process that was started, which ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _measured(cell: Cell) -> Result:
    """What the product's fault makes an error row of is pure_cell's business."""
    found: Result = hushmap.lab.pure_cell(cell)
    return found
