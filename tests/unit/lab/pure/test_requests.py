"""What an ask sends."""

from hushmap.lab.pure.requests import request_of, server_of
from hushmap.model import Ask, Layer


def test_where_an_ask_goes():
    """Its own port, the URL's, or TLS's."""
    page = Ask(layer=Layer.HTTP, address="198.51.100.20", url="http://one.example:8080/x")
    assert server_of(page) == ("198.51.100.20", 8080, "one.example")
    assert server_of(Ask(layer=Layer.TLS, address="198.51.100.20", sni="one.example")) == (
        "198.51.100.20", 443, "one.example",
    )  # fmt: skip


def test_a_request_is_the_tools_own():
    """Host, user agent, and the ask's own headers where it has some."""
    page = Ask(layer=Layer.HTTP, address="198.51.100.20", url="http://one.example/x")
    assert request_of(page).startswith(b"GET /x HTTP/1.1\r\nHost: one.example\r\nUser-Agent: hushmap/")
    other = Ask(layer=Layer.HTTP, url="http://one.example/x", host="two.example", headers=(("Cookie", "a"),))
    assert request_of(other) == b"GET /x HTTP/1.1\r\nHost: two.example\r\nCookie: a\r\n\r\n"
    form = request_of(Ask(layer=Layer.HTTP, url="http://one.example/x", method="POST", payload=b"q=a"))
    assert form.startswith(b"POST /x HTTP/1.1\r\n")
    assert form.endswith(b"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\nq=a")
