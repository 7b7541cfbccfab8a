"""HTTP/1.1 as bytes: each response is fed whole, byte by byte, cut short and with bytes behind it."""

import pytest

from hushmap.model import Failure
from hushmap.wire import http
from hushmap.wire.http import RequestReader, ResponseReader, parse_request, request_bytes, response_bytes

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: x\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
UNTIL_EOF = b"HTTP/1.0 200 OK\r\n\r\nhello"
BARE_LF = b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"


def read(data, *, size=None, eof=False, **options):
    """A reader that was fed `data` in pieces of `size`."""
    reader = ResponseReader(**options)
    for at in range(0, len(data), size or max(1, len(data))):
        reader.feed(data[at : at + (size or len(data))])
    if eof:
        reader.eof()
    return reader


@pytest.mark.parametrize("size", [None, 1, 7])
@pytest.mark.parametrize("behind", [b"", b"HTTP/1.1 500 Other\r\n\r\n", b"\x00garbage"])
@pytest.mark.parametrize("data", [PLAIN, CHUNKED, BARE_LF])
def test_a_whole_response_reads_the_same_however_it_comes(data, behind, size):
    """Whole, byte by byte, or with bytes behind it: status, headers and body are the same."""
    reader = read(data + behind, size=size)
    assert (reader.status, reader.body, reader.complete, reader.truncated) == (200, b"hello", True, False)
    assert reader.failure is None
    assert reader.done


@pytest.mark.parametrize("data", [PLAIN, CHUNKED])
def test_a_response_cut_anywhere_is_an_early_end(data):
    """After any proper prefix the end of the connection is EOF, and a body that had begun is truncated."""
    for end in range(len(data)):
        reader = read(data[:end])
        assert not reader.done
        reader.eof()
        assert reader.failure is Failure.EOF
        assert not reader.complete
        assert reader.truncated == (reader.status is not None)
        assert b"hello".startswith(reader.body)


def test_a_body_without_a_length_ends_with_the_connection():
    """HTTP/1.0 style: the end of the connection completes it."""
    reader = read(UNTIL_EOF)
    assert (reader.status, reader.body, reader.done) == (200, b"hello", False)
    reader.eof()
    assert (reader.complete, reader.failure) == (True, None)


def test_what_comes_after_the_end_changes_nothing():
    """A finished reader ignores more bytes and the end."""
    reader = read(PLAIN, eof=True)
    reader.feed(b"more")
    reader.eof()
    assert (reader.complete, reader.failure, reader.body) == (True, None, b"hello")


def test_headers_come_in_order_with_lower_case_names():
    """Repeated headers stay; values are UTF-8 where they are, else Latin-1."""
    data = b"HTTP/1.1 302 Found\r\nX-A: 1\r\nLocation: /\xe8\xad\xa6\r\nx-a: caf\xe9\r\nContent-Length: 0\r\n\r\n"
    reader = read(data)
    assert reader.headers == [("x-a", "1"), ("location", "/警"), ("x-a", "café"), ("content-length", "0")]
    assert reader.header("location") == "/警"
    assert reader.header("server") is None


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x28\r\n\r\n",
        b"<html>blocked</html>\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
    ],
)
def test_what_is_no_http_is_its_own_failure(data):
    """Another protocol or a broken header is HTTP_INVALID, without a status."""
    reader = read(data)
    assert (reader.failure, reader.status, reader.truncated) == (Failure.HTTP_INVALID, None, False)


def test_a_broken_chunk_keeps_what_came():
    """A fault within the body leaves status and the body so far."""
    reader = read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\nzz\r\n")
    assert (reader.status, reader.body) == (200, b"hel")
    assert (reader.failure, reader.truncated) == (Failure.HTTP_INVALID, True)


@pytest.mark.parametrize("size", [None, 1000])
def test_a_header_beyond_the_bound_is_too_large(size):
    """Also when it comes all at once, and when it would have ended well."""
    data = b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * (2 * http.HEADER_LIMIT) + b"\r\n\r\n"
    reader = read(data, size=size)
    assert (reader.failure, reader.status) == (Failure.HTTP_TOO_LARGE, None)


@pytest.mark.parametrize(
    "said", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"]
)
@pytest.mark.parametrize("size", [None, 1000])
def test_provisional_answers_have_an_end(said, size):
    """A few before the answer are read over; a server that says nothing else is told as a header without end."""
    assert read(said * 20 + PLAIN, size=size).complete
    reader = read(said * 10_000, size=size)
    assert (reader.failure, reader.status, reader.truncated) == (Failure.HTTP_TOO_LARGE, None, False)


