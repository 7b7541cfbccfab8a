"""What is asked about words, as values."""

import pytest

from hushmap.model import Calibration, Direction, Place, Rates


def test_only_answers_travel_toward_the_client():
    """Every other place is filled by the client."""
    toward = [place for place in Place if place.direction is Direction.SERVER_TO_CLIENT]
    assert toward == [Place.HTTP_RESPONSE, Place.TCP_ANSWER]


def test_the_old_name_of_a_path_is_read_for_ever():
    """Records and lists of before have it; any other name is none."""
    assert Place("http-url") is Place.HTTP_PATH
    with pytest.raises(ValueError, match="not a valid Place"):
        Place("nowhere")


@pytest.mark.parametrize(("false_hit", "miss"), [(0, 0.1), (0.1, 0), (0.5, 0.5), (0.9, 0.2)])
def test_rates_under_which_a_hit_says_nothing_are_none(false_hit, miss):
    """A method that was given them would go on for ever."""
    with pytest.raises(ValueError, match="sum below 1"):
        Rates(false_hit=false_hit, miss=miss)


def test_words_are_packed_only_where_every_position_fired():
    """A filter that looks only at the beginning would pass what stands behind."""
    good = Calibration(place="http-path", fired=True, separator="-", positions=(3, 3), capacity=200)
    assert good.packs
    assert Rates(false_hit=0.01, miss=0.05).miss == 0.05
    for bad in ({"fired": False}, {"separator": None}, {"positions": (2, 3)}, {"positions": (0, 0)}, {"capacity": 0}):
        fields = {name: getattr(good, name) for name in good.__struct_fields__} | bad
        assert not Calibration(**fields).packs
