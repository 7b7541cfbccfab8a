"""Tasks -> batches in the order of the tasks, in this process or in several; the bytes are the same.

Worker processes are born of a small server process (multiprocessing's `forkserver`) that has loaded the rules and
nothing else. A plain fork would copy whatever threads this process has by now (a bucket's reader has some) in the
middle of what they do; a fresh interpreter for each (`spawn`) would load everything as often as there are workers.
"""

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from hushmap.judge.cutting import Batch, Ours, Task, Wanted, work, work_ours
from hushmap.model import Knowledge
from hushmap.runs import RunsError

_AHEAD = 3
"""Tasks for each worker that were handed out and have not come back: one at work, one waiting, one on its way."""


def batches(found: Iterable[Task | Ours], knowledge: Knowledge, wanted: Wanted, *, jobs: int = 1) -> Iterator[Batch]:
    """What the tasks come to, in their order, whichever worker is first.

    Raises:
        RunsError: A worker process ended.
    """
    if jobs == 1:
        for task in found:
            if isinstance(task, Ours):
                yield from work_ours(task, knowledge, wanted)
            else:
                yield work(task, knowledge, wanted)
        return
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
    _told = (knowledge, wanted)


def _work(task: Task) -> Batch:
    assert _told is not None
    return work(task, *_told)
