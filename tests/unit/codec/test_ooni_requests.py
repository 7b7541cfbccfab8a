"""Page loads as OONI's requests, by example."""

import msgspec
import pytest

from hushmap.codec.ooni_requests import WITHHELD, fetch_from, request_of
from hushmap.model import Ask, Failure, Fetch, Layer, Page

MARK = {"transaction_id": 70_003, "tags": ("depth=0",)}
URL = "https://news.example/a?b=c"
ASK = Ask(layer=Layer.HTTP, url=URL, headers=(("Accept", "*/*"), ("Accept", "text/html")))
PAGE = Page(
    status=200,
    header_names=("server", "set-cookie", "x-a", "x-a", "location"),
    headers=(("x-a", "1"), ("x-a", "2")),
    server="httpd",
    location="/b",
    title="News",
    body_length=4_711,
    body_sha256="aa",
)


def load(page=PAGE, **more):
    """A page load 70 seconds into the run."""
    return Fetch(**{"t0": 70.0, "t": 70.5, "url": URL, "page": page} | more)


def written(step):
    """The request of a step, after a look that it reads back."""
    entry, events = request_of(step, ASK, "198.51.100.7:443", MARK, 60.0)
    assert msgspec.convert(fetch_from(entry, events, 60.0), Fetch) == step
    return entry


def test_a_page():
    """Every header is there by name, as OONI's probe spells it; a value that was not kept says so."""
    entry = written(load())
    assert entry.response.headers_list == (
        ("Server", "httpd"),
        ("Set-Cookie", WITHHELD),
        ("X-A", "1"),
        ("X-A", "2"),
        ("Location", "/b"),
    )
    assert entry.response.headers == dict(entry.response.headers_list) | {"X-A": "1"}
    assert (entry.response.code, entry.response_length, entry.address) == (200, 4_711, "198.51.100.7:443")


def test_a_body_that_was_not_kept_counts_as_truncated():
    """OONI's readers compare the lengths of whole bodies, and must not take nothing for one."""
    assert (written(load()).response.body, written(load()).response.body_is_truncated) == ("", True)
    empty = Page(status=204)
    assert not written(load(empty)).response.body_is_truncated
    kept = Page(status=200, body="Not available here.", body_length=19)
    assert written(load(kept)).response.body == "Not available here."
    assert not written(load(kept)).response.body_is_truncated
    half = msgspec.structs.replace(kept, truncated=True)
    assert written(load(half)).response.body_is_truncated
    assert written(load(msgspec.structs.replace(kept, body=""))).x_hushmap == {"page": {"body": ""}}


def test_no_page_at_all():
    """What OONI's probe writes where nothing came back; it is no page when it is read."""
    entry = written(load(None, failure=Failure.RESET, detail="errno 104"))
    assert (entry.failure, entry.response.code, entry.response_length) == ("connection_reset", 0, msgspec.UNSET)
    assert entry.x_hushmap == {"detail": "errno 104"}


def test_the_request():
    """The Host header is the URL's unless another was sent; the rest is as it was asked."""
    entry = written(load())
    assert entry.request.headers == {"Host": "news.example", "Accept": "*/*"}
    assert entry.request.headers_list == (("Host", "news.example"), *ASK.headers)
    assert written(load(host="www.example")).request.headers["Host"] == "www.example"
    assert written(load(host="news.example")).x_hushmap["host"] == "news.example"
    assert written(load(url="no URL")).request.headers["Host"] == ""


def test_bytes_as_they_came():
    """Each point of a curve is an event at its own time."""
    step = load(curve=((0.05, 1_448), (0.125, 4_711)))
    entry, events = request_of(step, ASK, "198.51.100.7:443", MARK, 60.0)
    assert [(event.t, event.num_bytes, event.transaction_id) for event in events] == [
        (10.05, 1_448, 70_003),
        (10.125, 4_711, 70_003),
    ]
    assert "curve" not in entry.x_hushmap
    assert msgspec.convert(fetch_from(entry, events, 60.0), Fetch) == step


def test_a_curve_beyond_all_time_has_no_events():
    """It stands under our key alone, where it loses nothing."""
    step = load(t0=1.7e308, curve=((1.7e308, 7),))
    entry, events = request_of(step, ASK, "198.51.100.7:443", MARK, 60.0)
    assert (events, entry.x_hushmap["curve"]) == ([], ((1.7e308, 7),))
    assert msgspec.convert(fetch_from(entry, events, 60.0), Fetch) == step


def test_what_was_tampered_with_is_a_fault():
    """A page that is no object, a time that is no number."""
    entry, events = request_of(load(curve=((0.05, 7),)), ASK, "198.51.100.7:443", MARK, 60.0)
    with pytest.raises(ValueError, match="a page that is no object"):
        fetch_from(msgspec.structs.replace(entry, x_hushmap={"page": 7}), events, 60.0)
    far = msgspec.structs.replace(entry, t0=-1.7e308)
    with pytest.raises(ValueError, match="beyond all time"):
        fetch_from(far, [msgspec.structs.replace(events[0], t=1.7e308)], 60.0)
