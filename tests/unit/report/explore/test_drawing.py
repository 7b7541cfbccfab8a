"""The drawing of days."""

import msgspec
import vl_convert

from hushmap.report.explore.drawing import drawing
from hushmap.report.explore.history import days
from hushmap.report.explore.wanted import Wanted
from hushmap.report.words import Words
from unit.report.explore.explored import made


def _drawn(lang="en"):
    page = days(made(lang=lang), Wanted())
    return drawing(page.told["days"], page.values["view"], Words(lang))


def test_the_drawing_has_the_numbers_of_the_table_and_no_zeros():
    """A day that was not measured has no value at all, and a label has its style's colour."""
    spec = _drawn()
    assert sum(value["n"] for value in spec["data"]["values"]) == 7
    assert all(value["n"] for value in spec["data"]["values"])
    assert spec["encoding"]["color"]["scale"]["domain"] == ["Blocked", "Reachable", "Not decided"]
    assert spec["usermeta"]["styles"] == ["blocked", "reachable", "undecided"]


def test_it_is_a_specification_that_can_be_drawn():
    """The library that our script holds takes it; it loads nothing."""
    spec = _drawn("zh")
    spec["encoding"]["color"]["scale"].pop("range")
    assert vl_convert.vegalite_to_vega(msgspec.to_builtins(spec))["marks"]
    assert "url" not in msgspec.json.encode(spec["data"]).decode()
