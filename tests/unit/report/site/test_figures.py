"""The pictures of a site: those that show something, and their files."""

import msgspec

from hushmap.report.site.figures import figures, pages
from unit.report.site.books import book, making
from unit.report.site.happened import incidents


def test_a_site_has_the_pictures_that_show_something():
    """Without changes there is no chart of changes, and a map from five countries on."""
    assert list(figures(making())) == [
        "heat",
        "heat-words",
        "labels",
        "labels-words",
        "coverage",
        "grid",
        "grid-words",
    ]
    assert "changes" in figures(making(book=book(incidents=incidents())))


def test_nothing_measured_has_no_pictures():
    """An empty site draws nothing."""
    empty = book(first=None, last=None, networks=(), targets=(), cells={}, days={}, measured={})
    assert figures(making(book=empty)) == {}


def test_files_are_those_of_the_overview_and_of_each_network():
    """Every picture lies in img, light and dark, and as pixels where they are asked for."""
    small = making()
    drawn = figures(small)
    full = msgspec.structs.replace(small, figures={"heat": drawn["heat"]})
    plain = dict(pages(full))
    assert {"img/heat.svg", "img/heat-dark.svg", "img/heat-as64501-xe.svg", "img/heat-as64502-xe-dark.svg"} <= set(
        plain
    )
    assert set(dict(pages(full, png=True))) - set(plain) == {
        path.removesuffix(".svg") + ".png" for path in plain if not path.endswith("-dark.svg")
    }
