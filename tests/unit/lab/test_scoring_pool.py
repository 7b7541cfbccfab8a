"""Labs side by side."""

import threading

import pytest

from hushmap.lab.lab import LabRefusedError
from hushmap.lab.scoring_cell import Result
from hushmap.lab.scoring_plan import Wish, plan
from hushmap.lab.scoring_pool import side_by_side

CELLS = plan(Wish(scenarios=("demo",), seeds=6))


def result(cell):
    """An empty result of a cell."""
    return Result(label=cell.label, name="x", noise="clean", family="own", twin=False, seed=cell.seed, scale=5.0)


def test_no_more_than_jobs_run_at_once_and_all_are_run():
    """Two really run side by side, never three."""
    lock, meet, running, most = threading.Lock(), threading.Barrier(2), [0], []

    def run(cell, _):
        with lock:
            running[0] += 1
            most.append(running[0])
        meet.wait(10)
        with lock:
            running[0] -= 1
        return result(cell)

    seen = sorted(one.seed for one in side_by_side(CELLS, 2, run))
    assert seen == [1, 2, 3, 4, 5, 6]
    assert max(most) == 2


def test_a_refusal_stops_all_and_is_raised():
    """Nothing further is started, and every thread has ended."""
    started = []

    def run(cell, _):
        started.append(cell)
        raise LabRefusedError("no right")

    with pytest.raises(LabRefusedError, match="no right"):
        list(side_by_side(CELLS, 1, run))
    assert len(started) == 1
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lab ")]


def test_whoever_stops_listening_ends_the_labs():
    """Ctrl-C in the caller tells those under way to stop, and waits until they have."""
    ended = []

    def run(cell, stop):
        if cell.seed == CELLS[0].seed:
            return result(cell)
        assert stop.wait(10)
        ended.append(cell.seed)
        return result(cell)

    results = side_by_side(CELLS, 2, run)
    next(results)
    with pytest.raises(KeyboardInterrupt):
        results.throw(KeyboardInterrupt())
    assert ended
    assert len(ended) <= 2


def test_nothing_to_do_is_nothing():
    """No cells, no threads."""
    assert list(side_by_side([], 2, lambda *_: None)) == []
