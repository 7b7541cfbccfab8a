"""Tests of hushmap.detect.echo."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.detect.echo import END, HEADERS, STATUS, answered, broken_off, echoed, foreign
from hushmap.model import Ask, Connect, Context, Exchange, Failure, Layer, Page, Transport, Trial
from hushmap.wire import echo, http
from trials import CONTEXT, ECHO, NAME, OURS, SITE, loaded, shaken

PLAIN = f"http://{NAME}/"
NAMED = msgspec.structs.replace(CONTEXT, echo=False)
"""A server of one's own without our echo."""


def test_the_mark_is_what_the_echo_sends():
    """The headers are those of wire/echo.py, whose status is 200, and so is what ends a word."""
    (answer,) = echo.http_answer(http.Request(method="GET", target="/"), b"")
    reader = http.ResponseReader()
    reader.feed(answer)
    assert {name for name, _ in reader.headers} >= HEADERS
    assert reader.status == STATUS
    assert END == echo.END


@pytest.mark.parametrize(
    ("page", "ours"),
    [
        (ECHO, True),
        (msgspec.structs.replace(ECHO, header_names=("via", *ECHO.header_names)), True),
        (msgspec.structs.replace(ECHO, status=403), False),
        (Page(status=200, header_names=("content-type",)), False),
        (Page(status=302, location="http://notice.example/"), False),
    ],
)
def test_who_sent_a_page(page, ours):
    """A proxy may add a header; another status, or a page without our headers, is somebody else's."""
    assert echoed(page) is ours
    assert foreign(loaded(1, page, OURS, PLAIN), CONTEXT) is not ours
    assert answered(loaded(1, page, OURS, PLAIN), CONTEXT) is ours
    assert not answered(loaded(1, page, SITE, PLAIN), CONTEXT)


def test_only_a_whole_page_from_our_own_echo_counts():
    """Not one from the site, not a failure, not a handshake, and not where there is no echo."""
    forged = Page(status=403)
    assert foreign(loaded(1, forged, OURS, PLAIN), CONTEXT)
    assert not foreign(loaded(1, forged, OURS, PLAIN), NAMED)
    assert not foreign(loaded(1, forged, SITE, PLAIN), CONTEXT)
    assert not foreign(loaded(1, Failure.RESET, OURS, PLAIN), CONTEXT)
    assert not foreign(loaded(1, Failure.RESET, OURS, PLAIN, at="connect"), CONTEXT)
    assert not answered(loaded(1, Failure.RESET, OURS, PLAIN, at="connect"), CONTEXT)
    assert not foreign(shaken(1, address=OURS), CONTEXT)
    assert not foreign(loaded(1, forged, OURS, PLAIN), Context())
    assert not foreign(loaded(1, forged, OURS, PLAIN), Context(helper="https://th.example/"))


@given(st.binary(min_size=1, max_size=60), st.integers(-3, 3))
def test_a_page_that_should_say_a_word_has_its_length(word, more):
    """Who took the word out, or put something in, is not the echo; a page that broke off is another matter."""
    url = f"http://{NAME}{echo.say_path(word)}"
    page = msgspec.structs.replace(ECHO, body_length=len(word + echo.END) + more)
    assert foreign(loaded(1, page, OURS, url), CONTEXT) is (more != 0)
    assert not foreign(loaded(1, msgspec.structs.replace(page, truncated=True), OURS, url), CONTEXT)


def told(payload, received, failure=None, **more):
    """A word on a bare connection to our echo, and what came back."""
    fields = {"address": OURS, "port": 7, "payload": payload, "dwell": 4.0} | more
    ask = Ask(layer=Layer.RAW, **fields)
    steps = [Connect(t0=0.0, t=0.1, address=ask.address, port=ask.port)]
    if received is not None:
        steps.append(Exchange(t0=0.1, t=0.2, address=ask.address, port=ask.port, failure=failure, received=received))
    return Trial(id=1, ask=ask, steps=tuple(steps))


def seen(trial, context=CONTEXT):
    """Whether an answer is somebody else's, and whether it was broken off."""
    return foreign(trial, context), broken_off(trial, context)


PAYLOADS = [
    echo.tcp_say("敏感".encode()),
    echo.tcp_hush("敏感".encode()),
    b"GET /\xc3\xf4 HTTP/1.1\r\nHost: a.example\r\n\r\n",
]


def whole(payload):
    """What the echo answers."""
    request = http.parse_request(payload)
    return b"".join(echo.tcp_answer(payload) if request is None else echo.http_answer(request, payload))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_answer_of_the_echo_is_known_to_the_byte(payload):
    """Whole it is ours; cut short it was broken off; another is foreign; none, or a failure, is neither."""
    answer = whole(payload)
    assert seen(told(payload, answer)) == (False, False)
    for at in range(1, len(answer)):
        assert seen(told(payload, answer[:at])) == (False, True), at
    for other in (b"HTTP/1.1 403 Forbidden\r\n\r\nblocked", b"HTTP/1.1 302 Found\r\n\r\n", b"blocked", b"\0"):
        assert seen(told(payload, other)) == (True, False)
    assert seen(told(payload, b"")) == (False, False)
    assert seen(told(payload, answer[:5], Failure.RESET)) == (False, False)
    assert seen(told(payload, None)) == (False, False)


def test_a_proxy_may_add_to_a_request_and_to_its_answer():
    """What our echo says back is then longer, and still ours."""
    asked = PAYLOADS[2]
    longer = asked.replace(b"\r\n\r\n", b"\r\nVia: 1.1 proxy\r\n\r\n")
    (answer,) = echo.http_answer(http.parse_request(longer), longer)
    assert seen(told(asked, answer.replace(b"\r\n", b"\r\nVia: 1.1 proxy\r\n", 1))) == (False, False)
    chunked = answer.replace(b"Content-Length: ", b"X-Length: ")
    assert seen(told(asked, chunked)) == (False, False)


@pytest.mark.parametrize(
    ("more", "context"),
    [
        ({"dwell": None}, CONTEXT),
        ({"address": SITE}, CONTEXT),
        ({"transport": Transport.UDP}, CONTEXT),
        ({}, NAMED),
        ({}, Context()),
    ],
)
def test_other_bytes_to_other_servers_may_be_answered_by_anything(more, context):
    """Also odd requests to our own, which have rules of their own."""
    assert seen(told(b"word", b"blocked", **more), context) == (False, False)


@pytest.mark.parametrize("payload", [b"word", b"hushmap-echo say YQ\r\n", b"hushmap-echo shout\r\n"])
def test_what_the_echo_says_to_no_line_of_ours_is_not_known(payload):
    """It then sends back what it gets."""
    assert seen(told(payload, b"anything")) == (False, False)


@given(st.binary(max_size=40), st.binary(max_size=80) | st.binary(max_size=60).map(b"HTTP/1.1 200 OK\r\n".__add__))
def test_any_answer_is_taken(payload, received):
    """And is not both."""
    for sent in (payload, *PAYLOADS):
        assert seen(told(sent, received)) != (True, True)
