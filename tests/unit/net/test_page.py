"""What is kept of a response; how it comes over a socket is tests/unit/net/test_fetch.py."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.net.mask import Own
from hushmap.net.page import Curve, page_of, reduced
from hushmap.wire import http as wire_http
from hushmap.wire import url as wire_url

KEY = b"key of the test"
BASE = wire_url.parse("http://www.a.example/start")


def test_a_long_curve_is_thinned_and_keeps_its_end():
    """Never more than 64 points, whatever comes; the last is the total."""
    curve = Curve(2.0)
    for number in range(1000):
        curve.add(3, 2.0 + number)
    assert 32 <= len(curve.points) <= 64
    assert curve.points[-1] == (999.0, 3000)


@given(st.lists(st.integers(1, 1500), max_size=700))
def test_every_curve_is_bounded_and_holds_its_ends(sizes):
    """At most 64 points that rise in time and bytes; the first and the last arrival are among them."""
    curve = Curve(5.0)
    for at, size in enumerate(sizes):
        curve.add(size, 5.0 + at)
    points = curve.points
    assert len(points) <= 64
    assert list(points) == sorted(set(points))
    if sizes:
        assert points[0] == (0.0, sizes[0])
        assert points[-1] == (len(sizes) - 1.0, sum(sizes))


@given(st.integers(64, 5000))
def test_the_points_lie_evenly_over_the_whole_transfer(count):
    """No stretch of a long transfer has fewer points than another: all gaps are equal but the last."""
    curve = Curve(0.0)
    for at in range(count):
        curve.add(1, float(at))
    gaps = {int(later - sooner) for (sooner, _), (later, _) in pairwise(curve.points[:-1])}
    assert len(gaps) == 1
    assert len(curve.points) > 32


def test_before_a_header_came_there_is_no_page():
    """A response of which nothing can be said has no facts; one that ends in mid-body is truncated."""
    reader = wire_http.ResponseReader()
    assert page_of(reader, BASE, valid=None, keep_body=True, own=Own(), key=KEY) is None
    reader.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
    reader.eof()
    page = page_of(reader, BASE, valid=None, keep_body=True, own=Own(), key=KEY)
    assert page is not None
    assert (page.status, page.truncated, page.body, page.location, page.server) == (200, True, "half", None, None)


REDUCED = [
    ("/next?q=word", "/next?q=word"),
    ("https://a.example/x?q=word", "https://a.example/x?q=word"),
    ("https://m.a.example/?q=word", "https://m.a.example/?q=word"),
    ("https://other.example/plain", "https://other.example/plain"),
    ("http://[broken?q=1", "http://[broken?q=1"),
]


@pytest.mark.parametrize(("location", "kept"), REDUCED)
def test_a_location_on_the_site_or_without_a_query_stays(location, kept):
    """Redirects of the site itself are followed as they are."""
    assert reduced(BASE, location, Own(), KEY) == kept


@pytest.mark.parametrize("location", ["http://block.example/n?url=www.a.example&id=77#top", "ftp://x.example/?id=77"])
def test_the_query_of_a_redirect_elsewhere_is_length_and_keyed_hash(location):
    """A block page's host gets subscriber numbers in it: their length stays, they do not."""
    kept = reduced(BASE, location, Own(), KEY)
    assert "77" not in kept.partition("?")[0]
    assert "id=77" not in kept
    assert f"masked={len(location.partition('?')[2].partition('#')[0])}-" in kept
    assert kept == reduced(BASE, location, Own(), KEY)
    assert kept != reduced(BASE, location, Own(), b"another key")
