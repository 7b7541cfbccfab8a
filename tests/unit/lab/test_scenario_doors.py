"""The doors of a scenario."""

import pytest

from hushmap.lab.scenario import ScenarioError, parse_scenario
from hushmap.lab.scenario_doors import Door, door_faults


def test_doors_are_checked():
    """An address that is none, and a place that stands twice."""
    one = Door(address="192.0.2.1", port=80)
    assert door_faults([one, Door(address="192.0.2.1", port=81)]) == []
    assert door_faults([one, one]) == ["[[door]] 192.0.2.1 port 80: stands twice"]
    assert door_faults([Door(address="here", port=80)]) == ["[[door]] 1: here is no IP address"]


def test_a_scenario_tells_them():
    """With its file; a port is a number that a port can have."""
    head = 'name = "x"\n[[door]]\naddress = "192.0.2.1"\n'
    assert parse_scenario(head + "port = 80\n").door == (Door(address="192.0.2.1", port=80),)
    for wrong in (
        "port = 0\n",
        "port = 80\nsays = 'smtp'\n",
        "port = 80\n[[door]]\naddress = '192.0.2.1'\nport = 80\n",
    ):
        with pytest.raises(ScenarioError, match="door"):
            parse_scenario(head + wrong)
