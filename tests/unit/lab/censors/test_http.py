"""Rules on unencrypted requests, as functions."""

from ipaddress import ip_address

import pytest

from hushmap.lab import packet as p
from hushmap.lab.censors.http import BlockPage, HostReset, UrlReset
from hushmap.lab.censors.rule import SETTLED, Flow

C, S = ip_address("198.18.0.2").packed, ip_address("198.51.100.20").packed
HOST = HostReset(["plain.example"], ["kw-host"])
URL = UrlReset(["kw-url"])
PAGE = BlockPage(["noticed.example"], [], page=b"<title>No</title>")


def request(host="fine.example", target="/"):
    """A request as a client sends it."""
    return f"GET {target} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n\r\n".encode()


def feed(rule, data, *, pieces=1, port=80):
    """Send the data in so many segments; the rule's answer to each."""
    flow = Flow(C, S, 1, port, 0.0)
    size = -(-len(data) // pieces)
    answers = []
    for start in range(0, len(data), size):
        raw = p.tcp((C, 1), (S, port), seq=100 + start, ack=50, flags=p.ACK, payload=data[start : start + size])
        packet = p.parse(raw)
        flow.feed(packet)
        answers.append(rule.inspect(packet, flow, 0.0))
    return answers


@pytest.mark.parametrize("host", ["plain.example", "www.plain.example", "PLAIN.example:80", "a-kw-host.example"])
@pytest.mark.parametrize("pieces", [1, 4])
def test_a_listed_host_is_reset(host, pieces):
    """By name, parent or word, with or without a port, over several segments."""
    *before, last = feed(HOST, request(host), pieces=pieces)
    assert before == [None] * (pieces - 1)
    assert last.sighting.mechanism == "http.reset.host"
    assert last.drop
    assert last.inject


@pytest.mark.parametrize("target", ["/a/kw-url", "/?q=KW-URL", "/%6bw-url"])
def test_a_word_in_the_target_is_reset(target):
    """In path or query, in any case, percent-encoded too."""
    (action,) = feed(URL, request(target=target))
    assert (action.sighting.mechanism, action.sighting.what) == ("http.reset.url", "kw-url")


def test_a_listed_host_gets_a_notice():
    """The forged response is HTTP that a client reads, and stands in the server's place."""
    (action,) = feed(PAGE, request("noticed.example"))
    page = p.parse(action.inject[0].raw, outward=False)
    assert page.payload.startswith(b"HTTP/1.1 403 ")
    assert page.payload.endswith(b"<title>No</title>")
    assert action.sighting.mechanism == "http.blockpage"


@pytest.mark.parametrize("rule", [HOST, URL, PAGE, HostReset([], []), UrlReset([]), BlockPage([], [], page=b"")])
def test_other_requests_settle(rule):
    """Names and words that are not listed, another port, and the twins."""
    assert feed(rule, request()) == [SETTLED]
    assert feed(rule, request("plain.example", "/kw-url"), port=8080) == [SETTLED]


def test_the_twins_pass_the_very_request():
    """Without a list the blocked request is let pass."""
    blocked = request("plain.example", "/kw-url")
    for twin in (HostReset([], []), UrlReset([]), BlockPage([], [], page=b"")):
        assert feed(twin, blocked) == [SETTLED]


def test_a_word_in_the_host_is_no_word_in_the_target():
    """Each rule looks in its own place."""
    assert feed(URL, request("kw-url.example")) == [SETTLED]
    assert feed(HOST, request(target="/kw-host")) == [SETTLED]


def test_half_a_request_is_waited_for():
    """Nothing is decided before the line, and for the Host the header, is whole."""
    assert feed(URL, b"GET /kw-u") == [None]
    assert feed(HOST, b"GET / HTTP/1.1\r\nHost: plain.exam") == [None]
