"""Hosts, addresses, ports and failures of OONI's data."""

import pytest

from hushmap.codec.ooni_places import endpoint, failed, host, name, port_of
from hushmap.model import Failure, is_address
from hushmap.wire import url


@pytest.mark.parametrize("text", ["192.0.2.1", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::", "::ffff:192.0.2.1"])
def test_addresses(text):
    """Both families, in any form that stands for an address."""
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "256.0.0.1",
        "1.2.3",
        "01.2.3.4",
        "1.2.3.4.5",
        "news.example",
        "[::1]",
        ":",
        "x:y",
        "\uff19.9.9.9",
        "[scrubbed]",
    ],
)
def test_no_addresses(text):
    """Names, damaged addresses and what a scrubber left are none."""
    assert not is_address(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("192.0.2.1:443", ("192.0.2.1", 443)),
        ("[2001:db8::1]:80", ("2001:db8::1", 80)),
        ("2001:db8::1:80", ("2001:db8::1", 80)),
        ("[scrubbed]:443", ("scrubbed", 443)),
    ],
)
def test_endpoints(text, found):
    """An address and a port; brackets are taken off."""
    assert endpoint(text, "$.x") == found


@pytest.mark.parametrize(
    "text",
    ["", "192.0.2.1", ":443", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "a:4 43", "a:٤", "[::1:80", "[]:80"],
)
def test_no_endpoints(text):
    """Whatever else is told with its place."""
    with pytest.raises(ValueError, match=r"is no address with a port - at `\$\.rows\[3\]\.address`$"):
        endpoint(text, "$.rows[].address", 3)
    with pytest.raises(ValueError, match=r"- at `\$\.table`$"):
        endpoint(text, "$.table")


def test_ports():
    """A port may be text; what is none is told with its place."""
    assert port_of("443", 0) == 443
    for value in (None, "", "http", 0, -1, 65536, "070"):
        with pytest.raises(ValueError, match=r"is no port - at `\$\.test_keys\.tcp_connect\[2\]\.port`"):
            port_of(value, 2)


@pytest.mark.parametrize(
    "text",
    [
        "http://news.example",
        "https://NEWS.example/path?q=1#x",
        "http://news.example:8080/",
        "http://192.0.2.1/",
        "http://[2001:db8::1]:8080/",
        "HTTP://news.example/",
        "http://a_b.example/",
        "http://xn--e1afmkfd.example/",
        "http://пример.испытание/",
        "http://news.example?x",
        "http://localhost/",
        "http://a.b.c.d.e.f.example/",
    ],
)
def test_a_host_is_what_reading_the_whole_url_gives(text):
    """The short way gives what the long way gives."""
    assert host(text) == url.parse(text).host != ""


@pytest.mark.parametrize(
    "text", ["", "news.example", "ftp://news.example/", "http://", "http://a b/", "http:///x", "//x"]
)
def test_what_has_no_host(text):
    """A strange URL has the host "", and is no error."""
    assert host(text) == ""


def test_names():
    """A name is compared as it goes on the wire; what cannot go there stays as it is."""
    assert name("News.Example.") == "news.example"
    assert name("пример.испытание") == host("http://пример.испытание/") == "xn--e1afmkfd.xn--80akhbyknj4f"
    assert name("a\u3002b") == "a.b"
    assert name("\u200d.example") == "\u200d.example"


def test_failures():
    """A name with its own row needs no detail; all else keeps OONI's words, bounded."""
    assert failed("connection_reset") == (Failure.RESET, None)
    assert failed("timed_out") == (Failure.TIMEOUT, None)
    text = "ssl_error: error:14007086:SSL routines:CONNECT_CR_CERT:certificate verify failed"
    assert failed(text) == (Failure.INVALID_CERTIFICATE, text)
    assert failed("network_error") == (Failure.UNKNOWN, "network_error")
    assert failed("") == (Failure.UNKNOWN, "")
    assert len(failed("x" * 5000)[1]) == 300
