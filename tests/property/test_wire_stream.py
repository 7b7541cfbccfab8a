"""TLS and HTTP readers on hostile streams: however bytes come, the same value, and never an exception."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from hushmap.model import Failure
from hushmap.wire import http, tls

RECORDISH = st.lists(
    st.builds(
        lambda kind, body: bytes([kind]) + b"\x03\x03" + len(body).to_bytes(2, "big") + body,
        st.integers(19, 25),
        st.binary(max_size=60) | st.binary(max_size=60).map(lambda tail: b"\x01\0\0" + bytes([len(tail)]) + tail),
    ),
    max_size=4,
).map(b"".join)
"""Streams of records with anything in them."""

HEADERISH = st.lists(
    st.sampled_from(
        [
            b"HTTP/1.1 200 OK",
            b"GET / HTTP/1.1",
            b"POST /x HTTP/1.0",
            b"\r\n",
            b"\n",
            b"Host: a",
            b"Content-Length: 3",
            b"Transfer-Encoding: chunked",
            b"Connection: Upgrade",
            b"Upgrade: x",
            b"HTTP/1.1 101 Switching",
            b"HTTP/1.1 100 Continue",
            b"3\r\nabc\r\n",
            b"0\r\n\r\n",
            b"abc",
            b": ",
            b" ",
            b"\xff",
            b"\x00",
        ]
    ),
    max_size=14,
).map(b"".join)
STREAMS = st.binary(max_size=200) | RECORDISH | HEADERISH
CUTS = st.lists(st.integers(0, 200), max_size=6)


def pieces(data, cuts):
    """`data` parted at `cuts`."""
    edges = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    return [data[start:end] for start, end in itertools.pairwise(edges)]


@given(STREAMS)
def test_a_decision_about_a_hello_is_never_taken_back(data):
    """Over all prefixes: "need" until it is decided, and then the same for ever."""
    said = [tls.client_hello_sni(data[:end]) for end in range(len(data) + 1)]
    decided = [value for value in said if value[0] != "need"]
    assert said == [("need", None)] * (len(said) - len(decided)) + decided[:1] * len(decided)
    assert said[0] == ("need", None)


@given(STREAMS)
def test_any_server_bytes_have_an_alert_or_none(data):
    """`alert` and `server_spoke` give a value for any bytes; an alert means that the server spoke or changed cipher."""
    number = tls.alert(data)
    assert number is None or 0 <= number <= 255
    assert isinstance(tls.server_spoke(data), bool)


def facts(reader):
    """What a reader has found, apart from how it came."""
    shown = reader.request if isinstance(reader, http.RequestReader) else (reader.status, tuple(reader.headers))
    return shown, reader.body, reader.complete, reader.truncated, reader.failure


@given(STREAMS, CUTS, st.sampled_from(["GET", "HEAD", "CONNECT"]), st.integers(0, 5))
def test_a_reader_finds_the_same_however_bytes_come(data, cuts, method, limit):
    """Whole or in any pieces, for responses and requests, and it is done after the end of the stream."""
    for make in (
        lambda: http.ResponseReader(method, body_limit=limit),
        lambda: http.RequestReader(body_limit=limit),
    ):
        whole, parted = make(), make()
        whole.feed(data)
        for piece in pieces(data, cuts):
            parted.feed(piece)
        whole.eof()
        parted.eof()
        assert facts(whole) == facts(parted)
        assert whole.done
        assert len(whole.body) <= limit
        assert whole.failure is None or isinstance(whole.failure, Failure)


@given(STREAMS)
def test_a_censor_reads_any_bytes(data):
    """`parse_request` gives a request or None for any bytes."""
    request = http.parse_request(data)
    assert request is None or request.method


TOKENS = st.from_regex(r"[A-Za-z-]{1,10}", fullmatch=True)
VALUES = st.text(
    st.characters(min_codepoint=33, max_codepoint=0xFFFF, exclude_categories=["Cs", "Cc", "Z"]), max_size=10
)
HEADERS = st.lists(st.tuples(TOKENS, VALUES), max_size=4).map(
    lambda pairs: [
        p for p in pairs if p[0].lower() not in {"host", "transfer-encoding", "content-length", "connection"}
    ]
)


@given(TOKENS, VALUES.filter(bool), VALUES, HEADERS, st.binary(max_size=20))
def test_a_request_reads_back_as_it_was_written(method, target, host, headers, body):
    """The lenient reader sees exactly what was asked."""
    request = http.parse_request(http.request_bytes(method, target, host, headers, body))
    assert (request.method, request.target, request.body) == (method, target, body)
    assert (request.complete, request.host) == (True, host)
    assert list(request.headers[1 : 1 + len(headers)]) == [(name.lower(), value) for name, value in headers]


@given(st.sampled_from([200, 302, 403, 451, 599]), HEADERS, st.binary(max_size=50))
def test_a_response_reads_back_as_it_was_written(status, headers, body):
    """Status, headers and body come back."""
    reader = http.ResponseReader()
    reader.feed(http.response_bytes(status, headers, body))
    assert (reader.status, reader.body, reader.complete) == (status, body, True)
    assert reader.headers[:-1] == [(name.lower(), value) for name, value in headers]
