"""Tables -> an explorer."""

from hushmap.archive import Folder, Tables, connect
from hushmap.archive.opening import Stored
from hushmap.report.explore.keeping import FILE
from hushmap.report.explore.opening import explorer
from hushmap.report.site.book import About
from unit.archive.kept import add, line


def _opened(place, told):
    with Tables(connect(), [Stored(place)]) as opened:
        found = explorer(opened, About(title="x"), place=place, say=told.append)
        found.keep()
        return found


def test_an_archive_is_read_once_and_what_was_read_is_kept(tmp_path):
    """The second time nothing is read, and nobody is told to wait."""
    file = tmp_path / "one.jsonl"
    file.write_bytes(line("a.example"))
    add(tmp_path / "archive", file)
    place, told = Folder(tmp_path / "archive"), []
    first = _opened(place, told)
    assert len(told) == 1
    assert place.read(FILE) is not None
    second = _opened(place, told)
    assert len(told) == 1
    assert second.counting.columns.targets == first.counting.columns.targets
