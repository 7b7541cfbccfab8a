"""Tests of hushmap.wire.echo."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.wire import echo, http


@given(st.binary())
def test_what_is_said_back_is_what_came(came):
    """As bytes and as text, and nothing of it can be read in the answer."""
    body = echo.answer(came)
    assert echo.said(body) == echo.said(body.decode()) == came


def test_no_name_can_be_seen_in_an_answer():
    """A filter that looks for a host's name does not find it."""
    assert b"blocked.example" not in echo.answer(b"GET / HTTP/1.1\r\nHost: blocked.example\r\n\r\n")


@pytest.mark.parametrize("body", ["<html>", b"\xff", "好", "a", "YQ==\n", b"YQ"])
def test_another_page_is_none_of_the_echo(body):
    """Whatever is not base64 was not written by it."""
    assert echo.said(body) is None


@given(st.binary() | st.text())
def test_any_body_is_taken(body):
    """Nothing raises."""
    assert echo.said(body) is None or isinstance(echo.said(body), bytes)


REQUEST = b"POST /a HTTP/1.1\r\nHost: a\r\n"


@given(st.sampled_from([
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/1.0\n\n", b"no request\r\n\r\n", b"\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    REQUEST + b"Content-Length: 4\r\n\r\nbody", REQUEST + b"Content-Length: x\n\r\nbody",
    REQUEST + b"Transfer-Encoding: Chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", REQUEST + b"\r",
]), st.data())  # fmt: skip
def test_a_request_in_pieces_is_whole_when_it_is_whole_at_once(came, data):
    """Cut anywhere, it is found with the very byte with which it would be found if all were read anew."""
    at, coming = 0, echo.Coming()
    while at < len(came):
        size = data.draw(st.integers(1, 9))
        seen, whole = coming.feed(came[at : at + size]), http.parse_request(came[: at + size])
        at += size
        assert bytes(coming.came) == came[:at]
        assert (seen is not None) == (whole is not None and whole.complete)
        if seen is not None:
            assert (seen.method, seen.target, seen.headers) == (whole.method, whole.target, whole.headers)
            return


@pytest.mark.parametrize("body", [b"", b"Content-Length: 3000\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_a_request_byte_by_byte_is_read_once(monkeypatch, body):
    """However many pieces it comes in: what is read anew with each would keep a server busy."""
    reads, parse = [], http.parse_request
    monkeypatch.setattr(http, "parse_request", lambda data: (reads.append(len(data)), parse(data))[1])
    coming, head = echo.Coming(), REQUEST + b"a:\r\n" * 5000 + body + b"\r\n"
    assert all(coming.feed(head[at : at + 1]) is None for at in range(len(head) - 1))
    assert reads == []
    coming.feed(head[-1:])
    assert sum(coming.feed(b"x") is not None for _ in range(3000)) == body.startswith(b"Content")
    assert reads == [len(head)]


def answered(target, method="GET"):
    """The pieces of the echo's answer to a request."""
    came = f"{method} {target} HTTP/1.1\r\nHost: a.example\r\n\r\n".encode()
    return echo.http_answer(http.parse_request(came), came)


@given(st.binary(min_size=1, max_size=300), st.sampled_from(echo.CHARSETS))
def test_a_word_is_said_in_clear_that_was_told_in_base64(word, charset):
    """In text of its charset; its end comes in a piece of its own."""
    path = echo.say_path(word, charset)
    assert echo.to_say(path) == (word, charset)
    first, end = answered(path)
    reader = http.ResponseReader()
    reader.feed(first)
    assert not reader.complete
    reader.feed(end)
    assert (reader.complete, reader.body) == (True, word + echo.END)
    assert reader.header("content-type") == f"text/plain; charset={charset}"


def test_every_answer_is_text_that_no_browser_runs():
    """Whatever is asked; a refusal and a download too."""
    for pieces in (answered("/word"), answered(echo.say_path(b"<script>")), (echo.refusal(429),)):
        reader = http.ResponseReader()
        reader.feed(b"".join(pieces))
        names = dict(reader.headers)
        assert names["content-type"].startswith("text/plain")
        assert names["x-content-type-options"] == "nosniff"
        assert "sandbox" in names["content-security-policy"]
    assert b"\r\nContent-Length: 70000\r\n" in echo.download_head(70_000)


def test_only_get_has_the_echo_say_something():
    """Another method is said back as any request; HEAD without a body."""
    path = echo.say_path(b"word")
    assert echo.said(answered(path, "POST")[0].partition(b"\r\n\r\n")[2]).startswith(b"POST ")
    assert answered(path, "HEAD")[0].endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/hushmap-say/utf-8/",
        "/hushmap-say/utf-8/YQ",
        "/hushmap-say/latin-1/YQ==",
        "/hushmap-say/utf-8/Y+==",
        "/hushmap-say/utf-8/YQ==?",
        "/hushmap-say/utf-8/" + "QUFB" * 6000,
    ],
)
def test_a_target_that_is_not_to_the_letter_says_nothing(target):
    """It is echoed as any other."""
    assert echo.to_say(target) is None
    assert len(answered(target)) == 1


@pytest.mark.parametrize(
    ("word", "charset"), [(b"", "utf-8"), (b"a" * (echo.SAID_LIMIT + 1), "utf-8"), (b"a", "big5")]
)
def test_what_the_echo_cannot_say_is_refused(word, charset):
    """Nothing, too much, or in a charset that it does not know."""
    with pytest.raises(ValueError, match="the echo says"):
        echo.say_path(word, charset)


@given(st.binary(min_size=1, max_size=300))
def test_a_bare_echo_says_a_word_or_hushes_it(word):
    """In clear what was told in base64, in base64 what was told in clear; nothing until it has come whole."""
    for told, pieces in (
        (echo.tcp_say(word), (word, echo.END)),
        (echo.tcp_hush(word), (echo.answer(word) + echo.END,)),
    ):
        assert echo.tcp_answer(told) == pieces
        assert echo.tcp_answer(told + b"more") == pieces
        for at in range(len(told)):
            assert echo.tcp_answer(told[:at]) is None


@pytest.mark.parametrize(
    "came",
    [
        b"GET / HTTP/1.1\r\n",
        b"\0",
        b"hushmap-echo shout YQ==\r\n",
        b"hushmap-echo say \r\n",
        b"hushmap-echo say YQ=\r\n",
        b"hushmap-echo say YQ==\n",
        b"hushmap-echo hush 1234567\r\n",
        b"hushmap-echo say " + b"QUFB" * 6000 + b"\r\n",
        b"hushmap-echo say " + b"QUFB" * 9000,
    ],
)
def test_another_first_line_is_none_of_the_echos(came):
    """All that comes then goes back as it is."""
    assert echo.tcp_answer(came) == ()


@given(st.binary(max_size=60).map(b"hushmap-echo ".__add__) | st.binary(max_size=60), st.binary(max_size=20))
def test_any_bytes_are_taken_and_no_verdict_is_taken_back(came, more):
    """Nothing raises; once an answer is known, what follows does not change it."""
    found = echo.tcp_answer(came)
    if found is not None:
        assert echo.tcp_answer(came + more) == found


@given(
    st.text(max_size=60).map("/hushmap-say/".__add__)
    | st.text("YQ=-_/utf8+", max_size=30).map("/hushmap-say/utf-8/".__add__)
)
def test_any_target_is_taken(target):
    """A word and its charset, or nothing."""
    found = echo.to_say(target)
    assert found is None or 0 < len(found[0]) <= echo.SAID_LIMIT
