"""Ranges in scenarios: found, drawn by name, seed and place, and put in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.lab.scenario import ScenarioError, parse_scenario
from hushmap.lab.scenario_draw import Draw, filled, ranges

TEXT = """
name = "x"
[path]
delay_ms = { from = 10.0, to = 20.0 }
hops = { from = 5, to = 9 }
[[outage]]
from = 3.0
to = 4.0
[[outage]]
from = { from = 5.0, to = 6.0 }
to = 9.0
"""


def test_ranges_are_found_and_an_outage_is_none():
    """An outage has the same two keys; inside it a range may stand."""
    found = [draw.where for draw in parse_scenario(TEXT).draws]
    assert found == [("path", "delay_ms"), ("path", "hops"), ("outage", 1, "from")]


def test_before_it_is_drawn_a_range_has_its_middle():
    """So a scenario that is only read is a whole one."""
    scenario = parse_scenario(TEXT)
    assert (scenario.path.delay_ms, scenario.path.hops, scenario.outage[1].start) == (15.0, 7, 5.5)


@given(st.integers(0, 10_000))
def test_equal_seeds_draw_equal_values_within_their_ranges(seed):
    """Whole numbers stay whole."""
    scenario = parse_scenario(TEXT).drawn(seed)
    assert scenario == parse_scenario(TEXT).drawn(seed)
    assert 10.0 <= scenario.path.delay_ms <= 20.0
    assert scenario.path.hops in range(5, 10)
    assert 5.0 <= scenario.outage[1].start <= 6.0
    assert (scenario.outage[0].start, scenario.draws) == (3.0, ())
    assert scenario.drawn(seed + 1) is scenario, "what was drawn is drawn"


def test_seeds_differ_and_a_plain_scenario_is_itself():
    """Some two of ten seeds draw different values; without ranges nothing is drawn."""
    assert len({parse_scenario(TEXT).drawn(seed).path.delay_ms for seed in range(10)}) > 1
    plain = parse_scenario('name = "x"')
    assert plain.drawn(3) is plain


@pytest.mark.parametrize("bad", ["{ from = 2, to = 1 }", '{ from = "a", to = 2 }', "{ from = true, to = 2 }"])
def test_a_range_is_two_numbers_in_order(bad):
    """Anything else is said with its place."""
    with pytest.raises(ScenarioError, match=r"path\.delay_ms: a range is two numbers"):
        parse_scenario(f'name = "x"\n[path]\ndelay_ms = {bad}\n')


def test_values_go_into_a_copy():
    """What was read stays as it was."""
    table = {"a": [{"b": {"from": 1, "to": 3}}]}
    (draw,) = ranges(table)
    assert filled(table, [(draw, 2)]) == {"a": [{"b": 2}]}
    assert table == {"a": [{"b": {"from": 1, "to": 3}}]}
    assert draw == Draw(where=("a", 0, "b"), start=1, to=3)
