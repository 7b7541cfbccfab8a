"""A cycle of the example data with packets between two kernels says what the stored data say of it."""

import threading

import make_example
import pytest

from hushmap.lab.example import load_example
from hushmap.lab.scoring_cell import run_cell


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["iran-2", "isp-resolver-3", "tspu-2"])
def test_a_cycle_with_packets_says_what_is_stored(lab_of, name):
    """The same outcome and mechanisms of every target, by the whole product as a process."""
    example = load_example()
    cell = make_example.cell_of(example, name)
    with lab_of(cell.scenario):
        pass  # skipped where this system refuses the lab
    result = run_cell(cell, None, threading.Event())
    assert result.error == ""
    told = make_example.compared(example, make_example.OUT, name, result)
    assert told["targets"] == len(cell.scenario.expect)
    assert told["differ"] == []
