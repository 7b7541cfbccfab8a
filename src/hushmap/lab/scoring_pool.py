"""Several labs side by side, each with its own link; bounded, and all of them ended by Ctrl-C.

Threads are enough: each only waits for processes of its own.
"""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence

from hushmap.lab.scoring_cell import Result
from hushmap.lab.scoring_labels import Cell

Run = Callable[[Cell, threading.Event], Result]


def side_by_side(cells: Sequence[Cell], jobs: int, run: Run) -> Iterator[Result]:
    """Results as they come, at most `jobs` cells at once; ends every lab before it lets an exception through.

    Raises:
        LabRefusedError: This system refuses the lab.
    """
    waiting: queue.SimpleQueue[Cell] = queue.SimpleQueue()
    for cell in cells:
        waiting.put(cell)
    done: queue.SimpleQueue[Result | BaseException] = queue.SimpleQueue()
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            try:
                cell = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put(run(cell, stop))
            except BaseException as fault:  # noqa: BLE001 (told to the caller's thread, which raises it)
                done.put(fault)
                return

    threads = [threading.Thread(target=work, name=f"lab {number}") for number in range(min(jobs, len(cells)))]
    for thread in threads:
        thread.start()
    try:
        for _ in cells:
            yield _value(done.get())
    finally:
        stop.set()
        _joined(threads)


def _value(got: Result | BaseException) -> Result:
    if isinstance(got, BaseException):
        raise got
    return got


def _joined(threads: Sequence[threading.Thread]) -> None:
    """Wait for every lab to be torn down; a second Ctrl-C does not leave one behind."""
    for thread in threads:
        while thread.is_alive():
            try:
                thread.join()
            except KeyboardInterrupt:
                continue
