"""All files of a site."""

from hushmap.report.site.building import build
from unit.report.site.books import making


def test_equal_input_makes_equal_bytes():
    """Nothing of the day or of chance is in a page, and no path comes twice."""
    first = [*build(making())]
    assert first == [*build(making())]
    assert len({path for path, _ in first}) == len(first)
    assert {"index.html", "style.css"} <= {path for path, _ in first}
