"""Two measurements side by side."""

from datetime import date

from hushmap.report.explore.comparing import facts_of, steps_of
from hushmap.report.explore.measuring import measured
from hushmap.report.words import Words
from unit.archive.verdicts import table
from unit.report.explore.explored import tables

STEP = {"day": date(2026, 11, 2), "trial": 1, "side": "here", "role": "subject"}


def _two():
    rows = (
        {"record": "r2", "n": 0, "t0": 0.1, "step": "connect"},
        {"record": "r2", "n": 1, "t0": 0.2, "step": "handshake", "failure": "reset"},
        {"record": "r3", "n": 0, "t0": 0.1, "step": "connect"},
        {"record": "r3", "n": 1, "t0": 0.2, "step": "handshake"},
        {"record": "r3", "n": 2, "t0": 0.3, "step": "fetch", "status": 200},
    )
    opened = tables(steps=table("steps", *(STEP | one for one in rows)))
    return measured(opened, "r2"), measured(opened, "r3")


def test_what_differs_is_marked():
    """In the order of the first; what only one says differs."""
    first, second = _two()
    told = {one.words: (one.first, one.second, one.differs) for one in facts_of(first, second, Words("en"))}
    assert told["Started (UTC)"] == ("2026-11-02T08:30:00Z", "2026-11-02T09:30:00Z", True)
    assert told["Network"][2] is False
    assert told["Label of the run"] == ("group", "", True)
    assert facts_of(second, first, Words("en"))[-1].words == "Label of the run"


def test_steps_of_a_kind_stand_beside_each_other():
    """A step that only one has stands alone."""
    first, second = _two()
    connect, handshake, fetch = steps_of(first, second, Words("en"))
    assert not connect.differs
    assert (handshake.first.answer, handshake.second.answer, handshake.differs) == ("reset", "worked", True)
    assert (fetch.first, fetch.differs) == (None, True)
    assert steps_of(second, first, Words("en"))[2].second is None
