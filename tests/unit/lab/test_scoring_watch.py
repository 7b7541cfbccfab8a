"""How far a score is."""

from hushmap.lab import scoring_watch
from hushmap.lab.scoring_plan import Wish, plan
from hushmap.lab.scoring_watch import Watch
from scored import FINE, result

CELLS = plan(Wish(scenarios=("innocents-nat64",), seeds=4))


def test_each_end_is_told_with_what_runs_and_what_is_left(monkeypatch):
    """Less after each; nothing is left at the end; what was kept counts as done."""
    now = [0.0]
    monkeypatch.setattr(scoring_watch.time, "monotonic", lambda: now[0])
    told = []
    watch = Watch(CELLS, jobs=2, kept=3, strange=1, of=7, tell=told.append)
    for cell in CELLS[:2]:
        watch.began(cell)
    now[0] = CELLS[0].guess_s
    watch.ended(CELLS[0], result(FINE, seconds=CELLS[0].guess_s))
    for cell in CELLS[2:]:
        watch.began(cell)
    for cell in CELLS[1:]:
        now[0] += 1.0
        watch.ended(cell, result(FINE, seconds=CELLS[0].guess_s))
    assert [one.done for one in told] == [3, 4, 5, 6, 7]
    assert [one.kept for one in told] == [3] * 5
    assert told[1].under_way == (CELLS[1].label,)
    left = [one.left_s for one in told]
    assert left == sorted(left, reverse=True)
    assert left[0] == sum(cell.guess_s for cell in CELLS) / 2
    assert left[-1] == 0.0


def test_labs_that_take_longer_than_guessed_make_the_rest_longer():
    """The longest lab is the least that is left."""
    told = []
    watch = Watch(CELLS, jobs=4, kept=0, strange=0, of=4, tell=told.append)
    watch.began(CELLS[0])
    watch.ended(CELLS[0], result(FINE, seconds=50 * CELLS[0].guess_s))
    assert told[1].left_s > told[0].left_s >= CELLS[0].guess_s
