"""Tasks -> batches in the order of the tasks, in this process or in several; the bytes are the same.

Worker processes are born of a small server process (multiprocessing's `forkserver`) that has loaded the rules and
nothing else. A plain fork would copy whatever threads this process has by now (a bucket's reader has some) in the
middle of what they do; a fresh interpreter for each (`spawn`) would load everything as often as there are workers.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice

from hushmap.judge.cutting import Batch, Ours, Task, Wanted, work, work_ours
from hushmap.model import Knowledge
from hushmap.runs import RunsError

LARGE = 16 * 1024 * 1024
"""Bytes from which it pays to start processes: they need about as long to begin as one needs to judge these."""

_AHEAD = 3
"""Tasks for each worker that were handed out and have not come back: one at work, one waiting, one on its way."""


def batches(
    found: Iterable[Task | Ours], knowledge: Knowledge, wanted: Wanted, *, jobs: int | None = 1
) -> Iterator[Batch]:
    """What the tasks come to, in their order, whichever worker is first.

    Without a number of `jobs` this process does what is small, and of what is large the beginning; the rest is done
    by as many processes as there are processors.

    Raises:
        RunsError: A worker process ended.
    """
    rest = iter(found)
    for task in rest if jobs == 1 else _beginning(rest) if jobs is None else ():
        yield from work_ours(task, knowledge, wanted) if isinstance(task, Ours) else [work(task, knowledge, wanted)]
    more = [*islice(rest, 1)]
    if more:
        yield from _by_many(chain(more, rest), knowledge, wanted, jobs or _processors())


def _processors() -> int:
    """Those that this process may use; all, where the system does not tell (macOS)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _beginning(found: Iterable[Task | Ours]) -> Iterator[Task | Ours]:
    """Tasks of `LARGE` bytes together."""
    size = 0
    for task in found:
        yield task
        size += task.weight
        if size >= LARGE:
            return


def _by_many(found: Iterable[Task | Ours], knowledge: Knowledge, wanted: Wanted, jobs: int) -> Iterator[Batch]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(knowledge, wanted))
    try:
        yield from _in_order(pool, found, knowledge, wanted, jobs * _AHEAD)
    except BrokenProcessPool:
        what = "a worker process was ended from outside, perhaps because memory ran out"
        raise RunsError("judge", what, "judge again with fewer: --jobs 1") from None
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, found: Iterable[Task | Ours], knowledge: Knowledge, wanted: Wanted, most: int
) -> Iterator[Batch]:
    under_way: deque[Future[Batch]] = deque()
    for task in found:
        if isinstance(task, Ours):
            while under_way:
                yield under_way.popleft().result()
            yield from work_ours(task, knowledge, wanted)
            continue
        under_way.append(pool.submit(_work, task))
        while len(under_way) >= most or (under_way and under_way[0].done()):
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


_told: tuple[Knowledge, Wanted] | None = None
"""What this worker process judges with."""


def _begin(knowledge: Knowledge, wanted: Wanted) -> None:
    """Begin as a worker: whoever presses Ctrl-C means the process that they started, which ends its workers."""
    global _told  # noqa: PLW0603 (a worker's initializer has no other place to leave it)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _told = (knowledge, wanted)


def _end_with_parent() -> None:
    """End when the process that gives the tasks is gone, however it went: a killed one tells nobody."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(task: Task) -> Batch:
    assert _told is not None
    return work(task, *_told)