@pytest.mark.parametrize("extension", [b"", b";" + b"a" * 500])
def test_framing_that_outweighs_the_body_cuts_it(extension):
    """Chunks of one byte are a body as any other, until there is more around them than in them."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    few = read(head + (b"1" + extension + b"\r\nx\r\n") * 100 + b"0\r\n\r\n", body_limit=100)
    assert (few.complete, few.body, few.truncated) == (True, b"x" * 100, False)
    many = read(head + (b"1" + extension + b"\r\nx\r\n") * 60_000)
    assert (many.complete, many.truncated, many.failure) == (False, True, None)
    assert 200 < len(many.body) < 60_000


@pytest.mark.parametrize("size", [None, 1])
def test_a_body_beyond_the_bound_is_cut(size):
    """At most the bound is kept; a body of exactly the bound is whole."""
    reader = read(PLAIN, size=size, body_limit=4)
    assert (reader.body, reader.truncated, reader.complete, reader.failure) == (b"hell", True, False, None)
    assert read(PLAIN, size=size, body_limit=5).complete


def test_an_answer_to_head_or_connect_has_no_body():
    """The method decides whether a length announces a body."""
    assert read(PLAIN[:-5], method="HEAD").complete
    assert read(PLAIN[:-5], method="CONNECT").complete
    with pytest.raises(ValueError, match="no HTTP method"):
        ResponseReader("BAD METHOD")


def test_informational_responses_are_passed_over():
    """A 100 before the answer is not the answer."""
    assert read(b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN).status == 200


def test_a_request_is_written_exactly():
    """Host first, headers in order and case as given, a length only with a body."""
    assert request_bytes("GET", "/x?y", "a.example", [("User-Agent", "z"), ("X-a", "é")]) == (
        b"GET /x?y HTTP/1.1\r\nHost: a.example\r\nUser-Agent: z\r\nX-a: \xc3\xa9\r\n\r\n"
    )
    assert request_bytes("POST", "/", "a", [], b"hi").endswith(b"Content-Length: 2\r\n\r\nhi")
    assert b"Content-Length" not in request_bytes("POST", "/", "a", [("transfer-encoding", "chunked")], b"0\r\n\r\n")


def test_odd_hosts_and_targets_are_sent_as_they_are():
    """A word in its place is not escaped: the path must see what was asked."""
    assert request_bytes("GET", "/敏感词", "敏感词.example", []) == (
        "GET /敏感词 HTTP/1.1\r\nHost: 敏感词.example\r\n\r\n".encode()
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("G T", "/", "a", []), "no HTTP method"),
        (("", "/", "a", []), "no HTTP method"),
        (("GET", "", "a", []), "no request target"),
        (("GET", "/a b", "a", []), "no request target"),
        (("GET", "/\r\nX: y", "a", []), "no request target"),
        (("GET", "/\x7f", "a", []), "no request target"),
        (("GET", "/", "a\r\nX: y", []), "line break"),
        (("GET", "/", "a", [("host", "b")]), "Host is given by itself"),
        (("GET", "/", "a", [("X y", "b")]), "no header name"),
        (("GET", "/", "a", [("X", "b\nc")]), "line break"),
        (("GET", "/", "a", [("X", "\0")]), "NUL"),
        (("GET", "/\ud800", "a", []), "surrogates"),
    ],
)
def test_what_would_break_out_of_its_place_is_refused(arguments, said):
    """No part can add a header or a second request."""
    with pytest.raises(ValueError, match=said):
        request_bytes(*arguments)


def test_a_response_is_written_with_its_length():
    """The length is added where the headers do not frame the body; 204 and 304 have none."""
    assert response_bytes(200, [("A", "b")], b"xy") == b"HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 2\r\n\r\nxy"
    assert response_bytes(204, []) == b"HTTP/1.1 204 No Content\r\n\r\n"
    assert response_bytes(599, [("content-length", "9")]) == b"HTTP/1.1 599 \r\ncontent-length: 9\r\n\r\n"
    assert read(response_bytes(451, [], b"no")).status == 451
    for status in (100, 1000):
        with pytest.raises(ValueError, match="no final HTTP status"):
            response_bytes(status, [])


POST = b"POST /v1/ask HTTP/1.1\r\nHost: h.example\r\nContent-Length: 2\r\n\r\nhi"


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_server_reads_a_request_however_it_comes(size):
    """Whole or in pieces, with bytes behind it."""
    reader = RequestReader()
    data = POST + b"garbage"
    for at in range(0, len(data), size):
        reader.feed(data[at : at + size])
    request = reader.request
    assert (request.method, request.target, request.version) == ("POST", "/v1/ask", "1.1")
    assert (request.host, request.body, request.complete) == ("h.example", b"hi", True)
    assert request.header("x") is None
    assert (reader.complete, reader.failure) == (True, None)


def test_a_server_sees_a_request_whose_body_has_not_come():
    """The header is there, complete is false; the client leaving then is EOF."""
    reader = RequestReader()
    assert reader.request is None
    reader.feed(POST[:-1])
    assert reader.request.complete is False
    reader.eof()
    assert (reader.failure, reader.truncated) == (Failure.EOF, True)


def test_a_server_bounds_what_it_reads():
    """A long body is cut, a long header and another protocol are failures, a client that says nothing is EOF."""
    cut = RequestReader(body_limit=1)
    cut.feed(POST)
    assert (cut.truncated, cut.complete, cut.body) == (True, False, b"h")
    long = RequestReader()
    long.feed(b"GET / HTTP/1.1\r\nX: " + b"a" * 2 * http.HEADER_LIMIT)
    assert (long.failure, long.truncated) == (Failure.HTTP_TOO_LARGE, False)
    other = RequestReader()
    other.feed(b"\x16\x03\x01\x02\x00\x01\r\n\r\n")
    assert other.failure is Failure.HTTP_INVALID
    silent = RequestReader()
    silent.eof()
    assert (silent.failure, silent.request, silent.done) == (Failure.EOF, None, True)


def test_a_censor_sees_as_much_of_a_request_as_has_come():
    """Nothing before the request line is whole, then header line by header line, then the body."""
    seen = [parse_request(POST[:end]) for end in range(len(POST) + 1)]
    line = POST.index(b"\n") + 1
    assert seen[:line] == [None] * line
    assert seen[line].target == "/v1/ask"
    assert seen[line].host is None
    assert seen[POST.index(b"\n", line) + 1].host == "h.example"
    assert [request.complete for request in seen[line:]] == [False] * (len(POST) - line) + [True]
    assert seen[-1].body == b"hi"
    assert parse_request(POST + b"more") == seen[-1]


@pytest.mark.parametrize(
    ("data", "target", "host"),
    [
        (b"GET / HTTP/1.1\nHost: a.example\n\n", "/", "a.example"),
        (b"get \t /x  HTTP/1.0 \r\nHOST:a.example  \r\n\r\n", "/x", "a.example"),
        (b"GET /a b HTTP/1.1\r\nno colon\r\nHost: x: y\r\n\r\n", "/a b", "x: y"),
        ("GET /敏感词 HTTP/1.1\r\nHost: 敏感词.example\r\n\r\n".encode(), "/敏感词", "敏感词.example"),
        (b"GET /\xff HTTP/1.1\r\nHost: \xe9\r\n\r\n", "/ÿ", "é"),
        (b"GET http://a.example/ HTTP/1.1\r\n\r\n", "http://a.example/", None),
    ],
)
def test_a_censor_reads_odd_requests(data, target, host):
    """Bare line feeds, odd spaces and broken header lines are read over."""
    request = parse_request(data)
    assert (request.target, request.host, request.complete) == (target, host, True)


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/x\r\n", b"\x16\x03\x01\n", b"HTTP/1.1 200 OK\r\n\r\n"],
)
def test_what_is_no_request_is_none(data):
    """Responses, other protocols and fragments are no request."""
    assert parse_request(data) is None


@pytest.mark.parametrize(
    ("header", "body", "complete"),
    [
        (b"Transfer-Encoding: chunked", b"2\r\nhi\r\n0\r\n\r\n", True),
        (b"Transfer-Encoding: chunked", b"2\r\nhi\r\n", False),
        (b"Content-Length: nonsense", b"", True),
        (b"Content-Length: 5", b"hi", False),
    ],
)
def test_a_censor_knows_whether_the_body_is_whole(header, body, complete):
    """By the stated length, or by the last chunk."""
    assert parse_request(b"POST / HTTP/1.1\r\n" + header + b"\r\n\r\n" + body).complete is complete


def test_a_censor_gives_up_on_an_endless_header():
    """Beyond the bound the header has no end; what its whole lines say is still seen."""
    request = parse_request(b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 20_000 + b"\r\n")
    assert (request.host, request.complete) == ("a", False)
