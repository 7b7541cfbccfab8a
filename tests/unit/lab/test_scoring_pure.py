"""Cells without a kernel, in processes of their own."""

from hushmap.lab import scoring_pure
from hushmap.lab.scoring_plan import Wish, plan
from hushmap.lab.scoring_pure import pure_cells

CELL = plan(Wish(scenarios=("networks/open",), only="news-one"))[0]


def test_a_cell_is_measured_in_another_process():
    """With the same rows as a lab's."""
    with pure_cells(1) as measure:
        found = measure(CELL)
    assert (found.label, found.error) == ("networks/open clean seed 1", "")
    assert [(row.target, row.said) for row in found.rows] == [("https://news-one.example/", "ok")]


def test_ctrl_c_is_for_whoever_gave_the_cells(monkeypatch):
    """A worker does not hear it."""
    heard = []
    monkeypatch.setattr(scoring_pure.signal, "signal", lambda *words: heard.append(words))
    scoring_pure._begin()
    assert heard == [(scoring_pure.signal.SIGINT, scoring_pure.signal.SIG_IGN)]
