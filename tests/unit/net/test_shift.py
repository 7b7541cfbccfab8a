"""Times moved from one clock to another."""

from hushmap.model import Answer, Connect, Fetch, Resolve
from hushmap.net.shift import shifted


def test_start_end_and_answers_move_together():
    """Every absolute time of a lookup moves, its answers' too."""
    step = Resolve(t0=1, t=2, resolver="system", name="a.example", qtype="A", answers=(Answer(t=1.5),))
    moved = shifted(step, 10)
    assert (moved.t0, moved.t, moved.answers[0].t) == (11, 12, 11.5)


def test_the_curve_counts_from_the_steps_own_start():
    """A byte-arrival curve is relative and stays."""
    moved = shifted(Fetch(t0=1, t=2, url="http://a.example/", curve=((0.5, 10),)), -1)
    assert (moved.t0, moved.t, moved.curve) == (0, 1, ((0.5, 10),))
    assert shifted(Connect(t0=0, t=1, address="192.0.2.1", port=1), 0.5).t == 1.5
