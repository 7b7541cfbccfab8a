"""The chart of changes: intervals both ways, what is provisional hollow, and nothing for what had no onset."""

import msgspec

from hushmap.analysis import Sure
from hushmap.report.site.image import palette
from hushmap.report.site.timeline import INCIDENTS, timeline
from unit.report.site.happened import happened, incidents, unsure
from unit.report.site.test_image import texts


def test_changes_both_ways():
    """Onsets and liftings have their signs; the alternative counts both."""
    figure = timeline(happened())
    told = texts(figure.light)
    assert told.count("▼") == 3
    assert told.count("▲") == 1
    assert "Stopped working: 3. Works again: 1." in figure.alt


def test_a_provisional_change_is_hollow():
    """It is drawn in the colour of the paper; what is confirmed is filled."""
    sure = next(one for one in incidents() if one.lifting is Sure.CONFIRMED)
    paper, accent = f'fill="{palette()["paper"]}" stroke', f'fill="{palette()["accent"]}" stroke'
    filled = timeline(happened(incidents=(sure,))).light.decode()
    hollow = timeline(happened(incidents=(unsure(sure),))).light.decode()
    assert accent in filled
    assert paper not in filled
    assert paper in hollow
    assert accent not in hollow


def test_what_always_failed_is_no_change():
    """Without an onset or lifting that was seen there is nothing to draw."""
    standing = tuple(one for one in incidents() if one.status is Sure.STANDING)
    assert standing
    assert timeline(happened(incidents=standing)) is None


def test_the_earlier_ones_are_counted():
    """A chart holds what a screen does, and says how many it does not."""
    one = next(one for one in incidents() if one.lifting is Sure.CONFIRMED)
    many = tuple(msgspec.structs.replace(one, id=f"{n:012x}") for n in range(INCIDENTS + 1))
    assert any("1 earlier one" in text for text in texts(timeline(happened(incidents=many)).light))
