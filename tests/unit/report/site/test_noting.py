"""What was left out is told to readers, with its number."""

from hushmap.archive import Tables, connect
from hushmap.report.site.noting import notes
from hushmap.report.words import Words
from unit.report.site.rows import Held, tables_of, verdict


def test_nothing_left_out_is_nothing_said():
    """And what was is counted."""
    with tables_of([verdict(day=14)]) as tables:
        assert [*notes(tables, 0, Words("en"))] == []
        assert [*notes(tables, 2, Words("en"))] == [
            "2 lines of the input could not be read, and are in no number.",
        ]
    held = Held(verdicts=[verdict(day=14)], records=[{"record": "r1", "voids": 2}, {"record": "r2"}])
    with Tables(connect(), [held]) as tables:
        (said,) = notes(tables, 0, Words("en"))
    assert said.startswith("2 attempts were found void afterwards")
