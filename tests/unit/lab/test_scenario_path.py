"""The path of a scenario: what cannot be true of it."""

import msgspec
import pytest

from hushmap.lab.scenario_path import PathSettings, Router, path_faults


def test_a_plain_path_has_no_fault_and_no_trouble():
    """Nor has one with every trouble."""
    plain = PathSettings()
    assert list(path_faults(plain)) == []
    assert (plain.jitter_ms, plain.down_kbit_s, plain.up_kbit_s, plain.router) == (0.0, 0.0, 0.0, ())
    odd = (Router(hop=2, silent=True), Router(hop=3, other_address=True, icmp_per_s=1.0, icmp_burst=1.0))
    troubled = PathSettings(
        jitter_ms=30.0, reorders=True, down_kbit_s=200.0, up_kbit_s=50.0, queue_ms=50.0, router=odd
    )
    assert list(path_faults(troubled)) == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (PathSettings(hops=31), "hops 1 to 30"),
        (PathSettings(burst=0.5), "burst from 1"),
        (PathSettings(slots_per_s=0.0), "slots_per_s above 0"),
        (PathSettings(reorders=True), "reorders means nothing without jitter_ms"),
        (PathSettings(router=(Router(hop=9),)), "hop 9 is not among the 8 hops"),
        (PathSettings(router=(Router(hop=3), Router(hop=3))), "[[path.router]] 2: hop 3 stands twice"),
        (PathSettings(router=(Router(hop=3, silent=True, icmp_burst=1.0),)), "a silent router has no"),
    ],
)
def test_what_cannot_be_true_is_said(path, words):
    """One line for each, with its table."""
    (fault,) = path_faults(path)
    assert words in fault
    assert fault.startswith("[")


@pytest.mark.parametrize("name", ["jitter_ms", "down_kbit_s", "up_kbit_s", "queue_ms", "icmp_per_s", "icmp_burst"])
def test_no_amount_is_negative(name):
    """The message names it."""
    with pytest.raises(msgspec.ValidationError, match=name):
        msgspec.convert({name: -1.0}, PathSettings)
