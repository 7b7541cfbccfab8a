"""Change points are found by counts alone."""

from hushmap.analysis.levels import change_points


def test_change_points_are_found_without_a_date():
    """Where the level changes; none in a flat or empty or short series; gaps do not move them."""
    assert change_points([1] * 50 + [40] * 50) == (50,)
    assert change_points([1] * 50 + [None] * 10 + [40] * 50) == (60,)
    assert change_points([0] * 100) == ()
    assert change_points([1, 9, 1]) == ()
