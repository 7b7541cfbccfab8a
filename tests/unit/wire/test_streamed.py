"""A message in frames: what is sent, and what is kept of what comes."""

import pytest

from hushmap.model import Failure
from hushmap.wire.http import HEADER_LIMIT
from hushmap.wire.streamed import Message, request_fields

OK = [(b":status", b"200"), (b"Server", b"x"), (b"alt-svc", b"h3")]


def test_a_request_has_its_fields_in_order_and_nothing_of_http_1():
    """Pseudo-headers first, names in lower case, what speaks of a connection is left out."""
    fields = request_fields(
        "GET", "a.example", "/p", [("User-Agent", "x"), ("Connection", "close"), ("Accept", " */* ")]
    )
    assert fields == [
        (b":method", b"GET"),
        (b":scheme", b"https"),
        (b":authority", b"a.example"),
        (b":path", b"/p"),
        (b"user-agent", b"x"),
        (b"accept", b"*/*"),
    ]


def test_a_body_has_a_length_unless_one_is_given():
    """A length is added where the caller gave none."""
    assert request_fields("POST", "a.example", "/", [], body=b"abc")[-1] == (b"content-length", b"3")
    given = request_fields("POST", "a.example", "/", [("Content-Length", "9")], body=b"abc")
    assert [value for name, value in given if name == b"content-length"] == [b"9"]


@pytest.mark.parametrize(
    "parts",
    [("G T", "a", "/", []), ("GET", "a\r\nb", "/", []), ("GET", "a", "/ /", []), ("GET", "a", "/", [("Host", "b")])],
)
def test_what_would_not_be_one_request_is_refused(parts):
    """The rules are those of HTTP/1.1."""
    with pytest.raises(ValueError, match=r"is no|by itself|line break"):
        request_fields(*parts)


def test_a_whole_message_is_complete():
    """Status, headers without pseudo-headers, body; nothing that follows changes it."""
    message = Message()
    message.head(OK)
    message.data(b"ab")
    message.data(b"c")
    message.head([(b"trailer", b"x")])
    message.end()
    message.data(b"more")
    message.fail(Failure.RESET)
    message.end()
    assert (message.status, message.body, message.complete, message.failure) == (200, b"abc", True, None)
    assert message.headers == [("server", "x"), ("alt-svc", "h3")]
    assert (message.header("server"), message.header("via")) == ("x", None)


def test_interim_answers_are_passed_over():
    """103 is followed by the answer itself."""
    message = Message()
    message.head([(b":status", b"103")])
    assert (message.status, message.done) == (None, False)
    message.head(OK)
    assert message.status == 200


@pytest.mark.parametrize("status", [b"", b"20", b"0200", b"2x0", "\u0662\u0660\u0660".encode(), b"010"])
def test_what_has_no_status_is_no_answer(status):
    """A status is three digits, the first not 0."""
    message = Message()
    message.head([(b":status", status)])
    assert (message.status, message.failure) == (None, Failure.HTTP_INVALID)


def test_a_long_body_is_cut_at_its_bound():
    """What is kept is the bound, and the rest is not awaited."""
    message = Message(body_limit=4)
    message.head(OK)
    message.data(b"abcdef")
    assert (message.body, message.truncated, message.done, message.failure) == (b"abcd", True, True, None)


def test_a_header_beyond_its_bound_is_too_large():
    """Names and values count."""
    message = Message()
    message.head([*OK, (b"x", b"y" * HEADER_LIMIT)])
    assert (message.status, message.failure) == (None, Failure.HTTP_TOO_LARGE)
    message.head(OK)
    assert message.status is None


def test_an_early_end_is_a_failure():
    """Before the header and in the body; a body before its header is no HTTP."""
    early, cut, headless = Message(), Message(), Message()
    early.end()
    cut.head(OK)
    cut.eof()
    headless.data(b"x")
    assert (early.failure, early.truncated) == (Failure.EOF, False)
    assert (cut.failure, cut.truncated, cut.complete) == (Failure.EOF, True, False)
    assert headless.failure is Failure.HTTP_INVALID
