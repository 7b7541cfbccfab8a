"""What is kept of a response."""

from hushmap.lab.pure.pages import Reading
from hushmap.model import Failure
from hushmap.wire import http

HTML = [("Content-Type", "text/html"), ("Server", "lab"), ("Via", "1.1 box")]


def read(data, *, url="https://one.example/", valid=True, keep=True, end=False):
    """A response read in two pieces."""
    reading = Reading("GET", 1.0)
    for piece in (data[:20], data[20:]):
        reading.arrived(len(piece), 1.5)
        reading.feed(piece)
    if end:
        reading.eof()
    return reading, reading.page(url, valid=valid, keep=keep)


def test_the_facts_of_a_page():
    """Status, title, telling headers, and the curve."""
    page = b"<html><title>Hello</title><body>some words of a page</body></html>"
    reading, facts = read(http.response_bytes(200, HTML, page))
    assert reading.done
    assert reading.failure is None
    assert (facts.status, facts.title, facts.server, facts.headers) == (200, "Hello", "lab", (("via", "1.1 box"),))
    assert facts.body is None, "the site's own certificate: no candidate for a notice"
    assert reading.curve[0] == (0.5, 20)


def test_a_body_is_kept_only_of_a_candidate():
    """Plain HTTP, a certificate that does not hold, 403 and 451."""
    page = http.response_bytes(403, HTML, b"no")
    assert read(page)[1].body == "no"
    plain = http.response_bytes(200, HTML, b"yes")
    assert read(plain, url="http://one.example/", valid=None)[1].body == "yes"
    assert read(plain, valid=False)[1].body == "yes"
    assert read(plain, valid=False, keep=False)[1].body is None


def test_a_location_that_leaves_the_site_loses_its_query():
    """Its length and a hash stay."""

    def moved(to):
        return read(http.response_bytes(302, [("Location", to)]))[1].location

    assert moved("https://www.one.example/x?u=1") == "https://www.one.example/x?u=1"
    assert moved("http://portal.example/login?who=me").startswith("http://portal.example/login?masked=6-")
    assert moved("https://[broken/?a") == "https://[broken/?a"


def test_what_is_cut_or_no_http():
    """An end in mid-body, and noise."""
    whole = http.response_bytes(200, HTML, b"x" * 100)
    reading, facts = read(whole[:-50], end=True)
    assert reading.failure is Failure.EOF
    assert facts.truncated
    reading, facts = read(b"\x16\x03\x03 this is no HTTP at all\r\n\r\n")
    assert reading.failure is Failure.HTTP_INVALID
    assert facts is None


def test_a_long_curve_keeps_its_shape():
    """At most 64 points, the last among them."""
    reading = Reading("GET", 0.0)
    for number in range(200):
        reading.arrived(10, float(number))
    assert len(reading.curve) <= 64
    assert reading.curve[-1] == (199.0, 2000)


def test_a_long_download_is_read_up_to_its_own_bound():
    """Past what a page is read to, and no further than asked for."""
    body = http.response_bytes(200, HTML, b"x" * 300_000)
    reading = Reading("GET", 0.0, 256 * 1024)
    for at in range(0, len(body), 1448):
        if not reading.done:
            reading.arrived(1448, at / 1e6)
            reading.feed(body[at : at + 1448])
    facts = reading.page("https://one.example/", valid=True, keep=False)
    assert (facts.body_length, facts.truncated, reading.failure) == (256 * 1024, True, None)
    short = Reading("GET", 0.0, 1000)
    short.feed(http.response_bytes(200, HTML, b"x" * 100)[:-50])
    short.eof()
    assert short.failure is Failure.EOF
