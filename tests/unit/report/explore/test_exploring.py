"""What the pages of the explorer are made of."""

from datetime import date

import msgspec

from hushmap.analysis import changes, framed, keep, made_of
from hushmap.archive import Folder
from hushmap.archive.ledger import HEAD, Head, encoded
from hushmap.report.explore import exploring
from hushmap.report.explore.exploring import SCHEMA, Explored, Explorer, Page
from hushmap.report.explore.narrowing import Narrowing
from hushmap.report.explore.wanted import Wanted, wanted
from unit.analysis.courses import course
from unit.report.explore.explored import ROWS, made


def test_changes_stand_beside_all_measurements_only():
    """What was seen to change in all of them would not be true of a part."""
    opened = made()
    meant = Narrowing(targets=[0, 1], networks=[0, 1], days=True)
    assert opened.incidents is opened.incidents
    assert opened.book(Wanted(), meant).incidents == opened.incidents
    assert opened.book(wanted([("since", "2026-11-02")]), meant).incidents == ()


def test_a_page_is_for_people_and_for_programs():
    """Of the same values; the JSON says what it is."""
    opened = made()
    making = opened.making(opened.book(Wanted(), Narrowing(targets=[], networks=[])), Explored())
    page = Page(path="x", template="nothing", making=making, values={"heading": "H", "why": "W"}, told={"error": "W"})
    assert msgspec.json.decode(page.json) == {"schema": SCHEMA, "error": "W"}
    assert b"<h1>H</h1>" in page.rendered()


def test_records_are_had_where_somebody_finds_them():
    """Else they are set out from the tables, without a sentence; what is nowhere is not there."""
    found = made(find=lambda ids: {"r1": 1} if "r1" in ids else {}).entries(["r1", "r2", "nobody"])
    assert found["r1"] == 1
    assert found["r2"].saying.sentence == ""
    assert found.keys() == {"r1", "r2"}
    assert made().entries(["r2"], [date(2026, 11, 1)]) == {}, "it began on another day"


def test_an_archive_has_the_incidents_that_it_keeps(tmp_path, monkeypatch):
    """However many verdicts they are of; where it keeps none, a large one has none, and that is not no change."""
    monkeypatch.setattr(exploring, "FEW", 0)
    place = Folder(tmp_path)
    place.write(HEAD, encoded(Head(schema=1)))
    lone = made(ROWS)
    assert lone.incidents is None
    found = changes(course("." * 60 + "x" * 30)).incidents
    keep(place, framed(found), made_of(place))
    opened = Explorer(lone.tables, lone.counting, lone.about, lone.words, place=place)
    assert opened.incidents == found
