"""What judging knows."""

from hushmap.catalog import fingerprints
from hushmap.cli.knowing import knowledge
from hushmap.runs import store

HEAD = "name,scope,location_found,pattern_type,pattern,expected_countries,source,notes\n"


def test_fetched_and_given_fingerprints_are_known(home):
    """The shipped ones, those on the shelf, and a file that is named; each changes the hash."""
    shipped = knowledge()
    assert shipped == fingerprints()
    row = HEAD + "x.title,nat,title,full,No such page here,,own,\n"
    store("fingerprints", "more.csv", row.encode(), source="x", licence="own", when="2026-11-21T22:33:00Z", rows=1)
    (home / "mine.csv").write_text(row.replace("x.title", "y.title"))
    fetched, given = knowledge(), knowledge((home / "mine.csv",))
    added = [len(one.fingerprints) - len(shipped.fingerprints) for one in (fetched, given)]
    assert added == [1, 2]
    assert len({shipped.sha256, fetched.sha256, given.sha256}) == 3
