"""What the pages of the explorer are made of."""

import msgspec

from hushmap.report.explore.exploring import SCHEMA, Explored, Page
from hushmap.report.explore.narrowing import Narrowing
from hushmap.report.explore.wanted import Wanted, wanted
from unit.report.explore.explored import made


def test_changes_stand_beside_all_measurements_only():
    """What was seen to change in all of them would not be true of a part."""
    opened = made()
    meant = Narrowing(targets=[0, 1], networks=[0, 1], days=True)
    assert opened.changes() is opened.changes()
    assert opened.book(Wanted(), meant).incidents == opened.changes().incidents
    assert opened.book(wanted([("since", "2026-11-02")]), meant).incidents == ()


def test_a_page_is_for_people_and_for_programs():
    """Of the same values; the JSON says what it is."""
    opened = made()
    making = opened.making(opened.book(Wanted(), Narrowing(targets=[], networks=[])), Explored())
    page = Page(path="x", template="nothing", making=making, values={"heading": "H", "why": "W"}, told={"error": "W"})
    assert msgspec.json.decode(page.json) == {"schema": SCHEMA, "error": "W"}
    assert b"<h1>H</h1>" in page.rendered()


def test_records_are_had_where_somebody_finds_them():
    """Without anybody there are none."""
    assert made().entries(["r1"]) == {}
    assert made(find=lambda ids: dict.fromkeys(ids, 1)).entries(["r1"]) == {"r1": 1}
