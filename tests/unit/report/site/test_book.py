"""A site's content as values: what was not measured is not there."""

from hushmap.report.site.book import About, Book


def test_an_empty_book_claims_nothing():
    """Where nothing was measured there is no time, no cell and no incident."""
    book = Book(
        about=About(title="t"), first=None, last=None, networks=(), targets=(), cells={}, days={}, measured={}
    )
    assert not book.cells
    assert not book.incidents
    assert book.about.version == 1
